// A scan that is typed into another field than the one for scans: it is taken out of there again, and said.
// A scanner types faster than anybody, and ends with Enter or Tab: by that it is known.

import { tone } from "./sound.js";

const GAP_MS = 50;
const LENGTH_MIN = 3;
const NO_TEXT = ["button", "submit", "reset", "file", "password", "hidden"];
const place = document.getElementById("elsewhere");

function isOther(element) {
  if (!/^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? "")) return false;
  return !element.matches("[data-scan-field], #search, dialog *") && !NO_TEXT.includes(element.type);
}

function begun(element) {
  return { element, text: "", at: 0, value: element.value, checked: element.checked };
}

// The words of a label, without those of what it holds.
function nameOf(element) {
  const parts = [...(element.labels?.[0]?.childNodes ?? [])].filter((part) => part.nodeName === "#text" || part.nodeName === "SPAN");
  return parts.map((part) => part.textContent.trim()).find(Boolean) ?? element.getAttribute("aria-label") ?? element.name;
}

// What was said of the last one is no news any more.
export function forget() {
  place.hidden = true;
}

// `take` is given the scan; without it the page takes none, and says so.
export function catchScans(take) {
  let burst = null;
  let caughtAt = -Infinity;
  document.addEventListener("keydown", (event) => {
    const element = event.target;
    const isLetter = event.key.length === 1 && !event.repeat;
    const isEnd = event.key === "Enter" || event.key === "Tab";
    if (!isOther(element)) {
      burst = null;
      return;
    }
    // Some scanners end with two keys, CR and LF: the second must not send a form.
    if (isEnd && event.timeStamp - caughtAt <= 2 * GAP_MS) {
      event.preventDefault();
      return;
    }
    if (["Shift", "CapsLock", "AltGraph"].includes(event.key)) return;
    const isCommand = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
    const goesOn = burst?.element === element && event.timeStamp - burst.at <= GAP_MS;
    if (isLetter && !isCommand) {
      burst = goesOn ? burst : begun(element);
      burst.text += event.key;
      burst.at = event.timeStamp;
      return;
    }
    const found = isEnd && goesOn && burst.text.length >= LENGTH_MIN ? burst : null;
    burst = null;
    if (!found) return;
    caughtAt = event.timeStamp;
    event.preventDefault();
    event.stopPropagation();
    element.value = found.value;
    if (found.checked !== undefined) element.checked = found.checked;
    element.dispatchEvent(new Event("input", { bubbles: true }));
    place.textContent = place.dataset.text.replace("{scan}", () => found.text).replace("{field}", () => nameOf(element));
    place.hidden = false;
    tone(take ? "note" : "bad");
    take?.(found.text);
  }, true);
}
