/** One room's page: keeps the copy in step with the server, and carries what a person does to it. */

import { inOneTab, storage } from "./browser.js";
import { copyText } from "./clipboard.js";
import { Correction, Draft } from "./drafts.js";
import { Actions } from "./elements/actions.js";
import { Composer } from "./elements/composer.js";
import { askDelete } from "./elements/delete_dialog.js";
import { LeaveDialog } from "./elements/leave_dialog.js";
import { Notice } from "./elements/notice.js";
import { Older } from "./elements/older.js";
import { Place } from "./elements/place.js";
import { Reader } from "./elements/reader.js";
import { RoomHead, TypingLine } from "./elements/room_head.js";
import { Scroller } from "./elements/scroller.js";
import { Timeline } from "./elements/timeline.js";
import { TimelineKeys } from "./elements/timeline_keys.js";
import { typeAnywhere } from "./elements/type_anywhere.js";
import { nextFrame } from "./gather.js";
import { keptKey } from "./kept.js";
import { Outbox } from "./outbox.js";
import { allowed } from "./permissions.js";
import { phrase } from "./phrases.js";
import { command, isMine, personKey } from "./protocol.js";
import { RoomSync } from "./room_sync.js";

/** Above this many messages the page lets go of the older ones, when nobody looks at them. */
const TRIM_ABOVE = 3_000;
const TRIM_TO = 1_500;
/** A correction that is refused so will not be taken later either. */
const REFUSED_FOR_GOOD = new Set(["not_found", "forbidden", "archived"]);
const DOUBT_MS = 3_000;
const NOTHING = new Set();

export class RoomPage {
  /** What changed since the last frame, by id: a busy room is drawn once a frame, not once a message. */
  #changed = new Map();
  #draw = nextFrame(() => this.#drawChanged());

  /**
   * @param {object} page the page's data
   * @param {import("./store.js").Store} store
   * @param {import("./socket.js").Connection} connection
   * @param {import("./heartbeat.js").Heartbeat} heartbeat
   */
  constructor(page, store, connection, heartbeat) {
    const room = page.open.room;
    const owner = personKey(store.you);
    const viewport = document.getElementById("timeline");
    Object.assign(this, { store, connection, heartbeat, room, notice: new Notice() });
    this.outbox = this.#makeOutbox(owner);
    this.#settle(store.copy(room).messages.map((message) => ({ message })));
    this.scroller = new Scroller(viewport, document.getElementById("log"));
    this.timeline = new Timeline(this);
    this.older = new Older({ ...this, drawNow: () => this.#draw.now() });
    this.reader = new Reader(this);
    this.place = new Place({ ...this, storage: storage("sessionStorage"), owner });
    this.composer = new Composer({
      draft: new Draft(storage(), owner, room),
      correction: new Correction(storage("sessionStorage"), owner, room),
      limit: () => store.limits.body,
      find: (id) => store.copy(room)?.get(id),
    });
    this.head = new RoomHead({ store, room, composer: this.composer, canPost: page.can_post });
    this.actions = new Actions(this.timeline, (message) => this.#allowed(message));
    new TimelineKeys(this.timeline, this.actions);
    new LeaveDialog();
    this.sync = new RoomSync(this);
    new TypingLine(store, room);
    this.#listen();
    this.timeline.reset();
    this.reader.begin();
    this.place.restore();
    this.older.look();
    if (matchMedia("(pointer: fine)").matches && this.head.open) this.composer.focus();
  }

  #makeOutbox(owner) {
    const lock = (work) => inOneTab(keptKey("outbox", owner), work);
    return new Outbox({ storage: storage(), owner, lock, send: (item) => this.connection.request(command.post(item)) });
  }

  #listen() {
    const { store, outbox, composer, connection, room } = this;
    store.on("messages", (event) => event.room === room && this.#hear(event));
    outbox.on("change", () => {
      // What is stored takes over its article from the outbox, so it is drawn first.
      this.#draw.now();
      this.timeline.updateUnsent();
    });
    outbox.on("stored", (reply) => store.applyOwn(reply));
    outbox.on("held", ({ item, error }) => item.room === room && this.#sayHeld(error));
    composer.on("send", (said) => this.#say(said));
    composer.on("edit", ({ message, body }) => this.#edit(message, body));
    composer.on("given-back", () => this.notice.say(phrase("given_back")));
    composer.on("typing", () => connection.send(command.typing(room)));
    composer.on("edit-last", () => this.#editLast());
    this.actions.on("do", (what) => this.#do(what));
    window.addEventListener("storage", ({ key }) => {
      if (key === outbox.key || key === null) outbox.refresh();
      if (key === composer.draft.key || key === null) composer.refresh();
    });
    typeAnywhere(composer);
    document.getElementById("jump").addEventListener("click", () => composer.focusUnlessTouch());
    this.sync.on("gone", (gone) => this.head.setGone(gone));
    this.sync.on("ready", () => {
      outbox.resume();
      this.reader.look();
      this.older.look();
      this.place.seek();
    });
  }

  #hear({ changed, reset }) {
    if (reset) {
      this.#changed.clear();
      this.timeline.reset();
      const messages = this.store.copy(this.room)?.messages ?? [];
      this.#settle(messages.map((message) => ({ message })));
      this.reader.look();
      return;
    }
    for (const { message, former } of changed) {
      const isNew = this.#changed.get(message.id)?.isNew ?? !former;
      this.#changed.set(message.id, { message, isNew });
    }
    this.#draw.ask();
    this.#settle(changed);
  }

  #drawChanged() {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    const newest = this.store.copy(this.room)?.messages.at(-1);
    const isNews = changed.some(({ message, isNew }) => isNew && message === newest);
    if (isNews) this.reader.heard(changed);
    this.timeline.update(changed);
    for (const { message } of changed) if (message.deleted) this.composer.forget(message);
    this.actions.refresh();
    if (isNews && this.scroller.atBottom) this.#trim();
    this.reader.look();
  }

  /** What is stored leaves the outbox, however we heard of it. */
  #settle(changed) {
    if (this.outbox.items().length === 0) return;
    for (const { message } of changed) {
      if (isMine(message, this.store.you)) this.outbox.settle(message.client_id);
    }
  }

  #trim() {
    const copy = this.store.copy(this.room);
    if (copy.messages.length <= TRIM_ABOVE) return;
    copy.trim(TRIM_TO);
    this.timeline.trim();
  }

  #say({ body, replyTo, clientId }) {
    const { room, store } = this;
    const isStored = ({ client_id: id, ...message }) => id === clientId && isMine(message, store.you);
    // Another tab has sent this draft already.
    if (store.copy(room)?.messages.some(isStored)) return;
    this.outbox.add({ client_id: clientId, room, body, reply_to: replyTo, at: new Date().toISOString() });
    this.reader.spoke();
    // Nothing heard in a moment: find out whether anyone listens.
    setTimeout(() => this.heartbeat.check(), DOUBT_MS);
  }

  #sayHeld({ detail, retryAfter }) {
    this.notice.say(phrase("held", { reason: detail, seconds: Math.ceil(retryAfter ?? 1) }));
  }

  async #edit(message, body) {
    const error = await this.#command(command.edit(message.id, body));
    const now = this.store.copy(this.room)?.get(message.id) ?? message;
    if (error && !now.deleted && !REFUSED_FOR_GOOD.has(error.code)) return this.composer.restore(now, body);
    this.composer.correction.clear(message.id);
    if (error) this.composer.giveBack(body);
  }

