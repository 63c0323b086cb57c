/** How far the reader has read one room: what the page knows to be unread there, and what it tells the server. */

import { command } from "./protocol.js";
import { ReadMark, newest } from "./read_mark.js";

/**
 * @import { RoomContext } from "./room_view.js"
 * @import { Message } from "./wire.d.ts"
 */

export class ReadPosition {
  #context;
  #mark = new ReadMark(0);
  /** The seq up to which the server knows what was read. */
  #reported = 0;
  /** `RoomState.unread_marks`: the mark belongs to it. */
  #unreadMarks = 0;

  /** @param {Pick<RoomContext, "connection" | "room" | "store">} context */
  constructor(context) {
    this.#context = context;
    this.#mark.upto = this.#state?.read ?? 0;
  }

  /** The seq of the last message that was read. */
  get upto() {
    return this.#mark.upto;
  }

  /** How many messages are unread; only members have such a count. */
  get unread() {
    return this.#state?.role ? this.#state.unread : 0;
  }

  /** The first unread message of others, if it is shown. @returns {Message | undefined} */
  get firstUnread() {
    const { shown } = this.#copy ?? {};
    return shown && this.#mark.isCovered(shown) ? this.#mark.firstUnread(shown, this.#context.store.you) : undefined;
  }

  /**
   * Whether the first unread message is shown, or there is none. The counts come also while the room is not watched; those
   * of a person who is no member are not known.
   */
  get isKnown() {
    return Boolean(this.#copy && this.#state?.role) && (this.unread === 0 || this.firstUnread !== undefined);
  }

  /** The seq after which messages are new to the reader, as the server says; null if all were read. */
  get newAfter() {
    return this.unread ? (this.#state?.read ?? 0) : null;
  }

  /** Whether the first unread message is above the view, or not loaded. @param {() => {from: number}} view the first seq in it */
  isFirstAbove(view) {
    const { shown } = this.#copy ?? {};
    if (!shown) return false;
    if (!this.#mark.isCovered(shown)) return shown.floor > this.upto;
    const first = this.firstUnread;
    return first !== undefined && first.seq < view().from;
  }

  /** The reader has come to the room: they begin where they left off. */
  begin() {
    const { read = 0, unread_marks: unreadMarks = 0 } = this.#state ?? {};
    this.#reported = this.#mark.upto = read;
    this.#unreadMarks = unreadMarks;
    if (!this.unread && this.#copy) this.#mark.moveTo(newest(this.#copy.tail));
  }

  /** Messages are on the screen of a reader who looks at them. @param {() => {from: number, to: number}} view their seqs */
  see(view) {
    const { room, store } = this.#context;
    const { shown } = this.#copy ?? {};
    // The usual case, nothing unread, must not ask for a layout.
    if (!shown || newest(shown) <= this.upto) return;
    if (this.#mark.markSeen(view(), shown, store.you)) store.markSeen(room, this.upto);
  }

  /** The reader says that they have read all. */
  seeAll() {
    const { room, store } = this.#context;
    if (!this.#copy) return;
    this.#mark.moveTo(Math.max(this.#copy.version, newest(this.#copy.tail)));
    store.markSeen(room, this.upto);
  }

  /** Messages may have been marked as unread, here or on another device. @returns {boolean} whether that is so */
  goBack() {
    const { read = 0, unread_marks: unreadMarks = 0 } = this.#state ?? {};
    if (unreadMarks <= this.#unreadMarks) return false;
    this.#unreadMarks = unreadMarks;
    this.#reported = this.#mark.upto = read;
    return true;
  }

  /** The reader may have read further on another device. @returns {boolean} whether that is so */
  goOn() {
    return this.#mark.moveTo(this.#state?.read ?? 0);
  }

  /** Tell the server how far the reader has read. @returns {boolean} whether a command was sent */
  report() {
    const { connection, room } = this.#context;
    const { upto } = this;
    if (upto <= this.#reported || !connection.online || !this.#state?.role) return false;
    this.#reported = upto;
    // A command that is lost is repeated with the next message or the next visit.
    connection.request(command.read(room, upto, this.#unreadMarks)).catch(() => (this.#reported = 0));
    return true;
  }

  get #copy() {
    return this.#context.store.copy(this.#context.room);
  }

  get #state() {
    return this.#context.store.rooms.get(this.#context.room);
  }
}
