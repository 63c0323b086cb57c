/** What a moderator does with one report in the panel: its buttons, the dialogs that they open, and what they show. */

import { find, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { errorText } from "./notice.js";
import { askRemove } from "./remove_dialog.js";
import { askMute, isMutedIn } from "./report_dialog.js";
import { doneText, drawContext, nameOf } from "./report_item.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Report } from "../wire.d.ts"
 * @import { SidePanel } from "./side_panel.js"
 *
 * @typedef {(
 *   what: Parameters<RoomContext["connection"]["request"]>[0], done: string, item: HTMLElement | null
 * ) => Promise<boolean>} Request asks the server, says `done`, draws all again; whether it was done
 *
 * @typedef {object} ReportParts
 * @property {SidePanel} panel
 * @property {(message: number) => void} goTo
 * @property {Request} request
 * @property {(text: string, isError?: boolean) => void} say
 */

export class ReportActs {
  #context;
  #parts;

  /** By `data-act` of the button. @type {Record<string, (report: Report, item: HTMLElement) => Promise<void> | void>} */
  #acts = {
    goto: (report) => this.#goToMessage(report),
    context: (report, item) => this.#toggleContext(report, item),
    restore: (report, item) => this.#restore(report, item),
    mute: (report, item) => this.#mute(report, item),
    ban: (report, item) => this.#ban(report, item),
    write: (_, item) => this.#toggleWriting(item, Boolean(find(item, ".report-write").hidden)),
    send: (report, item) => this.#send(report, item),
    dismiss: (report, item) => this.#decide("dismiss", report, item),
    remove: (report, item) => this.#decide("remove", report, item),
  };

  /** @param {RoomContext} context @param {ReportParts} parts */
  constructor(context, parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** @param {string} act of the button @param {Report} report @param {HTMLElement} item that shows it */
  async perform(act, report, item) {
    if (Object.hasOwn(this.#acts, act)) await this.#acts[act]?.(report, item);
  }

  /** @param {"dismiss" | "remove"} act @param {Report} report @param {HTMLElement} item */
  async #decide(act, { id }, item) {
    await this.#parts.request(command.decideReport(id, act, {}), doneText(act), item);
  }

  /** @param {Report} report */
  #goToMessage({ message }) {
    if (!message) return;
    this.#parts.panel.close();
    this.#parts.goTo(message.id);
  }

  /** @param {Report} report @param {HTMLElement} item */
  async #restore({ message }, item) {
    if (message) await this.#parts.request(command.restore(message.id), phrase("done_restore"), item);
  }

  /** @param {Report} report @param {HTMLElement} item */
  async #ban(report, item) {
    const name = nameOf(report.about, report.guest);
    if (!(await askRemove(name, this.#context.signal))) return;
    await this.#parts.request(command.decideReport(report.id, "ban", {}), phrase("done_ban", { name }), item);
  }

  /** Write to the person who reported. @param {Report} report @param {HTMLElement} item */
  async #send(report, item) {
    const field = find(item, ".report-write textarea", HTMLTextAreaElement);
    const note = field.value;
    if (!note.trim()) return field.focus();
    const what = command.decideReport(report.id, "write", { note });
    if (await this.#parts.request(what, phrase("done_write"), item)) this.#toggleWriting(item, false);
  }

  /** @param {Report} report @param {HTMLElement} item */
  async #mute(report, item) {
    const { connection, room, signal } = this.#context;
    const { request } = this.#parts;
    const { about, guest } = report;
    const name = nameOf(about, guest);
    const whom = about ? { person: about.id } : { guest: guest?.id ?? "" };
    const chosen = await askMute(phrase("mute_title", { name }), isMutedIn(connection, room, whom), signal);
    if (!chosen) return;
    const { minutes, reason: note } = chosen;
    if (minutes > 0) {
      const what = command.decideReport(report.id, "mute", { minutes, note });
      await request(what, phrase("person_muted", { name }), item);
    } else {
      await request(command.mutePerson(room, whom, 0), phrase("person_unmuted", { name }), item);
    }
  }

  /** @param {HTMLElement} item @param {boolean} isOpen */
  #toggleWriting(item, isOpen) {
    const field = find(item, ".report-write textarea", HTMLTextAreaElement);
    show(find(item, ".report-write"), isOpen);
    find(item, "[data-act=write]").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) return field.focus();
    field.value = "";
    if (item.isConnected) find(item, "[data-act=write]").focus();
  }

  /** Show the messages around the reported one, or hide them. @param {Report} report @param {HTMLElement} item */
  async #toggleContext(report, item) {
    const { connection, signal } = this.#context;
    const place = find(item, ".report-context");
    const isOpen = Boolean(place.hidden);
    if (isOpen) {
      try {
        drawContext(place, await connection.request(command.reportContext(report.id)));
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        return this.#parts.say(errorText(error), true);
      }
    }
    if (signal.aborted) return;
    show(place, isOpen);
    find(item, "[data-act=context]").setAttribute("aria-expanded", String(isOpen));
  }
}
