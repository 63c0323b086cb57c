// Made by `manage.py protocol_docs` from the schemas of the protocol: change those, then run the command again.
// For the type checker only: no module loads this file.

/** What a person says of themselves: an emoji, a text, or both. After `until` it is no longer shown. */
export interface Status {
  emoji: string;
  text: string;
  until: string | null;
}

/**
 * A user of the site, as everyone sees them.
 *
 * `name` is the display name, or the handle if there is none. `avatar` is the path of their picture; another picture
 * has another path. `version` is the number of their last change: a client may hold several forms of one person, and
 * shows the one with the highest `version`.
 */
export interface Person {
  id: number;
  handle: string;
  name: string;
  avatar: string | null;
  bot: boolean;
  status: Status | null;
  version: number;
}

/** The short form of a person. A client that knows the `Person` with this id shows their name instead. */
export interface PersonName {
  id: number;
  name: string;
}

/**
 * A person without an account. The server chose the name, and gives it to nobody else.
 *
 * All messages of one guest carry the same `id`.
 */
export interface Guest {
  id: string;
  name: string;
}

/** One emoji under a message. `count` people added it; `people` names the first 50 of them, the earliest first. */
export interface Reaction {
  emoji: string;
  count: number;
  people: PersonName[];
}

/**
 * A file of a message. Its address is `/files/ID/NAME`; what was made of it is at `/files/ID/thumb-360.webp`,
 * `/files/ID/thumb-1080.webp` and `/files/ID/excerpt.json`.
 *
 * `size` is in bytes; `type` is the media type that the server found in the content. `width` and `height` are those of
 * a picture, a video or the first page of a document in pixels, as it is shown; null for other files. `duration_ms` is
 * that of a sound, a video or an animated picture. `state` is `processing` (not everything is known yet), `ready`, or
 * `refused` (nobody can fetch it; `refusal` is the code of the reason, else it is empty). `thumbs` lists what was made
 * of it: `thumb-360` and `thumb-1080` (WebP, with this longer side at most), `excerpt` (the first `lines` of a text,
 * highlighted).
 */
export interface Attachment {
  id: number;
  name: string;
  type: string;
  size: number;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  lines: number | null;
  state: string;
  refusal: string;
  alt: string;
  spoiler: boolean;
  thumbs: string[];
}

/**
 * A short form of the message that another one replies to, as it was at its `version`.
 *
 * `text` is plain text of at most 140 characters; empty if the message is deleted. `file` is the first of its files;
 * null without one. A later change of the quoted message is an event of that message, and does not change the
 * `version` of the reply. A client may hold several forms of one message, quotes included: it shows the one with the
 * highest `version`.
 */
export interface Quote {
  id: number;
  seq: number;
  version: number;
  author: PersonName | null;
  guest: Guest | null;
  text: string;
  file: Attachment | null;
  deleted: boolean;
}

/**
 * What a message refers to: the ids of users, the slugs of rooms, everyone in the room (`all`), all who have it
 * open (`here`). A reader may not see all of the rooms.
 */
export interface Mentions {
  people: number[];
  rooms: string[];
  all: boolean;
  here: boolean;
}

/**
 * What the page behind a link of a message says about itself. The server has fetched it.
 *
 * `url` is the address of the link. `picture` and `icon` are paths on this site (WebP); `width` and `height` are those
 * of the picture in pixels. Texts that the page does not have are empty.
 */
export interface Preview {
  url: string;
  title: string;
  description: string;
  site: string;
  picture: string | null;
  width: number | null;
  height: number | null;
  icon: string | null;
}

/**
 * One option of a poll. `votes` people chose it; `people` names the first 50 of them, and nobody in an anonymous
 * poll.
 */
export interface PollOption {
  text: string;
  votes: number;
  people: PersonName[];
}

/**
 * A question with options to vote for. The text of its message is the question.
 *
 * `multiple`: a person may choose several options. `anonymous`: nobody is told who voted what; one's own votes come by
 * `votes`. `closed`: nobody can vote any more. `voters` is the number of people who voted.
 */
export interface Poll {
  options: PollOption[];
  multiple: boolean;
  anonymous: boolean;
  closed: boolean;
  voters: number;
}

/** The poll of a message that is posted: 2 to 10 different options of at most 80 characters. */
export interface PostedPoll {
  options: string[];
  multiple: boolean;
  anonymous: boolean;
}

/** What one person chose in the poll of a message: the places of options, from 0. */
export interface OwnVotes {
  message: number;
  options: number[];
}

/**
 * An upload that becomes part of a message: its id, its description for people who do not see it, and whether it
 * is shown only after a click.
 */
export interface PostedFile {
  id: number;
  alt: string;
  spoiler: boolean;
}

/** Who pinned a message to the head of its room, and when. */
export interface Pinned {
  by: PersonName;
  at: string;
}

/**
 * The summary of a thread, without deleted replies: how many there are, when the last one was posted, and the
 * ids of at most 5 users who replied, the latest first.
 */
export interface ThreadSummary {
  count: number;
  last_at: string;
  people: number[];
}

/**
 * A message as it is now, the same for every viewer. A deleted one has empty `text` and `html`; `removed`: it was
 * deleted by a moderator, not by its author.
 *
 * A `silent` message notifies nobody. `poll` is null unless it is a poll.
 *
 * A text of one paragraph that begins with `/me` is about what its author does: its `html` is `<p class="action">`
 * with the rest, and clients show the name of the author before it.
 *
 * `quote` is null unless `reply_to` is set. `mentions` is null if nobody is mentioned. In `html` each mention is a
 * `span` with the class `mention` and the attribute `data-person` (a user's id), or with the classes `mention all` or
 * `mention here`.
 *
 * `thread` is the id of the message that begins a thread, its root, if this message is a reply in that thread; else
 * null. `in_room` is false for a reply that only its thread shows, not the room. `replies` is null for a message
 * without replies in a thread.
 */
export interface Message {
  id: number;
  seq: number;
  version: number;
  client_id: string;
  author: Person | null;
  guest: Guest | null;
  text: string;
  html: string;
  at: string;
  edited_at: string | null;
  deleted: boolean;
  removed: boolean;
  reply_to: number | null;
  quote: Quote | null;
  mentions: Mentions | null;
  reactions: Reaction[];
  attachments: Attachment[];
  previews: Preview[];
  poll: Poll | null;
  silent: boolean;
  pinned: Pinned | null;
  thread: number | null;
  in_room: boolean;
  replies: ThreadSummary | null;
}

/** What a moderator (`by`, a name) did because of a report: `dismiss`, `remove`, `mute`, `ban` or `write`. */
export interface ReportAct {
  act: string;
  by: string;
  at: string;
  note: string;
}

/**
 * A report of a message or a person, as moderators see it.
 *
 * `message` is the message as it is now, null for a report of a person. The reported person is `about` or, for a
 * guest, `guest`. `reporter` is null for a guest and for a filter, whose name is `reporter_name`. `reason` is that of
 * the command `report`, or `filter`. `text` is what the message said when it was reported. `outcome` is empty while
 * the report is open, else `dismissed` or `acted`.
 */
export interface Report {
  id: number;
  message: Message | null;
  about: PersonName | null;
  guest: Guest | null;
  reporter: PersonName | null;
  reporter_name: string;
  reason: string;
  note: string;
  text: string;
  at: string;
  outcome: string;
  acts: ReportAct[];
}

/** Numbers of reports: all of them, those that a moderator acted upon, and those that were dismissed. */
export interface ReportCounts {
  total: number;
  acted: number;
  dismissed: number;
}

/**
 * A message that a filter holds, as moderators see it: `found` is what the filter with the name `filter` found.
 * One of `author` and `guest` is null. `files` is their number.
 */
export interface HeldMessage {
  id: number;
  author: PersonName | null;
  guest: Guest | null;
  text: string;
  files: number;
  filter: string;
  found: string;
  at: string;
}

