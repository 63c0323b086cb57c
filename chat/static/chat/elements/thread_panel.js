/**
 * A thread in the panel of a room: the message that begins it, the replies, and a composer. The timeline, its actions and
 * its keys are those of the room, on the copy of the thread.
 */

import { find, setText, show } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { RoomCommands } from "../room_commands.js";
import { wait } from "../timer.js";
import { Actions } from "./actions.js";
import { Composer } from "./composer.js";
import { Zone } from "./composer_zone.js";
import { openPictures } from "./room_files.js";
import { Scroller } from "./scroller.js";
import { ThreadReader } from "./thread_reader.js";
import { repliesText } from "./thread_link.js";
import { Timeline } from "./timeline.js";
import { TimelineKeys } from "./timeline_keys.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Shown } from "../unsent.js"
 * @import { Message } from "../wire.d.ts"
 * @import { Choice } from "./actions.js"
 * @import { ThreadParts } from "./threads.js"
 */

/** Replies that one request asks for, after the first. */
const PAGE = 100;
const AGAIN_MS = 1_000;

export class ThreadPanel {
  #root;
  #context;
  #parts;
  #copy;
  #timeline;
  #scroller;
  #composer;
  #commands;
  #actions;
  #reader;
  #isAsking = false;
  /** Whether the replies were drawn once. */
  #isDrawn = false;
  /** The id of the reply that the person wants to see. @type {number | undefined} */
  #wanted;
  /** What changed since the last frame. @type {Map<number, Message>} */
  #changed = new Map();

