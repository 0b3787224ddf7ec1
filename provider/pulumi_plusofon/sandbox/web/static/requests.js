/** The last requests, the newest first: all of them, or those about one number. */

import { one, setText } from "./dom.js";
import { Rows } from "./rows.js";
import { clock } from "./times.js";

/** @typedef {import("./account.js").LoggedRequest} LoggedRequest */

export class Requests {
  /** @param {import("./account.js").Account} account */
  constructor(account) {
    this.account = account;
    /** @type {import("./account.js").ExternalNumber | null} */
    this.only = null;
    this.body = one("#request-body");
    this.rows = new Rows(one("#requests"), {
      key: (/** @type {LoggedRequest} */ request) => String(request.seq),
      columns: [
        ["cell-time", "Time", (request) => clock(request.time)],
        [
          "cell-status",
          "Status",
          (request) => (request.status === null ? "no answer" : String(request.status)),
        ],
        ["cell-operation", "Operation", (request) => request.operation ?? ""],
        ["cell-path", "Request", (request) => `${request.method} ${request.path}`],
        ["cell-fault", "Fault", (request) => request.fault ?? ""],
      ],
      attributes: (request) => ({
        "data-seq": String(request.seq),
        "data-operation": request.operation ?? "",
        "data-failed": String(request.status === null || request.status >= 400),
        "data-fault": request.fault ?? "",
      }),
      choose: (request) => this.choose(request),
    });
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (changed.has("requests")) this.show();
  }

  /** @param {import("./account.js").ExternalNumber | null} number */
  showOnly(number) {
    this.only = number;
    setText(one("#requests-heading .title"), number ? `Requests about ${number.number}` : "Requests");
    setText(one("#requests .none"), number ? "No requests about this number." : "No requests.");
    this.show();
  }

  show() {
    const only = this.only;
    const all = only
      ? this.account.requests.filter((request) => isAbout(request, only))
      : this.account.requests;
    this.rows.show(all.slice().reverse());
    setText(one("#requests .count"), String(all.length));
    const chosen = this.rows.chosen;
    if (chosen !== null && !all.some((request) => String(request.seq) === chosen)) this.choose(null);
  }

  /** @param {LoggedRequest | null} request */
  choose(request) {
    this.rows.markChosen(request && String(request.seq));
    this.body.hidden = request === null;
    setText(this.body, request ? inWords(request) : "");
  }
}

/** @param {LoggedRequest} request @param {import("./account.js").ExternalNumber} number */
function isAbout(request, number) {
  return (
    request.about_id === String(number.id) ||
    request.about_number === number.number ||
    (number.login !== null && request.about_logins.includes(number.login))
  );
}

/** @param {LoggedRequest} request */
function inWords(request) {
  const answer = request.status === null ? "closed without an answer" : `answered ${request.status}`;
  const fault = request.fault ? ` (fault ${request.fault})` : "";
  return [`${request.method} ${request.path}`, `${answer}${fault}`, indented(request.body)]
    .filter(Boolean)
    .join("\n");
}

/** @param {string | null} body */
function indented(body) {
  if (body === null) return "";
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // a number that is infinite, say
  }
}