/**
 * A message of one's own that a filter holds. `files` are the names of its files. The other fields are those of the
 * command `post`.
 */
export interface OwnHeldMessage {
  room: string;
  client_id: string;
  body: string;
  reply_to: number | null;
  thread: number | null;
  in_room: boolean;
  silent: boolean;
  poll: PostedPoll | null;
  files: string[];
  at: string;
}

/** What became of a message that a filter held: see the event `held`. */
export interface HeldState {
  client_id: string;
  state: string;
}

/** A person whom a moderator keeps from writing in a room, `until` a time. */
export interface PersonMute {
  person: PersonName | null;
  guest: Guest | null;
  until: string;
  reason: string;
}

/**
 * A filter of a room, as its moderators see it. `kind` is `words`, `pattern`, `domains`, `repeated`, `mentions` or
 * `new_links`, `action` is `refuse`, `hold` or `report`. `value` has one word, pattern or domain in each line. `limit`
 * and `hours` are for the kinds that count.
 */
export interface RoomFilter {
  id: number;
  name: string;
  kind: string;
  value: string;
  limit: number;
  hours: number;
  action: string;
  is_on: boolean;
}

/** A message that a filter would have met: who wrote it (`name`), its beginning, and what the filter `found`. */
export interface FilterHit {
  name: string;
  text: string;
  found: string;
  at: string;
}

/**
 * What a person has written in a room and not sent, the same on all their devices. Nobody else gets it.
 *
 * `thread` is the id of the thread's first message; null for the room itself. `client_id` is reserved for this text:
 * whoever sends the draft posts with it. `quote` shows the message that it answers.
 */
export interface Draft {
  room: string;
  thread: number | null;
  body: string;
  reply_to: number | null;
  quote: Quote | null;
  client_id: string;
  at: string;
}

/** A message that will be posted at the time `at`. Only its author gets it. */
export interface Scheduled {
  id: number;
  room: string;
  thread: number | null;
  body: string;
  silent: boolean;
  at: string;
  attachments: Attachment[];
}

/** A text that a message had before an edit, `until` that edit. */
export interface FormerText {
  text: string;
  until: string;
}

/**
 * A `message` (its id) that this person has saved for later. `remind_at` is null without a reminder; `is_due`: the
 * reminder has come.
 */
export interface Saved {
  message: number;
  remind_at: string | null;
  is_due: boolean;
}

/**
 * A room, the same for every viewer.
 *
 * `who_posts` is `everyone`, `named` (owners, moderators and the people whom they name), `moderators` or `nobody` (the
 * room is read-only). `who_invites`, `who_pins` and `who_mentions_all` (`@all` and `@here`) are `members`,
 * `moderators` (owners, too) or `owners`. `slow_mode_s` are the seconds between two messages of a person, 0 for none.
 */
export interface Room {
  slug: string;
  name: string;
  topic: string;
  kind: string;
  guests: string;
  archived: boolean;
  slow_mode_s: number;
  who_posts: string;
  who_invites: string;
  who_pins: string;
  who_mentions_all: string;
  changed_version: number;
}

/**
 * A room as one person sees it: with its head and with what they have not read.
 *
 * `active_at` is the time of the latest message that the room shows; before the first one, of the room's creation.
 * `role` is null for a person who is not a member. `named_to_post`: an owner or moderator has named them, which counts
 * where only named people post. `unread` and `mentions` are counted up to 1,000. `read` is the
 * `seq` up to which they have read. It goes back only when they mark messages as unread, and then `unread_marks`
 * increases: of two positions the newer one has the higher `unread_marks` or, if these are equal, the higher `read`.
 * `people` are all people of a direct room, this person included; a direct room has no name. `favourite` is the place
 * among this person's favourites, from 0; null if it is none. `muted`: they want to see only its mentions counted.
 * `hidden`: not in their list until the next message comes. `threads` are the ids of the roots of those threads that
 * they follow and that have replies they have not read: at most 100, the newest.
 */
export interface RoomState {
  slug: string;
  name: string;
  topic: string;
  kind: string;
  guests: string;
  archived: boolean;
  slow_mode_s: number;
  who_posts: string;
  who_invites: string;
  who_pins: string;
  who_mentions_all: string;
  changed_version: number;
  version: number;
  active_at: string;
  role: string | null;
  named_to_post: boolean;
  read: number;
  unread_marks: number;
  unread: number;
  mentions: number;
  people: Person[];
  favourite: number | null;
  muted: boolean;
  hidden: boolean;
  threads: number[];
}

/** A thread that a person follows: its root, the `unread` replies (counted up to 1,000), and its last replies. */
export interface ListedThread {
  room: string;
  root: Message;
  unread: number;
  last: Message[];
}

/**
 * A room in the list of all rooms that a person may see.
 *
 * `members` is a number; `last_at` is the time of the latest message, null without one; `role` is null for a person
 * who is not a member.
 */
export interface ListedRoom {
  slug: string;
  name: string;
  topic: string;
  kind: string;
  members: number;
  last_at: string | null;
  role: string | null;
}

/**
 * A file in the list of a room's files: the id of its `message`, who sent it (one of `author` and `guest` is null),
 * and when.
 */
export interface ListedFile {
  file: Attachment;
  message: number;
  author: Person | null;
  guest: Guest | null;
  at: string;
}

/**
 * A member of a room, as the one who asks may manage them. `here`: whether they have the room open.
 * `named_to_post`: they post where only named people do.
 *
 * `roles`: the roles that the one who asks may give them, none if they may not; `removable`: whether they may remove
 * them.
 */
export interface Member {
  person: Person;
  role: string;
  named_to_post: boolean;
  here: boolean;
  roles: string[];
  removable: boolean;
}

/** The person whom the server takes this connection for: a `user` or a `guest`. The other one is null. */
export interface You {
  user: Person | null;
  guest: Guest | null;
}

/**
 * What files a message may have: at most `count`, each of at most `bytes` bytes and of one of these media `types`
 * (`image/*`: all pictures; empty: all types). A description has at most `alt` characters. One request of an upload
 * has at most `chunk` bytes.
 */
export interface FileLimits {
  count: number;
  bytes: number;
  types: string[];
  alt: number;
  chunk: number;
}

/**
 * Limits that a client should keep to.
 *
 * `body` is in characters. `rate` is in commands per second (0: no limit); `burst` is the number of commands that may
 * come at once.
 */
export interface Limits {
  body: number;
  rate: number;
  burst: number;
  files: FileLimits;
}

/** How Sec-WebSocket-Accept follows from Sec-WebSocket-Key, step by step. `sha1` is in hexadecimal digits. */
export interface Derivation {
  key: string;
  joined: string;
  sha1: string;
  accept: string;
}

/** A line of a request or a response. `masked`: the value holds a secret, of which only the form is shown. */
export interface Header {
  name: string;
  value: string;
  masked: boolean;
}

/**
 * An address on the way of the request.
 *
 * `role` is `client` for the address that counts as this person's, `proxy` for a trusted proxy, and `claimed` for an
 * address that only the request itself gives.
 */
export interface Hop {
  address: string;
  role: "claimed" | "client" | "proxy";
}

/**
 * The handshake of this connection. A field is null if the server that runs the application does not report it.
 *
 * `verbatim`: the names and the order of the request's headers are those that arrived; otherwise the server has
 * normalised them. `peer` and `local` are the ends of the server's TCP connection, `tls` whether it uses TLS.
 */
export interface Handshake {
  request_line: string;
  headers: Header[];
  verbatim: boolean;
  response_line: string | null;
  response_headers: Header[] | null;
  derivation: Derivation | null;
  offered: string[];
  subprotocol: string | null;
  scheme: string;
  peer: string | null;
  local: string | null;
  tls: boolean | null;
  route: Hop[] | null;
}

/**
 * A frame of this connection, without the text of messages, which the client has.
 *
 * `at` is in milliseconds after the handshake. `head` has the bytes before the payload (RFC 6455 §5.2), in hex.
 * `message` numbers the text messages of a direction from 1; null for a control frame, whose `payload` is in hex.
 * `round_trip_ms` is set for a pong that answers a ping of the server.
 */
