/** Times and ages in a few words, for a person. */

const STEPS = /** @type {const} */ ([
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
]);

/** @param {number} seconds @returns {string} such as "3 h" */
function age(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [unit, word] = STEPS.find(([one]) => whole >= one) ?? [1, "s"];
  return `${Math.floor(whole / unit)} ${word}`;
}

/** @param {number} time seconds since 1970 */
export function clock(time) {
  return new Date(time * 1000).toLocaleTimeString("en-GB");
}

/**
 * Whether an `ate` number is registered, and since when it is or is not.
 * @param {import("./account.js").ExternalNumber} number
 * @param {number} now
 */
export function registration(number, now) {
  if (number.type !== "ate") return "";
  return isRegistered(number, now)
    ? `registered ${age(now - /** @type {number} */ (number.registers_at))}`
    : `not registered ${age(now - number.changed_at)}`;
}

/** @param {import("./account.js").ExternalNumber} number @param {number} now */
export function isRegistered(number, now) {
  return number.registers_at !== null && number.registers_at <= now;
}
