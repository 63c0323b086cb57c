/** The square of an image that becomes a person's picture: where it is, and how large. Pure. */

/** The square may be this much smaller than the image. */
export const MAX_ZOOM = 8;

export class Crop {
  #width;
  #height;
  /** The middle of the square, in pixels of the image. */
  x;
  y;
  zoom = 1;

  /** @param {number} width of the image @param {number} height */
  constructor(width, height) {
    this.#width = width;
    this.#height = height;
    this.x = width / 2;
    this.y = height / 2;
  }

  /** The side of the square in pixels of the image. */
  get side() {
    return Math.min(this.#width, this.#height) / this.zoom;
  }

  /** The upper left corner of the square, in pixels of the image. */
  get corner() {
    return { left: this.x - this.side / 2, top: this.y - this.side / 2 };
  }

  /** Move the square, but not beyond the image. @param {number} x in sides of the square @param {number} y */
  move(x, y) {
    this.x += x * this.side;
    this.y += y * this.side;
    this.#stayInside();
  }

  /** @param {number} zoom from 1 to MAX_ZOOM */
  setZoom(zoom) {
    this.zoom = Math.min(MAX_ZOOM, Math.max(1, zoom));
    this.#stayInside();
  }

  #stayInside() {
    const half = this.side / 2;
    this.x = Math.min(this.#width - half, Math.max(half, this.x));
    this.y = Math.min(this.#height - half, Math.max(half, this.y));
  }
}
