/** The list of frames: live, with a pause, filters, a selection, and a copy as text. */

import { now } from "../clock.js";
import { copyText } from "../clipboard.js";
import { closest, find, findOptional, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { make } from "./elements.js";
import { OPCODE, parseHead } from "./frame_bytes.js";
import { FrameDetail } from "./frame_detail.js";
import { lineOf, opcodeName, preview } from "./frame_words.js";
import { count, timeOfDay } from "./units.js";

/**
 * @import { Row } from "./frame_log.js"
 * @import { ObservedConnection } from "./observed_connection.js"
 */

const AT_END_PX = 24;
const NOTICE_MS = 2500;

export class FrameTable {
  #observed;
  #root;
  #scroller;
  #body;
  #detail;
  #pause;
  /** The rows that are shown while the list is paused. @type {Row[] | null} */
  #frozen = null;
  /** The elements of the rows that are drawn, by the id of the row. @type {Map<number, HTMLElement>} */
  #drawn = new Map();
  /** @type {number | null} the id of a row */
  #selected = null;

  /** @param {HTMLElement} root @param {ObservedConnection} observed */
  constructor(root, observed) {
    this.#root = root;
    this.#observed = observed;
    this.#scroller = find(root, ".frame-scroller");
    this.#body = find(root, "tbody");
    this.#pause = find(root, ".frame-pause", HTMLButtonElement);
    this.#detail = new FrameDetail(find(root, ".frame-detail"), () => this.#select(null));
    this.#pause.addEventListener("click", () => this.#togglePause());
    find(root, ".frame-clear").addEventListener("click", () => this.#clear());
    find(root, ".frame-copy").addEventListener("click", () => void this.#copy(this.#shown().map(lineOf).join("\n")));
    find(root, ".frame-filters").addEventListener("input", () => this.draw());
    find(root, ".frame-filters").addEventListener("submit", (event) => event.preventDefault());
    this.#body.addEventListener("click", (event) => this.#clicked(event));
    this.#body.addEventListener("keydown", (event) => this.#keyPressed(event));
    find(root, ".frame-copy-one").addEventListener("click", () => void this.#copy(this.#detail.asText()));
  }

  draw() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
    const rows = this.#shown();
    this.#drawRows(rows);
    if (isAtEnd && !this.#frozen) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    show(find(this.#root, ".frame-none"), rows.length === 0);
    show(find(this.#root, ".frame-no-heads"), this.#observed.showsFrames === false);
    this.#drawNote();
    const selected = this.#all().find(({ id }) => id === this.#selected);
    if (selected) this.#detail.draw(selected);
    else if (this.#selected !== null) this.#select(null);
  }

  #all() {
    return this.#frozen ?? this.#observed.log.rows;
  }

  /** The rows that the filters let through. */
  #shown() {
    const form = new FormData(find(this.#root, ".frame-filters", HTMLFormElement));
    const [direction, kind] = [form.get("direction"), form.get("kind")];
    const words = String(form.get("words") ?? "").trim().toLowerCase();
    return this.#all().filter((row) => {
      if (direction && (direction === "received") !== row.fromServer) return false;
      if (kind && (kind === "control") !== row.opcode >= OPCODE.close) return false;
      return !words || `${opcodeName(row.opcode)} ${row.text ?? preview(row)}`.toLowerCase().includes(words);
    });
  }

  /** @param {Row[]} rows */
  #drawRows(rows) {
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, element] of this.#drawn) {
      if (wanted.has(id)) continue;
      element.remove();
      this.#drawn.delete(id);
    }
    /** @type {Element | null} */
    let next = this.#body.firstElementChild;
    for (const row of rows) {
      const former = this.#drawn.get(row.id);
      // A row changes once, when the server reports its head.
      const isCurrent = former !== undefined && former.dataset.head === (row.head ?? "");
      const element = isCurrent ? former : this.#makeRow(row);
      if (former && !isCurrent) {
        if (next === former) next = former.nextElementSibling;
        former.remove();
      }
      if (element === next) next = next.nextElementSibling;
      else this.#body.insertBefore(element, next);
      this.#drawn.set(row.id, element);
    }
    this.#setTabStop();
  }

  /** @param {Row} row @returns {HTMLElement} */
  #makeRow(row) {
    const { id, at, fromServer, opcode, head, length } = row;
    const parsed = head === null ? null : parseHead(head);
    const flag = (/** @type {boolean | undefined} */ isSet) => (isSet === undefined ? "–" : isSet ? "1" : "0");
    const open = make("button", { class: "frame-open", type: "button", tabindex: "-1", dir: "auto" }, preview(row));
    const isSelected = id === this.#selected;
    if (isSelected) open.setAttribute("aria-current", "true");
    const data = { "data-id": `${id}`, "data-head": head ?? "", "data-from": fromServer ? "server" : "page" };
    return make(
      "tr",
      { role: "row", class: "frame", ...data, "data-opcode": `${opcode}` },
      cell("frame-at", timeOfDay(at, now())),
      cell("frame-direction", directionMark(fromServer)),
      cell("frame-opcode", opcodeName(opcode)),
      cell("frame-fin", flag(parsed?.fin)),
      cell("frame-mask", flag(parsed?.masked)),
      cell("frame-length", length === null ? "–" : count(length)),
      cell("frame-content", open),
    );
  }

  #drawNote() {
    const { skipped, rows } = this.#observed.log;
    const waiting = this.#frozen ? rows.filter(({ id }) => id > (this.#frozen?.at(-1)?.id ?? 0)).length : 0;
    const texts = [
      skipped ? phrase("wire_skipped", { count: count(skipped) }) : "",
      this.#frozen ? phrase("wire_paused", { count: count(waiting) }) : "",
    ];
    setText(find(this.#root, ".frame-note"), texts.filter(Boolean).join(" "));
  }

  #togglePause() {
    this.#frozen = this.#frozen ? null : [...this.#observed.log.rows];
    this.#pause.setAttribute("aria-pressed", String(this.#frozen !== null));
    this.draw();
  }

  #clear() {
    if (this.#frozen) this.#frozen = [];
    this.#observed.log.clear();
    this.draw();
  }

  /** @param {string} text */
  async #copy(text) {
    const notice = find(this.#root, ".frame-notice");
    setText(notice, (await copyText(text)) ? phrase("wire_copied") : phrase("not_copied"));
    setTimeout(() => setText(notice, ""), NOTICE_MS);
  }

  // --- Selection

  /** @param {Event} event */
  #clicked(event) {
    const id = Number(closest(event, "tr")?.dataset.id);
    if (Number.isNaN(id)) return;
    this.#select(id === this.#selected ? null : id);
  }

  /** @param {number | null} id */
  #select(id) {
    const former = this.#selected;
    this.#selected = id;
    for (const each of [former, id]) this.#mark(each, each === id);
    find(this.#root, ".frame-view").classList.toggle("with-detail", id !== null);
    const row = this.#all().find((each) => each.id === id);
    if (row) this.#detail.draw(row);
    else this.#detail.hide();
    // On a narrow screen it is below the list.
    if (row && former === null) find(this.#root, ".frame-view").scrollIntoView({ block: "nearest" });
    this.#setTabStop();
    if (id === null && former !== null) this.#openButton(former)?.focus({ preventScroll: true });
  }

  /** @param {number | null} id @param {boolean} isSelected */
  #mark(id, isSelected) {
    const button = id === null ? null : this.#openButton(id);
    if (isSelected) button?.setAttribute("aria-current", "true");
    else button?.removeAttribute("aria-current");
  }

  /** @param {number} id */
  #openButton(id) {
    const element = this.#drawn.get(id);
    return element ? findOptional(element, ".frame-open") : null;
  }

  /** One row can be reached by the Tab key: the selected one, else the newest. */
  #setTabStop() {
    const stop = this.#openButton(this.#selected ?? -1) ?? findOptional(this.#body, "tr:last-child .frame-open");
    const former = findOptional(this.#body, '.frame-open[tabindex="0"]');
    if (former === stop || former === document.activeElement) return;
    former?.setAttribute("tabindex", "-1");
    stop?.setAttribute("tabindex", "0");
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    const row = closest(event, "tr");
    if (event.key === "Escape") this.#select(null);
    const { firstElementChild: Home, lastElementChild: End } = this.#body;
    const other = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling, Home, End }[event.key];
    if (!other) return;
    event.preventDefault();
    const button = find(other, "button");
    for (const each of this.#body.querySelectorAll('.frame-open[tabindex="0"]')) each.setAttribute("tabindex", "-1");
    button.setAttribute("tabindex", "0");
    button.focus();
    if (this.#selected !== null) this.#select(Number(/** @type {HTMLElement} */ (other).dataset.id));
  }
}

/** @param {string} name @param {Node | string} content */
function cell(name, content) {
  return make("td", { role: "cell", class: name }, content);
}

/** @param {boolean} fromServer */
function directionMark(fromServer) {
  const words = make("span", { class: "visually-hidden" }, phrase(fromServer ? "wire_received" : "wire_sent"));
  return make("span", {}, make("span", { "aria-hidden": "true" }, fromServer ? "↓" : "↑"), words);
}
