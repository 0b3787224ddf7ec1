/** The external numbers, the search among them, and the facts of the one that is chosen. */

import { make, one, setText } from "./dom.js";
import { Rows } from "./rows.js";
import { isRegistered, registration } from "./times.js";

/** @typedef {import("./account.js").ExternalNumber} ExternalNumber */

export class Numbers {
  /**
   * @param {import("./account.js").Account} account
   * @param {{onChosen: (number: ExternalNumber | null) => void,
   *   onFound: (found: ExternalNumber[], isSearch: boolean) => void}} calls
   */
  constructor(account, calls) {
    this.account = account;
    this.calls = calls;
    /** @type {ExternalNumber | null} */
    this.chosen = null;
    /** @type {Map<ExternalNumber, string>} what is searched, for each number */
    this.texts = new Map();
    this.search = /** @type {HTMLInputElement} */ (one("#search"));
    this.panel = one("#number");
    this.rows = new Rows(one("#numbers"), this.shape());
    this.search.addEventListener("input", () => this.find());
    this.search.addEventListener("keydown", (event) => this.onSearchKey(event));
    one("#leave-number").addEventListener("click", () => this.leave());
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.chosen && !(event.target instanceof HTMLInputElement)) this.leave();
    });
    setInterval(() => this.tick(), 1000);
  }

  /** @returns {import("./rows.js").Shape<ExternalNumber>} */
  shape() {
    return {
      key: (number) => String(number.id),
      columns: [
        ["cell-number", "Number", (number) => number.number],
        ["cell-id", "Id", (number) => String(number.id)],
        ["cell-type", "Type", (number) => number.type],
        ["cell-host", "Host", (number) => `${number.host}${number.port === null ? "" : `:${number.port}`}`],
        ["cell-login", "Login", (number) => number.login ?? ""],
        ["cell-registered", "Registration", (number) => registration(number, this.account.now)],
        ["cell-forwarding", "Forwards to", (number) => number.forwards_to],
      ],
      attributes: (number) => ({
        "data-number": number.number,
        "data-id": String(number.id),
        "data-registered": number.type === "ate" ? String(isRegistered(number, this.account.now)) : "",
      }),
      choose: (number) => this.choose(number),
    };
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (!changed.has("numbers")) return;
    this.texts.clear();
    const chosen = this.chosen && this.account.numbers.get(this.chosen.id);
    if (this.chosen && !chosen) this.leave();
    else if (chosen && chosen !== this.chosen) this.choose(chosen);
    this.find();
  }

  /** Show the numbers that have the text of the search. */
  find() {
    const wanted = compact(this.search.value);
    const all = [...this.account.numbers.values()];
    this.found = wanted ? all.filter((number) => this.text(number).includes(wanted)) : all;
    this.rows.show(this.found);
    const count =
      this.found.length === all.length ? `${all.length}` : `${this.found.length} of ${all.length}`;
    setText(one("#numbers .count"), count);
    setText(one("#numbers .none"), all.length ? "No number has this text." : "No numbers.");
    this.calls.onFound(this.found, wanted !== "");
  }

  /** @param {ExternalNumber} number */
  text(number) {
    const known = this.texts.get(number);
    if (known !== undefined) return known;
    const { id, type, host, login, forwards_to } = number;
    const parts = [number.number, id, type, host, login ?? "", forwards_to];
    const text = parts.map((part) => compact(String(part))).join("\0");
    this.texts.set(number, text);
    return text;
  }

  /** @param {KeyboardEvent} event */
  onSearchKey(event) {
    if (event.key === "Enter" && this.found?.length) {
      this.choose(this.found[0]);
    } else if (event.key === "ArrowDown" && this.found?.length) {
      one("#numbers .list").focus();
      this.rows.moveTo(0);
      event.preventDefault();
    }
  }

  /** @param {ExternalNumber} number */
  choose(number) {
    this.chosen = number;
    this.rows.markChosen(String(number.id));
    this.panel.hidden = false;
    this.panel.dataset.number = number.number;
    setText(one("#number-heading"), `Number ${number.number}`);
    this.showFacts();
    this.calls.onChosen(number);
  }

  /** @param {string} digits */
  chooseByDigits(digits) {
    const number = [...this.account.numbers.values()].find((one) => one.number === digits);
    if (number) this.choose(number);
  }

  leave() {
    this.chosen = null;
    this.panel.hidden = true;
    delete this.panel.dataset.number;
    this.rows.markChosen(null);
    this.calls.onChosen(null);
    if (!one("#numbers .list").hidden) one("#numbers .list").focus();
  }

  showFacts() {
    const number = /** @type {ExternalNumber} */ (this.chosen);
    const facts = this.rows.shape.columns.map(([, heading, text]) => [heading, text(number)]);
    one("#number .facts").replaceChildren(
      ...facts.map(([heading, text]) =>
        make("div", {}, make("dt", {}, heading), make("dd", { dir: "auto" }, text || "-")),
      ),
    );
  }

  /** The ages go on. */
  tick() {
    if (document.hidden || one("#shown").hidden) return;
    this.rows.draw();
    if (this.chosen) this.showFacts();
  }
}

/** A text as it is searched: digits may be written with blanks, a plus and the like. @param {string} text */
function compact(text) {
  return text.toLowerCase().replace(/(?<=^|[\s\d(+)-])[\s()+-]+(?=\d|$)/g, "");
}
