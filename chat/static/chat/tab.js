/**
 * What lives as long as the tab and does not depend on what it shows: the store, the connection, the outbox, the uploads,
 * drafts, notices. shell.js shows rooms and pages with it.
 */

import { storage } from "./browser.js";
import { CustomEmoji } from "./custom_emoji.js";
import { byId } from "./dom.js";
import { DraftSync } from "./draft_sync.js";
import { EmojiPicker } from "./elements/emoji_picker.js";
import { Notice } from "./elements/notice.js";
import { StatusBanner } from "./elements/status.js";
import { Heartbeat } from "./heartbeat.js";
import { showLook } from "./look.js";
import { PeopleSync } from "./people_sync.js";
import { phrase } from "./phrases.js";
import { probe } from "./probe.js";
import { socketUrl } from "./protocol.js";
import { RecentRooms } from "./recent_rooms.js";
import { SavedMessages } from "./saved_messages.js";
import { RecentSearches } from "./search/recent_searches.js";
import { Search } from "./search/search.js";
import { personKey } from "./senders.js";
import { Connection } from "./socket.js";
import { Store } from "./store.js";
import { makeOutbox } from "./tab_outbox.js";
import { makeUploads } from "./uploads/tab_uploads.js";
import { VotesSync } from "./votes_sync.js";

/**
 * @import { Targets } from "./elements/switcher.js"
 * @import { PageData } from "./wire.d.ts"
 */

export class Tab {
  /** @param {PageData} page @param {() => string | undefined} shownRoom the slug of the room that is shown */
  constructor({ welcome, urls, bans, sees_edits: seesEdits }, shownRoom) {
    this.urls = urls;
    this.seesEdits = seesEdits;
    this.bans = bans;
    /** The switcher asks in them; it is made later. @type {Targets} */
    this.targets = { pick: async () => null };
    this.store = new Store(welcome);
    this.connection = new Connection(socketUrl(location, urls.socket), { probe: () => probe(urls.probe) });
    this.heartbeat = new Heartbeat(this.connection);
    this.saved = new SavedMessages(this.store, this.connection);
    this.customEmoji = new CustomEmoji(this.store, this.connection);
    /** The person's key (senders.js). */
    this.owner = personKey(this.store.you);
    this.storage = storage();
    this.tabStorage = storage("sessionStorage");
    this.recent = new RecentRooms(this.storage, this.owner);
    this.search = new Search(urls);
    this.searches = new RecentSearches(this.storage, this.owner);
    this.drafts = new DraftSync(this);
    this.uploads = makeUploads(this);
    this.outbox = makeOutbox(this, shownRoom);
    this.notice = new Notice(byId("notice"));
    this.picker = new EmojiPicker(this);
    this.status = new StatusBanner(this.connection);
    this.connection.on("frame", (frame) => this.store.apply(frame));
    this.store.on("report-ended", ({ outcome }) =>
      this.notice.keep(phrase(outcome === "dismissed" ? "report_dismissed" : "report_acted")),
    );
    // Before the elements hear of it, which draw times.
    this.store.on("look", showLook);
    new PeopleSync(this.store.people, this.connection);
    new VotesSync(this.store, this.connection);
  }
}
