// Says of a table that is wider than its place that it scrolls, and fades its edge as long as there is more to the right.
// Without it the table scrolls just the same.

const said = document.getElementById("main")?.dataset.scrolls;
const seen = new ResizeObserver((changes) => changes.forEach((each) => show(each.target.closest(".table"))));

function show(table) {
  if (!table) return;
  const more = table.scrollWidth - table.clientWidth;
  table.dataset.scrolls = said;
  table.classList.toggle("scrolls", more > 1);
  table.classList.toggle("goes-on", more - table.scrollLeft > 1);
}

function watch() {
  for (const table of document.querySelectorAll(".table")) {
    if (table.dataset.scrolls) continue;
    table.addEventListener("scroll", () => show(table), { passive: true });
    seen.observe(table);
    if (table.firstElementChild) seen.observe(table.firstElementChild);
    show(table);
  }
}

if (said) {
  watch();
  document.addEventListener("htmx:afterSettle", watch);
}
