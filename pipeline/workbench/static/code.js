// The coding page: joins text, form, saving, keys and clock.

import { Actions } from "./code_actions.js";
import { Chips } from "./code_chips.js";
import { Evidence } from "./code_evidence.js";
import { Finishing } from "./code_finishing.js";
import { Form } from "./code_form.js";
import { Keys } from "./code_keys.js";
import { Marks } from "./code_marks.js";
import { Notices } from "./code_notices.js";
import { Saving } from "./code_saving.js";
import { Search } from "./code_search.js";
import { Text } from "./code_text.js";
import { Clock } from "./code_time.js";
import { Typing } from "./code_typing.js";
import { Words } from "./code_words.js";

const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
// One identity for each opened page: a duplicated tab would share what is kept in sessionStorage.
const tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const text = new Text($("text"));
const marks = new Marks(text);
const notices = new Notices(data.words);
const saving = new Saving({
  url: `${data.url}/entries`,
  coder: data.coder,
  tab,
  told: (state, unsaved, message) => notices.saving(state, unsaved, message),
  saved: (entries, answer) => actions.saved(entries, answer),
  refused: (entries, message) => actions.refused(entries, message),
});
const chips = new Chips(text, data.words, {
  flash: (place) => marks.flash(place),
  detach: (field, words) => form.act(field, (each) => each.detach(...words)),
  drop: (field, value) => form.act(field, (each) => each.choose(value)),
  accept: (field) => actions.accept(field),
});
const form = new Form($("form"), data, chips);
const search = new Search($("search"), text, marks);
const typing = new Typing(form);
const words = new Words(text, form);
const finishing = new Finishing({ data, saving, form, notices, typing });
const actions = new Actions({ data, tab, text, marks, notices, saving, form, typing, finishing });
const evidence = new Evidence(text, (selected, before) => words.attach(selected, before));
const help = $("help");

form.changed = (fields) => actions.changed(fields);
form.focused = (field) => actions.focused(field);
actions.listen();
for (const dialog of [help, $("warning")]) dialog.querySelector("[data-way='back']").addEventListener("click", () => dialog.close());
$("help-button").addEventListener("click", () => help.showModal());

new Keys(
  {
    digit: (key) => actions.digit(key),
    clear: () => actions.clear(),
    j: () => form.step(1),
    k: () => form.step(-1),
    n: () => finishing.go("next"),
    p: () => finishing.go("previous"),
    finish: () => finishing.finish(),
    u: () => actions.undo(),
    undo: () => actions.undo(),
    x: () => actions.unsure(),
    d: () => actions.silence(),
    e: () => actions.accept(form.current),
    m: () => typing.note(),
    i: () => typing.begin(form.current),
    leave: () => typing.leave(),
    entered: () => typing.entered(),
    number: (key) => typing.leaveFor(key === "j" ? 1 : -1),
    v: () => form.newPerson("victim"),
    b: () => form.newPerson("defendant"),
    a: () => evidence.take(),
    search: () => search.open(),
    escape: () => words.takeBack(evidence.live) || search.find(""),
    help: () => help.showModal(),
    "[": () => actions.section(-1),
    "]": () => actions.section(1),
    " ": () => actions.page(1),
    "shift  ": () => actions.page(-1),
    ArrowRight: () => actions.arrow(1),
    ArrowLeft: () => actions.arrow(-1),
  },
  () => Boolean(document.querySelector("dialog[open]")),
);
new Clock((seconds, leaving) => anjuan.post(`${data.url}/time`, { seconds }, { keepalive: leaving }).then(() => true, () => false));

actions.resume();
form.turn(form.visible().find((field) => field.empty) ?? form.visible()[0]);
form.current?.element.scrollIntoView({ block: "nearest" });
document.documentElement.dataset.ready = "yes";
