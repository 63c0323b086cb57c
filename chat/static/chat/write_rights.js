/**
 * Whether the reader may write in a room, as far as the server has said: what the answer to `open` said, and until when
 * moderators have muted them. The server checks all that is posted. Pure.
 */

/** @import { OpenReply, Room } from "./wire.d.ts" */

export class WriteRights {
  /** Slugs of the rooms in which the reader may not write, as the latest answers to `open` said. */
  #readOnly = new Set();
  /** @type {Map<string | null, number>} by room, null for the whole site: the end of a mute, in ms since 1970 */
  #muteEnds = new Map();

  /** Whether the reader may write in a room, unless it is archived. @param {string} room a slug */
  canPost(room) {
    return !this.#readOnly.has(room);
  }

  /** When the mute of the reader in a room ends; null: they are not muted. @param {string} room @returns {Date | null} */
  muteEnd(room) {
    const end = Math.max(this.#muteEnds.get(room) ?? 0, this.#muteEnds.get(null) ?? 0);
    return end > Date.now() ? new Date(end) : null;
  }

  /** A room was opened. @param {Pick<OpenReply, "room" | "state" | "can_post" | "muted_until">} reply */
  opened({ room, state, can_post: canPost, muted_until: until }) {
    this.#setMute(room, until);
    // In an archived room nobody may write: the person's role decides when it is restored.
    if (canPost || state.archived) this.#readOnly.delete(room);
    else this.#readOnly.add(room);
  }

  /**
   * A room has other facts. With other rights, what the server said when it opened the room is outdated.
   * @param {Room | undefined} known the former ones
   * @param {Room} facts
   */
  changed(known, { slug, who_posts: whoPosts, guests }) {
    if (known?.who_posts !== whoPosts || known.guests !== guests) this.#readOnly.delete(slug);
  }

  /** @param {string | null} room null: in the whole site @param {string | null} until ISO 8601; null: no longer muted */
  muted(room, until) {
    this.#setMute(room, until);
    if (until === null) this.muteEnded(room);
  }

  /**
   * The reader may write again, as far as a mute is concerned: that they could not when the room was opened may have
   * been because of it.
   * @param {string | null} room null: in all rooms
   */
  muteEnded(room) {
    if (room === null) this.#readOnly.clear();
    else this.#readOnly.delete(room);
  }

  /** @param {string | null} room @param {string | null} until */
  #setMute(room, until) {
    if (until === null) this.#muteEnds.delete(room);
    else this.#muteEnds.set(room, Date.parse(until));
  }
}
