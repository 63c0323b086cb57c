/**
 * The panel about a room: topic, notifications, members, invitations, settings. Its button is the room's name. What it
 * offers is what the server says that the person may do (the answer to `about`).
 */

import { longDate } from "../dates.js";
import { find, findAll, findOptional, fromTemplate, setText, shortCount, show } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { personName } from "../senders.js";
import { roomName } from "../room_names.js";
import { Timer } from "../timer.js";
import { submit } from "./form_errors.js";
import { InviteLink } from "./invite_link.js";
import { leaveByDialog } from "./leave_dialog.js";
import { MemberList } from "./member_list.js";
import { PeoplePicker } from "./people_picker.js";
import { RoomSettings } from "./room_settings.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { AboutReply, RoomState } from "../wire.d.ts"
 * @import { Store } from "../store.js"
 * @import { SidePanel } from "./side_panel.js"
 */

const NAME = "room";
/** Several changes may come at the same moment. */
const ASK_AFTER_MS = 200;
const MAX_ADDED = 50;
/** Of a direct room. */
const MAX_PEOPLE = 9;
/** Phrases for the kinds of rooms, and for public rooms that are open to guests. */
const KINDS = new Map([
  ["public", "kind_public"],
  ["private", "kind_private"],
  ["direct", "kind_direct"],
]);
const GUESTS = new Map([
  ["read", "kind_guests_read"],
  ["write", "kind_guests_write"],
]);

/**
 * Let the buttons of a room open and close the panel about it.
 * @param {HTMLElement} root of the room
 * @param {RoomContext} context
 * @param {SidePanel} panel
 */
export function openRoomPanel(root, context, panel) {
  const { room, signal, store } = context;
  const buttons = findAll(root, "[data-open-panel]", HTMLButtonElement);
  /** @type {AbortController | null} */
  let ending = null;
  /** @param {boolean} isOpen */
  const mark = (isOpen) => {
    for (const button of buttons) button.setAttribute("aria-expanded", String(isOpen));
  };
  const open = () => {
    if (panel.shown === NAME) return panel.close();
    ending = new AbortController();
    const element = fromTemplate("room-panel-template");
    panel.open({ name: NAME, title: titleOf(store, room), element });
    new RoomPanel(element, { ...context, signal: ending.signal }, panel);
    mark(true);
  };
  for (const button of buttons) button.addEventListener("click", open, { signal });
  panel.on("close", (name) => {
    if (name !== NAME) return;
    ending?.abort();
    mark(false);
  });
}

class RoomPanel {
  #root;
  #context;
  #panel;
  #settings;
  #timer;
  /** @type {MemberList | null} guests do not see the members */
  #members = null;
  #picker;
  /** @type {AboutReply | null} */
  #about = null;
  /** What the answer to `about` depends on. */
  #basis = "";

