// What happens to words that are selected: they become evidence of the field in focus, and the value of an empty box.

const LONGEST = 200; // characters of a value that is taken from the text

export class Words {
  constructor(text, form) {
    Object.assign(this, { text, form });
  }

  /** Attach words, in place of those that the same selection had attached to the same field before. */
  attach(words, before) {
    const field = this.form.current;
    if (!field) return;
    const earlier = before?.field === field ? before : null;
    words.field = field;
    this.form.act(field, (each) => this.replace(each, words, earlier));
  }

  replace(field, words, earlier) {
    const before = JSON.stringify(field.entry);
    if (earlier) this.release(field, earlier);
    if (field.open && (field.kind === "text" || field.several) && field.variable !== "note") this.fill(field, words, earlier);
    field.attach(words.start, words.end);
    return JSON.stringify(field.entry) !== before;
  }

  said({ start, end }) {
    return this.text.words(start, end).replace(/\s+/gu, "").slice(0, LONGEST);
  }

  fill(field, words, earlier) {
    const old = earlier ? this.said(earlier) : null;
    const kept = field.entry.values.filter((value) => value && value !== old);
    if (kept.length && !field.several) return;
    const value = this.said(words);
    field.last = value;
    field.change({ values: [...new Set([...kept, value])] });
  }

  release(field, { start, end }) {
    return field.change({ words: field.entry.words.filter(([from, to]) => from !== start || to !== end) });
  }

  /** Take back the words that are still selected; whether there were any. */
  takeBack(live) {
    getSelection().removeAllRanges();
    if (!live || live.field !== this.form.current) return false;
    return this.form.act(live.field, (field) => this.release(field, live));
  }
}
