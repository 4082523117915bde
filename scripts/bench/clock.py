"""CPU time, taken several times, and of other programs too."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from whitesignal.radio.executor import default_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType


LEAST_RUNS, LONG_S = 3, 5.0


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and wall time. [s]"""

    cpu_s: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class ProgramCost:
    """What another program took: CPU and wall time [s], and its largest resident size [MiB]."""

    cpu_s: float
    wall_s: float
    peak_mib: float


@dataclass(slots=True)
class Calls:
    """What a function that is listened to took at its calls, and the arguments of the last."""

    cpu_s: list[float] = field(default_factory=list)
    arguments: tuple[object, ...] = ()


def median_cost(deed: Callable[[], object], runs: int) -> Cost:
    """Return the medians of some runs, of all of the process's threads; a run before them pays for compilation.

    Three runs are enough of what takes long.
    """
    deed()
    cpu_s: list[float] = []
    wall_s: list[float] = []
    while len(cpu_s) < runs and not (len(cpu_s) >= LEAST_RUNS and sum(cpu_s) > LONG_S):
        wall, cpu = time.perf_counter(), time.process_time()
        deed()
        cpu_s.append(time.process_time() - cpu)
        wall_s.append(time.perf_counter() - wall)
    return Cost(statistics.median(cpu_s), statistics.median(wall_s))


def median_cpu_s(deed: Callable[[], object], runs: int) -> float:
    """Return the median CPU time alone. [s]"""
    return median_cost(deed, runs).cpu_s


@contextmanager
def listening(module: ModuleType, name: str) -> Iterator[Calls]:
    """Take the CPU time of each call of a module's function meanwhile."""
    function = getattr(module, name)
    calls = Calls()

    def timed(*arguments: object) -> object:
        before = time.thread_time()
        result = function(*arguments)
        calls.cpu_s.append(time.thread_time() - before)
        calls.arguments = arguments
        return result

    setattr(module, name, timed)
    try:
        yield calls
    finally:
        setattr(module, name, function)


def run_program(
    command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str] | None = None
) -> ProgramCost:
    """Run a program in a folder and return what it took.

    Raises
    ------
    RuntimeError
        If it fails; the message ends with the last it said.
    """
    log = folder / "program.log"
    started = time.perf_counter()
    with log.open("wb") as words:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdout=words, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})},
        )  # fmt: skip
        usage = _waited(process)
    if process.returncode:
        said = log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{Path(command[0]).name} ended with {process.returncode}: {said}")
    return ProgramCost(usage.ru_utime + usage.ru_stime, time.perf_counter() - started, usage.ru_maxrss / 1024.0)


def _waited(process: subprocess.Popen[bytes]) -> resource.struct_rusage:
    """Wait for a program, and return what it and nothing else used."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


def machine() -> str:
    """Return the processor's name and how many of them this process may use."""
    return f"{processor()}, {default_jobs()} cores, Python {platform.python_version()}"


def processor() -> str:
    """Return the processor's name."""
    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
