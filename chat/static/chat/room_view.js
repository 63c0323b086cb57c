/**
 * The view of one room, from `mount` to `unmount`: connects its elements, and draws what changes in its copy.
 *
 * Everything that a view adds outside its own objects (listeners, timers, observers, subscriptions) ends with one
 * AbortSignal. What lives as long as the tab is in tab.js.
 */

import { find } from "./dom.js";
import { Actions } from "./elements/actions.js";
import { Composer } from "./elements/composer.js";
import { Zone } from "./elements/composer_zone.js";
import { DayChip } from "./elements/day_chip.js";
import { openFiltersPanel } from "./elements/filters_panel.js";
import { openFilesPanel } from "./elements/files_panel.js";
import { showFirstRun } from "./elements/first_run.js";
import { Landing } from "./elements/landing.js";
import { LogPages } from "./elements/log_pages.js";
import { Pins } from "./elements/pins.js";
import { Reader } from "./elements/reader.js";
import { RoomHead } from "./elements/room_head.js";
import { openPictures } from "./elements/room_files.js";
import { showReportsButton } from "./elements/reports_button.js";
import { openReportsPanel } from "./elements/reports_panel.js";
import { openRoomPanel } from "./elements/room_panel.js";
import { Receipts } from "./elements/receipts.js";
import { ScrollPosition } from "./elements/scroll_position.js";
import { Scroller } from "./elements/scroller.js";
import { showSearchBeside } from "./elements/search_panel.js";
import { SidePanel } from "./elements/side_panel.js";
import { Timeline } from "./elements/timeline.js";
import { Threads } from "./elements/threads.js";
import { UnknownPeople } from "./elements/unknown_people.js";
import { TimelineKeys } from "./elements/timeline_keys.js";
import { TypingLine } from "./elements/typing_line.js";
import { KEPT } from "./kept_copies.js";
import { nextFrame } from "./next_frame.js";
import { phrase } from "./phrases.js";
import { command } from "./protocol.js";
import { RoomCommands } from "./room_commands.js";
import { RoomDrawing } from "./room_drawing.js";

/**
 * @import { CommandError } from "./protocol.js"
 * @import { RoomSync } from "./room_sync.js"
 * @import { Tab } from "./tab.js"
 * @import { ThreadCopy } from "./thread_copy.js"
 *
 * @typedef {object} Ways
 * @property {(room: string) => void} goToRoom shows another room, by its slug
 * @property {(room: string) => () => void} exitFrom how to go on when the person leaves a room: see shell.js
 *
 * @typedef {Tab & Ways} TabContext what lives as long as the tab, and the ways to other rooms
 *
 * @typedef {"unread" | "left" | number} Place where to read in a room: the first unread message (the end, if there is none);
 *   where the reader left the room in this tab; or a message, by its id
 *
 * @typedef {TabContext & {room: string, signal: AbortSignal, threadCopy?: ThreadCopy}} RoomContext what elements of a room share: `room` is a
 *   slug, `signal` is aborted by `unmount`; `threadCopy` has the messages of a thread that the elements show
 *
 * @typedef {object} Visit a person's stay in a room, from the moment when they asked for it
 * @property {string} room a slug
 * @property {AbortController} ending aborted when the room is left
 * @property {RoomSync} sync keeps the copy up to date; it may have begun already
 */

export class RoomView {
  #ending;
  #sync;
  #context;
  #timeline;
  #landing;
  #pages;
  #reader;
  #position;
  #composer;
  #head;
  #actions;
  #receipts;
  #commands;
  #drawing;

  /**
   * Draw a room and make it usable. Its copy may be missing or too old to have the first unread message: then the view
   * waits for the answer to `open` before it goes there.
   * @param {HTMLElement} root an element `.room` as the template makes it
   * @param {TabContext} tab
   * @param {Visit} visit
   * @param {object} [options]
   * @param {boolean} [options.isCurrent] whether the copy is that of the server's page, loaded a moment ago
   * @param {Place} [options.at] where to begin to read
   */
  static mount(root, tab, visit, { isCurrent = false, at = "unread" } = {}) {
    const view = new RoomView(root, tab, visit);
    view.#begin(isCurrent, at);
    return view;
  }

