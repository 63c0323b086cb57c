/** Asks when to remind a person of a saved message: the dialog `#remind-dialog` of the shell. */

import { plannedTime } from "../dates.js";
import { byId, find, findAll, setText, show } from "../dom.js";
import { fromFieldForm, inFieldForm } from "../later_times.js";
import { reminderTimes } from "../reminder_times.js";
import { choiceIn } from "./choice.js";
import { zoneLine } from "./time_dialog.js";

/**
 * @param {AbortSignal} signal answers null
 * @returns {Promise<Date | null>} null if the person cancelled
 */
export async function askReminder(signal) {
  const dialog = byId("remind-dialog", HTMLDialogElement);
  const times = reminderTimes(new Date());
  for (const button of findAll(dialog, "[data-when]")) {
    const time = times.find(({ when }) => when === button.dataset.when);
    show(button, time !== undefined);
    if (!time) continue;
    button.dataset.choice = time.at.toISOString();
    setText(find(button, "small"), plannedTime(time.at));
  }
  const own = find(dialog, "input", HTMLInputElement);
  own.min = inFieldForm(new Date());
  own.value = "";
  setText(find(dialog, ".zone-line"), zoneLine());
  const chosen = await choiceIn(dialog, signal);
  if (chosen === "own") return fromFieldForm(own.value);
  return chosen ? new Date(chosen) : null;
}
