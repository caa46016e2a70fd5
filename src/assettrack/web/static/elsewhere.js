// A scan that is typed where no scan belongs: into another field than the one for scans, onto a page that holds what is
// not saved yet, or while the station is locked. It is taken out of there again, and said.
// A scanner types faster than anybody, and ends with Enter or Tab: by that it is known.

import { tone } from "./sound.js";

const GAP_MS = 50;
// Nobody types where there is no field.
const GAP_OUTSIDE_MS = 300;
const LENGTH_MIN = 3;
const NO_TEXT = ["button", "submit", "reset", "file", "password", "hidden"];
const TYPED = "input:not([type=hidden], [type=search], [data-scan-field]), textarea, select";
const place = document.getElementById("elsewhere");
const stray = document.getElementById("stray");
let isCaughtByPage = false;

// What parts GS1 numbers and the records of a UII (GS, RS, EOT) is typed as Ctrl and a key, of which no field gets a
// letter, and which some browsers take for a command of their own. EOT ends an envelope, and is that of nothing else.
export function separatorOf(event, before) {
  if (!event.ctrlKey || event.altKey || event.metaKey) return "";
  if (event.key === "]" || event.code === "BracketRight") return "\x1d";
  if (event.key === "^" || (event.code === "Digit6" && event.shiftKey)) return "\x1e";
  return event.key.toLowerCase() === "d" && before.startsWith("[)>") ? "\x04" : "";
}

// What can't be seen, and may turn round what stands beside it, is shown by its number.
export function shown(typed) {
  return typed.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) => `⟨U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

export function isField(element) {
  return Boolean(element) && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
}

function isOther(element) {
  if (!/^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? "")) return false;
  return !element.matches("[data-scan-field], #search, dialog *") && !NO_TEXT.includes(element.type);
}

function begun(element, head) {
  return { element, text: "", at: 0, value: element.value, checked: element.checked, head };
}

// Some scanners stop for a moment within a scan. What came just before may be its head: then neither is a scan. One
// letter alone is somebody's who types.
function headOf(burst, event) {
  return burst?.element === event.target && burst.text.length > 1 && event.timeStamp - burst.at <= 2 * GAP_MS ? burst : null;
}

// The words of a label, without those of what it holds.
function nameOf(element) {
  const parts = [...(element.labels?.[0]?.childNodes ?? [])].filter((part) => part.nodeName === "#text" || part.nodeName === "SPAN");
  return parts.map((part) => part.textContent.trim()).find(Boolean) ?? element.getAttribute("aria-label") ?? element.name;
}

function restore({ element, value, checked }) {
  if (!isField(element)) return;
  element.value = value;
  if (checked !== undefined) element.checked = checked;
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

// Tells `done` of each burst of keys at an element that `concerns` names.
function watch(concerns, done) {
  let burst = null;
  let caughtAt = -Infinity;
  document.addEventListener("keydown", (event) => {
    const element = event.target;
    const isLetter = event.key.length === 1 && !event.repeat;
    const isEnd = event.key === "Enter" || event.key === "Tab";
    if (!concerns(element)) {
      burst = null;
      return;
    }
    // Some scanners end with two keys, CR and LF: the second must not send a form.
    if (isEnd && event.timeStamp - caughtAt <= 2 * GAP_MS) {
      event.preventDefault();
      return;
    }
    const goesOn = burst?.element === element && event.timeStamp - burst.at <= (isField(element) ? GAP_MS : GAP_OUTSIDE_MS);
    if (["Shift", "CapsLock", "AltGraph", "Control"].includes(event.key)) {
      if (goesOn && event.ctrlKey && !event.repeat) burst.at = event.timeStamp;
      return;
    }
    const isCommand = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
    const separator = goesOn ? separatorOf(event, burst.text) : "";
    if (separator) event.preventDefault();
    if (separator || (isLetter && !isCommand)) {
      caughtAt = -Infinity;
      burst = goesOn ? burst : begun(element, headOf(burst, event));
      burst.text += separator || event.key;
      burst.at = event.timeStamp;
      // It would press a button.
      if (goesOn && event.key === " " && !isField(element)) event.preventDefault();
      return;
    }
    const found = isEnd && goesOn && burst.text.length >= LENGTH_MIN ? burst : null;
    burst = null;
    if (!found) return;
    caughtAt = event.timeStamp;
    event.preventDefault();
    event.stopPropagation();
    restore(found.head ?? found);
    if (found.head) window.sayCut(found.head.text + found.text);
    else done(found);
  }, true);
}

// What was said of the last one is no news any more.
export function forget() {
  place.hidden = true;
}

// `take` is given the scan; without it the page takes none, and says so.
export function catchScans(take) {
  isCaughtByPage = true;
  watch(isOther, (found) => {
    place.textContent = place.dataset.text.replace("{scan}", () => shown(found.text)).replace("{field}", () => nameOf(found.element));
    place.hidden = false;
    tone(take ? "note" : "bad");
    take?.(found.text);
  });
}

/* -- what is not saved yet -------------------------------------------------------------------------------------- */

function isChanged(field) {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const chosen = [...field.options].some((option) => option.defaultSelected);
  return chosen ? [...field.options].some((option) => option.selected !== option.defaultSelected) : field.selectedIndex > 0;
}

// Whether a page holds something that only its form would save: what was typed, chosen or drawn, or came back refused;
// or that is being checked, which a scan that leads elsewhere would put out of sight.
export function isUnsaved(but = null) {
  if (document.querySelector("[data-unsaved]")) return true;
  const fields = [...document.querySelectorAll("main form[method=post]")].flatMap((form) => [...form.querySelectorAll(TYPED)]);
  if (fields.length && document.querySelector("main .wrong")) return true;
  return fields.some((field) => field !== but && isChanged(field));
}

// A page with a field for scans takes them there; all others do nothing with one while that would cost what is unsaved.
// `isLocked` tells whether the station is; then a scan goes nowhere on any page. No scan sends a form that is to be
// pressed: of its fields only one for a scanned text takes it, and waits for the press.
export function guardScans(isLocked) {
  const at = (element) => {
    if (isLocked()) return !isField(element);
    if (!isCaughtByPage && isField(element) && element.closest("[data-press]")) return true;
    if (document.querySelector("[data-scan-field]")) return false;
    if (isOther(element)) return !isCaughtByPage && isUnsaved(element);
    return (!isField(element) || element.id === "search") && isUnsaved();
  };
  watch(at, (found) => {
    if (!isLocked() && found.element.matches?.("[data-scanned]")) {
      stray.hidden = true;
      restore({ ...found, value: found.text });
      tone("note");
      return;
    }
    const said = isLocked() ? (document.getElementById("lock-stray") ?? stray) : stray;
    const text = isLocked() ? stray.dataset.locked : stray.dataset.text;
    (said.querySelector("span") ?? said).textContent = text.replace("{scan}", () => shown(found.text));
    said.hidden = false;
    tone("bad");
  });
}
