// Scanning into a count: what a scan changes is how the count stands, and where the next scans are seen.

import { choose } from "./choosing.js";
import { takeScans } from "./sending.js";

const form = document.getElementById("scan-form");
const live = document.getElementById("live");
const { case: ofCase, slot: ofSlot } = form.elements;
const path = form.getAttribute("action").replace(/\/scans$/, "");
let pressed = null;

function placeNow() {
  return { case: ofCase.value, slot: ofSlot.value };
}

// An answer says where the next scans are seen, but not over what somebody chose since that scan was made.
function goTo(place, goes) {
  if (ofCase.value !== goes.case || ofSlot.value !== goes.slot) return;
  choose(ofCase, place.case);
  ofSlot.value = place.slot;
}

/* -- the address says it too, so that it stays when the page is loaded anew, or left and come back to ------------- */

function placed(address) {
  const url = new URL(address, location.href);
  const { case: name, slot } = placeNow();
  for (const [field, value] of [["case", name], ["slot", /^[0-9]+$/.test(slot.trim()) ? slot.trim() : ""]]) {
    if (value) url.searchParams.set(field, value);
    else url.searchParams.delete(field);
  }
  return url;
}

function keepPlace() {
  const here = placed(location.href);
  here.pathname = path;
  here.searchParams.delete("last");
  if (here.href !== location.href) history.replaceState(history.state, "", here);
  document.body.dataset.here = here.pathname + here.search;
  if (pressed) pressed.href = placed(pressed.href);
}

form.addEventListener("input", keepPlace);
window.addEventListener("pageshow", keepPlace);
// A link that is pressed while a scan is on its way waits for it; where the next is seen is said after that.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-placed]");
  if (!link) return;
  pressed = link;
  keepPlace();
}, true);

takeScans({
  form,
  root: live,
  said: placeNow,
  show(text, goes) {
    const part = document.createElement("template");
    part.innerHTML = text;
    const where = part.content.querySelector("[data-live]");
    if (!where) {
      live.querySelector("[data-live]")?.replaceChildren(part.content);
      return goes;
    }
    const next = { case: where.dataset.case, slot: where.dataset.slot };
    live.replaceChildren(part.content);
    goTo(next, goes);
    keepPlace();
    window.htmx?.process(live);
    return next;
  },
});
