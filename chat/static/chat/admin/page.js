/** What every page of the admin needs: the menu on narrow screens, and names for controls of Django that have none. */

import { copyText } from "../clipboard.js";

const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(".menu-button"));
const navigation = document.getElementById("nav-sidebar");
if (button && navigation) {
  document.documentElement.classList.add("has-menu");
  button.hidden = false;
  const open = (/** @type {boolean} */ is) => {
    navigation.classList.toggle("open", is);
    button.setAttribute("aria-expanded", String(is));
  };
  button.addEventListener("click", () => open(!navigation.classList.contains("open")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && navigation.classList.contains("open")) {
      open(false);
      button.focus();
    }
  });
}

for (const copy of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copy]"))) {
  copy.addEventListener("click", async () => {
    if (await copyText(copy.dataset.copy ?? "")) copy.textContent = copy.dataset.done ?? "";
  });
}

/** Give a name to the controls that Django's scripts make without one. */
function nameControls() {
  const search = document.querySelector("#searchbar");
  search?.setAttribute("aria-label", document.querySelector("#changelist-search img")?.getAttribute("alt") || "Search");
  for (const icon of document.querySelectorAll("span.search-label-icon[aria-label]")) icon.setAttribute("role", "img");
  nameCells();
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const name = (label?.textContent ?? "").replace(/:\s*$/, "").trim() || select.getAttribute("aria-label") || "";
    const made = select.nextElementSibling;
    if (!name || !made) continue;
    for (const part of made.querySelectorAll('[role="combobox"], [role="textbox"], [role="searchbox"]')) {
      part.setAttribute("aria-label", name);
    }
  }
}

/** A control in a row of a table of forms is named by the head of its column. */
function nameCells() {
  for (const cell of /** @type {NodeListOf<HTMLTableCellElement>} */ (document.querySelectorAll(".tabular td"))) {
    const head = cell.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex]?.textContent?.trim();
    const controls = cell.querySelectorAll(":is(input, select, textarea):not([type=hidden], [aria-label])");
    for (const control of head ? controls : []) control.setAttribute("aria-label", head ?? "");
  }
}

// Django's scripts make their controls some time after the page, and for each row that is added to a form.
const main = document.querySelector("main");
if (main) new MutationObserver(nameControls).observe(main, { childList: true, subtree: true });
nameControls();
