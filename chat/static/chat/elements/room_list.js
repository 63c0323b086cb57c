/** The list of rooms in the sidebar, in sections that fold, with unread counts. */

import { closest, drawAvatar, find, findAll, fromTemplate, placeChildren, setText, show } from "../dom.js";
import { afterPaint, nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { command } from "../protocol.js";
import { othersIn, roomName } from "../room_names.js";
import { sectionsOf } from "../room_sections.js";
import { roomUrl } from "../urls.js";
import { drawBadge } from "./badge.js";
import { FavouriteDrag } from "./favourite_drag.js";
import { PointerHold } from "./pointer_hold.js";
import { RoomMenu } from "./room_menu.js";

/**
 * @import { TabContext } from "../room_view.js"
 * @import { Section, SectionName } from "../room_sections.js"
 * @import { Addresses, RoomState } from "../wire.d.ts"
 */

/** The sections that are shown without rooms, too: they have the buttons that find and create rooms. */
const ALWAYS_SHOWN = new Set(["rooms", "direct"]);

export class RoomList {
  #root;
  #tab;
  #urls;
  #menu;
  #favouriteDrag;
  #pointing;
  /** @type {Map<string, HTMLElement>} by slug */
  #items = new Map();
  /** @type {string | null} the slug of the room that is shown */
  #current = null;

  /**
   * @param {HTMLElement} root
   * @param {Pick<TabContext, "store" | "connection" | "notice">} tab
   * @param {Addresses} urls
   */
  constructor(root, tab, urls) {
    this.#root = root;
    this.#tab = tab;
    this.#urls = urls;
    this.#menu = new RoomMenu(tab);
    const draw = nextFrame(() => this.#draw());
    this.#favouriteDrag = new FavouriteDrag(root, tab, draw.ask);
    this.#pointing = new PointerHold(root, draw.ask);
    tab.store.on("rooms", draw.ask);
    tab.store.on("online", draw.ask);
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("contextmenu", (event) => this.#askedForMenu(event));
    this.#draw();
  }

  /** @param {string | null} room a slug; null for none */
  setCurrent(room) {
    for (const slug of [this.#current, room]) this.#link(slug)?.removeAttribute("aria-current");
    this.#current = room;
    this.#link(room)?.setAttribute("aria-current", "page");
    // The sections may change, too: a folded one shows the current room. Later: a switch of rooms is to be painted soon.
    afterPaint(() => this.#draw());
  }

  /** @param {string | null} room a slug */
  #link(room) {
    const item = room === null ? undefined : this.#items.get(room);
    return item && find(item, "a");
  }

  #draw() {
    const { folded, rooms, you } = this.#tab.store;
    const focused = this.#menu.button ?? document.activeElement;
    const places = this.#placesAfter(focused);
    const order = this.#pointing.isHeld ? this.#directOrder : [];
    const sections = sectionsOf(rooms.values(), { you, folded, current: this.#current, order });
    for (const section of sections) this.#drawSection(section);
    for (const [slug, item] of this.#items) {
      if (rooms.has(slug) && sections.some(({ shown }) => shown.some((room) => room.slug === slug))) continue;
      item.remove();
      this.#items.delete(slug);
    }
    this.#keepFocus(focused, places);
    show(find(this.#root, ".no-rooms"), !sections.some(({ name, rooms: own }) => name !== "direct" && own.length));
  }

  /** @param {Element | null} before what had the focus, or the button of the open menu @param {HTMLElement[]} places */
  #keepFocus(before, places) {
    if (before instanceof HTMLElement && this.#root.contains(before) && isDrawn(before)) {
      // An element that is moved to another section loses the focus.
      if (before !== this.#menu.button) before.focus();
      return;
    }
    this.#menu.close();
    places.find(isDrawn)?.focus();
  }

  /** Where the focus may go if its room leaves the list, the best place first. @param {Element | null} focused */
  #placesAfter(focused) {
    const section = this.#root.contains(focused) && focused?.closest(".room-section");
    const item = focused?.closest(".room-item");
    if (!section || !item) return [];
    const items = findAll(section, ".room-item");
    const below = items.slice(items.findIndex((each) => each === item) + 1);
    // The section itself may disappear with its last room.
    const heads = [section, this.#root].flatMap((part) => findAll(part, ".section-fold"));
    return [...below.map((each) => find(each, "a")), ...heads];
  }

  /** The slugs of the direct rooms, in the order in which they are drawn. */
  get #directOrder() {
    return findAll(this.#root, '[data-section="direct"] a').map((link) => link.dataset.room ?? "");
  }

  /** @param {Section} section */
  #drawSection({ name, rooms, shown }) {
    const element = this.#root.querySelector(`[data-section="${name}"]`);
    // Guests have no direct messages.
    if (!(element instanceof HTMLElement)) return;
    const isPlace = name === "favourites" && rooms.length === 0 && this.#favouriteDrag.needsPlace;
    show(element, rooms.length > 0 || isPlace || ALWAYS_SHOWN.has(name));
    element.classList.toggle("is-place", isPlace);
    const isFolded = this.#tab.store.folded.has(name);
    find(element, ".section-fold").setAttribute("aria-expanded", String(!isFolded));
    const items = shown.map((room) => {
      const item = this.#items.get(room.slug) ?? this.#make(room);
      this.#fill(item, room);
      return item;
    });
    placeChildren(find(element, "ul"), items);
  }

  /** @param {RoomState} room */
  #make({ slug }) {
    const item = fromTemplate("room-link-template");
    const link = find(item, "a", HTMLAnchorElement);
    link.dataset.room = slug;
    link.href = roomUrl(this.#urls, slug);
    this.#items.set(slug, item);
    return item;
  }

  /** @param {HTMLElement} item @param {RoomState} room */
  #fill(item, room) {
    const { slug, kind, archived, muted, role } = room;
    const link = find(item, "a");
    const name = roomName(room, this.#tab.store.you);
    link.dataset.kind = kind;
    link.classList.toggle("archived", archived);
    link.classList.toggle("muted", muted);
    if (slug === this.#current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    setText(find(link, ".room-link-name"), name);
    show(find(link, ".room-muted"), muted);
    if (kind === "direct") this.#fillPeople(link, room);
    const more = find(item, ".room-more");
    show(more, role !== null);
    setText(find(more, ".visually-hidden"), phrase("room_menu", { room: name }));
    drawBadge(find(link, ".unread"), room);
  }

  /** @param {HTMLElement} link @param {RoomState} room a direct one */
  #fillPeople(link, room) {
    const { online, you } = this.#tab.store;
    const others = othersIn(room, you);
    const avatar = find(link, ".avatar");
    const [first] = others.length ? others : room.people;
    if (others.length > 1) setText(avatar, String(others.length));
    else if (first) drawAvatar(avatar, { key: `u:${first.id}`, name: first.name, picture: first.avatar });
    avatar.classList.toggle("several", others.length > 1);
    const isOnline = others.length === 1 && first !== undefined && online.has(first.id);
    show(find(link, ".presence"), others.length === 1);
    find(link, ".presence").classList.toggle("online", isOnline);
    show(find(link, ".room-online"), isOnline);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const fold = closest(event, ".section-fold");
    if (fold) this.#fold(fold);
    const more = closest(event, ".room-more");
    if (more) this.#openMenu(more);
  }

  /**
   * A person pressed the right button of the mouse, or the menu key. A finger gets the browser's own menu of a link.
   * @param {MouseEvent} event
   */
  #askedForMenu(event) {
    const item = closest(event, ".room-item");
    const isTouch = event instanceof PointerEvent && event.pointerType === "touch";
    if (!item || isTouch || find(item, ".room-more").hidden) return;
    event.preventDefault();
    this.#openMenu(find(item, ".room-more"), event.button === 2 ? event : undefined);
  }

  /** @param {HTMLElement} button @param {{clientX: number, clientY: number}} [at] the place of the mouse */
  #openMenu(button, at) {
    const item = button.closest(".room-item");
    const room = item && this.#tab.store.rooms.get(find(item, "a").dataset.room ?? "");
    if (room) this.#menu.open(room, button, at);
  }

  /** @param {HTMLElement} button */
  #fold(button) {
    const { connection, store } = this.#tab;
    const section = /** @type {SectionName} */ (button.closest("section")?.dataset.section);
    const isOpen = store.folded.has(section);
    store.setFolded(isOpen ? [...store.folded].filter((name) => name !== section) : [...store.folded, section]);
    // A guest has it for this page only. Without a connection it is lost, which costs the person one click.
    if (store.you.user) connection.request(command.fold(section, !isOpen)).catch(() => {});
  }
}

/** @param {HTMLElement} element */
function isDrawn(element) {
  return element.getClientRects().length > 0;
}
