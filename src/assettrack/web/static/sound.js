// Tones: one for each answer, so that nobody has to look. Whoever mutes them on one page has muted them on all.

const KEPT = "assettrack-sound";
const TONES = { ok: [[880, 90]], plain: [[660, 60]], note: [[660, 120], [660, 120]], bad: [[196, 450]] };
const mute = document.getElementById("mute");
let audio = null;

function isOn() {
  return localStorage.getItem(KEPT) !== "off";
}

export function tone(kind) {
  if (!(kind in TONES)) return;
  if (!isOn() || !window.AudioContext) return;
  // Before anything is pressed on a page, a browser plays nothing.
  if (navigator.userActivation?.hasBeenActive === false) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [pitch, ms] of TONES[kind]) {
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

function show() {
  mute.hidden = false;
  mute.textContent = isOn() ? mute.dataset.on : mute.dataset.off;
  mute.setAttribute("aria-pressed", String(!isOn()));
}

if (mute) {
  mute.addEventListener("click", () => {
    localStorage.setItem(KEPT, isOn() ? "off" : "on");
    show();
    document.querySelector("[data-scan-field]")?.focus();
  });
  show();
}
