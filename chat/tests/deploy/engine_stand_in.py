#!/usr/bin/env python3
"""Imitates a container engine and Compose: it keeps containers and images as entries of a file.

It is a program that is called as `docker` or `docker-compose`; ENGINE is the folder with `state.json`. The state also
says what fails: `health` of new workers, by how they were started; `fail`: for each command, the numbers of the calls
that fail.
"""

import fcntl
import json
import os
import sys
from pathlib import Path

FOLDER = Path(os.environ.get("ENGINE", "."))
TAG = f"parley:{os.environ.get('PARLEY_VERSION', 'latest')}"


def compose(state: dict, words: list[str]) -> str:
    """The output of `docker-compose`."""
    command, containers, tags = words[0], state["containers"], state["tags"]
    count(state, words[-1] if words[-1] in state["fail"] else command)
    if command == "config":
        return f'services:\n  web:\n    image: "{TAG}"\n'
    if command == "ps":
        return "\n".join(containers)
    if command == "build":
        state["made"] += 1
        tags[TAG] = f"image-{state['made']}"
    elif command == "run" and "-d" in words:
        name = words[words.index("--name") + 1]
        containers[name] = {"image": tags[TAG], "health": state["health"]["run"]}
    elif command == "up":
        scale = [int(word.removeprefix("web=")) for word in words if word.startswith("web=")]
        while len([name for name in containers if name.startswith("worker")]) < (scale[0] if scale else 2):
            state["made"] += 1
            containers[f"worker-{state['made']}"] = {"image": tags[TAG], "health": state["health"]["up"]}
    return ""


def count(state: dict, command: str) -> None:
    """Count a call. Raises LookupError if it is to fail."""
    calls = state["calls"][command] = state["calls"].get(command, 0) + 1
    if calls in state["fail"].get(command, []):
        raise LookupError(f"{command} fails")


def docker(state: dict, words: list[str]) -> str:
    """The output of `docker`. Raises LookupError."""
    containers, tags = state["containers"], state["tags"]
    match words:
        case ["ps", *_]:
            count(state, "workers")
            return "\n".join(name for name in containers if name.startswith("worker"))
        case ["inspect", "--format", template, name]:
            return f"running {containers[name]['health']}" if "State" in template else "site"
        case ["image", "inspect", "--format", _, tag]:
            return tags[tag]
        case ["tag", source, tag]:
            tags[tag] = tags.get(source, source)
        case ["image", "rm", tag]:
            del tags[tag]
        case ["rm", *_, name]:
            del containers[name]
        case ["stop", *_, name]:
            state["stopped"].append(containers[name]["image"])
    return ""


def main() -> int:
    """Run one command; returns 1 if it fails."""
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = json.loads((FOLDER / "state.json").read_text())
        act = compose if Path(sys.argv[0]).name == "docker-compose" else docker
        try:
            print(act(state, sys.argv[1:]))
            return 0
        except LookupError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            # Atomically: this process may be killed, and the test may read the file.
            (FOLDER / "draft.json").write_text(json.dumps(state))
            (FOLDER / "draft.json").replace(FOLDER / "state.json")


if __name__ == "__main__":
    sys.exit(main())
