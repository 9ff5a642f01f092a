// Adjudication: decisions by key or mouse, one request each; afterwards the server's own list of questions takes the old one's place.
import { Marks } from "./code_marks.js";
import { Text } from "./code_text.js";

const page = document.getElementById("case");
const list = document.getElementById("questions");
const state = document.getElementById("state");
const notice = document.getElementById("notice");
const help = document.getElementById("help");
const text = new Text(document.getElementById("text"));
const marks = new Marks(text);
const path = `/adjudicate/${page.dataset.judgment}`;
let current = null; // {unit, variable} of the question in focus: it outlives the elements that show it
let own = []; // [start, end] chosen in the text for a value of the adjudicator's own
let unsent = 0;
let waiting = false; // the page shows an older state than the server's, because somebody is typing
let queue = Promise.resolve(); // one request at a time, in the order of the keys

const place = (card) => ({ unit: card.dataset.unit, variable: card.dataset.variable });
const isAt = (card, at) => at && card.dataset.unit === at.unit && card.dataset.variable === at.variable;
const visible = () => [...list.querySelectorAll(".card")].filter((card) => !card.closest("details:not([open])"));
const card = () => visible().find((each) => isAt(each, current)) ?? null;
const wordsOf = (element) => {
  const [start, end] = element.dataset.words.split("-").map(Number);
  return { start, end };
};

function tell(words, bad = false) {
  state.textContent = words;
  state.classList.toggle("bad", bad);
}

function warn(words) {
  notice.textContent = words;
  notice.hidden = !words;
}

/** Colour the words of the question in focus: each coder's, and those that both quote. */
function colour() {
  const answers = [...(card()?.querySelectorAll(".answer") ?? [])].map((answer) => [...answer.querySelectorAll(".quotation")].map(wordsOf));
  const key = (words) => `${words.start}-${words.end}`;
  const shared = answers.length > 1 ? answers[0].filter((words) => answers.slice(1).every((other) => other.some((each) => key(each) === key(words)))) : [];
  const known = new Set(shared.map(key));
  for (const number of [1, 2, 3]) marks.set(`coder-${number}`, (answers[number - 1] ?? []).filter((words) => !known.has(key(words))));
  marks.set("coders-both", shared);
  marks.set("own-words", own.map(([start, end]) => ({ start, end })));
}

function focus(target, scroll = true) {
  if (!target) return;
  if (!isAt(target, current)) close();
  current = place(target);
  target.focus({ preventScroll: true });
  if (scroll) target.scrollIntoView({ block: "nearest" });
  const first = target.querySelector(".answer .quotation");
  if (first) text.show(wordsOf(first).start, wordsOf(first).end);
  colour();
}

function move(step) {
  const cards = visible();
  const at = cards.findIndex((each) => isAt(each, current));
  focus(cards[at < 0 ? 0 : Math.min(Math.max(at + step, 0), cards.length - 1)]);
}

/** The next question that is open, from the one in focus on; the one in focus when none is. */
function nextOpen() {
  const cards = visible();
  const at = cards.findIndex((each) => isAt(each, current));
  const open = (each) => each.dataset.standing === "open";
  return cards.slice(at + 1).find(open) ?? cards.find(open) ?? cards[at];
}

/** Whether somebody is typing or choosing a value: then nothing on the page may be replaced. */
const busy = () => Boolean(opened()) || (list.contains(document.activeElement) && document.activeElement.matches("input"));

/** Fetch the questions as they now stand and show them in place of the old ones; folds and reasons in the making stay as they were. */
async function refresh(onwards) {
  const response = await fetch(`${path}/questions`, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(response.statusText);
  const fresh = await response.text(); // the server's own template, escaped there
  waiting = busy();
  if (waiting) return;
  const open = [...list.querySelectorAll("details[open]")].map((fold) => fold.id);
  const reasons = [...list.querySelectorAll(".card")].map((each) => [place(each), reasonOf(each)]).filter(([, reason]) => reason);
  list.innerHTML = fresh;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const [at, reason] of reasons) setReason(at, reason);
  const stays = card() ?? visible()[0];
  focus(onwards && stays?.dataset.standing !== "open" ? nextOpen() : stays);
}

