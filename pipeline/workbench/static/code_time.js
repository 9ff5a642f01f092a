// Time of work on a judgment: seconds in which the page is in view and the coder was active within the last minute.

const IDLE = 60_000;
const EVERY = 15_000;

export class Clock {
  /** `send(seconds, leaving)` tells the server; it answers a promise of whether that worked. */
  constructor(send) {
    this.send = send;
    this.seconds = 0;
    this.active = this.last = performance.now();
    for (const kind of ["pointermove", "pointerdown", "keydown", "wheel", "touchmove"]) {
      addEventListener(kind, () => this.touch(), { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => this.turn());
    addEventListener("pagehide", () => this.report(true));
    setInterval(() => this.report(false), EVERY);
  }

  touch() {
    this.tick();
    this.active = performance.now();
  }

  /** Count the time since the last look, as far as it was active. */
  tick() {
    const now = performance.now();
    const until = Math.min(now, this.active + IDLE);
    if (!this.hidden) this.seconds += Math.max(0, until - this.last) / 1000;
    this.last = now;
  }

  turn() {
    this.tick();
    this.hidden = document.visibilityState === "hidden";
    if (this.hidden) this.report(true);
  }

  async report(leaving) {
    this.tick();
    const seconds = Math.round(this.seconds * 10) / 10;
    if (seconds <= 0) return;
    this.seconds -= seconds;
    if (!(await this.send(seconds, leaving))) this.seconds += seconds;
  }
}
