// Scanning without waiting: what is scanned is kept on the page until the station has stored it, in order, once each.
// Every flow works without it; nothing here decides anything.

import { catchScans, forget, separatorOf } from "./elsewhere.js";
import { keepRefused, keyOf } from "./refused.js";
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

// `form` has the field for scans; `root` is where an answer is shown. `said` returns what the page's controls say at the
// moment of a scan, which goes along with it. `show` shows an answer in a way of the page's own, given with which the
// scan went, and returns what the answer says of the next, where the controls may say otherwise.
export function takeScans({ form, root, said = () => ({}), show = () => { } }) {
  const field = form.querySelector("[data-scan-field]");
  const action = form.getAttribute("action");
  const key = keyOf("waiting", action);
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

  // A scan goes where the page shows it when it is made, also from a page that is loaded anew since. One that is made
  // while the page shows the same as for the one before, whose answer is not there yet, goes where that answer says;
  // not one that somebody chose another place for meanwhile: that is its own.
  function add(scans) {
    for (const { typed, name, at } of scans) {
      const goes = shownNow();
      const isOwn = waiting.length > 0 && JSON.stringify(waiting.at(-1).goes) !== JSON.stringify(goes);
      waiting.push({ typed, name, at, goes, isOwn });
    }
    keep();
    showWaiting(false);
    send();
  }

  // The station answered, and took them not: its page says why.
  const keepAsRefused = keepRefused(keyOf("refused", action), add);

  // What would go where the answer says goes nowhere without one.
  function refuse(scan, text) {
    keepAsRefused(scan, text);
    while (waiting.length && !waiting[0].isOwn) keepAsRefused(waiting.shift(), text);
    tone("bad");
  }

  function goOn(next) {
    for (const behind of waiting) {
      if (behind.isOwn) return;
      behind.goes = next;
    }
  }

  function showAnswer(scan, text, isOk) {
    if (!isOk && /<html/i.test(text)) {
      refuse(scan, text);
      return;
    }
    const next = show(text, scan.goes) ?? shownNow();
    const refusal = root.querySelector("[data-refused]");
    if (refusal) {
      refuse(scan, refusal.innerHTML);
      return;
    }
    goOn(next);
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
