// One field of the form: what the coder says of one variable of one unit, and the elements that show it.

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export const empty = () => ({ values: [], words: [], unsure: false, note: "" });

export class Field {
  constructor(element, unit, words) {
    this.element = element;
    this.unit = unit;
    this.text = words;
    this.variable = element.dataset.variable;
    this.kind = element.dataset.kind;
    this.key = `${unit}|${this.variable}`;
    this.label = element.querySelector(".label").textContent.trim();
    this.buttons = [...element.querySelectorAll("button[data-value]")];
    this.input = element.querySelector("input.open, textarea.open");
    this.noting = element.querySelector("textarea.noting");
    this.chips = element.querySelector(".chips");
    this.entry = empty();
    this.seen = 0;
    this.last = "";
    this.suggestion = null;
  }

  get several() {
    return this.kind === "list";
  }

  get open() {
    return Boolean(this.input);
  }

  get empty() {
    return this.entry.values.length === 0;
  }

  get typing() {
    return this.input === document.activeElement || this.noting === document.activeElement;
  }

  /** Whether the coder says all that the machine suggests, with its words. */
  get accepted() {
    const { values, words } = this.suggestion;
    const own = new Set(this.entry.words.map((each) => each.join()));
    return same([...values].sort(), [...this.entry.values].sort()) && words.every((each) => own.has(each.join()));
  }

  /** The entry as it is sent. */
  payload() {
    return { unit: this.unit, variable: this.variable, ...this.entry, seen: this.seen };
  }

  /** Take over what the server or an earlier page knows. */
  load(entry, seen) {
    this.entry = { values: [...entry.values], words: entry.words.map((each) => [...each]), unsure: entry.unsure, note: entry.note };
    this.seen = seen ?? this.seen;
    this.last = this.entry.values.at(-1) ?? "";
    this.draw();
  }

  /** Change the entry; whether that made a difference. */
  change(part) {
    const changed = { ...this.entry, ...part };
    if (same(changed, this.entry)) return false;
    this.entry = changed;
    this.draw();
    return true;
  }

  labelOf(value) {
    const button = this.buttons.find((each) => each.dataset.value === value);
    return button ? button.querySelector(".name").textContent : value;
  }

  saying(values = this.entry.values) {
    return values.map((value) => this.labelOf(value)).join("、") || this.text.nothing;
  }

  /** Choose a value: the only one, or one more (or less) of a list. "" says that the list is empty. */
  choose(value) {
    if (!this.several) {
      this.last = value;
      return this.change({ values: [value], words: this.entry.words.map(([start, end]) => [start, end, value]) });
    }
    const chosen = this.entry.values.includes(value);
    if (value === "") return this.change({ values: chosen ? [] : [""], words: [] });
    const others = this.entry.values.filter((each) => each !== "" && each !== value);
    return chosen ? this.drop(value, others) : this.join(value, others);
  }

  join(value, others) {
    this.last = value;
    const waiting = this.entry.words.map(([start, end, of]) => [start, end, of || value]);
    return this.change({ values: [...others, value], words: waiting });
  }

  drop(value, others) {
    this.last = others.at(-1) ?? "";
    return this.change({ values: others, words: this.entry.words.filter(([, , of]) => of !== value) });
  }

  clear() {
    this.last = "";
    return this.change({ values: [], words: [] });
  }

  /** The words that are attached now belong to this value. */
  get owner() {
    if (this.several) return this.entry.values.includes(this.last) ? this.last : "";
    return this.entry.values[0] ?? "";
  }

  attach(start, end) {
    const value = this.owner;
    if (this.entry.words.some((each) => same(each, [start, end, value]))) return false;
    const words = [...this.entry.words, [start, end, value]].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    return this.change({ words });
  }

  detach(start, end, value) {
    return this.change({ words: this.entry.words.filter((each) => !same(each, [start, end, value])) });
  }

  /** What silence of the text means, when nothing is said yet and the codebook has a value for it. */
  silence() {
    const silent = this.element.dataset.silence;
    return silent !== undefined && this.empty ? this.choose(silent) : false;
  }

  draw() {
    const { values, unsure, note } = this.entry;
    const stop = this.buttons.find((button) => values.includes(button.dataset.value)) ?? this.buttons[0]; // of the tab key: one in each field
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(values.includes(button.dataset.value)));
      button.tabIndex = button === stop ? 0 : -1;
    }
    if (this.input && this.input !== document.activeElement) this.input.value = this.several ? "" : (values[0] ?? "");
    if (this.noting !== document.activeElement) this.noting.value = note;
    this.noting.hidden = !note && this.noting !== document.activeElement;
    this.element.querySelector(".unsure").setAttribute("aria-pressed", String(unsure));
    this.element.querySelector(".note").setAttribute("aria-pressed", String(Boolean(note)));
    this.element.classList.toggle("filled", values.length > 0);
    this.element.classList.toggle("quote-missing", this.quoteMissing);
  }

  get quoteMissing() {
    const needed = new Set((this.element.dataset.quoted ?? "").split(" ").filter(Boolean));
    return this.entry.words.length === 0 && this.entry.values.some((value) => needed.has(value));
  }
}
