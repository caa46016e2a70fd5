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
const parts = [["case_name", "slot_position"], ["holder"], ["event_type"], ["equipment_type"], ["building_room"], ["notes"], ["due_on"], ["how"]];
const drawn = contextNow().chosen;

function contextNow() {
  const now = queue.querySelector("[data-context]").dataset;
  const alone = { equipment_type: now.type, building_room: now.room, notes: now.notes, due_on: now.due, how: now.how };
  const shown = { case_shown: now.case, slot_shown: now.slot, holder_shown: now.holder, holder_number: now.holderNumber, stopped_shown: now.stopped, event_shown: now.event };
  for (const name of Object.keys(alone)) shown[`${name}_shown`] = alone[name];
  const chosen = { case_name: now.case, slot_position: now.slot, holder: now.holder, event_type: now.event, ...alone };
  return { chosen, shown };
}

// No event is chosen while none holds.
function chooseEvent(event) {
  for (const radio of hand.event_type) radio.checked = radio.value === event;
}

// Whoever goes on changing a part has seen, above the queue, what holds of it by now: that is what they change.
function showContext() {
  const now = contextNow();
  for (const [name, text] of Object.entries(now.shown)) hand[name].value = text;
  for (const part of parts) {
    if (part.some((name) => hand[name].value !== drawn[name])) continue;
    for (const name of part) {
      if (name === "case_name" || name === "how") choose(hand[name], now.chosen[name]);
      else if (name === "event_type") chooseEvent(now.chosen[name]);
      else hand[name].value = now.chosen[name];
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
