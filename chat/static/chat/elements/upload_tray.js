/**
 * The row of cards above the composer's field: the files of the draft. It is one stop of Tab; the arrow keys go from card
 * to card, Delete removes a file, Alt with an arrow key moves it. A mouse or a finger drags it (card_drag.js).
 */

import { closest, find, findAll, findOptional, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { phrase } from "../phrases.js";
import { uploadErrorText } from "../uploads/tab_uploads.js";
import { announce } from "./announcer.js";
import { CardDrag } from "./card_drag.js";
import { askFileDetails } from "./upload_dialog.js";
import { drawUploadCard, makeUploadCard } from "./upload_card.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { ChosenFile } from "../uploads/uploads.js"
 *
 * @typedef {object} TrayEvents
 * @property {[]} change the person changed the files
 * @property {[]} empty the person removed the last file, whose card had the focus
 */

/** @extends {Emitter<TrayEvents>} */
export class UploadTray extends Emitter {
  #list;
  #context;
  /** @type {ChosenFile[]} */
  #files = [];

  /** @param {HTMLElement} root of the room @param {RoomContext} context */
  constructor(root, context) {
    super();
    this.#context = context;
    this.#list = find(root, ".upload-tray");
    const { signal, uploads } = context;
    uploads.on("change", (id) => this.#drawOne(id), { signal });
    uploads.on("uploaded", (id) => this.#tell(id), { signal });
    uploads.on("failed", (id) => this.#tell(id), { signal });
    uploads.on("unkept", (id) => this.#warn(id), { signal });
    const drag = new CardDrag(this.#list, signal);
    drag.on("move", ({ card, place }) => this.#moveTo(this.#fileOf(card.dataset.file), place));
    drag.on("dropped", (card) => this.#tellPlace(this.#fileOf(card.dataset.file)));
    this.#list.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.#list.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.#list.addEventListener("focusin", (event) => this.#setTabStop(closest(event, ".upload-open")), { signal });
  }

  /** The files of the draft, in the order in which they will be shown. @returns {ChosenFile[]} */
  get files() {
    return this.#files;
  }

  set files(files) {
    const { room, uploads } = this.#context;
    this.#files = files;
    uploads.resume(room, files);
    this.#draw();
  }

  /** @returns {ChosenFile | undefined} the first file whose upload failed */
  get failed() {
    return this.#files.find(({ id }) => this.#context.uploads.state(id)?.phase === "failed");
  }

  /** Upload these files, and add them to the draft. @param {readonly File[]} added */
  add(added) {
    const { room, uploads } = this.#context;
    this.#change([...this.#files, ...added.map((file) => uploads.add(room, file))]);
    this.#list.lastElementChild?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {string} id */
  focus(id) {
    const card = this.#cardOf(id);
    if (card) find(card, ".upload-open").focus();
  }

  /** @param {ChosenFile[]} files */
  #change(files) {
    this.#files = files;
    this.#draw();
    this.emit("change");
  }

  #draw() {
    const { uploads } = this.#context;
    const known = new Map(this.#cards.map((card) => [card.dataset.file, card]));
    const cards = this.#files.map((file) => {
      const card = known.get(file.id);
      if (card) drawUploadCard(card, file, uploads);
      return card ?? makeUploadCard(file, uploads);
    });
    // A card that stays in its place keeps the focus.
    for (const card of known.values()) if (!cards.includes(card)) card.remove();
    for (const [index, card] of cards.entries()) {
      const there = this.#list.children[index] ?? null;
      if (there !== card) this.#list.insertBefore(card, there);
    }
    show(this.#list, cards.length > 0);
    this.#setTabStop(findOptional(this.#list, '.upload-open[tabindex="0"]') ?? findOptional(this.#list, ".upload-open"));
  }

  get #cards() {
    return findAll(this.#list, ".upload-card");
  }

  /** @param {string | undefined} id */
  #cardOf(id) {
    return this.#cards.find((card) => card.dataset.file === id);
  }

  /** @param {string | undefined} id */
  #fileOf(id) {
    return this.#files.find((file) => file.id === id);
  }

  /** @param {string} id */
  #drawOne(id) {
    const [card, file] = [this.#cardOf(id), this.#fileOf(id)];
    if (card && file) drawUploadCard(card, file, this.#context.uploads);
  }

  /** Tell people who use a screen reader that an upload ended. @param {string} id */
  #tell(id) {
    const file = this.#fileOf(id);
    if (!file) return;
    const error = this.#context.uploads.state(id)?.error;
    if (error) this.#cardOf(id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { name } = file;
    announce(error ? phrase("file_not_uploaded", { name, reason: uploadErrorText(error) }) : phrase("file_uploaded", { name }));
  }

  /** Say that the browser has no room for a file. @param {string} id */
  #warn(id) {
    const file = this.#fileOf(id);
    if (file) this.#context.notice.show(phrase("file_unkept", { name: file.name }));
  }

  /** @param {HTMLElement | null} wanted */
  #setTabStop(wanted) {
    if (!wanted) return;
    for (const button of findAll(this.#list, ".upload-open")) button.tabIndex = button === wanted ? 0 : -1;
  }

  /** @param {Event} event */
  #clicked(event) {
    const file = this.#fileOf(closest(event, ".upload-card")?.dataset.file);
    if (!file) return;
    if (closest(event, "[data-remove]")) this.#remove(file);
    else if (closest(event, "[data-retry]")) this.#context.uploads.retry([file]);
    else if (closest(event, ".upload-open")) void this.#askDetails(file);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const file = this.#fileOf(closest(event, ".upload-open")?.closest("li")?.dataset.file);
    if (!file || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const isRightToLeft = getComputedStyle(this.#list).direction === "rtl";
    const step = { ArrowLeft: isRightToLeft ? 1 : -1, ArrowRight: isRightToLeft ? -1 : 1 }[event.key];
    if (step) {
      if (event.altKey) this.#move(file, step);
      else this.focus(this.#files[this.#files.indexOf(file) + step]?.id ?? file.id);
    } else if (event.key === "Delete" || event.key === "Backspace") this.#remove(file);
    else return;
    event.preventDefault();
  }

  /** @param {ChosenFile} file */
  #remove(file) {
    const index = this.#files.indexOf(file);
    const hadFocus = this.#list.contains(document.activeElement);
    this.#change(this.#files.filter((each) => each !== file));
    void this.#context.uploads.cancel([file]);
    announce(phrase("file_removed", { name: file.name }));
    const next = this.#files[Math.min(index, this.#files.length - 1)];
    if (hadFocus && next) this.focus(next.id);
    else if (!next) this.emit("empty");
  }

  /** @param {ChosenFile} file @param {number} step */
  #move(file, step) {
    const to = this.#files.indexOf(file) + step;
    if (to < 0 || to >= this.#files.length) return;
    this.#moveTo(file, to);
    this.focus(file.id);
    this.#tellPlace(file);
  }

  /** @param {ChosenFile | undefined} file @param {number} place */
  #moveTo(file, place) {
    if (file) this.#change(this.#files.filter((each) => each !== file).toSpliced(place, 0, file));
  }

  /** @param {ChosenFile | undefined} file */
  #tellPlace(file) {
    if (!file) return;
    const place = this.#files.indexOf(file) + 1;
    announce(phrase("file_moved", { name: file.name, place, count: this.#files.length }));
  }

  /** @param {ChosenFile} file */
  async #askDetails(file) {
    const { signal, store, uploads } = this.#context;
    const limit = store.limits.files.alt;
    const answer = await askFileDetails(file, { uploads, limit, index: this.#files.indexOf(file), count: this.#files.length }, signal);
    const current = this.#fileOf(file.id);
    if (!answer || !current) return;
    if (answer.action === "remove") return this.#remove(current);
    const changed = { ...current, alt: answer.alt, spoiler: answer.spoiler };
    this.#change(this.#files.map((each) => (each === current ? changed : each)));
    if (answer.action === "earlier") this.#move(changed, -1);
    else if (answer.action === "later") this.#move(changed, 1);
    this.focus(changed.id);
  }
}
