/** The members of a room in its panel: searched, a page at a time, with what one may change about each. */

import { closest, drawAvatar, find, findAll, fromTemplate, placeChildren, setText, show } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { Timer } from "../timer.js";
import { askRemove } from "./remove_dialog.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Command, Member } from "../wire.d.ts"
 */

const SEARCH_AFTER_MS = 150;
/** Several people may come at the same moment. */
const RELOAD_AFTER_MS = 300;
/** Below this many members nobody needs to search. */
const SEARCHED_FROM = 10;
/** Of more, only these are shown at first: what comes below the list must not be far away. */
const SHOWN_FIRST = 10;
/** Phrases for the roles that are shown: most people are plain members. */
const ROLES = new Map([
  ["owner", "role_owner"],
  ["moderator", "role_moderator"],
  ["reader", "role_reader"],
]);

export class MemberList {
  #root;
  #context;
  #list;
  #field;
  #more;
  #timer;
  #draw;
  /** @type {Member[]} */
  #members = [];
  #isMore = false;
  /** Whether the reader asked for more than the first ones. */
  #isWhole = false;
  /** The latest request: answers of earlier ones are ignored. */
  #asked = 0;

  /** @param {HTMLElement} root the part of the panel @param {RoomContext} context its signal ends with the panel */
  constructor(root, context) {
    const { connection, room, signal, store } = context;
    this.#root = root;
    this.#context = context;
    this.#list = find(root, ".members");
    this.#field = find(root, ".member-search", HTMLInputElement);
    this.#more = find(root, ".more-members", HTMLButtonElement);
    this.#timer = new Timer(() => void this.#load(this.#members.length), signal);
    this.#draw = nextFrame(() => this.#drawMembers(), signal);
    this.#field.addEventListener("input", () => this.#timer.start(SEARCH_AFTER_MS), { signal });
    this.#more.addEventListener("click", () => void this.#loadMore(), { signal });
    // The event does not bubble.
    this.#list.addEventListener("toggle", menuToggled, { capture: true, signal });
    this.#list.addEventListener("click", (event) => void this.#clicked(event), { signal });
    store.on("members", (event) => event.room === room && this.#timer.start(RELOAD_AFTER_MS), { signal });
    store.on("presence", (event) => event.room === room && this.#draw.ask(), { signal });
    store.on("people", this.#draw.ask, { signal });
    // Whether named people alone post in the room decides what the menus offer.
    store.on("rooms", this.#draw.ask, { signal });
    connection.on("state", ({ name }) => name === "online" && this.#timer.start(RELOAD_AFTER_MS), { signal });
    void this.#load(0);
  }

  /** The ids of those who are listed. */
  get ids() {
    return this.#members.map(({ person }) => person.id);
  }

  /** Load the first `count` members again, at least a page. @param {number} count */
  async #load(count) {
    const asked = (this.#asked += 1);
    /** @type {Member[]} */
    const members = [];
    let reply;
    do {
      reply = await this.#request(command.members(this.#context.room, this.#field.value.trim(), members.length));
      if (!reply || asked !== this.#asked) return;
      members.push(...reply.members);
    } while (reply.more && members.length < count);
    this.#take(members, reply.total, reply.more);
  }

  async #loadMore() {
    if (this.#isCut) {
      this.#isWhole = true;
      this.#drawMembers();
      return findAll(this.#list, "li")[SHOWN_FIRST]?.focus();
    }
    const asked = (this.#asked += 1);
    const first = this.#members.length;
    const reply = await this.#request(command.members(this.#context.room, this.#field.value.trim(), first));
    if (!reply || asked !== this.#asked) return;
    this.#take([...this.#members, ...reply.members], reply.total, reply.more);
    // The button may be gone.
    if (document.activeElement === document.body) findAll(this.#list, "li")[first]?.focus();
  }

  /** @param {Member[]} members @param {number} total @param {boolean} more */
  #take(members, total, more) {
    this.#members = members;
    this.#context.store.people.learn(members.map(({ person }) => person));
    this.#isMore = more;
    const isSearch = this.#isSearch;
    if (!isSearch) setText(find(this.#root, ".member-count"), String(total));
    show(this.#field, isSearch || total >= SEARCHED_FROM);
    show(find(this.#root, ".no-members"), total === 0);
    this.#drawMembers();
  }

  /** Whether only named people post in the room, beside owners and moderators. */
  get #isByName() {
    return this.#context.store.rooms.get(this.#context.room)?.who_posts === "named";
  }

  get #isSearch() {
    return this.#field.value.trim() !== "";
  }

  /** Whether only the first ones are shown. */
  get #isCut() {
    return !this.#isWhole && !this.#isSearch && this.#members.length > SHOWN_FIRST + 1;
  }

  #drawMembers() {
    show(this.#more, this.#isMore || this.#isCut);
    const here = this.#context.store.presence(this.#context.room);
    const former = new Map(findAll(this.#list, "li").map((item) => [item.dataset.id, item]));
    const shown = this.#isCut ? this.#members.slice(0, SHOWN_FIRST) : this.#members;
    const items = shown.map((member) => {
      const isHere = here.has(`u:${member.person.id}`) || (member.here && !here.hasAll);
      const item = former.get(String(member.person.id)) ?? fromTemplate("member-template");
      fill(item, { ...member, person: this.#context.store.people.get(member.person.id) ?? member.person }, isHere);
      fillNaming(item, member, this.#isByName);
      return item;
    });
    placeChildren(this.#list, items);
  }

  /** @param {MouseEvent} event */
  async #clicked(event) {
    const choice = closest(event, "button[data-role], button[data-remove], button[data-name-to-post]");
    const id = closest(event, "li")?.dataset.id;
    const member = this.#members.find(({ person }) => String(person.id) === id);
    if (!choice || !member) return;
    const { room, signal } = this.#context;
    const menu = /** @type {HTMLDetailsElement} */ (choice.closest("details"));
    menu.open = false;
    find(menu, "summary").focus();
    const { nameToPost, role } = choice.dataset;
    if (nameToPost !== undefined) await this.#request(command.nameToPost(room, member.person.id, nameToPost === "true"));
    else if (role !== undefined) await this.#request(command.setRole(room, member.person.id, role));
    else if (await askRemove(member.person.name, signal)) await this.#request(command.removeMember(room, member.person.id));
  }

  /**
   * @template {Command} Asked
   * @param {Asked} what
   * @returns {Promise<import("../wire.d.ts").Replies[Asked["type"]] | null>} null if it was refused
   */
  async #request(what) {
    const { connection, notice } = this.#context;
    try {
      return await connection.request(what);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // A lost connection asks again when it is back.
      if (error.code !== "lost") notice.showError(error);
      return null;
    }
  }
}

/**
 * Offers to name a member to post, and says who is named.
 * @param {HTMLElement} item
 * @param {Member} member
 * @param {boolean} isByName whether only named people post
 */
function fillNaming(item, { named_to_post, role, roles }, isByName) {
  const isAsked = isByName && role === "member";
  const tag = find(item, ".role-tag");
  if (isAsked && named_to_post) setText(tag, phrase("named_to_post"));
  for (const button of findAll(item, "[data-name-to-post]")) {
    show(button, isAsked && roles.length > 0 && button.dataset.nameToPost === String(!named_to_post));
  }
}

/** A menu at the lower end of the panel opens below it: scroll it into view. @param {Event} event */
function menuToggled({ target }) {
  if (!(target instanceof HTMLDetailsElement) || !target.open) return;
  find(target, ".menu-panel").scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} item @param {Member} member @param {boolean} isHere */
function fill(item, { person, role, roles, removable }, isHere) {
  item.dataset.id = String(person.id);
  const look = `${person.name} ${person.avatar}`;
  if (item.dataset.look !== look) {
    drawAvatar(find(item, ".avatar"), { key: `u:${person.id}`, name: person.name, picture: person.avatar });
    item.dataset.look = look;
  }
  setText(find(item, ".person-name"), person.name);
  for (const part of [find(item, ".avatar"), find(item, ".person-name")]) part.dataset.person = String(person.id);
  show(find(item, ".here"), isHere);
  item.classList.toggle("is-here", isHere);
  const tag = find(item, ".role-tag");
  const named = ROLES.get(role);
  setText(tag, named ? phrase(named) : "");
  const menu = find(item, "details");
  show(menu, roles.length > 0 || removable);
  setText(find(menu, "summary .visually-hidden"), phrase("manage_member", { name: person.name }));
  for (const button of findAll(menu, "[data-role]")) {
    show(button, roles.includes(button.dataset.role ?? ""));
    button.setAttribute("aria-pressed", String(button.dataset.role === role));
  }
  show(find(menu, "[data-remove]"), removable);
}
