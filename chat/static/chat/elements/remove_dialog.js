/** Asks before a person is removed from a room: the dialog `#remove-dialog` of the shell. */

import { byId, find, setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { choiceIn } from "./choice.js";

/** @param {string} name @param {AbortSignal} signal answers no @returns {Promise<boolean>} */
export async function askRemove(name, signal) {
  const dialog = byId("remove-dialog", HTMLDialogElement);
  setText(find(dialog, "h2"), phrase("remove_title", { name }));
  return (await choiceIn(dialog, signal)) === "remove";
}
