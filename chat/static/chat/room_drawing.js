/** Draws what changes in the copy of a room, once a frame: a busy room is not drawn once a message. */

import { nextFrame } from "./next_frame.js";
import { MAX_SHOWN } from "./room_copy.js";

/**
 * @import { Change, RoomCopy } from "./room_copy.js"
 * @import { Actions } from "./elements/actions.js"
 * @import { Composer } from "./elements/composer.js"
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
  #hasLanded;
  #draw;

  /**
   * @param {RoomContext} context
   * @param {DrawnParts} parts
   * @param {() => boolean} hasLanded whether the view has gone to the place where the reader begins
   */
  constructor(context, parts, hasLanded) {
    this.#context = context;
    this.#parts = parts;
    this.#hasLanded = hasLanded;
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

  /** All changes of the copy are drawn, or are about to be. */
  setDrawn() {
    this.#changed.clear();
    this.#drawnCopy = this.#copy;
    this.#drawnUpto = this.#copy?.version ?? 0;
  }

  get #copy() {
    return this.#context.store.copy(this.#context.room);
  }

  /** Other messages are shown: the copy is another one, or the reader was led elsewhere in the room. */
  #reset() {
    const { position, reader, receipts, timeline } = this.#parts;
    const isOtherCopy = this.#copy !== this.#drawnCopy;
    const place = isOtherCopy && this.#hasLanded() ? position.current() : null;
    this.setDrawn();
    timeline.reset();
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
    if (added.length && this.#hasLanded()) reader.receive(added);
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
