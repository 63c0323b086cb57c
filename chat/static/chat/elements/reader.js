/**
 * What the reader has seen of a room: reports it to the server, and draws the line above new messages, the bar with the
 * unread messages, and the buttons to the end. A message is seen when it was on the screen while the page was visible
 * and had the focus.
 */

import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { command } from "../protocol.js";
import { ReadMark, newest } from "../read_mark.js";
import { isMentioned, isMine, senderOf } from "../senders.js";
import { Timer } from "../timer.js";
import { announce } from "./announcer.js";
import { EndButtons } from "./end_buttons.js";
import { excerpt } from "./message_text.js";
import { UnreadBar } from "./unread_bar.js";

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
  #bar;
  #ends;
  #timer;
  /** Looks at what is on the screen: in a frame, when the reader's position is final. */
  #look;
  #mark = new ReadMark(0);
  /** The seq up to which the server knows what was read. */
  #reported = 0;
  /** `RoomState.unread_marks`: the mark belongs to it. */
  #unreadMarks = 0;
  /** Whether unseen messages came below the view. */
  #hasMissed = false;
  /**
   * What was unread when the reader came, and what has come since. The bar shows it until all is read.
   * @type {{unread: number, mentions: number, since: string | null} | null}
   */
  #found = null;
  /** Whether messages were marked as unread: what is on the screen does not count as read until the reader says so. */
  #isHeld = false;
  #isBegun = false;
  /** Whether `#found` has what came before the copy was up to date. */
  #isCaughtUp = false;

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
    this.#mark.upto = this.#state?.read ?? 0;
    this.#timer = new Timer(() => this.refresh(), signal);
    this.#look = nextFrame(() => this.#isLooking && this.#markSeen(), signal);
    const toEnd = () => this.goToEnd();
    const actions = { goToFirst: () => this.#goToFirst(), markAll: () => this.#markAll(), goToEnd: toEnd };
    this.#bar = new UnreadBar(root, actions, signal);
    this.#ends = new EndButtons(root, this.#bar, toEnd, signal);
    scroller.on("move", () => this.refresh());
    store.on("rooms", () => this.#isBegun && this.#stateChanged(), { signal });
    document.addEventListener("visibilitychange", () => this.refresh(), { signal });
    window.addEventListener("focus", () => this.refresh(), { signal });
    window.addEventListener("pagehide", () => this.sendReadMark(), { signal });
  }

  /**
   * Whether `begin` can go to the first unread message now: it is in the copy, or there is none. The counts come also
   * while the room is not watched; those of a person who is no member are not known.
   */
  get knowsUnread() {
    return Boolean(this.#copy && this.#state?.role) && (this.#unread === 0 || this.firstUnread !== undefined);
  }

  /** The seq after which messages are new to the reader; null if all were read. */
  get newAfter() {
    return this.#unread ? (this.#state?.read ?? 0) : null;
  }

  /** Begin where the reader left off, with the line above the first unread message, if that is loaded. */
  begin() {
    const { role = null, read = 0, unread = 0, mentions = 0, unread_marks = 0 } = this.#state ?? {};
    this.#reported = read;
    this.#unreadMarks = unread_marks;
    this.#isBegun = true;
    const isBehind = role !== null && unread > 0;
    this.#mark.upto = read;
    if (isBehind) {
      this.#found = { unread, mentions, since: null };
      this.#timeline.markNew(read);
      // At once, not when `goToUnread` has waited: nothing else may be on the screen before.
      this.#drawBar();
      const line = this.#timeline.newLineElement;
      if (line) this.#scroller.lead(line);
    } else if (this.#copy) {
      this.#mark.moveTo(newest(this.#copy.tail));
    }
    this.refresh();
  }

  /** The copy is up to date: what came before that is in the server's counts. */
  catchUp() {
    const { unread = 0, mentions = 0 } = this.#state ?? {};
    if (this.#found && !this.#isCaughtUp) this.#found = { ...this.#found, unread, mentions };
    this.#isCaughtUp = true;
  }

  /**
   * Scroll to the first unread message, or else to the end of the room. Waits until it is loaded.
   * @returns {Promise<Element | null>} the unread message
   */
  async goToUnread() {
    if (this.#unread) return this.#goToFirst();
    await this.goToEnd();
    return null;
  }

  /** New messages are about to be drawn. @param {Message[]} messages */
  receive(messages) {
    const { shown } = this.#copy ?? {};
    const { store } = this.#context;
    const ofOthers = messages.filter((message) => !isMine(message, store.you));
    const last = ofOthers.at(-1);
    if (!last || !shown) return;
    if (this.#found) {
      this.#found.unread += ofOthers.length;
      this.#found.mentions += ofOthers.filter((message) => isMentioned(message, store.you)).length;
    }
    if (!(this.#isLooking && this.#scroller.atBottom && !this.#isHeld)) {
      this.#hasMissed = true;
      const first = this.#mark.isCovered(shown) ? this.#mark.firstUnread(shown, store.you) : undefined;
      // A line above earlier unread messages stays where it is.
      if (first && messages.includes(first)) this.#timeline.markNew(this.#mark.upto);
    }
    if (document.visibilityState === "visible" && !last.deleted) {
      announce(phrase("announced_message", { name: store.people.nameOf(senderOf(last)), text: excerpt(last) }));
    }
  }

  /** The reader sent a message: they are at the end, and the line above new messages goes, unless some are unread. */
  async sent() {
    this.#isHeld = false;
    await this.goToEnd();
    if (!this.#unread) this.#timeline.markNew(null);
  }

  /** Take account of what is on the screen now. */
  refresh() {
    if (!this.#isBegun || !this.#copy) return;
    if (this.#isLooking) this.#look.ask();
    this.#drawBar();
  }

  /** Scroll to the end of the room. Waits until it is loaded. */
  async goToEnd() {
    this.#timeline.mark(null);
    if (await this.#isShown(this.#pages.showEnd())) this.#scroller.toBottom();
  }

  /** Tell the server how far the reader has read. @returns {boolean} whether a command was sent */
  sendReadMark() {
    const { connection, room } = this.#context;
    const { upto } = this.#mark;
    if (upto <= this.#reported || !connection.online || !this.#state?.role) return false;
    this.#reported = upto;
    // A command that is lost is repeated with the next message or the next visit.
    connection.request(command.read(room, upto, this.#unreadMarks)).catch(() => (this.#reported = 0));
    return true;
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

  /** How many messages are unread; only members have such a count. */
  get #unread() {
    return this.#state?.role ? this.#state.unread : 0;
  }

  #markSeen() {
    const { room, store } = this.#context;
    const { shown } = this.#copy ?? {};
    if (this.#scroller.atBottom) this.#hasMissed = false;
    if (this.#isHeld || !shown) return;
    // The usual case, nothing unread, must not ask for a layout.
    if (newest(shown) > this.#mark.upto && this.#mark.markSeen(this.#onScreen, shown, store.you)) {
      store.markSeen(room, this.#mark.upto);
    }
    if (!this.#timer.isRunning && this.sendReadMark()) this.#timer.start(READ_EVERY_MS);
  }

  /** The seq of the first and of the last stored message in view. */
  get #onScreen() {
    const [first, last] = this.#scroller.inView().map((article) => article && this.#timeline.messageOf(article).seq);
    return { from: first ?? Infinity, to: last ?? 0 };
  }

  /** The reader may have read further, or marked messages as unread, here or on another device. */
  #stateChanged() {
    const { read = 0, unread = 0, mentions = 0, unread_marks = 0 } = this.#state ?? {};
    if (unread_marks > this.#unreadMarks) {
      this.#unreadMarks = unread_marks;
      this.#mark.upto = this.#reported = read;
      this.#isHeld = true;
      this.#found = { unread, mentions, since: null };
      this.#timeline.markNew(read);
      this.refresh();
    } else if (this.#mark.moveTo(read)) {
      this.refresh();
    } else {
      this.#drawBar();
    }
  }

  #drawBar() {
    const state = this.#state;
    if (!this.#unread) this.#found = null;
    if (state && this.#unread && (this.#found || this.#isFirstAbove)) {
      const appears = !this.#bar.isShown;
      const since = this.firstUnread?.at ?? null;
      if (this.#found) this.#found.since ??= since;
      this.#bar.show(this.#found ?? { ...state, since });
      // The line is drawn where the bar leads to. That calls this again, so the bar must be shown by then.
      if (appears && !this.#found) this.#timeline.markNew(this.#mark.upto);
    } else {
      this.#bar.hide();
    }
    this.#drawEndButtons();
  }

  #drawEndButtons() {
    const { atBottom, isDetached } = this.#scroller;
    this.#ends.draw({ atBottom, isDetached, hasFirst: this.firstUnread !== undefined, hasMissed: this.#hasMissed });
  }

  /** The first unread message of others, if it is shown. */
  get firstUnread() {
    const { shown } = this.#copy ?? {};
    return shown && this.#mark.isCovered(shown) ? this.#mark.firstUnread(shown, this.#context.store.you) : undefined;
  }

  /** Whether the first unread message is above the view, or not loaded. */
  get #isFirstAbove() {
    const { shown } = this.#copy ?? {};
    if (!shown) return false;
    if (!this.#mark.isCovered(shown)) return shown.floor > this.#mark.upto;
    const first = this.firstUnread;
    return first !== undefined && first.seq < this.#onScreen.from;
  }

  /** @returns {Promise<Element | null>} the first unread message */
  async #goToFirst() {
    if (!(await this.#isShown(this.#pages.showAround(this.#mark.upto + 1)))) return null;
    this.#timeline.mark(null);
    this.#timeline.markNew(this.#mark.upto);
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
    const copy = this.#copy;
    if (!copy) return;
    this.#isHeld = false;
    this.#mark.moveTo(Math.max(copy.version, newest(copy.tail)));
    this.#context.store.markSeen(this.#context.room, this.#mark.upto);
    this.#timeline.markNew(null);
    this.refresh();
    this.sendReadMark();
  }
}
