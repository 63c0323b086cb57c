/**
 * Who has read the reader's last message: a line below it. Asked for when the message or its readers may have changed,
 * while the page is visible, and until everybody has read it.
 */

import { find, fromTemplate, setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { isMine } from "../senders.js";
import { Timer } from "../timer.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Message, PersonName, ReceiptsReply } from "../wire.d.ts"
 * @import { Scroller } from "./scroller.js"
 * @import { Timeline } from "./timeline.js"
 */

/** After a message is stored, others need a moment to read it. */
const FIRST_MS = 700;
/** The pages of a room do not ask all at once. */
const SPREAD_MS = 600;
const MOST_NAMED = 3;

export class Receipts {
  #context;
  #timeline;
  #scroller;
  #line = fromTemplate("receipt-template");
  #timer;
  /** Whether this room has no receipts. */
  #isOff = false;
  /** @type {ReceiptsReply | null} the latest answer */
  #known = null;

  /** @param {RoomContext} context @param {{timeline: Timeline, scroller: Scroller}} parts */
  constructor(context, { timeline, scroller }) {
    const { connection, room, signal, store } = context;
    this.#context = context;
    this.#timeline = timeline;
    this.#scroller = scroller;
    this.#timer = new Timer(() => void this.#ask(), signal);
    if (!store.you.user) return;
    store.on("readers", (event) => event.room === room && this.#askSoon(Math.random() * SPREAD_MS), { signal });
    store.on("people", () => this.#draw(), { signal });
    connection.on("state", ({ name }) => name === "online" && this.#askSoon(FIRST_MS), { signal });
    document.addEventListener("visibilitychange", () => this.#askSoon(0), { signal });
    const button = find(this.#line, "button");
    button.addEventListener("click", () => {
      button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
      this.#draw();
    }, { signal });
  }

  /** Messages were drawn. */
  refresh() {
    const last = this.#last;
    if (this.#known && this.#known.message !== last?.id) {
      this.#known = null;
      find(this.#line, "button").setAttribute("aria-expanded", "false");
      this.#askSoon(FIRST_MS);
    } else if (!this.#known && last) {
      this.#askSoon(FIRST_MS);
    }
    this.#draw();
  }

  /** The reader's last message in the room, if it is drawn. @returns {Message | undefined} */
  get #last() {
    const { room, store } = this.#context;
    const copy = store.copy(room);
    return copy?.window ? undefined : copy?.messages.findLast((message) => !message.deleted && isMine(message, store.you));
  }

  /** @param {number} ms */
  #askSoon(ms) {
    const isComplete = this.#known?.waiting === 0 && this.#known.message === this.#last?.id;
    if (this.#isOff || isComplete || this.#timer.isRunning || document.visibilityState !== "visible") return;
    this.#timer.start(ms);
  }

  async #ask() {
    const { connection, signal } = this.#context;
    const last = this.#last;
    if (!last || !connection.online) return;
    try {
      const reply = /** @type {ReceiptsReply} */ (await connection.request(command.receipts(last.id)));
      if (signal.aborted) return;
      this.#isOff = !reply.shown;
      this.#known = reply;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return;
    }
    this.#draw();
  }

  #draw() {
    const last = this.#last;
    const article = last && this.#timeline.articleOf(last.id);
    const { message, readers = [], waiting = 0 } = this.#known ?? {};
    const text = article && message === last.id ? this.#textOf(readers, waiting) : "";
    const button = find(this.#line, "button", HTMLButtonElement);
    if (!text || !article) return this.#line.isConnected ? this.#scroller.keep(() => this.#line.remove()) : undefined;
    // Where all are named, there is nothing to open.
    button.disabled = readers.length <= (waiting === 0 ? 1 : MOST_NAMED);
    const isNew = this.#line.parentElement !== article;
    if (!isNew && find(button, ".receipt-text").textContent === text) return;
    this.#scroller.keep(() => {
      setText(find(button, ".receipt-text"), text);
      if (isNew) article.append(this.#line);
    });
  }

  /** @param {PersonName[]} readers @param {number} waiting @returns {string} "" if nobody has read it */
  #textOf(readers, waiting) {
    const { room, store } = this.#context;
    if (!readers.length) return "";
    if (store.rooms.get(room)?.kind === "direct" && readers.length === 1 && waiting === 0) return phrase("seen");
    const isExpanded = find(this.#line, "button").getAttribute("aria-expanded") === "true";
    if (waiting === 0 && !isExpanded && readers.length > 1) return phrase("seen_by_all");
    const named = isExpanded ? readers : readers.slice(0, MOST_NAMED);
    const names = named.map((person) => store.people.name(person)).join(phrase("list_comma"));
    const more = readers.length - named.length;
    return phrase("seen_by", { names: more ? phrase("names_and_more", { names, count: more }) : names });
  }
}
