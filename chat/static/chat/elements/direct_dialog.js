/** Asks whom a person wants to write to, and opens the direct room of these people: the dialog `#direct-dialog`. */

import { byId, closest, find, setText, show } from "../dom.js";
import { CommandError } from "../protocol.js";
import { errorText } from "./notice.js";
import { PeoplePicker } from "./people_picker.js";

/**
 * @import { Connection } from "../socket.js"
 * @import { Person } from "../wire.d.ts"
 */

const MAX_PEOPLE = 8;

/**
 * Open the dialog by every button `[data-new-message]`. Guests have no such button. One with the slug of a direct room
 * in `data-with` begins with the people of that room: its people never change, so with more of them it is another room.
 * @param {Connection} connection
 * @param {object} rooms
 * @param {(room: string) => Person[]} rooms.othersIn the other people of a direct room
 * @param {(people: number[]) => Promise<void>} rooms.openRoom takes ids of people
 */
export function openDirectDialog(connection, { othersIn, openRoom }) {
  const dialog = byId("direct-dialog", HTMLDialogElement);
  const submit = find(dialog, ".primary", HTMLButtonElement);
  const error = find(dialog, ".direct-error");
  const picker = new PeoplePicker(find(dialog, ".people-picker"), { connection, most: MAX_PEOPLE });

  /** @param {string} text */
  const showError = (text) => {
    setText(error, text);
    show(error, text !== "");
  };
  const open = async () => {
    submit.disabled = true;
    try {
      await openRoom(await picker.settledPeople());
      dialog.close();
    } catch (refused) {
      if (!(refused instanceof CommandError)) throw refused;
      showError(errorText(refused));
    }
    submit.disabled = picker.people.length === 0;
  };

  picker.on("change", () => {
    submit.disabled = picker.people.length === 0;
    showError("");
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (picker.people.length) void open();
  });
  find(dialog, "[data-cancel]").addEventListener("click", () => dialog.close());
  document.addEventListener("click", (event) => {
    const button = closest(event, "[data-new-message]");
    if (!button) return;
    picker.clear();
    showError("");
    dialog.showModal();
    if (button.dataset.with) picker.choose(othersIn(button.dataset.with));
    picker.focus();
  });
}
