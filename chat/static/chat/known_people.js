/**
 * The people whom the page knows, by id: the newest form of each. Messages, quotes and reactions hold the names that
 * people had when they were sent to the page; what is drawn comes from here. Pure.
 */

import { Emitter } from "./emitter.js";
import { personName } from "./senders.js";

/**
 * @import { Sender } from "./senders.js"
 * @import { ChangedPeopleReply, Message, Person, PersonName, Status, You } from "./wire.d.ts"
 *
 * @typedef {object} PeopleEvents
 * @property {[Set<number>]} change what is shown of these people, by their ids, is another now
 */

/** @extends {Emitter<PeopleEvents>} */
export class KnownPeople extends Emitter {
  /** @type {Map<number, Person>} */
  #byId = new Map();
  /** A `people_version`: all changes up to it are here, of the people whom the page knows. */
  version;
  /** The `people_version` of the latest `welcome`. With a newer one than `version`, changes are missing (people_sync.js). */
  latest;
  #clock;

  /** @param {number} [version] @param {() => number} [clock] milliseconds since 1970 */
  constructor(version = 0, clock = Date.now) {
    super();
    this.version = version;
    this.latest = version;
    this.#clock = clock;
  }

  /** @param {number} id @returns {Person | undefined} */
  get(id) {
    return this.#byId.get(id);
  }

  /** All known people. */
  get all() {
    return [...this.#byId.values()];
  }

  /** Take people who came in an answer. @param {Iterable<Person>} people */
  learn(people) {
    this.changed([...people].filter((person) => this.#put(person)).map(({ id }) => id));
  }

  /** Take the people of some messages, or of presence. @param {Iterable<Message | You>} sources */
  learnFrom(sources) {
    this.learn([...sources].flatMap((source) => ("author" in source ? source.author : source.user) ?? []));
  }

  /** These people have changed. @param {Person[]} people */
  update(people) {
    for (const person of people) this.#put(person);
    // Also those whom the page did not know: it may show their names in quotes and reactions.
    this.changed(people.map(({ id }) => id));
  }

  /** Apply an answer to `changed_people`. @param {ChangedPeopleReply} reply */
  applyChanges({ people, upto, more }) {
    this.version = more ? upto : Math.max(upto, this.latest);
    this.update(people);
  }

  /** What is shown of these people is another now. @param {Iterable<number>} ids */
  changed(ids) {
    const changed = new Set(ids);
    if (changed.size) this.emit("change", changed);
  }

  /** Another site's history: ids and versions mean something else. @param {number} version */
  reset(version) {
    this.#byId.clear();
    this.version = version;
  }

  /** The name to show for a sender. @param {Sender} sender @returns {string} */
  nameOf({ user, guest }) {
    return (user && this.#byId.get(user.id)?.name) ?? personName({ user, guest });
  }

  /** The name to show for a person of whom a short form is known. @param {PersonName} person @returns {string} */
  name({ id, name }) {
    return this.#byId.get(id)?.name ?? name;
  }

  /** The path of a picture; null for none. @param {Sender} sender @returns {string | null} */
  pictureOf({ user }) {
    return (user && this.#byId.get(user.id)?.avatar) ?? null;
  }

  /** The status to show now. @param {Sender} sender @returns {Status | null} */
  statusOf({ user }) {
    const status = (user && this.#byId.get(user.id)?.status) ?? null;
    return status?.until && Date.parse(status.until) <= this.#clock() ? null : status;
  }

  /** The ids of those whose status ended after `time`, in milliseconds since 1970. @param {number} time */
  statusEndedSince(time) {
    const present = this.#clock();
    return this.all.flatMap(({ id, status }) => {
      const end = status?.until ? Date.parse(status.until) : NaN;
      return end > time && end <= present ? [id] : [];
    });
  }

  /**
   * Take a form of a person, unless a newer one is known.
   * @param {Person} person
   * @returns {boolean} whether the page has shown another form until now
   */
  #put(person) {
    const known = this.#byId.get(person.id);
    if (known && known.version >= person.version) return false;
    this.#byId.set(person.id, person);
    return known !== undefined;
  }
}
