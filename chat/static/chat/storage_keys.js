/**
 * The keys of what the page keeps in the browser's storage: drafts, edits, the outbox, the position in a room. Each key
 * contains its kind and its owner. The owner is a person's key of senders.js, which does not change with their name.
 */

/**
 * @param {string} kind
 * @param {string} owner a person's key
 * @param {string} [room] a slug
 * @param {number | null} [thread] the id of its first message
 * @returns {string}
 */
export function storageKey(kind, owner, room, thread = null) {
  const place = [room, thread].filter((part) => part !== undefined && part !== null);
  return ["parley", kind, owner, ...place].join(".");
}

/** Delete everything of a person who signs out. @param {Storage} storage @param {string} owner a person's key */
export function clearStorage(storage, owner) {
  removeWhere(storage, (of) => of === owner);
}

/**
 * Delete what nobody can use any more: of guests whose session is over, and of former versions of Parley, whose keys
 * contained a person's name.
 * @param {Storage} storage
 * @param {string} owner the person of this page
 */
export function clearStaleStorage(storage, owner) {
  removeWhere(storage, (of) => of !== owner && !/^u:\d+$/.test(of));
}

/** @param {Storage} storage @param {(owner: string) => boolean} isUnwanted */
function removeWhere(storage, isUnwanted) {
  for (const key of Object.keys(storage)) {
    const [, owner] = /^parley\.[a-z]+\.([^.]*)/.exec(key) ?? [];
    if (owner !== undefined && isUnwanted(owner)) storage.removeItem(key);
  }
}
