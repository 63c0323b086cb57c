/** Sends a command that changes a message. */

/**
 * @import { CommandError } from "./protocol.js"
 * @import { RoomContext } from "./room_view.js"
 * @import { Change } from "./message_actions.js"
 * @import { MessageReply } from "./wire.d.ts"
 */

/**
 * Send a command that changes a message, and show its new form. An error is shown.
 * @param {RoomContext} context
 * @param {Change} what
 * @returns {Promise<CommandError | null>}
 */
export function changeMessage({ connection, notice, store }, what) {
  const answered = connection.request(what).then((reply) => {
    if ("message" in reply) store.applyReply(/** @type {MessageReply} */ (reply));
  });
  return notice.errorOf(answered);
}
