// Autosave: every change is sent at once, one request in flight; what the server has not confirmed stays in this browser
// (localStorage) under the coder and the judgment, and is sent again: now, later, or when any coding page of theirs is opened.

const WAITS = [1000, 2000, 5000, 10000, 20000];
const PATIENCE = 20_000;

const keyOf = (entry) => `${entry.unit}|${entry.variable}`;
const passes = (error) => error.status === 0 || error.status === 429 || error.status >= 500; // worth another attempt
const ended = (error) => error.status === 401 || error.status === 403; // the session, or this page's token

export class Saving {
  /** `told(state, unsaved, message)`: "saved", "saving", "offline", "signed_out"; `saved(entries, answer)`; `refused(entries, message)`. */
  constructor({ url, coder, tab, told, saved, refused }) {
    Object.assign(this, { url, tab, told, saved, refused });
    this.prefix = `anjuan:unsaved:${coder}:`;
    this.waiting = new Map();
    this.sending = new Map();
    this.failures = 0;
    this.idle = Promise.resolve();
    addEventListener("online", () => this.again());
    addEventListener("pagehide", () => this.leave());
    addEventListener("beforeunload", (event) => this.unsaved && this.failures && event.preventDefault());
  }

  get unsaved() {
    return new Set([...this.waiting.keys(), ...this.sending.keys()]).size;
  }

  /** What an earlier page could not send of this judgment, to be shown and sent again. */
  left() {
    return this.stored(this.prefix + this.url);
  }

  stored(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "[]");
    } catch {
      return [];
    }
  }

  keep() {
    const entries = [...new Map([...this.sending, ...this.waiting]).values()];
    try {
      if (entries.length) localStorage.setItem(this.prefix + this.url, JSON.stringify(entries));
      else localStorage.removeItem(this.prefix + this.url);
    } catch {
      // full or forbidden: then this page alone keeps what is unsaved, and says so
    }
  }

  /** Take entries to be saved; what is still waiting of the same field is replaced. */
  add(entries) {
    for (const entry of entries) this.waiting.set(keyOf(entry), entry);
    this.keep();
    this.go();
  }

  go() {
    if (this.busy || !this.waiting.size) return;
    clearTimeout(this.timer);
    this.busy = true;
    this.idle = this.send().finally(() => {
      this.busy = false;
      if (this.waiting.size && !this.failures) this.go();
    });
  }

  post(entries, options) {
    return anjuan.post(this.url, { entries, tab: this.tab }, options);
  }

  async send() {
    this.sending = this.waiting;
    this.waiting = new Map();
    this.told(this.failures ? "offline" : "saving", this.unsaved, "");
    const entries = [...this.sending.values()];
    try {
      const answer = await this.post(entries, { signal: AbortSignal.timeout(PATIENCE) });
      this.done();
      this.saved(entries, answer);
      if (!this.waiting.size) this.told("saved", 0, "");
    } catch (error) {
      if (passes(error)) this.retry(error);
      else await this.reject(entries, error);
    }
  }

  done() {
    this.sending = new Map();
    this.failures = 0;
    this.keep();
  }

  /** The server will never take these: one by one, so that what is right is saved; a session that has ended keeps all. */
  async reject(entries, error) {
    if (ended(error)) {
      this.back();
      this.failures += 1;
      this.told("signed_out", this.unsaved, error.message);
      return;
    }
    if (entries.length === 1) this.refused(entries, error.message);
    else for (const entry of entries) await this.alone(entry);
    this.done();
    this.told(this.waiting.size ? "saving" : "saved", this.waiting.size, "");
  }

  async alone(entry) {
    try {
      this.saved([entry], await this.post([entry]));
    } catch (error) {
      if (passes(error)) this.waiting.set(keyOf(entry), this.waiting.get(keyOf(entry)) ?? entry);
      else this.refused([entry], error.message);
    }
  }

  back() {
    this.waiting = new Map([...this.sending, ...this.waiting]);
    this.sending = new Map();
    this.keep();
  }

  retry(error) {
    this.back();
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    this.told("offline", this.unsaved, error.message);
    this.timer = setTimeout(() => this.go(), wait);
  }

  again() {
    if (this.failures) this.go();
  }

  /** Resolves to whether everything is saved: what waits is sent now. */
  async flush() {
    for (let turn = 0; turn < 5 && this.unsaved; turn += 1) {
      if (!this.busy) this.go();
      await this.idle;
      if (this.failures) break;
    }
    return this.unsaved === 0;
  }

  leave() {
    if (!this.waiting.size && !this.sending.size) return;
    const entries = [...new Map([...this.sending, ...this.waiting]).values()];
    this.post(entries, { keepalive: true }).then(() => localStorage.removeItem(this.prefix + this.url), () => {});
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
