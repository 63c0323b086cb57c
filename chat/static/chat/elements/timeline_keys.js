/**
 * The keys of the timeline, which is one stop of Tab: the message that was last focused, or the newest.
 *
 * On a message: Up, Down, Home and End go to others; Left and Right to its links, code and reactions; Enter to its
 * toolbar; Escape to the composer. Within it: Left and Right go on, Escape goes back to the message.
 */

const UP_DOWN = { ArrowUp: -1, ArrowDown: 1 };
const LEFT_RIGHT = { ArrowLeft: -1, ArrowRight: 1 };
/** What of a message can be used, besides the toolbar. */
const PARTS = ".quote[href], .body a, .body pre, .reaction, .fate button";

export class TimelineKeys {
  #viewport = document.getElementById("timeline");
  #composer = document.getElementById("composer");

  /**
   * @param {import("./timeline.js").Timeline} timeline
   * @param {import("./actions.js").Actions} actions
   */
  constructor(timeline, actions) {
    Object.assign(this, { timeline, actions });
    this.#viewport.addEventListener("keydown", (event) => this.#pressed(event));
    this.#viewport.addEventListener("focusin", ({ target }) => timeline.setStop(target.closest(".message")));
  }

  #pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const { target, key } = event;
    const article = target.closest(".message");
    let next = null;
    if (target === article || target === this.#viewport) next = this.#fromMessage(key, article);
    else if (key in LEFT_RIGHT) next = this.#beside(target, LEFT_RIGHT[key]);
    else if (key === "Escape") return this.#escape(event, article);
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (next.matches(".message")) next.scrollIntoView({ block: "nearest" });
  }

  #fromMessage(key, article) {
    if (key === "Escape") return this.#composer;
    if (article && key === "Enter") return this.#first(article);
    if (article && key in LEFT_RIGHT) return parts(article).at(LEFT_RIGHT[key] * way() > 0 ? 0 : -1);
    const articles = [...this.timeline.articles];
    if (article && key in UP_DOWN) return articles[articles.indexOf(article) + UP_DOWN[key]];
    if (key === "ArrowUp" || key === "End") return articles.at(-1);
    return key === "Home" ? articles[0] : null;
  }

  /** What Enter goes to: the toolbar, or the buttons of a message that was not sent. */
  #first(article) {
    this.actions.show(article);
    return [...article.querySelectorAll(".actions button, .fate button")].find((button) => button.offsetParent);
  }

  #beside(target, step) {
    const row = this.actions.has(target) ? this.actions.buttons : parts(target.closest(".message"));
    const at = row.indexOf(target);
    return at < 0 ? null : row.at((at + step * way()) % row.length);
  }

  #escape(event, article) {
    event.preventDefault();
    if (this.actions.has(event.target)) this.actions.leave();
    else (article ?? this.#composer).focus();
  }
}

function parts(article) {
  return [...article.querySelectorAll(PARTS)];
}

function way() {
  return document.dir === "rtl" ? -1 : 1;
}
