/**
 * The viewer, `#viewer`: one picture of a room over the page, with those before and after it. One for the tab.
 *
 * Keys: Left and Right, + and −, 0 for the whole picture, Escape. A finger swipes to the next picture, or down to close;
 * two fingers zoom. The mouse's wheel zooms, a double click too, and a drag moves what is larger than the screen.
 */

import { byId, closest, find, setText, show } from "../dom.js";
import { downloadUrl, fileUrl, madeUrl } from "../files/addresses.js";
import { isAnimated, sizeText } from "../files/kinds.js";
import { Zoom } from "../files/zoom.js";
import { phrase } from "../phrases.js";
import { ViewerGestures } from "./viewer_gestures.js";

/**
 * @import { Addresses, Attachment } from "../wire.d.ts"
 *
 * @typedef {object} Shown one picture that the viewer can show
 * @property {Attachment} file
 * @property {number} message its id
 * @property {string} facts who sent it, and when
 *
 * @typedef {object} Opening
 * @property {Shown[]} pictures in the order of the room
 * @property {number} at the index of the first one to show
 * @property {(message: number) => void} goTo shows a message in the room
 */

const STEPS = new Map([
  ["ArrowLeft", -1],
  ["ArrowRight", 1],
]);
const KEY_ZOOM = 1.5;

// A page that was reloaded while the viewer was open has its entry in the history, and no viewer.
if (history.state?.viewer) history.replaceState({ ...history.state, viewer: false }, "");

class Viewer {
  #dialog = byId("viewer", HTMLDialogElement);
  #stage = find(this.#dialog, ".viewer-stage");
  #image = find(this.#dialog, ".viewer-picture", HTMLImageElement);
  #zoom = new Zoom();
  #urls;
  #isGoingBack = false;
  /** @type {Opening} */
  #opening = { pictures: [], at: 0, goTo: () => {} };

