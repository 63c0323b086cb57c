/** The one article of a timeline that Tab goes to; the arrow keys go to the others (timeline_keys.js). */

export class TabStop {
  /** @type {HTMLElement | null} */
  #article = null;

  /** @param {HTMLElement | null} article null changes nothing */
  set(article) {
    if (!article || article === this.#article) return;
    if (this.#article) this.#article.tabIndex = -1;
    this.#article = article;
    article.tabIndex = 0;
  }

  /** Set the newest message, unless the article that was set has the focus. @param {HTMLElement} log */
  reset(log) {
    const isUsed = this.#article?.isConnected && this.#article.contains(document.activeElement);
    if (!isUsed) this.set(log.querySelector(".message:last-child"));
  }
}
