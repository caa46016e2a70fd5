// A page that takes no scans from somebody now: what they scanned there while it did, and the station did not take, is
// shown until they have seen it.

import { keepRefused, keyOf } from "./refused.js";

const place = document.getElementById("refused");
const action = `${place.dataset.path}/scans`;
const waiting = keyOf("waiting", action);
const keep = keepRefused(keyOf("refused", action));
const unanswered = place.querySelector("[data-unanswered]").innerHTML;

// What still waited to be sent is sent from here no more.
for (const scan of JSON.parse(sessionStorage.getItem(waiting) ?? "[]")) keep(scan, unanswered);
sessionStorage.removeItem(waiting);
