/** @import { RoomCopy } from "./room_copy.js" */
/** @import { RoomContext } from "./room_view.js" */
/** @import { ThreadCopy } from "./thread_copy.js" */

/**
 * The copy whose messages elements show: that of a thread in the panel, or of the room.
 * @param {Pick<RoomContext, "room" | "store" | "threadCopy">} context
 * @returns {RoomCopy | ThreadCopy | undefined}
 */
export function shownCopy({ room, store, threadCopy }) {
  return threadCopy ?? store.copy(room);
}
