/**
 * What the page knows, apart from what it shows. Frames go in through `apply`; elements listen and draw.
 *
 * Emits: `rooms` (the list or a room's facts changed), `messages` {room, changed, reset}, `hole` {room} (ask
 * `open … since`), `presence` {room}, `typing` {room}, `removed` {room}, `you`.
 */

import { RoomCopy } from "./copy.js";
import { Emitter } from "./emitter.js";
import { Presence, Typing } from "./people.js";
import { isMine, mentions, senderOf } from "./protocol.js";

export class Store extends Emitter {
  epoch = null;
  you = null;
  limits = { body: Infinity, rate: 0, burst: 0 };
  /** RoomState by slug. */
  rooms = new Map();
  #copies = new Map();
  #presence = new Map();
  #typing = new Map();
  /** By room, the seq up to which I have seen it; the server may not know yet. */
  #seen = new Map();

  static #HANDLERS = {
    welcome: (store, frame) => store.#welcome(frame),
    message: (store, frame) => store.#log(frame, frame.version - 1, frame.version, [frame.message]),
    changes: (store, frame) => store.#log(frame, frame.after, frame.upto, frame.messages),
    room: (store, frame) => store.#log(frame, frame.version - 1, frame.version, []),
    room_added: (store, frame) => store.#setRoom(frame.state),
    room_removed: (store, frame) => store.#removeRoom(frame.room),
    unread: (store, frame) => store.#count(frame.room, frame),
    read: (store, frame) => store.#count(frame.room, { ...frame, read: frame.upto }),
    presence: (store, frame) => store.#present(frame),
    typing: (store, frame) => store.#type(frame),
  };

  /** Take one event. Unknown ones are ignored: a newer server may say more. */
  apply(frame) {
    if (Object.hasOwn(Store.#HANDLERS, frame.type)) Store.#HANDLERS[frame.type](this, frame);
  }

  /** Take an answer to `open`: a fill of the copy that is here, or a new copy. */
  applyOpen(reply) {
    const copy = this.#copies.get(reply.room);
    if (copy && !reply.limited && reply.epoch === copy.epoch && reply.after <= copy.version) {
      const changed = copy.apply(reply);
      if (changed?.length) this.#changed(reply.room, changed);
    } else if (!copy || reply.limited || reply.epoch !== copy.epoch) {
      this.epoch = reply.epoch;
      this.#copies.set(reply.room, new RoomCopy(reply, copy));
      this.emit("messages", { room: reply.room, changed: [], reset: true });
    }
    this.presence(reply.room).reset(reply);
    this.emit("presence", { room: reply.room });
    this.#setRoom(reply.state);
    this.#lookForHole(reply.room);
  }

  /** Take an answer to `history` that asked for what is before seq `before`. */
  applyHistory(reply, before) {
    const changed = this.#copies.get(reply.room)?.older(reply, before);
    if (changed) this.emit("messages", { room: reply.room, changed, reset: false });
  }

  /** Take the message of a `reply` to one's own command, ahead of its event. */
  applyOwn({ room, message }) {
    const changed = this.#copies.get(room)?.take(message);
    if (changed?.length) this.#changed(room, changed);
  }

  /** @param {string} room a slug @returns {RoomCopy|undefined} */
  copy(room) {
    return this.#copies.get(room);
  }

  /** @returns {Presence} */
  presence(room) {
    return this.#made(this.#presence, room, () => new Presence());
  }

  /** @returns {Typing} */
  typing(room) {
    return this.#made(this.#typing, room, () => new Typing());
  }

  /** I have seen a room up to the message with this seq: what the server will say when it was told. */
  see(room, upto) {
    this.#seen.set(room, Math.max(upto, this.#seen.get(room) ?? 0));
    const state = this.rooms.get(room);
    if (state) this.#put(state);
  }

  /** Unread messages in all rooms. */
  get unread() {
    return [...this.rooms.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  #made(map, key, make) {
    if (!map.has(key)) map.set(key, make());
    return map.get(key);
  }

  #welcome({ epoch, you, rooms, limits }) {
    if (this.epoch !== null && this.epoch !== epoch) {
      // A backup was restored: versions may have gone back.
      const dropped = [...this.#copies.keys()];
      this.#copies.clear();
      for (const room of dropped) this.emit("messages", { room, changed: [], reset: true });
    }
    Object.assign(this, { epoch, you, limits });
    const listed = new Map(rooms.map((state) => [state.slug, state]));
    // A public room that one looks at without being a member is not in the list.
    for (const room of this.#copies.keys()) {
      if (!listed.has(room) && this.rooms.has(room)) listed.set(room, { ...this.rooms.get(room), role: null });
    }
    this.rooms = new Map([...listed].map(([room, state]) => [room, this.#asSeen(state)]));
    this.emit("you");
    this.emit("rooms");
  }

  #log({ room, state }, after, upto, messages) {
    // A room's facts count by their own version, also while its log has a hole.
    if (state && this.rooms.has(room)) this.#setRoom(state);
    const copy = this.#copies.get(room);
    if (!copy) return;
    const changed = copy.apply({ after, upto, messages });
    if (changed?.length) this.#recount(room, changed);
    if (changed?.length) this.#changed(room, changed);
    this.#lookForHole(room);
  }

  #changed(room, changed) {
    for (const { message, former } of changed) {
      if (!former && this.typing(room).stopped(senderOf(message))) this.emit("typing", { room });
    }
    this.emit("messages", { room, changed, reset: false });
  }

  #lookForHole(room) {
    if (this.#copies.get(room)?.behind) this.emit("hole", { room });
  }

  /** The server counts for rooms that are not watched; in a watched one the page sees for itself. */
  #recount(room, changed) {
    const state = this.rooms.get(room);
    if (!state?.role) return;
    const read = Math.max(state.read, this.#seen.get(room) ?? 0);
    let { unread, mentions: mentioned } = state;
    for (const { message, former } of changed) {
      if (message.seq <= read || isMine(message, this.you)) continue;
      const counts = (one) => one && !one.deleted;
      unread += Number(counts(message)) - Number(counts(former) ?? 0);
      mentioned += Number(mentions(message, this.you));
      mentioned -= Number(former ? mentions(former, this.you) : false);
    }
    this.#count(room, { unread: Math.max(0, unread), mentions: Math.max(0, mentioned) });
  }

  #count(room, { unread, mentions: mentioned, read }) {
    const state = this.rooms.get(room);
    if (!state) return;
    this.#put({ ...state, unread, mentions: mentioned, read: Math.max(read ?? 0, state.read) });
  }

  #put(state) {
    this.rooms.set(state.slug, this.#asSeen(state));
    this.emit("rooms");
  }

  /** A room's state, with the counts that are left when I have seen more than the server knows of. */
  #asSeen(state) {
    const seen = this.#seen.get(state.slug) ?? 0;
    const copy = this.#copies.get(state.slug);
    if (seen <= state.read || !state.unread || !copy || (copy.more && copy.floor > seen + 1)) return state;
    const left = { unread: 0, mentions: 0 };
    for (let message = copy.following(seen); message; message = copy.following(message.seq)) {
      if (message.deleted || isMine(message, this.you)) continue;
      left.unread += 1;
      left.mentions += Number(mentions(message, this.you));
    }
    return { ...state, ...left };
  }

  #setRoom(state) {
    const known = this.rooms.get(state.slug);
    const older = known && known.changed_version > state.changed_version;
    this.#put(older ? { ...state, ...pickFacts(known) } : { ...known, ...state });
  }

  #removeRoom(room) {
    if (this.rooms.delete(room)) this.emit("rooms");
    this.emit("removed", { room });
  }

  #present(frame) {
    this.presence(frame.room).apply(frame);
    this.emit("presence", { room: frame.room });
  }

  #type({ room, who }) {
    this.typing(room).apply(who, this.you);
    this.emit("typing", { room });
  }
}

const FACTS = ["name", "topic", "kind", "guests", "archived", "slow_mode_s", "changed_version"];

function pickFacts(state) {
  return Object.fromEntries(FACTS.map((fact) => [fact, state[fact]]));
}