export interface ObservedFrame {
  from_server: boolean;
  at: number;
  head: string;
  length: number;
  message: number | null;
  payload: string | null;
  round_trip_ms: number | null;
}

/** All frames of one direction since the handshake, and their bytes. Frames that report frames do not count. */
export interface Traffic {
  frames: number;
  bytes: number;
}

/**
 * The first frame after the handshake.
 *
 * `resume` is a secret with which a guest who has no session can come back (see “The handshake”); null for all others.
 * `folded` names the sections of the sidebar that this person has folded.
 * `people_version` is the number of the latest change of a person: a client that knew an earlier one asks
 * `changed_people`.
 */
export interface Welcome {
  type: "welcome";
  protocol: "chat";
  epoch: string;
  you: You;
  resume: string | null;
  rooms: RoomState[];
  folded: string[];
  people_version: number;
  limits: Limits;
}

/** A message is new, or was edited, deleted or reacted to. `message` is its present form. */
export interface MessageEvent {
  type: "message";
  room: string;
  version: number;
  message: Message;
}

/** The room itself changed: its name, topic, kind, or whether it is archived. `state` is its present form. */
export interface RoomEvent {
  type: "room";
  room: string;
  version: number;
  state: Room;
}

/**
 * A delta by which the server closes a gap: all changes after version `after`, up to `upto`.
 *
 * `messages` are in the order of their versions. Each message comes once, in its present form, however often it
 * changed. `state` is null unless the room itself changed.
 */
export interface Changes {
  type: "changes";
  room: string;
  after: number;
  upto: number;
  messages: Message[];
  state: Room | null;
}

/** A room was added to this person's list, or their role in it changed. */
export interface RoomAdded {
  type: "room_added";
  room: string;
  state: RoomState;
}

/** A room was removed from this person's list. `deleted`: for everybody, with all that is in it. */
export interface RoomRemoved {
  type: "room_removed";
  room: string;
  deleted: boolean;
}

/**
 * Members of a room that this connection watches came or left, or their roles changed. Ask `members` for them.
 *
 * It is a hint, and may be lost: ask again after a reconnection, too.
 */
export interface MembersChanged {
  type: "members";
  room: string;
}

/**
 * Somebody has read more of a room that this connection watches: ask `receipts` again for one's last message.
 *
 * It is a hint, comes at most once in two seconds, and may be lost. Rooms of more than 50 people have none.
 */
export interface ReadersChanged {
  type: "readers";
  room: string;
}

/**
 * A public room is new, renamed, archived or restored, or is no longer public; or the site has changed who may
 * create rooms. Ask `browse` for the list.
 *
 * It is a hint, and may be lost.
 */
export interface PublicRoomsChanged {
  type: "public_rooms";
}

/**
 * Counts of a room on this person's list that this connection does not watch. A message there is new or changed.
 *
 * `hidden` is false after a new message: a direct room that this person has hidden is in their list again. `active_at`
 * is that of the `RoomState`. `silent`: all that changed were silent messages, which call nobody.
 */
export interface Unread {
  type: "unread";
  room: string;
  unread: number;
  mentions: number;
  hidden: boolean;
  active_at: string;
  silent: boolean;
}

/**
 * This person read a room up to the `seq` `upto`, or marked later messages as unread, perhaps on another device.
 *
 * The counts are what is left. `unread_marks` tells which of two such events is newer: see `RoomState`.
 */
export interface Read {
  type: "read";
  room: string;
  upto: number;
  unread_marks: number;
  unread: number;
  mentions: number;
}

/** This person chose how a room is in their list, perhaps on another device. See `RoomState`. */
export interface RoomChoices {
  type: "room_choices";
  room: string;
  muted: boolean;
  hidden: boolean;
}

/** All favourites of this person, in their order. No other room is a favourite. */
export interface Favourites {
  type: "favourites";
  rooms: string[];
}

/** The sections of the sidebar that this person has folded; the others are open. */
export interface Folded {
  type: "folded";
  sections: string[];
}

/**
 * The draft of this person in a room or a thread changed, perhaps on another device. `draft` is null if there is
 * none any more. Of two such events, the one with the later `at` counts.
 */
export interface DraftEvent {
  type: "draft";
  room: string;
  thread: number | null;
  at: string;
  draft: Draft | null;
}

/**
 * This person's scheduled messages changed: `waiting` will be sent, `failed` could not be. The page `/scheduled/`
 * lists them.
 */
export interface ScheduledChanged {
  type: "scheduled";
  waiting: number;
  failed: number;
}

/** This person voted in the poll of a message, perhaps on another device: the places of the options, from 0. */
export interface VotesEvent {
  type: "votes";
  message: number;
  options: number[];
}

/**
 * This person saved a `message` (its id) for later, changed its reminder, or is reminded of it (`is_due`). `saved`
 * is null when they removed it.
 */
export interface SavedEvent {
  type: "saved";
  message: number;
  saved: Saved | null;
}

/**
 * The site's own emoji changed. Ask `custom_emoji` for them.
 *
 * It is a hint, and may be lost.
 */
export interface CustomEmojiChanged {
  type: "custom_emoji";
}

/**
 * A filter holds a message of this person (`state` is `waiting`), or it does not wait any more: a moderator has
 * `posted` or `refused` it, its author has `withdrawn` it, or nobody has decided in time (`expired`).
 *
 * It may be lost: ask `own_held` after the connection was away.
 */
export interface HeldChanged {
  type: "held";
  room: string;
  client_id: string;
  state: string;
}

/**
 * A moderator keeps this person from writing in a room until a time; without a `room`, in the whole site. `until`
 * is null when that ends early.
 */
export interface Muted {
  type: "muted";
  room: string | null;
  until: string | null;
}

/**
 * The number of reports and held messages that wait in a room whose moderator this person is. It also comes when
 * moderators did something that changes neither: a mute, for example. It may be lost.
 */
export interface ReportsChanged {
  type: "reports";
  room: string;
  open: number;
}

/**
 * Moderators have ended a report of this guest: `outcome` is `dismissed` or `acted`. Users get a message of the
 * site instead. It is not stored: a guest who is away is not told.
 */
export interface ReportEnded {
  type: "report_ended";
  outcome: string;
}

/**
 * This person follows a thread or does not, or its first unread reply is another one. `thread` is the id of
 * its root, `unread_from` the `seq` of the first reply that they have not read, null if they have read all.
 */
export interface Follow {
  type: "follow";
  room: string;
  thread: number;
  following: boolean;
  unread_from: number | null;
}

/**
 * A followed thread that had unread replies before has one more; a first one is told by `follow`. `thread` is the
 * id of its root. Ask `threads` for the list of followed threads.
 *
 * It is a hint, and may be lost; then `unread_threads` comes.
 */
export interface MoreReplies {
  type: "more_replies";
  room: string;
  thread: number;
}

/**
 * All threads of a room that this person follows and that have unread replies: see `RoomState`.
 *
 * It comes when a `follow` or `more_replies` event may have been lost.
 */
export interface UnreadThreads {
  type: "unread_threads";
  room: string;
  threads: number[];
}

/**
 * People opened or closed the room.
 *
 * `online` is the number of people who have it open, guests included. `joined` and `left` name those who did so since
 * the last such event, at most 50 each.
 */
export interface Presence {
  type: "presence";
  room: string;
  online: number;
  joined: You[];
  left: You[];
}

/**
 * Of the people in this person's direct rooms, those in `joined` have come online and those in `left` have gone.
 *
 * Both are ids of users. The event after `welcome` has all who are online; without one, nobody is. A person is online
 * while any page or program of theirs is connected.
 */
export interface Online {
  type: "online";
  joined: number[];
  left: number[];
}

/** The people in `who` are typing. */
export interface Typing {
  type: "typing";
  room: string;
  who: You[];
}

