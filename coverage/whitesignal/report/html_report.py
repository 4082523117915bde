"""The report as one HTML page that opens without a network and prints on A4."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from whitesignal.maps.selfcontained import check_self_contained
from whitesignal.maps.tables import clean
from whitesignal.report.curve import curve_svg
from whitesignal.report.document import Block, Curve, Paragraph, Table
from whitesignal.report.rounding import Number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whitesignal.report.document import Cell, Document, Section
    from whitesignal.report.labels import Words

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What the page may do: nothing. Names are escaped; were one not, it could still run no script."""

LONGEST_WORD = 14
"""Characters of a word that a cell does not break."""


def html_page(document: Document) -> str:
    """Return the report as a page; whatever the files hold is shown as text.

    Raises
    ------
    WhitesignalError
        The page would refer to something outside itself.
    """
    words = document.words
    page = "\n".join(_page(document, words)) + "\n"
    check_self_contained(page)
    return page


def _page(document: Document, words: Words) -> Iterator[str]:
    style = files("whitesignal.report").joinpath("report.css").read_text(encoding="utf-8")
    title = text_of(document.title)
    yield f'<!DOCTYPE html>\n<html lang="{words.lang}">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>"
    yield f'<p class="subtitle">{text_of(document.subtitle)}</p>'
    if document.badge:
        yield f'<p class="badge">{text_of(document.badge)}</p>'
    yield "</header>"
    yield (
        '<div class="tiles">'
        + "".join(
            f'<div class="tile"><b>{text_of(tile.figure)}</b><span>{text_of(tile.name)}</span>'
            f"<small>{text_of(tile.of)}</small></div>"
            for tile in document.tiles
        )
        + "</div>"
    )
    yield f"<nav><h2>{text_of(words.catalog['report.contents'])}</h2><ol>"
    yield from (f'<li><a href="#{one.key}">{text_of(one.title)}</a></li>' for one in document.sections)
    yield "</ol></nav>\n<main>"
    for number, section in enumerate(document.sections, start=1):
        yield from _section(number, section, words)
    yield "</main>\n</body>\n</html>"


def _section(number: int, section: Section, words: Words) -> Iterator[str]:
    yield f'<section id="{section.key}">\n<h2>{number}. {text_of(section.title)}</h2>'
    for block in section.blocks:
        yield from _block(block, words)
    yield "</section>"


def _block(block: Block, words: Words) -> Iterable[str]:
    if isinstance(block, Paragraph):
        return [f'<p class="{block.tone}">{text_of(block.text)}</p>']
    if isinstance(block, Curve):
        title = text_of(block.title)
        return [f"<figure>{curve_svg(block, words)}<figcaption>{title}</figcaption></figure>"]
    return _table(block, words)


def _table(table: Table, words: Words) -> Iterator[str]:
    right = [table.is_number(column) for column in range(len(table.columns))]
    kinds = ["n" if is_right else "t" for is_right in right]
    yield f'<div class="wide">\n<table>\n<caption>{text_of(table.title)}</caption>\n<thead><tr>'
    yield "".join(f'<th class="{kind}">{text_of(name)}</th>' for kind, name in zip(kinds, table.columns, strict=True))
    yield "</tr></thead>\n<tbody>"
    for row in table.rows[: table.limit]:
        yield (
            "<tr>"
            + "".join(
                f'<td class="{_class(kind, cell)}">{text_of(cell_text(cell, words))}</td>'
                for kind, cell in zip(kinds, row, strict=True)
            )
            + "</tr>"
        )
    yield "</tbody>\n</table>\n</div>"
    if table.left_out:
        more = words.say("table.more", count=table.left_out, shown=table.limit, file=table.file)
        yield f'<p class="more">{text_of(more)}</p>'
    if table.note:
        yield f'<p class="note">{text_of(table.note)}</p>'


def _class(kind: str, cell: Cell) -> str:
    """Return a cell's class: a short word, such as an id or an operator's name, is not broken at its hyphen."""
    return "t w" if isinstance(cell, str) and len(cell) <= LONGEST_WORD and " " not in cell else kind


def cell_text(cell: Cell, words: Words) -> str:
    """Return a cell as the reader sees it; a dash where the file has nothing."""
    if cell is None:
        return "–"
    return words.number(cell) if isinstance(cell, Number) else cell


def text_of(text: str) -> str:
    """Return text as HTML: escaped, without control characters."""
    return escape(clean(text))
