/** What is left of hits that were found before, once the server has answered the same question again. */

/**
 * @import { SearchHit, SearchResults } from "../wire.d.ts"
 * @import { Order } from "./search.js"
 */

/**
 * The hits as they are now. Those behind the first page of the answer stay as they are: it says nothing of them.
 * @param {SearchHit[]} hits
 * @param {Pick<SearchResults, "hits" | "next">} answer its first page
 * @param {Order} order
 * @returns {SearchHit[]} what has not changed is the same object
 */
export function rechecked(hits, { hits: found, next }, order) {
  const now = new Map(found.map((hit) => [hit.id, hit]));
  const pageEnd = order === "newest" ? (found.at(-1)?.id ?? 0) : Infinity;
  const end = next === null ? 0 : pageEnd;
  return hits.flatMap((hit) => {
    const at = now.get(hit.id);
    if (at) return JSON.stringify(at) === JSON.stringify(hit) ? hit : at;
    return hit.id < end ? hit : [];
  });
}
