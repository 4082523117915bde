"""The catalogs: both languages say the same things, and every figure has a name."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from whitesignal.errors import InputError
from whitesignal.figure_ids import known_ids
from whitesignal.report.figures import name_of
from whitesignal.report.labels import labels
from whitesignal.report.parts.areas import TABLES
from whitesignal.report.rounding import Number


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_both_languages_have_the_same_keys_with_the_same_places_for_values() -> None:
    vi, en = labels("vi").catalog, labels("en").catalog
    assert list(vi) == list(en)
    assert {key: fields(vi[key]) for key in vi} == {key: fields(en[key]) for key in en}
    assert all(text.strip() for text in (*vi.values(), *en.values()))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_figure_has_a_name_in_either_language(lang: str) -> None:
    words = labels(lang)  # type: ignore[arg-type]
    assert [one for one in known_ids(["half"]) if name_of(one, words) == one] == []
    assert [one for _, ids in TABLES for one in ids if f"area.{one}" not in words.catalog] == []
    assert name_of("stations.operator.viettel.4g", words, "Viettel").count("Viettel") == 1


def test_no_key_is_left_that_nothing_asks_for() -> None:
    """A key is asked for by its name, or by a stem and a code from a file."""
    package = Path(__file__).parents[2] / "coverage" / "whitesignal" / "report"
    source = "\n".join(file.read_text(encoding="utf-8") for file in package.rglob("*.py"))
    stems = {"figure", "of", "unit", "sheet", "column", "area", "status", "certainty", "structure", "judged",
             "threshold", "severity", "tile", "value"}  # fmt: skip
    named = [key for key in labels("en").catalog if key.split(".")[0] not in stems]
    assert [
        key for key in named if f'"{key}"' not in source.replace("'", '"') and f'f"{key.split(".")[0]}.' not in source
    ] == []


def test_numbers_and_dates_are_written_as_the_language_writes_them() -> None:
    vi, en = labels("vi"), labels("en")
    assert vi.number(Number("1234567.89", "%")) == "1.234.567,89\u00a0%"
    assert en.number(Number("1234567.89", "%")) == "1,234,567.89\u00a0%"
    assert vi.number(Number("-1000")) == "−1.000"
    assert (vi.date("2023-06-30"), en.date("2023-06-30")) == ("30/06/2023", "2023-06-30")
    assert (vi.date("2023-06"), vi.date("2023")) == ("06/2023", "2023")
    assert vi.period("2023-01-01/2023-06-30") == "01/01/2023 – 30/06/2023"


def test_a_value_with_braces_is_never_read_as_a_template() -> None:
    assert labels("en").say("report.title", name="{lang} {0}") == "Mobile coverage report: {lang} {0}"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="'fr'"):
        labels("fr")  # type: ignore[arg-type]
