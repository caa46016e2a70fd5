// Taking in: what a scan changes is the queue, and what the next scans mean.

import { takeScans } from "./sending.js";

const queue = document.getElementById("queue");

// What somebody has begun to say of new assets stays while more is scanned.
function typeField() {
  return queue.querySelector("#missing-type");
}

// A scanned label or card says what the next scans mean; the form by hand must not take that back unseen.
function showContext() {
  const now = queue.querySelector("[data-context]").dataset;
  const hand = document.querySelector("form[action='/intake/context']");
  hand.elements.case_name.value = now.case;
  hand.elements.slot_position.value = now.slot;
  hand.elements.holder.value = now.holder;
  hand.elements.event_type.value = now.event;
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
