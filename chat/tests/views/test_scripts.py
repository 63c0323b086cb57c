"""The scripts of pages: their modules joined into one file do what the modules do."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from chat import bundles, scripts

STATIC = Path(settings.BASE_DIR, "chat", "static", "chat")
MODULES = {
    "app": """
        import {
          Base,
          count,
        } from "./parts/base.js";
        import { numbers } from "./parts/numbers.js";
        import "./parts/effect.js";

        const name = "app"; // as in each of the others
        class Derived extends Base {}
        export const result = name + count(1);
        console.log(name, new Derived().name, count(2), [...numbers()].join(), globalThis.order.join());
        """,
    "parts/base": """
        import "./effect.js";
        /** A comment with an import("../nowhere.js")
         * and more. */
        const name = "base";
        globalThis.order.push(name);
        export class Base {
          /** @returns {string} */
          get name() {
            // export const not = "this";
            return `${name} // stays`;
          }
        }
        export function count(value) {
          return later(value);
        }
        const later = (value) => value + 1;
        export { later };
        """,
    "parts/effect": """
        globalThis.order = ["effect"];
        export {};
        """,
    "parts/numbers": """
        globalThis.order.push("numbers");
        export function* numbers() {
          yield* [1, 2];
        }
        export async function* later() {}
        """,
}


def write(folder, modules):
    for name, text in modules.items():
        file = folder / f"chat/{name}.js"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(line[8:] + "\n" for line in text.strip("\n").split("\n")))


def run(file):
    return subprocess.run(["node", file], capture_output=True, text=True, check=True, timeout=120).stdout


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of static files."""

    def find(path):
        return str(tmp_path / path) if (tmp_path / path).exists() else None

    monkeypatch.setattr(scripts.finders, "find", find)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


def test_joined_modules_run_like_modules(folder):
    write(folder, MODULES)
    (folder / "joined.js").write_text(scripts.text("app"))
    assert run(folder / "joined.js") == run(folder / "chat/app.js") == "app base // stays 3 1,2 effect,base,numbers\n"


def test_a_script_exports_what_its_first_module_exports(folder):
    write(folder, MODULES)
    (folder / "joined.js").write_text(scripts.text("app"))
    (folder / "use.js").write_text('import { result } from "./joined.js";\nconsole.log(result);\n')
    assert run(folder / "use.js").endswith("\napp2\n")


def test_comments_are_left_out(folder):
    write(folder, MODULES)
    assert "nowhere" not in scripts.text("app")
    assert "@returns" not in scripts.text("app")


@pytest.mark.parametrize(
    "line",
    [
        'import all from "./parts/effect.js";',
        'import * as all from "./parts/effect.js";',
        'import { one as other } from "./parts/base.js";',
        'import { one } from "https://example.org/x.js";',
        "export { one as other };",
        "export default class {}",
        'export * from "./parts/effect.js";',
        "export let changing = 1;",
    ],
)
def test_what_is_not_understood_is_an_error(folder, line):
    write(folder, MODULES | {"app": f"        {line}"})
    with pytest.raises(ValueError, match=r"chat/app\.js: .* does not understand"):
        scripts.text("app")


def test_modules_that_import_each_other_are_an_error(folder):
    write(folder, {"app": '        import "./b.js";', "b": '        import "./app.js";'})
    with pytest.raises(ValueError, match=r"chat/app\.js → chat/b\.js → chat/app\.js"):
        scripts.text("app")


def test_a_module_that_is_missing_is_an_error(folder):
    write(folder, {"app": '        import "./b.js";'})
    with pytest.raises(ValueError, match=r"there is no module chat/b\.js"):
        scripts.text("app")


@pytest.mark.parametrize("script", scripts.SCRIPTS)
def test_every_script_of_a_page_can_be_joined(script, tmp_path):
    file = tmp_path / "joined.mjs"
    file.write_text(scripts.text(script))
    subprocess.run(["node", "--check", file], check=True, timeout=120)


def test_each_module_is_in_a_script():
    joined = {path for script in scripts.SCRIPTS for path in scripts.modules(script)}
    modules = {path.relative_to(STATIC.parent).as_posix() for path in STATIC.rglob("*.js")}
    # This one has types only, for comments.
    assert modules - joined == {"chat/store_events.js"}


def test_each_script_of_a_template_is_known():
    texts = (path.read_text() for path in Path(settings.BASE_DIR, "templates").rglob("*.html"))
    used = {name for text in texts for name in re.findall(r'{% script "([^"]+)"', text)}
    assert used == set(scripts.SCRIPTS)


def test_collectstatic_gets_each_script_and_each_style_sheet():
    files = dict(bundles.BundleFinder().list([]))
    with files["chat/bundles/admin/page.js"].open("chat/bundles/admin/page.js") as file:
        assert file.read().decode() == scripts.text("admin/page")
    assert set(files) == {scripts.path(script) for script in scripts.SCRIPTS} | {
        bundles.stylesheets.path(bundle) for bundle in bundles.stylesheets.BUNDLES
    }
