/** What the tests share: people, messages, frames, and a room as its server has it. */

/** @import * as wire from "../../static/chat/wire.d.ts" */

/** @param {number} id @param {string} handle @param {Partial<wire.Person>} [fields] @returns {wire.Person} */
export function person(id, handle, fields = {}) {
  return { id, handle, name: handle, avatar: null, bot: false, status: null, version: 0, ...fields };
}

/** @type {wire.You} */
export const ALICE = { user: person(1, "alice"), guest: null };
/** @type {wire.You} */
export const BOB = { user: person(2, "bob"), guest: null };
/** @type {wire.You} */
export const GUEST = { user: null, guest: { id: "5d41402abc4b2a76", name: "Calm Otter 12" } };

/** The `mentions` of a message to these people. @param {wire.You[]} people @returns {wire.Mentions} */
export const mentioning = (...people) => ({ people: people.map(({ user }) => user.id), rooms: [], all: false, here: false });

/**
 * A message by `by`, with any field replaced.
 * @param {number} id
 * @param {Partial<wire.Message> & {by?: wire.You}} [fields]
 * @returns {wire.Message}
 */
export function message(id, { seq = id, version = seq, by = BOB, text = `text ${id}`, ...rest } = {}) {
  return {
    id,
    seq,
    version,
    client_id: `client-${id}`,
    author: by.user,
    guest: by.guest,
    text,
    html: `<p>${text}</p>`,
    at: "2026-01-01T10:00:00Z",
    edited_at: null,
    deleted: false,
    removed: false,
    reply_to: null,
    quote: null,
    mentions: null,
    reactions: [],
    attachments: [],
    previews: [],
    poll: null,
    silent: false,
    pinned: null,
    thread: null,
    in_room: true,
    replies: null,
    ...rest,
  };
}

/** @param {wire.Message} message @returns {wire.Quote} */
export function quoteOf({ id, seq, version, author, guest, text, attachments, deleted }) {
  const shortForm = author && { id: author.id, name: author.name };
  return { id, seq, version, author: shortForm, guest, text, file: attachments[0] ?? null, deleted };
}

/** What of a room is the same for every viewer. @param {Partial<wire.Room>} [fields] @returns {wire.Room} */
export function facts(slug = "lobby", fields = {}) {
  return {
    slug,
    name: slug,
    topic: "",
    kind: "public",
    guests: "none",
    archived: false,
    slow_mode_s: 0,
    who_posts: "everyone",
    who_invites: "members",
    who_pins: "members",
    who_mentions_all: "moderators",
    changed_version: 0,
    ...fields,
  };
}

/** A room as one person has it. @param {Partial<wire.RoomState>} [fields] @returns {wire.RoomState} */
export function state(slug = "lobby", fields = {}) {
  return {
    ...facts(slug),
    version: 0,
    active_at: "2026-01-01T09:00:00Z",
    role: "member",
    named_to_post: false,
    read: 0,
    unread_marks: 0,
    unread: 0,
    mentions: 0,
    people: [],
    favourite: null,
    muted: false,
    hidden: false,
    threads: [],
    ...fields,
  };
}

/** @param {Partial<wire.Welcome>} [fields] @returns {wire.Welcome} */
export function welcome({ you = ALICE, epoch = "e1", rooms = [state()], people_version: peopleVersion = 0 } = {}) {
  const files = { count: 10, bytes: 100_000_000, types: [], alt: 1000, chunk: 4_194_304 };
  const limits = { body: 8000, rate: 10, burst: 40, files };
  const folded = ["archived"];
  return { type: "welcome", protocol: "chat", epoch, you, resume: null, rooms, folded, people_version: peopleVersion, limits };
}

/**
 * The answer to `open`: by default the latest page, up to the newest version in it.
 * @param {wire.Message[]} messages
 * @param {Partial<Omit<wire.OpenReply, "state">> & {state?: Partial<wire.RoomState>}} [fields]
 * @returns {wire.OpenReply}
 */
export function opened(messages, { state: roomState, ...fields } = {}) {
  const { room = "lobby", upto = Math.max(0, ...messages.map(({ version }) => version)) } = fields;
  return {
    type: "reply",
    ref: null,
    room,
    epoch: "e1",
    state: state(room, { version: upto, ...roomState }),
    after: 0,
    upto,
    messages,
    limited: true,
    more_before: false,
    more_after: false,
    at: null,
    thread: null,
    can_post: true,
    muted_until: null,
    online: 0,
    here: [],
    ...fields,
  };
}

