/** What browsers offer in some places only: outside a secure context there are no locks and no randomUUID. */

/** A random UUID, version 4 (RFC 9562 §5.4). @returns {string} */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Run `work` in one tab at a time; where there are no locks, at once.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function inOneTab(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

/**
 * localStorage or sessionStorage, or something like it that forgets, where the browser refuses it.
 * @param {"localStorage"|"sessionStorage"} [name] the second is a tab's own
 * @returns {Storage}
 */
export function storage(name = "localStorage") {
  try {
    globalThis[name].getItem("");
    return globalThis[name];
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  }
}