/**
 * Frames of this connection, after `observe`. This event itself is not among them.
 *
 * Too many at once are left out: `skipped` is their number since the last such event. `sent` and `received` count all
 * frames, seen from the server.
 */
export interface Frames {
  type: "frames";
  frames: ObservedFrame[];
  skipped: number;
  sent: Traffic;
  received: Traffic;
}

/**
 * A person changed: their name, picture or status. It counts for all of their messages, also for old ones.
 *
 * It also comes after a change of their title or time zone, which are not in it: ask `profile` again to show them.
 *
 * Users get it of everyone; guests get it of people who write in rooms that are open to guests.
 */
export interface PersonEvent {
  type: "person";
  person: Person;
}

/**
 * How this person wants to see the pages changed, perhaps in another tab. Only they get it.
 *
 * `theme` `system` follows the device, `clock` `auto` the language. `enter` is what the Enter key does in a text.
 */
export interface LookChanged {
  type: "look";
  theme: "system" | "light" | "dark";
  density: "normal" | "compact";
  clock: "auto" | "12" | "24";
  enter: "send" | "line";
}

/**
 * The server is about to close this connection. Connect again after `retry_after` seconds.
 *
 * `reason` is `restart` (close code 1012), `too_many_connections` of this person (1013), `signed_out` or `banned`
 * (4001: do not connect again with the same session or token). Other reasons may be added.
 */
export interface Bye {
  type: "bye";
  reason: string;
  retry_after: number;
}

/**
 * The answer to `open`: the state of the room and its messages.
 *
 * If `limited` is false, `messages` is a delta: all messages that changed after version `after`, up to `upto`. If it
 * is true, `messages` is a page as of version `upto`, and the client drops its older copy: the latest page, or the one
 * around the place that the command named with `at`. `more_before` and `more_after` say whether there are older and
 * newer messages. `at` is the `seq` of that place: of the message, or the first one after the read position; null if
 * the command named none, or nothing is unread. If that message is a reply that only its thread shows, `at` is the
 * place of the thread's root, and `thread` the id of the root; else `thread` is null. `can_post`: whether the person
 * may write here; in an archived room nobody may. `muted_until`: until then a moderator keeps them from writing, else
 * null. `online` is the number of people who have the room open, including
 * the one who asks. `here` names at most 50 of them.
 */
export interface OpenReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  epoch: string;
  state: RoomState;
  can_post: boolean;
  muted_until: string | null;
  after: number;
  upto: number;
  messages: Message[];
  limited: boolean;
  more_before: boolean;
  more_after: boolean;
  at: number | null;
  thread: number | null;
  online: number;
  here: You[];
}

/** The answer to `reports`: a page of them. `open` is the number of open reports and held messages of the room. */
export interface ReportsReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  open: number;
  reports: Report[];
  more: boolean;
  held: HeldMessage[];
  mutes: PersonMute[];
}

/**
 * The answer to `report_context`: the reported message among those before and after it, and the numbers of reports
 * `about` the same person and by the same `reporter` in the room, this one included.
 */
export interface ReportContextReply {
  type: "reply";
  ref: string | number | null;
  report: Report;
  messages: Message[];
  about: ReportCounts;
  reporter: ReportCounts;
}

/** The answer to `count_reports`: how many reports and held messages wait in the room. */
export interface ReportCountReply {
  type: "reply";
  ref: string | number | null;
  open: number;
}

/**
 * The answer to `own_held`: the messages of this person that wait, the oldest first, and the state of those that do
 * not wait any more among the ones that the client knows. One that is in neither list is unknown to the server: post
 * it again with the same client_id.
 */
export interface OwnHeldReply {
  type: "reply";
  ref: string | number | null;
  waiting: OwnHeldMessage[];
  ended: HeldState[];
}

/** The answer to `filters`: those of the room, and how many it may have at `most`. */
export interface FiltersReply {
  type: "reply";
  ref: string | number | null;
  filters: RoomFilter[];
  most: number;
}

/**
 * The answer to `try_filter`: how many messages of the room were `checked`, how many of them the filter would have
 * `met`, and the last ones of these. `complete` is false if it took too long to check all of the last 10,000.
 */
export interface DryRunReply {
  type: "reply";
  ref: string | number | null;
  checked: number;
  met: number;
  complete: boolean;
  hits: FilterHit[];
}

/**
 * The answer to `history`: a page of messages, oldest first.
 *
 * `more_before` says whether there are older messages, `more_after` whether there are newer ones; null for the
 * direction that the command did not ask for.
 */
export interface HistoryReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  messages: Message[];
  more_before: boolean | null;
  more_after: boolean | null;
}

/**
 * The answer to `thread`: the root and a page of replies, oldest first, as of `version` of the room.
 *
 * `more_before` says whether there are older replies. `following`: whether this person follows the thread.
 * `unread_from` is the `seq` of the first reply that they have not read, null if there is none.
 */
export interface ThreadReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  version: number;
  root: Message;
  replies: Message[];
  more_before: boolean;
  following: boolean;
  unread_from: number | null;
}

/** The answer to `threads`: a page of them. `more` is true if there are further ones. */
export interface ThreadsReply {
  type: "reply";
  ref: string | number | null;
  threads: ListedThread[];
  more: boolean;
}

/**
 * The answer to `profile`. `title` and `time_zone` (of the IANA database) are empty if the person gave none.
 *
 * `role` is null without a membership of the room that was asked about. `admin`: an admin of the site. `closed`: the
 * account was deactivated, so the person cannot sign in.
 */
export interface ProfileReply {
  type: "reply";
  ref: string | number | null;
  person: Person;
  title: string;
  time_zone: string;
  role: string | null;
  admin: boolean;
  closed: boolean;
}

/**
 * The answer to `changed_people`: the people who changed, in the order of their changes, up to `upto`. If `more` is
 * true, ask again `since` `upto`.
 */
export interface ChangedPeopleReply {
  type: "reply";
  ref: string | number | null;
  people: Person[];
  upto: number;
  more: boolean;
}

/** The answer to `post`, `edit`, `delete`, `react`, `vote` and `close_poll`: the message as it is stored. */
export interface MessageReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  message: Message;
}

/** The answer to `pins`: the pinned messages of a room, the one that was pinned last first. */
export interface PinsReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  pinned: Message[];
}

/** The answer to `edits`: the texts that the message had before its last 20 edits, the oldest first. */
export interface EditsReply {
  type: "reply";
  ref: string | number | null;
  message: number;
  former: FormerText[];
}

/** The answer to `saved`: what this person has saved in rooms that they may see, the newest first. */
export interface SavedReply {
  type: "reply";
  ref: string | number | null;
  saved: Saved[];
}

/**
 * The answer to `custom_emoji`: the names of the site's own emoji, sorted. The picture of each is at
 * `/emoji/NAME.webp`. `may_add`: whether this person may add some.
 */
export interface CustomEmojiReply {
  type: "reply";
  ref: string | number | null;
  names: string[];
  may_add: boolean;
}

/** The answer to `people`: those who were found, the best first. */
export interface PeopleReply {
  type: "reply";
  ref: string | number | null;
  people: Person[];
}

/** The answer to a command that adds a room to this person's list: the room as they see it. */
export interface RoomReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  state: RoomState;
}

/**
 * The answer to `browse`: a page of rooms. `more` is true if there are further ones. `may_create` has the kinds of
 * rooms that this person may create: `public`, `private`.
 */
export interface BrowseReply {
  type: "reply";
  ref: string | number | null;
  rooms: ListedRoom[];
  more: boolean;
  may_create: string[];
}

/**
 * The answer to `about`: the number of `members` and of `owners`, and what this person may do with the room.
 *
 * `may` names fields of `change_room` (`archived`, `guests`, `kind`, `name`, `slow_mode_s`, `topic`, `who_invites`,
 * `who_mentions_all`, `who_pins`, `who_posts`), `add`, `invite`, `mention_all`, `name_to_post` and `pin`.
 * `kinds` are the kinds that the room may have. `notify` is null for a person who is not a member.
 * `reports` is the number of reports and held messages that wait for a moderator; null for a person who is none.
 */
