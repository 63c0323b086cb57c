/** Shows a dialog and waits for what is chosen in it. */

import { findAll } from "../dom.js";

/**
 * Buttons with `data-choice` close the dialog with that value, without sending its form. So Enter in a field chooses the
 * first button that sends the form: what the dialog is for.
 * @param {HTMLDialogElement} dialog
 * @param {AbortSignal} [signal] closes the dialog
 * @returns {Promise<string>} the value of the button; empty if the dialog was closed without a choice
 */
export function choiceIn(dialog, signal) {
  dialog.returnValue = "";
  dialog.showModal();
  const ending = new AbortController();
  for (const button of findAll(dialog, "[data-choice]")) {
    button.addEventListener("click", () => dialog.close(button.dataset.choice), { signal: ending.signal });
  }
  return new Promise((resolve) => {
    const closed = () => {
      ending.abort();
      resolve(dialog.returnValue);
    };
    dialog.addEventListener("close", closed, { once: true });
    signal?.addEventListener("abort", () => dialog.close(), { signal: ending.signal });
  });
}
