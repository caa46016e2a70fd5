// Scanning into a count: what a scan changes is how the count stands, and where the next scans are seen.

import { takeScans } from "./sending.js";

const form = document.getElementById("scan-form");
const live = document.getElementById("live");

takeScans({
  form,
  root: live,
  said: () => ({ case: form.elements.case.value, slot: form.elements.slot.value }),
  show(text) {
    const part = document.createElement("template");
    part.innerHTML = text;
    const where = part.content.querySelector("[data-live]");
    if (where) {
      live.replaceChildren(part.content);
      form.elements.case.value = where.dataset.case;
      form.elements.slot.value = where.dataset.slot;
      window.htmx?.process(live);
    } else {
      live.querySelector("[data-live]")?.replaceChildren(part.content);
    }
  },
});
