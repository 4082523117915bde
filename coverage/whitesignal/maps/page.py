"""The finished map: folium's page made self-contained, with the data beside it and never inside a template."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from whitesignal.errors import WhitesignalError
from whitesignal.maps.backdrop import MAP_ID, draw_backdrop
from whitesignal.maps.labels import Language
from whitesignal.maps.payload import payload
from whitesignal.maps.selfcontained import (
    WEB_FILES,
    check_self_contained,
    content_policy,
    leaflet_script,
    leaflet_style,
    web_file,
)
from whitesignal.maps.tables import clean, page_json

if TYPE_CHECKING:
    from whitesignal.maps.data import MapData

_POLICY = "<!-- policy -->"


def build_map(data: MapData, *, lang: Language = "vi", script: str = "") -> str:
    """Return a map as one HTML page that opens without a network.

    Parameters
    ----------
    data
        A run's results. Names may hold anything: they are shown as they are written.
    lang
        Language of labels and numbers.
    script
        What the page runs once the map stands.

    Raises
    ------
    InputError
        A table lacks a column the map cannot do without, or the language is none of ours.
    WhitesignalError
        The page would refer to something outside itself.

    Notes
    -----
    folium runs what it is given through a template a second time, so that a village called ``{{ 7*7 }}`` would
    be computed, and writes names into scripts. So folium makes only the empty map; the data go into the finished
    page as JSON, and ``web/*.js`` build every label with ``textContent``.
    """
    backdrop = data.backdrop or draw_backdrop(data.villages, data.hillshade)
    data = replace(data, backdrop=backdrop)
    title = escape(clean(data.title))
    head = (
        f"<title>{title}</title>\n<style>\n{leaflet_style()}\n{web_file('map.css')}\n</style>\n"
        f"<script>\n{leaflet_script()}\n</script>"
    )
    scripts = "\n".join(f"<script>\n{web_file(name)}</script>" for name in WEB_FILES)
    body = (
        f'<script type="application/json" id="whitesignal-data">{page_json(payload(data, lang))}</script>\n'
        f"{scripts}\n<script>\nwhitesignal.start({MAP_ID});\n</script>\n"
    )
    if script:
        body += f"<script>\n{script}</script>\n"
    page = _put(backdrop.frame, "<html>", f'<html lang="{lang}">', before=False, replace=True)
    page = _put(page, "<head>", _POLICY, before=False)
    page = _put(page, "</head>", head, before=True)
    page = _put(page, "</html>", body, before=True)
    page = page.replace("\r\n", "\n")
    policy = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{content_policy(page)}">\n'
    page = page.replace(_POLICY, policy, 1)
    check_self_contained(page)
    return page


def _put(page: str, mark: str, text: str, *, before: bool, replace: bool = False) -> str:
    """Return the page with text beside, or instead of, a mark that must stand in it once."""
    if page.count(mark) != 1:
        raise WhitesignalError(f"folium's page has {page.count(mark)} times {mark}, expected once")
    if replace:
        return page.replace(mark, text)
    return page.replace(mark, text + mark if before else mark + text)


def embed(html: str, *, title: str, height_px: int = 640) -> str:
    """Return an ``<iframe>`` that carries a map inside itself, for pasting into a report.

    Parameters
    ----------
    html
        A page of `build_map`.
    title
        What a screen reader says of the frame.
    height_px
        Height of the frame; its width is that of the text around it. [pixels]

    Notes
    -----
    The frame is a sandbox: its scripts run, but reach nothing of the report around it.
    """
    return (
        f'<iframe title="{escape(clean(title))}" srcdoc="{escape(html)}" sandbox="allow-scripts" '
        f'style="width:100%;height:{height_px:d}px;border:1px solid #c9ccd1"></iframe>'
    )
