/** Draws one message into an article of `#message-template`: stored, deleted, or still in the outbox. */

import { clockTime, fullTime } from "../dates.js";
import { drawAvatar, fromTemplate, setText } from "../dom.js";
import { mentions, splitMentions } from "../mention.js";
import { phrase } from "../phrases.js";
import { isMine, personKey, personName, senderOf } from "../protocol.js";

const QUOTE_CHARS = 140;

/**
 * A message of the outbox in the shape of a stored one. Its `seq` is behind all others.
 * @param {import("../outbox.js").Item} item
 * @param {object} you
 */
export function unsent(item, you) {
  return {
    ...{ id: null, seq: Infinity, client_id: item.client_id, author: you.user, guest: you.guest },
    ...{ text: item.body, html: null, at: item.at, edited_at: null, deleted: false, reactions: [] },
    ...{ reply_to: item.reply_to, fate: item.state, reason: item.reason },
  };
}

export class MessageView {
  /**
   * @param {import("../store.js").Store} store
   * @param {(id: number) => object|undefined} find a loaded message
   */
  constructor(store, find) {
    this.store = store;
    this.find = find;
  }

  /** @param {object} message @returns {HTMLElement} */
  make(message) {
    const article = fromTemplate("message-template");
    const sender = senderOf(message);
    const name = personName(sender);
    const avatar = { key: personKey(sender), name, picture: message.author?.avatar };
    drawAvatar(article.querySelector(".avatar"), avatar);
    article.querySelector(".author").textContent = name;
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
    classList.toggle("mentions-me", !mine && !message.deleted && mentions(message.text, you.user?.name));
    this.#drawTime(article.querySelector(".at"), message);
    this.#drawBody(article.querySelector(".body"), message);
    this.drawQuote(article, message);
    const edited = part(article, "edited", message.edited_at && !message.deleted);
    if (edited) edited.title = fullTime(new Date(message.edited_at));
    const reactions = part(article, "reactions", message.reactions.length);
    if (reactions) this.#drawReactions(reactions, message);
    const failed = part(article, "fate", fate === "failed");
    if (failed) setText(failed.querySelector(".reason"), phrase("not_sent", { reason: message.reason ?? "" }));
  }

  /** Draw the line that tells what is answered. It changes with the message it quotes. */
  drawQuote(article, { reply_to: id }) {
    const quote = part(article, "quote", id !== null, "prepend");
    if (!quote) return;
    const quoted = this.find(id);
    setText(quote.querySelector(".quote-author"), quoted ? personName(senderOf(quoted)) : "");
    setText(quote.querySelector(".quote-text"), quoteText(quoted));
    if (quoted) quote.href = `#message-${id}`;
    else quote.removeAttribute("href");
  }

  #drawTime(time, { at, fate }) {
    const moment = new Date(at);
    time.dateTime = at;
    setText(time, fate === "waiting" ? phrase("sending") : clockTime(moment));
    time.title = fullTime(moment);
  }

  #drawBody(body, message) {
    if (message.deleted) {
      body.textContent = phrase("deleted");
    } else if (message.html === null) {
      body.textContent = message.text;
    } else {
      // Rendered and sanitised on the server, which is the only place that writes `html`.
      body.innerHTML = message.html;
      this.#markMentions(body, message);
    }
  }

  #markMentions(body, { text }) {
    const name = this.store.you.user?.name;
    if (!mentions(text, name)) return;
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("code, a")) nodes.push(walker.currentNode);
    for (const node of nodes) node.replaceWith(...splitMentions(node.data, name).map(mentionNode));
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
  if (!message) return phrase("quote_unloaded");
  return message.deleted ? phrase("deleted") : excerpt(message);
}

function mentionNode({ text, mention }) {
  if (!mention) return document.createTextNode(text);
  const mark = document.createElement("mark");
  mark.textContent = text;
  return mark;
}

/** The beginning of what a message says, on one line and without its Markdown. @param {object} message */
export function excerpt({ html, text: typed }) {
  // A parsed document is inert: nothing in it loads or runs.
  const text = html ? new DOMParser().parseFromString(html, "text/html").body.textContent : typed;
  const line = text.slice(0, QUOTE_CHARS * 4).replace(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length > QUOTE_CHARS ? `${characters.slice(0, QUOTE_CHARS).join("")}…` : line;
}
