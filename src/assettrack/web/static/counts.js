// Scanning into a count without waiting: what is scanned is kept on the page until the station has stored it, in order,
// once each. Every flow works without it; nothing here decides anything.

const form = document.getElementById("scan-form");
const field = document.getElementById("typed");
const pending = document.getElementById("pending");
const live = document.getElementById("live");
const KEPT = `assettrack-count ${form.getAttribute("action")}`;
const RETRY_MS = 2000;
const TONES = { ok: [[880, 90]], plain: [[660, 60]], note: [[660, 120], [660, 120]], bad: [[196, 450]] };

document.body.classList.add("has-script");

let audio = null;
function tone(kind) {
  if (localStorage.getItem("assettrack-sound") === "off" || !window.AudioContext) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [pitch, ms] of TONES[kind] ?? []) {
    const source = audio.createOscillator();
    const volume = audio.createGain();
    source.type = kind === "bad" ? "square" : "sine";
    source.frequency.value = pitch;
    volume.gain.value = 0.15;
    source.connect(volume).connect(audio.destination);
    source.start(at);
    source.stop(at + ms / 1000);
    at += (ms + 60) / 1000;
  }
}

// What waits survives a reload of the page; its name lets the station know a scan that it has stored already.
let waiting = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
let sending = false;

function keep() {
  sessionStorage.setItem(KEPT, JSON.stringify(waiting));
}

function showWaiting(lost) {
  const text = lost ? form.dataset.lost : form.dataset.pending;
  pending.hidden = waiting.length === 0 || (!lost && waiting.length < 2);
  pending.className = lost ? "bad" : "note";
  pending.textContent = text.replace("{count}", waiting.length);
}

function show(html) {
  const part = document.createElement("template");
  part.innerHTML = html;
  const where = part.content.querySelector("[data-live]");
  if (where) {
    live.replaceChildren(part.content);
    form.elements.case.value = where.dataset.case;
    form.elements.slot.value = where.dataset.slot;
    window.htmx?.process(live);
  } else {
    live.querySelector("[data-live]")?.replaceChildren(part.content);
  }
  tone(live.querySelector("[data-tone]")?.dataset.tone);
}

async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const scan = waiting[0];
    const said = { typed: scan.typed, case: form.elements.case.value, slot: form.elements.slot.value, sent_as: scan.name };
    const headers = { "X-Form-Token": document.body.dataset.formToken, "HX-Request": "true" };
    let answer = null;
    try {
      answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(said), headers });
    } catch {
      answer = null;
    }
    if (answer?.status === 401) {
      document.dispatchEvent(new CustomEvent("session-locked"));
      break;
    }
    if (!answer?.ok) {
      showWaiting(true);
      tone("bad");
      setTimeout(() => { sending = false; send(); }, RETRY_MS);
      return;
    }
    waiting.shift();
    keep();
    show(await answer.text());
    showWaiting(false);
  }
  sending = false;
}

function newName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = field.value;
  field.value = "";
  field.focus();
  if (!typed.trim()) return;
  waiting.push({ typed, name: newName() });
  keep();
  showWaiting(false);
  send();
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && !event.shiftKey && field.value.trim()) {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.addEventListener("station:unlocked", send);
window.addEventListener("beforeunload", (event) => {
  if (waiting.length) event.preventDefault();
});
send();
