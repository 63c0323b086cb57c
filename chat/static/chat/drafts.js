/** What a person has typed and not sent, room by room. It survives a reload and another room. */

/**
 * @param {Storage} storage
 * @param {string} owner whose drafts they are
 * @param {string} room a slug
 */
export function draftOf(storage, owner, room) {
  const key = `parley.draft.${owner}.${room}`;
  return {
    read: () => storage.getItem(key) ?? "",
    write(text) {
      try {
        if (text) storage.setItem(key, text);
        else storage.removeItem(key);
      } catch {
        // Storage is full: the text is still in the page.
      }
    },
  };
}
