/** The page's words live in one template, so that they can be translated: none in the modules, none that nobody says. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (...path) => readFileSync(join(root, ...path), "utf8");
const modules = ["", "elements"].flatMap((folder) =>
  readdirSync(join(root, "chat/static/chat", folder))
    .filter((name) => name.endsWith(".js"))
    .map((name) => read("chat/static/chat", folder, name)),
);
const templates = readdirSync(join(root, "templates/chat")).map((name) => read("templates/chat", name));
const defined = [...read("templates/chat/_phrases.html").matchAll(/data-name="(\w+)"/g)].map(([, name]) => name);

test("every phrase that a module says is in the template, and the other way round", () => {
  const quoted = new Set(modules.join("\n").match(/"\w+"/g).map((word) => word.slice(1, -1)));
  const said = [...modules.join("\n").matchAll(/\bphrase\("(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(said.filter((name) => !defined.includes(name)), []);
  assert.deepEqual(defined.filter((name) => !quoted.has(name)), []);
});

test("every template and element that a module asks for by name is in a page", () => {
  const source = modules.join("\n");
  const asked = [...source.matchAll(/(?:getElementById|fromTemplate)\("([\w-]+)"\)/g)].map(([, id]) => id);
  const there = new Set([...templates.join("\n").matchAll(/\bid="([\w-]+)"/g)].map(([, id]) => id).concat("page-data"));
  assert.ok(asked.length > 20);
  assert.deepEqual(asked.filter((id) => !there.has(id)), []);
});

test("every icon that a page uses is drawn", () => {
  const all = templates.join("\n");
  const drawn = new Set([...all.matchAll(/<symbol id="([\w-]+)"/g)].map(([, id]) => id));
  const used = new Set([...all.matchAll(/href="#(i-[\w-]+)"/g)].map(([, id]) => id));
  assert.deepEqual([...used].sort(), [...drawn].sort());
});
