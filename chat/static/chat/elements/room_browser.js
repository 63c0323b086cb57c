/**
 * The list of all rooms that a person may see: they search it, load it a page at a time, and join rooms in it. New rooms
 * appear at once; how many members a room has is asked again when the window gets the focus. It is the main part of the
 * home page, and of the dialog that the + in the sidebar opens.
 */

import { dayName } from "../dates.js";
import { closest, find, findAll, fromTemplate, placeChildren, setText, show } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { Timer } from "../timer.js";
import { roomUrl } from "../urls.js";

/**
 * @import { Notice } from "./notice.js"
 * @import { Connection } from "../socket.js"
 * @import { Store } from "../store.js"
 * @import { Addresses, BrowseReply, ListedRoom } from "../wire.d.ts"
 *
 * @typedef {object} BrowserContext
 * @property {Store} store
 * @property {Connection} connection
 * @property {Notice} notice
 * @property {Addresses} urls
 */

const SEARCH_AFTER_MS = 150;
/** Several rooms may change at the same moment, and everybody asks then: not all at once. */
const RELOAD_AFTER_MS = 300;
const RELOAD_WITHIN_MS = 700;

export class RoomBrowser {
  #root;
  #context;
  #field;
  #list;
  #timer;
  #draw;
  /** @type {ListedRoom[]} */
  #rooms = [];
  #hasMore = false;
  /** The latest request: answers of earlier ones are ignored. */
  #asked = 0;

  /** @param {HTMLElement} root an element `.browser` @param {BrowserContext} context */
  constructor(root, context) {
    const { connection, store } = context;
    this.#root = root;
    this.#context = context;
    this.#field = find(root, "input[type=search]", HTMLInputElement);
    this.#list = find(root, ".listed-rooms");
    this.#timer = new Timer(() => void this.#load(this.#rooms.length));
    this.#draw = nextFrame(() => this.#drawRooms());
    this.#field.addEventListener("input", () => this.#timer.start(SEARCH_AFTER_MS));
    find(root, ".more-rooms").addEventListener("click", () => void this.#loadMore());
    this.#list.addEventListener("click", (event) => void this.#clicked(event));
    store.on("public-rooms", () => this.#reload());
    // The person joined or left a room, perhaps in another window: it has another number of members.
    store.on("added", () => this.#reload());
    store.on("removed", () => this.#reload());
    store.on("rooms", this.#draw.ask);
    connection.on("state", ({ name }) => name === "online" && this.#reload());
    // Nothing tells everybody that others join and leave.
    window.addEventListener("focus", () => this.#reload());
  }

  /** Show a page that the server has sent. @param {BrowseReply} reply */
  take(reply) {
    this.#rooms = reply.rooms;
    this.#hasMore = reply.more;
    show(find(this.#root, "[data-create]"), reply.may_create.length > 0);
    this.#drawRooms();
  }

  /** Begin again, with all rooms. */
  open() {
    this.#field.value = "";
    void this.#load(0);
  }

  /** Put the focus into the field that searches. */
  focus() {
    this.#field.focus();
  }

  /** Load the rooms that are shown again: events that came while the list was not in the page were left out. */
  refresh() {
    void this.#load(this.#rooms.length);
  }

  #reload() {
    // Nobody sees it now: `open` or `refresh` loads it.
    if (this.#root.getClientRects().length > 0) {
      this.#timer.start(RELOAD_AFTER_MS + Math.random() * RELOAD_WITHIN_MS);
    }
  }

  get #search() {
    return this.#field.value.trim();
  }

  /** Load the first `count` rooms again, at least a page. @param {number} count */
  async #load(count) {
    const asked = (this.#asked += 1);
    /** @type {ListedRoom[]} */
    const rooms = [];
    let reply;
    do {
      reply = await this.#ask(rooms.length);
      if (!reply || asked !== this.#asked) return;
      rooms.push(...reply.rooms);
    } while (reply.more && rooms.length < count);
    this.take({ ...reply, rooms });
  }

  async #loadMore() {
    const asked = (this.#asked += 1);
    const first = this.#rooms.length;
    const reply = await this.#ask(first);
    if (!reply || asked !== this.#asked) return;
    this.take({ ...reply, rooms: [...this.#rooms, ...reply.rooms] });
    findAll(this.#list, ".listed-name")[first]?.focus();
  }

  /** @param {number} skip @returns {Promise<BrowseReply | null>} */
  async #ask(skip) {
    try {
      return await this.#context.connection.request(command.browse(this.#search, skip));
    } catch (error) {
      // A lost connection asks again when it is back.
      if (error instanceof CommandError) return null;
      throw error;
    }
  }

  #drawRooms() {
    const former = new Map(findAll(this.#list, "li").map((item) => [item.dataset.room, item]));
    const items = this.#rooms.map((room) => {
      const item = former.get(room.slug) ?? this.#make(room);
      this.#fill(item, room);
      return item;
    });
    placeChildren(this.#list, items);
    show(find(this.#root, ".more-rooms"), this.#hasMore);
    const text = this.#search ? phrase("no_room_found", { query: this.#search }) : phrase("no_rooms_yet");
    setText(find(this.#root, ".no-listed"), items.length ? "" : text);
    show(find(this.#root, ".no-listed"), items.length === 0);
  }

  /** @param {ListedRoom} room */
  #make({ slug }) {
    const item = fromTemplate("listed-room-template");
    item.dataset.room = slug;
    find(item, ".listed-name", HTMLAnchorElement).href = roomUrl(this.#context.urls, slug);
    return item;
  }

  /** @param {HTMLElement} item @param {ListedRoom} room */
  #fill(item, room) {
    const known = this.#context.store.rooms.get(room.slug);
    // Not by `room.role`, which is the role of the moment when the list was loaded.
    const isJoined = known !== undefined && known.role !== null;
    item.dataset.kind = room.kind;
    item.classList.toggle("is-joined", isJoined);
    setText(find(item, ".listed-name"), known?.name ?? room.name);
    setText(find(item, ".listed-topic"), known?.topic ?? room.topic);
    const day = room.last_at && dayName(new Date(room.last_at));
    const last = day ? phrase("last_message", { day }) : phrase("no_message_yet");
    const members = phrase(room.members === 1 ? "members_one" : "members_many", { count: room.members });
    setText(find(item, ".listed-facts"), `${members} · ${last}`);
    const canJoin = this.#context.store.you.user !== null && !isJoined && room.kind === "public";
    show(find(item, ".join-listed"), canJoin);
    show(find(item, ".listed-joined"), isJoined);
    find(item, ".join-listed").setAttribute("aria-label", phrase("join_room", { name: room.name }));
  }

  /** @param {MouseEvent} event */
  async #clicked(event) {
    const button = /** @type {HTMLButtonElement | null} */ (closest(event, ".join-listed"));
    const item = closest(event, "li");
    if (!button || !item) return;
    const { connection, notice, store } = this.#context;
    button.disabled = true;
    try {
      const { state } = await connection.request(command.join(item.dataset.room ?? ""));
      store.addRoom(state);
      // The button is gone.
      find(item, ".listed-name").focus();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      notice.showError(error);
    } finally {
      button.disabled = false;
    }
  }
}
