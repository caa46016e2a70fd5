// Scans that the station answered and did not take: each stays on the page, with its own reason, until somebody sends
// it again or has seen it. They are kept over a page that is opened anew, and are whoever's who scanned them.

import { shown } from "./elsewhere.js";

const place = document.getElementById("refused");

// What is not the next person's stays with whoever scanned it; `action` is the path that scans are sent to.
export function keyOf(kind, action) {
  const person = document.querySelector("#lock-form [name=username]")?.value ?? "";
  return `assettrack-${kind} ${action} ${person}`;
}

// Why a scan was not taken, in the words of the page that answered; its ways onward are not of this page.
export function reasonIn(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("main") ?? page.body;
  const isShown = (each) => !each.querySelector("a, button, form") && !each.closest("[hidden]");
  const said = [...main.querySelectorAll("p, li")].filter(isShown);
  return {
    title: main.querySelector("h1, h2")?.textContent.trim() ?? "",
    reason: said.map((each) => each.textContent.trim()).filter(Boolean).join(" "),
  };
}

// `again` is given the scans that are to be sent again, in their order; a page that can't send them has no such buttons.
export function keepRefused(key, again) {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  const [list] = place.getElementsByTagName("ol");
  const line = place.querySelector("template").content;

  function show() {
    list.replaceChildren(...kept.map((scan) => {
      const item = line.cloneNode(true);
      item.querySelector(".tag").textContent = shown(scan.typed);
      item.querySelector("[data-title]").textContent = scan.title;
      item.querySelector("[data-reason]").textContent = scan.reason;
      for (const name of item.querySelectorAll(".unseen")) name.textContent = ` ${shown(scan.typed)}`;
      item.querySelector("[data-again]")?.addEventListener("click", () => again(taken(scan)));
      item.querySelector("[data-seen]").addEventListener("click", () => taken(scan));
      return item;
    }));
    place.hidden = kept.length === 0;
    for (const all of place.querySelectorAll("[data-all]")) all.hidden = kept.length < 2;
    sessionStorage.setItem(key, JSON.stringify(kept));
  }

  function taken(...scans) {
    for (const scan of scans) kept.splice(kept.indexOf(scan), 1);
    show();
    document.querySelector("[data-scan-field]")?.focus();
    return scans;
  }

  place.querySelector("[data-all]")?.addEventListener("click", () => again(taken(...kept)));
  show();
  return (scan, text) => {
    kept.push({ ...scan, ...reasonIn(text) });
    show();
  };
}
