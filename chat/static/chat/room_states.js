/**
 * The state of each room in the person's list, with unread counts. For rooms that the page watches it counts messages
 * itself, because the server sends no counts of them. Messages that the person has seen are never counted as unread,
 * even before the server knows of it. Pure. Methods return whether a state changed.
 */

import { SeenMessages } from "./seen_messages.js";
import { isMine, isMentioned } from "./senders.js";
import { isUnread } from "./unread_messages.js";

/**
 * @import { Change, RoomCopy } from "./room_copy.js"
 * @import { Counts } from "./seen_messages.js"
 * @import { Person, Room, RoomState, You } from "./wire.d.ts"
 *
 * @typedef {Pick<RoomState, "read" | "unread_marks">} ReadPosition
 */

export class RoomStates {
  /** @type {Map<string, RoomState>} by slug */
  bySlug = new Map();
  #seen;
  #getYou;

  /**
   * @param {(room: string) => RoomCopy | undefined} copyOf
   * @param {() => You} getYou
   */
  constructor(copyOf, getYou) {
    this.#seen = new SeenMessages(copyOf, getYou);
    this.#getYou = getYou;
  }

  /** Unread messages in all rooms, as their badges count them. */
  get unread() {
    return [...this.bySlug.values()].reduce((sum, room) => sum + countOf(room), 0);
  }

  /** Threads with unread replies in all rooms but archived ones. */
  get unreadThreads() {
    return [...this.bySlug.values()].reduce((sum, { archived, threads }) => sum + (archived ? 0 : threads.length), 0);
  }

  /**
   * Replace the list by the server's.
   * @param {RoomState[]} states
   * @param {Iterable<string>} shown slugs of rooms that the page shows. A public room is not in the server's list when
   *   the reader is not a member
   */
  replaceAll(states, shown) {
    const listed = new Map(states.map((state) => [state.slug, state]));
    for (const slug of shown) {
      const known = this.bySlug.get(slug);
      if (known && !listed.has(slug)) listed.set(slug, { ...known, role: null });
    }
    for (const state of listed.values()) this.#forgetSeen(state);
    this.bySlug.clear();
    for (const state of listed.values()) this.#put(state);
  }

  /** Add a room or replace its state. Known facts that are newer stay. @param {RoomState} state */
  set(state) {
    const known = this.bySlug.get(state.slug);
    const isOutdated = known && known.changed_version > state.changed_version;
    this.#forgetSeen(state);
    return this.#put(isOutdated ? { ...state, ...factsOf(known) } : state);
  }

  /** Change what is the same for every viewer, unless the known facts are newer. @param {Room} facts */
  setFacts(facts) {
    const known = this.bySlug.get(facts.slug);
    if (!known || known.changed_version > facts.changed_version) return false;
    return this.#put({ ...known, ...facts }, false);
  }

  /**
   * Set the counts of a room that the page does not watch, and when something was last written there.
   * @param {string} room a slug
   * @param {Counts & Pick<RoomState, "active_at">} counts
   */
  setCounts(room, { unread, mentions, active_at }) {
    const state = this.bySlug.get(room);
    return state !== undefined && this.#put({ ...state, unread, mentions, active_at });
  }

  /**
   * The reader read a room, or marked messages as unread, perhaps on another device. An older position is ignored.
   * @param {string} room a slug
   * @param {Counts & ReadPosition} position
   */
  setRead(room, { read, unread_marks, unread, mentions }) {
    const state = this.bySlug.get(room);
    if (!state || isNewer(state, { read, unread_marks })) return false;
    const moved = { ...state, read, unread_marks, unread, mentions };
    this.#forgetSeen(moved);
    return this.#put(moved);
  }

  /** @param {string} room a slug @param {Partial<Pick<RoomState, "muted" | "hidden">>} choices of the reader */
  setChoices(room, choices) {
    const state = this.bySlug.get(room);
    return state !== undefined && this.#put({ ...state, ...choices });
  }

  /** All threads of a room that have unread replies. @param {string} room a slug @param {number[]} threads ids of roots */
  setThreads(room, threads) {
    const state = this.bySlug.get(room);
    return state !== undefined && this.#put({ ...state, threads }, false);
  }

