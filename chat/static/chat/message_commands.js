/** Does the actions on messages: those of message_actions.js, and those that parts of a message offer. */

import { changeMessage } from "./change_message.js";
import { copyText } from "./clipboard.js";
import { plannedTime } from "./dates.js";
import { askComment } from "./elements/forward_dialog.js";
import { showHistory } from "./elements/history_dialog.js";
import { askReminder } from "./elements/remind_dialog.js";
import { MESSAGE_ACTIONS, allowedActions } from "./message_actions.js";
import { phrase } from "./phrases.js";
import { chosenAfter } from "./poll_text.js";
import { command } from "./protocol.js";
import { isReactedBy, unnamed } from "./reactions.js";
import { muteSender, reportMessage } from "./report_commands.js";
import { isMine } from "./senders.js";
import { shownCopy } from "./shown_copy.js";
import { isStored } from "./unsent.js";
import { messageUrl } from "./urls.js";

/**
 * @import { Choice } from "./elements/actions.js"
 * @import { CommandError } from "./protocol.js"
 * @import { Change, WithoutSend } from "./message_actions.js"
 * @import { Elements } from "./room_commands.js"
 * @import { RoomContext } from "./room_view.js"
 * @import { Shown, Stored } from "./unsent.js"
 * @import * as wire from "./wire.d.ts"
 */

export class MessageCommands {
  #context;
  #elements;
  #goTo;
  /**
   * By action. The last ones are not in the table: only parts of a message offer them.
   * @type {Record<WithoutSend | "tick" | "restore" | "quote" | "remove_preview", (choice: Choice & {message: Stored}) => void>}
   */
  #forStored = {
    react: ({ message, emoji = "" }) => this.#react(message, emoji),
    thread: ({ message }) => this.#elements.openThread(message.thread ?? message.id),
    reply: ({ message }) => this.#elements.composer.reply(message),
    edit: ({ message }) => this.#elements.composer.edit(message),
    save: ({ message }) => this.#save(message),
    remind: ({ message }) => this.#remind(message),
    forward: ({ message }) => this.#forward(message),
    history: ({ message }) => this.#showHistory(message),
    report: ({ message }) => reportMessage(this.#context, message),
    mute: ({ message }) => muteSender(this.#context, message),
    ban_guest: ({ message }) => this.#banGuest(message),
    delete: ({ message }) => this.#delete(message),
    copy: ({ message }) => this.#copyText(message),
    link: ({ message }) => this.#copyLink(message),
    unread: ({ message }) => this.#markUnread(message),
    vote: ({ message, option = -1 }) => this.#vote(message, option),
    tick: ({ message, box }) => box && this.#tick(message, box),
    restore: ({ message }) => this.#request(command.restore(message.id)),
    quote: ({ message }) => this.#goTo(message.reply_to),
    remove_preview: ({ message, url = "" }) => this.#request(command.removePreview(message.id, url)),
  };
  /** @type {Record<string, (choice: Choice) => void>} by action */
  #forUnsent = {
    retry: ({ message }) => this.#context.outbox.retry(message.client_id),
    discard: ({ message }) => this.#context.outbox.discard(message.client_id),
    withdraw: ({ message }) => this.#withdraw(message.client_id),
    quote: ({ message }) => this.#goTo(message.reply_to),
  };

  /**
   * @param {RoomContext} context
   * @param {Pick<Elements, "composer" | "head" | "openThread" | "timeline">} elements
   * @param {(id: number | null) => void} goTo shows a message
   */
  constructor(context, elements, goTo) {
    this.#context = context;
    this.#elements = elements;
    this.#goTo = goTo;
  }

  /** Which actions are offered for a message. @param {Shown} message @returns {Set<string>} */
  allowed(message) {
    const { bans, room, saved, seesEdits, store } = this.#context;
    const state = store.rooms.get(room);
    const { head } = this.#elements;
    return allowedActions(message, store.you, state?.role ?? null, {
      isOpen: head.isWritable,
      mayPost: head.isOpen,
      isDirect: state?.kind === "direct",
      whoPins: state?.who_pins,
      isSaved: message.id !== null && saved.get(message.id) !== undefined,
      seesEdits,
      mayBan: bans !== null,
    });
  }

  /** @param {Choice} choice */
  perform(choice) {
    const { action, message } = choice;
    if (!isStored(message)) return this.#forUnsent[action]?.(choice);
    const { send } = MESSAGE_ACTIONS.find(({ name }) => name === action) ?? {};
    if (send) void this.#request(send(message));
    else this.#forStored[/** @type {WithoutSend} */ (action)]({ ...choice, message });
  }