  /**
   * Callers use `mount`, which also draws the room.
   * @param {HTMLElement} root
   * @param {TabContext} tab
   * @param {Visit} visit
   */
  constructor(root, tab, { room, ending, sync }) {
    const { signal } = ending;
    this.#ending = ending;
    this.#sync = sync;
    const context = { ...tab, room, signal };
    this.root = root;
    this.room = room;
    this.#context = context;
    const scroller = new Scroller(root, signal);
    const timeline = (this.#timeline = new Timeline(root, context, scroller));
    const pages = (this.#pages = new LogPages(context, scroller, () => this.#drawing.now()));
    const composer = (this.#composer = new Composer(find(root, ".foot"), context, { zone: new Zone(root, { isWhole: true }) }));
    const head = (this.#head = new RoomHead(root, context));
    const panel = new SidePanel(root, signal);
    const threads = new Threads(context, { panel, head, goTo: (message) => void commands.goTo(message) });
    new UnknownPeople(context);
    const openThread = threads.open;
    const commands = (this.#commands = new RoomCommands(context, { composer, head, pages, scroller, timeline, openThread }));
    this.#reader = new Reader(root, context, { timeline, scroller, pages });
    this.#position = new ScrollPosition(context, { timeline, scroller, pages });
    this.#actions = new Actions(root, context, { timeline, allowed: (message) => commands.allowed(message) });
    this.#receipts = new Receipts(context, { timeline, scroller });
    const [actions, position, reader, receipts] = [this.#actions, this.#position, this.#reader, this.#receipts];
    const drawn = { actions, composer, pages, position, reader, receipts, timeline };
    this.#landing = new Landing({ position, reader, scroller, goTo: (message) => void commands.goTo(message) }, signal);
    this.#drawing = new RoomDrawing(context, drawn, this.#landing);
    new TimelineKeys(root, { timeline, actions: this.#actions }, signal);
    new TypingLine(root, context);
    new DayChip(root, { timeline, scroller }, signal);
    showFirstRun(root, context);
    openPictures(root, context, (message) => void commands.goTo(message));
    openRoomPanel(root, context, panel);
    showReportsButton(root, context);
    openFiltersPanel(root, context, panel);
    openReportsPanel(root, context, { panel, goTo: (message) => void commands.goTo(message) });
    openFilesPanel(root, context, { panel, goTo: (message) => void commands.goTo(message) });
    showSearchBeside(context, panel);
    new Pins(root, context, {
      panel,
      sync,
      goTo: (message) => void commands.goTo(message),
      mayPin: (message) => commands.allowed(message).has("unpin"),
    });
    tab.notice.moveBefore(find(root, ".compose"));
    this.#listen(signal);
  }

  /** End the view. Its DOM stays as it is; the caller removes it. */
  unmount() {
    this.#position.keep();
    this.#reader.sendReadMark();
    this.#copy?.shrink(this.#position.current()?.seq ?? Infinity, KEPT.messages, KEPT.messages);
    this.#ending.abort();
  }

  /** Show another place in the room. @param {Place} [at] */
  show(at) {
    if (at !== undefined) this.#landing.show(at, this.#sync.isReady);
  }

  /** Give the focus to the composer, or else to the name of the room. */
  focus() {
    if (!this.focusComposer()) find(this.root, ".room-name").focus({ preventScroll: true });
  }

  /** Give the focus to the composer, unless that is closed or opens a keyboard. @returns {boolean} whether it has it */
  focusComposer() {
    const isUsable = matchMedia("(pointer: fine)").matches && this.#head.isOpen;
    if (isUsable) this.#composer.focus();
    return isUsable;
  }

  /** @param {boolean} isCurrent @param {Place} at */
  #begin(isCurrent, at) {
    const { isReady } = this.#sync;
    const lands = isCurrent || isReady || !this.#context.connection.online || this.#reader.knowsUnread;
    this.#drawing.begin(this.#landing.near(at), lands ? this.#reader.newAfter : null);
    this.#landing.begin(at, { lands, isReady });
    if (isReady) this.#ready();
  }

  /** The copy is up to date. */
  #ready() {
    this.#drawing.now();
    this.#landing.land(this.#sync.isReady);
    this.#reader.catchUp();
    this.#context.outbox.resume();
    this.#receipts.refresh();
    this.#reader.refresh();
    this.#pages.refresh();
    this.#position.load();
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { connection, notice, outbox, room, saved, store } = this.#context;
    const [commands, composer] = [this.#commands, this.#composer];
    store.on("messages", (event) => event.room === room && this.#drawing.receive(event), { signal });
    store.on("people", ({ ids }) => this.#timeline.updatePeople(ids), { signal });
    store.on("look", () => this.#timeline.updateTimes(), { signal });
    store.on("rooms", nextFrame(() => this.#timeline.updateThreads(), signal).ask, { signal });
    const outboxChanged = () => {
      // A stored message takes over its article from the outbox, so stored messages are drawn first.
      this.#drawing.now();
      this.#timeline.updateUnsent();
    };
    outbox.on("change", outboxChanged, { signal });
    const savedChanged = () => {
      this.#timeline.updateMarks();
      this.#actions.refresh();
    };
    saved.on("change", savedChanged, { signal });
    outbox.on("delayed", ({ item, error }) => item.room === room && this.#showDelay(error), { signal });
    composer.on("send", (written) => commands.send(written) && this.#reader.sent());
    composer.on("schedule", (written) => void commands.schedule(written));
    composer.on("edit", (edit) => commands.edit(edit));
    composer.on("edit-last", () => commands.editLast());
    composer.on("typing", () => connection.send(command.typing(room)));
    composer.mode.on("change", (target) => this.#timeline.markTarget(target));
    this.#timeline.markTarget(composer.mode.target);
    composer.on("moved-to-draft", () => notice.show(phrase("moved_to_draft")));
    this.#actions.on("do", (choice) => commands.perform(choice));
    find(this.root, ".jump").addEventListener("click", () => composer.focusUnlessTouch(), { signal });
    this.#sync.on("gone", (isGone) => this.#head.setGone(isGone), { signal });
    this.#sync.on("ready", () => this.#ready(), { signal });
  }

  get #copy() {
    return this.#context.store.copy(this.room);
  }

  /** The person's next message is accepted only later. In slow mode the composer says it. @param {CommandError} error */
  #showDelay({ detail, retryAfter }) {
    if (this.#context.store.rooms.get(this.room)?.slow_mode_s) return;
    this.#context.notice.show(phrase("delayed", { reason: detail, seconds: Math.ceil(retryAfter ?? 1) }));
  }
}
