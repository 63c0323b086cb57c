/** Shows the stored draft again when another tab or another device has changed it. */

import { now } from "../clock.js";
import { Timer } from "../timer.js";

/**
 * @import { ComposerContext } from "./composer.js"
 * @import { ComposerDraft } from "./composer_draft.js"
 * @import { ComposerField } from "./composer_field.js"
 */

/** The text that a person types is not replaced by that of another device until they have stopped for this time. */
const HANDS_OFF_MS = 2_000;

export class DraftWatch {
  #field;
  #refresh;
  #timer;
  #typedAt = -Infinity;

  /**
   * @param {ComposerContext} context
   * @param {ComposerDraft} draft
   * @param {ComposerField} field
   * @param {() => void} refresh shows the stored draft
   */
  constructor({ drafts, signal }, draft, field, refresh) {
    this.#field = field;
    this.#refresh = refresh;
    this.#timer = new Timer(() => this.#changedElsewhere(), signal);
    /** @param {StorageEvent} event of another tab */
    const changed = ({ key }) => (key === draft.key || key === null) && refresh();
    window.addEventListener("storage", changed, { signal });
    drafts.on("change", (key) => key === draft.key && this.#changedElsewhere(), { signal });
  }

  /** The person has typed. */
  typed() {
    this.#typedAt = now();
  }

  #changedElsewhere() {
    const sinceTyping = now() - this.#typedAt;
    if (sinceTyping >= HANDS_OFF_MS && !this.#field.isComposing) this.#refresh();
    else this.#timer.start(Math.max(100, HANDS_OFF_MS - sinceTyping));
  }
}
