/** The copies of rooms and of threads in the page: applies what the server sends to them, and emits what changed. */

import { RoomCopies } from "./room_copies.js";
import { RoomCopy } from "./room_copy.js";
import { isMine, senderOf } from "./senders.js";
import { ThreadCopies } from "./thread_copies.js";

/**
 * @import { Place } from "./log_sections.js"
 * @import { Change, Delta } from "./room_copy.js"
 * @import { Store } from "./store.js"
 * @import { ThreadCopy } from "./thread_copy.js"
 * @import * as wire from "./wire.d.ts"
 */

export class RoomLogs {
  #copies = new RoomCopies();
  #threads = new ThreadCopies();
  #store;
  #recount;

  /**
   * @param {Store} store emits the events
   * @param {(room: string, changed: Change[]) => void} recount the unread messages of a room that is watched
   */
  constructor(store, recount) {
    this.#store = store;
    this.#recount = recount;
  }

  /** The copy of a room, perhaps that of an earlier visit. @param {string} room @returns {RoomCopy | undefined} */
  copy(room) {
    return this.#copies.get(room);
  }

  /** The copy of a room whose events come now. @param {string} room @returns {RoomCopy | undefined} */
  watched(room) {
    return this.#copies.watched(room);
  }

  /** The slugs of the rooms whose events come now. */
  get watchedRooms() {
    return this.#copies.watchedRooms;
  }

  /** Apply an answer to `open`: a delta for the existing copy, or a new copy. @param {wire.OpenReply} reply */
  applyOpen(reply) {
    const { room } = reply;
    const copy = this.copy(room);
    this.#takeReplies(room, reply.messages);
    if (copy) this.#copies.watch(room, copy);
    if (copy && !reply.limited && reply.epoch === copy.epoch && reply.after <= copy.version) {
      const changed = copy.apply(reply);
      if (changed?.length) this.#emitChanged(room, changed);
    } else if (!copy || reply.limited || reply.epoch !== copy.epoch) {
      this.#store.epoch = reply.epoch;
      this.#copies.watch(room, new RoomCopy(reply, copy));
      this.#store.emit("messages", { room, changed: [], reset: true });
      if (copy) for (const thread of this.#threads.expire(room)) this.#store.emit("thread-expired", thread);
    }
  }

  /** @param {string} room @param {Delta} delta */
  applyDelta(room, delta) {
    // Also while the log has a gap: of each message the newest form stays.
    this.#takeReplies(room, delta.messages);
    const copy = this.watched(room);
    if (!copy) return;
    const changed = copy.apply(delta);
    if (changed?.length) {
      const { quiet, you } = this.#store;
      /** @param {Change} change */
      const isQuiet = ({ message, previous }) => !previous && message.silent && !isMine(message, you);
      quiet.add(room, changed.filter(isQuiet).length);
      this.#recount(room, changed);
      this.#emitChanged(room, changed);
    }
    this.checkGap(room);
  }

  /** Apply the reply to the reader's own command. It may come before the event. @param {wire.MessageReply} reply */
  applyReply({ room, message }) {
    this.#takeReplies(room, [message]);
    const changed = this.copy(room)?.applyOne(message);
    if (!changed?.length) return;
    this.#recount(room, changed);
    this.#emitChanged(room, changed);
  }

  /**
   * Apply an answer to `history`.
   * @param {wire.HistoryReply} reply
   * @param {Place} place that was asked for
   * @param {RoomCopy} copy
   */
  applyHistory(reply, place, copy) {
    this.#store.emit("messages", { room: reply.room, ...copy.addPage(reply, place) });
  }

  /** Show the tail of a room below the window, if it is reached. @param {string} room a slug @returns {boolean} */
  joinTail(room) {
    const changed = this.copy(room)?.join();
    if (changed) this.#store.emit("messages", { room, changed, reset: false });
    return Boolean(changed);
  }

  /** Show the end of a room instead of a window. @param {string} room a slug */
  showTail(room) {
    const copy = this.copy(room);
    if (!copy?.window) return;
    copy.showTail();
    this.#store.emit("messages", { room, changed: [], reset: true });
  }

  /** The events of a room do not come any more. @param {string} room @param {boolean} isKept for the next visit */
  leave(room, isKept) {
    this.#copies.leave(room, isKept);
  }

  /** @param {string} room */
  forget(room) {
    this.#copies.forget(room);
  }

  /** Forget the copies of rooms that were left and are not among these. @param {ReadonlySet<string>} rooms @returns {string[]} their slugs */
  keepOnly(rooms) {
    return this.#copies.keepOnly(rooms);
  }

  /** Forget all copies. @returns {string[]} the slugs of their rooms */
  clear() {
    return this.#copies.clear();
  }

  /** Ask for what is missing in a room, if something is. @param {string} room */
  checkGap(room) {
    if (this.watched(room)?.hasGap) this.#store.emit("gap", { room });
  }

  /** A copy of a thread, which follows the events of its room from now on. @param {string} room @param {number} root an id */
  openThread(room, root) {
    return this.#threads.open(room, root);
  }

  /** @param {ThreadCopy} copy */
  closeThread(copy) {
    this.#threads.close(copy);
  }

  /** A copy of a thread has these messages now. @param {ThreadCopy} copy @param {wire.Message[]} messages */
  emitThread(copy, messages) {
    this.#emitReplies(copy.room, messages);
    this.#store.emit("thread", copy);
  }

  /** @param {wire.Follow} frame */
  setFollow(frame) {
    for (const copy of this.#threads.setFollow(frame)) this.#store.emit("thread", copy);
  }

  /** @param {string} room @param {Change[]} changed */
  #emitChanged(room, changed) {
    for (const { message, previous } of changed) if (!previous) this.#stopTyping(room, message);
    this.#store.emit("messages", { room, changed, reset: false });
  }

  /** @param {string} room @param {wire.Message[]} messages */
  #takeReplies(room, messages) {
    this.#threads.apply(room, messages);
    this.#emitReplies(room, messages);
  }

  /** @param {string} room @param {wire.Message[]} messages */
  #emitReplies(room, messages) {
    const found = messages.filter(({ thread, replies }) => thread !== null || replies !== null);
    for (const message of found) if (message.thread !== null) this.#stopTyping(room, message);
    if (found.length) this.#store.emit("replies", { room, messages: found });
  }

  /** Who sent a message has stopped typing. @param {string} room @param {wire.Message} message */
  #stopTyping(room, message) {
    if (this.#store.typing(room).stop(senderOf(message))) this.#store.emit("typing", { room });
  }
}
