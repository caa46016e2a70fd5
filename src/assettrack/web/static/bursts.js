// A scan that is typed while one page goes and the next one comes: what came of it is no scan, and that is said.
// Runs before anything else of a page, so that no key is typed unseen. It sends nothing.
// What of a scan came to two pages is never put together: a browser drops keys until a page is first seen.
// How fast the keys come does not matter here: a busy computer hands them on late, and some scanners are slow.

(() => {
  // Nobody types faster; a scanner does. A press waits a little longer for what a busy computer hands on late.
  const SCANNER_MS = 50;
  const QUIET_MS = 100;
  const TYPING_MS = 300;
  // So long a pause may last in a scan of which a part went with the page before, or began before this one was usable.
  const PAUSE_MS = 1000;
  const RECENT_MS = 10000;
  const KEPT = "assettrack-part-of-scan";
  let burst = null;
  let caughtAt = -Infinity;
  let usableAt = Infinity;
  let openUntil = -Infinity;
  let before = null;

  const clock = () => performance.timeOrigin + performance.now();

  // Whether a key may be the middle of a scan of which the beginning was never seen. A busy browser may hand the rest
  // on late, where a beginning was.
  function isOpening(at) {
    return at <= Math.max(openUntil, usableAt + (before ? PAUSE_MS : QUIET_MS));
  }

  // Whether a key that comes now belongs to what came last.
  function goesOn(at) {
    return burst !== null && at - burst.at <= (burst.isCut ? PAUSE_MS : QUIET_MS);
  }

  // Where nothing of a scan is known, keys that all come slower than any scanner's are somebody's who types.
  function isByHand({ at, least }, now) {
    return before === null && Math.min(least, now - at) > QUIET_MS;
  }

  window.isPageOpening = () => isOpening(performance.now());

  // The station can be told of presses that would cut a scan. What counts is when its keys came, not when they were
  // pressed: a busy computer hands on the next ones as late as the last.
  window.isScanUnderWay = () => burst !== null && performance.now() - burst.cameAt <= QUIET_MS;

  function say(text) {
    const place = document.getElementById("cut");
    if (!place) {
      document.addEventListener("DOMContentLoaded", () => say(text), { once: true });
      return;
    }
    const scan = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "·");
    place.textContent = place.dataset.text.replace("{scan}", () => scan);
    place.hidden = false;
    document.dispatchEvent(new CustomEvent("station:cut"));
  }

  window.sayCut = say;

  function valueOf(field) {
    return "value" in field && /^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName) ? field.value : null;
  }

  function swallow(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function end(event) {
    const at = event.timeStamp;
    // Some scanners end with two keys, CR and LF.
    if (at - caughtAt <= QUIET_MS) {
      swallow(event);
      return;
    }
    const found = goesOn(at) && burst.text ? burst : null;
    burst = null;
    const isCut = found ? found.isCut && !isByHand(found, at) : before !== null && isOpening(at);
    if (!isCut) return;
    caughtAt = at;
    openUntil = -Infinity;
    swallow(event);
    for (const [field, kept] of found?.fields ?? []) {
      const value = field.defaultValue ?? kept;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    say((before?.text ?? "") + (found?.text ?? ""));
    before = null;
  }

  window.addEventListener("keydown", (event) => {
    const at = event.timeStamp;
    if (event.repeat || event.target?.type === "password") {
      burst = null;
      return;
    }
    if (event.key === "Enter" || event.key === "Tab") {
      end(event);
      return;
    }
    const isModifier = ["Shift", "CapsLock", "AltGraph", "Control"].includes(event.key);
    if (event.key.length > 1 && !isModifier) {
      burst = null;
      return;
    }
    if (!goesOn(at)) {
      if (isModifier) return;
      burst = { text: "", from: at, at, cameAt: 0, least: Infinity, isCut: isOpening(at), fields: new Map() };
    } else if (!isModifier) {
      burst.least = Math.min(burst.least, at - burst.at);
    }
    burst.at = at;
    burst.cameAt = performance.now();
    if (isModifier) return;
    if (burst.isCut) openUntil = at + PAUSE_MS;
    if (!event.ctrlKey) burst.text += event.key;
    // What is typed where no field is goes into one of these.
    for (const field of [event.target, ...document.querySelectorAll("[data-scan-field], #search")]) {
      const value = valueOf(field);
      if (value !== null && !burst.fields.has(field)) burst.fields.set(field, value);
    }
  }, true);

  // A press leaves the focus where a scan is being typed.
  window.addEventListener("mousedown", (event) => {
    if (!window.isScanUnderWay()) burst = null;
    else if (valueOf(event.target) === null) event.preventDefault();
  }, true);

  function open() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    sessionStorage.removeItem(KEPT);
    before = kept && Math.abs(clock() - kept.at) <= RECENT_MS ? kept : null;
    if (before?.isSure) say(before.text);
  }

  // What was typed a moment before a page went may be somebody's who types: it is not said by itself.
  function partOnLeaving() {
    const count = burst?.text.trim() ? burst.text.length : 0;
    const quiet = burst ? performance.now() - burst.at : Infinity;
    // What the page was told of and nobody has seen yet is told to the next one.
    if (!count || quiet > PAUSE_MS) return before && usableAt === Infinity ? before : null;
    const isFast = count > 2 && burst.at - burst.from <= SCANNER_MS * (count - 1);
    return { text: (before?.text ?? "") + burst.text, isSure: isFast || quiet <= TYPING_MS };
  }

  window.addEventListener("pagehide", () => {
    const part = partOnLeaving();
    if (part) sessionStorage.setItem(KEPT, JSON.stringify({ ...part, at: clock() }));
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    openUntil = performance.now() + QUIET_MS;
    open();
  });

  // Until a page is seen, a browser drops keys; on a busy computer it goes on until it gets round to learn that the page
  // was seen, which is when it tells us. Tried often on a busy one, Chromium dropped its last key 0.1 s or more before.
  const becomeUsable = () => { usableAt = Math.min(usableAt, performance.now()); };
  if (PerformanceObserver.supportedEntryTypes?.includes("paint")) {
    new PerformanceObserver(becomeUsable).observe({ type: "paint", buffered: true });
  } else {
    window.addEventListener("load", becomeUsable);
  }
  open();
})();
