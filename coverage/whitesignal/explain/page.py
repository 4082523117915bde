"""The letter as one page: no script, no file beside it, made for A4."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from whitesignal.explain.drawing import profile_svg
from whitesignal.explain.letter import Letter, letter
from whitesignal.explain.sheets import Sheet, sheets
from whitesignal.explain.words import Words, words
from whitesignal.maps.labels import Language
from whitesignal.maps.palette import STATUS_COLOURS
from whitesignal.maps.tables import clean

if TYPE_CHECKING:
    from whitesignal.explain.facts import Explanation

STYLE = """
@page { size: A4; margin: 16mm 15mm 16mm 18mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.38 "Times New Roman", "Liberation Serif", "Noto Serif", serif; color: #1c1f24; background: #fff;
  max-width: 178mm; margin: 8mm auto; padding: 0 4mm; }
h1 { font-size: 15pt; text-align: center; text-transform: uppercase; letter-spacing: .02em; margin: 0 0 2mm; }
.to { text-align: center; font-style: italic; margin: 0 0 5mm; }
.synthetic { border: 1.5pt solid #b3261e; color: #b3261e; font-weight: bold; text-align: center; padding: 2mm 3mm;
  margin: 0 0 5mm; }
.status { display: inline-block; border-left: 4mm solid var(--status); padding-left: 3mm; font-weight: bold; }
h2 { font-size: 12pt; margin: 5mm 0 1.5mm; break-after: avoid; }
h3 { font: bold 9pt/1.3 Arial, "Liberation Sans", "Noto Sans", sans-serif; margin: 3mm 0 .8mm; break-after: avoid; }
p, ul { margin: 0 0 2mm; text-align: justify; } ul { padding-left: 6mm; text-align: left; }
figure { margin: 2mm 0 3mm; break-inside: avoid; } svg { display: block; width: 100%; height: auto; }
svg text { font-family: Arial, "Liberation Sans", "Noto Sans", sans-serif; }
.facts { break-before: page; }
.sheet { break-inside: avoid; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font: 7.5pt/1.25 Arial, "Liberation Sans", "Noto Sans", sans-serif; }
th, td { border: .4pt solid #b9bec6; padding: .5mm 1mm; text-align: left; vertical-align: top;
  overflow-wrap: break-word; }
thead th { background: #eef1f5; } tbody th { font-weight: normal; background: #f7f8fa; width: 34%; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.caveats { font-size: 9pt; color: #4a4f57; margin-top: 4mm; }
.signed { width: 82mm; margin: 4mm 0 0 auto; min-height: 20mm; break-inside: avoid; font-size: 10pt; }
.signed p { text-align: center; margin: 0 0 1mm; } .signed p + p { font-weight: bold; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
footer { font: 8pt Arial, "Liberation Sans", sans-serif; color: #6a6f78; margin-top: 6mm; text-align: right; }
"""

NUMERIC = frozenset("0123456789.,−-+")
"""A cell of nothing but these is a number, and set to the right."""

UNITS = ("dBm", "dB", "%", "MHz", "m", "km")
"""What stays on one line with the number before it."""


def page(explained: Explanation, *, lang: Language = "vi") -> str:
    """Return the page; everything that comes from files is escaped.

    Raises
    ------
    InputError
        The language is none of ours.
    """
    said = words(lang)
    written = letter(explained, said)
    village = explained.village
    title = f"{said.say('letter.heading')}: {clean(village.name)}"
    status = explained.verdict.status
    colour = STATUS_COLOURS.get(status, STATUS_COLOURS["unknown"])
    parts = [
        f"<h1>{_safe(said.say('letter.heading'))}</h1>",
        f'<p class="to">{_safe(said.say("letter.to", name=village.name, commune=village.commune))}</p>',
        f'<p class="synthetic">{_safe(said.say("letter.synthetic"))}</p>' if explained.synthetic else "",
        f'<p class="status" style="--status:{colour}">{_safe(written.answer[0])}</p>',
        _paragraph(written.answer[1:]),
        *_why(explained, written, said),
        *_remedies(written, said),
        _paragraph(written.caveats, kind="caveats"),
        f'<div class="signed"><p>{_safe(said.say("letter.signed_on"))}</p>'
        f"<p>{_safe(said.say('letter.signed_by'))}</p></div>",
        f'<section class="facts"><h2>{_safe(said.say("letter.facts"))}</h2>',
        *(_sheet(sheet) for sheet in sheets(explained, said)),
        "</section>",
        f"<footer>{_safe(said.say('letter.printed', project=explained.project, model=explained.model))}</footer>",
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_safe(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n" + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )  # fmt: skip


def _safe(text: str) -> str:
    return escape(clean(text))


def _paragraph(sentences: tuple[str, ...], kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f"<p{named}>{_safe(' '.join(sentences))}</p>" if sentences else ""


def _why(explained: Explanation, written: Letter, said: Words) -> list[str]:
    if not written.why:
        return []
    parts = [f"<h2>{_safe(said.say('letter.why'))}</h2>", _paragraph(written.why)]
    decisive = explained.decisive
    if decisive is not None and explained.terrain_model:
        place = decisive.point or explained.village.name
        parts.append(f"<figure>{profile_svg(decisive, said, village=place)}</figure>")
    return parts


def _remedies(written: Letter, said: Words) -> list[str]:
    if not written.fix and not written.after:
        return []
    items = "".join(f"<li>{_safe(remedy)}</li>" for remedy in written.remedies)
    listed = f"<ul>{items}</ul>" if items else ""
    return [f"<h2>{_safe(said.say('letter.fix'))}</h2>", _paragraph(written.fix), listed, _paragraph(written.after)]


def _sheet(sheet: Sheet) -> str:
    head = "".join(f'<th scope="col">{_safe(name)}</th>' for name in sheet.head)
    rows = "".join(f"<tr>{_cells(row, named=not sheet.head)}</tr>" for row in sheet.rows)
    return (
        f'<div class="sheet"><h3>{_safe(sheet.title)}</h3><table>{f"<thead><tr>{head}</tr></thead>" if head else ""}'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cells(row: tuple[str, ...], *, named: bool) -> str:
    first, rest = (f'<th scope="row">{_safe(row[0])}</th>', row[1:]) if named else ("", row)
    rest = tuple(_together(cell) for cell in rest)
    return first + "".join(
        f'<td class="number">{_safe(cell)}</td>' if _is_number(cell) and not named else f"<td>{_safe(cell)}</td>"
        for cell in rest
    )


def _is_number(cell: str) -> bool:
    return bool(cell) and set(cell) <= NUMERIC


def _together(cell: str) -> str:
    """Return a cell whose units do not part from their numbers."""
    for unit in UNITS:
        cell = re.sub(rf"(?<=\d) (?={re.escape(unit)}\b|{re.escape(unit)}$)", "\u00a0", cell)
    return cell
