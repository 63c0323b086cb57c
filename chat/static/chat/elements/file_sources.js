/** How files come into the composer: chosen with a button, taken with the camera, pasted, dropped anywhere in the room. */

import { closest, find, findAll, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { TAKES_TEXT } from "./type_anywhere.js";

/**
 * @import { Zone } from "./composer_zone.js"
 *
 * @typedef {object} SourceEvents
 * @property {[File[]]} files
 * @property {[]} folder a folder was dropped, which cannot be sent
 */

/** @extends {Emitter<SourceEvents>} */
export class FileSources extends Emitter {
  #form;
  #overlay;
  #zone;

  /** @param {HTMLElement} root of the composer @param {Zone} zone has a `.drop-overlay` @param {AbortSignal} signal */
  constructor(root, zone, signal) {
    super();
    this.#zone = zone;
    this.#form = find(root, ".compose");
    this.#overlay = find(zone.element, ".drop-overlay");
    for (const button of findAll(this.#form, "[data-attach]", HTMLButtonElement)) this.#listenToButton(button, signal);
    document.addEventListener("paste", (event) => this.#pasted(event), { signal });
    // A file that is dropped beside the room must not replace the page.
    for (const name of /** @type {const} */ (["dragover", "drop"])) {
      window.addEventListener(name, (event) => hasFiles(event.dataTransfer) && event.preventDefault(), { signal });
    }
    window.addEventListener("dragover", (event) => this.#draggedOver(event), { signal });
    window.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && this.#show(false), { signal });
    window.addEventListener("drop", (event) => this.#dropped(event), { signal });
    signal.addEventListener("abort", () => this.#show(false));
  }

  /** @param {HTMLButtonElement} button @param {AbortSignal} signal */
  #listenToButton(button, signal) {
    const input = find(this.#form, `input[name="${button.dataset.attach}"]`, HTMLInputElement);
    button.addEventListener("click", () => input.click(), { signal });
    const chosen = () => {
      this.#emit([...(input.files ?? [])]);
      // The same file may be chosen again.
      input.value = "";
    };
    input.addEventListener("change", chosen, { signal });
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    const { clipboardData } = event;
    const files = [...(clipboardData?.files ?? [])];
    const isInOtherField = closest(event, TAKES_TEXT) !== null && !closest(event, ".compose-field");
    if (!files.length || !this.#zone.has(event) || isInOtherField || !this.#isOpen || isFormattedText(clipboardData)) return;
    event.preventDefault();
    this.#emit(files);
  }

  /** @param {DragEvent} event */
  #draggedOver(event) {
    if (!hasFiles(event.dataTransfer)) return;
    const isInside = this.#zone.element.contains(/** @type {Node} */ (event.target));
    const isOver = this.#isOpen && isInside && this.#zone.has(event);
    if (event.dataTransfer) event.dataTransfer.dropEffect = isOver ? "copy" : "none";
    this.#show(isOver);
  }

  /** @param {DragEvent} event */
  #dropped(event) {
    const isWanted = !this.#overlay.hidden;
    this.#show(false);
    if (!isWanted || !event.dataTransfer) return;
    const items = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
    // A folder looks like a file that cannot be read.
    const isFolder = items.map((item) => item.webkitGetAsEntry?.()?.isDirectory ?? false);
    const files = items.flatMap((item, index) => (isFolder[index] ? [] : (item.getAsFile() ?? [])));
    this.#emit(files);
    if (isFolder.includes(true)) this.emit("folder");
  }

  /** Whether the person may write here now. */
  get #isOpen() {
    return !this.#form.hidden;
  }

  /** @param {boolean} isShown */
  #show(isShown) {
    show(this.#overlay, isShown);
  }

  /** @param {File[]} files */
  #emit(files) {
    if (files.length) this.emit("files", files);
  }
}

/** @param {DataTransfer | null} data */
function hasFiles(data) {
  return Boolean(data?.types.includes("Files"));
}

/** Office programs copy formatted text also as a picture of it: the text is meant. @param {DataTransfer | null} data */
function isFormattedText(data) {
  const types = data?.types ?? [];
  return types.includes("text/plain") && (types.includes("text/html") || types.includes("text/rtf"));
}