/** A room as its server has it: gives out versions in order, and answers what a client may ask. */
export class Log {
  version = 0;
  /** @type {Map<number, wire.Message>} */
  messages = new Map();
  name = "lobby";
  changedVersion = 0;

  /** @param {number} id @param {Partial<wire.Message>} fields @returns {wire.MessageEvent} */
  #store(id, fields) {
    const stored = { ...this.messages.get(id), ...fields, version: ++this.version };
    this.messages.set(id, stored);
    return { type: "message", room: "lobby", version: this.version, message: this.#asSent(stored) };
  }

  /** A message as it is sent: with the current quote of the message that it answers. @param {wire.Message} stored */
  #asSent(stored) {
    const quoted = this.messages.get(stored.reply_to);
    return { ...stored, quote: quoted ? quoteOf(quoted) : null };
  }

  post(text, replyTo = null) {
    const id = this.messages.size + 1;
    return this.#store(id, message(id, { seq: this.version + 1, text, reply_to: replyTo }));
  }

  /** A reply in the thread of the message `root`, which the room does not show. */
  reply(text, root) {
    const id = this.messages.size + 1;
    const thread = this.messages.get(root).thread ?? root;
    return this.#store(id, message(id, { seq: this.version + 1, text, thread, in_room: false }));
  }

  edit(id, text) {
    return this.#store(id, { text });
  }

  delete(id) {
    return this.#store(id, { text: "", html: "", deleted: true });
  }

  /** @param {string} name @returns {wire.RoomEvent} */
  rename(name) {
    this.name = name;
    this.changedVersion = ++this.version;
    return { type: "room", room: "lobby", version: this.version, state: this.facts };
  }

  get facts() {
    return facts("lobby", { name: this.name, changed_version: this.changedVersion });
  }

  get state() {
    return state("lobby", { ...this.facts, version: this.version });
  }

  /** The messages that the room shows. */
  get inOrder() {
    return [...this.messages.values()].filter((each) => each.in_room).sort((a, b) => a.seq - b.seq);
  }

  /** The replies in a thread. @param {number} root */
  inThread(root) {
    return [...this.messages.values()].filter(({ thread }) => thread === root).sort((a, b) => a.seq - b.seq);
  }

  /** @param {number} root @param {number} [before] a seq @param {number} [limit] @returns {wire.ThreadReply} */
  thread(root, before = Infinity, limit = 7) {
    const older = this.inThread(root).filter(({ seq }) => seq < before);
    return {
      type: "reply",
      ref: null,
      room: "lobby",
      version: this.version,
      root: this.#asSent(this.messages.get(root)),
      replies: older.slice(-limit).map((stored) => this.#asSent(stored)),
      more_before: older.length > limit,
      following: true,
      unread_from: null,
    };
  }

  /** @param {number} after a version @returns {wire.Changes} */
  changes(after) {
    const changed = [...this.messages.values()].filter(({ version }) => version > after);
    const messages = changed.sort((a, b) => a.version - b.version).map((stored) => this.#asSent(stored));
    const changedFacts = this.changedVersion > after ? this.facts : null;
    return { type: "changes", room: "lobby", after, upto: this.version, messages, state: changedFacts };
  }

  /** @param {number} [since] a version @param {number} [limit] @param {number} [at] a seq */
  open(since, limit = 40, at) {
    const delta = since === undefined ? null : this.changes(since);
    if (delta && delta.messages.length <= limit) {
      return opened(delta.messages, { after: since, upto: this.version, limited: false, state: this.state });
    }
    const { messages, more_before, more_after } = this.history(at === undefined ? { before: Infinity } : { around: at }, 20);
    return opened(messages, { upto: this.version, more_before, more_after: more_after ?? false, state: this.state });
  }

  /** @param {import("../../static/chat/log_sections.js").Place} place @returns {wire.HistoryReply} */
  history(place, limit = 7) {
    const [at] = Object.values(place);
    const older = this.inOrder.filter(({ seq }) => ("after" in place ? seq <= at : seq < at));
    const newer = this.inOrder.slice(older.length);
    const [before, after] = "around" in place ? [limit, limit] : "before" in place ? [limit, 0] : [0, limit];
    const found = [...(before ? older.slice(-before) : []), ...newer.slice(0, after)];
    return {
      type: "reply",
      ref: null,
      room: "lobby",
      messages: found.map((stored) => this.#asSent(stored)),
      more_before: "after" in place ? null : older.length > before,
      more_after: "before" in place ? null : newer.length > after,
    };
  }
}

/** Random numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed) {
  let at = seed >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
