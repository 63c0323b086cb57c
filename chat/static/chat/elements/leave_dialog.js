/** Asks before one leaves the room. Without JavaScript its link leads to a page that asks. */

export class LeaveDialog {
  constructor() {
    const link = document.getElementById("leave");
    link?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      link.closest("details").open = false;
      document.getElementById("leave-dialog").showModal();
    });
  }
}
