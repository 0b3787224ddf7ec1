/** The faults in force, in the server's words. */

import { make, one, setText } from "./dom.js";

export class Faults {
  /** @param {import("./account.js").Account} account */
  constructor(account) {
    this.account = account;
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (!changed.has("faults")) return;
    const faults = this.account.faults;
    const lines = faults.map(({ kind, words }) => make("li", { "data-kind": kind, dir: "auto" }, words));
    one("#faults .orders").replaceChildren(...lines);
    one("#faults .none").hidden = faults.length > 0;
    setText(one("#faults .count"), String(faults.length));
  }
}
