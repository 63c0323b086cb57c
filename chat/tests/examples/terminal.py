"""A program of examples/ in a process of its own, as someone at a terminal runs it."""

import asyncio
import subprocess
import sys

from chat.tests.services.environment import ROOT

WAIT_S = 90
EXAMPLES = ROOT / "examples"
PROGRAMS = {".py": sys.executable, ".mjs": "node"}


class Terminal:
    """A running program: type lines, and wait for what it prints."""

    def __init__(self, process: asyncio.subprocess.Process):
        self.process = process
        self.printed: list[str] = []

    @classmethod
    async def start(cls, name: str, *arguments: str) -> "Terminal":
        """Run the example `name` with `arguments`."""
        path = EXAMPLES / name
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return cls(await asyncio.create_subprocess_exec(PROGRAMS[path.suffix], path, *arguments, **pipes))

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        self.process.stdin.write(f"{line}\n".encode())

    async def shows(self, start: str) -> str:
        """Wait for a line that begins with `start`, and return it."""
        async with asyncio.timeout(WAIT_S):
            while True:
                for line in self.printed:
                    if line.startswith(start):
                        return line
                printed = (await self.process.stdout.readline()).decode()
                assert printed, f"The program ended before it printed {start!r}: {self.printed}"
                self.printed.append(printed.rstrip("\n"))

    async def end_input(self) -> int:
        """End the input, as Ctrl-D does, and return the exit code."""
        self.process.stdin.close()
        return await asyncio.wait_for(self.process.wait(), WAIT_S)

    async def kill(self) -> None:
        """End the program."""
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
