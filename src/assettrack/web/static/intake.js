// Taking in: what a scan changes is the queue, and what the next scans mean.

import { choose } from "./choosing.js";
import { takeScans } from "./sending.js";

const queue = document.getElementById("queue");

// What somebody has begun to say of new assets stays while more is scanned.
function typeField() {
  return queue.querySelector("#missing-type");
}

// A scanned label or card says what the next scans mean; the form by hand must not take that back unseen. But what
// somebody has begun to change there stays as they have it. A slot is of its case, so both stay together. What is shown
// is sent along: only what is otherwise was chosen, and ends that no event or place holds.
const hand = document.querySelector("form[action='/intake/context']").elements;
const parts = [
  ["case_name", "slot_position", "case_shown", "slot_shown"],
  ["holder", "holder_shown", "holder_number"],
  ["event_type", "event_shown"],
];
const drawn = contextNow();

function contextNow() {
  const now = queue.querySelector("[data-context]").dataset;
  const holder = { holder: now.holder, holder_shown: now.holder, holder_number: now.holderNumber };
  const place = { case_name: now.case, slot_position: now.slot, case_shown: now.case, slot_shown: now.slot };
  return { ...place, ...holder, event_type: now.event, event_shown: now.event };
}

// No event is chosen while none holds.
function chooseEvent(event) {
  for (const radio of hand.event_type) radio.checked = radio.value === event;
}

function showContext() {
  const now = contextNow();
  for (const part of parts) {
    if (part.some((name) => hand[name].value !== drawn[name])) continue;
    for (const name of part) {
      if (name === "case_name") choose(hand[name], now[name]);
      else if (name === "event_type") chooseEvent(now[name]);
      else hand[name].value = now[name];
      drawn[name] = hand[name].value;
    }
  }
}

takeScans({
  form: document.getElementById("scan-form"),
  root: queue,
  show(text) {
    const begun = typeField()?.value;
    queue.innerHTML = text;
    if (begun && typeField()) typeField().value = begun;
    showContext();
  },
});
