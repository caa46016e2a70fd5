// A form is sent only once the station answers: else the browser would leave the page for an error of its own. And
// neither a form nor a link leaves the page while a scan is being typed there, or is on its way to the station.
// Without this both do what they say at once.

import { tone } from "./sound.js";

const PATIENCE_MS = 8000;
const LOOK_MS = 10;
const place = document.getElementById("unreached");
const passed = new WeakSet();
const asking = new WeakSet();
let isLeaving = false;

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

// What waits and can't be sent is kept beyond the page: nothing waits for that.
function isScanUnderWay() {
  return Boolean(window.isScanUnderWay?.()) || document.body.hasAttribute("data-sending");
}

async function scanStored() {
  const until = performance.now() + PATIENCE_MS;
  while (isScanUnderWay() && performance.now() < until) await new Promise((go) => { setTimeout(go, LOOK_MS); });
}

// The answer to a scan may have put another list in the place of the one that a form was on: it says what it said. A
// button that stands elsewhere and belongs to that form by its name belongs to the one of the list that is shown now.
function send(asked, submitter) {
  const form = submitter?.form ?? asked;
  passed.add(form);
  if (!form.isConnected) {
    form.hidden = true;
    document.body.append(form);
  }
  form.requestSubmit(submitter?.form === form ? submitter : null);
}

export function guardForms() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const isPost = form.method === "post";
    if (event.defaultPrevented || passed.delete(form) || !(isPost || isScanUnderWay())) return;
    event.preventDefault();
    if (asking.has(form)) return;
    asking.add(form);
    const isThere = !isPost || await isReached();
    if (isThere) await scanStored();
    asking.delete(form);
    place.hidden = isThere;
    if (isThere) send(form, event.submitter);
    else sayUnreached();
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    const isHere = !link || link.target || link.hasAttribute("download") || link.getAttribute("href").startsWith("#");
    if (isHere || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !isScanUnderWay()) return;
    event.preventDefault();
    if (isLeaving) return;
    isLeaving = true;
    await scanStored();
    isLeaving = false;
    location.assign(link.href);
  });
}
