// Searching the text. Blanks and line breaks count for nothing, so that words broken over two lines are found.

const FEW = 500; // hits that are coloured; all are counted
const TYPED = 120; // milliseconds of rest before it searches

export class Search {
  constructor(root, text, marks) {
    [this.root, this.text, this.marks] = [root, text, marks];
    this.input = root.querySelector("input");
    this.count = root.querySelector("output");
    this.hits = [];
    this.at = -1;
    root.addEventListener("submit", (event) => event.preventDefault());
    this.input.addEventListener("input", (event) => !event.isComposing && this.later());
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    root.querySelector("[data-step='-1']").addEventListener("click", () => this.step(-1));
    root.querySelector("[data-step='1']").addEventListener("click", () => this.step(1));
  }

  open() {
    this.input.focus();
    this.input.select();
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.searched !== this.input.value) return this.find(this.input.value);
      return this.step(event.shiftKey ? -1 : 1);
    }
    if (event.key === "Escape") {
      event.preventDefault();
      this.leave();
    }
    return undefined;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(this.input.value), TYPED);
  }

  /** Leave the box with the hit selected: `a` attaches it, shift and arrows widen it. */
  leave() {
    this.input.blur();
    const hit = this.hits[this.at];
    const range = hit && this.text.range(hit.start, hit.end);
    if (range) getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    if (!this.input.value) this.find("");
  }

  /** The shown text without blanks, in lower case, and for each of its UTF-16 units the character of the text. */
  index() {
    if (this.whole !== undefined) return;
    const [letters, places] = [[], []];
    for (const block of this.text.blocks) {
      let offset = block.start;
      for (const letter of block.node.data) {
        const lower = letter.toLowerCase();
        if (lower.trim()) {
          letters.push(lower);
          for (let unit = 0; unit < lower.length; unit += 1) places.push(offset);
        }
        offset += 1;
      }
    }
    this.whole = letters.join("");
    this.places = places;
  }

  find(wanted) {
    clearTimeout(this.timer);
    this.searched = wanted;
    const words = wanted.toLowerCase().replace(/\s/gu, "");
    this.hits = [];
    if (words) {
      this.index();
      for (let at = this.whole.indexOf(words); at >= 0; at = this.whole.indexOf(words, at + words.length)) {
        this.hits.push({ start: this.places[at], end: this.places[at + words.length - 1] + 1 });
      }
    }
    this.marks.set("found", this.hits.slice(0, FEW));
    this.at = -1;
    if (this.hits.length) this.step(1);
    else this.tell(words);
  }

  step(by) {
    if (!this.hits.length) return;
    this.at = (this.at + by + this.hits.length) % this.hits.length;
    const hit = this.hits[this.at];
    this.marks.set("found-current", [hit]);
    this.text.show(hit.start, hit.end);
    this.tell(true);
  }

  tell(asked) {
    if (!this.hits.length) this.marks.set("found-current", []);
    this.count.textContent = asked ? `${this.at + 1}/${this.hits.length}` : "";
  }
}
