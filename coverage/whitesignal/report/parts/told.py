"""A section's tables, told one after the other; one that the results lack is said to be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.report.document import Block, Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words


def told(
    results: RunResults, words: Words, *parts: tuple[str, Callable[[pd.DataFrame, Words], list[Block]]]
) -> list[Block]:
    """Return what is told of each file's table, given as the file and what tells it."""
    blocks: list[Block] = []
    for file, blocks_of in parts:
        table = results.tables.get(file)
        if table is None:
            blocks.append(Paragraph(words.say("missing.table", file=file), "warning"))
        else:
            blocks += blocks_of(table, words)
    return blocks
