/** Marks articles of the timeline: the message that the composer edits or answers, and the one that the reader was led to. */

/** @import { Target } from "./composer_mode.js" */

export class ArticleMarks {
  #articleOf;
  /** @type {Target | null} */
  #target = null;
  /** @type {number | null} the id of the message that the reader was led to */
  #ledTo = null;

  /** @param {(id: number) => HTMLElement | undefined} articleOf a message that is drawn */
  constructor(articleOf) {
    this.#articleOf = articleOf;
  }

  /** The composer edits or answers this message; null: none. @param {Target | null} target */
  setTarget(target) {
    const ids = [this.#target?.id, target?.id];
    this.#target = target;
    this.#redraw(ids);
  }

  /** The reader was led to this message; null: none. @param {number | null} id */
  setLedTo(id) {
    const ids = [this.#ledTo, id];
    this.#ledTo = id;
    this.#redraw(ids);
  }

  /** Draw the marks of an article. @param {HTMLElement} article @param {number | null} id of its message */
  draw({ classList }, id) {
    const mode = id !== null && id === this.#target?.id ? this.#target.mode : null;
    classList.toggle("in-edit", mode === "editing");
    classList.toggle("in-reply", mode === "replying");
    classList.toggle("marked", id !== null && id === this.#ledTo);
  }

  /** @param {(number | null | undefined)[]} ids */
  #redraw(ids) {
    for (const id of ids) {
      const article = this.#articleOf(id ?? NaN);
      if (article) this.draw(article, id ?? null);
    }
  }
}
