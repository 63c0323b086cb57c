/**
 * Goes to the place where the reader begins to read: a message with an address, the place that they left, or the first
 * unread message. While the copy of a room is too old to have that place, the view waits, and the reader may scroll.
 */

/**
 * @import { Place } from "../room_view.js"
 * @import { Reader } from "./reader.js"
 * @import { ScrollPosition } from "./scroll_position.js"
 * @import { Scroller } from "./scroller.js"
 *
 * @typedef {object} LandingParts
 * @property {ScrollPosition} position
 * @property {Reader} reader
 * @property {Scroller} scroller
 * @property {(message: number) => void} goTo shows a message, by its id
 */

/** A reader who does one of these before the room is up to date stays where they are. */
const GESTURES = ["wheel", "pointerdown", "keydown"];

export class Landing {
  #parts;
  #signal;
  #hasLanded = false;
  /** @type {Place} */
  #at = "unread";
  /** Whether the reader scrolled, clicked or typed before the view went to that place. */
  #hasMoved = false;

  /** @param {LandingParts} parts @param {AbortSignal} signal */
  constructor(parts, signal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Whether the view has gone to the place where the reader begins. Until then nothing counts as seen. */
  get hasLanded() {
    return this.#hasLanded;
  }

  /**
   * Near which message a place is: its seq, or Infinity for the end. Undefined for a message with an address.
   * @param {Place} [at] the default is the place where the reader begins
   */
  near(at = this.#at) {
    if (typeof at === "number") return undefined;
    const { position, reader } = this.#parts;
    const left = at === "left" ? position.stored : null;
    return (left ?? (reader.newAfter === null ? null : reader.firstUnread))?.seq ?? Infinity;
  }

  /**
   * Go to the place, or wait for `land`.
   * @param {Place} at
   * @param {{lands: boolean, isReady: boolean}} options `lands`: go there now; `isReady`: as of `show`
   */
  begin(at, { lands, isReady }) {
    const { position, scroller } = this.#parts;
    this.#at = at;
    if (!lands || typeof at === "number") scroller.begin();
    if (lands) return this.land(isReady);
    if (at === "left") position.restore();
    const stay = () => (this.#hasMoved = true);
    const options = { once: true, passive: true, signal: this.#signal };
    for (const gesture of GESTURES) window.addEventListener(gesture, stay, options);
  }

  /** Go to the place, unless that was done. @param {boolean} isReady as of `show` */
  land(isReady) {
    if (this.#hasLanded) return;
    const { position, reader } = this.#parts;
    this.#hasLanded = true;
    if (this.#hasMoved) position.keep();
    reader.begin();
    this.show(this.#hasMoved ? "left" : this.#at, isReady);
  }

  /**
   * Show a place.
   * @param {Place} at
   * @param {boolean} isReady whether the copy is up to date: then what is missing there is loaded
   */
  show(at, isReady) {
    const { goTo, position, reader } = this.#parts;
    if (typeof at === "number") {
      // For the way back.
      if (this.#hasLanded) position.keep();
      goTo(at);
    } else if (at !== "left" || !position.restore()) {
      reader.goToUnread();
    } else if (isReady) {
      position.load();
    }
  }
}
