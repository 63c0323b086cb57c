/** The page's state, without any drawing. Frames go in through `apply`; elements listen and draw. */

import { Emitter } from "./emitter.js";
import { KnownPeople } from "./known_people.js";
import { OwnVotes } from "./own_votes.js";
import { PeopleInRooms } from "./people_in_rooms.js";
import { QuietCounts } from "./quiet_counts.js";
import { RoomLogs } from "./room_logs.js";
import { RoomStates } from "./room_states.js";
import { WriteRights } from "./write_rights.js";

/**
 * @import { Delta, Place, RoomCopy } from "./room_copy.js"
 * @import { StoreEvents } from "./store_events.js"
 * @import { ThreadCopy } from "./thread_copy.js"
 * @import * as wire from "./wire.d.ts"
 */

/**
 * @typedef {{
 *   [Type in wire.ServerEvent["type"]]?: (store: Store, frame: Extract<wire.ServerEvent, {type: Type}>) => void
 * }} Handlers by the type of the frame
 */

/** @extends {Emitter<StoreEvents>} */
export class Store extends Emitter {
  #logs = new RoomLogs(this, (room, changed) => this.#emitRooms(this.#states.recount(room, changed)));
  #states = new RoomStates((room) => this.#logs.watched(room), () => this.you);
  #inRooms = new PeopleInRooms((you) => this.people.nameOf(you));

