/** Fingers and mouse on the picture of the viewer: swipe, pinch, drag, wheel, double click. */

import { Emitter } from "../emitter.js";

/**
 * @import { Zoom } from "../files/zoom.js"
 * @typedef {{x: number, y: number}} Point from the middle of the stage
 */

const SWIPE_PX = 60;
const DOUBLE_ZOOM = 2.5;
const WHEEL_ZOOM = 0.0015;

/** @extends {Emitter<{change: [], step: [number], close: []}>} */
export class ViewerGestures extends Emitter {
  #stage;
  #zoom;
  /** @type {Map<number, Point>} pointers that are down, by id */
  #down = new Map();
  /** @type {Point | null} where a swipe began */
  #began = null;

  /** @param {HTMLElement} stage @param {Zoom} zoom */
  constructor(stage, zoom) {
    super();
    this.#stage = stage;
    this.#zoom = zoom;
    stage.addEventListener("pointerdown", (event) => this.#pressed(event));
    stage.addEventListener("pointermove", (event) => this.#moved(event));
    stage.addEventListener("pointerup", (event) => this.#released(event));
    stage.addEventListener("pointercancel", (event) => this.#cancelled(event));
    stage.addEventListener("wheel", (event) => this.#turned(event), { passive: false });
    stage.addEventListener("dblclick", (event) => this.#doubled(event));
    stage.addEventListener("click", ({ target }) => target === stage && !zoom.isZoomed && this.emit("close"));
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    this.#stage.setPointerCapture(event.pointerId);
    this.#down.set(event.pointerId, this.#pointOf(event));
    this.#began = this.#down.size === 1 ? this.#pointOf(event) : null;
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const before = this.#down.get(event.pointerId);
    if (!before) return;
    const now = this.#pointOf(event);
    const other = [...this.#down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      this.#zoom.by(distance(now, other) / Math.max(1, distance(before, other)), middle);
    } else if (this.#zoom.isZoomed) {
      this.#zoom.moveTo(this.#zoom.x + now.x - before.x, this.#zoom.y + now.y - before.y);
    }
    this.#down.set(event.pointerId, now);
    this.emit("change");
  }

  /** @param {PointerEvent} event */
  #released(event) {
    const began = this.#began;
    const isOnly = this.#down.size === 1;
    this.#cancelled(event);
    if (!began || !isOnly || this.#zoom.isZoomed || event.pointerType === "mouse") return;
    const now = this.#pointOf(event);
    const [right, down] = [now.x - began.x, now.y - began.y];
    if (Math.abs(right) > SWIPE_PX && Math.abs(right) > Math.abs(down)) this.emit("step", right < 0 ? 1 : -1);
    else if (down > SWIPE_PX) this.emit("close");
  }

  /** @param {PointerEvent} event */
  #cancelled({ pointerId }) {
    this.#down.delete(pointerId);
    this.#began = null;
  }

  /** @param {WheelEvent} event */
  #turned(event) {
    event.preventDefault();
    this.#zoom.by(Math.exp(-event.deltaY * WHEEL_ZOOM), this.#pointOf(event));
    this.emit("change");
  }

  /** @param {MouseEvent} event */
  #doubled(event) {
    if (this.#zoom.isZoomed) this.#zoom.reset();
    else this.#zoom.by(DOUBLE_ZOOM, this.#pointOf(event));
    this.emit("change");
  }

  /** @param {MouseEvent} event @returns {Point} */
  #pointOf({ clientX, clientY }) {
    const { left, top, width, height } = this.#stage.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }
}

/** @param {Point} one @param {Point} other */
function distance(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
