// What every page does in the browser: the idle lock, where a scan lands, and where the focus goes.
// Every flow works without it; nothing here decides anything.

import { guardScans, isField, isUnsaved } from "./elsewhere.js";
import { guardForms, sayUnreached } from "./reach.js";
import { replaceByScans } from "./replacing.js";
import { tone } from "./sound.js";

const body = document.body;
const token = body.dataset.formToken;

/* -- forms sent by htmx carry the session's token ------------------------------------------------------------- */

document.addEventListener("htmx:configRequest", (event) => {
  if (token) event.detail.headers["X-Form-Token"] = token;
});

/* -- the idle lock -------------------------------------------------------------------------------------------- */

const WARN_SECONDS = 10;
const TELL_EVERY_MS = 20000;
const idle = document.getElementById("idle");
const lock = document.getElementById("lock");
const warning = document.getElementById("idle-warning");
const idleSeconds = Number(body.dataset.idleLeft || 0);
let deadline = performance.now() + idleSeconds * 1000;
let told = performance.now();
let locked = false;

function secondsLeft() {
  return Math.ceil((deadline - performance.now()) / 1000);
}

function showLeft() {
  if (!idle || locked) return;
  const left = Math.max(0, secondsLeft());
  const minutes = Math.floor(left / 60);
  idle.textContent = idle.dataset.text.replace("{time}", `${minutes}:${String(left % 60).padStart(2, "0")}`);
  idle.classList.toggle("soon", left < WARN_SECONDS);
  warning.hidden = left >= WARN_SECONDS || left === 0;
  if (left === 0) lockPage();
}

function lockPage() {
  locked = true;
  const stray = document.getElementById("lock-stray");
  if (stray) stray.hidden = true;
  warning.hidden = true;
  idle.textContent = "";
  for (const part of ["main", "header", "nav"]) {
    for (const element of document.querySelectorAll(part)) element.inert = true;
  }
  if (!lock.open) lock.showModal();
}

// The session is over, or its account is not active any more: no password opens it again, and none is asked for. The
// page stays as it is below, with all that was typed there, until somebody goes on.
function endPage(elsewhere) {
  lockPage();
  for (const id of ["lock-title", "lock-about"]) {
    const said = document.getElementById(id);
    said.textContent = said.dataset.ended;
  }
  document.getElementById("lock-form").hidden = true;
  const way = document.getElementById("lock-way");
  way.hidden = false;
  way.querySelector("button").onclick = () => leaveFor(elsewhere);
  const stray = document.getElementById("stray");
  stray.dataset.locked = stray.dataset.ended;
}

function stopPage(elsewhere) {
  if (elsewhere) endPage(elsewhere);
  else lockPage();
}

function unlockPage() {
  locked = false;
  deadline = performance.now() + idleSeconds * 1000;
  for (const element of document.querySelectorAll("[inert]")) element.inert = false;
  lock.close();
  showLeft();
  document.dispatchEvent(new CustomEvent("station:unlocked"));
}

// The session is over: no password opens it again. What the station keeps of the page is there after signing in.
function leaveFor(path) {
  document.dispatchEvent(new CustomEvent("station:left"));
  location.assign(`${path}${path.includes("?") ? "&" : "?"}next=${encodeURIComponent(body.dataset.here || "/")}`);
}

// A page asks as a part of one does: it is told of a session that ended, and not led away from it unseen.
function ask(path, fields = "") {
  const headers = { "X-Form-Token": token, "HX-Request": "true" };
  return fetch(path, { method: "POST", headers, body: new URLSearchParams(fields) }).catch(() => null);
}

async function atWork() {
  if (locked || !idle) return;
  if (performance.now() - told < TELL_EVERY_MS) return;
  told = performance.now();
  deadline = performance.now() + idleSeconds * 1000;
  const answer = await ask("/still-here");
  if (answer && answer.ok) deadline = performance.now() + Number(await answer.text()) * 1000;
  else if (answer && answer.status === 401) stopPage(answer.headers.get("HX-Redirect"));
}

if (idle) {
  setInterval(showLeft, 500);
  showLeft();
  for (const kind of ["keydown", "pointerdown", "input"]) document.addEventListener(kind, atWork, { passive: true });
  document.addEventListener("session-locked", (event) => stopPage(event.detail?.elsewhere));
  // Locking by hand is as the lock that comes by itself: over the page, which stays as it is below.
  document.querySelector("form[action='/lock']")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const answer = await fetch("/lock", { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => null);
    if (!answer) sayUnreached();
    else if (answer.type === "opaqueredirect") lockPage();
    else location.reload();
  });
  // Escape would close the dialog, and with it nothing but the sight of the lock.
  lock.addEventListener("cancel", (event) => event.preventDefault());
  document.getElementById("lock-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = document.getElementById("lock-failed");
    const form = event.currentTarget;
    const answer = await ask("/unlock", new FormData(form));
    form.querySelector("[name=password]").value = "";
    const elsewhere = answer?.headers.get("HX-Redirect");
    if (elsewhere) {
      leaveFor(elsewhere);
    } else if (answer?.ok) {
      failed.textContent = "";
      unlockPage();
    } else if (answer) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      failed.textContent = page.querySelector(".wrong p")?.textContent ?? "";
      if (!failed.textContent) location.reload();
    }
  });
}

/* -- the focus ------------------------------------------------------------------------------------------------ */

const search = document.getElementById("search");
const first = document.querySelector("[data-focus]");
if (first) first.focus();

// A scanner types wherever the focus is. What is typed outside any field goes into the page's scan field, or else
// into the search-anything field; "/" alone focuses that one. No printable key does anything else.
document.addEventListener("keydown", (event) => {
  if (locked || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isField(document.activeElement)) return;
  if (event.key.length !== 1 || event.key === " ") return;
  const field = document.querySelector("[data-scan-field]") || search;
  if (!field) return;
  // What is typed in the search leaves the page: not by itself where something on it is not saved yet.
  if (field === search && event.key !== "/" && isUnsaved()) return;
  if (event.key === "/" && field === search) event.preventDefault();
  field.focus();
  field.select();
});
replaceByScans();

guardScans(() => locked || Boolean(document.getElementById("is-locked")));
guardForms();
if (!document.getElementById("cut").hidden) tone("bad");
document.addEventListener("station:cut", () => tone("bad"));
