"""The letter as it is read: found by name, in two languages, safe from what stands in a register."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest

import whitesignal as ws
from whitesignal.errors import InputError
from whitesignal.explain.as_text import as_dict, as_text
from whitesignal.explain.page import page
from whitesignal.explain.words import words

HOSTILE = "<script>alert(1)</script>\"'&{0}{name}%s\x1b[31m"


class Tags(HTMLParser):
    """Collects tags, and what would be loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag and its references."""
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        assert not [name for name, _ in attrs if name.startswith("on")]


@pytest.fixture
def hostile(land: ModuleType, tmp_path: Path) -> ws.Explanation:
    folder = land.write_project(
        tmp_path / "p",
        stations=[
            land.station(f"A{HOSTILE}", -6, 0, "2G", position_id=f"P{HOSTILE}", operator=f"O{HOSTILE}", power_dbm=5)
        ],
        villages=[land.village("V", 4, 0, name=f"Bản {HOSTILE}", commune=f"Xã {HOSTILE}")],
        ground=land.ridge(0.0, 300.0),
    )
    return ws.explain_village(ws.open_project(folder), "V")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_hostile_names_stay_text_on_the_page(hostile: ws.Explanation, lang: str) -> None:
    written = page(hostile, lang=lang)  # type: ignore[arg-type]
    tags = Tags()
    tags.feed(written)
    assert "script" not in tags.tags
    assert tags.links == []
    assert "&lt;script&gt;alert(1)" in written
    assert "\x1b" not in written
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org/2000/svg", "", written)


def test_hostile_names_break_neither_text_nor_json(hostile: ws.Explanation) -> None:
    assert "\x1b" not in as_text(hostile, lang="vi")
    assert "{0}{name}%s" in as_text(hostile, lang="en")
    text = json.dumps(as_dict(hostile), allow_nan=False)
    assert "{name}" in json.loads(text)["village"]["name"]


def test_json_has_every_fact_and_null_for_what_is_not_known(hostile: ws.Explanation) -> None:
    facts = as_dict(hostile)
    assert facts["verdict"]["status"] == "white"  # type: ignore[index]
    assert facts["village"]["population"] is None  # type: ignore[index]
    assert facts["decisive"]["ridge"]["height_m"] > 300.0  # type: ignore[index]
    assert facts["best"][0]["serves"] is False  # type: ignore[index]
    assert len(facts["decisive"]["budget"]["profile"]["height_m"]) > 50  # type: ignore[index]


def test_the_page_draws_the_profile_and_marks_the_ridge(hostile: ws.Explanation) -> None:
    written = page(hostile)
    assert written.count("<svg") == 1
    assert "dãy núi" in written
    assert "Phiếu trả lời" in written


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    folder = files("whitesignal.explain").joinpath("words")
    both = [json.loads(folder.joinpath(f"{lang}.json").read_text(encoding="utf-8")) for lang in ("vi", "en")]
    assert both[0].keys() == both[1].keys()
    gaps = [{key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in catalogue.items()} for catalogue in both]
    assert gaps[0] == gaps[1]


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert words("vi").number(-1234.56, 1) == "−1.234,6"
    assert words("en").number(-1234.56, 1) == "-1,234.6"
    assert words("vi").number(float("nan")) == "chưa rõ"
    assert words("en").number(-0.04, 1) == "0.0"
    assert words("en").percent(0.999) == "99.9"
    assert words("en").direction(350.0) == "north"


def test_a_language_that_is_not_there_is_refused(hostile: ws.Explanation) -> None:
    with pytest.raises(InputError, match="language 'fr'"):
        page(hostile, lang="fr")  # type: ignore[arg-type]


@pytest.fixture
def named(land: ModuleType, tmp_path: Path) -> ws.Project:
    folder = land.write_project(
        tmp_path / "p",
        stations=[land.station("A", -2, 0, "2G")],
        villages=[
            land.village("V1", 1, 0, name="Bản Lũng", commune="Xã Sủng Là"),
            land.village("V2", 1, 1, name="Bản Lũng", commune="Xã Phố Cáo"),
            land.village("V3", 1, 2, name="Thôn Khâu Vai", commune="Xã Phố Cáo"),
            land.village("V4", 1, 3, name="Ban Lung", commune="Xã Phố Cáo"),
        ],
    )
    return ws.open_project(folder)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("V2", "V2"),
        ("Thôn Khâu Vai", "V3"),
        ("thon khau vai", "V3"),
        ("Bản Lũng, Phố Cáo", "V2"),
        ("Bản Lũng, xa sung la", "V1"),
        ("Ban Lung", "V4"),
    ],
)
def test_a_village_is_found_by_id_by_name_and_by_name_with_commune(named: ws.Project, asked: str, found: str) -> None:
    assert ws.explain_village(named, asked).village.village_id == found


def test_a_name_that_two_villages_have_is_refused_with_both(named: ws.Project) -> None:
    with pytest.raises(InputError, match=r"2 villages are called .*V1 \(Bản Lũng, Xã Sủng Là\), V2 \(Bản Lũng"):
        ws.explain_village(named, "Bản Lũng")


def test_a_name_that_no_village_has_is_refused_with_the_nearest(named: ws.Project) -> None:
    with pytest.raises(InputError, match=r"no village .*; the nearest are V3 \(Thôn Khâu Vai"):
        ws.explain_village(named, "Thôn Khau Vait")
    with pytest.raises(InputError, match=r"no village with the id or name 'Qwxz'$"):
        ws.explain_village(named, "Qwxz")
