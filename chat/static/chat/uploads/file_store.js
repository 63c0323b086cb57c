/**
 * The bytes of files that are not sent yet, in the browser's database (IndexedDB): they survive a reload. What the
 * database does not take stays in the memory of this page, as long as the page is open.
 */

/**
 * @typedef {object} StoredFile
 * @property {string} id
 * @property {number} at when it was stored, ms since 1970
 * @property {number} size bytes
 * @property {Blob} blob
 * @property {string | null} url of its upload, when that was created
 * @property {boolean} isUploaded whether the server has all of it
 */

const DATABASE = "parley";
const VERSION = 1;
const FILES = "files";
/** Bounds of what all people of this browser keep in it. */
const KEPT_FILES = { count: 50, bytes: 500_000_000 };

export class FileStore {
  /** @type {Map<string, StoredFile>} what the database refused */
  #memory = new Map();
  /** @type {Promise<IDBDatabase> | null} */
  #opening = null;

  /**
   * Keep a file.
   * @param {Pick<StoredFile, "id" | "blob">} file
   * @returns {Promise<boolean>} false if it lasts only as long as the page: the bounds or the browser's quota are reached
   */
  async put({ id, blob }) {
    const row = { id, at: Date.now(), size: blob.size, blob, url: null, isUploaded: false };
    try {
      const kept = await this.#kept();
      const bytes = kept.reduce((sum, { size }) => sum + size, blob.size);
      if (kept.length >= KEPT_FILES.count || bytes > KEPT_FILES.bytes) throw new Error("The bounds are reached.");
      await this.#change((files) => files.put(row));
      return true;
    } catch {
      this.#memory.set(id, row);
      return false;
    }
  }

  /** @param {string} id @returns {Promise<StoredFile | undefined>} */
  async get(id) {
    const inMemory = this.#memory.get(id);
    if (inMemory) return inMemory;
    return this.#read((files) => files.get(id)).catch(() => undefined);
  }

  /** @param {string} id @param {Partial<Pick<StoredFile, "url" | "isUploaded">>} fields */
  async update(id, fields) {
    const inMemory = this.#memory.get(id);
    if (inMemory) return void this.#memory.set(id, { ...inMemory, ...fields });
    const changeOne = (/** @type {IDBObjectStore} */ files) => {
      const reading = files.get(id);
      reading.addEventListener("success", () => reading.result && files.put({ ...reading.result, ...fields }));
    };
    await this.#change(changeOne).catch(() => {});
  }

  /** @param {Iterable<string>} ids */
  async remove(ids) {
    const gone = [...ids];
    for (const id of gone) this.#memory.delete(id);
    const removeAll = (/** @type {IDBObjectStore} */ files) => {
      for (const id of gone) files.delete(id);
    };
    if (gone.length) await this.#change(removeAll).catch(() => {});
  }

  /**
   * Remove all files but these.
   * @param {ReadonlySet<string>} wanted ids
   * @param {number} [before] ms since 1970: files that were stored later stay
   */
  async removeOthers(wanted, before = Infinity) {
    const rows = await this.#kept().catch(() => []);
    await this.remove(rows.filter(({ id, at }) => at < before && !wanted.has(id)).map(({ id }) => id));
  }

  /** @returns {Promise<StoredFile[]>} */
  async #kept() {
    return this.#read((files) => files.getAll());
  }

  /** @template Value @param {(files: IDBObjectStore) => IDBRequest<Value>} ask @returns {Promise<Value>} */
  async #read(ask) {
    const database = await this.#open();
    return answer(ask(database.transaction(FILES).objectStore(FILES)));
  }

  /** @param {(files: IDBObjectStore) => void} change @returns {Promise<void>} when it is stored */
  async #change(change) {
    const database = await this.#open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(FILES, "readwrite");
      transaction.addEventListener("complete", () => resolve());
      // A full disk aborts the transaction after its requests have succeeded.
      transaction.addEventListener("abort", () => reject(transaction.error));
      change(transaction.objectStore(FILES));
    });
  }

  #open() {
    this.#opening ??= open();
    return this.#opening;
  }
}

/** @returns {Promise<IDBDatabase>} */
async function open() {
  const opening = indexedDB.open(DATABASE, VERSION);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(FILES, { keyPath: "id" }));
  const database = await answer(opening);
  // A page of a newer version wants to change the database.
  database.addEventListener("versionchange", () => database.close());
  return database;
}

/** @template Value @param {IDBRequest<Value>} request @returns {Promise<Value>} */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
