/**
 * Shows rooms and pages in a tab, one at a time, beside the list of rooms. The first one comes with the server's page, the
 * next ones by `showRoom`, `showHome` and `showSearch`, without a page load; navigation.js calls these.
 *
 * These elements are looked up by their id in templates/chat: `rooms`, `room-menu`, `status`, `status-announcement`,
 * `notice`, `announcer`, `action-sheet`, `message-menu`, the dialogs, and the `template` elements.
 * All others are found in the root of the room's view.
 */

import { byId, find } from "./dom.js";
import { announce } from "./elements/announcer.js";
import { blurWithin, focusAfterPaint, isWritingIn } from "./elements/focus_return.js";
import { drawPlace, isListBeside } from "./elements/place.js";
import { RoomList } from "./elements/room_list.js";
import { makeRoom } from "./elements/room_root.js";
import { Emitter } from "./emitter.js";
import { rememberRoom } from "./last_room.js";
import { afterPaint } from "./next_frame.js";
import { phrase } from "./phrases.js";
import { isReturn } from "./page_load.js";
import { Pages } from "./pages.js";
import { CommandError } from "./protocol.js";
import { RoomView } from "./room_view.js";
import { Tab } from "./tab.js";
import { confirmStored } from "./tab_outbox.js";
import { Title } from "./title.js";
import { Visits } from "./visits.js";

/**
 * @import { Showing } from "./navigation.js"
 * @import { Place, Visit } from "./room_view.js"
 * @import { Asked } from "./search/search.js"
 * @import { PageData } from "./wire.d.ts"
 *
 * @typedef {object} ShellEvents
 * @property {[]} shown another room is shown, the home page, or the search
 * @property {[string]} address what is shown has another address now: this path
 * @property {[string]} gone a room was shown, and the server answered that the person may not see it
 * @property {[string | null]} next the person left the room that is shown: show this one, or null for the home page
 */

/** @extends {Emitter<ShellEvents>} */
export class Shell extends Emitter {
  #context;
  #list;
  #title;
  /** @type {(Visit & {view: RoomView}) | null} */
  #shown = null;
  /** @type {string | undefined} the slug of the room that is shown, or asked for by the latest call of `showRoom` */
  #wanted;
  #visits;
  #pages;
  /** Shows another room and its address: see `setNavigation`. @type {(room: string) => void} */
  #go = () => {};
  /** Show another room and its address. @param {string} room a slug */
  goToRoom = (room) => this.#go(room);

