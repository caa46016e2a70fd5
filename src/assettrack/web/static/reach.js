// A form is sent only once the station answers: else the browser would leave the page for an error of its own.
// Without this the form is sent as it is.

import { tone } from "./sound.js";

const PATIENCE_MS = 8000;
const place = document.getElementById("unreached");
const reached = new WeakSet();
const asking = new WeakSet();

export function sayUnreached() {
  place.hidden = false;
  tone("bad");
}

async function isReached() {
  if (!navigator.onLine) return false;
  const something = document.querySelector("link[rel=icon]").href;
  const answer = await fetch(something, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  return Boolean(answer?.ok);
}

export function guardForms() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || reached.delete(form)) return;
    event.preventDefault();
    if (asking.has(form)) return;
    asking.add(form);
    const isThere = await isReached();
    asking.delete(form);
    place.hidden = isThere;
    if (!isThere) {
      sayUnreached();
      return;
    }
    reached.add(form);
    form.requestSubmit(event.submitter);
  });
}
