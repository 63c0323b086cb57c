/** Buttons that copy the field before them. */

import { copyText } from "../clipboard.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = button.previousElementSibling;
  if (!(field instanceof HTMLInputElement) || !(button instanceof HTMLButtonElement)) continue;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    field.select();
    await copyText(field.value);
    button.textContent = button.dataset.copied ?? "";
  });
}
