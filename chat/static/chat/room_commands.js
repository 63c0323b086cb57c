/** Sends what a person writes in a room, and leads to its messages. The actions on messages are in message_commands.js. */

import { changeMessage } from "./change_message.js";
import { plannedTime } from "./dates.js";
import { MessageCommands } from "./message_commands.js";
import { phrase } from "./phrases.js";
import { command } from "./protocol.js";
import { isMine } from "./senders.js";
import { shownCopy } from "./shown_copy.js";

/**
 * @import { Choice } from "./elements/actions.js"
 * @import { Composer } from "./elements/composer.js"
 * @import { Edited } from "./elements/composer_edit.js"
 * @import { Sent } from "./elements/composer_sending.js"
 * @import { LogPages } from "./elements/log_pages.js"
 * @import { RoomHead } from "./elements/room_head.js"
 * @import { Scroller } from "./elements/scroller.js"
 * @import { Timeline } from "./elements/timeline.js"
 * @import { RoomContext } from "./room_view.js"
 * @import { Shown } from "./unsent.js"
 * @import * as wire from "./wire.d.ts"
 *
 * @typedef {object} Elements
 * @property {Composer} composer
 * @property {RoomHead} head
 * @property {Pick<LogPages, "showMessage">} pages
 * @property {Scroller} scroller
 * @property {Timeline} timeline
 * @property {(root: number, at?: number) => void} openThread shows a thread, and in it the message `at`
 */

/** An edit that is refused with one of these codes will not be accepted later either. */
const REFUSED_FOR_GOOD = new Set(["not_found", "forbidden", "archived"]);

export class RoomCommands {
  #context;
  #elements;
  #actions;

  /** @param {RoomContext} context @param {Elements} elements */
  constructor(context, elements) {
    this.#context = context;
    this.#elements = elements;
    this.#actions = new MessageCommands(context, elements, (id) => void this.goTo(id));
  }

  /** Which actions are offered for a message. @param {Shown} message @returns {Set<string>} */
  allowed(message) {
    return this.#actions.allowed(message);
  }

  /** Do what was chosen for a message. @param {Choice} choice */
  perform(choice) {
    this.#actions.perform(choice);
  }

  /**
   * Send a message.
   * @param {Sent} written
   * @returns {boolean} false when another tab has sent it
   */
  send({ body, replyTo, thread, inRoom = false, files, clientId, silent, poll }) {
    const { heartbeat, outbox, room, store } = this.#context;
    /** @param {wire.Message} message */
    const isStored = (message) => message.client_id === clientId && isMine(message, store.you);
    if (this.#copy?.messages.some(isStored)) return false;
    const at = new Date().toISOString();
    const place = { room, ...(thread !== null && { thread, in_room: inRoom }) };
    const parts = { ...(files.length && { files }), ...(silent && { silent }), ...(poll && { poll }) };
    outbox.add({ client_id: clientId, ...place, body, reply_to: replyTo, ...parts, at });
    heartbeat.checkSoon();
    return true;
  }

  /** Let the server send a message later. Until it has it, the text stays in the composer. @param {Sent & {at: Date}} written */
  async schedule({ at, ...message }) {
    const { connection, notice, room, uploads } = this.#context;
    const { body, clientId, files, replyTo, thread } = message;
    const attachments = files.map(({ id, alt, spoiler }) => ({ id: uploads.attachmentOf(id), alt, spoiler }));
    const place = { room, thread, ...(replyTo !== null && { reply_to: replyTo }) };
    const what = command.schedule({ ...place, client_id: clientId, body, at: at.toISOString(), attachments });
    const error = await notice.errorOf(connection.request(what));
    // The files waited for longer than the server keeps uploads.
    if (error?.code === "file_missing") void uploads.renew(room, files);
    if (error) return;
    this.#elements.composer.scheduled(message);
    notice.inform(phrase("scheduled_for", { time: plannedTime(at, { isFull: true }) }));
  }

  /** Edit a message. @param {{message: Edited, body: string}} edit */
  async edit({ message, body }) {
    const { composer } = this.#elements;
    const error = await changeMessage(this.#context, command.edit(message.id, body));
    const current = this.#copy?.get(message.id);
    if (!error) composer.editStored(message.id);
    else if (current?.deleted || REFUSED_FOR_GOOD.has(error.code)) composer.editRefused(message.id, body);
    else composer.editFailed(current ?? message, body);
  }

  editLast() {
    /** @param {wire.Message} message */
    const isLast = (message) => !message.deleted && isMine(message, this.#context.store.you);
    const last = this.#copy?.messages.findLast(isLast);
    if (last && this.allowed(last).has("edit")) this.#elements.composer.edit(last);
  }

  get #copy() {
    return shownCopy(this.#context);
  }

  /** Scroll to a message and mark it. Loads the messages around it if that is necessary. @param {number | null} id */
  async goTo(id) {
    const { openThread, pages, scroller, timeline } = this.#elements;
    const { notice, signal } = this.#context;
    if (id === null) return;
    if (!timeline.articleOf(id)) {
      /** @type {number | null} the root of the thread that alone shows the message */
      let thread = null;
      const error = await notice.errorOf(pages.showMessage(id).then((root) => void (thread = root)));
      if (error || signal.aborted) return;
      if (thread !== null) return openThread(thread, id);
    }
    const article = timeline.articleOf(id);
    if (!article) return notice.show(phrase("no_message"));
    timeline.mark(id);
    scroller.reveal(article);
    article.focus({ preventScroll: true });
  }
}