  /** A thread of a room has unread replies, or has none. @param {string} room a slug @param {number} thread @param {boolean} isUnread */
  setThread(room, thread, isUnread) {
    const threads = this.bySlug.get(room)?.threads ?? [];
    if (threads.includes(thread) === isUnread) return false;
    return this.setThreads(room, isUnread ? [thread, ...threads] : threads.filter((id) => id !== thread));
  }

  /** @param {string[]} slugs of the reader's favourites, in their order */
  setFavourites(slugs) {
    for (const state of this.bySlug.values()) {
      const place = slugs.indexOf(state.slug);
      this.#put({ ...state, favourite: place < 0 ? null : place });
    }
    return true;
  }

  /**
   * Count changes of a room's messages, and note when the latest came. The server does not send these of rooms that the
   * page watches.
   * @param {string} room a slug
   * @param {Change[]} changed
   */
  recount(room, changed) {
    const state = this.bySlug.get(room);
    if (!state?.role) return false;
    // A new message brings a hidden room back, also the reader's own.
    if (state.hidden && changed.some(({ previous }) => !previous)) this.setChoices(room, { hidden: false });
    const you = this.#getYou();
    const seen = this.#seen.upto(state);
    let { unread, mentions: mentioned, active_at } = state;
    for (const { message, previous } of changed) {
      if (!previous && Date.parse(message.at) > Date.parse(active_at)) active_at = message.at;
      if (message.seq <= seen || isMine(message, you)) continue;
      unread += Number(isUnread(message)) - Number(isUnread(previous));
      mentioned += Number(isMentioned(message, you));
      if (previous) mentioned -= Number(isMentioned(previous, you));
    }
    const counts = { unread: Math.max(0, unread), mentions: Math.max(0, mentioned) };
    return this.#put({ ...state, ...counts, active_at }, false);
  }

  /**
   * The person has seen a room up to the message with this seq: count as if the server knew it already.
   * @param {string} room a slug
   * @param {number} upto
   */
  markSeen(room, upto) {
    const state = this.bySlug.get(room);
    const before = state ? this.#seen.upto(state) : 0;
    this.#seen.note(room, upto);
    return state !== undefined && this.#put({ ...state, ...this.#seen.countLess(state, before, upto) }, false);
  }

  /**
   * Replace the people of direct rooms by newer forms of them.
   * @param {Set<number>} ids of people who changed
   * @param {(id: number) => Person | undefined} find
   */
  updatePeople(ids, find) {
    const concerned = [...this.bySlug.values()].filter(({ people }) => people.some(({ id }) => ids.has(id)));
    for (const state of concerned) {
      this.#put({ ...state, people: state.people.map((person) => find(person.id) ?? person) });
    }
    return concerned.length > 0;
  }

  /** @param {string} room a slug */
  remove(room) {
    return this.bySlug.delete(room);
  }

  /** @param {RoomState} state @param {boolean} [isFresh] whether its counts are the server's */
  #put(state, isFresh = true) {
    const seen = this.#seen;
    const counts = seen.countLeft(state) ?? (isFresh ? seen.countLess(state, state.read, seen.upto(state)) : {});
    this.bySlug.set(state.slug, { ...state, ...counts });
    return true;
  }

  /** Messages were marked as unread since the reader saw them. @param {RoomState} state the new one */
  #forgetSeen({ slug, unread_marks }) {
    if (unread_marks > (this.bySlug.get(slug)?.unread_marks ?? unread_marks)) this.#seen.forget(slug);
  }
}

/**
 * The unread messages that a room's badge counts: in a muted room only mentions, in an archived one none.
 * @param {Pick<RoomState, "archived" | "muted" | "unread" | "mentions">} room
 */
export function countOf({ archived, muted, unread, mentions }) {
  if (archived) return 0;
  return muted ? mentions : unread;
}

/** Whether a read position is newer than another one. @param {ReadPosition} one @param {ReadPosition} other */
function isNewer(one, other) {
  if (one.unread_marks !== other.unread_marks) return one.unread_marks > other.unread_marks;
  return one.read > other.read;
}

/** What of a room's state is the same for every viewer. @param {RoomState} state @returns {Room} */
function factsOf(state) {
  const { slug, name, topic, kind, guests, archived, slow_mode_s, changed_version } = state;
  const { who_posts, who_invites, who_pins, who_mentions_all } = state;
  const facts = { slug, name, topic, kind, guests, archived, slow_mode_s, changed_version };
  return { ...facts, who_posts, who_invites, who_pins, who_mentions_all };
}
