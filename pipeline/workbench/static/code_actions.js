// What a coder does, whether by key, mouse or touch.

import { empty } from "./code_field.js";
import { Finishing } from "./code_finishing.js";

const TYPED = 600; // milliseconds of rest after which typed words are saved

export class Actions {
  constructor(parts) {
    Object.assign(this, parts);
    this.words = this.data.words;
    this.finishing = new Finishing(parts);
    this.timers = new Map();
    this.notices.progress(this.data.progress);
    this.finishing.progress = this.data.progress;
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
        this.notices.show("overtaken", { label: field?.label ?? entry.variable, said });
      }
    });
    this.told(progress);
  }

  told(progress) {
    this.finishing.progress = progress;
    this.notices.progress(progress);
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
    else if (field?.open && /\d/u.test(key) && field.kind !== "text") this.type(field, key);
  }

  type(field, begun) {
    field.input.focus();
    if (begun === undefined) field.input.select?.();
    else field.input.value = begun;
    if (begun !== undefined) this.later(field);
  }

  later(field) {
    clearTimeout(this.timers.get(field.key));
    this.timers.set(field.key, setTimeout(() => this.commit(field), TYPED));
  }

  /** Take over what is typed: the value of an open field (members of a list only when they are entered), and the note. */
  commit(field, entered = false) {
    clearTimeout(this.timers.get(field.key));
    this.timers.delete(field.key);
    const typed = field.input?.value.trim() ?? "";
    const part = { note: field.noting.value.trim() };
    if (field.open && !field.several) part.values = typed ? [typed] : [];
    if (part.values) part.words = field.entry.words.map(([start, end]) => [start, end, typed]);
    if (field.open && field.several && typed && entered) {
      part.values = [...new Set([...field.entry.values.filter(Boolean), typed])];
      field.last = typed;
      field.input.value = "";
    }
    this.form.act(field, (each) => each.change(part));
  }

  settle() {
    for (const key of [...this.timers.keys()]) {
      const field = this.form.fields.get(key);
      if (field) this.commit(field);
    }
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

  // ---- words

  attach(words, before) {
    const field = this.form.current;
    if (!field) return;
    const earlier = before?.field === field ? before : null;
    words.field = field;
    this.form.act(field, (each) => this.replace(each, words, earlier));
  }

  /** Attach words in place of what the same selection had attached; an open field that is empty takes them as its value. */
  replace(field, words, earlier) {
    const before = JSON.stringify(field.entry);
    if (earlier) field.change({ words: field.entry.words.filter(([start, end]) => start !== earlier.start || end !== earlier.end) });
    if (field.open && (field.kind === "text" || field.several) && field.variable !== "note") this.fill(field, words, earlier);
    field.attach(words.start, words.end);
    return JSON.stringify(field.entry) !== before;
  }

  fill(field, words, earlier) {
    const said = ({ start, end }) => this.text.words(start, end).replace(/\s+/gu, "");
    const old = earlier ? said(earlier) : null;
    const kept = field.entry.values.filter((value) => value && value !== old);
    if (kept.length && !field.several) return;
    const value = said(words).slice(0, 200);
    field.last = value;
    field.change({ values: [...new Set([...kept, value])] });
  }

  // ---- steps back, silence, notes

  async undo() {
    this.settle();
    if (!(await this.saving.flush())) return this.notices.show("not_saved", {}, { bad: true });
    try {
      const { entries, progress } = await anjuan.post(`${this.data.url}/undo`, { tab: this.tab });
      for (const { entry, seen } of entries) this.form.load(entry, seen);
      this.told(progress);
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

  note(field = this.form.current) {
    if (!field) return;
    this.form.turn(field);
    field.noting.hidden = false;
    field.noting.focus();
  }

  clear() {
    this.form.act(this.form.current, (field) => field.clear());
  }

  leave() {
    const field = this.form.current;
    this.commit(field);
    this.form.focus(field);
    field.draw();
  }

  /** Enter in a box: the member of a list is taken; otherwise the next field. */
  entered() {
    const field = this.form.current;
    const member = field.several && field.input === document.activeElement && field.input.value.trim();
    this.commit(field, true);
    if (!member) {
      field.element.focus();
      this.form.step(1);
    }
  }

  section(by) {
    const pane = this.text.root;
    const top = pane.getBoundingClientRect().top;
    const places = [...pane.querySelectorAll("section")].map((each) => each.getBoundingClientRect().top - top);
    const to = by > 0 ? places.find((place) => place > 4) : places.findLast((place) => place < -4);
    if (to !== undefined) pane.scrollTop += to;
  }

  // ---- where these come from

  keys(evidence) {
    return {
      digit: (key) => this.digit(key), clear: () => this.clear(), leave: () => this.leave(), entered: () => this.entered(),
      j: () => this.form.step(1), k: () => this.form.step(-1), n: () => this.finishing.go("next"), p: () => this.finishing.go("previous"),
      u: () => this.undo(), undo: () => this.undo(), x: () => this.unsure(), m: () => this.note(), d: () => this.silence(),
      e: () => this.accept(this.form.current), a: () => evidence.take(), i: () => this.form.current?.open && this.type(this.form.current),
      v: () => this.form.newPerson("victim"), b: () => this.form.newPerson("defendant"), search: () => this.search.open(),
      finish: () => this.finishing.finish(() => this.settle()), help: () => document.getElementById("help").showModal(),
      escape: () => this.escape(evidence), "[": () => this.section(-1), "]": () => this.section(1),
    };
  }

  /** Esc takes back the words that are still selected; without any it only ends the search's colours. */
  escape(evidence) {
    const { live } = evidence;
    getSelection().removeAllRanges();
    if (live?.field === this.form.current) this.form.act(live.field, (field) => this.release(field, live));
    else this.search.find("");
  }

  release(field, { start, end }) {
    return field.change({ words: field.entry.words.filter(([from, to]) => from !== start || to !== end) });
  }

  listen() {
    const { root } = this.form;
    root.addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("search").addEventListener("submit", (event) => event.preventDefault());
    root.addEventListener("click", (event) => this.click(event.target.closest("button")));
    root.addEventListener("input", (event) => event.target.closest(".asked") && this.later(event.target.closest(".asked").field));
    root.addEventListener("change", (event) => event.target.closest(".asked") && this.commit(event.target.closest(".asked").field));
    for (const kind of ["pointerover", "focusin"]) root.addEventListener(kind, (event) => this.define(event.target));
    root.addEventListener("pointerleave", () => this.focused(this.form.current));
    addEventListener("pagehide", () => this.settle(), { capture: true });
    document.getElementById("undo").addEventListener("click", () => this.undo());
    document.getElementById("help-button").addEventListener("click", () => document.getElementById("help").showModal());
    document.getElementById("finish").addEventListener("click", () => this.finishing.finish(() => this.settle()));
  }

  click(button) {
    if (!button) return;
    const field = button.closest(".asked")?.field;
    const [person, { unit, value }] = [button.closest("[data-person]")?.dataset.person, button.dataset];
    if (field && value !== undefined) {
      this.choose(field, value);
      if (button.matches(":focus:not(:focus-visible)")) field.element.focus({ preventScroll: true });
    } else if (button.matches(".unsure")) this.unsure(field);
    else if (button.matches(".note")) this.note(field);
    else if (button.matches(".add")) this.form.newPerson(unit);
    else if (button.matches(".remove-person")) this.form.removePerson(person);
    else if (button.matches(".fold")) this.form.open(button.closest(".group"), button.closest(".group").classList.contains("closed"));
  }
}
