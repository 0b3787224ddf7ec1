/** SIP accounts, groups, scenarios and call queues, to which numbers can forward; odd entries of the list. */

import { make, one } from "./dom.js";

const MOST = 200;
const HEADINGS = /** @type {Record<string, string>} */ ({
  sip: "SIP accounts",
  group: "Groups",
  scenario: "Scenarios",
  call_queue: "Call queues",
});

export class Lists {
  /** @param {import("./account.js").Account} account */
  constructor(account) {
    this.account = account;
    this.place = one("#lists .targets");
    /** @type {Set<string>} */
    this.closed = new Set();
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (!changed.has("targets") && !changed.has("entries")) return;
    const lists = Object.entries(this.account.targets).map(([kind, targets]) =>
      this.list(kind, HEADINGS[kind] ?? kind, targets.map(inWords)),
    );
    if (this.account.entries.length)
      lists.push(this.list("entries", "Other entries of the list", this.account.entries));
    this.place.replaceChildren(...lists);
  }

  /** @param {string} kind @param {string} heading @param {string[]} lines */
  list(kind, heading, lines) {
    const items = lines.slice(0, MOST).map((line) => make("li", { dir: "auto" }, line));
    const more = lines.length > MOST ? [make("li", {}, `and ${lines.length - MOST} more`)] : [];
    const summary = make("summary", {}, `${heading} (${lines.length})`);
    const list = make(
      "details",
      { "data-kind": kind, open: lines.length > 0 && !this.closed.has(kind) },
      summary,
    );
    list.append(make("ul", {}, ...items, ...more));
    list.addEventListener("toggle", () => {
      if (/** @type {HTMLDetailsElement} */ (list).open) this.closed.delete(kind);
      else if (lines.length) this.closed.add(kind);
    });
    return list;
  }
}

/** @param {any} target */
function inWords(target) {
  return [`${target.id} ${target.name}`, target.number, target.login]
    .filter((part) => part !== null)
    .join(", ");
}