  /** @param {HTMLElement} root @param {RoomContext} context @param {SidePanel} panel */
  constructor(root, context, panel) {
    const { connection, room, signal, store } = context;
    this.#root = root;
    this.#context = context;
    this.#panel = panel;
    this.#settings = new RoomSettings(root, context);
    this.#timer = new Timer(() => void this.#ask(), signal);
    const add = find(root, ".add-members", HTMLFormElement);
    const except = () => this.#members?.ids ?? [];
    this.#picker = new PeoplePicker(find(add, ".people-picker"), { connection, most: MAX_ADDED, except }, signal);
    this.#picker.on("change", () => (find(add, "[type=submit]", HTMLButtonElement).disabled = !this.#picker.people.length));
    find(root, "[data-add]").addEventListener("click", () => this.#toggleAdding(Boolean(add.hidden)), { signal });
    find(add, "[data-cancel]").addEventListener("click", () => this.#toggleAdding(false), { signal });
    add.addEventListener("submit", (event) => void this.#add(event), { signal });
    find(root, ".notify", HTMLSelectElement).addEventListener("change", () => void this.#setNotify(), { signal });
    find(root, "[data-new-message]").dataset.with = room;
    new InviteLink(find(root, ".invite-link"), connection, room, signal);
    leaveByDialog(root, context, () => this.#about);
    const admin = findOptional(root, ".admin-link", HTMLAnchorElement);
    // The admin has no pages of direct rooms.
    show(admin, this.#state?.kind !== "direct");
    if (admin) admin.href = admin.href.replace("__slug__", encodeURIComponent(room));
    if (store.you.user) this.#members = new MemberList(find(root, ".members-part"), context);
    else show(find(root, ".members-part"), false);
    store.on("rooms", nextFrame(() => this.#roomsChanged(), signal).ask, { signal });
    // The person may have chosen something on another device.
    store.on("added", (event) => event.room === room && this.#timer.start(ASK_AFTER_MS), { signal });
    store.on("members", (event) => event.room === room && this.#timer.start(ASK_AFTER_MS), { signal });
    store.on("presence", (event) => event.room === room && this.#drawGuests(), { signal });
    store.on("reports", (event) => event.room === room && this.#drawReports(event.open), { signal });
    connection.on("state", ({ name }) => name === "online" && this.#timer.start(ASK_AFTER_MS), { signal });
    this.#roomsChanged();
    this.#drawGuests();
  }

  get #state() {
    return this.#context.store.rooms.get(this.#context.room);
  }

  #roomsChanged() {
    const state = this.#state;
    // Perhaps the person has just left the room, and the page that says so is loading.
    if (!state) return this.#panel.close({ isLeaving: true });
    this.#draw();
    const { role, kind, guests, archived, changed_version } = state;
    const basis = [role, kind, guests, archived, changed_version].join();
    if (basis === this.#basis) return;
    this.#basis = basis;
    this.#timer.start(0);
  }

  async #ask() {
    const { connection, room, signal } = this.#context;
    try {
      this.#about = await connection.request(command.about(room));
    } catch (error) {
      // Without a connection it is asked for again later; a room that one may not see is removed.
      if (error instanceof CommandError) return;
      throw error;
    }
    if (!signal.aborted) this.#draw();
  }

  #draw() {
    const [state, about, root] = [this.#state, this.#about, this.#root];
    if (!state) return;
    this.#panel.setTitle(titleOf(this.#context.store, this.#context.room));
    root.dataset.kind = state.kind;
    setText(find(root, ".room-kind-text"), kindOf(state));
    if (!about) return;
    const { created_at, may, members, notify } = about;
    setText(find(root, ".room-created"), phrase("room_created", { day: longDate(new Date(created_at)) }));
    this.#settings.draw(state, about);
    show(find(root, ".panel-reports"), about.reports !== null);
    this.#drawReports(about.reports ?? 0);
    show(find(root, "[data-add]"), may.includes("add"));
    show(find(root, "[data-new-message]"), state.kind === "direct" && members > 1 && members < MAX_PEOPLE);
    show(find(root, ".invite-link"), may.includes("invite"));
    show(find(root, ".notify-part"), notify !== null);
    find(root, ".notify", HTMLSelectElement).value = notify ?? "";
    setText(find(root, ".member-count"), String(members));
    show(find(root, ".leave-link"), state.role !== null && state.kind !== "direct");
  }

  /** @param {number} open how many reports and held messages wait */
  #drawReports(open) {
    const count = find(this.#root, ".reports-count");
    setText(count, shortCount(open));
    show(count, open > 0);
  }

  /** Guests are not among the members: those who have the room open are in a list of their own. */
  #drawGuests() {
    const { room, store } = this.#context;
    const presence = store.presence(room);
    const guests = store.you.user ? presence.guests.map(personName) : presence.names;
    show(find(this.#root, ".here-part"), guests.length > 0);
    show(find(this.#root, ".here-guests"), Boolean(store.you.user));
    show(find(this.#root, ".here-people"), !store.you.user);
    const items = guests.map((name) => Object.assign(document.createElement("li"), { dir: "auto", textContent: name }));
    find(this.#root, ".here-names").replaceChildren(...items);
  }

  /** @param {boolean} isOpen */
  #toggleAdding(isOpen) {
    const add = find(this.#root, ".add-members");
    show(add, isOpen);
    find(this.#root, "[data-add]").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) return this.#picker.focus();
    this.#picker.clear();
    find(this.#root, "[data-add]").focus();
  }

  /** @param {SubmitEvent} event */
  async #add(event) {
    event.preventDefault();
    const { connection, room } = this.#context;
    const people = await this.#picker.settledPeople();
    if (!people.length) return;
    const add = find(this.#root, ".add-members");
    if (await submit(add, () => connection.request(command.addMembers(room, people)))) this.#toggleAdding(false);
  }

  async #setNotify() {
    const { connection, notice, room } = this.#context;
    const { value } = find(this.#root, ".notify", HTMLSelectElement);
    try {
      await connection.request(command.setNotify(room, value));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      notice.showError(error);
    }
    this.#timer.start(0);
  }
}

/** @param {Store} store @param {string} room a slug @returns {string} */
function titleOf(store, room) {
  const state = store.rooms.get(room);
  return state ? roomName(state, store.you) : "";
}

/** A room's kind in one sentence. @param {RoomState} state @returns {string} */
function kindOf({ archived, guests, kind }) {
  if (archived) return phrase("kind_archived");
  return phrase((kind === "public" && GUESTS.get(guests)) || KINDS.get(kind) || "kind_public");
}
