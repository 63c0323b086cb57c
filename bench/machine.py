"""The machine: which core serves which processes, and what CPU time and memory a process uses."""

import os
import platform
import resource
import time
from contextlib import suppress
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
BUILD = BENCH / "build"

LOAD_CORE = 0
SERVER_CORE = 1
BOTH = (LOAD_CORE, SERVER_CORE)


class MachineNotSuitable(SystemExit):
    """The machine lacks something that a valid measurement needs."""


def pin_to_load_core() -> None:
    """Pin this process and its children to the core of the load; raise the limit of open files to its maximum."""
    if not {LOAD_CORE, SERVER_CORE} <= os.sched_getaffinity(0):
        raise MachineNotSuitable("The bench needs two cores: one for the server, one for everything else.")
    os.sched_setaffinity(0, {LOAD_CORE})
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def cpu_s(pid: int) -> float:
    """CPU seconds of all threads of a process, ended threads included, with a resolution of 1 ns.

    Reads the CPU clock of the process: clock_getcpuclockid(3). /proc/PID/stat has a resolution of 10 ms only.
    """
    return time.clock_gettime((~pid << 3) | 2)


def pss_kib(pid: int) -> int:
    """Proportional set size of a process in KiB: a shared page counts by its share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise LookupError("Pss")


def children(pid: int) -> list[int]:
    """The running child processes of a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # the process has ended
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def family_cpu_s(pid: int) -> float:
    """CPU seconds of a process and its children, ended children included, with a resolution of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") + sum(map(cpu_s, children(pid)))


def family_pss_kib(pid: int) -> int:
    """Memory of a process and its children in KiB."""
    return sum(map(pss_kib, [pid, *children(pid)]))


def core_ticks(core: int) -> tuple[int, int]:
    """(busy, all) ticks of a core since boot. Other processes on the core are included."""
    for line in Path("/proc/stat").read_text().splitlines():
        if line.startswith(f"cpu{core} "):
            ticks = [int(word) for word in line.split()[1:9]]
            return sum(ticks) - ticks[3] - ticks[4], sum(ticks)
    raise LookupError(core)


def busy_share(core: int, before: tuple[int, int]) -> float:
    """The share of time that a core was busy since `before`, from 0 to 1."""
    busy, everything = core_ticks(core)
    return (busy - before[0]) / max(everything - before[1], 1)


def describe() -> str:
    """One line about the machine, without its host name."""
    memory_gib = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    system = f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores ({model}), {memory_gib} GiB, {system}"