  /** @param {Addresses} urls */
  constructor(urls) {
    this.#urls = urls;
    const dialog = this.#dialog;
    dialog.addEventListener("click", (event) => this.#clicked(event));
    dialog.addEventListener("keydown", (event) => this.#keyPressed(event));
    dialog.addEventListener("close", () => this.#closed());
    this.#image.addEventListener("load", () => dialog.classList.remove("loading"));
    this.#image.addEventListener("error", () => this.#failed());
    window.addEventListener("resize", () => dialog.open && this.#fit());
    const gestures = new ViewerGestures(this.#stage, this.#zoom);
    gestures.on("change", () => this.#drawZoom());
    gestures.on("step", (by) => this.#step(by));
    gestures.on("close", () => dialog.close());
  }

  /** @param {Opening} opening */
  open(opening) {
    this.#opening = opening;
    // With an entry of its own in the history, the way back closes the viewer and stays in the room.
    if (!this.#dialog.open) {
      history.pushState({ ...history.state, viewer: true }, "");
      this.#dialog.showModal();
    }
    this.#draw();
  }

  get #shown() {
    return this.#opening.pictures[this.#opening.at];
  }

  #draw() {
    const shown = this.#shown;
    if (!shown) return this.#dialog.close();
    const { pictures, at } = this.#opening;
    const { file } = shown;
    setText(find(this.#dialog, ".viewer-name"), file.name);
    setText(find(this.#dialog, ".viewer-facts"), [shown.facts, sizeText(file.size)].filter(Boolean).join(" · "));
    const count = pictures.length > 1 ? phrase("viewer_count", { number: at + 1, count: pictures.length }) : "";
    setText(find(this.#dialog, ".viewer-count"), count);
    setText(find(this.#dialog, ".viewer-alt"), file.alt);
    show(find(this.#dialog, ".viewer-alt"), Boolean(file.alt));
    find(this.#dialog, "[data-save]", HTMLAnchorElement).href = downloadUrl(this.#urls, file);
    show(find(this.#dialog, ".previous"), at > 0);
    show(find(this.#dialog, ".next"), at < pictures.length - 1);
    this.#dialog.classList.add("loading");
    this.#dialog.classList.remove("missing");
    this.#image.alt = file.alt || file.name;
    this.#image.width = file.width ?? 0;
    this.#image.height = file.height ?? 0;
    this.#image.src = this.#sourceFor(file);
    this.#fit();
    this.#preload(pictures[at + 1]?.file);
  }

  /** The large thumbnail, or the picture itself if that is small or moves. @param {Attachment} file */
  #sourceFor(file) {
    const isSmall = !file.thumbs.includes("thumb-1080") || Math.max(file.width ?? 0, file.height ?? 0) <= 1080;
    return isSmall || isAnimated(file) ? fileUrl(this.#urls, file) : madeUrl(this.#urls, file, "thumb-1080.webp");
  }

  /** @param {Attachment | undefined} file */
  #preload(file) {
    if (file && !isAnimated(file)) new Image().src = this.#sourceFor(file);
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#stage;
    const file = this.#shown?.file;
    this.#zoom.fit({ width: file?.width ?? 1, height: file?.height ?? 1 }, { width: clientWidth, height: clientHeight });
    this.#drawZoom();
  }

  #drawZoom() {
    const { style } = this.#image;
    const { width, height, x, y, scale } = this.#zoom;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.#dialog.classList.toggle("zoomed", this.#zoom.isZoomed);
    find(this.#dialog, '[data-zoom="out"]', HTMLButtonElement).disabled = !this.#zoom.isZoomed;
    find(this.#dialog, '[data-zoom="in"]', HTMLButtonElement).disabled = this.#zoom.isAtEnd;
    // Larger than its thumbnail: show the picture itself.
    const file = this.#shown?.file;
    if (!file || !this.#zoom.isZoomed) return;
    const original = new URL(fileUrl(this.#urls, file), location.href).href;
    if (this.#image.src !== original) this.#image.src = original;
  }

  /** @param {number} by */
  #step(by) {
    const next = this.#opening.at + by;
    if (!this.#opening.pictures[next]) return this.#drawZoom();
    this.#opening = { ...this.#opening, at: next };
    this.#draw();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const step = closest(event, "[data-step]")?.dataset.step;
    const zoom = closest(event, "[data-zoom]")?.dataset.zoom;
    if (step) return this.#step(Number(step));
    if (zoom) {
      this.#zoom.by(zoom === "in" ? KEY_ZOOM : 1 / KEY_ZOOM);
      return this.#drawZoom();
    }
    if (closest(event, "[data-close]")) return this.#dialog.close();
    if (!closest(event, "[data-show-in-room]") || !this.#shown) return;
    const { message } = this.#shown;
    // A step back would lead to the former place.
    history.replaceState({ ...history.state, viewer: false }, "");
    this.#dialog.close();
    this.#opening.goTo(message);
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = STEPS.get(event.key);
    if (step !== undefined) this.#step(document.dir === "rtl" ? -step : step);
    else if (event.key === "+" || event.key === "=") this.#zoom.by(KEY_ZOOM);
    else if (event.key === "-" || event.key === "−") this.#zoom.by(1 / KEY_ZOOM);
    else if (event.key === "0") this.#zoom.reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.#drawZoom();
  }

  #failed() {
    this.#dialog.classList.remove("loading");
    this.#dialog.classList.add("missing");
  }

  #closed() {
    this.#image.removeAttribute("src");
    if (!history.state?.viewer) return;
    this.#isGoingBack = true;
    history.back();
  }

  /** The step back that closes the viewer, or follows its end, leaves the room as it is. @param {PopStateEvent} event */
  returned(event) {
    const isMine = this.#isGoingBack || this.#dialog.open;
    this.#isGoingBack = false;
    if (!isMine || history.state?.viewer) return;
    event.stopImmediatePropagation();
    if (this.#dialog.open) this.#dialog.close();
  }
}

/** @type {Viewer | null} */
let viewer = null;
// When this module is loaded, so before navigation.js listens: it would show the room from its first unread message.
window.addEventListener("popstate", (event) => viewer?.returned(event));

/** Open the tab's viewer. @param {Addresses} urls @param {Opening} opening */
export function openViewer(urls, opening) {
  viewer ??= new Viewer(urls);
  viewer.open(opening);
}
