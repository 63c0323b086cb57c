/** Asks before one leaves the room. Without JavaScript its link leads to a page that asks. */

export class LeaveDialog {
  constructor() {
    const link = document.getElementById("leave");
    link?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const menu = link.closest("details");
      menu.open = false;
      // The link is hidden now: a dialog that is closed gives the focus back to what had it before.
      menu.querySelector("summary").focus();
      document.getElementById("leave-dialog").showModal();
    });
  }
}
