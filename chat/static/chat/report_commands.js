/** Sends the commands that report a message to the moderators, and that keep its sender from writing. */

import { excerpt } from "./elements/message_text.js";
import { askMute, askReport, isMutedIn } from "./elements/report_dialog.js";
import { phrase } from "./phrases.js";
import { command } from "./protocol.js";
import { personName, senderOf } from "./senders.js";

/**
 * @import { RoomContext } from "./room_view.js"
 * @import { Stored } from "./unsent.js"
 */

/** Ask why, and report a message. @param {RoomContext} context @param {Stored} message */
export async function reportMessage({ connection, notice, signal }, message) {
  const chosen = await askReport({ title: phrase("report_message"), quote: excerpt(message) }, signal);
  if (!chosen) return;
  const asked = connection.request(command.report({ message: message.id }, chosen.reason, chosen.note));
  if (!(await notice.errorOf(asked))) notice.inform(phrase("reported"));
}

/** Ask for how long, and keep the sender of a message from writing in the room. @param {RoomContext} context @param {Stored} message */
export async function muteSender({ connection, notice, room, signal }, message) {
  const { author, guest } = message;
  const name = personName(senderOf(message));
  if (!(author || guest)) return;
  const whom = author ? { person: author.id } : { guest: guest?.id ?? "" };
  const chosen = await askMute(phrase("mute_title", { name }), isMutedIn(connection, room, whom), signal);
  if (!chosen) return;
  const asked = connection.request(command.mutePerson(room, whom, chosen.minutes, chosen.reason));
  if (await notice.errorOf(asked)) return;
  notice.inform(phrase(chosen.minutes ? "person_muted" : "person_unmuted", { name }));
}
