/** The buttons that open the list of all rooms (`data-browse`) and the dialog for a new room (`data-create`). */

import { byId, closest, find } from "../dom.js";
import { CreateDialog } from "./create_dialog.js";
import { RoomBrowser } from "./room_browser.js";

/** @import { BrowserContext } from "./room_browser.js" */

/** @param {BrowserContext} context @param {(room: string) => void} goToRoom */
export function openRoomDialogs(context, goToRoom) {
  const dialog = byId("browse-dialog", HTMLDialogElement);
  const browser = new RoomBrowser(find(dialog, ".browser"), context);
  const create = new CreateDialog(context, goToRoom);
  document.addEventListener("click", (event) => {
    if (closest(event, "[data-browse]")) {
      browser.open();
      dialog.showModal();
      // A field that gets the focus opens the keyboard of a touch screen.
      if (!matchMedia("(pointer: coarse)").matches) browser.focus();
    } else if (closest(event, "[data-create]")) {
      dialog.close();
      void create.open();
    } else if (closest(event, "[data-close-browser]") || event.target === dialog) {
      dialog.close();
    } else if (closest(event, "#browse-dialog a")) {
      dialog.close();
    }
  });
}
