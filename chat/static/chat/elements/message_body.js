/** Draws the body of a message: HTML of the server, text of the outbox, or the line of a deleted message. */

import { fullTime } from "../dates.js";
import { findAll, findOptional, fromTemplate, setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { frameCode } from "./message_code.js";
import { finishMarkup } from "./message_markup.js";
import { bodyBlocks } from "./unsent_body.js";

/**
 * @import { Places } from "../places.js"
 * @import { Shown } from "../unsent.js"
 * @import { Person } from "../wire.d.ts"
 *
 * @typedef {Pick<Shown, "deleted" | "removed" | "edited_at" | "html" | "text">} Drawable
 */

/** Elements with their own text direction. A list has one for its markers; its items get theirs from the style. */
const BLOCKS = ":is(p, ul, ol, h1, h2, h3, h4, h5, h6):not(li *)";

export class MessageBody {
  /** @type {WeakMap<Element, string>} what each body shows */
  #drawn = new WeakMap();
  #places;
  #roomName;
  #person;

  /**
   * @param {Places} places of the site
   * @param {(slug: string) => string | undefined} [roomName] of a room that the reader has
   * @param {(id: number) => Person | undefined} [person] whom the page knows
   */
  constructor(places, roomName = () => undefined, person = () => undefined) {
    this.#places = places;
    this.#roomName = roomName;
    this.#person = person;
  }

  /**
   * @param {HTMLElement} body
   * @param {Drawable} message
   * @param {number | undefined} me the reader's user id
   * @param {boolean} [canTick] whether they may tick its tasks
   */
  draw(body, message, me, canTick = false) {
    // A reaction does not change the body: do not draw it again, so that the focus and the selection stay.
    const content = `${message.deleted} ${message.removed} ${message.edited_at} ${canTick} ${message.html ?? message.text}`;
    if (this.#drawn.get(body) === content && body.hasChildNodes()) return;
    this.#drawn.set(body, content);
    if (message.deleted) body.textContent = phrase(message.removed ? "removed" : "deleted");
    else if (message.html === null) drawUnsent(body, message.text);
    else this.#drawHtml(body, message.html, { editedAt: message.edited_at, me, canTick });
    for (const link of findAll(body, "a[href]", HTMLAnchorElement)) this.#openHere(link);
  }

  /**
   * Show the present names of the people whom a text mentions. Of someone without a name of their own, and of someone whom
   * the page does not know, the text stays as it was written.
   * @param {HTMLElement} body
   */
  drawMentions(body) {
    for (const chip of findAll(body, ".mention[data-person]")) {
      const person = this.#person(Number(chip.dataset.person));
      const written = (chip.dataset.written ??= chip.textContent ?? "");
      const isNamed = person !== undefined && person.name !== person.handle;
      setText(chip, isNamed ? `@${person.name}` : written);
      if (isNamed) chip.title = `@${person.handle}`;
      else chip.removeAttribute("title");
    }
  }

  /**
   * Show the name of the author before what they do, as in “Ann waves”. Screen readers say it before the text of each message.
   * @param {HTMLElement} body
   * @param {string} name
   * @param {number | undefined} person the author's user id
   * @returns {boolean} whether the message is about what its author does
   */
  drawAction(body, name, person) {
    const action = findOptional(body, ":scope > .action:first-child");
    if (!action) return false;
    let author = findOptional(action, ".action-name");
    if (!author) {
      author = fromTemplate("action-name-template");
      action.prepend(author, " ");
    }
    setText(author, name);
    if (person !== undefined) author.dataset.person = String(person);
    return true;
  }

  /** Links to rooms and messages of this site are followed in this tab (navigation.js). @param {HTMLAnchorElement} link */
  #openHere(link) {
    // A new article is still in the template's document, where paths have no base.
    const { href } = location;
    if (URL.canParse(link.href, href) && this.#places.at(new URL(link.href, href))) link.removeAttribute("target");
  }

  /**
   * @param {HTMLElement} body
   * @param {string} html
   * @param {{editedAt: string | null, me: number | undefined, canTick: boolean}} more
   */
  #drawHtml(body, html, { editedAt, me, canTick }) {
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    const task = focused instanceof HTMLElement ? focused.dataset.task : undefined;
    // Rendered and sanitised on the server, the only source of `html`.
    body.innerHTML = html;
    markMentions(body, String(me));
    this.drawMentions(body);
    finishMarkup(body, { canTick, roomName: this.#roomName, roomPath: (slug) => this.#places.pathOf(slug) });
    if (editedAt) drawEdited(body, editedAt);
    setDirections(body);
    // The box that was ticked keeps the focus.
    if (task) findOptional(body, `[data-task="${task}"]`)?.focus({ preventScroll: true });
  }
}

/** @param {HTMLElement} body @param {string} text */
function drawUnsent(body, text) {
  body.replaceChildren(...bodyBlocks(text));
  for (const code of findAll(body, "pre")) frameCode(code);
  setDirections(body);
}

/** @param {HTMLElement} body */
function setDirections(body) {
  // Each paragraph has its own direction: a quote and its answer may be in different scripts.
  for (const block of findAll(body, BLOCKS)) block.dir = "auto";
}

/** @param {HTMLElement} body @param {string} me */
function markMentions(body, me) {
  for (const { classList, dataset } of findAll(body, ".mention")) {
    classList.toggle("me", dataset.person === me || classList.contains("all") || classList.contains("here"));
  }
}

/** In the last line of a paragraph, but below a list or code. @param {HTMLElement} body @param {string} at */
function drawEdited(body, at) {
  const edited = fromTemplate("edited-template");
  edited.title = fullTime(new Date(at));
  const last = body.lastElementChild;
  (last?.matches("p") ? last : body).append(" ", edited);
}
