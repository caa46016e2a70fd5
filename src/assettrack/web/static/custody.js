// Handing over: scans go to the list in order without waiting for the page, and a signature becomes a path of numbers.

import { catchScans } from "./elsewhere.js";
import { takeScans } from "./sending.js";

document.body.classList.add("has-script");

/* -- scanning -------------------------------------------------------------------------------------------------- */

const form = document.getElementById("handover-scan");
const list = document.getElementById("list");

if (form) {
  const [holder, number] = ["holder", "number"].map((name) => form.querySelector(`[name=${name}]`));
  takeScans({
    form,
    root: list,
    said: () => ({ holder: holder.value, number: number.value }),
    show(text) {
      holder.value = number.value = "";
      list.innerHTML = text;
      ready();
    },
  });
} else if (document.getElementById("elsewhere")) {
  catchScans(null);
}

function ready() {
  for (const button of document.querySelectorAll("[data-check-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const box of button.closest("form").querySelectorAll("[type=checkbox]")) box.checked = true;
    });
  }
}
ready();

/* -- signing --------------------------------------------------------------------------------------------------- */

// Two points nearer than this are one, in the units of the field.
const NEAR = 3;

function pad(box) {
  const canvas = box.querySelector("canvas");
  const kept = box.querySelector("input[type=hidden]");
  const [width, height, letters] = [box.dataset.width, box.dataset.height, box.dataset.letters].map(Number);
  const pen = canvas.getContext("2d");
  const saved = kept.value;
  let strokes = read(saved);
  let stroke = null;
  canvas.width = width;
  canvas.height = height;

  function draw() {
    pen.clearRect(0, 0, width, height);
    pen.strokeStyle = "#10204a";
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    for (const points of strokes) {
      pen.beginPath();
      points.forEach(([x, y], number) => (number ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.stroke();
    }
  }

  function at(event) {
    const frame = canvas.getBoundingClientRect();
    const x = Math.round(((event.clientX - frame.left) / frame.width) * width);
    const y = Math.round(((event.clientY - frame.top) / frame.height) * height);
    return [Math.max(0, Math.min(width, x)), Math.max(0, Math.min(height, y))];
  }

  function add(event, least) {
    const point = at(event);
    const last = stroke[stroke.length - 1];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < least) return;
    stroke.push(point);
  }

  function keep() {
    let near = NEAR;
    let text = written(strokes);
    while (text.length > letters) {
      near *= 1.5;
      strokes = near < width ? strokes.map((points) => thinned(points, near)) : strokes.slice(0, -1);
      text = written(strokes);
    }
    kept.value = text;
    box.toggleAttribute("data-unsaved", text !== saved);
    draw();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    stroke = [at(event)];
    box.toggleAttribute("data-unsaved", true);
    strokes.push(stroke);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const each of all.length ? all : [event]) add(each, NEAR);
    draw();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, (event) => {
      if (!stroke) return;
      if (kind === "pointerup") add(event, 1);
      stroke = null;
      keep();
    });
  }
  box.querySelector("[data-clear]").addEventListener("click", () => {
    strokes = [];
    keep();
  });
  draw();
}

function thinned(points, near) {
  const kept = [points[0]];
  for (const point of points.slice(1)) {
    const last = kept[kept.length - 1];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= near) kept.push(point);
  }
  return kept;
}

function written(strokes) {
  return strokes
    .map((points) => points.map(([x, y], number) => {
      if (!number) return `M${x} ${y}`;
      return `l${x - points[number - 1][0]} ${y - points[number - 1][1]}`;
    }).join(""))
    .join("");
}

function read(text) {
  const strokes = [];
  for (const [, kind, first, second] of text.matchAll(/([Ml])(-?\d+) (-?\d+)/g)) {
    if (kind === "M") strokes.push([[Number(first), Number(second)]]);
    else {
      const last = strokes[strokes.length - 1].at(-1);
      strokes[strokes.length - 1].push([last[0] + Number(first), last[1] + Number(second)]);
    }
  }
  return strokes;
}

const pads = [...document.querySelectorAll("[data-pad]")];
pads.forEach(pad);

// The field to sign on is there when that is the way chosen, and the name when there is one at all.
function showPads() {
  for (const box of pads) {
    const how = box.closest("form").querySelector("[name=how]:checked, select[name=how]")?.value;
    const unused = box.parentElement.querySelector("[data-unused]");
    box.hidden = how !== "screen";
    if (unused) unused.hidden = how === "screen" || !isDrawn(box);
  }
  for (const box of document.querySelectorAll(".typed-name")) {
    const how = box.closest("form").querySelector("[name=how]:checked")?.value;
    box.hidden = !how || how === "none";
    box.querySelector("input").required = how === "typed" || "needed" in box.dataset;
    box.querySelector("[data-typed]").hidden = how !== "typed";
    box.querySelector("[data-other]").hidden = how === "typed";
  }
}
for (const way of document.querySelectorAll("[name=how]")) way.addEventListener("change", showPads);
showPads();

// A signature is of the name that stood there when it was drawn, and goes with it; another spelling is the same name.
for (const box of pads) {
  const part = box.closest(".signer, form");
  const named = part.querySelector(".typed-name");
  const field = named?.querySelector("input");
  if (!field) continue;
  const spoken = () => (field.value.trim() || named.dataset.signer || "").normalize("NFC").replace(/\s+/g, " ").toLowerCase();
  let nameRead = spoken();
  const forgetIfAnother = () => {
    const isAnother = spoken() !== nameRead;
    nameRead = spoken();
    if (!isAnother || !isDrawn(box)) return;
    box.querySelector("[data-clear]").click();
    tellLost(part, "named");
    showPads();
  };
  field.addEventListener("change", forgetIfAnother);
  document.addEventListener("pointerdown", forgetIfAnother, true);
}

function isDrawn(box) {
  return Boolean(box.querySelector("input[type=hidden]").value);
}

// Whoever signed or typed a name did it for the due date and the notes that stood there then.
const terms = [...document.querySelectorAll("[data-terms] input")];
let termsRead = said();
for (const field of terms) field.addEventListener("change", forgetIfOthers);
document.addEventListener("pointerdown", forgetIfOthers, true);

function said() {
  return JSON.stringify(terms.map((field) => field.value));
}

function forgetIfOthers() {
  if (said() !== termsRead) forgetSigned();
  termsRead = said();
}

function forgetSigned() {
  for (const box of pads) {
    if (!isDrawn(box)) continue;
    box.querySelector("[data-clear]").click();
    tellLost(box.closest(".signer"), "drawn");
  }
  const way = document.querySelector("[name=how]:checked")?.value;
  for (const field of document.querySelectorAll("[name^='name.']")) {
    if (way !== "typed" || !field.value) continue;
    field.value = "";
    document.querySelector(`[name='${field.name.replace("name", "kept_name")}']`).value = "";
    tellLost(field.closest(".signer"), "typed");
  }
}

function tellLost(signer, what) {
  const words = signer.querySelector("[data-lost]");
  words.hidden = false;
  words.textContent = words.dataset[what];
}
