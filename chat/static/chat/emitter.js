/**
 * An object that emits named events: `on(name, listener)`, `emit(name, ...details)`.
 *
 * Not an EventTarget: a listener gets the details themselves, and runs at once, in the order in which it was added.
 *
 * @template {Record<keyof Events, unknown[]>} Events for each event name, the types of its details
 */
export class Emitter {
  /** @type {Map<keyof Events, Set<(...details: any[]) => void>>} any: each name has listeners of its own type. */
  #listeners = new Map();

  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(...details: Events[Name]) => void} listener
   * @param {{signal?: AbortSignal}} [options] the listener is removed when `signal` is aborted
   * @returns {() => void} removes the listener
   */
  on(name, listener, { signal } = {}) {
    if (signal?.aborted) return () => {};
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    const remove = () => void listeners.delete(listener);
    signal?.addEventListener("abort", remove, { once: true });
    return remove;
  }

  /** How many listeners there are. For tests: a view that was unmounted must have left none. */
  get listenerCount() {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {Events[Name]} details
   */
  emit(name, ...details) {
    for (const listener of this.#listeners.get(name) ?? []) listener(...details);
  }
}
