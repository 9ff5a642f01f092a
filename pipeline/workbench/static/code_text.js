// Places in the judgment's text. The page counts as the browser does (UTF-16), the database in characters (code points):
// whatever leaves this module counts characters of the whole text.

function codePoints(words) {
  let count = 0;
  for (let at = 0; at < words.length; at += words.codePointAt(at) > 0xffff ? 2 : 1) count += 1;
  return count;
}

/** The UTF-16 place of every character, and of the end. */
function placesOf(words) {
  const places = [];
  for (let at = 0; at < words.length; at += words.codePointAt(at) > 0xffff ? 2 : 1) places.push(at);
  return Uint32Array.from([...places, words.length]);
}

/** How many of the rising numbers are smaller than `wanted`. */
function below(count, number, wanted) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (number(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

class Block {
  constructor(element) {
    element.normalize(); // parsers cut long texts in pieces
    this.node = element.firstChild;
    this.start = Number(element.dataset.start);
    this.characters = codePoints(this.node.data);
    this.end = this.start + this.characters;
    this.plain = this.characters === this.node.data.length; // no astral character: both counts are the same
  }

  get places() {
    this.kept ??= placesOf(this.node.data);
    return this.kept;
  }

  /** Characters before the UTF-16 place; between the halves of a pair, the pair counts only where `end` is asked for. */
  offset(units, end) {
    if (this.plain) return this.start + units;
    const { places } = this;
    const at = below(places.length, (index) => places[index], units);
    return this.start + (places[at] === units || end ? at : at - 1);
  }

  /** The UTF-16 place of a character of the text. */
  units(offset) {
    const inside = Math.min(Math.max(offset - this.start, 0), this.characters);
    return this.plain ? inside : this.places[inside];
  }
}

export class Text {
  constructor(root) {
    this.root = root;
    this.blocks = [...root.querySelectorAll("[data-start]")].map((element) => new Block(element));
    this.byNode = new Map(this.blocks.map((block) => [block.node, block]));
  }

  /** {start, end} of what is selected of the text, or null. */
  selected(selection) {
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.root)) return null;
    const start = this.offset(range.startContainer, range.startOffset, false);
    const end = this.offset(range.endContainer, range.endOffset, true);
    return start !== null && end !== null && start < end ? { start, end } : null;
  }

  /** The place of a DOM point. Between blocks: the next block's beginning, or (`end`) the end of the block before. */
  offset(node, at, end) {
    const block = this.byNode.get(node);
    if (block && !(end && at === 0)) return block.offset(at, end);
    const next = this.firstBehind(node, at);
    if (end) return next > 0 ? this.blocks[next - 1].end : null;
    return next < this.blocks.length ? this.blocks[next].start : null;
  }

  firstBehind(node, at) {
    const point = document.createRange();
    point.setStart(node, at);
    const before = (index) => point.comparePoint(this.blocks[index].node, 0);
    return below(this.blocks.length, before, 0);
  }

  blockAt(offset) {
    return this.blocks[Math.max(below(this.blocks.length, (index) => this.blocks[index].start, offset + 1) - 1, 0)];
  }

  /** A DOM range over text[start:end], or null where nothing of it is shown. */
  range(start, end) {
    if (!this.blocks.length || end <= start) return null;
    const [first, last] = [this.blockAt(start), this.blockAt(end - 1)];
    const range = new Range();
    range.setStart(first.node, first.units(start));
    range.setEnd(last.node, last.units(end));
    return range.collapsed ? null : range;
  }

  /** The words as the page shows them. */
  words(start, end) {
    return this.range(start, end)?.toString() ?? "";
  }

  /** Bring words into view, a third from above; nothing moves where they are in view. */
  show(start, end) {
    const range = this.range(start, end);
    if (!range) return;
    const [words, pane] = [range.getBoundingClientRect(), this.root.getBoundingClientRect()];
    if (words.top >= pane.top + 30 && words.bottom <= pane.bottom - 10) return;
    this.root.scrollTop += words.top - pane.top - pane.height / 3;
  }
}
