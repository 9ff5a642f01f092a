// What a coder does, whether by key, mouse or touch.

import { empty } from "./code_field.js";

export class Actions {
  constructor(parts) {
    Object.assign(this, parts);
    this.words = this.data.words;
  }

  // ---- saving

  changed(fields) {
    this.colour();
    if (fields.length) this.saving.add(fields.map((field) => field.payload()));
  }

  saved(entries, { saved, progress }) {
    entries.forEach((entry, at) => {
      const field = this.form.get(entry.unit, entry.variable);
      const { change, overtaken } = saved[at];
      if (field && change) field.seen = change;
      if (field) field.element.querySelector(".problem").textContent = "";
      if (overtaken) {
        const said = field ? field.saying(overtaken.values) : overtaken.values.join("、");
        this.notices.show("overtaken", { label: field?.label ?? entry.variable, said }, { bad: true });
      }
    });
    this.finishing.told(progress);
  }

  refused(entries, message) {
    for (const entry of entries) {
      const field = this.form.get(entry.unit, entry.variable);
      if (field) field.element.querySelector(".problem").textContent = this.words.not_saved;
      this.notices.show("refused", { label: field?.label ?? entry.variable, message }, { bad: true });
    }
  }

  /** What an earlier page could not send: sent now, unless something newer was saved since. */
  resume() {
    const again = [];
    for (const entry of this.saving.left()) {
      const known = this.form.get(entry.unit, entry.variable)?.seen ?? 0;
      if (known > (entry.seen ?? 0)) {
        const field = this.form.get(entry.unit, entry.variable);
        const same = JSON.stringify(field.entry.values) === JSON.stringify(entry.values);
        if (!same) this.notices.show("stale", { label: field.label, said: field.saying(entry.values) }, { bad: true });
      } else {
        this.form.load({ ...empty(), ...entry }, entry.seen);
        again.push(entry);
      }
    }
    this.saving.keep();
    if (again.length) this.saving.add(again);
    for (const href of this.saving.others().slice(0, 1)) this.notices.show("elsewhere", {}, { bad: true, href });
    this.colour();
  }

  // ---- focus, definitions, colours

  focused(field) {
    if (!field) return;
    const question = field.element.querySelector(".question");
    this.notices.define(field.label, question.dataset.definition);
    this.colour();
  }

  colour() {
    this.marks.evidence(this.form.all(), this.form.current);
  }

  define(target) {
    const shown = target.closest?.("[data-definition]");
    if (!shown) return this.form.current && this.focused(this.form.current);
    const label = shown.querySelector(".name, .label")?.textContent ?? "";
    return this.notices.define(label, shown.dataset.definition);
  }

  // ---- values

  choose(field, value) {
    if (!field) return;
    this.form.turn(field);
    this.form.act(field, (each) => each.choose(value));
    const button = field.buttons.find((each) => each.dataset.value === value);
    if (button) this.define(button);
  }

  digit(key) {
    const field = this.form.current;
    const button = field?.buttons.find((each) => each.dataset.key === key);
    if (button) this.choose(field, button.dataset.value);
    else if (field?.open && /\d/u.test(key) && field.kind !== "text") this.typing.begin(field, key);
  }

  accept(field) {
    const suggestion = field?.suggestion;
    if (!suggestion) return;
    field.last = suggestion.values.at(-1) ?? "";
    const values = [...suggestion.values];
    const own = field.several ? field.entry.words.filter(([, , of]) => values.includes(of)) : field.entry.words.map(([s, e]) => [s, e, values[0]]);
    const words = new Map([...own, ...suggestion.words].map((each) => [each.join(), each]));
    this.form.act(field, (each) => each.change({ values, words: [...words.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]) }));
  }

  // ---- steps back, silence, doubt

  async undo() {
    this.typing.settle();
    if (!(await this.saving.flush())) return this.notices.show("not_saved", {}, { bad: true });
    try {
      const { entries, progress } = await anjuan.post(`${this.data.url}/undo`, { tab: this.tab });
      for (const { entry, seen } of entries) this.form.load(entry, seen);
      this.finishing.told(progress);
      this.colour();
      const fields = entries.map(({ entry }) => this.form.get(entry.unit, entry.variable)).filter(Boolean);
      if (fields.length) this.form.focus(fields[0]);
      const label = fields.map((field) => field.label).slice(0, 4).join("、");
      return this.notices.show(entries.length ? "undone" : "undone_nothing", { label });
    } catch (error) {
      return this.notices.show("refused", { label: "", message: error.message }, { bad: true });
    }
  }

  silence() {
    const changed = this.form.visible().filter((field) => field.silence());
    for (const field of changed) this.form.show(field);
    this.form.fold();
    this.changed(changed);
  }

  unsure(field = this.form.current) {
    this.form.act(field, (each) => each.change({ unsure: !each.entry.unsure }));
  }

  clear() {
    this.form.act(this.form.current, (field) => field.clear());
  }

  section(by) {
    const pane = this.text.root;
    const top = pane.getBoundingClientRect().top;
    const places = [...pane.querySelectorAll("section")].map((each) => each.getBoundingClientRect().top - top);
    const to = by > 0 ? places.find((place) => place > 4) : places.findLast((place) => place < -4);
    if (to !== undefined) pane.scrollTop += to;
  }

  /** Along the values of the field in focus, when one of them has it. */
  arrow(by) {
    const { buttons = [] } = this.form.current ?? {};
    const at = buttons.indexOf(document.activeElement);
    if (at < 0) return false;
    buttons[(at + by + buttons.length) % buttons.length].focus();
    return true;
  }

  page(by) {
    const { root } = this.text;
    root.scrollTop += by * (root.clientHeight - 60);
  }

  async reopen() {
    try {
      await anjuan.post(`${this.data.url}/state`, { state: "open" });
      document.getElementById("done-badge").hidden = true;
    } catch (error) {
      this.notices.show("refused", { label: "", message: error.message }, { bad: true });
    }
  }

  // ---- the mouse

  listen() {
    const { root } = this.form;
    root.addEventListener("submit", (event) => event.preventDefault());
    root.addEventListener("click", (event) => this.click(event.target.closest("button")));
    for (const kind of ["pointerover", "focusin"]) root.addEventListener(kind, (event) => this.define(event.target));
    root.addEventListener("pointerleave", (event) => !event.relatedTarget?.closest?.(".criteria") && this.focused(this.form.current));
    document.getElementById("undo").addEventListener("click", () => this.undo());
    document.getElementById("done-badge").addEventListener("click", () => this.reopen());
  }

  click(button) {
    if (!button) return;
    const field = button.closest(".asked")?.field;
    const { unit, value } = button.dataset;
    const group = button.closest(".group");
    if (field && value !== undefined) {
      this.choose(field, value);
      if (button.matches(":focus:not(:focus-visible)")) field.element.focus({ preventScroll: true });
    } else if (button.matches(".unsure")) this.unsure(field);
    else if (button.matches(".note")) this.typing.note(field);
    else if (button.matches(".add")) this.form.newPerson(unit);
    else if (button.matches(".remove-person")) this.form.removePerson(button.closest("[data-person]").dataset.person);
    else if (button.matches(".fold")) this.form.open(group, group.classList.contains("closed"));
  }
}
