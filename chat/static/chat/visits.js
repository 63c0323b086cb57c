/** Visits of rooms, from the moment when the person asks for one: what the server must send, and no longer send. */

import { now } from "./clock.js";
import { command } from "./protocol.js";
import { RoomSync } from "./room_sync.js";
import { wait } from "./timer.js";

/**
 * @import { Place, Visit } from "./room_view.js"
 * @import { Connection } from "./socket.js"
 * @import { Store } from "./store.js"
 */

/** Of rooms that follow each other faster than this, only the last is asked for: someone holds a key down. */
const SETTLE_MS = 150;

/** How long the present room stays while one without a copy is fetched. After that the other one is shown, empty. */
const HOLD_MS = 100;

export class Visits {
  #connection;
  #store;
  #getWanted;
  /** When a room was last asked for, in ms of clock.js. */
  #askedAt = -Infinity;

  /**
   * @param {{connection: Connection, store: Store}} tab
   * @param {() => string | undefined} getWanted the slug of the room that is shown, or asked for last
   */
  constructor({ connection, store }, getWanted) {
    this.#connection = connection;
    this.#store = store;
    this.#getWanted = getWanted;
  }

  /** @param {string} room a slug @param {Place} [at] where to begin to read @returns {Visit} */
  begin(room, at = "unread") {
    const ending = new AbortController();
    const [connection, store] = [this.#connection, this.#store];
    const first = at === "left" ? "unread" : at;
    return { room, ending, sync: new RoomSync({ store, connection, room, at: first, signal: ending.signal }) };
  }

  /** Bring the copy of a room up to date, unless another room is wanted a moment later. @param {Visit} visit */
  async ask({ room, ending: { signal }, sync }) {
    const isHurried = now() - this.#askedAt < SETTLE_MS;
    this.#askedAt = now();
    if (isHurried) await wait(SETTLE_MS, signal);
    if (isHurried && (this.#getWanted() !== room || signal.aborted)) return;
    if (this.#connection.online) return sync.ask();
    // It asks by itself when the connection is there.
    await this.#connection.whenOnline().catch(() => {});
    await sync.asking;
  }

  /**
   * What to wait for before a room takes the place of the present one.
   * @param {Visit} visit
   * @param {Promise<void>} asked as of `ask`
   * @param {boolean} isWriting whether the person writes in the present room: what they type next is for the other one
   * @returns {Promise<unknown> | null} null: show it at once
   */
  untilShowable({ room, ending }, asked, isWriting) {
    if (this.#store.copy(room) || this.#connection.state.name === "offline") return null;
    // Not in the list: perhaps the person may not see it.
    if (!this.#store.rooms.has(room)) return asked;
    return isWriting ? null : Promise.race([asked, wait(HOLD_MS, ending.signal)]);
  }

  /** The server sends unread counts of a room instead of its events, from now on. @param {Visit} visit */
  async end({ room, sync }) {
    // Without a connection the server has no watch to end.
    if (sync.isAsked) await this.#connection.request(command.close(room)).catch(() => {});
    // If the room was opened again meanwhile, the reply to that `open` continues the copy: keep it.
    if (this.#getWanted() !== room) this.#store.close(room);
  }
}
