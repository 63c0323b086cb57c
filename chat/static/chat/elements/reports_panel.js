/**
 * The panel with what waits for the moderators of a room: messages that filters hold, reports with their context, and the
 * people who are muted here.
 */

import { closest, find, findOptional, fromTemplate, placeChildren, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { Timer } from "../timer.js";
import { heldItem, muteItem } from "./moderation_items.js";
import { errorText } from "./notice.js";
import { ReportActs } from "./report_acts.js";
import { doneText, drawReport } from "./report_item.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Report } from "../wire.d.ts"
 * @import { Request } from "./report_acts.js"
 * @import { SidePanel } from "./side_panel.js"
 */

const NAME = "reports";
/** Several changes may come at the same moment. */
const ASK_AFTER_MS = 200;

/**
 * Opens the panel by each `data-open-reports` of the room.
 * @param {HTMLElement} root of the room
 * @param {RoomContext} context
 * @param {{panel: SidePanel, goTo: (message: number) => void}} parts
 */
export function openReportsPanel(root, context, { panel, goTo }) {
  /** @type {AbortController | null} */
  let ending = null;
  root.addEventListener("click", (event) => {
    const opener = closest(event, "[data-open-reports]");
    if (!opener) return;
    // The button above the room closes what it has opened.
    if (panel.shown === NAME && !panel.isSheet) return panel.close();
    ending = new AbortController();
    const element = fromTemplate("reports-panel-template");
    panel.open({ name: NAME, title: phrase("reports"), element });
    new ReportsPanel(element, { ...context, signal: ending.signal }, panel, goTo);
  }, { signal: context.signal });
  panel.on("close", (name) => name === NAME && ending?.abort());
}

class ReportsPanel {
  #root;
  #context;
  #acts;
  /** @type {Report[]} */
  #reports = [];
  /** Whether those that ended are shown. */
  #ended = false;
  #timer;

  /** @param {HTMLElement} root @param {RoomContext} context @param {SidePanel} panel @param {(message: number) => void} goTo */
  constructor(root, context, panel, goTo) {
    const { connection, room, signal, store } = context;
    this.#root = root;
    this.#context = context;
    const request = this.#request.bind(this);
    const say = this.#say.bind(this);
    this.#acts = new ReportActs(context, { panel, goTo, request, say });
    this.#timer = new Timer(() => void this.#ask(), signal);
    root.addEventListener("click", (event) => void this.#clicked(event), { signal });
    find(root, ".reports-more").addEventListener("click", () => void this.#ask(this.#reports.at(-1)?.id), { signal });
    find(root, ".reports-which").addEventListener("change", (event) => this.#chosen(event), { signal });
    store.on("reports", (event) => event.room === room && this.#timer.start(ASK_AFTER_MS), { signal });
    connection.on("state", ({ name }) => name === "online" && this.#timer.start(ASK_AFTER_MS), { signal });
    void this.#ask();
  }

  /** @param {Event} event */
  #chosen({ target }) {
    this.#ended = target instanceof HTMLSelectElement && target.value === "ended";
    void this.#ask();
  }

  /** @param {number} [before] the id of the last report that is shown */
  async #ask(before) {
    const { connection, room, signal } = this.#context;
    try {
      const { held, more, mutes, reports } = await connection.request(command.reports(room, this.#ended, before));
      if (signal.aborted) return;
      this.#reports = before === undefined ? reports : [...this.#reports, ...reports];
      const root = this.#root;
      find(root, ".held-list").replaceChildren(...held.map((each) => heldItem(each)));
      show(find(root, ".held-part"), held.length > 0);
      this.#drawReports();
      show(find(root, ".reports-none"), this.#reports.length === 0 && held.length === 0);
      show(find(root, ".reports-more"), more);
      find(root, ".mute-list").replaceChildren(...mutes.map((each) => muteItem(each)));
      show(find(root, ".mutes-part"), mutes.length > 0);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#say(errorText(error), true);
    }
  }

  /** Items that were shown before stay: a moderator may be reading or writing in them. */
  #drawReports() {
    const list = find(this.#root, ".report-list");
    const items = this.#reports.map((report) => {
      const item = findOptional(list, `[data-report="${report.id}"]`) ?? fromTemplate("report-item-template");
      drawReport(item, report);
      return item;
    });
    placeChildren(list, items);
  }

  /** @param {MouseEvent} event */
  async #clicked(event) {
    const act = closest(event, "[data-act]")?.dataset.act;
    if (!act) return;
    const item = closest(event, "li");
    const { room } = this.#context;
    const held = Number(item?.dataset.held);
    if (act === "post" || act === "refuse") {
      await this.#request(command.decideHeld(held, act === "post"), doneText(act), item);
      return;
    }
    if (act === "unmute" && item) {
      const { guest = "", name = "", person } = item.dataset;
      const whom = person ? { person: Number(person) } : { guest };
      await this.#request(command.mutePerson(room, whom, 0), phrase("person_unmuted", { name }), item);
      return;
    }
    const report = this.#reports.find(({ id }) => id === Number(item?.dataset.report));
    if (item && report) await this.#acts.perform(act, report, item);
  }

  /** @type {Request} */
  async #request(what, done, item) {
    const at = item?.parentElement ? [...item.parentElement.children].indexOf(item) : 0;
    const list = item?.parentElement;
    let isDone = true;
    try {
      await this.#context.connection.request(what);
      this.#say(done);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // Another moderator may have been faster.
      this.#say(errorText(error), true);
      isDone = false;
    }
    await this.#ask();
    if (!item?.isConnected && !this.#context.signal.aborted) this.#focusBeside(list ?? null, at);
    return isDone;
  }

  /** The item that had the focus is gone: give it to the one in its place. @param {Element | null | undefined} list @param {number} at */
  #focusBeside(list, at) {
    const { activeElement } = document;
    if (activeElement && activeElement !== document.body && activeElement.tagName !== "DIALOG") return;
    const next = list?.children[Math.min(at, list.children.length - 1)];
    const button = next && findOptional(/** @type {HTMLElement} */ (next), "button:not([hidden])");
    (button ?? find(this.#root, ".reports-which")).focus();
  }

  /** Say what was done, or why not. @param {string} text @param {boolean} [isError] */
  #say(text, isError = false) {
    const line = find(this.#root, ".reports-done");
    line.classList.toggle("is-error", isError);
    setText(line, text);
    show(line, text !== "");
  }
}
