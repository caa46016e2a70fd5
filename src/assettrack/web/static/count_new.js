// Beginning a count: a case that is scanned while another field is chosen goes into the field for cases.

import { catchScans } from "./elsewhere.js";

const field = document.querySelector("[data-scan-field]");

if (field) {
  catchScans((scan) => {
    for (const way of field.form.elements.of) way.checked = way.value === "cases";
    field.value = scan;
    field.focus();
  });
}
