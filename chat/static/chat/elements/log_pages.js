/**
 * Loads pages of the room's log: older and newer ones before the reader reaches the end of what is shown, and the page
 * around a place that the reader wants to see.
 */

import { now } from "../clock.js";
import { CommandError, command } from "../protocol.js";
import { wait } from "../timer.js";

/**
 * @import { Place } from "../log_sections.js"
 * @import { RoomContext } from "../room_view.js"
 * @import { Scroller } from "./scroller.js"
 */

const PAUSE_MS = 2_000;
/** Attempts to load the page around a place, if the server asks to wait. */
const MAX_ATTEMPTS = 5;

export class LogPages {
  #context;
  #scroller;
  #drawNow;
  #isBegun = false;
  #isBusy = false;
  /** No request is sent before this time, in ms of `now`. */
  #notBefore = 0;
  /** How often the reader asked for a place. Only the latest is shown: an earlier one may be loaded after it. */
  #asked = 0;

  /**
   * @param {RoomContext} context
   * @param {Scroller} scroller
   * @param {() => void} drawNow draws the loaded messages; the scroller then knows whether an end is still near
   */
  constructor(context, scroller, drawNow) {
    this.#context = context;
    this.#scroller = scroller;
    this.#drawNow = drawNow;
    scroller.on("move", () => this.refresh());
  }

  /** The reader is at the place where they begin. */
  begin() {
    this.#isBegun = true;
    this.refresh();
  }

  /** Load pages as long as an end of what is shown is near. */
  async refresh() {
    if (this.#isBusy || !this.#isBegun) return;
    this.#isBusy = true;
    try {
      for (let place = this.#wanted(); place; place = this.#wanted()) {
        if ("after" in place && this.#joinTail()) continue;
        await this.#load(place);
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // The next attempt is made on scrolling, or when the connection is back.
      this.#notBefore = now() + (error.retryAfter ? error.retryAfter * 1000 : PAUSE_MS);
    } finally {
      this.#isBusy = false;
    }
  }

  /**
   * Show the messages around a place, unless they are shown. Waits while there is no connection.
   * @param {number} seq
   * @returns {Promise<boolean>} false if the reader asked for another place meanwhile
   * @throws {CommandError}
   */
  async showAround(seq) {
    const isWanted = this.#ask();
    if (!this.#copy?.shown.covers(seq)) await this.#loadPatiently({ around: seq }, isWanted);
    return isWanted();
  }

  /**
   * Show the messages around one, unless it is shown. Waits while there is no connection.
   * @param {number} id
   * @returns {Promise<number | null>} the root of its thread, if only the thread shows the message; the room then shows
   *   the messages around the root
   * @throws {CommandError} `not_found`, if the room has no such message
   */
  async showMessage(id) {
    const { connection, room, store } = this.#context;
    const form = this.#copy?.newestForm(id);
    // A quote does not say whether the room shows the message.
    if (form && "in_room" in form && form.in_room) return this.showAround(form.seq).then(() => null);
    await connection.whenOnline();
    const reply = await connection.request(command.open(room, this.#copy, id));
    store.applyOpen(reply);
    if (reply.at !== null) await this.showAround(reply.at);
    return reply.thread;
  }

  /**
   * Show the end of the room. Waits while there is no connection.
   * @returns {Promise<boolean>} as of `showAround`
   * @throws {CommandError}
   */
  async showEnd() {
    const isWanted = this.#ask();
    const { room, store } = this.#context;
    const { tail, window } = this.#copy ?? {};
    // Otherwise the reader would see an almost empty room until the older messages are there.
    if (window && tail && this.#isShort(tail.messages.length)) await this.#loadPatiently({ before: tail.floor });
    if (isWanted() && this.#copy?.window) store.showTail(room);
    return isWanted();
  }

  /** @returns {() => boolean} whether the reader has asked for no other place since */
  #ask() {
    const asked = (this.#asked += 1);
    return () => asked === this.#asked;
  }

  get #copy() {
    return this.#context.store.copy(this.#context.room);
  }

  /** @param {number} count of messages */
  #isShort(count) {
    return count < 30 && Boolean(this.#copy?.tail.moreBefore);
  }

  /** The page that is needed next. @returns {Place | null} */
  #wanted() {
    const { connection, signal } = this.#context;
    const shown = this.#copy?.shown;
    if (!shown || signal.aborted || !connection.online || now() < this.#notBefore) return null;
    if (shown.moreBefore && this.#scroller.isNearTop) return { before: shown.floor };
    if (shown.moreAfter && this.#scroller.isNearEnd) return { after: shown.ceiling };
    return null;
  }

  #joinTail() {
    const { room, store } = this.#context;
    const isJoined = store.joinTail(room);
    if (isJoined) this.#drawNow();
    return isJoined;
  }

  /** @param {Place} place @param {() => boolean} [isWanted] when the page has come */
  async #load(place, isWanted = () => true) {
    const { connection, room, signal, store } = this.#context;
    const copy = this.#copy;
    if (!copy) return;
    const page = await connection.request(command.history(room, place));
    if (signal.aborted || !isWanted()) return;
    store.applyHistory(page, place, copy);
    this.#drawNow();
  }

  /** Load a page that the reader asked for, as soon as possible. @param {Place} place @param {() => boolean} [isWanted] */
  async #loadPatiently(place, isWanted) {
    const { connection, signal } = this.#context;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await connection.whenOnline();
        return await this.#load(place, isWanted);
      } catch (error) {
        // The limit on the rate of commands: wait as long as the server asks.
        if (!(error instanceof CommandError && error.retryAfter) || attempt === MAX_ATTEMPTS) throw error;
        await wait(error.retryAfter * 1000, signal);
      }
    }
  }
}
