"""Which column is which."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from whitesignal.errors import InputError
from whitesignal.inputs.columns import header_key, match_columns
from whitesignal.inputs.tabular import read_table
from whitesignal.schema import STATION_COLUMNS, VILLAGE_COLUMNS, Column

FILE = Path("register.csv")


def match(headers: list[str], mapping: dict[str, str] | None = None, columns: tuple[Column, ...] = STATION_COLUMNS):  # type: ignore[no-untyped-def]
    return match_columns(headers, columns, file=FILE, mapping=mapping or {}, section="columns.stations")


@pytest.mark.parametrize("columns", [STATION_COLUMNS, VILLAGE_COLUMNS])
def test_no_alias_means_two_columns(columns: tuple[Column, ...]) -> None:
    keys = [(column.name, header_key(alias)) for column in columns for alias in {column.name, *column.aliases}]
    owners: dict[str, set[str]] = {}
    for name, key in keys:
        owners.setdefault(key, set()).add(name)
    assert {key: names for key, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("columns", [STATION_COLUMNS, VILLAGE_COLUMNS])
def test_every_alias_is_recognised_in_any_case_form_and_punctuation(columns: tuple[Column, ...]) -> None:
    for column in columns:
        for alias in (column.name, *column.aliases):
            decomposed = unicodedata.normalize("NFD", alias)
            for header in (alias, alias.upper(), decomposed, alias.replace(" ", "_"), f" {alias} "):
                assert match([header], columns=columns).source == {column.name: header}


def test_a_bracketed_unit_does_not_matter() -> None:
    assert match(["Băng tần (MHz)", "Độ cao anten [m]"]).source == {
        "band_mhz": "Băng tần (MHz)", "antenna_height_m": "Độ cao anten [m]",
    }  # fmt: skip


def test_the_canonical_name_wins_over_an_alias_and_the_loser_is_told() -> None:
    matched = match(["lon", "longitude", "latitude"])
    assert matched.source["longitude"] == "longitude"
    assert matched.unused == ("lon",)
    assert [finding.message for finding in matched.findings] == ["longitude is read from 'longitude', not from 'lon'"]


def test_a_mapping_wins_and_takes_its_column_away_from_its_own_name() -> None:
    matched = match(["latitude", "longitude"], {"latitude": "longitude", "longitude": "latitude"})
    assert matched.source == {"latitude": "longitude", "longitude": "latitude"}


def test_a_mapping_finds_its_column_without_marks_and_case() -> None:
    assert match(["KINH ĐỘ GỐC"], {"longitude": "kinh độ gốc"}).source == {"longitude": "KINH ĐỘ GỐC"}


def test_a_mapping_to_nothing_is_refused_with_the_nearest_column() -> None:
    with pytest.raises(InputError, match=r"register\.csv: no column 'Kinhdo'.*did you mean 'Kinh do'"):
        match(["Kinh do"], {"longitude": "Kinhdo"})


def test_a_header_wrapped_over_two_lines_is_still_the_same(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('"Độ cao\nanten (m)",b\n1,2\n', encoding="utf-8")
    headers = list(read_table(tmp_path / "t.csv").values.columns)
    assert match(headers).source == {"antenna_height_m": "Độ cao anten (m)"}
    assert match(headers, {"owner": "Độ cao\nanten (m)"}).source == {"owner": "Độ cao anten (m)"}