const reasonOf = (from) => from.querySelector("[name=reason]")?.value ?? "";

function setReason(at, reason) {
  const input = [...list.querySelectorAll(".card")].find((each) => isAt(each, at))?.querySelector("[name=reason]");
  if (input) input.value = reason;
}

/** Show what had to wait until nobody was typing. */
function catchUp() {
  if (waiting && !busy()) queue = queue.then(() => refresh(false)).catch(() => {});
}

/** Send one write after those before it; after the last of them, show what has become of the case. */
function write(to, body, done, failed = () => {}) {
  unsent += 1;
  queue = queue.then(async () => {
    tell(page.dataset.saving);
    try {
      const answer = await anjuan.post(`${path}/${to}`, { ...body, tab: anjuan.tab }).finally(() => { unsent -= 1; });
      tell(page.dataset.saved);
      const onwards = done(answer);
      if (!unsent) await refresh(onwards);
    } catch (error) {
      tell(`${page.dataset.failed} ${error.message}`, true);
      await refresh(false).catch(() => {}); // what was shown as decided is not
      failed();
    }
  });
}

/** Save decisions and go on at once: the next key means the next question, however slow the server is. */
function decide(decisions, reason) {
  waiting = false;
  close();
  for (const each of visible().filter((one) => decisions.some((at) => isAt(one, at)))) {
    each.dataset.standing = "decided";
    setReason(place(each), "");
  }
  focus(nextOpen());
  write("decisions", { decisions, reason }, ({ saved }) => {
    const overtaken = saved.map((each) => each.overtaken).filter(Boolean);
    warn(overtaken.length ? page.dataset.overtaken.replace("%", `${overtaken[0].actor}: ${overtaken[0].values.join(", ")}`) : "");
    return true;
  }, () => decisions.length === 1 && setReason(decisions[0], reason));
}

const decision = (from, what) => ({ ...place(from), seen: Number(from.dataset.seen), ...what });

function choose(from, button) {
  if (button.classList.contains("other")) return open(from);
  const what = button.dataset.accept ? { accept: true } : { coder: button.dataset.coder };
  return decide([decision(from, what)], reasonOf(from));
}

/** Take one coder's answers for all open questions of a unit. */
function chooseWhole(group, coder) {
  const open = [...group.querySelectorAll('.card[data-standing="open"]')];
  if (open.length) decide(open.map((each) => decision(each, { coder })), "");
}

const opened = () => list.querySelector(".third:not([hidden])");

function unfold(from, open) {
  for (const part of from.querySelectorAll(".third, .save")) part.hidden = !open;
  from.querySelector(".other").setAttribute("aria-expanded", String(open));
}

function open(from) {
  close();
  unfold(from, true);
  from.querySelector(".third input").focus();
  from.scrollIntoView({ block: "nearest" });
}

function close() {
  if (!opened()) return;
  unfold(opened().closest(".card"), false);
  own = [];
  showOwn();
}

function showOwn() {
  for (const shown of list.querySelectorAll(".chosen-words")) shown.replaceChildren();
  const shown = opened()?.querySelector(".chosen-words");
  shown?.replaceChildren(...own.map(([start, end], at) => {
    const chip = Object.assign(document.createElement("button"), { type: "button", className: "quotation", textContent: `${text.words(start, end)} ×` });
    chip.title = page.dataset.remove;
    chip.addEventListener("click", () => { own.splice(at, 1); showOwn(); });
    return chip;
  }));
  colour();
}

/** Save a value of the adjudicator's own: it needs a reason. */
function settle(from) {
  const form = from.querySelector(".deciding");
  const struck = form.querySelector('[name="struck"]')?.checked ?? false;
  const typed = form.querySelector('[name="open"]');
  const values = typed ? [typed.value.trim()].filter(Boolean) : [...form.querySelectorAll('[name="value"]:checked')].map((each) => each.value);
  const reason = from.querySelector(".reason input");
  if (!values.length && !struck) return tell(page.dataset.value, true);
  if (!reason.value.trim()) {
    reason.focus();
    return tell(page.dataset.reason, true);
  }
  return decide([decision(from, struck ? { values: [] } : { values, words: own })], reason.value);
}