export interface AboutReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  created_at: string;
  members: number;
  owners: number;
  notify: string | null;
  may: string[];
  kinds: string[];
  reports: number | null;
}

/** The answer to `members`: a page of them. `total` counts all that match the search. */
export interface MembersReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  members: Member[];
  total: number;
  more: boolean;
}

/**
 * The answer to `files`: a page of them, the newest first. `senders` are the people who sent files in the room; it
 * is empty for a page after the first.
 */
export interface FilesReply {
  type: "reply";
  ref: string | number | null;
  room: string;
  files: ListedFile[];
  more: boolean;
  senders: PersonName[];
}

/** The answer to `render`: the HTML of the message, as `html` of a message. */
export interface RenderReply {
  type: "reply";
  ref: string | number | null;
  html: string;
}

/** The answer to `make_invite`: the path of the link, which cannot be asked for again, and its limits. */
export interface InviteReply {
  type: "reply";
  ref: string | number | null;
  path: string;
  expires_at: string;
  uses: number;
}

/**
 * The answer to `drafts`: all drafts of this person, the latest first, and the numbers of their scheduled messages:
 * `waiting` will be sent, `failed` could not be.
 */
export interface DraftsReply {
  type: "reply";
  ref: string | number | null;
  drafts: Draft[];
  waiting: number;
  failed: number;
}

/** The answer to `schedule`: the message that will be sent. */
export interface ScheduledReply {
  type: "reply";
  ref: string | number | null;
  scheduled: Scheduled;
}

/**
 * The answer to `receipts`: the `readers` of one's own message, and how many others are `waiting` to read it.
 *
 * `shown` is false where there are no receipts: in rooms of more than 50 people, on sites without them, and for a
 * person who does not show what they have read. Who does not show it, and who came later, is left out.
 */
export interface ReceiptsReply {
  type: "reply";
  ref: string | number | null;
  message: number;
  shown: boolean;
  readers: PersonName[];
  waiting: number;
}

/** The answer to `votes`: what this person chose. Polls in which they did not vote are left out. */
export interface VotesReply {
  type: "reply";
  ref: string | number | null;
  votes: OwnVotes[];
}

/** The answer to `observe`. `shows_frames`: whether `frames` events will come. */
export interface ObserveReply {
  type: "reply";
  ref: string | number | null;
  handshake: Handshake;
  shows_frames: boolean;
}

/** The answer to a command that returns nothing. */
export interface Reply {
  type: "reply";
  ref: string | number | null;
}

/**
 * A file of a message that was found: its `name`, and `fragments` of its text, if something was found there, in the
 * form of those of `SearchHit`.
 */
export interface FoundFile {
  file: Attachment;
  name: string[];
  fragments: string[][];
}

/**
 * A message that was found. `room` is a slug; `thread` and `in_room` are those of the message.
 *
 * `fragments` are parts of its text around what was found. Each is a list of texts that follow each other: the first,
 * third … are plain, the second, fourth … are marked. Nothing of it is HTML. A hit has at most four `files`.
 */
export interface SearchHit {
  id: number;
  seq: number;
  room: string;
  thread: number | null;
  in_room: boolean;
  author: Person | null;
  guest: Guest | null;
  at: string;
  edited_at: string | null;
  fragments: string[][];
  files: FoundFile[];
}

/** The room of a hit. `people` are those of a direct room, which has no name. */
export interface SearchRoom {
  slug: string;
  name: string;
  kind: string;
  archived: boolean;
  people: PersonName[];
}

/**
 * A filter of the query: `name` and `value` as the server understood them, and its place in the text, from `start`
 * to `end`, in code points.
 */
export interface SearchFilter {
  name: string;
  value: string;
  negated: boolean;
  start: number;
  end: number;
}

/** What is wrong in the query: a code, a sentence for people, and the place in the text, in code points. */
export interface SearchProblem {
  code: string;
  detail: string;
  start: number;
  end: number;
}

/**
 * A page of what was found. `next` is what the question for the next page names as `after`; null at the end.
 *
 * `is_empty`: the query asks for nothing, so that nothing was searched for.
 */
export interface SearchResults {
  hits: SearchHit[];
  rooms: SearchRoom[];
  next: string | null;
  filters: SearchFilter[];
  problems: SearchProblem[];
  is_empty: boolean;
}

/** The answer to a command that was refused. `field` names the wrong field; `retry_after` is in seconds. */
export interface Error {
  type: "error";
  ref: string | number | null;
  code: string;
  detail: string;
  field: string | null;
  retry_after: number | null;
}

/**
 * The files of chat/static/chat/emoji: the list of emoji, and their words in other languages than English, by the
 * tag of the language.
 */
export interface EmojiAddresses {
  list: string;
  words: Record<string, unknown>;
}

/**
 * Paths that the modules of a page need. `room` is a template: `__slug__` is replaced by the slug. `files` is the
 * beginning of the path of each file. In `custom_emoji_picture`, `__name__` is replaced by a name.
 */
export interface Addresses {
  socket: string;
  probe: string;
  home: string;
  room: string;
  files: string;
  login: string;
  saved: string;
  search: string;
  search_results: string;
  custom_emoji: string;
  custom_emoji_picture: string;
  emoji: EmojiAddresses;
}

/** Paths of the pages of the admin that ban a person and a guest, for those who may. */
export interface BanPages {
  person: string;
  guest: string;
}

/**
 * The data block of a page. `open` is None on pages without a room. Its messages must be a `MessageList`. `at` is
 * the id of the message that the address names. `sees_edits`: whether the site shows former texts to everyone.
 * `time_zone`: that of the person's profile, or empty. `bans` is null for people who may ban nobody.
 */
export interface PageData {
  welcome: Welcome;
  open: OpenReply | null;
  at: number | null;
  sees_edits: boolean;
  time_zone: string;
  bans: BanPages | null;
  urls: Addresses;
}

/**
 * Start to watch a room. The answer has the room and a delta of what changed after `since`, or a page of messages.
 *
 * `since` is a version of the client's copy, and needs the `epoch` of that copy. `at` says which page: the latest one
 * by default, the one around the first unread message (`unread`), or the one around a message (its id).
 */
export interface OpenCommand {
  type: "open";
  ref?: string | number | null;
  room: string;
  since?: number | null;
  epoch?: string | null;
  at?: "unread" | number | null;
}

/** Stop watching a room. */
export interface CloseCommand {
  type: "close";
  ref?: string | number | null;
  room: string;
}

/**
 * Post a message, in Markdown. The same `client_id` again returns the first message: it is never stored twice.
 *
 * In a public room, a user who is no member becomes one. `reply_to` is the id of a message in the same room.
 * `attachments` are up to 10 of one's own complete uploads in this room ([files.md](files.md)), in the order in which
 * they are shown; with one, `body` may be empty. With a `poll`, `body` is its question. A `silent` message notifies
 * nobody. With `thread`, the id of a message in the same room, it is a reply in the thread of that message, which only
 * the thread shows, unless `in_room` is true. Then the message that begins the thread, its root, changes too: two
 * events, the reply and the root.
 */
export interface PostCommand {
  type: "post";
  ref?: string | number | null;
  room: string;
  client_id: string;
  body: string;
  reply_to?: number | null;
  attachments?: PostedFile[];
  poll?: PostedPoll | null;
  silent?: boolean;
  thread?: number | null;
  in_room?: boolean;
}

/** Change the text of one's own message. */
export interface EditCommand {
  type: "edit";
  ref?: string | number | null;
  message: number;
  body: string;
}

/**
 * Tick a task of one's own message (`on` true), or remove the tick. `task` is its number in the message, from 0:
 * the `data-task` of its box in the HTML.
 */
