"""Two maps side by side on one page that opens without a network: before and after, moved together."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from whitesignal.maps.labels import Language, labels
from whitesignal.maps.page import build_map
from whitesignal.maps.selfcontained import check_self_contained, content_policy, web_file
from whitesignal.maps.tables import clean

if TYPE_CHECKING:
    from whitesignal.maps.data import MapData

_POLICY = "<!-- policy -->"
_SIDE = "<!-- side {} -->"


def build_two_sided(
    before: MapData, after: MapData, *, title: str, gained: int, lost: int, lang: Language = "vi"
) -> str:
    """Return a page with the map before on the left and the map after on the right.

    Parameters
    ----------
    before, after
        Results of the two sides; villages in their ``changed`` are ringed.
    title
        Name of the project and of what is asked.
    gained, lost
        Villages that come to have signal, and that cease to.

    Notes
    -----
    Each map is a page of its own in a sandboxed frame. A frame so written inherits the policy of the page around it, so
    that names the scripts of all three.
    """
    words = labels(lang)
    pages = [build_map(data, lang=lang, script=web_file("beside.js")) for data in (before, after)]
    sides = list(zip(("before", "after"), (words["sides.before"], words["sides.after"]), pages, strict=True))
    sections = "\n".join(
        f'<section><h2>{escape(name)}</h2>\n<iframe title="{escape(name)}" srcdoc="{_SIDE.format(side)}" '
        'sandbox="allow-scripts"></iframe></section>'
        for side, name, _ in sides
    )
    heading = escape(clean(title))
    tally = f"+{gained} {words['sides.gained']}, −{lost} {words['sides.lost']}"
    page = (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>{_POLICY}<title>{heading}</title>\n'
        f"<style>\n{web_file('two_sided.css')}</style>\n</head>\n<body>\n"
        f"<header><h1>{heading}</h1><span>{escape(tally)}</span></header>\n<main>\n{sections}\n</main>\n"
        f"<script>\n{web_file('two_sided.js')}</script>\n</body>\n</html>\n"
    )
    policy = content_policy("\n".join([page, *pages]))
    meta = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    page = page.replace(_POLICY, meta, 1)
    # Each side is a page that was checked by itself.
    check_self_contained(page)
    for side, _, inner in sides:
        page = page.replace(_SIDE.format(side), escape(inner), 1)
    return page