  /** @type {Handlers} */
  static #HANDLERS = {
    welcome: (store, frame) => store.#applyWelcome(frame),
    message: (store, frame) => store.#applyDelta(frame.room, eventDelta(frame.version, [frame.message])),
    changes: (store, frame) => store.#applyChanges(frame),
    room: (store, frame) => store.#applyRoom(frame),
    room_added: (store, frame) => store.#addRoom(frame.state),
    room_removed: (store, frame) => store.#removeRoom(frame.room, frame.deleted),
    unread: (store, frame) => store.#applyUnread(frame),
    read: (store, frame) => store.#emitRooms(store.#states.setRead(frame.room, { ...frame, read: frame.upto })),
    room_choices: (store, { room, muted, hidden }) => store.#emitRooms(store.#states.setChoices(room, { muted, hidden })),
    favourites: (store, frame) => store.#emitRooms(store.#states.setFavourites(frame.rooms)),
    follow: (store, frame) => store.#applyFollow(frame),
    more_replies: (store) => store.emit("more-replies"),
    unread_threads: (store, { room, threads }) => {
      store.#emitRooms(store.#states.setThreads(room, threads));
      store.emit("more-replies");
    },
    folded: (store, frame) => store.setFolded(frame.sections),
    draft: (store, frame) => store.emit("draft", frame),
    scheduled: (store, frame) => store.emit("scheduled", frame),
    votes: (store, frame) => store.ownVotes.apply(frame),
    presence: (store, frame) => store.#applyPresence(frame),
    online: (store, frame) => store.#applyOnline(frame),
    typing: (store, frame) => store.#applyTyping(frame),
    members: (store, frame) => store.emit("members", { room: frame.room }),
    readers: (store, frame) => store.emit("readers", { room: frame.room }),
    public_rooms: (store) => store.emit("public-rooms"),
    saved: (store, { message, saved }) => store.emit("saved", { message, saved }),
    custom_emoji: (store) => store.emit("custom-emoji"),
    person: (store, frame) => store.people.update([frame.person]),
    look: (store, frame) => store.emit("look", frame),
    held: (store, frame) => store.emit("held", frame),
    report_ended: (store, frame) => store.emit("report-ended", frame),
    muted: (store, frame) => store.#applyMuted(frame),
    reports: (store, { room, open }) => store.emit("reports", { room, open }),
  };

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
    this.#applyWelcome(welcome);
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

  /** Apply an event. Unknown types are ignored: a newer server may send more. @param {wire.Frame} frame */
  apply(frame) {
    if (!Object.hasOwn(Store.#HANDLERS, frame.type)) return;
    // The table pairs each type with its own frame. The checker cannot follow a lookup in it.
    const handlers = /** @type {Record<string, (store: Store, frame: wire.Frame) => void>} */ (Store.#HANDLERS);
    handlers[frame.type]?.(this, frame);
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

  /** @param {wire.RoomState} state */
  #addRoom(state) {
    this.addRoom(state);
    this.emit("added", { room: state.slug });
  }

  /** @param {Iterable<string>} sections that are folded */
  setFolded(sections) {
    this.folded = new Set(sections);
    this.emit("rooms");
  }

  /** @param {wire.Unread} frame */
  #applyUnread(frame) {
    if (frame.silent) this.quiet.add(frame.room, frame.unread - (this.rooms.get(frame.room)?.unread ?? 0));
    const isChanged = this.#states.setCounts(frame.room, frame);
    this.#emitRooms(this.#states.setChoices(frame.room, { hidden: frame.hidden }) || isChanged);
  }

  /** @param {wire.Welcome} frame */
  #applyWelcome({ epoch, you, rooms, folded, limits, people_version: peopleVersion }) {
    if (this.epoch !== epoch) this.people.reset(peopleVersion);
    this.people.latest = peopleVersion;
    const listed = new Set(rooms.map(({ slug }) => slug));
    // Another epoch: a backup was restored, and versions may have gone back.
    const dropped = this.epoch === epoch ? this.#logs.keepOnly(listed) : this.#logs.clear();
    this.epoch = epoch;
    this.you = you;
    this.limits = limits;
    this.folded = new Set(folded);
    this.online.clear();
    this.#states.replaceAll(rooms, this.#logs.watchedRooms);
    for (const room of dropped) this.emit("messages", { room, changed: [], reset: true });
    this.emit("you");
    this.emit("rooms");
    this.people.learnFrom([you]);
    this.people.learn(rooms.flatMap(({ people }) => people));
  }

  /** @param {wire.Changes} frame */
  #applyChanges(frame) {
    const { state } = frame;
    if (state) this.#applyFacts(state);
    this.#applyDelta(frame.room, frame);
  }

  /** Facts have a version of their own: they are applied also while the log has a gap. @param {wire.RoomEvent} frame */
  #applyRoom({ room, version, state }) {
    this.#applyFacts(state);
    this.#applyDelta(room, eventDelta(version, []));
  }

  /** @param {wire.Room} facts */
  #applyFacts(facts) {
    this.rights.changed(this.rooms.get(facts.slug), facts);
    this.#emitRooms(this.#states.setFacts(facts));
  }

  /** @param {string} room @param {Delta} delta */
  #applyDelta(room, delta) {
    this.people.learnFrom(delta.messages);
    this.#logs.applyDelta(room, delta);
  }

  /** @param {wire.Muted} frame */
  #applyMuted({ room, until }) {
    this.rights.muted(room, until);
    this.emit("rooms");
  }

  /** @param {wire.Follow} frame */
  #applyFollow(frame) {
    const { room, thread, unread_from: unreadFrom } = frame;
    this.#logs.setFollow(frame);
    this.#emitRooms(this.#states.setThread(room, thread, unreadFrom !== null));
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

  /** @param {string} room @param {boolean} deleted whether it is gone for everybody */
  #removeRoom(room, deleted) {
    this.#logs.forget(room);
    this.#emitRooms(this.#states.remove(room));
    this.emit("removed", { room, deleted });
  }

  /** @param {wire.Presence} frame */
  #applyPresence(frame) {
    this.people.learnFrom(frame.joined);
    this.presence(frame.room).apply(frame);
    this.emit("presence", { room: frame.room });
  }

  /** @param {wire.Online} frame */
  #applyOnline({ joined, left }) {
    for (const id of left) this.online.delete(id);
    for (const id of joined) this.online.add(id);
    this.emit("online");
  }

  /** @param {wire.Typing} frame */
  #applyTyping({ room, who }) {
    this.people.learnFrom(who);
    this.typing(room).apply(who, this.you);
    this.emit("typing", { room });
  }
}

/** The delta of one event. @param {number} version @param {wire.Message[]} messages @returns {Delta} */
function eventDelta(version, messages) {
  return { after: version - 1, upto: version, messages };
}
