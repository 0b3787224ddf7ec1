/**
 * Requests to the sandbox with its token. The token comes from the address's fragment or from a person, stays
 * in this tab, and goes out in one header alone: never into an address, never into the page's text.
 */

const KEY = "plusofon-token";
const SECONDS = 20;

/** An answer that is no success, with the server's own words. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Take the token out of the address, if it has one. */
export function takeTokenFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given === null) return;
  history.replaceState(null, "", location.pathname);
  keepToken(given);
}

/** @returns {boolean} */
export function hasToken() {
  return sessionStorage.getItem(KEY) !== null;
}

/** @param {string} token */
export function keepToken(token) {
  sessionStorage.setItem(KEY, token.trim());
}

export function forgetToken() {
  sessionStorage.removeItem(KEY);
}

/**
 * One GET to the control plane: the page changes nothing.
 * @param {string} path below `/_sandbox/`
 * @returns {Promise<Response>}
 */
async function get(path) {
  const token = sessionStorage.getItem(KEY) ?? "";
  if (!/^[!-~]+$/.test(token)) throw new Refused(401, "A token is printable ASCII without spaces.");
  const answer = await fetch(`/_sandbox/${path}`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(SECONDS * 1000),
  });
  if (!answer.ok) throw new Refused(answer.status, await reason(answer));
  return answer;
}

/** @param {Response} answer */
async function reason(answer) {
  const text = await answer.text();
  try {
    return String(JSON.parse(text).message);
  } catch {
    return text;
  }
}

/** @param {string} path */
export async function ask(path) {
  return (await get(path)).json();
}

/** @param {string} path */
export async function text(path) {
  return (await get(path)).text();
}
