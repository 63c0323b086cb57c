"""The scripts of pages. Each starts from one module; a site serves that one and all that it imports as one file.

A page of a room needs about 250 modules, and a browser would ask for each. With DEBUG, pages load the modules
themselves, and a change shows at the next load.

A joined file holds each module as a function that runs once and returns what the module exports. A module comes after
those that it imports, so they run in the order of the language (ECMA-262, InnerModuleEvaluation). Comments are left
out. Only what the modules use is understood: imports by name, at the start of a line, and exported declarations.
"""

import posixpath
import re
from pathlib import Path

from django.contrib.staticfiles import finders

SCRIPTS = ("app", "wire/app", "profile/page", "admin/page", "admin/copy", "admin/progress", "admin/live/app")
"""Names of the modules that pages start from, in chat/static/chat, without `.js`. No page has two of the first three,
since each would have its own copy of what a module holds."""

NAMES = r"\{((?:(?! as )[^}])*)\}"
IMPORT = re.compile(rf'^import (?:{NAMES} from )?"(\.{{1,2}}/[^"]+)";\n', re.MULTILINE)
DECLARATION = re.compile(r"^export (?=(?:async function\*?|function\*?|class|const) ([\w$]+))", re.MULTILINE)
EXPORT_LIST = re.compile(rf"^export {NAMES};\n", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)


def source(script: str) -> str:
    """The path of the static file of the module that a script starts from."""
    return f"chat/{script}.js"


def path(script: str) -> str:
    """The path of the static file that holds a script with all its modules."""
    return f"chat/bundles/{script}.js"


def modules(script: str) -> list[str]:
    """The paths of static files of all modules of a script. Each comes after those that it imports."""
    found: dict[str, None] = {}
    _collect(source(script), found, [])
    return list(found)


def text(script: str) -> str:
    """All modules of a script as one, which exports what the first one exports.

    Raises ValueError for an import or export that is not understood."""
    paths = modules(script)
    names = {path: f"module{number}" for number, path in enumerate(paths)}
    exported = ", ".join(_exported(COMMENT.sub("", _read(source(script)))))
    functions = [_as_function(path, names) for path in paths]
    return "\n".join([*functions, f"export const {{ {exported} }} = {names[source(script)]};\n"])


def _collect(path: str, found: dict[str, None], importing: list[str]) -> None:
    if path in importing:
        raise ValueError(f"modules import each other: {' → '.join([*importing, path])}")
    if path in found:
        return
    for match in IMPORT.finditer(_read(path)):
        _collect(_imported(path, match), found, [*importing, path])
    found[path] = None


def _as_function(path: str, names: dict[str, str]) -> str:
    def bind(match: re.Match[str]) -> str:
        return f"const {{{match[1]}}} = {names[_imported(path, match)]};\n" if match[1] else ""

    code = COMMENT.sub("", _read(path))
    exported = ", ".join(_exported(code))
    code = EXPORT_LIST.sub("", DECLARATION.sub("", IMPORT.sub(bind, code)))
    if other := OTHER.search(code):
        raise ValueError(f"{path}: chat/scripts.py does not understand {other[0]!r}")
    return f"// {path}\nconst {names[path]} = (() => {{\n{code}return {{ {exported} }};\n}})();\n"


def _exported(code: str) -> list[str]:
    lists = ",".join(match[1] for match in EXPORT_LIST.finditer(code))
    names = [match[1] for match in DECLARATION.finditer(code)] + lists.split(",")
    return [name.strip() for name in names if name.strip()]


def _imported(path: str, match: re.Match[str]) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), match[2]))


def _read(path: str) -> str:
    if (file := finders.find(path)) is None:
        raise ValueError(f"there is no module {path}")
    return Path(file).read_text()
