/** What of the room I have seen: tells the server, draws the line above what is new, and the button to the end. */

import { setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { command, isMine, personName, senderOf } from "../protocol.js";
import { excerpt } from "./message.js";

const READ_EVERY_MS = 1_000;

export class Reader {
  #jump = document.getElementById("jump");
  #announcer = document.getElementById("announcer");
  #told = 0;
  #timer = null;
  /** Whether something came that I have not seen. */
  #missed = false;
  #begun = false;

  /**
   * @param {object} parts
   * @param {import("../store.js").Store} parts.store
   * @param {import("../socket.js").Connection} parts.connection
   * @param {import("./timeline.js").Timeline} parts.timeline
   * @param {import("./scroller.js").Scroller} parts.scroller
   * @param {string} parts.room a slug
   */
  constructor({ store, connection, timeline, scroller, room }) {
    Object.assign(this, { store, connection, timeline, scroller, room });
    this.#jump.addEventListener("click", () => scroller.toBottom());
    scroller.on("move", () => this.look());
    // The server's answer to an earlier `read` still counts what I have seen since.
    store.on("rooms", () => this.#begun && this.#seeing && store.see(room));
    document.addEventListener("visibilitychange", () => this.look());
    window.addEventListener("pagehide", () => this.#tell());
  }

  /** Begin where I left off: the line above the first unread message, which is brought into view. */
  begin() {
    const state = this.store.rooms.get(this.room);
    this.#told = state.read;
    this.#begun = true;
    if (state.role && state.unread > 0) {
      this.timeline.markNew(state.read);
      const line = this.timeline.newLine;
      if (line) this.scroller.reveal(line);
    }
    this.look();
  }

  get #seeing() {
    return document.visibilityState === "visible" && this.scroller.atBottom;
  }

  /** New messages are about to be drawn. @param {{message: object, isNew: boolean}[]} changed */
  heard(changed) {
    const { you } = this.store;
    const news = changed.filter(({ message, isNew }) => isNew && !isMine(message, you));
    if (news.length === 0) return;
    const first = Math.min(...news.map(({ message }) => message.seq));
    if (!this.#seeing && !this.#missed) {
      this.#missed = true;
      this.timeline.markNew(first - 1);
    }
    const { message } = news.at(-1);
    if (document.visibilityState === "visible" && !message.deleted) {
      const heard = { name: personName(senderOf(message)), text: excerpt(message) };
      setText(this.#announcer, phrase("heard", heard));
    }
  }

  /** I said something: what was new is no more. */
  spoke() {
    this.timeline.markNew(null);
    this.scroller.toBottom();
  }

  /** Look what is to be seen now. */
  look() {
    if (!this.#begun) return;
    if (this.#seeing) {
      this.#missed = false;
      this.store.see(this.room);
      this.#tellSoon();
    }
    show(this.#jump, !this.scroller.atBottom);
    this.#jump.classList.toggle("primary", this.#missed);
    setText(this.#jump.querySelector("span"), phrase(this.#missed ? "new_messages" : "latest"));
  }

  get #newest() {
    return this.store.copy(this.room)?.messages.at(-1)?.seq ?? 0;
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
    const upto = this.#newest;
    if (!this.#seeing || upto <= this.#told || !this.connection.online) return false;
    if (!this.store.rooms.get(this.room)?.role) return false;
    this.#told = upto;
    // Not told is not lost: the next message or the next visit tells it.
    this.connection.request(command.read(this.room, upto)).catch(() => (this.#told = 0));
    return true;
  }
}
