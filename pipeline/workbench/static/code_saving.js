// Autosave: every change is sent at once, one request after the other, each one step for undo. What the server has not confirmed
// stays in this browser (localStorage) under the coder and the judgment, and is sent again: soon, or when the page is opened again.

const WAITS = [1000, 2000, 5000, 10_000, 20_000];
const PATIENCE = 20_000;

const keyOf = (entry) => `${entry.unit}|${entry.variable}`;
const passes = (error) => !error.status || error.status === 429 || error.status >= 500; // worth another attempt
const ended = (error) => error.status === 401 || error.status === 403; // the session, or this page's token

export class Saving {
  /** `told(state, unsaved, message)`: "saved", "saving", "offline", "signed_out"; `saved(entries, answer)`; `refused(entries, message)`. */
  constructor({ url, coder, tab, told, saved, refused }) {
    Object.assign(this, { url, tab, told, saved, refused });
    this.prefix = `anjuan:unsaved:${coder}:`;
    this.queue = []; // lists of entries; the first one may be on its way
    this.failures = 0;
    this.idle = Promise.resolve();
    addEventListener("online", () => this.go());
    addEventListener("pagehide", () => this.leave());
    addEventListener("beforeunload", (event) => this.queue.length && !this.kept && event.preventDefault());
  }

  /** The newest state of every field that is not saved yet. */
  get unsaved() {
    return [...new Map(this.queue.flat().map((entry) => [keyOf(entry), entry])).values()];
  }

  /** What an earlier page could not send of this judgment. */
  left() {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + this.url) ?? "[]");
    } catch {
      return [];
    }
  }

  keep() {
    this.kept = true;
    try {
      if (this.queue.length) localStorage.setItem(this.prefix + this.url, JSON.stringify(this.unsaved));
      else localStorage.removeItem(this.prefix + this.url);
    } catch {
      this.kept = false; // full or forbidden: this page alone has what is unsaved, and asks before it is left
    }
  }

  /** Take entries to be saved together. */
  add(entries) {
    this.queue.push(entries);
    this.keep();
    if (this.failures) this.tell();
    else this.go();
  }

  tell(message = "") {
    const state = this.failures ? (this.out ? "signed_out" : "offline") : this.queue.length ? "saving" : "saved";
    this.told(state, this.unsaved.length, message);
  }

  go() {
    if (this.busy || !this.queue.length) return;
    clearTimeout(this.timer);
    this.busy = true;
    this.idle = this.work().finally(() => {
      this.busy = false;
    });
  }

  /** Send what waits, until nothing does or the server cannot be reached. */
  async work() {
    this.tell();
    while (this.queue.length) {
      try {
        await this.send(this.queue[0]);
      } catch (error) {
        this.wait(error);
        return;
      }
      this.queue.shift();
      this.failures = 0;
      this.out = false;
      this.keep();
    }
    this.tell();
  }

  async send(entries) {
    try {
      this.saved(entries, await this.post(entries, { signal: AbortSignal.timeout(PATIENCE) }));
    } catch (error) {
      if (passes(error) || ended(error)) throw error;
      if (entries.length === 1) this.refused(entries, error.message);
      else for (const entry of entries) await this.send([entry]); // so that what is right is saved
    }
  }

  post(entries, options) {
    return anjuan.post(this.url, { entries, tab: this.tab }, options);
  }

  wait(error) {
    this.queue = [this.unsaved];
    this.out = ended(error);
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    this.keep();
    this.tell(error.message);
    this.timer = setTimeout(() => this.go(), this.out ? WAITS.at(-1) : wait);
  }

  /** Resolves to whether everything is saved: what waits is sent now. */
  async flush() {
    this.go();
    await this.idle;
    return this.queue.length === 0;
  }

  leave() {
    if (!this.queue.length) return;
    this.post(this.unsaved, { keepalive: true }).then(() => localStorage.removeItem(this.prefix + this.url), () => {});
  }

  /** The addresses of other judgments with something unsaved: it is sent when their page is opened, which sees what is newer. */
  others() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix) && key !== this.prefix + this.url);
      return keys.map((key) => key.slice(this.prefix.length).replace(/\/entries$/u, ""));
    } catch {
      return [];
    }
  }
}
