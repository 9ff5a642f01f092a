// The form: all fields, which one is in focus, persons that come and go, and what folds away out of scope.

import { Field } from "./code_field.js";

export class Form {
  /** `data` is the page's (see page_form.py); `chips` draws what stands under a field. */
  constructor(root, data, chips) {
    Object.assign(this, { root, data, chips });
    this.fields = new Map();
    this.current = null;
    this.changed = () => {};
    this.focused = () => {};
    this.next = { ...data.next };
    for (const element of root.querySelectorAll(".asked")) this.add(element, "case");
    for (const unit of data.units) this.person(unit);
    for (const { entry, seen } of data.entries) this.load(entry, seen);
    this.fold();
    root.addEventListener("focusin", (event) => this.follow(event.target));
    root.addEventListener("pointerdown", (event) => this.follow(event.target));
  }

  add(element, unit) {
    const field = new Field(element, unit, this.data.words);
    element.field = field;
    field.suggestion = this.data.suggestions.find((each) => each.unit === unit && each.variable === field.variable) ?? null;
    this.fields.set(field.key, field);
    this.show(field);
    return field;
  }

  /** The elements of a person, made when there are none yet. Numbers are not used twice: not even when somebody was removed. */
  person(unit) {
    const [kind, number] = unit.split(":");
    this.next[kind] = Math.max(this.next[kind] ?? 1, Number(number) + 1);
    const list = this.root.querySelector(`.persons[data-unit="${kind}"]`);
    if (!list || list.querySelector(`[data-person="${unit}"]`)) return;
    const made = this.root.querySelector(`template[data-unit="${kind}"]`).content.cloneNode(true).firstElementChild;
    made.dataset.person = unit;
    made.querySelector(".number").textContent = number;
    list.append(made);
    for (const element of made.querySelectorAll(".asked")) this.add(element, unit);
  }

  newPerson(kind) {
    const unit = `${kind}:${this.next[kind] ?? 1}`;
    this.person(unit);
    this.focus(this.of(unit)[0]);
  }

  /** Remove a person: all that was said of them becomes empty, as one step. */
  removePerson(unit) {
    const fields = this.of(unit);
    const neighbour = this.visible().filter((field) => field.unit !== unit).at(-1);
    const changed = fields.filter((field) => field.change({ values: [], words: [], unsure: false, note: "" }));
    this.root.querySelector(`[data-person="${unit}"]`).remove();
    for (const field of fields) this.fields.delete(field.key);
    if (fields.includes(this.current)) this.focus(neighbour);
    this.changed(changed);
  }

  of(unit) {
    return [...this.fields.values()].filter((field) => field.unit === unit);
  }

  get(unit, variable) {
    return this.fields.get(`${unit}|${variable}`);
  }

  all() {
    return [...this.fields.values()];
  }

  /** The fields in the order of the page, without what is folded away. */
  visible() {
    return [...this.root.querySelectorAll(".asked")].filter((each) => each.field && each.offsetParent !== null).map((each) => each.field);
  }

  load(entry, seen) {
    if (entry.unit !== "case") this.person(entry.unit);
    const field = this.get(entry.unit, entry.variable);
    if (!field) return;
    field.load(entry, seen);
    this.show(field);
    this.fold();
  }

  show(field) {
    field.draw();
    this.chips.draw(field);
  }

  /** Do something to a field and save it when that made a difference. */
  act(field, change) {
    if (!field || !change(field)) return false;
    this.show(field);
    this.fold();
    this.changed([field]);
    return true;
  }

  follow(target) {
    const field = target.closest(".asked")?.field;
    if (field) this.turn(field);
  }

  turn(field) {
    if (this.current !== field) {
      this.current?.element.classList.remove("current");
      this.current = field;
      field?.element.classList.add("current");
    }
    this.focused(field);
  }

  focus(field) {
    if (!field) return;
    this.turn(field);
    field.element.focus({ preventScroll: true });
    field.element.scrollIntoView({ block: "nearest" });
  }

  step(by) {
    const fields = this.visible();
    const at = fields.indexOf(this.current);
    this.focus(at < 0 ? fields[0] : fields[Math.min(Math.max(at + by, 0), fields.length - 1)]);
  }

  /** Out of scope all groups but the gate's close; what belongs to the scope only cannot be opened. */
  fold() {
    const outside = this.get("case", this.data.gate)?.entry.values[0] === "0";
    if (outside === this.outside) return;
    this.outside = outside;
    this.root.classList.toggle("outside", outside);
    for (const group of this.root.querySelectorAll(".group:not(.gate)")) this.open(group, !outside);
  }

  open(group, open) {
    group.classList.toggle("closed", !open);
    group.querySelector(".fold").setAttribute("aria-expanded", String(open));
  }
}
