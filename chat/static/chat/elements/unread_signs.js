/** What tells the reader of unread messages: the bar over the timeline, the line above new ones, the buttons to the end. */

import { EndButtons } from "./end_buttons.js";
import { UnreadBar } from "./unread_bar.js";

/**
 * @import { ReadPosition } from "../read_position.js"
 * @import { Scroller } from "./scroller.js"
 * @import { Timeline } from "./timeline.js"
 *
 * @typedef {{unread: number, mentions: number}} Counts
 */

export class UnreadSigns {
  #position;
  #scroller;
  #timeline;
  #view;
  #bar;
  #ends;
  /** Whether unseen messages came below the view. */
  hasMissed = false;
  /**
   * What was unread when the reader came, and what has come since. The bar shows it until all is read.
   * @type {Counts & {since: string | null} | null}
   */
  #found = null;
  /** Whether `#found` has what came before the copy was up to date. */
  #isCaughtUp = false;

  /**
   * @param {HTMLElement} root of the room
   * @param {{position: ReadPosition, scroller: Scroller, timeline: Timeline, view: () => {from: number}}} parts `view`: the
   *   first seq on the screen
   * @param {{goToFirst: () => Promise<Element | null>, markAll: () => void, goToEnd: () => void}} actions
   * @param {AbortSignal} signal
   */
  constructor(root, { position, scroller, timeline, view }, actions, signal) {
    this.#position = position;
    this.#scroller = scroller;
    this.#timeline = timeline;
    this.#view = view;
    this.#bar = new UnreadBar(root, actions, signal);
    this.#ends = new EndButtons(root, this.#bar, actions.goToEnd, signal);
  }

  /** The reader finds unread messages: draw the line above them, and say how many they are. @param {Counts} counts */
  found({ unread, mentions }) {
    this.#found = { unread, mentions, since: null };
    this.#timeline.markNew(this.#position.upto);
  }

  /** The copy is up to date: what came before that is in the server's counts. @param {Counts} counts */
  catchUp({ unread, mentions }) {
    if (this.#found && !this.#isCaughtUp) this.#found = { ...this.#found, unread, mentions };
    this.#isCaughtUp = true;
  }

  /** More messages came. @param {Counts} counts of the new ones */
  add({ unread, mentions }) {
    if (!this.#found) return;
    this.#found.unread += unread;
    this.#found.mentions += mentions;
  }

  /** @param {Counts | undefined} counts of the room, if it is in the reader's list */
  draw(counts) {
    const { unread, upto } = this.#position;
    if (!unread) this.#found = null;
    if (counts && unread && (this.#found || this.#position.isFirstAbove(this.#view))) {
      const appears = !this.#bar.isShown;
      const since = this.#position.firstUnread?.at ?? null;
      if (this.#found) this.#found.since ??= since;
      this.#bar.show(this.#found ?? { ...counts, since });
      // The line is drawn where the bar leads to. That calls this again, so the bar must be shown by then.
      if (appears && !this.#found) this.#timeline.markNew(upto);
    } else {
      this.#bar.hide();
    }
    this.#drawEndButtons();
  }

  #drawEndButtons() {
    const { atBottom, isDetached } = this.#scroller;
    const hasFirst = this.#position.firstUnread !== undefined;
    this.#ends.draw({ atBottom, isDetached, hasFirst, hasMissed: this.hasMissed });
  }
}
