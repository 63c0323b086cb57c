/** How large a picture is shown, and which part of it: numbers alone, without the page. */

/** @typedef {{width: number, height: number}} Size in CSS pixels */

/** Beyond its own pixels, a picture is not made larger than this. */
const MOST = 3;
/** A picture that is smaller than the screen can be made this much larger. */
const LEAST_RANGE = 4;

export class Zoom {
  /** The size at scale 1: the whole picture, as large as it fits. */
  width = 0;
  height = 0;
  scale = 1;
  /** Where the middle of the picture is, from the middle of the screen. */
  x = 0;
  y = 0;
  #most = 1;
  /** @type {Size} */
  #screen = { width: 0, height: 0 };

  get isZoomed() {
    return this.scale > 1.001;
  }

  get isAtEnd() {
    return this.scale >= this.#most;
  }

  /** Show the whole picture. @param {Size} picture @param {Size} screen */
  fit(picture, screen) {
    const shrunk = Math.min(1, screen.width / picture.width, screen.height / picture.height);
    this.width = picture.width * shrunk;
    this.height = picture.height * shrunk;
    this.#screen = screen;
    this.#most = Math.max(LEAST_RANGE, MOST / shrunk);
    this.reset();
  }

  reset() {
    this.scale = 1;
    this.x = this.y = 0;
  }

  /**
   * Zoom; the point under the fingers stays where it is.
   * @param {number} factor
   * @param {{x: number, y: number}} [point] from the middle of the screen
   */
  by(factor, point = { x: 0, y: 0 }) {
    const before = this.scale;
    this.scale = Math.min(Math.max(before * factor, 1), this.#most);
    const change = this.scale / before;
    this.moveTo(point.x - (point.x - this.x) * change, point.y - (point.y - this.y) * change);
  }

  /** Move within the bounds of the picture. @param {number} x @param {number} y */
  moveTo(x, y) {
    this.x = bounded(x, this.width * this.scale, this.#screen.width);
    this.y = bounded(y, this.height * this.scale, this.#screen.height);
  }
}

/** @param {number} at @param {number} shown @param {number} screen */
function bounded(at, shown, screen) {
  const room = Math.max(0, (shown - screen) / 2);
  return Math.min(Math.max(at, -room), room);
}
