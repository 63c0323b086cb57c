"""Fixtures for tests of files."""

import shutil

import pytest

from chat.domain.files import by_type


@pytest.fixture
def examine(tmp_path):
    """Function: examine content in this process. Returns the findings, and the folder with what was made."""

    def run(content: bytes, name: str = "file", examine=by_type.examine):
        source, folder = tmp_path / "source", tmp_path / "made"
        source.write_bytes(content)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return examine(source, name, folder), folder

    return run
