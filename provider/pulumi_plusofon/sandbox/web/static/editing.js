/** The form that changes a number behind the API: its connection, its registration, its forwarding. */

import { ask } from "./api.js";
import { make } from "./dom.js";
import { fieldOf, form, labelled } from "./forms.js";
import { isRegistered } from "./words.js";

const TEXTS = /** @type {const} */ ({
  number: { type: "string" },
  host: { type: "string" },
  port: { type: "integer" },
  login: { type: "string" },
  secret: { type: "string" },
  registered: { type: "boolean" },
});
const ONLY_ATE = ["port", "login", "secret", "registered"];
const NOWHERE = "empty";

export class EditForm {
  /**
   * @param {HTMLElement} place
   * @param {import("./account.js").Account} account
   * @param {() => Promise<void>} refresh
   */
  constructor(place, account, refresh) {
    this.place = place;
    this.account = account;
    this.refresh = refresh;
    /** @type {import("./account.js").ExternalNumber | null} */
    this.number = null;
    /** What the form said when it was filled. @type {Map<string, string>} */
    this.before = new Map();
    this.fields = Object.entries(TEXTS).map(([name, schema]) => fieldOf(name, schema, "edit"));
    this.forwarding = make("fieldset", { id: "edit-forwarding" });
    this.made = form(
      "edit-form",
      [...this.fields.map((field) => field.element), this.forwarding],
      "Save",
      () => this.save(),
    );
    this.made.addEventListener("input", () => (this.isDirty = true));
    place.append(this.made);
  }

  /** @param {import("./account.js").ExternalNumber} number @param {boolean} isAnother */
  show(number, isAnother) {
    this.number = number;
    if (this.isDirty && !isAnother) return;
    this.isDirty = false;
    const values = { ...number, secret: null, registered: isRegistered(number, this.account.now) };
    for (const field of this.fields) {
      field.element.hidden = number.type !== "ate" && ONLY_ATE.includes(field.name);
      field.write(values[/** @type {"host"} */ (field.name)]);
    }
    this.showForwarding(number.forwarding ?? { type: NOWHERE });
    this.before = this.written();
  }

  /** @param {Record<string, any>} forwarding */
  showForwarding(forwarding) {
    const types = this.account.vocabulary.forwarding;
    const isCrm = types[forwarding.type].crm;
    const names = Object.keys(types);
    const choices = {
      type: names,
      ...(isCrm && { type_default: ["", ...names.filter((name) => types[name].fallback)] }),
    };
    const selects = Object.entries(choices).map(([name, values]) => this.choice(name, values, forwarding));
    const targets = [forwarding.type, forwarding.type_default]
      .map((type) => types[type])
      .filter((type) => type?.field);
    const fields = targets.map((type) => this.targetField(type, forwarding[type.field]));
    const shown = types[forwarding.type].field ? [this.choice("cli_type", ["Y", "N"], forwarding)] : [];
    if (isCrm) shown.push(this.choice("cli_type_default", ["", "Y", "N"], forwarding));
    this.forwarding.replaceChildren(make("legend", {}, "Forwarding"), ...selects, ...fields, ...shown);
  }

  /** @param {string} name @param {string[]} values @param {Record<string, any>} forwarding */
  choice(name, values, forwarding) {
    const options = values.map((value) => make("option", { value }, value === "" ? "-" : value));
    const select = /** @type {HTMLSelectElement} */ (
      make("select", { id: `edit-${name}`, name }, ...options)
    );
    select.value = forwarding[name] ?? values[0];
    if (name.startsWith("type")) select.addEventListener("change", () => this.showForwarding(this.given()));
    return labelled(name, select);
  }

  /** @param {{field: string, integer: boolean}} type @param {unknown} value */
  targetField({ field, integer }, value) {
    const kind = integer ? { type: "number", step: "1", min: "1" } : { type: "text" };
    const input = make("input", { id: `edit-${field}`, name: field, autocomplete: "off", ...kind });
    /** @type {HTMLInputElement} */ (input).value = String(value ?? "");
    return labelled(field, input);
  }

  /** The forwarding as the form has it: what is empty is not given. @returns {Record<string, any>} */
  given() {
    const controls = /** @type {NodeListOf<HTMLInputElement>} */ (this.forwarding.querySelectorAll("[name]"));
    const values = [...controls].filter((control) => control.value !== "");
    return Object.fromEntries(
      values.map((control) => [
        control.name,
        control.type === "number" ? Number(control.value) : control.value,
      ]),
    );
  }

  /** All that the form says, as JSON by field: an empty field says nothing. */
  written() {
    const forwarding = this.given();
    const fields = this.fields.filter((field) => !field.element.hidden && field.read() !== null);
    return new Map([
      ...fields.map((field) => /** @type {const} */ ([field.name, JSON.stringify(field.read())])),
      ["forwarding", JSON.stringify(forwarding.type === NOWHERE ? null : forwarding)],
    ]);
  }

  /** Send what a person has changed, and nothing else: the rest may have changed in the account meanwhile. */
  async save() {
    const number = /** @type {import("./account.js").ExternalNumber} */ (this.number);
    const changed = [...this.written()].filter(([name, value]) => this.before.get(name) !== value);
    const body = Object.fromEntries(changed.map(([name, value]) => [name, JSON.parse(value)]));
    await ask("PATCH", `numbers/${number.id}`, body);
    this.isDirty = false;
    await this.refresh();
    this.show(this.account.numbers.get(number.id) ?? number, true);
  }
}
