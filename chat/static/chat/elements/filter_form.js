/** The form of a filter of a room: what it looks for, what happens then, and what it would have met. */

import { find, findAll, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { command } from "../protocol.js";
import { submit } from "./form_errors.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { DryRunReply, RoomFilter } from "../wire.d.ts"
 */

const NEW = { name: "", kind: "words", value: "", limit: 3, hours: 24, action: "hold", is_on: true };

/**
 * @param {RoomContext} context
 * @param {RoomFilter | null} filter null makes a new one
 * @param {{saved: () => void, cancelled: () => void}} then
 * @returns {HTMLFormElement}
 */
export function filterForm({ connection, room, signal }, filter, { cancelled, saved }) {
  const form = /** @type {HTMLFormElement} */ (fromTemplate("filter-form-template"));
  const { id = null, is_on, ...fields } = filter ?? { ...NEW, id: null };
  for (const [name, value] of Object.entries(fields)) fieldOf(form, name).value = String(value);
  const drawKind = () => {
    const kind = fieldOf(form, "kind").value;
    for (const part of findAll(form, "[data-for]")) show(part, (part.dataset.for ?? "").split(" ").includes(kind));
    // A number that is not shown must not keep the form from being sent.
    for (const name of ["limit", "hours"]) fieldOf(form, name).disabled = Boolean(fieldOf(form, name).parentElement?.hidden);
  };
  const given = () => ({
    room,
    name: fieldOf(form, "name").value,
    kind: fieldOf(form, "kind").value,
    value: fieldOf(form, "value").value,
    limit: Number(fieldOf(form, "limit").value),
    hours: Number(fieldOf(form, "hours").value),
    action: fieldOf(form, "action").value,
  });
  fieldOf(form, "kind").addEventListener("change", drawKind, { signal });
  // What was found belongs to what was typed.
  form.addEventListener("input", () => show(find(form, ".filter-result"), false), { signal });
  find(form, "[data-cancel]").addEventListener("click", cancelled, { signal });
  find(form, "[data-try]").addEventListener("click", async () => {
    if (!form.reportValidity()) return;
    await submit(form, async () => drawResult(form, await connection.request(command.tryFilter(given()))));
  }, { signal });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const isSaved = await submit(form, () => connection.request(command.saveFilter({ ...given(), filter: id, is_on })));
    if (isSaved && !signal.aborted) saved();
  }, { signal });
  drawKind();
  return form;
}

/** @param {HTMLFormElement} form @param {DryRunReply} reply */
function drawResult(form, { checked, complete, hits, met }) {
  const result = find(form, ".filter-result");
  const text = [phrase("filter_met", { checked, met }), complete ? "" : phrase("filter_incomplete")];
  setText(find(result, "p"), text.filter(Boolean).join(" "));
  const lines = hits.map(({ found, name, text: said }) => {
    const line = document.createElement("li");
    line.dir = "auto";
    const who = Object.assign(document.createElement("b"), { textContent: name });
    line.append(who, ` ${said} `, Object.assign(document.createElement("mark"), { textContent: found }));
    return line;
  });
  find(result, "ul").replaceChildren(...lines);
  show(result, true);
}

/** @param {HTMLFormElement} form @param {string} name @returns {HTMLInputElement} or another field with a value */
function fieldOf(form, name) {
  return /** @type {HTMLInputElement} */ (find(form, `[name=${name}]`));
}
