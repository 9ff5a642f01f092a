// What opened a list or a card has the focus again when that is closed. Without this script only a card closed above its list loses it.
document.addEventListener("beforetoggle", event => {
  if (event.newState === "open") event.target.opener = document.activeElement;
}, true);
document.addEventListener("toggle", event => {
  const lost = document.activeElement === document.body || event.target.contains(document.activeElement);
  if (event.newState === "closed" && lost) event.target.opener?.focus({preventScroll: true});
}, true);
