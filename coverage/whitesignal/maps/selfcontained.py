"""Making a page stand alone, and proving that it does."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

from whitesignal.errors import WhitesignalError
from whitesignal.maps.images import data_uri

WEB_FILES = ("decode.js", "popups.js", "layers.js", "panels.js", "control.js", "start.js")

_REFERRING = frozenset({"href", "src", "srcset", "action", "formaction", "poster", "background", "data", "manifest"})
_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_SHOWN_REFERENCES = 3


def leaflet_script() -> str:
    """Return Leaflet, without the address of its source map."""
    return _SOURCE_MAP.sub("", (_leaflet_folder() / "leaflet.js").read_text(encoding="utf-8")).strip()


def leaflet_style() -> str:
    """Return Leaflet's style sheet with its pictures inside."""
    folder = _leaflet_folder()
    style = (folder / "leaflet.css").read_text(encoding="utf-8")

    def inside(match: re.Match[str]) -> str:
        address = match.group(1)
        if not address.startswith("images/"):
            return match.group(0)
        return f"url({data_uri((folder / address).read_bytes(), 'image/png')}"

    return _CSS_URL.sub(inside, style)


def _leaflet_folder() -> Path:
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR)


def web_file(name: str) -> str:
    """Return one of the package's own scripts or styles."""
    return files("whitesignal.maps").joinpath("web", name).read_text(encoding="utf-8")


def content_policy(page: str) -> str:
    """Return a policy under which a page's own scripts run, and nothing else: no handler in a name, no request.

    Every script of the page is named by its hash, so the policy must be written last.
    """
    hashes = [f"'sha256-{_sha256(script)}'" for script in _Parts.of(page).scripts]
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def check_self_contained(page: str) -> None:
    """Raise unless a page refers to nothing outside itself.

    Raises
    ------
    WhitesignalError
        It names the first references left. Addresses inside the data are text, and no concern of this check.
    """
    left = list(_references(_Parts.of(page)))
    if left:
        shown = ", ".join(left[:_SHOWN_REFERENCES])
        raise WhitesignalError(f"the map is not self-contained: {len(left)} references outside it: {shown}")


def _references(parts: _Parts) -> Iterator[str]:
    yield from (address for address in parts.addresses if not _is_inside(address))
    for style in parts.styles:
        yield from (address for address in _CSS_URL.findall(style) if not _is_inside(address))
        yield from re.findall(r"@import[^;]*", style)
    for script in parts.scripts:
        yield from _SOURCE_MAP.findall(script)


def _is_inside(address: str) -> bool:
    return address.startswith(("data:", "#")) or not address


class _Parts(HTMLParser):
    """A page taken apart: addresses in attributes, styles, and the scripts that run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.addresses: list[str] = []
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self._into: list[str] | None = None

    @classmethod
    def of(cls, page: str) -> _Parts:
        parts = cls()
        parts.feed(page)
        parts.close()
        return parts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.addresses += [value for name, value in given.items() if name.split(":")[-1] in _REFERRING]
        self.styles += [given["style"]] if "style" in given else []
        if given.get("http-equiv", "").casefold() == "refresh":
            self.addresses.append(given.get("content", ""))
        self._into = None
        if tag == "style":
            self._into = self.styles
        elif tag == "script" and given.get("type") != "application/json":
            self._into = self.scripts
        if self._into is not None:
            self._into.append("")

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._into = None
