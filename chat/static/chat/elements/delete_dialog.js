/** Asks before a message is deleted. */

import { setText } from "../dom.js";
import { excerpt } from "./message.js";

/** @param {object} message @returns {Promise<boolean>} */
export function askDelete(message) {
  const dialog = document.getElementById("delete-dialog");
  setText(dialog.querySelector(".delete-text"), excerpt(message));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "delete"), { once: true });
  });
}
