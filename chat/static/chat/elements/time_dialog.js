/** Asks for a date and a time in the zone in which the reader plans: the dialog `#time-dialog`. */

import { byId, find, setText } from "../dom.js";
import { fromFieldForm, inFieldForm, laterTimes } from "../later_times.js";
import { phrase } from "../phrases.js";
import { isZoneChosen, ownZone } from "../zones.js";
import { choiceIn } from "./choice.js";

/** Which zone the times of a form are in. @returns {string} */
export function zoneLine() {
  return phrase(isZoneChosen() ? "zone_of_profile" : "zone_of_device", { zone: ownZone().replaceAll("_", " ") });
}

/** @param {AbortSignal} signal answers with null @returns {Promise<Date | null>} null: cancelled */
export async function askTime(signal) {
  const dialog = byId("time-dialog", HTMLDialogElement);
  const field = find(dialog, "input", HTMLInputElement);
  const now = new Date();
  field.min = inFieldForm(now);
  field.max = inFieldForm(new Date(now.getFullYear() + 1, now.getMonth(), now.getDate()));
  field.value = inFieldForm(laterTimes(now)[1]?.at ?? now);
  setText(find(dialog, ".zone-line"), zoneLine());
  return (await choiceIn(dialog, signal)) === "choose" ? fromFieldForm(field.value) : null;
}
