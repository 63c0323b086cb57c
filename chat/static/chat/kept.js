/**
 * What the page keeps in the browser's storage: drafts, corrections, the outbox, the place in a room. Each key names its
 * kind and its owner, by the person's key of protocol.js: a new name changes nothing, and others do not see it.
 */

/**
 * @param {string} kind
 * @param {string} owner a person's key
 * @param {string} [room] a slug
 * @returns {string}
 */
export function keptKey(kind, owner, room) {
  return `parley.${kind}.${owner}${room === undefined ? "" : `.${room}`}`;
}

/** Delete all that is kept for a person: they sign out. @param {Storage} storage @param {string} owner */
export function forget(storage, owner) {
  forgetWhere(storage, (of) => of === owner);
}

/**
 * Delete what nobody can come back to: what guests left whose session is over, and what former versions of Parley kept
 * under a person's name.
 * @param {Storage} storage
 * @param {string} owner whose page it is
 */
export function forgetStrays(storage, owner) {
  forgetWhere(storage, (of) => of !== owner && !/^u:\d+$/.test(of));
}

function forgetWhere(storage, isUnwanted) {
  for (const key of Object.keys(storage)) {
    const [, owner] = /^parley\.[a-z]+\.([^.]*)/.exec(key) ?? [];
    if (owner !== undefined && isUnwanted(owner)) storage.removeItem(key);
  }
}
