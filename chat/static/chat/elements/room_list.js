/** The list of rooms: names, unread counts, and which ones there are. */

import { fromTemplate, setText, short, show } from "../dom.js";
import { nextFrame } from "../gather.js";
import { phrase } from "../phrases.js";

export class RoomList {
  #nav = document.getElementById("rooms");
  #list = this.#nav.querySelector("ul");

  /**
   * @param {import("../store.js").Store} store
   * @param {string} address a room's, with __slug__ in it
   */
  constructor(store, address) {
    this.store = store;
    this.address = address;
    store.on("rooms", nextFrame(() => this.draw()).ask);
    this.draw();
  }

  draw() {
    const rooms = [...this.store.rooms.values()].sort((a, b) => a.name.localeCompare(b.name));
    const links = new Map([...this.#list.querySelectorAll("a")].map((link) => [link.dataset.room, link]));
    const items = rooms.map((room) => {
      const link = links.get(room.slug) ?? this.#make(room);
      this.#fill(link, room);
      return link.parentElement;
    });
    // Only what changed place is moved: a moved link would lose the focus.
    items.forEach((item, at) => {
      if (this.#list.children[at] !== item) this.#list.insertBefore(item, this.#list.children[at] ?? null);
    });
    while (this.#list.children.length > items.length) this.#list.lastElementChild.remove();
    show(this.#nav.querySelector(".no-rooms"), rooms.length === 0);
  }

  #make(room) {
    const link = fromTemplate("room-link-template").querySelector("a");
    link.dataset.room = room.slug;
    link.href = this.address.replace("__slug__", encodeURIComponent(room.slug));
    if (room.slug === this.#nav.dataset.current) link.setAttribute("aria-current", "page");
    return link;
  }

  #fill(link, { name, kind, archived, unread, mentions }) {
    link.dataset.kind = kind;
    link.classList.toggle("archived", archived);
    setText(link.querySelector(".room-link-name"), name);
    const badge = link.querySelector(".unread");
    show(badge, unread > 0);
    badge.classList.toggle("mentioned", mentions > 0);
    // With the sign @ before it (shell.css), the number is that of the mentions. The same in _room_link.html.
    setText(badge, short(mentions || unread));
    badge.title = phrase(mentions > 0 ? "unread_mentioned" : "unread_label", { count: unread, mentions });
    badge.setAttribute("aria-label", badge.title);
  }
}
