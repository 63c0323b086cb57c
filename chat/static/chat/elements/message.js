/** Draws one message into an article of `#message-template`: stored, deleted, or still in the outbox. */

import { clockTime, fullTime } from "../dates.js";
import { drawAvatar, fromTemplate, setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { isMine, mentions, personKey, personName, senderOf } from "../protocol.js";

/** What of a message can have the focus. */
const USABLE = "a, button, pre";
const QUOTE_CHARS = 140;
let made = 0;
/** What has a direction of its own: a list as a whole, for its markers; its items have theirs by style. */
const BLOCKS = ":is(p, ul, ol, h1, h2, h3, h4, h5, h6):not(li *)";

/**
 * A message of the outbox in the shape of a stored one. Its `seq` is behind all others.
 * @param {import("../outbox.js").Item} item
 * @param {object} you
 */
export function unsent(item, you) {
  return {
    ...{ id: null, seq: Infinity, client_id: item.client_id, author: you.user, guest: you.guest },
    ...{ text: item.body, html: null, at: item.at, edited_at: null, deleted: false, mentions: null, reactions: [] },
    ...{ reply_to: item.reply_to, fate: item.state, reason: item.reason },
  };
}

export class MessageView {
  /** What each body shows. */
  #drawn = new WeakMap();

  /**
   * @param {import("../store.js").Store} store
   * @param {(id: number) => object|undefined} quoted the newest known form of an answered message, or a quote of it
   */
  constructor(store, quoted) {
    this.store = store;
    this.quoted = quoted;
  }

  /** @param {object} message @returns {HTMLElement} */
  make(message) {
    const article = fromTemplate("message-template");
    const sender = senderOf(message);
    const name = personName(sender);
    const avatar = { key: personKey(sender), name, picture: message.author?.avatar };
    drawAvatar(article.querySelector(".avatar"), avatar);
    article.querySelector(".author").textContent = name;
    nameArticle(article);
    if (message.guest) article.querySelector(".author").after(" ", fromTemplate("guest-tag-template"));
    this.draw(article, message);
    return article;
  }

  /** Draw what can change. */
  draw(article, message) {
    const { you } = this.store;
    const { classList, dataset } = article;
    dataset.clientId = message.client_id;
    if (message.id !== null) {
      Object.assign(dataset, { id: message.id, seq: message.seq, version: message.version });
      article.id = `message-${message.id}`;
    }
    const mine = isMine(message, you);
    const { fate } = message;
    classList.toggle("pending", fate === "waiting");
    classList.toggle("failed", fate === "failed");
    classList.toggle("deleted", message.deleted);
    classList.toggle("mine", mine);
    classList.toggle("mentions-me", !mine && (mentions(message, you) || Boolean(message.mentions?.here)));
    this.#drawTime(article.querySelector(".at"), message);
    this.#drawBody(article.querySelector(".body"), message);
    this.drawQuote(article, message);
    const reactions = part(article, "reactions", message.reactions.length);
    if (reactions) this.#drawReactions(reactions, message);
    const failed = part(article, "fate", fate === "failed");
    if (failed) setText(failed.querySelector(".reason"), phrase("not_sent", { reason: message.reason ?? "" }));
    // The timeline is one stop of Tab; the arrows go to what is in a message (see timeline_keys.js).
    for (const usable of article.querySelectorAll(USABLE)) usable.tabIndex = -1;
  }

  /** Draw the line that tells what is answered. It changes with the message it quotes. */
  drawQuote(article, { reply_to: id }) {
    const line = part(article, "quote", id !== null, "prepend");
    if (!line) return;
    const quoted = this.quoted(id);
    setText(line.querySelector(".quote-author"), quoted ? personName(senderOf(quoted)) : "");
    setText(line.querySelector(".quote-text"), quoteText(quoted));
    line.href = `#message-${id}`;
    line.tabIndex = -1;
  }

  #drawTime(time, { at, fate }) {
    const moment = new Date(at);
    time.dateTime = at;
    setText(time, fate === "waiting" ? phrase("sending") : clockTime(moment));
    time.title = fullTime(moment);
  }

  #drawBody(body, message) {
    // A reaction changes nothing here: what has the focus, or is selected, stays so.
    const form = `${message.deleted} ${message.edited_at} ${message.html ?? message.text}`;
    if (this.#drawn.get(body) === form) return;
    this.#drawn.set(body, form);
    if (message.deleted) {
      body.textContent = phrase("deleted");
    } else if (message.html === null) {
      body.textContent = message.text;
    } else {
      // Rendered and sanitised on the server, which is the only place that writes `html`.
      body.innerHTML = message.html;
      this.#markMentions(body);
      for (const code of body.querySelectorAll("pre")) nameCode(code);
      if (message.edited_at) drawEdited(body, message);
      // Each paragraph has its own direction: two people's lines, or a quote and its answer, may differ.
      for (const block of body.querySelectorAll(BLOCKS)) block.dir = "auto";
    }
  }

  #markMentions(body) {
    const mine = String(this.store.you.user?.id);
    for (const { classList, dataset } of body.getElementsByClassName("mention")) {
      classList.toggle("me", dataset.person === mine || classList.contains("all") || classList.contains("here"));
    }
  }

  #drawReactions(list, { reactions }) {
    const mine = this.store.you.user?.id;
    const known = new Map([...list.children].map((item) => [item.firstElementChild.dataset.emoji, item]));
    list.replaceChildren(
      ...reactions.map(({ emoji, people }) => {
        const item = known.get(emoji) ?? fromTemplate("reaction-template");
        const button = item.firstElementChild;
        button.dataset.emoji = emoji;
        button.setAttribute("aria-pressed", String(people.some(({ id }) => id === mine)));
        button.disabled = mine === undefined;
        button.title = phrase("reacted", { emoji, names: people.map(({ name }) => name).join(", ") });
        setText(button.querySelector(".emoji"), emoji);
        setText(button.querySelector(".count"), String(people.length));
        return item;
      }),
    );
  }
}

