/** The filters of a query as chips, each with a button that removes it. */

import { find, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { partOf } from "../search/query_text.js";
import { FILTER_NAMES, VALUE_NAMES } from "../search/search_phrases.js";

/**
 * @import { Search } from "../search/search.js"
 * @import { Store } from "../store.js"
 * @import { SearchFilter } from "../wire.d.ts"
 */

/** Filters by a person. */
const BY_PERSON = new Set(["from", "with", "mentions"]);

/**
 * @param {HTMLElement} list
 * @param {{search: Search, store: Store, nameOfRoom: (slug: string) => string}} context
 */
export function drawChips(list, { search, store, nameOfRoom }) {
  const { answer, answered } = search;
  list.replaceChildren(
    ...answer.filters.map((filter, at) => {
      const chip = fromTemplate("search-chip-template");
      const name = nameOf(filter, answered);
      const value = valueOf(filter, { store, nameOfRoom });
      setText(find(chip, ".search-chip-name"), name);
      setText(find(chip, "b"), value);
      const button = find(chip, "button");
      button.dataset.remove = String(at);
      button.title = phrase("search_remove", { filter: `${name} ${value}` });
      setText(find(button, ".visually-hidden"), button.title);
      return chip;
    }),
  );
  show(list, answer.filters.length > 0);
}

/** What the filter compares, as it was typed: `before`, for example. @param {SearchFilter} filter @param {string} query */
function nameOf({ name, negated, start, end }, query) {
  const typed = partOf(query, start, end).replace(/^[-－−]/, "").split(/[:：]/)[0]?.toLowerCase() ?? "";
  const label = phrase(FILTER_NAMES[name === "date" ? typed : name] ?? name);
  return negated ? phrase("search_not", { filter: label }) : label;
}

/** @param {SearchFilter} filter @param {{store: Store, nameOfRoom: (slug: string) => string}} context */
function valueOf({ name, value }, { store, nameOfRoom }) {
  if (name === "in") return nameOfRoom(value);
  const known = VALUE_NAMES[name]?.[value];
  if (!BY_PERSON.has(name)) return known ? phrase(known) : value;
  if (value === "me") return phrase("search_you");
  const folded = value.toLowerCase();
  return store.people.all.find(({ handle }) => handle.toLowerCase() === folded)?.name ?? value;
}
