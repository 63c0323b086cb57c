/** Asks why a message or a person is reported: the dialog `#report-dialog`. Asks how long to mute: `#mute-dialog`. */

import { byId, find, findAll, setText, show } from "../dom.js";
import { CommandError, command } from "../protocol.js";
import { choiceIn } from "./choice.js";

/** @import { Connection } from "../socket.js" */

/**
 * @param {{title: string, quote?: string}} what `quote`: the beginning of the message
 * @param {AbortSignal} [signal] answers null
 * @returns {Promise<{reason: string, note: string} | null>} null if the person cancelled
 */
export async function askReport({ title, quote = "" }, signal) {
  const dialog = byId("report-dialog", HTMLDialogElement);
  const note = find(dialog, "textarea", HTMLTextAreaElement);
  setText(find(dialog, "h2"), title);
  setText(find(dialog, ".quoted-text"), quote);
  show(find(dialog, ".quoted-text"), quote !== "");
  note.value = "";
  const reasons = findAll(dialog, "[name=reason]", HTMLInputElement);
  for (const [at, each] of reasons.entries()) each.checked = at === 0;
  if ((await choiceIn(dialog, signal)) !== "report") return null;
  return { reason: reasons.find((each) => each.checked)?.value ?? "other", note: note.value.trim() };
}

/**
 * Whether somebody is muted in a room.
 * @param {Pick<Connection, "request">} connection
 * @param {string} room a slug
 * @param {{person: number} | {guest: string}} whom
 */
export async function isMutedIn(connection, room, whom) {
  try {
    const { mutes } = await connection.request(command.reports(room, false));
    return mutes.some(({ guest, person }) => ("person" in whom ? person?.id === whom.person : guest?.id === whom.guest));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return false;
  }
}

/**
 * @param {string} title
 * @param {Promise<boolean>} isMuted whether there is a mute that can be ended
 * @param {AbortSignal} [signal] answers null
 * @returns {Promise<{minutes: number, reason: string} | null>} 0 minutes end a mute; null if the person cancelled
 */
export async function askMute(title, isMuted, signal) {
  const dialog = byId("mute-dialog", HTMLDialogElement);
  const reason = find(dialog, "input", HTMLInputElement);
  setText(find(dialog, "h2"), title);
  reason.value = "";
  const end = find(dialog, "[data-choice=end]");
  show(end, false);
  let isOpen = true;
  void isMuted.then((is) => isOpen && show(end, is));
  const chosen = await choiceIn(dialog, signal);
  isOpen = false;
  if (chosen === "end") return { minutes: 0, reason: "" };
  if (chosen !== "mute") return null;
  return { minutes: Number(find(dialog, "select", HTMLSelectElement).value), reason: reason.value.trim() };
}
