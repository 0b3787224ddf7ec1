/** The routes, drawn by the server: of all numbers, or of those that the search has found. */

import { Refused, text } from "./api.js";
import { one, setText } from "./dom.js";

const MOST = 200; // numbers that are drawn without being asked for

export class Routes {
  /** @param {import("./account.js").Account} account @param {(digits: string) => void} choose */
  constructor(account, choose) {
    this.account = account;
    /** When the next number gets registered, which no request says. */
    this.nextRegistration = Infinity;
    this.picture = one("#routes .picture");
    this.isSearch = false;
    /** @type {number[]} */
    this.ids = [];
    this.all = false;
    this.drawn = "";
    /** @type {Promise<void> | null} */
    this.drawing = null;
    one("#draw-all").addEventListener("click", () => {
      this.all = true;
      this.draw();
    });
    this.picture.addEventListener("click", (event) => {
      const node = event.target instanceof Element && event.target.closest(".node.number");
      if (node) choose((node.getAttribute("data-key") ?? "").replace("number:", ""));
    });
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const now = this.account.now;
    const isOld = ["numbers", "settings"].some((name) => changed.has(name));
    if (!isOld && now < this.nextRegistration) return;
    const times = [...this.account.numbers.values()].map((number) => number.registers_at ?? 0);
    this.nextRegistration = times.reduce((next, time) => (time > now && time < next ? time : next), Infinity);
    this.drawn = "";
    this.draw();
  }

  /** @param {import("./account.js").ExternalNumber[]} found @param {boolean} isSearch */
  showOnly(found, isSearch) {
    this.ids = found.map((number) => number.id);
    this.isSearch = isSearch;
    this.draw();
  }

  get query() {
    if (this.all) return "routes.svg";
    if (this.ids.length > MOST) return null;
    return this.isSearch ? `routes.svg?numbers=${this.ids.join(",")}` : "routes.svg";
  }

  draw() {
    const query = this.query;
    one("#draw-all").hidden = query !== null;
    one("#routes .hint").hidden = query !== null;
    setText(
      one("#routes .hint"),
      `Search for fewer than ${this.ids.length} numbers to see their routes, or draw all.`,
    );
    if (query === null) {
      this.drawn = "";
      this.picture.replaceChildren();
    } else if (query !== this.drawn && !this.drawing) {
      this.drawn = query;
      this.drawing = this.fetch(query).finally(() => {
        this.drawing = null;
        if (this.query !== this.drawn) this.draw();
      });
    }
  }

  /** @param {string} query */
  async fetch(query) {
    try {
      const read = new DOMParser().parseFromString(await text(query), "image/svg+xml");
      if (read.querySelector("parsererror")) throw new Refused(500, "The picture cannot be read.");
      if (this.query === query) this.picture.replaceChildren(document.adoptNode(read.documentElement));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.picture.replaceChildren(`The routes were not drawn: ${error.message}`);
    }
  }
}
