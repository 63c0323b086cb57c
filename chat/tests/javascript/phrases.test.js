/** The texts of the modules are in templates, so that they can be translated. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { MESSAGE_ACTIONS } from "../../static/chat/message_actions.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (...path) => readFileSync(join(root, ...path), "utf8");
const modules = readdirSync(join(root, "chat/static/chat"), { encoding: "utf8", recursive: true })
  .filter((path) => path.endsWith(".js"))
  .map((path) => read("chat/static/chat", path));
const templates = ["chat", "chat/wire", "admin", "admin/chat"].flatMap((folder) =>
  readdirSync(join(root, "templates", folder))
    .filter((name) => name.includes("."))
    .map((name) => read("templates", folder, name)),
);
const ofChat = readdirSync(join(root, "templates/chat/phrases")).map((name) => `chat/phrases/${name}`);
const phrases = [...ofChat, "chat/wire/_phrases.html", "chat/wire/_doctor_phrases.html", "admin/chat/_live_phrases.html"]
  .map((name) => read("templates", name))
  .join("\n");
const defined = [...phrases.matchAll(/data-name="(\w+)"/g)].map(([, name]) => name);

test("each phrase that a module uses is in a template, and each one there is used", () => {
  const quoted = new Set(modules.join("\n").match(/"\w+"/g).map((word) => word.slice(1, -1)));
  const labels = MESSAGE_ACTIONS.filter(({ icon }) => icon).map(({ name }) => `action_${name}`);
  const used = [...modules.join("\n").matchAll(/\bphrase\("(\w+)"/g)].map(([, name]) => name).concat(labels);
  const missing = used.filter((name) => !defined.includes(name));
  const unused = defined.filter((name) => !quoted.has(name) && !labels.includes(name));
  assert.equal(missing.join(), "", "templates/chat/phrases has no such phrase; action_NAME is the label of an action of message_actions.js");
  assert.equal(unused.join(), "", "no module uses these phrases of templates/chat/phrases");
});

test("no phrase and no icon is defined twice", () => {
  const icons = [...templates.join("\n").matchAll(/<symbol id="([\w-]+)"/g)].map(([, id]) => id);
  for (const names of [defined, icons]) {
    assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), []);
  }
});

test("each template and element that a module looks up by id is in a page", () => {
  const source = modules.join("\n");
  const asked = [...source.matchAll(/(?:getElementById|byId|fromTemplate)\("([\w-]+)"/g)].map(([, id]) => id);
  const there = new Set([...templates.join("\n").matchAll(/\bid="([\w-]+)"/g)].map(([, id]) => id).concat("page-data"));
  assert.ok(asked.length > 15);
  assert.equal(asked.filter((id) => !there.has(id)).join(), "", "no template has this id");
});

test("each class by which a module finds a part is in a template", () => {
  const asked = [...modules.join("\n").matchAll(/\bfind\([^"()]+, "\.([\w-]+)"/g)].map(([, name]) => name);
  const there = new Set([...templates.join("\n").matchAll(/\bclass="([^"]+)"/g)].flatMap(([, names]) => names.split(/[\s{]+/)));
  assert.ok(asked.length > 40);
  assert.equal(asked.filter((name) => !there.has(name)).join(), "", "no template has an element of this class");
});

test("each icon that a page uses is defined, and each one that is defined is used", () => {
  const all = templates.join("\n");
  const drawn = new Set([...all.matchAll(/<symbol id="([\w-]+)"/g)].map(([, id]) => id));
  const used = new Set([...(all + modules.join("\n")).matchAll(/"#(i-[\w-]+)"/g)].map(([, id]) => id));
  assert.equal([...used].filter((id) => !drawn.has(id)).join(), "", "templates/chat/_icons.html has no such icon");
  assert.equal([...drawn].filter((id) => !used.has(id)).join(), "", "nothing uses these icons of templates/chat/_icons.html");
});
