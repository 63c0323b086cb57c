/**
 * A thread in the panel of a room: the message that begins it, the replies, and a composer. The timeline, its actions and
 * its keys are those of the room, on the copy of the thread.
 */

import { find, setText, show } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { RoomCommands } from "../room_commands.js";
import { Actions } from "./actions.js";
import { Composer } from "./composer.js";
import { Zone } from "./composer_zone.js";
import { openPictures } from "./room_files.js";
import { Scroller } from "./scroller.js";
import { ThreadFollow } from "./thread_follow.js";
import { repliesText } from "./thread_link.js";
import { ThreadPages } from "./thread_pages.js";
import { ThreadReader } from "./thread_reader.js";
import { Timeline } from "./timeline.js";
import { TimelineKeys } from "./timeline_keys.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Shown } from "../unsent.js"
 * @import { Message } from "../wire.d.ts"
 * @import { Choice } from "./actions.js"
 * @import { ThreadParts } from "./threads.js"
 */

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
  #pages;
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
    const pages = new ThreadPages(context, { showLatest: () => this.#showLatest(), drawAll: () => this.#drawAll() });
    this.#pages = pages;
    const { head } = parts;
    const openThread = () => {};
    this.#commands = new RoomCommands(context, { composer, head, pages, scroller, timeline, openThread });
    this.#actions = new Actions(root, context, { timeline, allowed: (message) => this.#allowed(message) });
    new TimelineKeys(root, { timeline, actions: this.#actions }, signal);
    openPictures(root, context, (message) => void this.#commands.goTo(message));
    this.#reader = new ThreadReader(context, scroller);
    this.#listen(signal);
    new ThreadFollow(root, context);
    this.#drawComposer();
    timeline.reset();
    void pages.ask();
  }

  /** Let the person write, or show a reply. @param {number} [at] its id */
  focus(at) {
    this.#wanted = at;
    if (at === undefined) this.#composer.focusUnlessTouch();
    else if (this.#copy.isLoaded) this.#goToWanted();
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { notice, outbox, saved, store } = this.#context;
    const [composer, commands, copy] = [this.#composer, this.#commands, this.#copy];
    const draw = nextFrame(() => this.#drawChanged(), signal);
    store.on("replies", ({ room, messages }) => {
      if (room !== copy.room) return;
      for (const message of messages) if (copy.has(message)) this.#changed.set(message.id, message);
      if (this.#changed.size) draw.ask();
    }, { signal });
    store.on("people", ({ ids }) => this.#timeline.updatePeople(ids), { signal });
    store.on("look", () => this.#timeline.updateTimes(), { signal });
    store.on("rooms", nextFrame(() => this.#drawComposer(), signal).ask, { signal });
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
    find(this.#root, ".thread-earlier").addEventListener("click", () => void this.#pages.showEarlier(), { signal });
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

  #showLatest() {
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

  /** The composer is there if the person may write in the room. */
  #drawComposer() {
    const foot = find(this.#root, ".foot");
    const { isOpen } = this.#parts.head;
    show(find(foot, ".compose"), isOpen);
    show(find(foot, ".thread-in-room"), isOpen);
    find(foot, ".compose-field", HTMLTextAreaElement).placeholder = phrase("reply_in_thread");
  }
}
