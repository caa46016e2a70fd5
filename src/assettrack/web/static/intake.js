// Scanning without waiting: what is scanned is kept on the page until the station has stored it, in order, once each.

const form = document.getElementById("scan-form");
const field = document.getElementById("typed");
const pending = document.getElementById("pending");
const queue = document.getElementById("queue");
const mute = document.getElementById("mute");
const KEPT = "assettrack-waiting";
const RETRY_MS = 2000;

document.body.classList.add("has-script");

/* -- tones: one for each answer, so that nobody has to look --------------------------------------------------- */

const TONES = { ok: [[880, 90]], plain: [[660, 60]], note: [[660, 120], [660, 120]], bad: [[196, 450]] };
let sound = localStorage.getItem("assettrack-sound") !== "off";
let audio = null;

function tone(kind) {
  if (!sound || !window.AudioContext) return;
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

function showSound() {
  mute.hidden = false;
  mute.textContent = sound ? mute.dataset.on : mute.dataset.off;
  mute.setAttribute("aria-pressed", String(!sound));
}
mute.addEventListener("click", () => {
  sound = !sound;
  localStorage.setItem("assettrack-sound", sound ? "on" : "off");
  showSound();
  field.focus();
});
showSound();

/* -- sending --------------------------------------------------------------------------------------------------- */

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

// A scanned label or card says what the next scans mean; the form by hand must not take that back unseen.
function showContext() {
  const now = queue.querySelector("[data-context]").dataset;
  const hand = document.querySelector("form[action='/intake/context']");
  hand.elements.case_name.value = now.case;
  hand.elements.slot_position.value = now.slot;
  hand.elements.holder.value = now.holder;
  hand.elements.event_type.value = now.event;
}

async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const scan = waiting[0];
    const body = new URLSearchParams({ typed: scan.typed, sent_as: scan.name });
    const headers = { "X-Form-Token": document.body.dataset.formToken, "HX-Request": "true" };
    let answer = null;
    try {
      answer = await fetch("/intake/scans", { method: "POST", body, headers });
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
    queue.innerHTML = await answer.text();
    showContext();
    tone(queue.querySelector("[data-tone]")?.dataset.tone);
    showWaiting(false);
  }
  sending = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = field.value;
  field.value = "";
  field.focus();
  if (!typed.trim()) return;
  waiting.push({ typed, name: crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}` });
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
field.addEventListener("paste", () => setTimeout(() => {
  if (/[\r\n]/.test(field.value)) form.requestSubmit();
}));
document.addEventListener("station:unlocked", send);
window.addEventListener("beforeunload", (event) => {
  if (waiting.length) event.preventDefault();
});
send();