/** Enter in the form: save a value of one's own; a reason alone waits for the key of a coder. */
function submit(from) {
  if (opened()) settle(from);
  else from.focus();
}

/** Show the words of the question in focus, one quotation after the other. */
let shown = -1;
function nextWords() {
  const quotations = [...(card()?.querySelectorAll(".quotation") ?? [])];
  if (!quotations.length) return;
  shown = (shown + 1) % quotations.length;
  marks.flash(wordsOf(quotations[shown]));
}

/** A digit chooses a coder's answer; with shift, for the whole person; while another value is asked for, one of the values. */
function digit(number, whole) {
  const from = card();
  if (!from) return;
  if (opened()) {
    opened().querySelectorAll(".options input")[number ? number - 1 : 9]?.click();
    return;
  }
  if (whole) {
    const coder = from.closest(".group").querySelectorAll(".whole")[number - 1]?.dataset.coder;
    if (coder) chooseWhole(from.closest(".group"), coder);
    return;
  }
  const button = from.querySelectorAll(".card-head .choice")[number - 1];
  if (button) choose(from, button);
}

const KEYS = {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  r: () => card()?.querySelector(".reason input")?.focus(),
  a: () => list.querySelector(".accept-all")?.click(),
  u: () => document.getElementById("undo").click(),
  w: nextWords,
  n: () => page.dataset.behind && location.assign(`/adjudicate/${page.dataset.behind}`),
  p: () => page.dataset.before && location.assign(`/adjudicate/${page.dataset.before}`),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const typing = event.target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select");
  if (event.key === "Escape") {
    close();
    focus(card());
    catchUp();
  } else if (event.key === "Enter" && event.target.matches?.(".deciding input")) {
    submit(event.target.closest(".card"));
  } else if (typing) {
    return;
  } else if (/^Digit[0-9]$/.test(event.code)) {
    digit(Number(event.code.slice(5)), event.shiftKey);
  } else if (KEYS[event.key] && !(event.key.startsWith("Arrow") && event.target.closest?.(".deciding, .text-pane"))) {
    KEYS[event.key]();
  } else {
    return;
  }
  event.preventDefault();
});

list.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const from = event.target.closest(".card");
  if (button?.matches(".accept-all")) write("agreed", {}, () => { warn(""); return true; });
  else if (button?.matches(".whole")) chooseWhole(button.closest(".group"), button.dataset.coder);
  else if (button?.matches(".choice")) { current = place(from); choose(from, button); }
  else if (button?.matches("[data-words]")) marks.flash(wordsOf(button));
  else if (button?.matches(".cancel")) { close(); focus(from, false); catchUp(); }
  else if (from && !event.target.closest("input, label, button, summary")) focus(from, false);
});

list.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target.closest(".card"));
});

list.addEventListener("focusin", (event) => {
  const from = event.target.closest(".card");
  if (!from || isAt(from, current)) return;
  shown = -1;
  current = place(from);
  colour();
});

list.addEventListener("focusout", () => setTimeout(catchUp));

text.root.addEventListener("pointerup", () => setTimeout(() => {
  const selection = document.getSelection();
  const chosen = opened() && text.selected(selection);
  if (!chosen) return;
  own.push([chosen.start, chosen.end]);
  selection.removeAllRanges();
  showOwn();
}));

document.getElementById("undo").addEventListener("click", () => write("undo", {}, ({ undone }) => {
  warn(undone.length ? "" : page.dataset.nothing);
  if (undone.length) {
    tell(page.dataset.undone);
    current = undone[0];
  }
  return false;
}));
document.getElementById("help-open").addEventListener("click", () => help.showModal());

const named = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
if (named?.matches(".card")) {
  named.closest("details")?.setAttribute("open", "");
  focus(named);
} else focus(nextOpen() ?? visible()[0]);
