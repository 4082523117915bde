"""Results of a small province whose names mean harm, and ways to read a report back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import whitesignal as ws

HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "=1+2", "@SUM(A1)", "+84 2", "{white} {0.__class__}",
    "\"quoted\" 'twice' & more", "</td></table><h1>No", "https://example.org/x.png",
)  # fmt: skip
"""Names that have run, or broken, a page or a spreadsheet before; each is a white village's here."""

DISTRICTS = ("Đồng Văn", "<b>Mèo Vạc</b>")

REPORTED = """province,indicator,value,unit,numerator,denominator,denominator_of,as_of,source
Hà Giang,stations,5,stations,,,,2023-06,"Báo ""A"" <i>"
Hà Giang,villages.with_signal,50.5,%,,,villages of known status,2023-06,Báo B
Hà Giang,villages.3g_4g,99.5,%,,,villages,2023-06,Báo C
Hà Giang,sharing.passive,32.7,%,,,,2023-06,Báo D
Hà Giang,households.with_fibre,89.13,%,,,households,2023-06,Báo E
"""

TOML = """
[radio]
model = 'p526'
engine = 'exact'
resolution_m = 4000
[reference]
"sharing.position" = 25.0
sharing_source = "Nguồn <b>X</b>"
[periods]
half = { from = 2023-01-01, to = 2023-03-31 }
[targets]
signal = { indicator = "villages.with_signal", at_least = 99, by = 2023-12-31 }
few_white = { indicator = "villages.white", at_most = 100, by = 2023-12-31 }
[policy.two]
min_operators = 2
[uncertainty]
draws = 50
"""


@dataclass
class Page(HTMLParser):
    """A page taken apart: its text, its tags with their attributes, and its tables by caption."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    _at: str = ""
    _rows: list[list[str]] = field(default_factory=list)
    _caption: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._at = tag
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.tables[self._caption] = self._rows
        self._at = ""

    def handle_data(self, data: str) -> None:
        if self._at == "caption":
            self._caption += data
        elif self._at in ("td", "th"):
            self._rows[-1][-1] += data
        if self._at != "style" and data.strip():
            self.texts.append(data)


@pytest.fixture(scope="session")
def read_page() -> Callable[[Path], Page]:
    """Return a function that takes a page apart."""

    def read(file: Path) -> Page:
        page = Page()
        page.feed(file.read_text(encoding="utf-8"))
        page.close()
        return page

    return read


@pytest.fixture(scope="session")
def hostile() -> tuple[str, ...]:
    """Names that mean harm."""
    return HOSTILE


@pytest.fixture(scope="session")
def finished(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a run: two masts before a ridge, villages before it and, with hostile names, behind it."""
    folder = tmp_path_factory.mktemp("report") / "p"
    folder.mkdir()
    (folder / "reported.csv").write_text(REPORTED, encoding="utf-8")
    lit = [
        land.village(f"L{at}", -5 + at, 0, population=1000 + at, district=DISTRICTS[at % 2]) for at in range(4)
    ]  # fmt: skip
    dark = [
        land.village(f"D{at}", 3 + 0.5 * at, 0, population=100 + at, name=name, commune=name, district=DISTRICTS[1],
                     declared_status="white" if at else "covered", declared_on="2023-01-01")
        for at, name in enumerate(HOSTILE)
    ]  # fmt: skip
    land.write_project(
        folder,
        stations=[
            land.station("A", -6, 0, "2G", position_id="P1", on_air_on="2023-02-01", power_group="=EVN"),
            land.station("B", -6, 0, operator="<i>Vina</i>", position_id="P1", on_air_on="2022-02-01",
                         power_group="=EVN"),
            land.station("C", -5.8, 0, operator="=Mobi", position_id="P2"),
        ],
        villages=lit + dark, ground=land.ridge(1.0, 900.0), head="as_of = 2023-06-30",
        inputs="reported = 'reported.csv'", toml=TOML,
    )  # fmt: skip
    ws.analyze(ws.open_project(folder)).write(folder / "results")
    return folder / "results"


@pytest.fixture
def results(finished: Path, tmp_path: Path) -> Path:
    """The same results, a test's own."""
    return Path(shutil.copytree(finished, tmp_path / "results", ignore=shutil.ignore_patterns("reach", "map.html")))


@pytest.fixture(scope="session")
def figures(finished: Path) -> list[dict[str, Any]]:
    """The rows of the results' indicators.json."""
    rows: list[dict[str, Any]] = json.loads((finished / "indicators.json").read_text(encoding="utf-8"))
    return rows
