/**
 * A page's copy of one room's log, by the rules of the protocol's chapter on versions. Pure: frames in, state out.
 *
 * The copy is a window: it holds every message from `floor` (a seq) on; `more` tells that there are older ones.
 */
export class RoomCopy {
  #byId = new Map();
  #order = [];
  // Changes of messages below the window. A page of history that was read before such a change may arrive after it.
  #below = new Map();
  // Short forms of answered messages, by id: from quotes, and what is left of messages that were let go.
  #quotes = new Map();
  #heardOf = 0;

  /**
   * @param {object} reply an answer to `open`
   * @param {RoomCopy} [former] the copy that this one replaces: what it heard of may lie beyond the answer
   */
  constructor(reply, former) {
    if (former?.epoch === reply.epoch) this.#heardOf = former.#heardOf;
    this.room = reply.room;
    this.epoch = reply.epoch;
    this.version = reply.upto;
    this.more = reply.more;
    this.floor = reply.more ? lowest(reply.messages) : 0;
    this.#upsert(reply.messages);
  }

  /** The messages in the order of the room. Not to be changed. */
  get messages() {
    return this.#order;
  }

  /** Whether an event told of a version that this copy does not reach: it must ask `open … since`. */
  get behind() {
    return this.#heardOf > this.version;
  }

  /** @param {number} id @returns {object|undefined} */
  get(id) {
    return this.#byId.get(id);
  }

  /**
   * The newest form of an answered message that this copy has heard of, whether it is in the window or not.
   * @param {number} id
   * @returns {object|undefined} a message, or a quote of one, which has no `html`
   */
  quoted(id) {
    const forms = [this.#byId, this.#below, this.#quotes].map((shelf) => shelf.get(id)).filter(Boolean);
    return forms.reduce((newest, form) => (form.version > newest.version ? form : newest), forms[0]);
  }

  /** The first message whose seq is above `seq`, if there is one. @param {number} seq */
  following(seq) {
    return this.#order[this.#place(seq + 1)];
  }

  /**
   * Take what changed after version `after` up to `upto`: one event (`after` is `upto - 1`) or a fill.
   * @param {{after: number, upto: number, messages: object[]}} fill
   * @returns {{message: object, former: object|undefined}[]|null} what is new in the window, also answers whose quote
   *   is another now (`message` and `former` are the same then); null when a hole lies before it, or when it is no news
   */
  apply({ after, upto, messages }) {
    this.#heardOf = Math.max(this.#heardOf, upto);
    if (upto <= this.version || after > this.version) return null;
    this.version = upto;
    return this.#upsert(messages);
  }

  /**
   * Take a single message out of turn, as the answer to one's own command brings it. The version stays.
   * @returns {{message: object, former: object|undefined}[]}
   */
  take(message) {
    return this.#upsert([message]);
  }

  /**
   * Take an older page.
   * @param {{messages: object[], more: boolean}} page
   * @param {number} before the seq that was asked for; an answer to a question from before a reset is not taken
   */
  older(page, before) {
    if (before !== this.floor) return [];
    this.more = page.more;
    this.floor = page.more ? lowest(page.messages) : 0;
    const late = [...this.#below.values()].filter((message) => message.seq >= this.floor);
    for (const message of late) this.#below.delete(message.id);
    return this.#upsert([...page.messages, ...late]);
  }

  /** Let go of all but the newest `keep` messages. */
  trim(keep) {
    if (this.#order.length <= keep) return;
    const gone = this.#order.splice(0, this.#order.length - keep);
    for (const message of gone) this.#byId.delete(message.id);
    this.floor = this.#order[0].seq;
    this.more = true;
    // An answer that stays has the quote of its own time: what is known of later changes is kept.
    const answered = new Set(this.#order.map((message) => message.reply_to));
    for (const message of gone) if (answered.has(message.id)) this.#noteQuote(message);
  }

  #upsert(messages) {
    const changed = [];
    const requoted = new Set();
    for (const message of messages) {
      if (message.quote && this.#noteQuote(message.quote)) requoted.add(message.quote.id);
      const shelf = message.seq < this.floor ? this.#below : this.#byId;
      const former = shelf.get(message.id);
      if (former && former.version >= message.version) continue;
      shelf.set(message.id, message);
      if (shelf === this.#below) {
        requoted.add(message.id);
        continue;
      }
      this.#order.splice(this.#place(message.seq), former ? 1 : 0, message);
      changed.push({ message, former });
    }
    return requoted.size ? [...changed, ...this.#answersTo(requoted, changed)] : changed;
  }

  /** @returns {boolean} whether this form of a message is newer than the one that is kept for quotes */
  #noteQuote(form) {
    if (this.#quotes.get(form.id)?.version >= form.version) return false;
    this.#quotes.set(form.id, form);
    return true;
  }

  /** Answers in the window whose quote changed while they did not. */
  #answersTo(ids, changed) {
    const drawn = new Set(changed.map(({ message }) => message.id));
    const answers = this.#order.filter(({ id, reply_to }) => ids.has(reply_to) && !drawn.has(id));
    return answers.map((message) => ({ message, former: message }));
  }

  /** Where the message with `seq` is or belongs. Mostly at the end, so the search begins there. */
  #place(seq) {
    const order = this.#order;
    if (order.length === 0 || order.at(-1).seq < seq) return order.length;
    let low = 0;
    let high = order.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order[middle].seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function lowest(messages) {
  return messages.reduce((low, { seq }) => Math.min(low, seq), Infinity);
}
