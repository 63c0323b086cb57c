/** What the tests share: people, messages, and a room whose server is this file. */

export const ALICE = { user: { id: 1, name: "alice", avatar: null }, guest: null };
export const BOB = { user: { id: 2, name: "bob", avatar: null }, guest: null };
export const GUEST = { user: null, guest: { id: "5d41402abc4b2a76", name: "Calm Otter 12" } };

/** What a message tells that mentions these people. */
export const mentioning = (...people) => ({ people: people.map(({ user }) => user.id), all: false, here: false });

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
    reply_to: null,
    quote: null,
    mentions: null,
    reactions: [],
    attachments: [],
    ...rest,
  };
}

export function quoteOf({ id, seq, version, author, guest, text, deleted }) {
  return { id, seq, version, author, guest, text, deleted };
}

export function state(slug = "lobby", facts = {}) {
  return {
    slug,
    name: slug,
    topic: "",
    kind: "public",
    guests: "none",
    archived: false,
    slow_mode_s: 0,
    changed_version: 0,
    version: 0,
    role: "member",
    read: 0,
    unread: 0,
    mentions: 0,
    ...facts,
  };
}

export function welcome({ you = ALICE, epoch = "e1", rooms = [state()] } = {}) {
  return { type: "welcome", protocol: "chat", epoch, you, rooms, limits: { body: 8000, rate: 10, burst: 40 } };
}

export function opened(messages, { upto, after = 0, limited = true, more = false, epoch = "e1", room = "lobby", ...rest } = {}) {
  const head = upto ?? Math.max(0, ...messages.map(({ version }) => version));
  const facts = { version: head, ...rest.state };
  const here = { online: 0, here: [] };
  return { type: "reply", room, epoch, after, upto: head, messages, limited, more, ...here, ...rest, state: state(room, facts) };
}

/** A room as the server has it: it takes versions in order and can tell all that a client may ask. */
export class Log {
  version = 0;
  messages = new Map();
  name = "lobby";
  changedVersion = 0;

  #store(id, fields) {
    const stored = { ...this.messages.get(id), ...fields, version: ++this.version };
    this.messages.set(id, stored);
    return { type: "message", room: "lobby", version: this.version, message: this.#told(stored) };
  }

  /** A message as it is sent: with a quote of the message that it answers, read now. */
  #told(stored) {
    const quoted = this.messages.get(stored.reply_to);
    return { ...stored, quote: quoted ? quoteOf(quoted) : null };
  }

  post(text, replyTo = null) {
    const id = this.messages.size + 1;
    return this.#store(id, message(id, { seq: this.version + 1, text, reply_to: replyTo }));
  }

  edit(id, text) {
    return this.#store(id, { text });
  }

  delete(id) {
    return this.#store(id, { text: "", html: "", deleted: true });
  }

  rename(name) {
    this.name = name;
    this.changedVersion = ++this.version;
    return { type: "room", room: "lobby", version: this.version, state: this.state };
  }

  get state() {
    return state("lobby", { name: this.name, changed_version: this.changedVersion, version: this.version });
  }

  get inOrder() {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  changes(after) {
    const changed = [...this.messages.values()].filter(({ version }) => version > after);
    const messages = changed.sort((a, b) => a.version - b.version).map((stored) => this.#told(stored));
    const news = this.changedVersion > after ? this.state : null;
    return { type: "changes", room: "lobby", after, upto: this.version, messages, state: news };
  }

  open(since, limit = 40) {
    const fill = since === undefined ? null : this.changes(since);
    if (fill && fill.messages.length <= limit) {
      return opened(fill.messages, { after: since, upto: this.version, limited: false, state: this.state });
    }
    const { messages, more } = this.history(Infinity, 20);
    return opened(messages, { upto: this.version, more, state: this.state });
  }

  history(before, limit = 7) {
    const older = this.inOrder.filter(({ seq }) => seq < before);
    const messages = older.slice(-limit).map((stored) => this.#told(stored));
    return { type: "reply", room: "lobby", messages, more: older.length > limit };
  }
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed) {
  let at = seed >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