  #editLast() {
    const { messages } = this.store.copy(this.room);
    const last = messages.findLast((message) => !message.deleted && isMine(message, this.store.you));
    if (last && this.#allowed(last).has("edit")) this.composer.edit(last);
  }

  #allowed(message) {
    const { you, rooms } = this.store;
    return this.head.open ? allowed(message, you, rooms.get(this.room).role) : NOTHING;
  }

  #do({ action, message, emoji, pressed }) {
    const mine = pressed?.people.some(({ id }) => id === this.store.you.user?.id);
    const actions = {
      react: () => this.#react(message, emoji, !mine),
      reply: () => this.composer.reply(message),
      edit: () => this.composer.edit(message),
      delete: () => this.#delete(message),
      retry: () => this.outbox.retry(message.client_id),
      discard: () => this.outbox.discard(message.client_id),
      copy: () => this.#copyText(message),
      quote: () => this.#goTo(message.reply_to),
    };
    actions[action]?.();
  }

  #react(message, emoji, on) {
    // Whoever pressed with a pointer goes on writing; who did with the keys stays there.
    if (!document.activeElement?.matches(":focus-visible")) this.composer.focusUnlessTouch();
    return this.#command(command.react(message.id, emoji, on));
  }

  async #delete(message) {
    const sure = await askDelete(message);
    // The toolbar, where the question came from, went away when the dialog took the focus.
    this.timeline.articleOf(message.id)?.focus({ preventScroll: true });
    if (sure) await this.#command(command.delete(message.id));
  }

  async #copyText({ text }) {
    if (!(await copyText(text))) this.notice.say(phrase("not_copied"));
  }

  /** Show a message, for which older ones may have to be loaded. @param {number} id */
  async #goTo(id) {
    const seq = this.store.copy(this.room).quoted(id)?.seq;
    if (!this.timeline.articleOf(id) && !(await this.older.loadTo(id, seq))) {
      this.notice.say(phrase("too_far"));
      return;
    }
    const article = this.timeline.articleOf(id);
    this.scroller.reveal(article);
    article.focus({ preventScroll: true });
  }

  /** @returns {Promise<import("./protocol.js").CommandError|null>} why it was not done */
  async #command(what) {
    try {
      this.store.applyOwn(await this.connection.request(what));
      return null;
    } catch (error) {
      this.notice.sayError(error);
      return error;
    }
  }
}
