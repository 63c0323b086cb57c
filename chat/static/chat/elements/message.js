/** Draws a message into an article of `#message-template`: stored, deleted, or still in the outbox. */

import { drawAvatar, find, findAll, findOptional, fromTemplate, setText } from "../dom.js";
import { isMine, isMentioned, personKey, senderOf } from "../senders.js";
import { drawPreviews } from "./link_preview.js";
import { MessageBody } from "./message_body.js";
import { drawSilent, drawStatus, drawTime, replaceByText } from "./message_byline.js";
import { drawDelivery } from "./message_delivery.js";
import { drawMarks } from "./message_marks.js";
import { updatePart } from "./message_parts.js";
import { filesOf, quoteText } from "./message_quote.js";
import { drawReactions } from "./message_reactions.js";
import { drawPoll } from "./poll.js";
import { drawThreadLink } from "./thread_link.js";
import { drawUnsentFiles } from "./unsent_files.js";

/**
 * @import { Places } from "../places.js"
 * @import { SavedMessages } from "../saved_messages.js"
 * @import { Store } from "../store.js"
 * @import { Shown } from "../unsent.js"
 * @import { Uploads } from "../uploads/uploads.js"
 * @import { Addresses, Message, Quote, Reaction } from "../wire.d.ts"
 * @import { Attachments } from "./attachments.js"
 */

/** What in a message can have the focus. */
const USABLE = "a, button, pre, video, audio, input";
/** For ids that are unique on the page. */
let articles = 0;

export class MessageView {
  #store;
  #quoted;
  #addressOf;
  #body;
  #attachments;
  #idPrefix;
  #uploads;
  #saved;
  #urls;

  /**
   * @param {{store: Store, uploads: Uploads, saved: SavedMessages, urls: Addresses}} tab
   * @param {(id: number) => Message | Quote | undefined} quoted the newest known form of an answered message
   * @param {(id: number) => string} addressOf the permalink of a message
   * @param {Places} places of the site
   * @param {Attachments} attachments
   * @param {string} [idPrefix] of the ids of articles: the room and a thread may show the same message
   */
  constructor({ store, uploads, saved, urls }, quoted, addressOf, places, attachments, idPrefix = "message") {
    this.#idPrefix = idPrefix;
    this.#attachments = attachments;
    this.#body = new MessageBody(places, (slug) => store.rooms.get(slug)?.name, (id) => store.people.get(id));
    this.#store = store;
    this.#uploads = uploads;
    this.#saved = saved;
    this.#urls = urls;
    this.#quoted = quoted;
    this.#addressOf = addressOf;
  }

  /** @param {Shown} message @returns {HTMLElement} */
  make(message) {
    const article = fromTemplate("message-template");
    if (message.guest) replaceByText(find(article, ".author"));
    const author = find(article, ".author");
    labelArticle(article);
    if (message.guest) author.after(" ", fromTemplate("guest-tag-template"));
    else if (message.author?.bot) author.after(" ", fromTemplate("bot-tag-template"));
    this.drawSender(article, message);
    this.draw(article, message);
    return article;
  }