export interface TickCommand {
  type: "tick";
  ref?: string | number | null;
  message: number;
  task: number;
  on: boolean;
}

/** Delete one's own message, or as a moderator anyone's. The message stays in the log, without its text. */
export interface DeleteCommand {
  type: "delete";
  ref?: string | number | null;
  message: number;
}

/** Remove the preview of one link, with this `url`, from one's own message, or as a moderator from anyone's. */
export interface RemovePreviewCommand {
  type: "remove_preview";
  ref?: string | number | null;
  message: number;
  url: string;
}

/** Add (`on` true) or remove one's own reaction: one emoji, with its modifiers. */
export interface ReactCommand {
  type: "react";
  ref?: string | number | null;
  message: number;
  emoji: string;
  on: boolean;
}

/**
 * Mark the messages of a room as read, up to the one with the `seq` `upto`. The position never goes back by this.
 *
 * A client that reads by itself sends the `unread_marks` that it knows. If the person has marked messages as unread
 * since then, on another device, the command does nothing.
 */
export interface ReadCommand {
  type: "read";
  ref?: string | number | null;
  room: string;
  upto: number;
  unread_marks?: number | null;
}

/**
 * Mark a message and all later ones of its room as unread; of a reply that only its thread shows, it and all later
 * ones of the thread. Only members have a read position.
 */
export interface MarkUnreadCommand {
  type: "mark_unread";
  ref?: string | number | null;
  message: number;
}

/**
 * Send to the watchers of a room that this person is typing. The room must be open on this connection.
 *
 * Clients stop showing it by themselves after some seconds.
 */
export interface TypingCommand {
  type: "typing";
  ref?: string | number | null;
  room: string;
}

/**
 * Fetch a page of messages, oldest first: at most `limit` with a `seq` below `before`, or above `after`, or nearest
 * to `around` (half of them older). Exactly one of the three is given.
 */
export interface HistoryCommand {
  type: "history";
  ref?: string | number | null;
  room: string;
  before?: number | null;
  after?: number | null;
  around?: number | null;
  limit?: number;
}

/**
 * Search the people of the site: at most `limit` with an active account, the best first. Not for guests.
 *
 * It finds names in which a word begins with `query` (in scripts without spaces: that contain it), names with these
 * initials and, if there are none, names that differ in one letter. Case and accents do not matter. An empty `query`
 * finds everyone, by name.
 */
export interface PeopleCommand {
  type: "people";
  ref?: string | number | null;
  query?: string;
  limit?: number;
}

/** Fetch the people who changed after the `people_version` of an earlier `welcome`, in their present form. */
export interface ChangedPeopleCommand {
  type: "changed_people";
  ref?: string | number | null;
  since: number;
}

/** Fetch what the card of a person shows. `room`: the room whose role of them is wanted. */
export interface ProfileCommand {
  type: "profile";
  ref?: string | number | null;
  person: number;
  room?: string | null;
}

/**
 * Ask whether the connection is alive. A client that received nothing for 25 seconds asks, and connects again when
 * no answer comes within 10: a network may drop everything silently, and browsers do not show the server's own pings
 * to a page.
 */
export interface PingCommand {
  type: "ping";
  ref?: string | number | null;
}

/**
 * Show this very connection as the server sees it: the answer has the handshake, and `frames` events follow.
 *
 * For connections to an address that ends in `?observe`. Without `project.server` there are no `frames` events, and
 * parts of the handshake are null.
 */
export interface ObserveCommand {
  type: "observe";
  ref?: string | number | null;
}

/**
 * Make the server send a ping frame (RFC 6455 §5.5.2) on this observed connection; `frames` events show it and its
 * pong.
 */
export interface PingFrameCommand {
  type: "ping_frame";
  ref?: string | number | null;
}

/** Undo the deletion of a message, within 20 seconds, on the connection of the person who deleted it. */
export interface RestoreCommand {
  type: "restore";
  ref?: string | number | null;
  message: number;
}

/** Pin a message to the head of its room (`on` true), or end that. For members who may write; at most 50 a room. */
export interface PinCommand {
  type: "pin";
  ref?: string | number | null;
  message: number;
  on: boolean;
}

/** Fetch the pinned messages of a room. Events of these messages follow if the room is watched. */
export interface PinsCommand {
  type: "pins";
  ref?: string | number | null;
  room: string;
}

/** Fetch the former texts of a message: for its author and moderators, or for everyone if the site allows it. */
export interface EditsCommand {
  type: "edits";
  ref?: string | number | null;
  message: number;
}

/**
 * Post `comment` and a quote of a message in the room with this slug, with a link to the message.
 *
 * The same `client_id` again returns the first message.
 */
export interface ForwardCommand {
  type: "forward";
  ref?: string | number | null;
  message: number;
  room: string;
  client_id: string;
  comment?: string;
}

/**
 * Save a message for later (`on` true), or end that. `remind_at`: when to be reminded. Not for guests.
 *
 * The event `saved` follows. A message that is saved already gets the other reminder, or none.
 */
export interface SaveCommand {
  type: "save";
  ref?: string | number | null;
  message: number;
  on: boolean;
  remind_at?: string | null;
}

/** Fetch which messages this person has saved. */
export interface SavedCommand {
  type: "saved";
  ref?: string | number | null;
}

/** Fetch the names of the site's own emoji. */
export interface CustomEmojiCommand {
  type: "custom_emoji";
  ref?: string | number | null;
}

/**
 * Ask for the rooms that this person may see, by name, without archived and direct ones. A page has 50.
 *
 * `search` is a part of a name or a topic, `skip` the number of rooms to leave out: those of the pages before.
 */
export interface BrowseCommand {
  type: "browse";
  ref?: string | number | null;
  search?: string;
  skip?: number;
}

/**
 * Create a room, whose owner this person becomes. `kind` is `public` or `private`, `people` are its first members.
 *
 * Its slug is made from its name. The site decides who may create which kind.
 */
export interface CreateRoomCommand {
  type: "create_room";
  ref?: string | number | null;
  name: string;
  topic?: string;
  kind?: string;
  people?: number[];
}

/**
 * Change a room: owners everything, moderators the topic, the slow mode and who posts. Fields that are left out
 * stay.
 */
export interface ChangeRoomCommand {
  type: "change_room";
  ref?: string | number | null;
  room: string;
  name?: string | null;
  topic?: string | null;
  kind?: string | null;
  guests?: string | null;
  slow_mode_s?: number | null;
  who_posts?: string | null;
  who_invites?: string | null;
  who_pins?: string | null;
  who_mentions_all?: string | null;
  archived?: boolean | null;
}

/** Ask for what is not in the state of a room: its number of members, and what this person may do with it. */
export interface AboutCommand {
  type: "about";
  ref?: string | number | null;
  room: string;
}

/** Become a member of a public room. */
export interface JoinCommand {
  type: "join";
  ref?: string | number | null;
  room: string;
}

/** End one's own membership of a room. Joining a private room again needs an invitation. */
export interface LeaveCommand {
  type: "leave";
  ref?: string | number | null;
  room: string;
}

/** Ask for members of a room: owners first, then by name. A page has 50. `search` is a part of a name. */
export interface MembersCommand {
  type: "members";
  ref?: string | number | null;
  room: string;
  search?: string;
  skip?: number;
}

/**
 * Ask for the files of a room, the newest first. A page has 30.
 *
 * `kind` is `picture`, `video`, `audio`, `text` or `document`, `sender` the id of a user, `until` the last day
 * (2026-11-26). `before` is the id of the last file of the page before.
 */
export interface FilesCommand {
  type: "files";
  ref?: string | number | null;
  room: string;
  kind?: "picture" | "video" | "audio" | "text" | "document" | null;
  sender?: number | null;
  until?: string | null;
  before?: number | null;
}

/** Make people (ids of users) members of a room: all of them, or none. */
export interface AddMembersCommand {
  type: "add_members";
  ref?: string | number | null;
  room: string;
  people: number[];
}

