// Chips under a field: the attached words, the members of an open list, and the machine's suggestion (assisted mode only).

const LONG = 40;

function element(tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

function button(className, words, title, act) {
  const made = element("button", className, words);
  made.type = "button";
  made.tabIndex = -1;
  made.title = title;
  made.addEventListener("click", act);
  return made;
}

const short = (words) => (words.length > LONG ? `${words.slice(0, LONG - 1)}…` : words);

export class Chips {
  /** `act` has: flash(place), detach(field, words), drop(field, value), accept(field). */
  constructor(text, wording, act) {
    Object.assign(this, { text, wording, act });
  }

  draw(field) {
    const members = field.several && field.open ? field.entry.values.map((value) => this.member(field, value)) : [];
    const words = field.entry.words.map((each) => this.words(field, each));
    const suggested = field.suggestion && !field.accepted ? [this.suggestion(field)] : [];
    field.chips.replaceChildren(...members, ...words, ...suggested);
  }

  member(field, value) {
    const chip = element("span", "chip member", value || this.wording.none);
    chip.append(button("remove", "×", this.wording.remove, () => this.act.drop(field, value)));
    return chip;
  }

  words(field, [start, end, value]) {
    const chip = element("span", "chip words");
    const quoted = this.text.words(start, end).replace(/\s+/gu, " ");
    const go = button("go", `“${short(quoted)}”`, `${start}–${end}`, () => this.act.flash({ start, end }));
    if (field.several && value) go.prepend(element("b", "of", `${field.labelOf(value)} `));
    chip.append(go, button("remove", "×", this.wording.remove, () => this.act.detach(field, [start, end, value])));
    return chip;
  }

  suggestion(field) {
    const { values, score, by, words } = field.suggestion;
    const chip = element("span", "chip suggestion");
    const accept = button("accept", field.saying(values), this.wording.accept, () => this.act.accept(field));
    accept.prepend(element("kbd", "", "e"));
    const whose = this.wording[`by_${by.split(":")[0]}`] ?? by;
    chip.append(accept, element("small", "score", score === null ? whose : `${whose} ${score.toFixed(2)}`));
    for (const [start, end] of words.slice(0, 3)) {
      const quoted = this.text.words(start, end).replace(/\s+/gu, " ");
      chip.append(button("go", `“${short(quoted)}”`, `${start}–${end}`, () => this.act.flash({ start, end })));
    }
    return chip;
  }
}
