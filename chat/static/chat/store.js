/** The page's state, without any drawing. Frames go in through `apply`; elements listen and draw. */

import { Emitter } from "./emitter.js";
import { EventHandlers } from "./event_handlers.js";
import { KnownPeople } from "./known_people.js";
import { OwnVotes } from "./own_votes.js";
import { PeopleInRooms } from "./people_in_rooms.js";
import { QuietCounts } from "./quiet_counts.js";
import { RoomLogs } from "./room_logs.js";
import { RoomStates } from "./room_states.js";
import { WriteRights } from "./write_rights.js";

/**
 * @import { Place } from "./log_sections.js"
 * @import { RoomCopy } from "./room_copy.js"
 * @import { StoreEvents } from "./store_events.js"
 * @import { ThreadCopy } from "./thread_copy.js"
 * @import * as wire from "./wire.d.ts"
 */

/** @extends {Emitter<StoreEvents>} */
export class Store extends Emitter {
  #logs = new RoomLogs(this, (room, changed) => this.#emitRooms(this.#states.recount(room, changed)));
  #states = new RoomStates((room) => this.#logs.watched(room), () => this.you);
  #inRooms = new PeopleInRooms((you) => this.people.nameOf(you));
  #events;

  /** @type {ReadonlySet<string>} names of the sections of the sidebar that the reader has folded */
  folded = new Set();
  /** @type {Set<number>} ids of those people of the reader's direct rooms who are online */
  online = new Set();

  /** Unread messages that do not call the reader. */
  quiet = new QuietCounts();
  /** Where the reader may write. */
  rights = new WriteRights();
  /** What the reader voted in polls. */
  ownVotes = new OwnVotes();

  /** @param {wire.Welcome} welcome */
  constructor(welcome) {
    super();
    this.epoch = welcome.epoch;
    this.you = welcome.you;
    this.limits = welcome.limits;
    this.people = new KnownPeople(welcome.people_version);
    this.people.on("change", (ids) => this.#peopleChanged(ids));
    this.#events = new EventHandlers(this, { states: this.#states, logs: this.#logs });
    this.#events.apply(welcome);
  }

  /** The state of each room in the reader's list, by slug. Callers must not change the map. */
  get rooms() {
    return this.#states.bySlug;
  }

  /** Unread messages in all rooms. */
  get unread() {
    return this.#states.unread;
  }

  /** Followed threads with unread replies. */
  get unreadThreads() {
    return this.#states.unreadThreads;
  }

  /** Whether the reader follows a thread that has replies they have not read. @param {number} root an id */
  isThreadUnread(root) {
    return [...this.rooms.values()].some(({ threads }) => threads.includes(root));
  }

  /** A copy of a thread, which follows the events of its room from now on. @param {string} room @param {number} root an id */
  openThread(room, root) {
    return this.#logs.openThread(room, root);
  }

  /** @param {ThreadCopy} copy */
  closeThread(copy) {
    this.#logs.closeThread(copy);
  }

  /** Apply an answer to `thread`. @param {wire.ThreadReply} reply @param {ThreadCopy} copy */
  applyThread(reply, copy) {
    const messages = [reply.root, ...reply.replies];
    this.people.learnFrom(messages);
    copy.addPage(reply);
    this.#emitRooms(this.#states.setThread(copy.room, copy.rootId, copy.following && copy.unreadFrom !== null));
    this.#logs.emitThread(copy, messages);
  }

  /**
   * The copy of a room. It may be that of an earlier visit, until an answer to `open` continues it.
   * @param {string} room a slug
   * @returns {RoomCopy | undefined}
   */
  copy(room) {
    return this.#logs.copy(room);
  }

  /** Who has a room open. @param {string} room a slug */
  presence(room) {
    return this.#inRooms.presence(room);
  }

  /** Who is typing in a room. @param {string} room a slug */
  typing(room) {
    return this.#inRooms.typing(room);
  }

  /** Apply an event. @param {wire.Frame} frame */
  apply(frame) {
    this.#events.apply(frame);
  }

  /** Apply an answer to `open`: a delta for the existing copy, or a new copy. @param {wire.OpenReply} reply */
  applyOpen(reply) {
    this.people.learnFrom([...reply.messages, ...reply.here]);
    this.#logs.applyOpen(reply);
    this.rights.opened(reply);
    this.presence(reply.room).reset(reply);
    this.emit("presence", { room: reply.room });
    this.#emitRooms(this.#states.set(reply.state));
    this.#logs.checkGap(reply.room);
  }

  /**
   * Apply an answer to `history`.
   * @param {wire.HistoryReply} reply
   * @param {Place} place that was asked for
   * @param {RoomCopy} copy of the room when the page was asked for: a page does not fit a later one
   */
  applyHistory(reply, place, copy) {
    if (this.copy(reply.room) !== copy) return;
    this.people.learnFrom(reply.messages);
    this.#logs.applyHistory(reply, place, copy);
  }

  /** Show the tail of a room below the window, if it is reached. @param {string} room a slug @returns {boolean} */
  joinTail(room) {
    return this.#logs.joinTail(room);
  }

  /** Show the end of a room instead of a window. @param {string} room a slug */
  showTail(room) {
    this.#logs.showTail(room);
  }

  /** Apply the reply to this person's own command. It may come before the event. @param {wire.MessageReply} reply */
  applyReply(reply) {
    this.people.learnFrom([reply.message]);
    this.#logs.applyReply(reply);
  }

  /** The reader has seen a room up to the message with this seq. @param {string} room a slug @param {number} upto */
  markSeen(room, upto) {
    this.#emitRooms(this.#states.markSeen(room, upto));
  }

  /**
   * A room is no longer watched: its events do not come any more. Its copy is kept for the next visit.
   * @param {string} room a slug
   */
  close(room) {
    this.#inRooms.forget(room);
    const isListed = Boolean(!this.you.user || this.rooms.get(room)?.role);
    this.#logs.leave(room, isListed && this.rooms.has(room));
    // A public room of which the reader is not a member is in the list only while it is shown.
    if (!isListed) this.#emitRooms(this.#states.remove(room));
  }

  /** Add a room to the list, or replace its state. @param {wire.RoomState} state */
  addRoom(state) {
    this.#emitRooms(this.#states.set(state));
  }

  /** @param {Iterable<string>} sections that are folded */
  setFolded(sections) {
    this.folded = new Set(sections);
    this.emit("rooms");
  }

  /** @param {Set<number>} ids of people of whom something else is shown now */
  #peopleChanged(ids) {
    const { user } = this.you;
    if (user && ids.has(user.id)) this.you = { user: this.people.get(user.id) ?? user, guest: null };
    this.#emitRooms(this.#states.updatePeople(ids, (id) => this.people.get(id)));
    this.emit("people", { ids });
  }

  /** @param {boolean} isChanged */
  #emitRooms(isChanged) {
    if (isChanged) this.emit("rooms");
  }
}
