import assert from "node:assert/strict";
import { test } from "node:test";

import { inFieldForm, laterTimes } from "../../static/chat/later_times.js";
import { chosenAfter, parsePoll, pollProblem } from "../../static/chat/poll_text.js";

const LUNCH = { question: "Lunch?", options: ["Pizza", "Soup of the day"], multiple: false, anonymous: false };

for (const text of [
  '"Lunch?" "Pizza" "Soup of the day"',
  "“Lunch?” “Pizza” “Soup of the day”",
  "„Lunch?“ „Pizza“ „Soup of the day“",
  "«Lunch?» «Pizza»  «Soup of the day»",
  "「Lunch?」「Pizza」「Soup of the day」",
  "Lunch?\nPizza\n\n Soup of the day ",
]) {
  test(`a poll is read from ${JSON.stringify(text)}`, () => assert.deepEqual(parsePoll(text), LUNCH));
}

test("words say how people vote", () => {
  assert.deepEqual(parsePoll('--anonymous "Lunch?" "Pizza" "Soup of the day" --multiple'), {
    ...LUNCH,
    multiple: true,
    anonymous: true,
  });
  assert.equal(parsePoll('"--anonymous?" "Yes" "No"').anonymous, false);
});

test("what is wrong with a poll is named", () => {
  const problem = (...options) => pollProblem({ ...LUNCH, options });
  assert.equal(pollProblem({ ...LUNCH, question: "" }), "poll_needs_question");
  assert.equal(problem("Pizza"), "poll_needs_options");
  assert.equal(problem(..."abcdefghijk"), "poll_many_options");
  assert.equal(problem("a", "x".repeat(81)), "poll_long_option");
  assert.equal(problem("Pizza", "pizza"), "poll_same_options");
  assert.equal(problem("a", "🍕".repeat(80)), null);
});

test("a click chooses an option, or takes it back", () => {
  const one = { multiple: false };
  const several = { multiple: true };
  assert.deepEqual(chosenAfter(one, [], 1), [1]);
  assert.deepEqual(chosenAfter(one, [1], 0), [0]);
  assert.deepEqual(chosenAfter(one, [0], 0), []);
  assert.deepEqual(chosenAfter(several, [2], 0), [0, 2]);
  assert.deepEqual(chosenAfter(several, [0, 2], 2), [0]);
});

test("the times that are offered are in the reader's zone, and each is another one", () => {
  const offered = (now) => laterTimes(now).map(({ name, at }) => [name, inFieldForm(at)]);
  // A Thursday.
  assert.deepEqual(offered(new Date(2026, 10, 26, 16, 20, 31)), [
    ["in_an_hour", "2026-11-26T17:20"],
    ["tomorrow", "2026-11-27T09:00"],
    ["monday", "2026-11-30T09:00"],
  ]);
  // On a Sunday, tomorrow is Monday; on a Monday, the next one is meant.
  assert.deepEqual(offered(new Date(2026, 10, 29, 8, 0)).map(([name]) => name), ["in_an_hour", "tomorrow"]);
  assert.deepEqual(offered(new Date(2026, 10, 30, 8, 0)).at(-1), ["monday", "2026-12-07T09:00"]);
});