  /** Add the person's reaction, or remove it. @param {Stored} message @param {string} emoji */
  async #react(message, emoji) {
    const reaction = message.reactions.find((each) => each.emoji === emoji);
    const on = !isReactedBy(reaction, this.#context.store.you);
    // After a click the composer gets the focus, so that the person can go on writing. After a key the focus stays.
    if (!document.activeElement?.matches(":focus-visible")) this.#elements.composer.focusUnlessTouch();
    const error = await this.#request(command.react(message.id, emoji, on));
    if (error || !on || !unnamed(reaction)) return;
    // Nothing changed: this person had reacted already, but the server did not name them. So remove the reaction.
    if (this.#copy?.get(message.id)?.version === message.version) {
      await this.#request(command.react(message.id, emoji, false));
    }
  }

  /** Choose an option of a poll, or take that back. @param {Stored} message @param {number} option its place */
  async #vote(message, option) {
    const { ownVotes } = this.#context.store;
    if (!message.poll || !this.allowed(message).has("vote")) return;
    const former = [...ownVotes.of(message.id)];
    const options = chosenAfter(message.poll, former, option);
    // Before the answer: the next click adds to this choice.
    ownVotes.apply({ message: message.id, options });
    const error = await this.#request(command.vote(message.id, options));
    if (error) ownVotes.apply({ message: message.id, options: former });
  }

  /** The server deletes at once, and restores what is undone: who closes the page has deleted it. @param {Stored} message */
  async #delete({ id }) {
    const { notice } = this.#context;
    const error = await this.#request(command.delete(id));
    if (error) return;
    notice.inform(phrase("message_deleted"), {
      label: phrase("undo"),
      run: () => {
        this.#elements.timeline.articleOf(id)?.focus({ preventScroll: true });
        void this.#request(command.restore(id));
      },
    });
  }

  /** Tick the task of a box that was clicked, or remove the tick. @param {Stored} message @param {HTMLInputElement} box */
  async #tick(message, box) {
    const error = await this.#request(command.tick(message.id, Number(box.dataset.task), box.checked));
    if (error) box.checked = !box.checked;
  }

  /** @param {Stored} message */
  async #save(message) {
    const error = await this.#request(command.save(message.id, true));
    if (error) return;
    const run = () => this.#remind(message);
    this.#context.notice.inform(phrase("message_saved"), { label: phrase("remind_me"), run });
  }

  /** @param {Stored} message */
  async #remind({ id }) {
    const { notice, signal } = this.#context;
    const at = await askReminder(signal);
    if (!at) return;
    const error = await this.#request(command.save(id, true, at));
    if (!error) notice.inform(phrase("reminder_set", { time: plannedTime(at) }));
  }

  /** @param {Stored} message */
  async #forward(message) {
    const { connection, notice, signal, targets } = this.#context;
    const target = await targets.pick(phrase("forward_where"));
    const comment = target && !signal.aborted ? await askComment(message, target.name, signal) : null;
    if (!target || comment === null) return;
    const clientId = crypto.randomUUID();
    const forwarded = target.slug().then((room) =>
      connection.request(command.forward({ message: message.id, room, client_id: clientId, comment })),
    );
    const error = await notice.errorOf(forwarded);
    if (!error) notice.inform(phrase("forwarded", { room: target.name }));
  }

  /** @param {Stored} message */
  async #showHistory(message) {
    const { connection, notice, signal } = this.#context;
    const asked = connection.request(command.edits(message.id));
    const error = await notice.errorOf(asked);
    if (!error && !signal.aborted) showHistory(this.#copy?.get(message.id) ?? message, (await asked).former, signal);
  }

  /** Take back a message that waits for a moderator. @param {string} clientId */
  async #withdraw(clientId) {
    const { connection, notice, outbox } = this.#context;
    const error = await notice.errorOf(connection.request(command.withdrawHeld(clientId)));
    if (error) outbox.retry(clientId);
    else outbox.discard(clientId);
  }

  /** @param {Stored} message */
  async #copyText({ text }) {
    if (!(await copyText(text))) this.#context.notice.show(phrase("not_copied"));
  }

  /** @param {Stored} message */
  async #copyLink({ id }) {
    const { notice, room, urls } = this.#context;
    const link = new URL(messageUrl(urls, room, id), location.href).href;
    if (await copyText(link)) notice.inform(phrase("link_copied"));
    else notice.show(phrase("not_copied"));
  }

  /** @param {Stored} message */
  async #markUnread({ id, seq }) {
    const { notice, store } = this.#context;
    const error = await this.#request(command.markUnread(id));
    const { messages = [] } = this.#copy ?? {};
    const isOfOthers = messages.some((each) => each.seq >= seq && !each.deleted && !isMine(each, store.you));
    if (!error && !isOfOthers) notice.show(phrase("nothing_unread"));
  }

  /** Open the page of the admin that bans the guest who wrote a message. @param {wire.Message} message */
  #banGuest({ guest }) {
    const { bans } = this.#context;
    if (bans && guest) location.assign(`${bans.guest}?${new URLSearchParams({ guest: guest.id, named: guest.name })}`);
  }

  get #copy() {
    return shownCopy(this.#context);
  }

  /** @param {Change} what @returns {Promise<CommandError | null>} */
  #request(what) {
    return changeMessage(this.#context, what);
  }
}
