"""Work spread over threads, in a stated order and interruptible: the only place that knows how work is run."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

COMPILING = "compiling"
"""The stage that is told of before the first use of a model's kernels on a machine."""

QUEUED_PER_JOB = 4
"""Tasks kept in flight for each thread: enough to keep it busy, few enough to bound memory."""


class Progress(Protocol):
    """Told how far a stage has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that ``done`` of ``total`` parts of a stage are finished."""


def silent(stage: str, done: int, total: int) -> None:
    """Take no note of progress."""


def default_jobs() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_in_order(
    function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int, stage: str, progress: Progress
) -> Iterator[Result]:
    """Yield ``function(item)`` for each item, in the items' order whatever ``jobs`` is.

    The functions run on threads, so they should spend their time where the interpreter's lock is not held. On an
    exception or interrupt nothing new is started, and it is raised when what is running has ended.
    """
    total = len(items)
    waiting: deque[Future[Result]] = deque()
    remaining = iter(items)
    done = 0
    progress(stage, done, total)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            for item in remaining:
                waiting.append(pool.submit(function, item))
                if len(waiting) >= jobs * QUEUED_PER_JOB:
                    yield waiting.popleft().result()
                    done += 1
                    progress(stage, done, total)
            while waiting:
                yield waiting.popleft().result()
                done += 1
                progress(stage, done, total)
        finally:
            for future in waiting:
                future.cancel()
