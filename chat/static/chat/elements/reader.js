/**
 * What of the room I have seen: tells the server, draws the line above what is new, the bar that leads to the first
 * unread message, and the button to the end.
 *
 * Seen is what was on the screen while the page was visible and had the focus.
 */

import { setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { command, isMine, personName, senderOf } from "../protocol.js";
import { ReadMark, newest } from "../read_mark.js";
import { excerpt } from "./message.js";

const READ_EVERY_MS = 1_000;
/** The server counts no further: chat/domain/annotations.py. */
const COUNTED_MOST = 1_000;

export class Reader {
  #jump = document.getElementById("jump");
  #bar = document.getElementById("unread-bar");
  #announcer = document.getElementById("announcer");
  #mark = new ReadMark(0);
  #told = 0;
  #timer = null;
  /** Whether something came below the view that I have not seen. */
  #missed = false;
  #begun = false;

  /**
   * @param {object} parts
   * @param {import("../store.js").Store} parts.store
   * @param {import("../socket.js").Connection} parts.connection
   * @param {import("./timeline.js").Timeline} parts.timeline
   * @param {import("./scroller.js").Scroller} parts.scroller
   * @param {import("./older.js").Older} parts.older
   * @param {import("./notice.js").Notice} parts.notice
   * @param {string} parts.room a slug
   */
  constructor({ store, connection, timeline, scroller, older, notice, room }) {
    Object.assign(this, { store, connection, timeline, scroller, older, notice, room });
    this.#jump.addEventListener("click", () => scroller.toBottom());
    this.#bar.querySelector("[data-to-unread]").addEventListener("click", () => this.#goToFirst());
    this.#bar.querySelector("[data-mark-read]").addEventListener("click", () => this.#markAll());
    scroller.on("move", () => this.look());
    store.on("rooms", () => this.#begun && this.#hearCounts());
    document.addEventListener("visibilitychange", () => this.look());
    window.addEventListener("focus", () => this.look());
    window.addEventListener("pagehide", () => this.#tell());
  }

  /** Begin where I left off: the line above the first unread message, which is brought into view if it is here. */
  begin() {
    const { role, read, unread } = this.#state;
    this.#told = read;
    this.#begun = true;
    const isBehind = role && unread > 0;
    this.#mark.moveTo(isBehind ? read : newest(this.#copy));
    if (isBehind) {
      this.timeline.markNew(read);
      const line = this.timeline.newLine;
      if (line) this.scroller.reveal(line);
    }
    this.look();
  }

  /** New messages are about to be drawn. @param {{message: object, isNew: boolean}[]} changed */
  heard(changed) {
    const { you } = this.store;
    const news = changed.filter(({ message, isNew }) => isNew && !isMine(message, you));
    if (news.length === 0) return;
    if (!(this.#looking && this.scroller.atBottom) && !this.#missed) {
      this.#missed = true;
      this.timeline.markNew(this.#mark.upto);
    }
    const { message } = news.at(-1);
    if (document.visibilityState === "visible" && !message.deleted) {
      const heard = { name: personName(senderOf(message)), text: excerpt(message) };
      setText(this.#announcer, phrase("heard", heard));
    }
  }

  /** I said something: I am at the end, and the line above what is new goes, unless something is unread. */
  spoke() {
    this.scroller.toBottom();
    if (!this.#unread) this.timeline.markNew(null);
  }

  /** Look what is to be seen now. */
  look() {
    if (!this.#begun || !this.#copy) return;
    if (this.#looking) this.#see();
    const missed = this.#missed;
    show(this.#jump, !this.scroller.atBottom);
    this.#jump.classList.toggle("primary", missed);
    setText(this.#jump.querySelector("span"), phrase(missed ? "new_messages" : "latest"));
    this.#drawBar();
  }

  get #copy() {
    return this.store.copy(this.room);
  }

  get #state() {
    return this.store.rooms.get(this.room);
  }

  get #looking() {
    return document.visibilityState === "visible" && document.hasFocus();
  }

  /** How many messages are unread, for a member. */
  get #unread() {
    return this.#state?.role ? this.#state.unread : 0;
  }

  #see() {
    if (this.scroller.atBottom) this.#missed = false;
    // The common case costs nothing: no layout is asked for.
    if (newest(this.#copy) > this.#mark.upto && this.#mark.saw(this.#onScreen, this.#copy, this.store.you)) {
      this.store.see(this.room, this.#mark.upto);
    }
    this.#tellSoon();
  }

  /** The seq of the first and of the last stored message in view. */
  get #onScreen() {
    const [first, last] = this.scroller.inView().map((article) => article && this.timeline.messageOf(article).seq);
    return { from: first ?? Infinity, to: last ?? 0 };
  }

  /** On another device I may have read further. */
  #hearCounts() {
    if (this.#mark.moveTo(this.#state?.read ?? 0)) this.look();
    else this.#drawBar();
  }

  #drawBar() {
    const shown = this.#unread > 0 && this.#copy !== undefined && this.#isAbove;
    // The line stands where the bar leads to.
    const appears = shown && this.#bar.hidden;
    show(this.#bar, shown);
    if (appears) this.timeline.markNew(this.#mark.upto);
    if (!shown) return;
    const { unread, mentions } = this.#state;
    const count = unread < COUNTED_MOST ? String(unread) : `${COUNTED_MOST}+`;
    setText(this.#bar.querySelector(".unread-count"), phrase(unread === 1 ? "unread_one" : "unread_many", { count }));
    setText(this.#bar.querySelector(".unread-mentions"), mentions ? phrase("unread_mentions", { count: mentions }) : "");
  }

  /** Whether the first unread message is above the view, or not even loaded. */
  get #isAbove() {
    if (!this.#mark.isCovered(this.#copy)) return true;
    const first = this.#mark.first(this.#copy, this.store.you);
    return first !== undefined && first.seq < this.#onScreen.from;
  }

  async #goToFirst() {
    const button = this.#bar.querySelector("[data-to-unread]");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      const reached = await this.older.loadUntil(() => this.#mark.isCovered(this.#copy));
      if (!reached) this.notice.say(phrase("unread_further"));
    } catch (error) {
      this.notice.sayError(error);
      return;
    } finally {
      button.removeAttribute("aria-busy");
    }
    this.timeline.markNew(this.#mark.upto);
    const target = this.timeline.newLine ?? this.timeline.articles[0];
    if (target) this.scroller.reveal(target);
  }

  #markAll() {
    this.#mark.moveTo(newest(this.#copy));
    this.store.see(this.room, this.#mark.upto);
    this.timeline.markNew(null);
    this.look();
  }

  #tellSoon() {
    if (this.#timer || !this.#tell()) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.look();
    }, READ_EVERY_MS);
  }

  /** @returns {boolean} whether there was something to tell, and someone to tell it to */
  #tell() {
    const { upto } = this.#mark;
    if (upto <= this.#told || !this.connection.online || !this.#state?.role) return false;
    this.#told = upto;
    // Not told is not lost: the next message or the next visit tells it.
    this.connection.request(command.read(this.room, upto)).catch(() => (this.#told = 0));
    return true;
  }
}