/** Remove a member (the id of a user) from a room. They cannot join again until a moderator adds them. */
export interface RemoveMemberCommand {
  type: "remove_member";
  ref?: string | number | null;
  room: string;
  person: number;
}

/** Give a member another role: `owner`, `moderator`, `member` or `reader`. */
export interface SetRoleCommand {
  type: "set_role";
  ref?: string | number | null;
  room: string;
  person: number;
  role: string;
}

/** Say whether a member posts in this room where only named people do (`who_posts` is `named`). */
export interface NameToPostCommand {
  type: "name_to_post";
  ref?: string | number | null;
  room: string;
  person: number;
  on: boolean;
}

/** Choose which messages of a room notify this person: `all`, `mentions` or `none`. */
export interface SetNotifyCommand {
  type: "set_notify";
  ref?: string | number | null;
  room: string;
  level: string;
}

/** Make a link to a room or, without `room`, to the whole site. With the link people create an account and join. */
export interface MakeInviteCommand {
  type: "make_invite";
  ref?: string | number | null;
  room?: string | null;
}

/**
 * Open the direct room of this person and up to 8 others, which is made at first use. Not for guests.
 *
 * `people` are ids of users; one's own id alone is for notes. The same people always get the same room. The others see
 * it in their list with its first message.
 */
export interface DirectCommand {
  type: "direct";
  ref?: string | number | null;
  people: number[];
}

/**
 * Make a room of one's list a favourite (`on` true), or end that. The event `favourites` has the new order.
 *
 * `before` is the slug of the favourite that the room is placed before; without `before`, the room is the last one.
 */
export interface FavouriteCommand {
  type: "favourite";
  ref?: string | number | null;
  room: string;
  on: boolean;
  before?: string | null;
}

/**
 * Mute a room of one's list (`on` true), or end that. The event `room_choices` follows.
 *
 * The server sends the same counts and events of a muted room. Clients show only its mentions.
 */
export interface MuteCommand {
  type: "mute";
  ref?: string | number | null;
  room: string;
  on: boolean;
}

/**
 * Take a direct room out of one's list until its next message (`on` true), or bring it back.
 *
 * A room that is hidden is also marked as read. The event `room_choices` follows.
 */
export interface HideCommand {
  type: "hide";
  ref?: string | number | null;
  room: string;
  on: boolean;
}

/** Fold a section of one's sidebar (`on` true), or open it. The event `folded` follows. Not for guests. */
export interface FoldCommand {
  type: "fold";
  ref?: string | number | null;
  section: "favourites" | "rooms" | "direct" | "archived";
  on: boolean;
}

/**
 * Keep what this person has written in a room, or in the thread of a message (`thread`, an id), and not sent.
 *
 * The last writer wins. Without a `body` and a `reply_to`, the draft is removed: send that after a `post`. A draft
 * whose `client_id` was posted is not kept. The event `draft` follows. Not for guests.
 */
export interface DraftCommand {
  type: "draft";
  ref?: string | number | null;
  room: string;
  client_id: string;
  body: string;
  thread?: number | null;
  reply_to?: number | null;
}

/** Ask for this person's drafts in the rooms that they may see. Guests have none. */
export interface DraftsCommand {
  type: "drafts";
  ref?: string | number | null;
}

/**
 * Let the server post a message at the time `at`, at most a year from now; at once, if that time has come, also
 * if it is in the past. Not for guests.
 *
 * The fields are those of `post`. The uploads in `attachments` are kept until the message is sent, and deleted if it
 * is cancelled. The same `client_id` again changes nothing.
 */
export interface ScheduleCommand {
  type: "schedule";
  ref?: string | number | null;
  room: string;
  client_id: string;
  body: string;
  at: string;
  thread?: number | null;
  reply_to?: number | null;
  silent?: boolean;
  attachments?: PostedFile[];
}

/**
 * Choose options (their places, from 0) of the poll of a message, in place of what this person chose before. None
 * takes the vote back. Not for guests.
 */
export interface VoteCommand {
  type: "vote";
  ref?: string | number | null;
  message: number;
  options: number[];
}

/** End the poll of one's own message: nobody can vote any more. */
export interface ClosePollCommand {
  type: "close_poll";
  ref?: string | number | null;
  message: number;
}

/** Ask what this person chose in the polls of these messages (ids). */
export interface VotesCommand {
  type: "votes";
  ref?: string | number | null;
  messages: number[];
}

/** Ask who has read one's own message (its id). */
export interface ReceiptsCommand {
  type: "receipts";
  ref?: string | number | null;
  message: number;
}

/**
 * Ask how a message with this `body` would look in a room, without posting it. It must be a text that could be
 * posted there.
 */
export interface RenderCommand {
  type: "render";
  ref?: string | number | null;
  room: string;
  body: string;
}

/**
 * Say what one does: an emoji, a text of one line, or both; neither ends the status. The event `person` follows.
 * Not for guests.
 */
export interface SetStatusCommand {
  type: "set_status";
  ref?: string | number | null;
  emoji?: string;
  text?: string;
}

/**
 * Fetch a thread: its root and the last `limit` replies, or those with a `seq` below `before`. `message` is the id
 * of the root or of any reply.
 *
 * The answer is as of its `version` of the room. The events of the room keep it current while the room is open.
 */
export interface ThreadCommand {
  type: "thread";
  ref?: string | number | null;
  message: number;
  before?: number | null;
  limit?: number;
}

/**
 * Ask for the threads that this person follows: those with unread replies first, then by their last reply, the
 * latest first. A page has 25; `skip` is the number of threads to leave out: those of the pages before.
 */
export interface ThreadsCommand {
  type: "threads";
  ref?: string | number | null;
  skip?: number;
}

/**
 * Follow the thread of a message (its root or a reply). The event `follow` comes for each change.
 *
 * A person follows a thread without this command when they reply, are mentioned in a reply, or wrote the root.
 */
export interface FollowCommand {
  type: "follow";
  ref?: string | number | null;
  message: number;
}

/** Stop to follow the thread of a message. Only a reply of one's own, or `follow`, ends that. */
export interface UnfollowCommand {
  type: "unfollow";
  ref?: string | number | null;
  message: number;
}

/** Mark the replies of a thread as read, up to the one with the `seq` `upto`. `message` is the root or a reply. */
export interface ReadThreadCommand {
  type: "read_thread";
  ref?: string | number | null;
  message: number;
  upto: number;
}

/**
 * Report a `message` or a `person` (ids; one of them) to the moderators. Guests may, too.
 *
 * `reason` is `spam`, `abuse`, `illegal`, `private` or `other`. While the report is open, a second one of the same
 * replaces reason and note. The site tells users by a direct message how it ended, and guests by `report_ended`.
 */
export interface ReportCommand {
  type: "report";
  ref?: string | number | null;
  message?: number | null;
  person?: number | null;
  reason: string;
  note?: string;
}

/**
 * Ask, as a moderator of a room, for its reports, the newest first: open ones, or those that `ended`. A page has
 * 20; `before` is the id of the last report of the page before. The first page of open ones also has the messages
 * that filters hold, and the mutes in the room.
 */
export interface ReportsCommand {
  type: "reports";
  ref?: string | number | null;
  room: string;
  ended?: boolean;
  before?: number | null;
}

/**
 * Ask, as a moderator of a room, how many reports and held messages wait there. The event `reports` tells later
 * numbers.
 */
export interface CountReportsCommand {
  type: "count_reports";
  ref?: string | number | null;
  room: string;
}

/**
 * Ask, as a moderator of its room, for a report with ten messages before and after the reported one, and for the
 * numbers of former reports of both sides in the room.
 */
export interface ReportContextCommand {
  type: "report_context";
  ref?: string | number | null;
  report: number;
}

/**
 * Act upon a report, as a moderator of its room.
 *
 * `act` is `dismiss`, `remove` (the message), `mute` (the person, for `minutes`), `ban` (them from the room) or
 * `write` (`note` to the reporter, in the name of the site). All but `write` end the report. `note` is the reason.
 */
