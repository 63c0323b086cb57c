/**
 * Notes what the reader sees of a room, leads them to what is unread and to the end, and announces new messages. A message
 * is seen when it was on the screen while the page was visible and had the focus.
 */

import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { ReadPosition } from "../read_position.js";
import { isMentioned, isMine, senderOf } from "../senders.js";
import { Timer } from "../timer.js";
import { announce } from "./announcer.js";
import { excerpt } from "./message_text.js";
import { UnreadSigns } from "./unread_signs.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Message } from "../wire.d.ts"
 * @import { LogPages } from "./log_pages.js"
 * @import { Scroller } from "./scroller.js"
 * @import { Timeline } from "./timeline.js"
 */

const READ_EVERY_MS = 1_000;

export class Reader {
  #context;
  #timeline;
  #scroller;
  #pages;
  #position;
  #signs;
  #reportTimer;
  /** Looks at what is on the screen: in a frame, when the reader's position is final. */
  #look;
  /** Whether messages were marked as unread: what is on the screen does not count as read until the reader says so. */
  #isHeld = false;
  #isBegun = false;

  /**
   * @param {HTMLElement} root of the room
   * @param {RoomContext} context
   * @param {{timeline: Timeline, scroller: Scroller, pages: LogPages}} parts
   */
  constructor(root, context, { timeline, scroller, pages }) {
    const { signal, store } = context;
    this.#context = context;
    this.#timeline = timeline;
    this.#scroller = scroller;
    this.#pages = pages;
    const position = (this.#position = new ReadPosition(context));
    this.#reportTimer = new Timer(() => this.refresh(), signal);
    this.#look = nextFrame(() => this.#isLooking && this.#markSeen(), signal);
    const goToEnd = () => void this.goToEnd();
    const actions = { goToFirst: () => this.#goToFirst(), markAll: () => this.#markAll(), goToEnd };
    this.#signs = new UnreadSigns(root, { position, scroller, timeline, view: () => this.#view }, actions, signal);
    scroller.on("move", () => this.refresh());
    store.on("rooms", () => this.#isBegun && this.#stateChanged(), { signal });
    document.addEventListener("visibilitychange", () => this.refresh(), { signal });
    window.addEventListener("focus", () => this.refresh(), { signal });
    window.addEventListener("pagehide", () => this.sendReadMark(), { signal });
  }

  /** Whether `begin` can go to the first unread message now: it is in the copy, or there is none. */
  get knowsUnread() {
    return this.#position.isKnown;
  }

  /** The seq after which messages are new to the reader; null if all were read. */
  get newAfter() {
    return this.#position.newAfter;
  }

  /** The first unread message of others, if it is shown. */
  get firstUnread() {
    return this.#position.firstUnread;
  }

  /** Begin where the reader left off, with the line above the first unread message, if that is loaded. */
  begin() {
    this.#position.begin();
    this.#isBegun = true;
    if (this.#state && this.#position.unread) {
      this.#signs.found(this.#state);
      // At once, not when `goToUnread` has waited: nothing else may be on the screen before.
      this.#signs.draw(this.#state);
      const line = this.#timeline.newLineElement;
      if (line) this.#scroller.lead(line);
    }
    this.refresh();
  }

  /** The copy is up to date: what came before that is in the server's counts. */
  catchUp() {
    this.#signs.catchUp(this.#state ?? { unread: 0, mentions: 0 });
  }

  /**
   * Scroll to the first unread message, or else to the end of the room. Waits until it is loaded.
   * @returns {Promise<Element | null>} the unread message
   */
  async goToUnread() {
    if (this.#position.unread) return this.#goToFirst();
    await this.goToEnd();
    return null;
  }

  /** New messages are about to be drawn. @param {Message[]} messages */
  receive(messages) {
    const { store } = this.#context;
    const ofOthers = messages.filter((message) => !isMine(message, store.you));
    const last = ofOthers.at(-1);
    if (!last || !this.#copy) return;
    const mentions = ofOthers.filter((message) => isMentioned(message, store.you)).length;
    this.#signs.add({ unread: ofOthers.length, mentions });
    if (!(this.#isLooking && this.#scroller.atBottom && !this.#isHeld)) {
      this.#signs.hasMissed = true;
      const first = this.#position.firstUnread;
      // A line above earlier unread messages stays where it is.
      if (first && messages.includes(first)) this.#timeline.markNew(this.#position.upto);
    }
    if (document.visibilityState === "visible" && !last.deleted) {
      announce(phrase("announced_message", { name: store.people.nameOf(senderOf(last)), text: excerpt(last) }));
    }
  }

  /** The reader sent a message: they are at the end, and the line above new messages goes, unless some are unread. */
  async sent() {
    this.#isHeld = false;
    await this.goToEnd();
    if (!this.#position.unread) this.#timeline.markNew(null);
  }

  /** Take account of what is on the screen now. */
  refresh() {
    if (!this.#isBegun || !this.#copy) return;
    if (this.#isLooking) this.#look.ask();
    this.#signs.draw(this.#state);
  }

  /** Scroll to the end of the room. Waits until it is loaded. */
  async goToEnd() {
    this.#timeline.mark(null);
    if (await this.#isShown(this.#pages.showEnd())) this.#scroller.toBottom();
  }

  /** Tell the server how far the reader has read. @returns {boolean} whether a command was sent */
  sendReadMark() {
    return this.#position.report();
  }

  get #copy() {
    return this.#context.store.copy(this.#context.room);
  }

  get #state() {
    return this.#context.store.rooms.get(this.#context.room);
  }

  get #isLooking() {
    return document.visibilityState === "visible" && document.hasFocus();
  }

  #markSeen() {
    if (this.#scroller.atBottom) this.#signs.hasMissed = false;
    if (this.#isHeld || !this.#copy) return;
    this.#position.see(() => this.#view);
    if (!this.#reportTimer.isRunning && this.sendReadMark()) this.#reportTimer.start(READ_EVERY_MS);
  }

  /** The seq of the first and of the last stored message in view. */
  get #view() {
    const [first, last] = this.#scroller.inView().map((article) => article && this.#timeline.messageOf(article).seq);
    return { from: first ?? Infinity, to: last ?? 0 };
  }

  /** The reader may have read further, or marked messages as unread, here or on another device. */
  #stateChanged() {
    const isBack = this.#position.goBack();
    if (isBack) {
      this.#isHeld = true;
      this.#signs.found(this.#state ?? { unread: 0, mentions: 0 });
    }
    if (isBack || this.#position.goOn()) this.refresh();
    else this.#signs.draw(this.#state);
  }

  /** @returns {Promise<Element | null>} the first unread message */
  async #goToFirst() {
    if (!(await this.#isShown(this.#pages.showAround(this.#position.upto + 1)))) return null;
    this.#timeline.mark(null);
    this.#timeline.markNew(this.#position.upto);
    const line = this.#timeline.newLineElement;
    const first = this.firstUnread;
    const article = (first && this.#timeline.articleOf(first.id)) ?? null;
    const target = line ?? article;
    if (target) this.#scroller.lead(target);
    return article;
  }

  /** Whether a place is shown now: it was loaded, and the reader has not gone elsewhere. @param {Promise<boolean>} shown */
  async #isShown(shown) {
    const { notice, signal } = this.#context;
    const error = await notice.errorOf(shown);
    return !error && !signal.aborted && (await shown);
  }

  #markAll() {
    if (!this.#copy) return;
    this.#isHeld = false;
    this.#position.seeAll();
    this.#timeline.markNew(null);
    this.refresh();
    this.sendReadMark();
  }
}
