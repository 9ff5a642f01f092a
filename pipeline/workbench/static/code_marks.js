// Highlights in the text by the CSS Custom Highlight API: the page's elements stay as they are. Without it nothing is coloured.

const able = typeof Highlight === "function" && CSS.highlights;

export class Marks {
  constructor(text) {
    this.text = text;
    this.timer = 0;
  }

  /** Colour these {start, end} under `name` (see code.css), and nothing else under it. */
  set(name, places) {
    if (!able) return;
    const ranges = places.map(({ start, end }) => this.text.range(start, end)).filter(Boolean);
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
    else CSS.highlights.delete(name);
  }

  /** Show words and let them flash. */
  flash(place) {
    this.text.show(place.start, place.end);
    this.set("flash", [place]);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.set("flash", []), 1200);
  }

  /** The evidence of the field in focus, and faintly that of all others. */
  evidence(fields, current) {
    const places = (chosen) => chosen.flatMap((field) => field.entry.words.map(([start, end]) => ({ start, end })));
    this.set("evidence", places(fields.filter((field) => field !== current)));
    this.set("evidence-current", places(current ? [current] : []));
    this.set("suggested", (current?.suggestion?.words ?? []).map(([start, end]) => ({ start, end })));
  }
}