export interface DecideReportCommand {
  type: "decide_report";
  ref?: string | number | null;
  report: number;
  act: "dismiss" | "remove" | "mute" | "ban" | "write";
  minutes?: number;
  note?: string;
}

/** Decide, as a moderator of its room, about a message that a filter holds: post it (`post` true), or refuse it. */
export interface DecideHeldCommand {
  type: "decide_held";
  ref?: string | number | null;
  held: number;
  post: boolean;
}

/**
 * Ask for one's own messages that wait for a moderator, and what became of those that this client `knows` (their
 * client_ids).
 */
export interface OwnHeldCommand {
  type: "own_held";
  ref?: string | number | null;
  knows?: string[];
}

/** Take back one's own message that waits for a moderator. Does nothing if none waits. */
export interface WithdrawHeldCommand {
  type: "withdraw_held";
  ref?: string | number | null;
  client_id: string;
}

/**
 * Keep a `person` (the id of a user) or a `guest` (their public id) who wrote in a room from writing there for some
 * `minutes`, as a moderator; 0 ends it.
 */
export interface MutePersonCommand {
  type: "mute_person";
  ref?: string | number | null;
  room: string;
  person?: number | null;
  guest?: string | null;
  minutes: number;
  reason?: string;
}

/** Ask, as a moderator of a room, for its filters. */
export interface FiltersCommand {
  type: "filters";
  ref?: string | number | null;
  room: string;
}

/**
 * Add a filter to a room, as one of its moderators; with `filter` (an id), change that one. See the thing
 * `RoomFilter`.
 */
export interface SaveFilterCommand {
  type: "save_filter";
  ref?: string | number | null;
  filter?: number | null;
  room: string;
  name: string;
  kind: string;
  value?: string;
  limit?: number;
  hours?: number;
  action: string;
  is_on?: boolean;
}

/** Delete a filter of a room, as one of its moderators. What it holds still waits. */
export interface DeleteFilterCommand {
  type: "delete_filter";
  ref?: string | number | null;
  room: string;
  filter: number;
}

/** Ask, as a moderator of a room, what a filter would have met among its last 10,000 messages. Nothing is stored. */
export interface TryFilterCommand {
  type: "try_filter";
  ref?: string | number | null;
  room: string;
  name: string;
  kind: string;
  value?: string;
  limit?: number;
  hours?: number;
  action: string;
}

/** Events: what the server sends by itself. */
export type ServerEvent =
  | Welcome
  | MessageEvent
  | RoomEvent
  | Changes
  | RoomAdded
  | RoomRemoved
  | MembersChanged
  | ReadersChanged
  | PublicRoomsChanged
  | Unread
  | Read
  | RoomChoices
  | Favourites
  | Folded
  | DraftEvent
  | ScheduledChanged
  | VotesEvent
  | SavedEvent
  | CustomEmojiChanged
  | HeldChanged
  | Muted
  | ReportsChanged
  | ReportEnded
  | Follow
  | MoreReplies
  | UnreadThreads
  | Presence
  | Online
  | Typing
  | Frames
  | PersonEvent
  | LookChanged
  | Bye;

/** The answer to a command that was done. */
export type AnyReply =
  | OpenReply
  | ReportsReply
  | ReportContextReply
  | ReportCountReply
  | OwnHeldReply
  | FiltersReply
  | DryRunReply
  | HistoryReply
  | ThreadReply
  | ThreadsReply
  | ProfileReply
  | ChangedPeopleReply
  | MessageReply
  | PinsReply
  | EditsReply
  | SavedReply
  | CustomEmojiReply
  | PeopleReply
  | RoomReply
  | BrowseReply
  | AboutReply
  | MembersReply
  | FilesReply
  | RenderReply
  | InviteReply
  | DraftsReply
  | ScheduledReply
  | ReceiptsReply
  | VotesReply
  | ObserveReply
  | Reply;

/** Everything that the server sends. */
export type Frame =
  | ServerEvent
  | AnyReply
  | Error;

/** Everything that a client sends. */
export type Command =
  | OpenCommand
  | CloseCommand
  | PostCommand
  | EditCommand
  | TickCommand
  | DeleteCommand
  | RemovePreviewCommand
  | ReactCommand
  | ReadCommand
  | MarkUnreadCommand
  | TypingCommand
  | HistoryCommand
  | PeopleCommand
  | ChangedPeopleCommand
  | ProfileCommand
  | PingCommand
  | ObserveCommand
  | PingFrameCommand
  | RestoreCommand
  | PinCommand
  | PinsCommand
  | EditsCommand
  | ForwardCommand
  | SaveCommand
  | SavedCommand
  | CustomEmojiCommand
  | BrowseCommand
  | CreateRoomCommand
  | ChangeRoomCommand
  | AboutCommand
  | JoinCommand
  | LeaveCommand
  | MembersCommand
  | FilesCommand
  | AddMembersCommand
  | RemoveMemberCommand
  | SetRoleCommand
  | NameToPostCommand
  | SetNotifyCommand
  | MakeInviteCommand
  | DirectCommand
  | FavouriteCommand
  | MuteCommand
  | HideCommand
  | FoldCommand
  | DraftCommand
  | DraftsCommand
  | ScheduleCommand
  | VoteCommand
  | ClosePollCommand
  | VotesCommand
  | ReceiptsCommand
  | RenderCommand
  | SetStatusCommand
  | ThreadCommand
  | ThreadsCommand
  | FollowCommand
  | UnfollowCommand
  | ReadThreadCommand
  | ReportCommand
  | ReportsCommand
  | CountReportsCommand
  | ReportContextCommand
  | DecideReportCommand
  | DecideHeldCommand
  | OwnHeldCommand
  | WithdrawHeldCommand
  | MutePersonCommand
  | FiltersCommand
  | SaveFilterCommand
  | DeleteFilterCommand
  | TryFilterCommand;

/** The answer to each command, by the command's type. */
export interface Replies {
  open: OpenReply;
  close: Reply;
  post: MessageReply;
  edit: MessageReply;
  tick: MessageReply;
  delete: MessageReply;
  remove_preview: MessageReply;
  react: MessageReply;
  read: Reply;
  mark_unread: Reply;
  typing: Reply;
  history: HistoryReply;
  people: PeopleReply;
  changed_people: ChangedPeopleReply;
  profile: ProfileReply;
  ping: Reply;
  observe: ObserveReply;
  ping_frame: Reply;
  restore: MessageReply;
  pin: MessageReply;
  pins: PinsReply;
  edits: EditsReply;
  forward: MessageReply;
  save: Reply;
  saved: SavedReply;
  custom_emoji: CustomEmojiReply;
  browse: BrowseReply;
  create_room: RoomReply;
  change_room: Reply;
  about: AboutReply;
  join: RoomReply;
  leave: Reply;
  members: MembersReply;
  files: FilesReply;
  add_members: Reply;
  remove_member: Reply;
  set_role: Reply;
  name_to_post: Reply;
  set_notify: Reply;
  make_invite: InviteReply;
  direct: RoomReply;
  favourite: Reply;
  mute: Reply;
  hide: Reply;
  fold: Reply;
  draft: Reply;
  drafts: DraftsReply;
  schedule: ScheduledReply;
  vote: MessageReply;
  close_poll: MessageReply;
  votes: VotesReply;
  receipts: ReceiptsReply;
  render: RenderReply;
  set_status: Reply;
  thread: ThreadReply;
  threads: ThreadsReply;
  follow: Reply;
  unfollow: Reply;
  read_thread: Reply;
  report: Reply;
  reports: ReportsReply;
  count_reports: ReportCountReply;
  report_context: ReportContextReply;
  decide_report: Reply;
  decide_held: Reply;
  own_held: OwnHeldReply;
  withdraw_held: Reply;
  mute_person: Reply;
  filters: FiltersReply;
  save_filter: Reply;
  delete_filter: Reply;
  try_filter: DryRunReply;
}
