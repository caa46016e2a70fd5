// A scanner at somebody's own computer, where the browser has Web Serial. A pipe and nothing else: the questions come
// with the page, the answers go to the station as they came, and none of the questions erases anything.

const VENDOR = 0x065a;
const SILENCE_MS = 300;
const READ_SILENCE_MS = 1500;
const FIRST_MS = [600, 600, 2000, 2000];
const READ_FIRST_MS = 5000;
const BETWEEN_MS = 200;

const section = document.getElementById("browser");
const form = document.getElementById("browser-read");
const said = document.getElementById("browser-said");
const keep = form ? form.getAttribute("action") : "";

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

function textOf(bytes) {
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// What comes from the scanner, and when the last of it came.
class Pipe {
  constructor(port) {
    this.port = port;
    this.reader = port.readable.getReader();
    this.clear();
    this.lost = false;
    this.ended = this.collect();
  }

  clear() {
    this.pieces = [];
    this.size = 0;
    this.firstAt = 0;
    this.lastAt = 0;
  }

  async collect() {
    try {
      for (;;) {
        const { value, done } = await this.reader.read();
        if (done) break;
        this.lastAt = performance.now();
        this.firstAt = this.firstAt || this.lastAt;
        this.pieces.push(value);
        this.size += value.length;
      }
    } catch {
      this.lost = true;
    }
  }

  // Send a question; return the answer once nothing more comes, empty where nothing came at all.
  async ask(question, firstMs, silenceMs, told) {
    this.clear();
    const writer = this.port.writable.getWriter();
    try {
      await writer.write(question);
    } finally {
      writer.releaseLock();
    }
    const asked = performance.now();
    for (;;) {
      await wait(20);
      if (this.lost) throw new Error("lost");
      const now = performance.now();
      if (told) told(this.size);
      if (this.size ? now - this.lastAt > silenceMs : now - asked > firstMs) break;
    }
    const answer = new Uint8Array(this.size);
    let place = 0;
    for (const piece of this.pieces) {
      answer.set(piece, place);
      place += piece.length;
    }
    return { bytes: answer, asked, answered: this.firstAt };
  }

  async close() {
    await this.reader.cancel().catch(() => null);
    await this.ended;
    this.reader.releaseLock();
    await this.port.close().catch(() => null);
  }
}

async function answerTo(pipe, question) {
  for (const firstMs of FIRST_MS) {
    const found = await pipe.ask(question, firstMs, SILENCE_MS);
    if (found.bytes.length) return found;
    await wait(BETWEEN_MS);
  }
  throw new Error("silent");
}

function fill(answers, clock) {
  for (const old of form.querySelectorAll("[name=said]")) old.remove();
  for (const answer of answers) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "said";
    field.value = textOf(answer.bytes);
    form.append(field);
  }
  const midpoint = (clock.asked + clock.answered) / 2;
  form.elements.clock_age.value = String(Math.round(performance.now() - midpoint));
  form.elements.clock_spread.value = String(Math.round(clock.answered - clock.asked));
}

// Ask the station whether the scans may be asked for. It says when the clock was read, by its own: how long ago that is
// would be wrong once the browser sends the form again. What it refuses is sent once more, to be shown.
async function judge() {
  const judged = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  if (!judged) throw new Error("away");
  const may = judged.status === 204;
  form.elements.clock_at.value = may ? judged.headers.get("Clock-At") : "";
  form.action = may ? keep : form.dataset.check;
  return may;
}

// Ask everything; only if the station has nothing against what was answered so far, ask for the scans.
async function read(pipe) {
  said.textContent = form.dataset.asking;
  const answers = [];
  for (const question of form.dataset.questions.split(" ")) answers.push(await answerTo(pipe, bytesOf(question)));
  const clock = answers[answers.length - 1];
  fill(answers, clock);
  if (await judge()) {
    const told = (size) => { if (size) said.textContent = form.dataset.received.replace("{bytes}", size.toLocaleString("en")); };
    answers.push(await pipe.ask(bytesOf(form.dataset.last), READ_FIRST_MS, READ_SILENCE_MS, told));
    if (!answers[answers.length - 1].bytes.length) throw new Error("silent");
  }
  return { answers, clock };
}

async function begin(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  said.textContent = "";
  let pipe = null;
  try {
    const port = await navigator.serial.requestPort({ filters: [{ usbVendorId: VENDOR }] });
    await port.open({ baudRate: 9600, dataBits: 8, stopBits: 1, parity: "none", bufferSize: 4096 });
    pipe = new Pipe(port);
    const found = await read(pipe);
    await pipe.close();
    pipe = null;
    fill(found.answers, found.clock);
    form.submit();
  } catch (error) {
    const words = { silent: form.dataset.silent, lost: form.dataset.lost, away: form.dataset.away };
    said.textContent = error.name === "NotFoundError" ? "" : words[error.message] || form.dataset.closed;
  } finally {
    if (pipe) await pipe.close();
    button.disabled = false;
  }
}

if (form && "serial" in navigator) {
  section.hidden = false;
  form.addEventListener("submit", begin);
}