  /** @param {HTMLElement} root @param {RoomContext} room @param {ThreadParts} parts @param {number} rootId */
  constructor(root, room, parts, rootId) {
    const { signal, store } = room;
    const copy = (this.#copy = store.openThread(room.room, rootId));
    signal.addEventListener("abort", () => store.closeThread(copy));
    const context = (this.#context = { ...room, threadCopy: copy });
    this.#root = root;
    this.#parts = parts;
    const scroller = (this.#scroller = new Scroller(root, signal));
    const timeline = (this.#timeline = new Timeline(root, context, scroller));
    const zone = new Zone(root);
    const composer = (this.#composer = new Composer(find(root, ".foot"), context, { zone, thread: rootId }));
    const pages = { showMessage: (/** @type {number} */ id) => this.#loadUpTo(id).then(() => null) };
    const { head } = parts;
    const openThread = () => {};
    this.#commands = new RoomCommands(context, { composer, head, pages, scroller, timeline, openThread });
    this.#actions = new Actions(root, context, { timeline, allowed: (message) => this.#allowed(message) });
    new TimelineKeys(root, { timeline, actions: this.#actions }, signal);
    openPictures(root, context, (message) => void this.#commands.goTo(message));
    this.#reader = new ThreadReader(context, scroller);
    this.#listen(signal);
    this.#drawFollowing();
    this.#drawComposer();
    timeline.reset();
    void this.#ask();
  }

  /** Let the person write, or show a reply. @param {number} [at] its id */
  focus(at) {
    this.#wanted = at;
    if (at === undefined) this.#composer.focusUnlessTouch();
    else if (this.#copy.isLoaded) this.#goToWanted();
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { connection, notice, outbox, saved, store } = this.#context;
    const [composer, commands, copy] = [this.#composer, this.#commands, this.#copy];
    const draw = nextFrame(() => this.#drawChanged(), signal);
    store.on("replies", ({ room, messages }) => {
      if (room !== copy.room) return;
      for (const message of messages) if (copy.has(message)) this.#changed.set(message.id, message);
      if (this.#changed.size) draw.ask();
    }, { signal });
    store.on("thread", (each) => each === copy && this.#drawFollowing(), { signal });
    store.on("thread-expired", (each) => each === copy && this.#ask(), { signal });
    store.on("people", ({ ids }) => this.#timeline.updatePeople(ids), { signal });
    store.on("look", () => this.#timeline.updateTimes(), { signal });
    store.on("rooms", nextFrame(() => this.#drawComposer(), signal).ask, { signal });
    connection.on("state", ({ name }) => name === "online" && !copy.isLoaded && this.#ask(), { signal });
    outbox.on("change", () => (draw.now(), this.#timeline.updateUnsent()), { signal });
    saved.on("change", () => this.#timeline.updateMarks(), { signal });
    const inRoom = find(this.#root, "[name=in-room]", HTMLInputElement);
    composer.on("send", (written) => {
      if (!commands.send({ ...written, inRoom: inRoom.checked })) return;
      inRoom.checked = false;
      this.#scroller.toBottom();
    });
    composer.on("schedule", (written) => void commands.schedule(written));
    composer.on("edit", (edit) => commands.edit(edit));
    composer.on("edit-last", () => commands.editLast());
    composer.mode.on("change", (target) => this.#timeline.markTarget(target));
    this.#timeline.markTarget(composer.mode.target);
    composer.on("moved-to-draft", () => notice.show(phrase("moved_to_draft")));
    this.#actions.on("do", (choice) => this.#perform(choice));
    find(this.#root, ".thread-earlier").addEventListener("click", () => void this.#loadEarlier(), { signal });
    find(this.#root, ".thread-follow").addEventListener("click", () => void this.#toggleFollowing(), { signal });
  }

  /** @param {Shown} message */
  #allowed(message) {
    const allowed = this.#commands.allowed(message);
    allowed.delete("thread");
    return allowed;
  }

  /** @param {Choice} choice */
  #perform(choice) {
    const { action, message } = choice;
    const quoted = message.reply_to;
    if (action === "unread") this.#reader.pause();
    if (action !== "quote" || quoted === null || this.#copy.get(quoted)) return this.#commands.perform(choice);
    // The room shows it. On a narrow screen the panel would cover it.
    const { goTo, panel } = this.#parts;
    if (panel.isSheet) panel.close({ isLeaving: true });
    goTo(quoted);
  }

  /** Ask for the latest replies, until there is an answer. */
  async #ask() {
    const { connection, notice, signal } = this.#context;
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      while (!signal.aborted && !this.#copy.isLoaded) {
        await connection.whenOnline();
        if (!signal.aborted) await this.#load({});
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error.code === "not_found") notice.showError(error);
      else void wait(error.retryAfter ? error.retryAfter * 1000 : AGAIN_MS, signal).then(() => this.#ask());
    } finally {
      this.#isAsking = false;
    }
    if (this.#copy.isLoaded && !signal.aborted) this.#loaded();
  }

  #loaded() {
    const { unreadFrom } = this.#copy;
    // The line stays where it was when the thread was opened.
    if (!this.#isDrawn && unreadFrom !== null) this.#timeline.markNew(unreadFrom - 1);
    this.#drawAll();
    const line = this.#isDrawn || this.#wanted !== undefined ? null : this.#timeline.newLineElement;
    if (line) this.#scroller.reveal(line);
    this.#isDrawn = true;
    this.#goToWanted();
    this.#reader.begin();
  }

  #goToWanted() {
    const id = this.#wanted;
    this.#wanted = undefined;
    if (id !== undefined) void this.#commands.goTo(id);
  }

  /** @param {{before?: number, limit?: number}} page @throws {CommandError} */
  async #load(page) {
    const { connection, signal, store } = this.#context;
    const copy = this.#copy;
    const reply = await connection.request(command.thread(copy.rootId, page));
    if (!signal.aborted) store.applyThread(reply, copy);
  }

  async #loadEarlier() {
    const error = await this.#context.notice.errorOf(this.#load({ before: this.#copy.floor, limit: PAGE }));
    if (!error) this.#drawAll();
  }

  /** Load earlier replies until one is there. @param {number} id */
  async #loadUpTo(id) {
    while (!this.#copy.shown?.get(id) && this.#copy.isLoaded && this.#copy.moreBefore) {
      await this.#load({ before: this.#copy.floor, limit: PAGE });
    }
    this.#drawAll();
  }

  async #toggleFollowing() {
    const { connection, notice } = this.#context;
    const { following, rootId } = this.#copy;
    const error = await notice.errorOf(connection.request(command.follow(rootId, !following)));
    if (!error) notice.show(phrase(following ? "thread_unfollowed" : "thread_followed"));
  }

  #drawAll() {
    this.#changed.clear();
    this.#timeline.reset();
    this.#drawBetween();
    this.#reader.refresh();
  }

  #drawChanged() {
    const messages = [...this.#changed.values()];
    this.#changed.clear();
    this.#timeline.update(messages);
    for (const { deleted, id } of messages) if (deleted) this.#composer.messageDeleted(id);
    this.#actions.refresh();
    this.#drawBetween();
    this.#reader.refresh();
  }

  /** Draw what is between the root and the replies. */
  #drawBetween() {
    const { moreBefore, root, rootId, isLoaded } = this.#copy;
    const line = find(this.#root, ".thread-between");
    const article = this.#timeline.articleOf(rootId);
    if (article && article.nextElementSibling !== line) article.after(line);
    show(line, isLoaded);
    setText(find(line, ".thread-between-count"), root?.replies ? repliesText(root.replies.count) : phrase("thread_empty"));
    show(find(line, ".thread-earlier"), moreBefore);
  }

  #drawFollowing() {
    const { following, isLoaded } = this.#copy;
    const { room, store } = this.#context;
    const button = find(this.#root, ".thread-follow");
    show(button, isLoaded && Boolean(store.rooms.get(room)?.role));
    button.setAttribute("aria-pressed", String(following));
    setText(find(button, ".thread-follow-text"), phrase(following ? "thread_following" : "thread_follow"));
  }

  /** The composer is there if the person may write in the room. */
  #drawComposer() {
    const foot = find(this.#root, ".foot");
    const { isOpen } = this.#parts.head;
    show(find(foot, ".compose"), isOpen);
    show(find(foot, ".thread-in-room"), isOpen);
    find(foot, ".compose-field", HTMLTextAreaElement).placeholder = phrase("reply_in_thread");
  }
}
