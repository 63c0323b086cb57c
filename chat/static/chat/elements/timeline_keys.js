/**
 * The keys of the timeline, which is one stop of Tab: the article that had the focus last, or else the newest.
 *
 * On an article: Up, Down, Home and End go to other articles; Left and Right to its links, code and reactions; Enter to
 * its toolbar; Escape to the composer; other keys do what message_actions.js says. Within an article: Left and Right go on, Escape goes back to the article; in the
 * toolbar, Home and End go to the first and last button.
 */

import { closest, find, findAll } from "../dom.js";

/**
 * @import { Actions } from "./actions.js"
 * @import { Timeline } from "./timeline.js"
 */

/** @type {Record<string, number>} */
const UP_DOWN = { ArrowUp: -1, ArrowDown: 1 };
/** @type {Record<string, number>} */
const LEFT_RIGHT = { ArrowLeft: -1, ArrowRight: 1 };
/** @type {Record<string, number>} */
const ENDS = { Home: 0, End: -1 };
/** What in a message can be used, besides the toolbar. */
const PARTS = ".message:not(.follows) > .byline > .author[data-person], .quote[href], .body :is(a, pre, .code-head button, .code-unfold:not([hidden]), .spoiler[role=button], .task-box:enabled, .table-frame), .attachments :is(button:not([hidden], [inert]), a, pre, [controls], input), .poll button:not([hidden]), .receipt-button:enabled, li:not([hidden]) > .reaction, .thread-link, .thread-origin, .delivery-state button";

export class TimelineKeys {
  #viewport;
  #composer;
  #timeline;
  #actions;

  /**
   * @param {HTMLElement} root of the room
   * @param {{timeline: Timeline, actions: Actions}} parts
   * @param {AbortSignal} signal
   */
  constructor(root, { timeline, actions }, signal) {
    this.#viewport = find(root, ".timeline");
    this.#composer = find(root, ".compose-field");
    this.#timeline = timeline;
    this.#actions = actions;
    this.#viewport.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    const focused = (/** @type {FocusEvent} */ event) => timeline.tabStop.set(closest(event, ".message"));
    this.#viewport.addEventListener("focusin", focused, { signal });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const next = this.#target(event);
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (next.matches(".message")) next.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event @returns {HTMLElement | null | undefined} what gets the focus */
  #target(event) {
    const { key, target } = event;
    const article = closest(event, ".message");
    if (target === this.#viewport) return this.#fromViewport(key);
    if (!article || !(target instanceof HTMLElement)) return null;
    if (target === article && this.#actions.pressed(event, article)) return void event.preventDefault();
    if (target === article) return this.#fromArticle(key, article);
    // Its arrow keys go through a video or a sound.
    if (target.matches("video, audio, input") && key !== "Escape") return null;
    const row = this.#actions.has(target) ? this.#actions.buttons : parts(article);
    if (key in LEFT_RIGHT) return beside(row, target, step(key));
    if (key in ENDS && this.#actions.has(target)) return row.at(ENDS[key] ?? 0);
    if (key !== "Escape") return null;
    return this.#actions.has(target) ? this.#actions.leave() : article;
  }

  /** @param {string} key */
  #fromViewport(key) {
    if (key === "Escape") return this.#composer;
    const { articles } = this.#timeline;
    if (key === "ArrowUp" || key === "End") return articles.at(-1);
    return key === "Home" ? articles[0] : null;
  }

  /** @param {string} key @param {HTMLElement} article */
  #fromArticle(key, article) {
    if (key === "Enter") return this.#firstButton(article);
    if (key in LEFT_RIGHT) return parts(article).at(step(key) > 0 ? 0 : -1);
    if (!(key in UP_DOWN)) return this.#fromViewport(key);
    const { articles } = this.#timeline;
    return articles[articles.indexOf(article) + (UP_DOWN[key] ?? 0)];
  }

  /** The first button of the toolbar, or of a message that was not sent. @param {HTMLElement} article */
  #firstButton(article) {
    this.#actions.show(article);
    return findAll(article, ".actions > button, .delivery-state button").find((button) => button.offsetParent);
  }
}

/** @param {HTMLElement} article @returns {HTMLElement[]} */
function parts(article) {
  return findAll(article, PARTS);
}

/** @param {HTMLElement[]} row @param {HTMLElement} target @param {number} by */
function beside(row, target, by) {
  const at = row.indexOf(target);
  return at < 0 ? null : row.at((at + by) % row.length);
}

/** @param {string} key an arrow to the left or right @returns {number} 1 for the next part, -1 for the one before */
function step(key) {
  return (LEFT_RIGHT[key] ?? 0) * (document.dir === "rtl" ? -1 : 1);
}
