/** What each event of the server changes in the state of the page. A new event needs a line in the table here. */

/**
 * @import { Delta } from "./room_copy.js"
 * @import { RoomLogs } from "./room_logs.js"
 * @import { RoomStates } from "./room_states.js"
 * @import { Store } from "./store.js"
 * @import * as wire from "./wire.d.ts"
 */

/**
 * @typedef {{
 *   [Type in wire.ServerEvent["type"]]?: (frame: Extract<wire.ServerEvent, {type: Type}>) => void
 * }} Handlers by the type of the frame
 */

export class EventHandlers {
  #store;
  #states;
  #logs;

  /** @type {Handlers} */
  #handlers = {
    welcome: (frame) => this.#welcome(frame),
    message: (frame) => this.#applyDelta(frame.room, eventDelta(frame.version, [frame.message])),
    changes: (frame) => this.#applyChanges(frame),
    room: (frame) => this.#applyRoom(frame),
    room_added: (frame) => this.#addRoom(frame.state),
    room_removed: (frame) => this.#removeRoom(frame),
    unread: (frame) => this.#applyUnread(frame),
    read: (frame) => this.#roomsChanged(this.#states.setRead(frame.room, { ...frame, read: frame.upto })),
    room_choices: ({ room, muted, hidden }) => this.#roomsChanged(this.#states.setChoices(room, { muted, hidden })),
    favourites: ({ rooms }) => this.#roomsChanged(this.#states.setFavourites(rooms)),
    follow: (frame) => this.#applyFollow(frame),
    more_replies: () => this.#store.emit("more-replies"),
    unread_threads: (frame) => this.#applyUnreadThreads(frame),
    folded: ({ sections }) => this.#store.setFolded(sections),
    draft: (frame) => this.#store.emit("draft", frame),
    scheduled: (frame) => this.#store.emit("scheduled", frame),
    votes: (frame) => this.#store.ownVotes.apply(frame),
    presence: (frame) => this.#applyPresence(frame),
    online: (frame) => this.#applyOnline(frame),
    typing: (frame) => this.#applyTyping(frame),
    members: ({ room }) => this.#store.emit("members", { room }),
    readers: ({ room }) => this.#store.emit("readers", { room }),
    public_rooms: () => this.#store.emit("public-rooms"),
    saved: ({ message, saved }) => this.#store.emit("saved", { message, saved }),
    custom_emoji: () => this.#store.emit("custom-emoji"),
    person: ({ person }) => this.#store.people.update([person]),
    look: (frame) => this.#store.emit("look", frame),
    held: (frame) => this.#store.emit("held", frame),
    report_ended: (frame) => this.#store.emit("report-ended", frame),
    muted: (frame) => this.#applyMuted(frame),
    reports: ({ room, open }) => this.#store.emit("reports", { room, open }),
  };

  /** @param {Store} store @param {{states: RoomStates, logs: RoomLogs}} parts of the store */
  constructor(store, { states, logs }) {
    this.#store = store;
    this.#states = states;
    this.#logs = logs;
  }

  /** Unknown types are ignored: a newer server may send more. @param {wire.Frame} frame */
  apply(frame) {
    if (!Object.hasOwn(this.#handlers, frame.type)) return;
    // The table pairs each type with its own frame. The checker cannot follow a lookup in it.
    const handlers = /** @type {Record<string, (frame: wire.Frame) => void>} */ (this.#handlers);
    handlers[frame.type]?.(frame);
  }

  /** A connection begins. @param {wire.Welcome} frame */
  #welcome({ epoch, you, rooms, folded, limits, people_version: peopleVersion }) {
    const store = this.#store;
    if (store.epoch !== epoch) store.people.reset(peopleVersion);
    store.people.latest = peopleVersion;
    const listed = new Set(rooms.map(({ slug }) => slug));
    // Another epoch: a backup was restored, and versions may have gone back.
    const dropped = store.epoch === epoch ? this.#logs.keepOnly(listed) : this.#logs.clear();
    store.epoch = epoch;
    store.you = you;
    store.limits = limits;
    store.folded = new Set(folded);
    store.online.clear();
    this.#states.replaceAll(rooms, this.#logs.watchedRooms);
    for (const room of dropped) store.emit("messages", { room, changed: [], reset: true });
    store.emit("you");
    store.emit("rooms");
    store.people.learnFrom([you]);
    store.people.learn(rooms.flatMap(({ people }) => people));
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
    this.#store.rights.changed(this.#states.bySlug.get(facts.slug), facts);
    this.#roomsChanged(this.#states.setFacts(facts));
  }

  /** @param {string} room @param {Delta} delta */
  #applyDelta(room, delta) {
    this.#store.people.learnFrom(delta.messages);
    this.#logs.applyDelta(room, delta);
  }

  /** @param {wire.RoomState} state */
  #addRoom(state) {
    this.#store.addRoom(state);
    this.#store.emit("added", { room: state.slug });
  }

  /** @param {wire.RoomRemoved} frame */
  #removeRoom({ room, deleted }) {
    this.#logs.forget(room);
    this.#roomsChanged(this.#states.remove(room));
    this.#store.emit("removed", { room, deleted });
  }

  /** @param {wire.Unread} frame */
  #applyUnread(frame) {
    const known = this.#states.bySlug.get(frame.room)?.unread ?? 0;
    if (frame.silent) this.#store.quiet.add(frame.room, frame.unread - known);
    const isChanged = this.#states.setCounts(frame.room, frame);
    this.#roomsChanged(this.#states.setChoices(frame.room, { hidden: frame.hidden }) || isChanged);
  }

  /** @param {wire.Follow} frame */
  #applyFollow(frame) {
    const { room, thread, unread_from: unreadFrom } = frame;
    this.#logs.setFollow(frame);
    this.#roomsChanged(this.#states.setThread(room, thread, unreadFrom !== null));
  }

  /** @param {wire.UnreadThreads} frame */
  #applyUnreadThreads({ room, threads }) {
    this.#roomsChanged(this.#states.setThreads(room, threads));
    this.#store.emit("more-replies");
  }

  /** @param {wire.Presence} frame */
  #applyPresence({ room, ...change }) {
    this.#store.people.learnFrom(change.joined);
    this.#store.presence(room).apply(change);
    this.#store.emit("presence", { room });
  }

  /** @param {wire.Online} frame */
  #applyOnline({ joined, left }) {
    for (const id of left) this.#store.online.delete(id);
    for (const id of joined) this.#store.online.add(id);
    this.#store.emit("online");
  }

  /** @param {wire.Typing} frame */
  #applyTyping({ room, who }) {
    this.#store.people.learnFrom(who);
    this.#store.typing(room).apply(who, this.#store.you);
    this.#store.emit("typing", { room });
  }

  /** @param {wire.Muted} frame */
  #applyMuted({ room, until }) {
    this.#store.rights.muted(room, until);
    this.#store.emit("rooms");
  }

  /** @param {boolean} isChanged */
  #roomsChanged(isChanged) {
    if (isChanged) this.#store.emit("rooms");
  }
}

/** The delta of one event. @param {number} version @param {wire.Message[]} messages @returns {Delta} */
function eventDelta(version, messages) {
  return { after: version - 1, upto: version, messages };
}
