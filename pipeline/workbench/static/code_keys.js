// The keyboard: one table of keys, and when none of them may fire.

const DIGITS = "1234567890-=";
const NAMES = { "/": "search", "?": "help", Escape: "escape" };

const inField = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const onControl = (target) => target.closest?.("a, button, summary");

export class Keys {
  /** `act`: a function for each key's name, `digit(key)` among them; one that answers false has not used the key. `blocked()`: a dialog is open. */
  constructor(act, blocked) {
    Object.assign(this, { act, blocked });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return; // an input method is at work
    const done = this.chord(event) ?? this.typing(event) ?? this.single(event);
    if (done) event.preventDefault();
  }

  chord(event) {
    if (!event.ctrlKey && !event.metaKey) return event.altKey ? false : undefined;
    if (this.blocked()) return false;
    if (event.key === "Enter") return this.run("finish");
    if (event.key.toLowerCase() === "z" && !event.shiftKey && !inField(event.target)) return this.run("undo");
    return false;
  }

  typing(event) {
    if (!inField(event.target)) return undefined;
    if (event.target.closest(".asked")) {
      if (event.key === "Escape") return this.run("leave");
      if (event.key === "Enter" && !event.shiftKey) return this.run("entered");
      if ("jk".includes(event.key) && event.target.matches("[inputmode=numeric]")) return this.run("number", event.key);
    }
    return false;
  }

  single(event) {
    if (this.blocked()) return false;
    if (event.key === "Enter") return onControl(event.target) ? false : this.run("finish");
    if (event.key === "Backspace" || event.key === "Delete") return this.run("clear");
    if (DIGITS.includes(event.key) && event.key.length === 1) return this.run("digit", event.key);
    if (event.key === " " && onControl(event.target)) return false;
    const name = NAMES[event.key] ?? (event.shiftKey ? `shift ${event.key}` : event.key);
    return this.run(name);
  }

  run(name, argument) {
    if (!Object.hasOwn(this.act, name)) return false;
    return this.act[name](argument) !== false;
  }
}
