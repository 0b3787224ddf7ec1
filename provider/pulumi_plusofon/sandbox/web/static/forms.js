/** Forms, made of the server's own description of a body (JSON Schema), and how they show a refusal. */

import { Refused } from "./api.js";
import { make, one, setText } from "./dom.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {HTMLElement} element the control with its label
 * @property {() => unknown} read the value; undefined: not given
 * @property {(value: unknown) => void} write
 */

/**
 * Run what may be refused, and show the server's words where it is.
 * @param {HTMLElement} place
 * @param {() => Promise<void>} action
 */
export async function guarded(place, action) {
  setText(place, "");
  try {
    await action();
  } catch (error) {
    if (error instanceof Refused || error instanceof SyntaxError) setText(place, error.message);
    else if (error instanceof Error) setText(place, `The sandbox did not answer: ${error.message}`);
    else throw error;
  }
}

/**
 * A form of fields with a button and a place for a refusal.
 * @param {string} id
 * @param {HTMLElement[]} fields
 * @param {string} button
 * @param {() => Promise<void>} submit
 */
export function form(id, fields, button, submit) {
  const refusal = make("p", { class: "refusal", role: "alert" });
  const send = make("button", { type: "submit" }, button);
  const made = make("form", { id }, ...fields, send, refusal);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.toggleAttribute("disabled", true);
    await guarded(refusal, submit);
    send.toggleAttribute("disabled", false);
  });
  return made;
}

/** @param {string} name @param {any} schema @param {string} id @returns {Field} */
export function fieldOf(name, schema, id) {
  const kinds = schema.anyOf ?? [schema];
  const kind = kinds.find((/** @type {any} */ one) => one.type !== "null") ?? schema;
  const isOptional = kinds.some((/** @type {any} */ one) => one.type === "null");
  const [control, read, write] = CONTROLS[controlOf(kind)](kind, isOptional);
  control.id = `${id}-${name}`;
  control.setAttribute("name", name);
  if ("default" in schema) write(schema.default);
  return { name, element: labelled(name, control), read, write };
}

/** A control, which has an id, below its label. @param {string} label @param {HTMLElement} control */
export function labelled(label, control) {
  return make("div", { class: "field" }, make("label", { for: control.id }, label), control);
}

/** @param {any} kind */
function controlOf(kind) {
  if (kind.enum) return "choice";
  return kind.type in CONTROLS ? kind.type : "object";
}

/** @typedef {[HTMLElement, () => unknown, (value: any) => void]} Control */
/** @type {Record<string, (kind: any, isOptional: boolean) => Control>} */
const CONTROLS = {
  choice: (kind, isOptional) => {
    const values = isOptional ? ["", ...kind.enum] : kind.enum;
    return text(
      make("select", {}, ...values.map((/** @type {string} */ value) => make("option", { value }, value))),
    );
  },
  string: () => text(make("input", { type: "text", autocomplete: "off" })),
  integer: () => number(make("input", { type: "number", step: "1" })),
  number: () => number(make("input", { type: "number", step: "any" })),
  boolean: () => {
    const box = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox" }));
    return [box, () => box.checked, (value) => (box.checked = value === true)];
  },
  object: () => {
    const [control, read, write] = text(
      make("input", { type: "text", autocomplete: "off", placeholder: "JSON" }),
    );
    return [
      control,
      () => JSON.parse(/** @type {string} */ (read() ?? "{}")),
      (value) => write(value && Object.keys(value).length ? JSON.stringify(value) : ""),
    ];
  },
};

/** @param {HTMLElement} control @returns {Control} an empty text is null */
function text(control) {
  const field = /** @type {HTMLInputElement} */ (control);
  return [field, () => (field.value === "" ? null : field.value), (value) => (field.value = value ?? "")];
}

/** @param {HTMLElement} control @returns {Control} */
function number(control) {
  const [field, read, write] = text(control);
  return [field, () => (read() === null ? null : Number(read())), write];
}

/** Whether a person is writing in a form. @param {string} selector */
export function isBeingEdited(selector) {
  return one(selector).contains(document.activeElement);
}
