"""The documents name files and names of the code that exist."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(path.name for path in (ROOT / "docs").glob("*.md") if path.name != "changelog.md")
FILE = re.compile(r"(?:[\w.-]+/)*[\w.-]+\.(?:py|js|ts|css|html|md|yml|toml|txt|json|webp)")
NAME = re.compile(r"([a-z_]{3,})\.([A-Za-z_]\w{2,})(?:\(.*)?")
FOLDERS = ("bench", "chat", "docs", "examples", "project", "templates")
MADE_BY_THE_SITE = {"thumb-360.webp", "thumb-1080.webp", "excerpt.json"}
"""Files that the site serves and the project does not have."""
OBJECTS = {"shell", "envelope"}
"""Variables with the name of a module."""


@pytest.fixture(scope="module")
def files() -> list[str]:
    """The paths of all files of the project."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")] + list(ROOT.iterdir())
    return [path.relative_to(ROOT).as_posix() for path in found if path.is_file()]


def spans(document: str) -> list[str]:
    """What is marked as code in the sentences of a document."""
    text = re.sub(r"^```.*?^```", "", (ROOT / "docs" / document).read_text(), flags=re.S | re.M)
    return re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_names_files_that_exist(document, files):
    known = {"/".join(path.split("/")[start:]) for path in files for start in range(path.count("/") + 1)}
    named = {span for span in spans(document) if FILE.fullmatch(span)}
    missing = named - known - MADE_BY_THE_SITE
    assert not missing, f"docs/{document} names {missing}, and the project has no such file"


def test_the_architecture_names_functions_that_exist(files):
    modules = defaultdict(str)
    for path in files:
        if path.startswith("chat/") and path.endswith(".py") and "/tests/" not in path:
            modules[Path(path).stem] += (ROOT / path).read_text()
    named = {found.groups() for span in spans("architecture.md") if (found := NAME.fullmatch(span))}
    of_modules = {(module, name) for module, name in named if module in modules.keys() - OBJECTS}
    assert len(of_modules) > 20
    missing = {
        f"{module}.{name}"
        for module, name in of_modules
        if not re.search(rf"^(?:async )?(?:def|class) {name}\b|^{name}\b.*=", modules[module], re.M)
    }
    assert not missing, f"docs/architecture.md names {missing}, and no module has it"


def test_the_architecture_describes_folders_that_exist():
    named = {
        span for span in spans("architecture.md") if re.fullmatch(r"(?:chat|project|templates|bench)(?:/\w+)*/", span)
    }
    assert len(named) > 10
    missing = {folder for folder in named if not (ROOT / folder).is_dir()}
    assert not missing, f"docs/architecture.md names {missing}"