  /** @param {PageData} page */
  constructor(page) {
    super();
    const { at, open, urls } = page;
    const tab = (this.tab = new Tab(page, () => this.room));
    const { search, store } = tab;
    /** What views of rooms and the search get. */
    this.#context = { ...tab, exitFrom: this.exitFrom, goToRoom: this.goToRoom };
    this.#list = new RoomList(byId("rooms"), tab, urls);
    this.#title = new Title(store);
    this.#visits = new Visits(tab, () => this.#wanted);
    this.#pages = new Pages(this.#context);
    search.on("asked", () => this.#pages.isSearchShown && this.emit("address", search.address));
    if (!open) {
      this.#pages.begin();
      return;
    }
    store.applyOpen(open);
    confirmStored(tab.outbox, store, store.copy(open.room)?.messages ?? []);
    const place = isReturn() ? "left" : (at ?? "unread");
    this.#mount(find(document, ".room"), this.#visits.begin(open.room), { isCurrent: true, at: place });
    // A message that the address names has the focus.
    if (typeof place !== "number") this.#shown?.view.focusComposer();
  }

  /** The navigation of this page, which needs the shell itself. @param {{goToRoom: (room: string) => void}} navigation */
  setNavigation(navigation) {
    this.#go = (room) => navigation.goToRoom(room);
  }

  /**
   * How to go on from a room that the person leaves: on a wide screen, where the list of rooms is beside the room, to the
   * room that was seen last, unless the person knows the home page; otherwise to that.
   * @param {string} room a slug
   * @returns {() => void}
   */
  exitFrom = (room) => {
    const isBeside = !this.#pages.hasHome && isListBeside();
    const next = isBeside ? this.tab.recent.all.find((slug) => slug !== room && this.tab.store.rooms.has(slug)) : undefined;
    return () => this.emit("next", next ?? null);
  };

  /** Whether this page has a place for rooms. */
  get showsRooms() {
    return this.#shown !== null || this.#pages.areKnown;
  }

  /** The slug of the room that is shown, or will be when the server has answered. @returns {string | undefined} */
  get wanted() {
    return this.#wanted;
  }

  /** The slug of the room that is shown. @returns {string | undefined} */
  get room() {
    return this.#shown?.room;
  }

  /**
   * Show another room in place of the present one, or another place in the present one. A room of which there is a copy
   * is shown at once, and then brought up to date; for another one see `untilShowable` of visits.js.
   * @param {string} room a slug
   * @param {Showing} [showing]
   * @returns {Promise<void>} resolves when it is drawn, or when a later call has taken over
   * @throws {CommandError} the room cannot be opened: the one that is shown stays
   */
  async showRoom(room, showing = {}) {
    this.#wanted = room;
    if (this.#shown?.room === room) {
      // A message has an address of its own.
      if (typeof showing.at === "number") showing.onShow?.();
      return this.#shown.view.show(showing.at);
    }
    const visit = this.#visits.begin(room, showing.at);
    const asked = this.#visits.ask(visit);
    const waiting = this.#visits.untilShowable(visit, asked, this.#isWriting);
    if (waiting) await waiting;
    const { error } = visit.sync;
    const isShowable = this.tab.store.rooms.has(room) && error?.code !== "not_found";
    // An earlier call for the same room may have shown it.
    if (this.#wanted === room && this.room !== room && isShowable) return this.#replaceView(visit, showing);
    visit.ending.abort();
    if (this.#wanted !== room) return this.#visits.end(visit);
    if (this.room === room) return;
    this.#wanted = this.room;
    throw error ?? new CommandError({ code: "lost" });
  }

  /** Show the home page. @param {Pick<Showing, "onShow">} [showing] */
  showHome({ onShow } = {}) {
    this.#wanted = undefined;
    if (this.#pages.isHomeShown) return;
    const { home } = this.#pages;
    this.#showPage(home.root, { name: "home", onShow });
    home.shown();
    announce(this.#title.text);
  }

  /** Show the search, and what it finds. @param {Asked} asked @param {Pick<Showing, "onShow">} [showing] */
  showSearch(asked, { onShow } = {}) {
    this.#wanted = undefined;
    const { search } = this.#pages;
    if (this.#pages.isSearchShown) onShow?.();
    else this.#showPage(search.root, { name: "search", title: search.title, onShow });
    search.shown(asked, { isReturn: !onShow });
    announce(this.#title.text);
  }

  /** Give the focus to the search, if it is shown, as a page or beside a room. @returns {boolean} */
  focusSearch() {
    if (this.#pages.isSearchShown) this.#pages.search.focus();
    else if (this.#shown && this.tab.search.isBeside) this.tab.search.emit("focus");
    else return false;
    return true;
  }

  /**
   * Show the part of another page in place of the present one.
   * @param {HTMLElement} root
   * @param {{name: "home" | "search", title?: string, onShow?: () => void}} about
   */
  #showPage(root, { name, title, onShow }) {
    const former = this.#shown;
    const present = former?.view.root ?? find(document, "main");
    this.#pages.leave();
    former?.view.unmount();
    onShow?.();
    this.tab.notice.moveBefore(byId("announcer"));
    present.replaceWith(root);
    this.#shown = null;
    this.#drawPlace(null, name, title);
    if (former) this.#visits.end(former);
  }

  /** Whether the person writes in the room that is shown. */
  get #isWriting() {
    return this.#shown !== null && isWritingIn(this.#shown.view.root);
  }

  /** @param {Visit} visit @param {Showing} showing */
  #replaceView(visit, { at, onShow }) {
    const former = this.#shown;
    const { room } = visit;
    // First: it asks where the reader is, and the browser still knows the layout.
    former?.view.unmount();
    this.#pages.leave(at);
    // Not before the paint: the browser takes long for a new address.
    if (onShow) afterPaint(onShow, visit.ending.signal);
    const root = makeRoom(room);
    const present = former?.view.root ?? find(document, "main");
    const isWriting = this.#isWriting;
    blurWithin(present);
    present.replaceWith(root);
    const { role = null, unread = 0 } = this.tab.store.rooms.get(room) ?? {};
    this.#mount(root, visit, { at: at ?? (role && unread ? "unread" : "left") });
    // The goal of a link to a message takes the focus itself.
    if (isWriting) this.#shown?.view.focus();
    else if (typeof at !== "number") focusAfterPaint(() => this.#shown?.view.focus(), visit.ending.signal);
    afterPaint(() => announce(this.#title.text), visit.ending.signal);
    if (former) this.#visits.end(former);
  }

  /** @param {HTMLElement} root @param {Visit} visit @param {{isCurrent?: boolean, at: Place}} options */
  #mount(root, visit, options) {
    const { room, sync, ending } = visit;
    this.#wanted = room;
    // First: the place decides how high the timeline is.
    this.#drawPlace(room);
    rememberRoom(this.tab, room, ending.signal);
    // A page of the server shows messages already: it keeps them, and the room's head says that access has ended.
    const isEmpty = () => !options.isCurrent && !sync.isReady;
    sync.on("gone", (isGone) => isGone && isEmpty() && this.emit("gone", room), { signal: ending.signal });
    const removed = (/** @type {{room: string, deleted: boolean}} */ event) => {
      if (!event.deleted || event.room !== room) return;
      this.exitFrom(room)();
      this.tab.notice.show(phrase("room_deleted"));
    };
    this.tab.store.on("removed", removed, { signal: ending.signal });
    this.#shown = { ...visit, view: RoomView.mount(root, this.#context, visit, options) };
  }

  /**
   * Draw what is shown around it.
   * @param {string | null} room a slug; null for another page
   * @param {"home" | "search"} [page]
   * @param {string} [title] of that page
   */
  #drawPlace(room, page = "home", title = "") {
    drawPlace(room === null ? page : "room");
    this.#list.setCurrent(room);
    this.#title.setRoom(room, title);
    this.emit("shown");
  }
}
