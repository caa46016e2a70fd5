// A scan that is typed into a field that takes scans, and in which something stands: it takes its place, and is never
// joined to it. It sends nothing.
// A scanner types faster than anybody, and ends with Enter or Tab: by that it is known.

import { separatorOf } from "./elsewhere.js";

const TAKES = "[data-scan-field], #search, [data-scanned], form[method=get] input";
// Nobody types faster, from the first key to the last; a busy computer or a radio holds one up so long at most.
const SCANNER_MS = 50;
const GAP_MS = 150;
const LENGTH_MIN = 3;
// Nobody scans, so soon after typing; a scanner may stutter so long.
const STUTTER_MS = 1000;
let run = null;

function isFast({ from, at, count }) {
  return count > 1 && at - from <= SCANNER_MS * (count - 1);
}

function takes(element) {
  return Boolean(element?.matches?.(TAKES)) && element.selectionStart !== null && element.selectionStart !== undefined;
}

function begun(field, at) {
  const before = run && run.field === field && at - run.at <= STUTTER_MS ? run : null;
  return { field, from: at, at, count: 0, stood: field.value, start: field.selectionStart, end: field.selectionEnd, before };
}

function isLetter(event) {
  const isCommand = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
  return event.key.length === 1 && !event.repeat && (!isCommand || separatorOf(event, event.target.value ?? "") !== "");
}

// Of a key that leads into the field the letter comes there.
function note(event) {
  const field = document.activeElement;
  if (!isLetter(event) || !takes(field) || event.timeStamp === run?.at) return;
  if (run?.field !== field || event.timeStamp - run.at > GAP_MS) run = begun(field, event.timeStamp);
  run.at = event.timeStamp;
  run.count += 1;
}

// Returns what came into the field since, or blank where that can't be told.
function typedIn({ field, stood, start, end }) {
  const { value } = field;
  const [head, tail] = [stood.slice(0, start), stood.slice(end)];
  const isAround = value.length >= head.length + tail.length && value.startsWith(head) && value.endsWith(tail);
  return isAround ? value.slice(head.length, value.length - tail.length) : "";
}

function write(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function end(event) {
  const found = run;
  run = null;
  if (found === null || found.field !== event.target || event.timeStamp - found.at > GAP_MS) return;
  if (found.count < LENGTH_MIN || !isFast(found)) return;
  const typed = typedIn(found);
  if (!typed || typed === found.field.value) return;
  if (!found.before) {
    write(found.field, typed);
  } else if (!isFast(found.before)) {
    // Nobody can tell whether what came just before is the scan's, or somebody's who types: it is not taken.
    event.preventDefault();
    event.stopImmediatePropagation();
    window.sayCut(found.field.value);
    write(found.field, found.stood);
  }
}

export function replaceByScans() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Tab") end(event);
    else note(event);
  }, true);
  document.addEventListener("keydown", note);
}
