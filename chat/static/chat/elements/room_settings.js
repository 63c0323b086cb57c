/** What owners and moderators change in a room's panel: the topic, the settings, archiving. The server says what. */

import { find, findAll, setText, show } from "../dom.js";
import { command } from "../protocol.js";
import { isComposing } from "../shortcuts.js";
import { submit } from "./form_errors.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { AboutReply, ChangeRoomCommand, RoomState } from "../wire.d.ts"
 */

/** The fields of the form of the settings. */
const FIELDS = /** @type {const} */ ([
  "name",
  "kind",
  "guests",
  "slow_mode_s",
  "who_posts",
  "who_invites",
  "who_pins",
  "who_mentions_all",
]);

export class RoomSettings {
  #root;
  #context;
  #topic;
  #form;
  /** The fields that the reader has changed and not saved. @type {Set<string>} */
  #touched = new Set();
  /** @type {string | null} the selector of a button that gets the focus as soon as it is shown */
  #wantsFocus = null;

  /** @param {HTMLElement} root of the panel @param {RoomContext} context its signal ends with the panel */
  constructor(root, context) {
    const { signal } = context;
    this.#root = root;
    this.#context = context;
    this.#topic = find(root, ".topic-form", HTMLFormElement);
    this.#form = find(root, ".settings-form", HTMLFormElement);
    find(root, ".edit-topic").addEventListener("click", () => this.#editTopic(true), { signal });
    find(this.#topic, "[data-cancel]").addEventListener("click", () => this.#editTopic(false), { signal });
    this.#topic.addEventListener("keydown", (event) => this.#keyPressed(event), { signal });
    this.#topic.addEventListener("submit", (event) => void this.#saveTopic(event), { signal });
    this.#form.addEventListener("input", ({ target }) => this.#changed(target), { signal });
    this.#form.addEventListener("submit", (event) => void this.#save(event), { signal });
    find(root, "[data-archive]").addEventListener("click", () => void this.#archive(true), { signal });
    find(root, "[data-restore]").addEventListener("click", () => void this.#archive(false), { signal });
  }

  /** @param {RoomState} state @param {AboutReply} about */
  draw(state, { may, kinds }) {
    const allowed = new Set(may);
    this.#drawTopic(state, allowed.has("topic"));
    for (const part of findAll(this.#form, "[data-setting]")) show(part, allowed.has(part.dataset.setting ?? ""));
    // The topic has its own form, and archiving its button.
    show(find(this.#root, ".settings"), FIELDS.some((name) => allowed.has(name)));
    for (const option of findAll(this.#form, "[name=kind] option", HTMLOptionElement)) {
      show(option, kinds.includes(option.value));
    }
    this.#fill(state);
    show(find(this.#root, "[data-archive]"), allowed.has("archived") && !state.archived);
    show(find(this.#root, "[data-restore]"), allowed.has("archived") && state.archived);
    this.#followArchiving();
  }

  /** @param {RoomState} state @param {boolean} mayEdit */
  #drawTopic({ topic }, mayEdit) {
    setText(find(this.#root, ".topic-text"), topic);
    show(find(this.#root, ".topic-text"), topic !== "");
    show(find(this.#root, ".no-topic"), topic === "" && mayEdit);
    show(find(this.#root, ".edit-topic"), mayEdit);
    show(find(this.#root, ".topic-shown"), this.#topic.hidden && (topic !== "" || mayEdit));
  }

  /** Fields that the reader is changing stay as they are. @param {RoomState} state */
  #fill(state) {
    for (const name of FIELDS) {
      const value = String(state[name]);
      const field = this.#field(name);
      if (!this.#touched.has(name) && field.value !== value) setValue(field, value);
    }
    show(find(this.#form, "[data-setting=guests]"), this.#isOffered("guests") && this.#field("kind").value === "public");
  }

  /** @param {string} name */
  #isOffered(name) {
    return !find(this.#form, `[data-setting="${name}"]`).hidden;
  }

  /** @param {string} name @returns {HTMLInputElement | HTMLSelectElement} */
  #field(name) {
    return /** @type {HTMLInputElement | HTMLSelectElement} */ (this.#form.elements.namedItem(name));
  }

  /** @param {EventTarget | null} target */
  #changed(target) {
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) this.#touched.add(target.name);
    setText(find(this.#form, ".form-done"), "");
  }

  /** @param {boolean} isOpen */
  #editTopic(isOpen) {
    const field = find(this.#topic, "textarea", HTMLTextAreaElement);
    const { room, store } = this.#context;
    if (isOpen) field.value = store.rooms.get(room)?.topic ?? "";
    show(this.#topic, isOpen);
    show(find(this.#root, ".topic-shown"), !isOpen);
    if (isOpen) field.focus();
    else find(this.#root, ".edit-topic").focus();
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    if (isComposing(event)) return;
    if (event.key === "Enter") this.#topic.requestSubmit();
    else if (event.key === "Escape") this.#editTopic(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {SubmitEvent} event */
  async #saveTopic(event) {
    event.preventDefault();
    const topic = find(this.#topic, "textarea", HTMLTextAreaElement).value;
    if (await submit(this.#topic, () => this.#change({ topic }))) this.#editTopic(false);
  }

  /** @param {SubmitEvent} event */
  async #save(event) {
    event.preventDefault();
    /** @type {Record<string, string | number>} */
    const fields = {};
    for (const name of this.#touched) {
      const { value } = this.#field(name);
      fields[name] = name === "slow_mode_s" ? Number(value) : value;
    }
    // A private room is closed to guests.
    if (fields.kind === "private") delete fields.guests;
    if (Object.keys(fields).length === 0) return;
    if (!(await submit(this.#form, () => this.#change(fields)))) return;
    this.#touched.clear();
    setText(find(this.#form, ".form-done"), find(this.#form, ".form-done").dataset.text ?? "");
  }

  /** @param {boolean} archived */
  async #archive(archived) {
    const part = find(this.#root, ".panel-end");
    if (!(await submit(part, () => this.#change({ archived })))) return;
    this.#wantsFocus = archived ? "[data-restore]" : "[data-archive]";
    this.#followArchiving();
  }

  /** The button that was pressed goes, and the focus to the one that takes its place, which may be drawn later. */
  #followArchiving() {
    const button = this.#wantsFocus ? find(this.#root, this.#wantsFocus) : null;
    if (!button || button.hidden) return;
    this.#wantsFocus = null;
    button.focus();
  }

  /** @param {Omit<ChangeRoomCommand, "type" | "room">} fields */
  #change(fields) {
    const { connection, room } = this.#context;
    return connection.request(command.changeRoom(room, fields));
  }
}

/** @param {HTMLInputElement | HTMLSelectElement} field @param {string} value */
function setValue(field, value) {
  if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value)) {
    // A value of the admin, which the list does not have: seconds of slow mode, for example.
    field.add(new Option(value, value));
  }
  field.value = value;
}
