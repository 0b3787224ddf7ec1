/**
 * A long list of which only what is seen is in the document. All rows have the height that the style sheet
 * says (`--row`). Arrows, Page Up, Page Down, Home and End move the current row; Enter, Space or a click
 * chooses it. A row keeps its element, its id and its `data-` attributes while it is seen.
 */

import { make, ruleFor, setAttribute, setText } from "./dom.js";

const MORE = 6; // rows above and below what is seen
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * @template T
 * @typedef {object} Shape
 * @property {(item: T) => string} key what the item is, among all of the list
 * @property {[string, string, (item: T) => string][]} columns class, heading, text
 * @property {(item: T) => Record<string, string>} attributes of the row
 * @property {(item: T) => void} choose
 */

/** @template T */
export class Rows {
  /** @param {HTMLElement} section with `.columns`, `.list` and `.none` @param {Shape<T>} shape */
  constructor(section, shape) {
    this.section = section;
    this.shape = shape;
    /** @type {T[]} */
    this.items = [];
    /** @type {string | null} */
    this.current = null;
    /** @type {string | null} */
    this.chosen = null;
    /** @type {Map<string, HTMLElement>} */
    this.drawn = new Map();
    /** @type {number | undefined} */
    this.frame = undefined;
    this.list = /** @type {HTMLElement} */ (section.querySelector(".list"));
    this.filler = make("div", { class: "filler", role: "presentation" });
    this.window = make("div", { class: "window", role: "presentation" });
    this.filler.append(this.window);
    this.list.append(this.filler);
    this.heightOf = ruleFor(`#${section.id} .filler`);
    this.placeOf = ruleFor(`#${section.id} .window`);
    section
      .querySelector(".columns")
      ?.append(...shape.columns.map(([name, heading]) => make("span", { class: name }, heading)));
    this.list.addEventListener("scroll", () => this.drawSoon());
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("click", (event) => this.onClick(event));
    new ResizeObserver(() => this.drawSoon()).observe(this.list);
  }

  /** @param {T[]} items */
  show(items) {
    this.items = items;
    const none = this.section.querySelector(".none");
    none?.toggleAttribute("hidden", items.length > 0);
    this.list.toggleAttribute("hidden", items.length === 0);
    this.draw();
  }

  /** @param {string | null} key */
  markChosen(key) {
    this.chosen = key;
    this.draw();
  }

  drawSoon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  get rowHeight() {
    return Number.parseFloat(getComputedStyle(this.list).getPropertyValue("--row"));
  }

  draw() {
    const height = this.rowHeight;
    this.heightOf.height = `${this.items.length * height}px`;
    const first = Math.max(0, Math.floor(this.list.scrollTop / height) - MORE);
    const last = Math.min(
      this.items.length,
      Math.ceil((this.list.scrollTop + this.list.clientHeight) / height) + MORE,
    );
    this.placeOf.transform = `translateY(${first * height}px)`;
    const before = this.drawn;
    this.drawn = new Map();
    for (let place = first; place < last; place += 1) {
      const key = this.shape.key(this.items[place]);
      const row = before.get(key) ?? this.newRow(key);
      this.fill(row, this.items[place], place);
      this.drawn.set(key, row);
    }
    const wanted = [...this.drawn.values()];
    if (
      wanted.length !== this.window.children.length ||
      wanted.some((row, at) => this.window.children[at] !== row)
    ) {
      this.window.replaceChildren(...wanted);
    }
    const current = this.current !== null && this.drawn.get(this.current);
    if (current) this.list.setAttribute("aria-activedescendant", current.id);
    else this.list.removeAttribute("aria-activedescendant");
  }

  /** @param {string} key */
  newRow(key) {
    const cells = this.shape.columns.map(([name]) => make("span", { class: name, dir: "auto" }));
    return make(
      "div",
      { class: "row", role: "option", id: `${this.section.id}-${key}`, "data-key": key },
      ...cells,
    );
  }

  /** @param {HTMLElement} row @param {T} item @param {number} place */
  fill(row, item, place) {
    const key = this.shape.key(item);
    this.shape.columns.forEach(([, , text], at) => setText(row.children[at], text(item)));
    const states = {
      "aria-posinset": String(place + 1),
      "aria-setsize": String(this.items.length),
      "aria-selected": String(key === this.chosen),
      "data-current": String(key === this.current),
    };
    for (const [name, value] of Object.entries({ ...states, ...this.shape.attributes(item) })) {
      setAttribute(row, name, value);
    }
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const row = event.target instanceof Element && event.target.closest(".row");
    const item = row && this.items.find((one) => this.shape.key(one) === row.getAttribute("data-key"));
    if (!item) return;
    this.current = this.shape.key(item);
    this.shape.choose(item);
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const place = this.items.findIndex((item) => this.shape.key(item) === this.current);
    if (event.key === "Enter" || event.key === " ") {
      if (place >= 0) this.shape.choose(this.items[place]);
    } else {
      const next = this.nextPlace(event.key, place);
      if (next === null || !this.items.length) return;
      this.moveTo(Math.min(Math.max(next, 0), this.items.length - 1));
    }
    event.preventDefault();
  }

  /** @param {string} key @param {number} place @returns {number | null} */
  nextPlace(key, place) {
    const page = Math.max(1, Math.floor(this.list.clientHeight / this.rowHeight) - 1);
    const steps = { ...STEPS, PageDown: page, PageUp: -page };
    if (key === "Home") return 0;
    if (key === "End") return this.items.length - 1;
    return key in steps ? place + steps[/** @type {keyof typeof steps} */ (key)] : null;
  }

  /** @param {number} place */
  moveTo(place) {
    this.current = this.shape.key(this.items[place]);
    const top = place * this.rowHeight;
    const seen = this.list.clientHeight - this.rowHeight;
    this.list.scrollTop = Math.min(Math.max(this.list.scrollTop, top - seen), top);
    this.draw();
  }
}
