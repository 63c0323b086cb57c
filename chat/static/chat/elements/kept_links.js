/** The links of the sidebar to drafts and scheduled messages. Each is there only while there is something to see. */

import { findOptional, setText, shortCount, show } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";

/** @import { Shell } from "../shell.js" */

export class KeptLinks {
  #shell;
  #drafts;
  #scheduled;
  /** @type {{waiting: number, failed: number}} */
  #counts = { waiting: 0, failed: 0 };

  /** Guests have no such links. @param {ParentNode} sidebar @param {Shell} shell */
  constructor(sidebar, shell) {
    this.#shell = shell;
    this.#drafts = findOptional(sidebar, "[data-overview=drafts]");
    this.#scheduled = findOptional(sidebar, "[data-overview=scheduled]");
    const draw = nextFrame(() => this.#draw()).ask;
    const count = (/** @type {{waiting: number, failed: number}} */ counts) => {
      this.#counts = counts;
      draw();
    };
    shell.tab.drafts.on("list", draw);
    shell.tab.drafts.on("scheduled", count);
    shell.tab.store.on("scheduled", count);
    shell.on("shown", draw);
    this.#draw();
  }

  #draw() {
    // The draft that the person is writing needs no link.
    const elsewhere = this.#shell.tab.drafts.places.filter(({ room, thread }) => thread !== null || room !== this.#shell.room);
    drawLink(this.#drafts, elsewhere.length);
    const { waiting, failed } = this.#counts;
    drawLink(this.#scheduled, waiting + failed);
    this.#scheduled?.classList.toggle("failed", failed > 0);
    if (this.#scheduled) this.#scheduled.title = failed ? phrase("scheduled_failed", { count: failed }) : "";
  }
}

/** @param {HTMLElement | null} link @param {number} count */
function drawLink(link, count) {
  if (!link) return;
  show(link, count > 0 || link.getAttribute("aria-current") === "page");
  const badge = findOptional(link, ".kept-count");
  if (!badge) return;
  show(badge, count > 0);
  setText(badge, shortCount(count));
}
