/** The dialog that creates a room: its name, topic, kind and first members. Then it goes to the room. */

import { byId, find, findAll, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { showFormError, submit } from "./form_errors.js";
import { PeoplePicker } from "./people_picker.js";

/** @import { BrowserContext } from "./room_browser.js" */

const MAX_PEOPLE = 50;

export class CreateDialog {
  #dialog = byId("create-dialog", HTMLDialogElement);
  #form = find(this.#dialog, "form", HTMLFormElement);
  #context;
  #goToRoom;
  #picker;

  /** @param {BrowserContext} context @param {(room: string) => void} goToRoom */
  constructor(context, goToRoom) {
    const { connection, store } = context;
    this.#context = context;
    this.#goToRoom = goToRoom;
    const except = () => (store.you.user ? [store.you.user.id] : []);
    this.#picker = new PeoplePicker(find(this.#form, ".people-picker"), { connection, most: MAX_PEOPLE, except });
    this.#form.addEventListener("submit", (event) => void this.#create(event));
    find(this.#form, "[data-cancel]").addEventListener("click", () => this.#dialog.close());
  }

  /** Ask for a room. */
  async open() {
    this.#form.reset();
    this.#picker.clear();
    showFormError(this.#form, null);
    this.#dialog.showModal();
    find(this.#form, "[name=name]").focus();
    try {
      this.#offer((await this.#context.connection.request(command.browse())).may_create);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      showFormError(this.#form, error);
    }
  }

  /** @param {string[]} kinds that the person may create */
  #offer(kinds) {
    const choices = findAll(this.#form, "[name=kind]", HTMLInputElement);
    for (const choice of choices) {
      show(/** @type {HTMLElement} */ (choice.closest("label")), kinds.includes(choice.value));
    }
    const isAllowed = kinds.length > 0;
    show(find(this.#form, ".kinds"), isAllowed);
    find(this.#form, "[data-create-room]", HTMLButtonElement).disabled = !isAllowed;
    if (!isAllowed) return showFormError(this.#form, new CommandError({ code: "forbidden", detail: phrase("may_not_create") }));
    if (kinds.includes(choices.find(({ checked }) => checked)?.value ?? "")) return;
    for (const choice of choices) choice.checked = choice.value === kinds[0];
  }

  /** @param {SubmitEvent} event */
  async #create(event) {
    event.preventDefault();
    const given = new FormData(this.#form);
    /** @param {string} name */
    const text = (name) => String(given.get(name) ?? "");
    const { connection, store } = this.#context;
    const isDone = await submit(this.#form, async () => {
      const people = await this.#picker.settledPeople();
      const room = { name: text("name"), topic: text("topic"), kind: text("kind"), people };
      const { room: slug, state } = await connection.request(command.createRoom(room));
      store.addRoom(state);
      this.#goToRoom(slug);
    });
    if (isDone) this.#dialog.close();
  }
}
