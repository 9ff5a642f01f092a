// Boxes to type in: open values and notes. What is typed is saved after a moment's rest, and at once when the box is left.

const REST = 600; // milliseconds

export class Typing {
  constructor(form) {
    this.form = form;
    this.timers = new Map();
    const { root } = form;
    // An input method's letters are no words before they are composed.
    root.addEventListener("input", (event) => !event.isComposing && this.later(event.target.closest(".asked")?.field));
    root.addEventListener("compositionend", (event) => this.later(event.target.closest(".asked")?.field));
    root.addEventListener("change", (event) => this.commit(event.target.closest(".asked")?.field));
    addEventListener("pagehide", () => this.settle(), { capture: true });
  }

  /** Begin to type into the field's box, with a first character in place of what stands there. */
  begin(field, first) {
    if (!field?.open) return;
    field.input.focus();
    if (first === undefined) {
      field.input.select();
      return;
    }
    field.input.value = first;
    this.later(field);
  }

  later(field) {
    if (!field) return;
    clearTimeout(this.timers.get(field.key));
    this.timers.set(field.key, setTimeout(() => this.commit(field), REST));
  }

  /** Take over what is typed: the note, and the value of an open field; the members of a list only when they are `entered`. */
  commit(field, entered = false) {
    if (!field || this.form.fields.get(field.key) !== field) return; // of somebody who was removed meanwhile
    clearTimeout(this.timers.get(field.key));
    this.timers.delete(field.key);
    const typed = field.input?.value.trim() ?? "";
    const part = { note: field.noting.value.trim() };
    if (field.open && !field.several) {
      part.values = typed ? [typed] : [];
      part.words = field.entry.words.map(([start, end]) => [start, end, typed]);
    } else if (field.open && typed && entered) {
      part.values = [...new Set([...field.entry.values.filter(Boolean), typed])];
      field.last = typed;
      field.input.value = "";
    }
    this.form.act(field, (each) => each.change(part));
  }

  /** Take over everything that is typed and waits. */
  settle() {
    for (const key of [...this.timers.keys()]) this.commit(this.form.fields.get(key));
  }

  leave() {
    const field = this.form.current;
    this.commit(field);
    this.form.focus(field);
    field.draw();
  }

  /** Enter in a box: a member of a list is taken; otherwise the next field. */
  entered() {
    const field = this.form.current;
    const member = field.several && field.input === document.activeElement && field.input.value.trim();
    this.commit(field, true);
    if (!member) this.leaveFor(1);
  }

  leaveFor(by) {
    this.leave();
    this.form.step(by);
  }

  note(field = this.form.current) {
    if (!field) return;
    this.form.turn(field);
    field.noting.hidden = false;
    field.noting.focus();
  }
}
