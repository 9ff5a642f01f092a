// Screening: y and n decide, s puts off, u takes back. The next card is already in the page, so it appears at once.
"use strict";

(() => {
  const place = document.getElementById("cards");
  const notice = document.getElementById("notice");
  const skipped = [];
  const decided = new Set(); // what an answer that was on its way may still name
  let began = performance.now();
  let busy = Promise.resolve(); // requests go out one after the other, in the order of the keys

  const all = () => Array.from(place.children);
  const current = () => place.firstElementChild;

  function show() {
    all().forEach((card, index) => { card.hidden = index > 0; });
    document.getElementById("done").hidden = Boolean(current());
    began = performance.now();
    window.scrollTo(0, 0);
  }

  function add(card) {
    if (decided.has(card.id) || all().some((held) => held.dataset.id === card.id)) return;
    const made = document.createElement("div");
    made.className = "card";
    made.dataset.id = card.id;
    made.hidden = true;
    made.innerHTML = card.html; // made and escaped by the server
    place.append(made);
  }

  /** Take over the server's order for all cards but the one that is being read. */
  function take(answer, keepFirst = true) {
    document.getElementById("panel").innerHTML = answer.panel;
    answer.cards.forEach(add);
    const reading = keepFirst && current();
    const rank = (card) => (card === reading ? -1 : answer.order.indexOf(card.dataset.id));
    const wanted = all().filter((card) => card === reading || answer.order.includes(card.dataset.id)).sort((a, b) => rank(a) - rank(b));
    const before = current();
    place.replaceChildren(...wanted);
    if (current() !== before || !before) show();
  }

  function queue(work, failed) {
    busy = busy.then(work).catch((error) => {
      notice.textContent = error.message;
      notice.hidden = false;
      failed?.();
    });
  }

  function decide(inScope) {
    const card = current();
    if (!card) return;
    const id = card.dataset.id;
    const seconds = (performance.now() - began) / 1000;
    decided.add(id);
    card.remove();
    show();
    queue(
      async () => {
        const held = all().map((other) => other.dataset.id).slice(0, 6);
        const answer = await anjuan.post(`/screen/${id}`, { in_scope: inScope, seconds, tab: anjuan.tab, skipped, held });
        notice.hidden = true;
        take(answer);
      },
      () => {
        decided.delete(id);
        place.prepend(card);
        show();
      },
    );
  }

  function skip() {
    const card = current();
    if (!card) return;
    skipped.splice(0, skipped.length, ...skipped.filter((id) => id !== card.dataset.id).slice(-199), card.dataset.id);
    card.remove();
    show();
    queue(async () => {
      const query = skipped.map((id) => `skipped=${encodeURIComponent(id)}`).join("&");
      const response = await fetch(`/screen/cards?${query}`, { headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      take(answer);
    });
  }

  function undo() {
    queue(async () => {
      const answer = await anjuan.post("/screen/undo", { tab: anjuan.tab });
      notice.hidden = true;
      if (!answer.undone) return;
      decided.delete(answer.undone);
      place.replaceChildren();
      answer.order = [answer.undone, ...answer.order.filter((id) => id !== answer.undone)];
      take(answer, false);
      show();
    });
  }

  const acts = { yes: () => decide(true), no: () => decide(false), skip, undo };
  document.querySelectorAll("[data-act]").forEach((button) => button.addEventListener("click", () => acts[button.dataset.act]()));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest("input, textarea, select")) return;
    const act = { y: "yes", n: "no", s: "skip", u: "undo" }[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      acts[act]();
    }
  });
})();
