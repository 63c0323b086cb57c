/** What stands around the talk: the room's name and topic, who is here, who types, and why one may not write. */

import { setText, short, show } from "../dom.js";
import { nextFrame } from "../gather.js";
import { TYPING_EXPIRES_MS } from "../people.js";
import { phrase } from "../phrases.js";

export class RoomHead {
  #gone = false;

  /**
   * @param {object} parts
   * @param {import("../store.js").Store} parts.store
   * @param {import("./composer.js").Composer} parts.composer
   * @param {string} parts.room a slug
   * @param {boolean} parts.canPost what the server said when it made the page
   */
  constructor({ store, composer, room, canPost }) {
    Object.assign(this, { store, composer, room });
    const { archived } = store.rooms.get(room);
    // Of an archived room the page does not say whether one could write in it otherwise.
    this.couldPost = canPost || archived;
    store.on("rooms", nextFrame(() => this.#drawRoom()).ask);
    store.on("presence", () => this.#drawPeople());
    this.#drawRoom();
    this.#drawPeople();
  }

  /** Whether one may write here now, as far as the page knows. */
  get open() {
    return this.#why === null;
  }

  /** The room is not to be seen any more, or is again. @param {boolean} gone */
  setGone(gone) {
    this.#gone = gone;
    this.#drawRoom();
  }

  get #why() {
    const state = this.store.rooms.get(this.room);
    if (this.#gone || !state) return "gone";
    if (state.archived) return "archived";
    if (!this.store.you.user && state.guests !== "write") return "guest";
    if (state.role === "reader" || !this.couldPost) return "reader";
    return null;
  }

  #drawRoom() {
    const why = this.#why;
    this.composer.open(why === null);
    const closed = document.getElementById("closed");
    show(closed, why !== null);
    for (const line of closed.children) show(line, line.dataset.why === why);
    this.#drawElsewhere();
    const state = this.store.rooms.get(this.room);
    if (!state) return;
    setText(document.getElementById("room-name"), state.name);
    setText(document.getElementById("room-topic"), state.topic);
    this.composer.nameRoom(state.name);
    show(document.getElementById("join"), state.role === null && state.kind === "public");
    show(document.getElementById("leave"), state.role !== null);
  }

  /** On a narrow screen the list of rooms is a page of its own: its news are told here. */
  #drawElsewhere() {
    const unread = this.store.unread - (this.store.rooms.get(this.room)?.unread ?? 0);
    const badge = document.getElementById("elsewhere");
    show(badge, unread > 0);
    setText(badge, short(unread));
    badge.title = phrase("unread_label", { count: unread });
  }

  #drawPeople() {
    const { online, names } = this.store.presence(this.room);
    // Before the first answer nobody is counted, not even me.
    setText(document.getElementById("online"), online ? String(online) : "");
    const items = names.map((name) => {
      const item = document.createElement("li");
      item.dir = "auto";
      item.textContent = name;
      return item;
    });
    if (online > names.length) items.push(Object.assign(document.createElement("li"), { textContent: "…" }));
    document.getElementById("here").replaceChildren(...items);
  }
}

/** The line that says who is typing. It goes by itself. */
export class TypingLine {
  #line = document.getElementById("typing");
  #timer = null;

  /** @param {import("../store.js").Store} store @param {string} room a slug */
  constructor(store, room) {
    this.store = store;
    this.room = room;
    store.on("typing", (event) => event.room === room && this.draw());
  }

  draw() {
    const [name, other, more] = this.store.typing(this.room).names;
    clearTimeout(this.#timer);
    if (name !== undefined) this.#timer = setTimeout(() => this.draw(), TYPING_EXPIRES_MS / 5);
    setText(this.#line, name === undefined ? "" : phrase(typingPhrase(other, more), { name, other }));
  }
}

function typingPhrase(other, more) {
  if (more !== undefined) return "typing_many";
  return other === undefined ? "typing_one" : "typing_two";
}
