/** The pinned messages of a room: their number at its head, and the panel that lists them. */

import { sinceTime } from "../dates.js";
import { closest, drawAvatar, find, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { personKey, senderOf } from "../senders.js";
import { excerpt } from "./message_text.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { RoomSync } from "../room_sync.js"
 * @import { Frame, Message } from "../wire.d.ts"
 * @import { SidePanel } from "./side_panel.js"
 */

const NAME = "pins";

export class Pins {
  #context;
  #panel;
  #parts;
  #button;
  /** The one that was pinned last is the first. @type {Message[]} */
  #pinned = [];
  /** @type {HTMLElement | null} in the panel, while it is open */
  #list = null;
  /** Of the newest question: the answer to an older one is ignored. */
  #asked = 0;

  /**
   * @param {HTMLElement} root of the room
   * @param {RoomContext} context
   * @param {{panel: SidePanel, sync: RoomSync, goTo: (message: number) => void, mayPin: (message: Message) => boolean}} parts
   */
  constructor(root, context, parts) {
    const { connection, signal, store } = context;
    this.#context = context;
    this.#panel = parts.panel;
    this.#parts = parts;
    this.#button = find(root, ".pins-button");
    this.#button.addEventListener("click", () => this.#open(), { signal });
    connection.on("frame", (frame) => this.#received(frame), { signal });
    store.on("people", () => this.#drawList(), { signal });
    // Also after each time without a connection.
    parts.sync.on("ready", () => void this.#ask(), { signal });
    this.#panel.on("close", (name) => {
      if (name !== NAME) return;
      this.#list = null;
      this.#button.setAttribute("aria-expanded", "false");
    });
    if (parts.sync.isReady || !connection.online) void this.#ask();
  }

  /** @param {Frame} frame */
  #received(frame) {
    const { room } = this.#context;
    if (frame.type !== "message" && frame.type !== "changes") return;
    if (frame.room !== room) return;
    const messages = frame.type === "message" ? [frame.message] : frame.messages;
    const known = new Set(this.#pinned.map(({ id }) => id));
    if (messages.some((message) => message.pinned !== null || known.has(message.id))) void this.#ask();
  }

  async #ask() {
    const { connection, room, signal } = this.#context;
    const asked = ++this.#asked;
    try {
      const { pinned } = await connection.request(command.pins(room));
      if (asked !== this.#asked || signal.aborted) return;
      this.#pinned = pinned;
      this.#draw();
    } catch (error) {
      // Without a connection, the next one asks again.
      if (!(error instanceof CommandError)) throw error;
    }
  }

  #open() {
    const list = fromTemplate("pins-panel-template");
    list.addEventListener("click", (event) => this.#clicked(event));
    this.#panel.open({ name: NAME, title: phrase("pinned_title"), element: list });
    this.#list = list;
    this.#button.setAttribute("aria-expanded", "true");
    this.#drawList();
  }

  #draw() {
    show(this.#button, this.#pinned.length > 0);
    setText(find(this.#button, ".pins-count"), String(this.#pinned.length));
    this.#drawList();
  }

  #drawList() {
    if (!this.#list) return;
    find(this.#list, "ul").replaceChildren(...this.#pinned.map((message) => this.#itemOf(message)));
    show(find(this.#list, ".pins-none"), this.#pinned.length === 0);
  }

  /** @param {Message} message */
  #itemOf(message) {
    const { people } = this.#context.store;
    const item = fromTemplate("pinned-item-template");
    const sender = senderOf(message);
    const name = people.nameOf(sender);
    item.dataset.id = String(message.id);
    drawAvatar(find(item, ".avatar"), { key: personKey(sender), name, picture: people.pictureOf(sender) });
    setText(find(item, ".pinned-author"), name);
    setText(find(item, "time"), sinceTime(new Date(message.at)));
    setText(find(item, ".pinned-text"), excerpt(message));
    if (message.pinned) setText(find(item, ".pinned-by"), pinnedBy(message.pinned, people));
    show(find(item, "[data-unpin]"), this.#parts.mayPin(message));
    return item;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const id = Number(closest(event, "[data-id]")?.dataset.id);
    if (closest(event, "[data-unpin]")) {
      const { connection, notice } = this.#context;
      void notice.errorOf(connection.request(command.pin(id, false)));
    } else if (closest(event, ".pinned-open")) {
      if (this.#panel.isSheet) this.#panel.close();
      this.#parts.goTo(id);
    }
  }
}

/** @param {import("../wire.d.ts").Pinned} pinned @param {import("../known_people.js").KnownPeople} people */
export function pinnedBy({ by }, people) {
  return phrase("pinned_by", { name: people.name(by) });
}
