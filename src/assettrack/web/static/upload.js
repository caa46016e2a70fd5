// Shows how much of a file is sent. Without it the browser's own form does the same, silently.

const form = document.getElementById("upload");
const sending = document.getElementById("sending");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const request = new XMLHttpRequest();
  const bar = sending.querySelector("progress");
  const words = sending.querySelector("span");
  sending.hidden = false;
  form.querySelector("button").disabled = true;
  request.upload.addEventListener("progress", (step) => {
    if (!step.lengthComputable) return;
    bar.value = (100 * step.loaded) / step.total;
    words.textContent = form.dataset.sending.replace("{percent}", String(Math.floor(bar.value)));
  });
  request.addEventListener("load", () => {
    if (request.responseURL && new URL(request.responseURL).pathname !== location.pathname) location.assign(request.responseURL);
    else form.submit();
  });
  request.addEventListener("error", () => {
    words.textContent = form.dataset.lost;
    form.querySelector("button").disabled = false;
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
});
