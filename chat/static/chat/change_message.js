/** Sends a command that changes a message. */

/**
 * @import { CommandError } from "./protocol.js"
 * @import { RoomContext } from "./room_view.js"
 * @import * as wire from "./wire.d.ts"
 *
 * @typedef {wire.EditCommand | wire.TickCommand | wire.DeleteCommand | wire.RestoreCommand | wire.PinCommand
 *   | wire.SaveCommand | wire.RemovePreviewCommand | wire.ReactCommand | wire.MarkUnreadCommand | wire.VoteCommand
 *   | wire.ClosePollCommand} Change a command that changes one message, or what is kept about it
 */

/**
 * Send a command that changes a message, and show its new form. An error is shown.
 * @param {RoomContext} context
 * @param {Change} what
 * @returns {Promise<CommandError | null>}
 */
export function changeMessage({ connection, notice, store }, what) {
  const answered = connection.request(what).then((reply) => {
    if ("message" in reply) store.applyReply(/** @type {wire.MessageReply} */ (reply));
  });
  return notice.errorOf(answered);
}
