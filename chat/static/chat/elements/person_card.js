/**
 * The card of a person: the dialog `#person-card`. It opens at a click on a name, a picture or a mention, which have the
 * person's id in `data-person`. What the page knows is shown at once, the rest when the server has answered.
 */

import { timeIn } from "../dates.js";
import { closest, drawAvatar, find, findOptional, setText, show } from "../dom.js";
import { isModerator } from "../permissions.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { personKey } from "../senders.js";
import { askMute, askReport, isMutedIn } from "./report_dialog.js";

/**
 * @import { Shell } from "../shell.js"
 * @import { Person, ProfileReply } from "../wire.d.ts"
 */

const MARGIN_PX = 8;
/** Names and pictures that open a card; `data-person` alone may mean something else. */
const OPENERS = ":is(.author, .avatar, .mention, .person-name)[data-person]";
/** Phrases with the names of the roles that a card shows. */
const ROLES = new Map([["owner", "role_owner"], ["moderator", "role_moderator"], ["reader", "role_reader"]]);

export class PersonCard {
  #dialog;
  #shell;
  #openDirect;
  /** @type {number | null} the id of the person who is shown */
  #shown = null;
  /** @type {ProfileReply | null} */
  #profile = null;
  /** The latest request: answers of earlier ones are ignored. */
  #asked = 0;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {Shell} shell
   * @param {(person: number) => Promise<void>} openDirect opens the direct room with this person
   */
  constructor(dialog, shell, openDirect) {
    this.#dialog = dialog;
    this.#shell = shell;
    this.#openDirect = openDirect;
    document.addEventListener("click", (event) => this.#opened(event));
    document.addEventListener("keydown", (event) => event.key === "Enter" && this.#opened(event));
    dialog.addEventListener("click", (event) => this.#clicked(event));
    dialog.addEventListener("close", () => (this.#shown = null));
    shell.tab.store.on("people", ({ ids }) => this.#changed(ids));
  }

  /** @param {MouseEvent | KeyboardEvent} event */
  #opened(event) {
    const opener = closest(event, OPENERS);
    const id = Number(opener?.dataset.person);
    // A click with the keyboard on a button comes as a click, too.
    if (!opener || !id || (event.type === "keydown" && opener instanceof HTMLButtonElement)) return;
    event.preventDefault();
    void this.#open(id, opener);
  }

  /** @param {number} id @param {HTMLElement} opener */
  async #open(id, opener) {
    const { notice, store } = this.#shell.tab;
    this.#shown = id;
    this.#profile = null;
    if (store.people.get(id)) this.#show(opener);
    try {
      if (await this.#ask(id)) this.#show(opener);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (!this.#dialog.open) notice.showError(error);
    }
  }

  /** @param {number} id @returns {Promise<boolean>} whether the answer is of use: the card may show somebody else now */
  async #ask(id) {
    const { room, tab } = this.#shell;
    const asked = (this.#asked += 1);
    const profile = await tab.connection.request(command.profile(id, room));
    const isWanted = this.#shown === id && asked === this.#asked;
    // First: the news of this person is no reason to ask again.
    if (isWanted) this.#profile = profile;
    tab.store.people.learn([profile.person]);
    return isWanted;
  }

  /** Title and time zone are in no event: they are asked for again. @param {Set<number>} ids */
  #changed(ids) {
    const person = this.#person;
    if (!person || !ids.has(person.id) || !this.#dialog.open) return;
    this.#draw();
    // The end of a status, which changes no version, is known without the server.
    if (person.version !== this.#profile?.person.version) void this.#refresh(person.id);
  }

  /** @param {number} id */
  async #refresh(id) {
    try {
      if (await this.#ask(id)) this.#draw();
    } catch (error) {
      // What is shown stays: it was right until now.
      if (!(error instanceof CommandError)) throw error;
    }
  }

  /** @param {HTMLElement} opener */
  #show(opener) {
    this.#draw();
    if (!this.#dialog.open) this.#dialog.showModal();
    const place = opener.getBoundingClientRect();
    const { height, width } = this.#dialog.getBoundingClientRect();
    const top = Math.min(place.bottom + MARGIN_PX, innerHeight - height - MARGIN_PX);
    const left = Math.min(place.left, innerWidth - width - MARGIN_PX);
    // On a phone the style sheet puts the card at the lower end instead.
    this.#dialog.style.setProperty("--card-top", `${Math.max(MARGIN_PX, top)}px`);
    this.#dialog.style.setProperty("--card-left", `${Math.max(MARGIN_PX, left)}px`);
  }

  get #person() {
    return this.#shown === null ? undefined : this.#shell.tab.store.people.get(this.#shown);
  }

  #draw() {
    const person = this.#person;
    if (!person) return;
    const { people, you } = this.#shell.tab.store;
    const sender = { user: person, guest: null };
    const dialog = this.#dialog;
    drawAvatar(find(dialog, ".avatar"), { key: personKey(sender), name: person.name, picture: person.avatar });
    setText(find(dialog, ".card-name"), person.name);
    setText(find(dialog, ".card-handle"), `@${person.handle}`);
    show(find(dialog, "[data-bot]"), person.bot);
    const status = people.statusOf(sender);
    const line = find(dialog, ".card-status");
    show(line, status !== null);
    setText(line, status ? [status.emoji, status.text].filter(Boolean).join(" ") : "");
    this.#drawProfile();
    const admin = findOptional(dialog, "[data-admin]", HTMLAnchorElement);
    // Staff have this link. Its template names nobody: the person with the id 0.
    if (admin) admin.href = admin.href.replace(/\d+\/$/, `${person.id}/`);
    const isMe = person.id === you.user?.id;
    show(find(dialog, "[data-edit]"), isMe);
    const isClosed = Boolean(this.#profile?.closed);
    const { bans } = this.#shell.tab;
    const ban = find(dialog, "[data-ban]", HTMLAnchorElement);
    show(ban, bans !== null && !isMe && this.#profile !== null && !isClosed);
    if (bans) ban.href = `${bans.person}?${new URLSearchParams({ person: person.handle })}`;
    show(find(dialog, "[data-closed]"), isClosed);
    show(find(dialog, "[data-message]"), you.user !== null && !isClosed);
    show(find(dialog, "[data-report-person]"), !isMe);
    const state = this.#shell.tab.store.rooms.get(this.#shell.room ?? "");
    const canMute = state !== undefined && state.kind !== "direct" && isModerator(state.role);
    show(find(dialog, "[data-mute-person]"), !isMe && canMute);
    setText(find(dialog, "[data-message] span"), phrase(isMe ? "card_notes" : "card_message"));
    show(find(dialog, "[data-mention]"), !isMe && !isClosed && this.#composer !== null);
  }

  #drawProfile() {
    const profile = this.#profile;
    const title = find(this.#dialog, ".card-title");
    show(title, Boolean(profile?.title));
    setText(title, profile?.title ?? "");
    const time = profile?.time_zone ? timeIn(profile.time_zone) : "";
    const clock = find(this.#dialog, ".card-time");
    show(clock, time !== "");
    setText(find(clock, "span"), phrase("card_time", { time }));
    clock.title = profile?.time_zone.replaceAll("_", " ") ?? "";
    const roles = [profile?.admin ? "role_admin" : undefined, ROLES.get(profile?.role ?? "")];
    const named = roles.flatMap((role) => (role ? [phrase(role)] : []));
    const tags = find(this.#dialog, ".card-roles");
    show(tags, named.length > 0);
    setText(tags, named.join(" · "));
  }

  /** The field of the room that is shown, if the person may write there. @returns {HTMLTextAreaElement | null} */
  get #composer() {
    /** @type {HTMLTextAreaElement | null} */
    const field = document.querySelector(".room .compose:not([hidden]) .compose-field");
    return field;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const person = this.#person;
    // The dialog has no padding: a click on itself is beside its content.
    if (event.target === this.#dialog || closest(event, "[data-close]")) return this.#dialog.close();
    if (person && closest(event, "[data-mention]")) this.#mention(person);
    if (person && closest(event, "[data-message]")) void this.#message(person);
    if (person && closest(event, "[data-report-person]")) void this.#report(person);
    if (person && closest(event, "[data-mute-person]")) void this.#mute(person);
  }

  /** @param {Person} person */
  async #report(person) {
    const { connection, notice } = this.#shell.tab;
    this.#dialog.close();
    const chosen = await askReport({ title: phrase("report_person", { name: person.name }) });
    if (!chosen) return;
    const asked = connection.request(command.report({ person: person.id }, chosen.reason, chosen.note));
    if (!(await notice.errorOf(asked))) notice.inform(phrase("reported"));
  }

  /** Keep a person from writing in the room that is shown. @param {Person} person */
  async #mute(person) {
    const { room, tab: { connection, notice } } = this.#shell;
    this.#dialog.close();
    if (room === undefined) return;
    const whom = { person: person.id };
    const chosen = await askMute(phrase("mute_title", { name: person.name }), isMutedIn(connection, room, whom));
    if (!chosen) return;
    const asked = connection.request(command.mutePerson(room, whom, chosen.minutes, chosen.reason));
    if (await notice.errorOf(asked)) return;
    notice.inform(phrase(chosen.minutes ? "person_muted" : "person_unmuted", { name: person.name }));
  }

  /** @param {Person} person */
  #mention({ handle }) {
    const field = this.#composer;
    this.#dialog.close();
    if (!field) return;
    const { selectionStart: at, value } = field;
    const before = at > 0 && !/\s/.test(value[at - 1] ?? "") ? " " : "";
    field.setRangeText(`${before}@${handle} `, at, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  /** @param {Person} person */
  #message({ id }) {
    this.#dialog.close();
    void this.#openDirect(id);
  }
}