  /** Draw the name, picture and status of the sender. @param {HTMLElement} article @param {Shown} message */
  drawSender(article, message) {
    const { people } = this.#store;
    const sender = senderOf(message);
    const name = people.nameOf(sender);
    drawAvatar(find(article, ".avatar"), { key: personKey(sender), name, picture: people.pictureOf(sender) });
    const author = find(article, ".author");
    setText(author, name);
    if (message.author) {
      for (const part of [author, find(article, ".avatar")]) part.dataset.person = String(message.author.id);
    }
    author.title = message.author ? `@${people.get(message.author.id)?.handle ?? message.author.handle}` : "";
    drawStatus(author, people.statusOf(sender));
    article.classList.toggle("is-action", this.#body.drawAction(find(article, ".body"), name, message.author?.id));
  }

  /** Draw the people in a message whose names or pictures changed. @param {HTMLElement} article @param {Shown} message */
  drawPeople(article, message) {
    this.drawSender(article, message);
    this.#body.drawMentions(find(article, ".body"));
    this.drawQuote(article, message);
    this.drawPoll(article, message);
    const reactions = findOptional(article, ":scope > .reactions");
    if (reactions) this.#drawReactions(reactions, message.reactions);
    this.drawMarks(article, message);
    this.drawThread(article, message);
  }

  /** Draw everything that can change. @param {HTMLElement} article @param {Shown} message */
  draw(article, message) {
    const { you } = this.#store;
    const { classList, dataset } = article;
    dataset.clientId = message.client_id;
    if (message.id !== null) {
      Object.assign(dataset, { id: message.id, seq: message.seq, version: message.version });
      article.id = `${this.#idPrefix}-${message.id}`;
    }
    const mine = isMine(message, you);
    classList.toggle("deleted", message.deleted);
    classList.toggle("mine", mine);
    classList.toggle("mentions-me", !mine && (isMentioned(message, you) || Boolean(message.mentions?.here)));
    drawTime(find(article, ".at", HTMLTimeElement), message);
    const body = find(article, ".body");
    this.#body.draw(body, message, you.user?.id, mine);
    // When accounts are merged, messages get another author.
    const { person } = find(article, ".author").dataset;
    if (message.author && person !== String(message.author.id)) this.drawSender(article, message);
    const name = this.#store.people.nameOf(senderOf(message));
    classList.toggle("is-action", this.#body.drawAction(body, name, message.author?.id));
    const files = updatePart(article, "attachments", message.attachments.length > 0);
    if (files) this.#attachments.draw(files, message.attachments);
    this.drawQuote(article, message);
    this.drawFiles(article, message);
    this.drawPoll(article, message);
    drawSilent(find(article, ".byline"), message.silent && !message.deleted);
    const previews = updatePart(article, "previews", message.previews.length > 0);
    if (previews) {
      drawPreviews(previews, message.previews);
      // They may come after the first reaction.
      findOptional(article, ":scope > .reactions")?.before(previews);
    }
    const reactions = updatePart(article, "reactions", message.reactions.length > 0);
    if (reactions) this.#drawReactions(reactions, message.reactions);
    this.drawMarks(article, message);
    this.drawThread(article, message);
    drawDelivery(article, message);
    // The timeline is one stop of Tab; the arrow keys go into a message (timeline_keys.js).
    for (const usable of findAll(article, USABLE)) usable.tabIndex = -1;
  }

  /** Draw the marks of a message: message_marks.js. @param {HTMLElement} article @param {Shown} message */
  drawMarks(article, message) {
    const saved = message.id === null ? undefined : this.#saved.get(message.id);
    drawMarks(article, message, saved, this.#store.people);
  }

  /**
   * Draw the summary of the thread that a message begins, or where a reply belongs that the room shows, too.
   * @param {HTMLElement} article
   * @param {Shown} message
   */
  drawThread(article, { id, thread, replies }) {
    const byline = find(article, ".byline");
    const origin = findOptional(byline, ".thread-origin");
    if (id !== null && thread !== null && !origin) byline.append(" ", fromTemplate("thread-origin-template"));
    const link = updatePart(article, "thread-link", replies !== null);
    if (link && replies) drawThreadLink(link, replies, this.#store, id !== null && this.#store.isThreadUnread(id));
  }

  /** Draw the files of a message of the outbox, and how far they are. @param {HTMLElement} article @param {Shown} message */
  drawFiles(article, { files = [] }) {
    const list = updatePart(article, "unsent-files", files.length > 0);
    if (list) drawUnsentFiles(list, files, this.#uploads);
  }

  /** Draw the poll of a message, with what the reader chose. @param {HTMLElement} article @param {Shown} message */
  drawPoll(article, { id, poll, ...message }) {
    const element = updatePart(article, "poll", poll !== null);
    if (!element || !poll) return;
    const { ownVotes, people, you } = this.#store;
    drawPoll(element, poll, {
      chosen: id !== null && you.user ? ownVotes.of(id) : [],
      canVote: id !== null && you.user !== null,
      canClose: id !== null && isMine(message, you),
      nameOf: (person) => people.name(person),
    });
    findOptional(article, ":scope > .reactions")?.before(element);
  }

  /**
   * Draw the line with the answered message, which changes with that message.
   * @param {HTMLElement} article
   * @param {Shown} message
   */
  drawQuote(article, { reply_to: id }) {
    const line = updatePart(article, "quote", id !== null, "prepend");
    if (!line || id === null) return;
    const quoted = this.#quoted(id);
    setText(find(line, ".quote-author"), quoted ? this.#store.people.nameOf(senderOf(quoted)) : "");
    setText(find(line, ".quote-text"), quoteText(quoted));
    this.#attachments.drawQuoted(line, filesOf(quoted)[0] ?? null);
    line.setAttribute("href", this.#addressOf(id));
    line.tabIndex = -1;
  }

  /** @param {HTMLElement} list @param {Reaction[]} reactions */
  #drawReactions(list, reactions) {
    const { people, you } = this.#store;
    drawReactions(list, reactions, you, (person) => people.name(person), this.#urls);
  }
}

/** Set what a screen reader says of an article: the sender, the text, the time. @param {HTMLElement} article */
function labelArticle(article) {
  articles += 1;
  const ids = ["author", "body", "at"].map((name) => (find(article, `.${name}`).id = `${name}-${articles}`));
  article.setAttribute("aria-labelledby", ids.join(" "));
}
