/** The names of the phrases for filters, their values and what they are about. */

/** What filters are called, those for dates by their operator. @type {Record<string, string>} */
export const FILTER_NAMES = {
  from: "search_op_from",
  in: "search_op_in",
  with: "search_op_with",
  mentions: "search_op_mentions",
  has: "search_op_has",
  is: "search_op_is",
  ext: "search_op_ext",
  file: "search_op_file",
  before: "search_op_before",
  after: "search_op_after",
  on: "search_op_on",
  during: "search_op_during",
  date: "search_op_date",
  since: "search_op_since",
  until: "search_op_until",
};

/** What the values of `has` and `is` are called. @type {Record<string, Record<string, string>>} */
export const VALUE_NAMES = {
  has: {
    link: "search_has_link",
    image: "search_has_image",
    video: "search_has_video",
    audio: "search_has_audio",
    file: "search_has_file",
    code: "search_has_code",
    reaction: "search_has_reaction",
    pin: "search_has_pin",
    poll: "search_has_poll",
  },
  is: {
    unread: "search_is_unread",
    mention: "search_is_mention",
    saved: "search_is_saved",
    thread: "search_is_thread",
    dm: "search_is_dm",
  },
};

/** What an operator finds. @type {Record<string, string>} */
export const ABOUT = {
  from: "search_about_from",
  in: "search_about_in",
  with: "search_about_with",
  mentions: "search_about_mentions",
  has: "search_about_has",
  is: "search_about_is",
  before: "search_about_before",
  after: "search_about_after",
  on: "search_about_on",
  during: "search_about_during",
  since: "search_about_since",
  until: "search_about_until",
  ext: "search_about_ext",
  file: "search_about_file",
};
