// Scanning without waiting: what is scanned is kept on the page until the station has stored it, in order, once each.
// Every flow works without it; nothing here decides anything.

import { catchScans, forget, separatorOf } from "./elsewhere.js";
import { keepRefused } from "./refused.js";
import { tone } from "./sound.js";

const RETRY_MS = 2000;
const PATIENCE_MS = 20000;
const TOO_OFTEN = 429;
const plurals = new Intl.PluralRules(document.documentElement.lang);
const region = document.getElementById("sending");

document.body.classList.add("has-script");

// Goes on by itself, whatever is done to the clock, and over a page that is loaded anew.
const now = () => performance.timeOrigin + performance.now();

function newName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What is not the next person's stays with whoever scanned it.
function keyOf(kind, form) {
  const person = document.querySelector("#lock-form [name=username]")?.value ?? "";
  return `assettrack-${kind} ${form.getAttribute("action")} ${person}`;
}

// `form` has the field for scans; `root` is where an answer is shown. `said` returns what goes along with a scan at the
// moment it is sent, and `show` shows an answer in a way of the page's own.
export function takeScans({ form, root, said = () => ({}), show = () => { } }) {
  const field = form.querySelector("[data-scan-field]");
  const key = keyOf("waiting", form);
  const waiting = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  let sending = false;

  function keep() {
    sessionStorage.setItem(key, JSON.stringify(waiting));
  }

  function showWaiting(isLost) {
    const count = waiting.length;
    const formOf = (kind) => region.dataset[`${kind}${plurals.select(count) === "one" ? "One" : "Other"}`];
    region.hidden = count === 0 || (!isLost && count < 2);
    region.className = isLost ? "bad" : "note";
    region.textContent = formOf(isLost ? "lost" : "pending").replace("{count}", count);
    document.body.toggleAttribute("data-sending", count > 0 && !isLost);
  }

  // Where the next scan goes, as the page shows it by now.
  function shownNow() {
    const shown = root.querySelector("[data-shown]")?.dataset.shown;
    return { ...said(), ...(shown === undefined ? {} : { shown }) };
  }

  // A scan goes where the page shows it when it is made, also from a page that is loaded anew since; one that waits
  // behind others, where the answer to the last of them shows it.
  function add(scans) {
    waiting.push(...scans.map(({ typed, name, at }) => ({ typed, name, at })));
    waiting[0].goes ??= shownNow();
    keep();
    showWaiting(false);
    send();
  }

  // The station answered, and took them not: its page says why.
  const keepAsRefused = keepRefused(keyOf("refused", form), add);

  // What waits behind a scan that would go elsewhere was made on the page that showed the same.
  function refuse(scan, text) {
    keepAsRefused(scan, text);
    for (const behind of waiting.splice(0)) keepAsRefused(behind, text);
    tone("bad");
  }

  function showAnswer(scan, text, isOk) {
    if (!isOk && /<html/i.test(text)) {
      keepAsRefused(scan, text);
      tone("bad");
      return;
    }
    show(text);
    const refusal = root.querySelector("[data-refused]");
    if (refusal) {
      refuse(scan, refusal.innerHTML);
      return;
    }
    tone(root.querySelector("[data-tone]")?.dataset.tone);
    if (!waiting.length && !field.value) root.querySelector("[data-focus]")?.focus();
  }

  async function sent(scan) {
    const waited = Math.max(0, Math.round(now() - (scan.at ?? now())));
    const body = new URLSearchParams({ typed: scan.typed, sent_as: scan.name, waited, ...scan.goes });
    const headers = { "X-Form-Token": document.body.dataset.formToken, "HX-Request": "true" };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers, signal });
      return { status: answer.status, isOk: answer.ok, text: await answer.text(), elsewhere: answer.headers.get("HX-Redirect") };
    } catch {
      return null;
    }
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (waiting.length) {
      const scan = waiting[0];
      const answer = await sent(scan);
      if (answer?.status === 401) {
        document.dispatchEvent(new CustomEvent("session-locked", { detail: { elsewhere: answer.elsewhere } }));
        document.body.removeAttribute("data-sending");
        break;
      }
      if (!answer || answer.status >= 500 || answer.status === TOO_OFTEN) {
        showWaiting(true);
        tone("bad");
        setTimeout(() => { sending = false; send(); }, RETRY_MS);
        return;
      }
      waiting.shift();
      showAnswer(scan, answer.text, answer.isOk);
      if (waiting.length) waiting[0].goes = shownNow();
      keep();
      showWaiting(false);
    }
    sending = false;
  }

  function take(typed) {
    if (!typed.trim()) return;
    add([{ typed, name: newName(), at: now() }]);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = field.value;
    field.value = "";
    field.focus();
    forget();
    take(typed);
  });
  field.addEventListener("keydown", (event) => {
    const separator = separatorOf(event, field.value);
    if (separator) {
      event.preventDefault();
      field.setRangeText(separator, field.selectionStart, field.selectionEnd, "end");
    }
    if (event.key === "Tab" && !event.shiftKey && field.value.trim()) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  // A field of one line loses the ends of lines when it is pasted into: each line is a scan of its own.
  field.addEventListener("paste", (event) => {
    const lines = (event.clipboardData?.getData("text") ?? "").split(/[\r\n\t]+/).filter((line) => line.trim());
    if (lines.length < 2) return;
    event.preventDefault();
    lines.forEach(take);
  });
  catchScans((typed) => {
    field.focus();
    take(typed);
  });
  document.addEventListener("station:unlocked", send);
  // What waits is kept beyond the page; it is only asked about where somebody leaves who need not.
  let isLeft = false;
  document.addEventListener("station:left", () => { isLeft = true; });
  window.addEventListener("beforeunload", (event) => {
    if (waiting.length && !isLeft) event.preventDefault();
  });
  showWaiting(false);
  send();
}
