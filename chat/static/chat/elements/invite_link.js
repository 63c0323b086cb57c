/** Makes an invitation link at one click, copies it, and shows it with a button that copies it again. */

import { copyText } from "../clipboard.js";
import { dayName } from "../dates.js";
import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { command } from "../protocol.js";
import { announce } from "./announcer.js";
import { submit } from "./form_errors.js";

/** @import { Connection } from "../socket.js" */

export class InviteLink {
  #root;
  #connection;
  #room;
  #field;

  /**
   * @param {HTMLElement} root with the elements of templates/chat/_invite_link.html
   * @param {Connection} connection
   * @param {string | undefined} room a slug; undefined for the whole site
   * @param {AbortSignal} signal
   */
  constructor(root, connection, room, signal) {
    this.#root = root;
    this.#connection = connection;
    this.#room = room;
    this.#field = find(root, "input", HTMLInputElement);
    find(root, "[data-make-invite]").addEventListener("click", () => void this.#make(), { signal });
    find(root, "[data-copy-invite]").addEventListener("click", () => void this.#copy(), { signal });
    this.#field.addEventListener("focus", () => this.#field.select(), { signal });
  }

  async #make() {
    const isDone = await submit(this.#root, async () => {
      const { path, expires_at, uses } = await this.#connection.request(command.makeInvite(this.#room));
      this.#field.value = new URL(path, location.href).href;
      setText(find(this.#root, ".invite-limits"), phrase("invite_limits", { uses, day: dayName(new Date(expires_at)) }));
    });
    if (!isDone) return;
    show(find(this.#root, ".invite-made"), true);
    show(find(this.#root, "[data-make-invite]"), false);
    await this.#copy();
    find(this.#root, "[data-copy-invite]").focus();
  }

  async #copy() {
    const isCopied = await copyText(this.#field.value);
    const text = phrase(isCopied ? "link_copied" : "link_not_copied");
    setText(find(this.#root, ".invite-state"), text);
    announce(text);
    if (!isCopied) this.#field.focus();
  }
}
