/** The account's values in a few words, for a person. */

const STEPS = /** @type {const} */ ([
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
]);

/** @param {number} seconds @returns {string} such as "3 h" */
export function age(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [unit, word] = STEPS.find(([one]) => whole >= one) ?? [1, "s"];
  return `${Math.floor(whole / unit)} ${word}`;
}

/** @param {number} time seconds since 1970 */
export function clock(time) {
  return new Date(time * 1000).toLocaleTimeString("en-GB");
}

/**
 * Where calls go, such as "bitrix sales.example, else group Support (9)".
 * @param {Record<string, any> | null} forwarding
 * @param {import("./account.js").Account} account
 */
export function destination(forwarding, account) {
  if (!forwarding) return "nowhere";
  const first = target(forwarding.type, forwarding, account);
  if (forwarding.type_default === undefined) return first;
  return `${first}, else ${target(forwarding.type_default, forwarding, account)}`;
}

/**
 * @param {string} type
 * @param {Record<string, any>} forwarding
 * @param {import("./account.js").Account} account
 */
function target(type, forwarding, account) {
  const field = account.vocabulary.forwarding[type]?.field;
  if (!field) return "nowhere";
  const value = forwarding[field];
  const listed = account.targets[type]?.find((/** @type {any} */ one) => one.id === value);
  return listed ? `${type} ${listed.name} (${value})` : `${type} ${value}`;
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
