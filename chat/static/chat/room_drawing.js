/**
 * Draws the copy of a room: at first only the messages that fill the view, then the others. Later it draws what changes,
 * once a frame: a busy room is not drawn once a message.
 */

import { afterPaint, nextFrame } from "./next_frame.js";
import { MAX_SHOWN } from "./room_copy.js";

/**
 * @import { Change, RoomCopy } from "./room_copy.js"
 * @import { Actions } from "./elements/actions.js"
 * @import { Composer } from "./elements/composer.js"
 * @import { Landing } from "./elements/landing.js"
 * @import { LogPages } from "./elements/log_pages.js"
 * @import { Reader } from "./elements/reader.js"
 * @import { Receipts } from "./elements/receipts.js"
 * @import { ScrollPosition } from "./elements/scroll_position.js"
 * @import { Timeline } from "./elements/timeline.js"
 * @import { RoomContext } from "./room_view.js"
 * @import { Message } from "./wire.d.ts"
 *
 * @typedef {object} DrawnParts
 * @property {Actions} actions
 * @property {Composer} composer
 * @property {LogPages} pages
 * @property {ScrollPosition} position
 * @property {Reader} reader
 * @property {Receipts} receipts
 * @property {Timeline} timeline
 */

export class RoomDrawing {
  /** What changed since the last frame, by id. @type {Map<number, Message>} */
  #changed = new Map();
  /** Messages with a higher seq have come since the last drawing. */
  #drawnUpto = 0;
  /** @type {RoomCopy | undefined} the copy that was drawn */
  #drawnCopy;
  #context;
  #parts;
  #landing;
  #draw;

  /**
   * @param {RoomContext} context
   * @param {DrawnParts} parts
   * @param {Landing} landing
   */
  constructor(context, parts, landing) {
    this.#context = context;
    this.#parts = parts;
    this.#landing = landing;
    this.#draw = nextFrame(() => this.#drawChanged(), context.signal);
  }

  /** The copy has changed. @param {{changed: Change[], reset: boolean}} event as of `messages` of the store */
  receive({ changed, reset }) {
    if (reset) return this.#reset();
    for (const { message } of changed) this.#changed.set(message.id, message);
    this.#draw.ask();
  }

  /** Draw at once what has changed. */
  now() {
    this.#draw.now();
  }

  /**
   * Draw the room for the first time. Without a copy, the first messages are drawn when they have come.
   * @param {number | undefined} seq as of `Timeline.begin`
   * @param {number | null} newAfter as of `Timeline.begin`
   */
  begin(seq, newAfter) {
    this.#setDrawn();
    this.#parts.timeline.begin(seq, newAfter);
    if (this.#copy) this.#completeLater();
  }

  /** All changes of the copy are drawn, or are about to be. */
  #setDrawn() {
    this.#changed.clear();
    this.#drawnCopy = this.#copy;
    this.#drawnUpto = this.#copy?.version ?? 0;
  }

  /** After the first frame with messages, draw and load what it does not need. */
  #completeLater() {
    const { pages, timeline } = this.#parts;
    const complete = () => {
      timeline.complete();
      pages.begin();
    };
    afterPaint(complete, this.#context.signal);
  }

  get #copy() {
    return this.#context.store.copy(this.#context.room);
  }

  /** Other messages are shown: the copy is another one, or the reader was led elsewhere in the room. */
  #reset() {
    const { position, reader, receipts, timeline } = this.#parts;
    const isFirst = !this.#drawnCopy;
    const isOtherCopy = this.#copy !== this.#drawnCopy;
    const place = isOtherCopy && this.#landing.hasLanded ? position.current() : null;
    this.#setDrawn();
    timeline.reset(isFirst ? this.#landing.near() : undefined);
    if (isFirst) this.#completeLater();
    receipts.refresh();
    position.return(place);
    reader.refresh();
  }

  #drawChanged() {
    const { actions, composer, reader, receipts, timeline } = this.#parts;
    const messages = [...this.#changed.values()];
    this.#changed.clear();
    const added = messages.filter(({ seq }) => seq > this.#drawnUpto);
    this.#drawnUpto = Math.max(this.#drawnUpto, this.#copy?.version ?? 0);
    if (added.length && this.#landing.hasLanded) reader.receive(added);
    timeline.update(messages);
    receipts.refresh();
    for (const { deleted, id } of messages) if (deleted) composer.messageDeleted(id);
    actions.refresh();
    this.#shrink();
    reader.refresh();
  }

  /** However far the reader scrolls, and however much is written: the page holds the messages around them. */
  #shrink() {
    const copy = this.#copy;
    // Asking for the position asks for a layout.
    if (!copy || copy.shown.messages.length <= MAX_SHOWN) return;
    const { position, timeline } = this.#parts;
    if (copy.shrink(position.current()?.seq ?? Infinity)) timeline.shrink();
  }
}
