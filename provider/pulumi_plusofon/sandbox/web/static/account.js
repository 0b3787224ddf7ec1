/** What the page knows of the account: it takes in what the server says is new. Draws nothing. */

/**
 * @typedef {{id: number, type: string, number: string, host: string, port: number | null,
 *   login: string | null,
 *   changed_at: number, registers_at: number | null, forwards_to: string}} ExternalNumber
 * @typedef {{seq: number, time: number, method: string, path: string, operation: string | null,
 *   body: string | null,
 *   status: number | null, fault: string | null, about_id: string | null, about_number: string | null,
 *   about_logins: string[]}} LoggedRequest
 */

const MOST_REQUESTS = 5000;
const LISTS = /** @type {const} */ (["faults", "settings"]);

export class Account {
  after = "";
  /** @type {Map<number, ExternalNumber>} */
  numbers = new Map();
  /** @type {LoggedRequest[]} the oldest first */
  requests = [];
  /** @type {{kind: string, words: string}[]} */
  faults = [];
  /** @type {Record<string, any>} */
  settings = {};
  /** Seconds by which the server's clock is ahead of this one. */
  ahead = 0;

  get now() {
    return Date.now() / 1000 + this.ahead;
  }

  /**
   * Take in an answer, and say what it changed.
   * @param {any} news
   * @returns {Set<string>}
   */
  take(news) {
    const changed = new Set();
    this.ahead = news.now - Date.now() / 1000;
    if (news.whole) {
      this.numbers.clear();
      this.requests = [];
      changed.add("numbers").add("requests");
    }
    for (const name of LISTS) {
      if (!(name in news)) continue;
      this[name] = news[name];
      changed.add(name);
    }
    if (this.takeNumbers(news)) changed.add("numbers");
    if (this.takeRequests(news)) changed.add("requests");
    this.after = news.after;
    return changed;
  }

  /** @param {{numbers: ExternalNumber[], ids?: number[]}} news */
  takeNumbers(news) {
    for (const number of news.numbers) this.numbers.set(number.id, number);
    if (!news.ids) return news.numbers.length > 0;
    const kept = new Set(news.ids);
    for (const id of this.numbers.keys()) if (!kept.has(id)) this.numbers.delete(id);
    return true;
  }

  /** @param {{requests: LoggedRequest[], first_request: number | null}} news */
  takeRequests(news) {
    const before = this.requests;
    const first = news.first_request ?? Infinity;
    const kept = before.length && before[0].seq < first ? before.filter((one) => one.seq >= first) : before;
    if (!news.requests.length) {
      this.requests = kept;
      return kept !== before;
    }
    this.requests = [...kept, ...news.requests].slice(-MOST_REQUESTS);
    return true;
  }
}
