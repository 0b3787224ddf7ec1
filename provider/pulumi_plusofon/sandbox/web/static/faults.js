/** Faults in force, and the form that orders one. */

import { ask } from "./api.js";
import { make, one, setText } from "./dom.js";
import { fieldOf, form, guarded } from "./forms.js";

export class Faults {
  /** @param {import("./account.js").Account} account @param {() => Promise<void>} refresh */
  constructor(account, refresh) {
    this.account = account;
    this.refresh = refresh;
    one("#clear-faults").addEventListener("click", () =>
      guarded(one("#faults > .refusal"), async () => {
        await ask("DELETE", "faults");
        await refresh();
      }),
    );
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (changed.has("vocabulary")) this.makeForm();
    if (!changed.has("faults")) return;
    const faults = this.account.faults;
    one("#faults .orders").replaceChildren(
      ...faults.map((fault) => make("li", { "data-kind": fault.kind, dir: "auto" }, this.inWords(fault))),
    );
    one("#faults .none").hidden = faults.length > 0;
    one("#clear-faults").hidden = faults.length === 0;
    setText(one("#faults .count"), String(faults.length));
  }

  makeForm() {
    if (document.getElementById("order-form")) return;
    const described = Object.entries(this.account.vocabulary.fault);
    const fields = described.map(([name, schema]) => fieldOf(name, schema, "order"));
    const given = () =>
      Object.fromEntries(
        fields
          .map((field) => [field.name, field.read()])
          .filter(([name, value]) => value !== null || name === "times"),
      );
    one("#order").append(
      make(
        "p",
        { class: "hint" },
        "A fault breaks the next requests that match it. With no times it breaks all of them.",
      ),
      form(
        "order-form",
        fields.map((field) => field.element),
        "Order",
        async () => {
          await ask("POST", "faults", given());
          await this.refresh();
        },
      ),
    );
  }

  /** An order in words, without what is as it is for every order. @param {Record<string, any>} fault */
  inWords(fault) {
    const { kind, times, done, ...rest } = fault;
    const usual = this.account.vocabulary.fault;
    const details = Object.entries(rest).filter(([name, value]) => value !== usual[name].default);
    const words = details.map(([name, value]) => `${name} ${value}`);
    return `${[kind, ...words].join(", ")}: broke ${done} of ${times ?? "all"}`;
  }
}
