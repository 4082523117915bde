"""Tables on disk: stable to the byte, readable back, and harmless to a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from whitesignal.results.table_store import read_table_arrays, table_arrays
from whitesignal.results.tables import decimals_of, harmless, plain, read_csv, write_csv, write_json
from whitesignal.results.white_list import HEADERS, write_white_list

FORMULAE = ("=1+2", "+84 123", "-x", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "-2+3")


@pytest.mark.parametrize("text", FORMULAE)
def test_text_that_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text.replace("\r", "\n")


def test_a_lone_carriage_return_does_not_begin_a_row(tmp_path: Path) -> None:
    write_csv(pd.DataFrame({"name": ["a\r=1+2", "b\r\nc"]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes().decode("utf-8-sig") == 'name\n"a\n=1+2"\n"b\nc"\n'


@pytest.mark.parametrize("text", ["-5.5", "+3", "-1e-3", "Bản Mù", "", "a=b", "'=x", "-5,5"])
def test_numbers_and_plain_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(st.text(max_size=12))
@settings(deadline=None, max_examples=200)
def test_no_cell_is_a_formula_whatever_the_name(text: str) -> None:
    shown = harmless(text)
    if shown[:1] in tuple("=+-@\t\r\n"):
        float(shown.replace(",", "."))  # a number; anything else raises


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (None, None, ""), (math.nan, 2, ""), (pd.NA, None, ""), (True, None, "true"), (np.bool_(False), None, "false"),
        (3, None, "3"), (3.0, 2, "3"), (-0.001, 2, "0"), (-88.126, 2, "-88.13"), (105.0, 6, "105"), (1e-12, 3, "0"),
        (100.0, 0, "100"), (1234567.891, None, "1234567.891"), (np.float32(0.5), 2, "0.5"), ("=x", None, "'=x"),
    ],
)  # fmt: skip
def test_a_cell_is_written_in_one_way(value: object, decimals: int | None, expected: str) -> None:
    assert plain(value, decimals) == expected


@pytest.mark.parametrize(
    ("column", "digits"),
    [("level_dbm", 2), ("level_dbm_4g", 2), ("level_dbm_before", 2), ("margin_db_after", 2), ("longitude", 6),
     ("nearest_station_km", 3), ("area_km2", 4), ("antenna_height_m", 2), ("band_mhz", 3), ("azimuth_deg", 2),
     ("gain_dbi", 2), ("population", None), ("village_id", None)],
)  # fmt: skip
def test_a_columns_unit_says_how_many_digits_it_has(column: str, digits: int | None) -> None:
    assert decimals_of(column) == digits


def test_a_csv_file_has_a_mark_of_utf_8_and_no_formula_in_cells_or_headers(tmp_path: Path) -> None:
    names = [*FORMULAE, 'Bản Mù, "xa"', "hai\ndòng", ""]
    table = pd.DataFrame({"name": names, "=cmd": names, "level_dbm": -88.126})
    write_csv(table, tmp_path / "t.csv")
    data = (tmp_path / "t.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["name", "'=cmd", "level_dbm"]
    assert len(rows) == len(names) + 1
    for row, name in zip(rows[1:], names, strict=True):
        assert row == [harmless(name), harmless(name), "-88.13"]
    back = read_csv(tmp_path / "t.csv", numbers=("level_dbm",))["name"].tolist()
    assert back == [name.replace("\r", "\n") for name in names]
    write_csv(table, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == data


def test_an_empty_table_keeps_its_header(tmp_path: Path) -> None:
    write_csv(pd.DataFrame({"a": [], "b_dbm": []}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig") == "a,b_dbm\n"
    assert read_csv(tmp_path / "t.csv", numbers=("b_dbm",)).empty


def test_columns_come_back_as_numbers_truths_and_text(tmp_path: Path) -> None:
    table = pd.DataFrame({"id": ["001", "-", "NA"], "n_m": [1.5, math.nan, 3.0], "counted": [True, False, True]})
    write_csv(table, tmp_path / "t.csv")
    back = read_csv(tmp_path / "t.csv", numbers=("n_m",), truths=("counted",))
    assert back["id"].tolist() == ["001", "-", "NA"]
    assert back["n_m"].tolist()[::2] == [1.5, 3.0]
    assert math.isnan(back["n_m"][1])
    assert back["counted"].tolist() == [True, False, True]


def test_json_is_written_for_people_and_never_holds_nan(tmp_path: Path) -> None:
    write_json({"tên": "Bản Mù", "n": [1, None]}, tmp_path / "a.json")
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "Bản Mù" in text
    assert json.loads(text) == {"tên": "Bản Mù", "n": [1, None]}
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"n": math.nan}, tmp_path / "b.json")


def villages(*rows: tuple[str, str, str]) -> pd.DataFrame:
    columns = {name: "" for name, _, _ in HEADERS}
    table = pd.DataFrame([{**columns, "village_id": key, "name": name, "status": status} for key, name, status in rows])
    return table.assign(
        level_dbm=-101.234, margin_db=-3.2, population=[120.0, *[math.nan] * (len(rows) - 1)], clusters=2,
        clusters_covered=1, households=math.nan, has_grid_power=[True, *[None] * (len(rows) - 1)],
        nearest_station_km=4.5678, longitude=105.1, latitude=22.9, district="Yên Minh", commune="Lũng Hồ",
    )  # fmt: skip


def test_the_white_list_has_white_villages_first_then_weak_ones_under_vietnamese_headers(tmp_path: Path) -> None:
    table = villages(("V1", "=1+2", "weak"), ("V2", "Bản Z", "white"), ("V3", "@A", "white"), ("V4", "x", "covered"))
    write_white_list(table, tmp_path / "w.xlsx", as_of="2023-06-30", synthetic=True)
    rows = CalamineWorkbook.from_path(tmp_path / "w.xlsx").get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Danh sách thôn trắng sóng, lõm sóng tính đến 2023-06-30"
    assert "mô phỏng" in str(rows[1][0])
    assert rows[2] == ["STT", *[title for _, title, _ in HEADERS]]
    assert [row[:3] for row in rows[3:]] == [[1.0, "V3", "@A"], [2.0, "V2", "Bản Z"], [3.0, "V1", "=1+2"]]
    first = dict(zip(rows[2], rows[5], strict=True))
    assert first["Tình trạng"] == "Lõm sóng"
    assert (first["Dân số"], first["Có điện lưới"], first["Mức thu tốt nhất (dBm)"]) == (120.0, "Có", -101.23)
    assert rows[3][rows[2].index("Dân số")] == "", "what is not known stays blank"


def test_the_white_list_holds_no_formula_and_is_the_same_file_each_time(tmp_path: Path) -> None:
    import zipfile

    table = villages(*((f"V{at}", text, "white") for at, text in enumerate((*FORMULAE, "http://x.vn", "12345"))))
    for name in ("a.xlsx", "b.xlsx"):
        write_white_list(table, tmp_path / name, as_of="", synthetic=False)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode("utf-8")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_a_province_without_white_villages_gets_a_list_without_rows(tmp_path: Path) -> None:
    write_white_list(villages(("V1", "x", "covered")), tmp_path / "w.xlsx", as_of="", synthetic=False)
    assert len(CalamineWorkbook.from_path(tmp_path / "w.xlsx").get_sheet_by_index(0).to_python()) == 3


@pytest.mark.parametrize("rows", [3, 0])
def test_a_stored_table_comes_back_as_it_was_kind_for_kind(tmp_path: Path, rows: int) -> None:
    table = pd.DataFrame(
        {
            "name": pd.Series(["Bản Mù", "", "=1+2"], dtype="str"),
            "id": pd.Series(["A", "B", "C"], dtype=object),
            "has_grid_power": pd.Series([True, None, False], dtype=object),
            "counted": [True, False, True],
            "row": [2, 3, 4],
            "tilt_deg": [0.1 + 0.2, np.nan, -0.0],
        }
    ).head(rows)
    np.savez(tmp_path / "t.npz", **table_arrays("rows", table), **table_arrays("other", table[["id"]]))
    with np.load(tmp_path / "t.npz") as arrays:
        back, other = read_table_arrays("rows", arrays), read_table_arrays("other", arrays)
    pd.testing.assert_frame_equal(back, table, check_exact=True)
    assert list(back["has_grid_power"]) == [True, None, False][:rows]
    assert list(other.columns) == ["id"]