/** A part that few messages have: made, kept or taken away. @returns {HTMLElement|null} */
function part(article, name, wanted, place = "append") {
  const known = article.querySelector(`:scope > .${name}`);
  if (!wanted) known?.remove();
  if (known || !wanted) return wanted ? known : null;
  const made = fromTemplate(`${name}-template`);
  article[place](made);
  return made;
}

function quoteText(message) {
  if (!message) return phrase("quote_unknown");
  return message.deleted ? phrase("quote_deleted") : excerpt(message);
}

/** What a screen reader says of an article: who, what, when. */
function nameArticle(article) {
  made += 1;
  const ids = ["author", "body", "at"].map((name) => {
    const element = article.querySelector(`.${name}`);
    element.id = `${name}-${made}`;
    return element.id;
  });
  article.setAttribute("aria-labelledby", ids.join(" "));
}

/** Long lines of code scroll sideways, by the arrows once it has the focus. */
function nameCode(code) {
  code.setAttribute("role", "group");
  code.setAttribute("aria-label", phrase("code"));
}

/** In the line of the last words, or below a list, code and the like. */
function drawEdited(body, { edited_at: at }) {
  const edited = fromTemplate("edited-template");
  edited.title = fullTime(new Date(at));
  const last = body.lastElementChild;
  (last?.matches("p") ? last : body).append(" ", edited);
}

/** What a message says, without its Markdown. @param {object} message */
export function plainText({ html, text }) {
  // A parsed document is inert: nothing in it loads or runs.
  return html ? new DOMParser().parseFromString(html, "text/html").body.textContent.trim() : text;
}

/** The beginning of what a message says, on one line and without its Markdown. @param {object} message */
export function excerpt(message) {
  const line = plainText(message).slice(0, QUOTE_CHARS * 4).replace(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length > QUOTE_CHARS ? `${characters.slice(0, QUOTE_CHARS).join("")}…` : line;
}
