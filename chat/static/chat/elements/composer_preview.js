/** Shows how the text of the composer will look: the server renders it. */

import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { Places } from "../places.js";
import { CommandError, command } from "../protocol.js";
import { MessageBody } from "./message_body.js";
import { listenToMarkup } from "./message_markup.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { ComposerField } from "./composer_field.js"
 */

export class ComposerPreview {
  #box;
  #button;
  #context;
  #field;
  #form;
  #body;

  /** @param {HTMLElement} root of the composer @param {RoomContext} context @param {ComposerField} field */
  constructor(root, context, field) {
    const { signal, store, urls } = context;
    this.#context = context;
    this.#field = field;
    this.#form = find(root, ".compose");
    this.#box = find(root, ".compose-preview");
    this.#button = find(root, '[data-tool="preview"]', HTMLButtonElement);
    this.#body = new MessageBody(new Places(urls, location.origin), (slug) => store.rooms.get(slug)?.name, (id) => store.people.get(id));
    listenToMarkup(this.#box, signal);
    this.#button.addEventListener("click", () => void this.#toggle(), { signal });
    // What is typed elsewhere, or sent, ends it.
    field.on("change", () => this.#show(false));
    field.on("focus", () => this.#show(false));
  }

  async #toggle() {
    const { connection, notice, room, store } = this.#context;
    const { body } = this.#field;
    if (!this.#box.hidden) return this.#field.focus();
    if (!body) return this.#field.focus();
    try {
      const { html } = await connection.request(command.render(room, body));
      if (body !== this.#field.body) return;
      const message = { deleted: false, removed: false, edited_at: null, html, text: body };
      this.#body.draw(this.#box, message, store.you.user?.id);
      this.#show(true);
      this.#box.focus();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      notice.showError(error);
    }
  }

  /** @param {boolean} isShown */
  #show(isShown) {
    if (isShown === !this.#box.hidden) return;
    show(this.#box, isShown);
    this.#form.classList.toggle("is-preview", isShown);
    this.#button.setAttribute("aria-pressed", String(isShown));
    setText(find(this.#button, "span"), phrase(isShown ? "preview_end" : "preview"));
    if (!isShown) this.#box.replaceChildren();
  }
}
