/** How the sandbox answers, and what its account gets from a seed. */

import { ask } from "./api.js";
import { make, one } from "./dom.js";
import { fieldOf, form, isBeingEdited, labelled } from "./forms.js";

export class Ways {
  /** @param {import("./account.js").Account} account @param {() => Promise<void>} refresh */
  constructor(account, refresh) {
    this.account = account;
    this.refresh = refresh;
    /** @type {import("./forms.js").Field[]} */
    this.fields = [];
    this.makeSeed();
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (changed.has("vocabulary") && !this.fields.length) this.makeSettings();
    if (changed.has("settings") && !isBeingEdited("#settings")) this.fill();
  }

  makeSettings() {
    const described = Object.entries(this.account.vocabulary.settings);
    this.fields = described.map(([name, schema]) => fieldOf(name, schema, "settings"));
    one("#settings").append(
      form(
        "settings-form",
        this.fields.map((field) => field.element),
        "Set",
        async () => {
          await ask(
            "POST",
            "settings",
            Object.fromEntries(this.fields.map((field) => [field.name, field.read()])),
          );
          await this.refresh();
          this.fill();
        },
      ),
    );
  }

  fill() {
    for (const field of this.fields) field.write(this.account.settings[field.name]);
  }

  makeSeed() {
    const area = /** @type {HTMLTextAreaElement} */ (
      make("textarea", { id: "seed-json", name: "seed", rows: 6, required: true, spellcheck: "false" })
    );
    const file = /** @type {HTMLInputElement} */ (
      make("input", { id: "seed-file", type: "file", accept: ".json,application/json" })
    );
    file.addEventListener("change", async () => {
      area.value = (await file.files?.[0]?.text()) ?? "";
    });
    const done = make("p", { class: "done", role: "status" });
    one("#seed").append(
      make(
        "p",
        { class: "hint" },
        "JSON as `plusofon export --as seed` writes it. It is added to the account whole, or not at all.",
      ),
      form("seed-form", [labelled("File", file), labelled("JSON", area)], "Add", async () => {
        done.textContent = "";
        const { ids } = await ask("POST", "seed", area.value);
        done.textContent = `Added; numbers: ${ids.length}.`;
        area.value = "";
        file.value = "";
        await this.refresh();
      }),
      done,
    );
  }
}
