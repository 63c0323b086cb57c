/** What only some browsers offer: outside a secure context there are no locks and no `randomUUID`. */

/** A random UUID, version 4 (RFC 9562 §5.4). @returns {string} */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
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
 * The browser's storage. Where the browser refuses it, one that lasts as long as the page.
 * @param {"localStorage" | "sessionStorage"} [name] sessionStorage belongs to one tab
 * @returns {Storage}
 */
export function storage(name = "localStorage") {
  try {
    globalThis[name].getItem("");
    return globalThis[name];
  } catch {
    return new MemoryStorage();
  }
}

/** @implements {Storage} */
class MemoryStorage {
  /** @type {Map<string, string>} */
  #values = new Map();

  get length() {
    return this.#values.size;
  }

  clear() {
    this.#values.clear();
  }

  /** @param {string} key */
  getItem(key) {
    return this.#values.get(key) ?? null;
  }

  /** @param {number} index */
  key(index) {
    return [...this.#values.keys()][index] ?? null;
  }

  /** @param {string} key */
  removeItem(key) {
    this.#values.delete(key);
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.#values.set(key, value);
  }
}
