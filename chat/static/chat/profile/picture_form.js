/**
 * The form for a picture: a person chooses a file, moves and zooms it by mouse, finger or keyboard, and sends the square.
 * A large photo becomes small before it is sent. Without this module the server takes the middle of the file.
 */

import { find, show } from "../dom.js";
import { Crop } from "./crop.js";

/** The side of the picture that is sent. The server makes a smaller one of it. */
const SIDE_PX = 512;
const STEP = 0.04;
const ZOOM_STEP = 1.1;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

export class PictureForm {
  #form;
  #input;
  #canvas;
  #zoom;
  /** @type {ImageBitmap | null} */
  #image = null;
  #crop = new Crop(1, 1);
  /** @type {{x: number, y: number} | null} */
  #pointer = null;
  #isReady = false;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#input = find(form, "input[type=file]", HTMLInputElement);
    this.#canvas = find(form, "canvas", HTMLCanvasElement);
    this.#canvas.width = this.#canvas.height = SIDE_PX;
    this.#zoom = find(form, "input[type=range]", HTMLInputElement);
    show(find(form, "[data-send]"), false);
    this.#input.addEventListener("change", () => void this.#choose());
    this.#zoom.addEventListener("input", () => this.#setZoom(Number(this.#zoom.value)));
    this.#canvas.addEventListener("keydown", (event) => this.#pressed(event));
    this.#canvas.addEventListener("pointerdown", (event) => this.#grab(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#drag(event));
    this.#canvas.addEventListener("pointerup", () => (this.#pointer = null));
    this.#canvas.addEventListener("pointercancel", () => (this.#pointer = null));
    this.#canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    form.addEventListener("submit", (event) => this.#submitted(event));
  }

  async #choose() {
    const [file] = this.#input.files ?? [];
    if (!file || this.#isReady) return;
    try {
      this.#image = await createImageBitmap(file);
    } catch {
      // No picture, or one that this browser does not know. It is not sent whole: a photo is too large for the server.
      this.#image = null;
    }
    const isReadable = this.#image !== null;
    show(find(this.#form, "[data-unreadable]"), !isReadable);
    show(find(this.#form, ".crop"), isReadable);
    show(find(this.#form, "[data-send]"), isReadable);
    if (!this.#image) return;
    this.#crop = new Crop(this.#image.width, this.#image.height);
    this.#zoom.value = "1";
    this.#draw();
    this.#canvas.focus();
  }

  /** @param {number} zoom */
  #setZoom(zoom) {
    this.#crop.setZoom(zoom);
    this.#zoom.value = String(this.#crop.zoom);
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const { key } = event;
    const [x, y] = ARROWS[key] ?? [0, 0];
    if (key === "+" || key === "=") this.#setZoom(this.#crop.zoom * ZOOM_STEP);
    else if (key === "-") this.#setZoom(this.#crop.zoom / ZOOM_STEP);
    else if (key in ARROWS) this.#move(x, y);
    else return;
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointer = { x: event.clientX, y: event.clientY };
  }

  /** @param {PointerEvent} event */
  #drag({ clientX, clientY }) {
    if (!this.#pointer) return;
    const { width } = this.#canvas.getBoundingClientRect();
    this.#move((this.#pointer.x - clientX) / width, (this.#pointer.y - clientY) / width);
    this.#pointer = { x: clientX, y: clientY };
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    this.#setZoom(event.deltaY < 0 ? this.#crop.zoom * ZOOM_STEP : this.#crop.zoom / ZOOM_STEP);
  }

  /** @param {number} x in sides of the square @param {number} y */
  #move(x, y) {
    this.#crop.move(x, y);
    this.#draw();
  }

  #draw() {
    const context = this.#canvas.getContext("2d");
    if (!context || !this.#image) return;
    const { corner, side } = this.#crop;
    context.clearRect(0, 0, SIDE_PX, SIDE_PX);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#image, corner.left, corner.top, side, side, 0, 0, SIDE_PX, SIDE_PX);
  }

  /** Put the square in the place of the file. @param {SubmitEvent} event */
  #submitted(event) {
    // The picture is removed without the chosen file, which may be too large for a request.
    if (event.submitter?.getAttribute("name") === "remove") this.#input.value = "";
    else if (this.#image && !this.#isReady) this.#send(event);
  }

  /** @param {SubmitEvent} event */
  #send(event) {
    event.preventDefault();
    /** @param {Blob | null} blob */
    const send = (blob) => {
      if (!blob) return;
      const files = new DataTransfer();
      files.items.add(new File([blob], "picture", { type: blob.type }));
      this.#isReady = true;
      this.#input.files = files.files;
      this.#form.submit();
    };
    // A browser that cannot write WebP writes PNG.
    this.#canvas.toBlob(send, "image/webp", 0.9);
  }
}
