// Words of the text become evidence of the field in focus: by mouse, by touch, and by shift with the arrow keys.

const SETTLED = 700; // milliseconds that a selection by touch must rest

export class Evidence {
  /** `attach({start, end}, replaced)`: take words, in place of those that the same selection had attached before. */
  constructor(text, attach) {
    Object.assign(this, { text, attach, live: null, touching: false, timer: 0 });
    addEventListener("pointerdown", (event) => this.press(event));
    addEventListener("pointerup", (event) => event.pointerType !== "touch" && this.begun && setTimeout(() => this.take(), 0));
    addEventListener("keydown", (event) => this.hold(event));
    addEventListener("keyup", (event) => event.key === "Shift" && this.extended && this.take());
    document.addEventListener("selectionchange", () => this.move());
  }

  press(event) {
    this.touching = event.pointerType === "touch";
    this.begun = this.text.root.contains(event.target) && event.button === 0;
  }

  /** Shift with a moving key changes the selection; it is taken when shift is released. */
  hold(event) {
    if (event.shiftKey && /^(Arrow|Home|End|Page)/u.test(event.key)) this.extended = !getSelection().isCollapsed;
  }

  move() {
    const selection = getSelection();
    if (selection.isCollapsed) {
      this.live = null;
      this.extended = false;
      return;
    }
    clearTimeout(this.timer);
    if (this.touching) this.timer = setTimeout(() => this.take(), SETTLED);
  }

  /** Attach what is selected. The same selection, made longer or shorter, replaces what it had attached. */
  take() {
    this.extended = false;
    if (document.activeElement?.matches("input, textarea")) return;
    const words = this.text.selected(getSelection());
    if (!words) return;
    const { live } = this;
    if (live && live.start === words.start && live.end === words.end) return;
    const within = (inner, outer) => outer.start <= inner.start && inner.end <= outer.end;
    this.attach(words, live && (within(live, words) || within(words, live)) ? live : null);
    this.live = words;
  }
}
