// What the page tells the coder: the state of saving, how far the form is, and short notices that do not stay in the way.

const LASTS = { good: 4000, bad: 12_000 }; // milliseconds
const MOST = 3;

const fill = (words, values) => words.replace(/\{(\w+)\}/gu, (whole, name) => values[name] ?? whole);

export class Notices {
  constructor(words) {
    this.words = words;
    this.state = document.getElementById("saving");
    this.count = document.getElementById("progress");
    this.list = document.getElementById("notices");
    this.definition = document.getElementById("definition");
  }

  say(key, values = {}) {
    return fill(this.words[key], values);
  }

  saving(state, unsaved, message) {
    if (state === "signed_out" && this.state.dataset.state !== state) this.show(state, { n: unsaved }, { bad: true, href: location.pathname });
    this.state.dataset.state = state;
    this.state.textContent = this.say(state, { n: unsaved });
    this.state.title = message;
  }

  progress({ filled, asked }) {
    this.count.textContent = this.say("progress", { filled, asked });
    this.count.classList.toggle("full", filled === asked);
  }

  /** A notice for some seconds; `href` makes it lead somewhere. */
  show(key, values = {}, { bad = false, href = "" } = {}) {
    const notice = document.createElement(href ? "a" : "div");
    notice.className = bad ? "notice bad" : "notice";
    notice.textContent = this.say(key, values);
    if (href) notice.href = href;
    notice.addEventListener("click", () => notice.remove());
    this.list.append(notice);
    while (this.list.children.length > MOST) this.list.firstElementChild.remove();
    setTimeout(() => notice.remove(), bad ? LASTS.bad : LASTS.good);
  }

  /** The definition of what the pointer or the focus is on. */
  define(label, definition) {
    const [head, body] = this.definition.children;
    if (head.textContent === label && body.textContent === definition) return;
    head.textContent = label;
    body.textContent = definition;
    this.definition.scrollTop = 0;
  }
}
