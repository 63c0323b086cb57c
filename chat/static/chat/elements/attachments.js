/**
 * Draws the files of a message: pictures in a grid, then videos, sounds, texts and other files in their order. Files
 * that are not ready have a line that says so, or the empty box of a picture.
 */

import { wideOf } from "../files/box.js";
import { isComingPicture, isPicture, kindOf } from "../files/kinds.js";
import { Reloads } from "../files/reloads.js";
import { Excerpts } from "./attachment_excerpt.js";
import { makeComingPicture, makePicture } from "./attachment_picture.js";
import { makePlayer } from "./attachment_player.js";
import { makeRow } from "./attachment_row.js";
import { drawQuotePicture } from "./quote_picture.js";

/**
 * @import { Connection } from "../socket.js"
 * @import { Addresses, Attachment } from "../wire.d.ts"
 */

export class Attachments {
  #urls;
  #reloads;
  #excerpts;
  /** @type {WeakMap<Element, string>} what each list shows */
  #drawn = new WeakMap();
  /** @type {WeakMap<Element, Map<number, {content: string, element: HTMLElement}>>} by list and file */
  #elements = new WeakMap();

  /** @param {Addresses} urls @param {Pick<Connection, "on">} connection @param {AbortSignal} signal */
  constructor(urls, connection, signal) {
    this.#urls = urls;
    this.#reloads = new Reloads(connection, signal);
    this.#excerpts = new Excerpts(urls, this.#reloads, signal);
  }

  /** @param {HTMLElement} list `.attachments` of a message @param {Attachment[]} files */
  draw(list, files) {
    // A reaction does not change the files: a video goes on playing.
    const content = JSON.stringify(files);
    if (this.#drawn.get(list) === content) return;
    this.#drawn.set(list, content);
    const known = this.#elements.get(list) ?? new Map();
    /** @type {Map<number, {content: string, element: HTMLElement}>} */
    const made = new Map();
    for (const file of files) {
      const entry = { content: JSON.stringify(file), element: list };
      const before = known.get(file.id);
      entry.element = before?.content === entry.content ? before.element : this.#make(file);
      made.set(file.id, entry);
    }
    this.#elements.set(list, made);
    const pictures = files.filter(hasBox);
    const elementOf = (/** @type {Attachment} */ { id }) => /** @type {HTMLElement} */ (made.get(id)?.element);
    const others = files.filter((file) => !hasBox(file)).map(elementOf);
    list.replaceChildren(...(pictures.length ? [grid(pictures.map(elementOf))] : []), ...others);
  }

  /** @param {HTMLElement} line of a quote @param {Attachment | null} file the first one of the quoted message */
  drawQuoted(line, file) {
    drawQuotePicture(line, this.#urls, file);
  }

  /** @param {Attachment} file @returns {HTMLElement} */
  #make(file) {
    if (isComingPicture(file)) return makeComingPicture(file);
    if (file.state !== "ready") return makeRow(this.#urls, file);
    if (isPicture(file)) return makePicture(this.#urls, file, this.#reloads);
    const kind = kindOf(file);
    if (kind === "video" || kind === "audio") return makePlayer(this.#urls, file, this.#reloads);
    if (file.thumbs.includes("excerpt")) return this.#excerpts.make(file);
    return makeRow(this.#urls, file);
  }
}

/** A picture that is still examined has its place among the others already. @param {Attachment} file */
function hasBox(file) {
  return isPicture(file) || isComingPicture(file);
}

/** @param {HTMLElement[]} pictures */
function grid(pictures) {
  const element = document.createElement("div");
  element.className = "file-pictures";
  element.classList.toggle("several", pictures.length > 1);
  const wide = wideOf(pictures.length);
  for (const [index, picture] of pictures.entries()) picture.classList.toggle("wide", index < wide);
  element.append(...pictures);
  return element;
}
