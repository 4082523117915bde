"""Tables as text."""

from __future__ import annotations

import codecs
import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.errors import InputError
from whitesignal.inputs.tabular import read_table

TEXT = "Mã trạm;Kinh độ\nA;105,3\nB;104,9\n"


def written(tmp_path: Path, data: bytes, name: str = "table.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    table = read_table(written(tmp_path, TEXT.encode(encoding)))
    assert list(table.values.columns) == ["Mã trạm", "Kinh độ"]
    assert table.values["Kinh độ"].tolist() == ["105,3", "104,9"]


@pytest.mark.parametrize("encoding", ["cp1252", "cp1258"])
def test_an_old_windows_encoding_is_refused_with_its_cure(tmp_path: Path, encoding: str) -> None:
    file = written(tmp_path, "id;tên\n1;đá\n".encode(encoding, errors="replace"))
    with pytest.raises(InputError, match=r"not UTF-8 \(line 1.*CSV UTF-8"):
        read_table(file)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "id;place;note\n1;x;a b\n2;y;c d\n".replace(";", delimiter)
    assert read_table(written(tmp_path, text.encode())).values.shape == (2, 3)


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    text = "id;longitude;latitude;height\n" + "A;105,3;22,1;30,0\n" * 60
    table = read_table(written(tmp_path, text.encode()))
    assert list(table.values.columns) == ["id", "longitude", "latitude", "height"]


def test_a_comma_in_a_semicolon_header_does_not_mislead(tmp_path: Path) -> None:
    text = "id;toạ độ (kinh, vĩ, độ cao);c\n1;105;x\n"
    assert read_table(written(tmp_path, text.encode())).values.shape == (1, 3)


def test_rows_are_numbered_as_a_spreadsheet_does_blank_ones_included(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, b'id,note\r\n1,"two\r\nlines"\r\n\r\n,\r\n2,x\r\n'))
    assert table.rows.tolist() == [2, 5]


def test_a_spreadsheets_hint_of_the_delimiter_is_obeyed(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, b"sep=|\na;b|c\n1|2\n"))
    assert list(table.values.columns) == ["a;b", "c"]
    assert table.rows.tolist() == [2]


def test_short_rows_are_padded_and_long_ones_marked(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, b"a,b,c\n1,2\n1,2,3,4\n1,2,3,\n"))
    assert table.values["c"].tolist() == ["", "3", "3"]
    assert table.surplus.tolist() == [False, True, False]


def test_repeated_and_blank_headers_get_names_of_their_own(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, b"a,a,,b\n1,2,3,4\n"))
    assert list(table.values.columns) == ["a", "a (2)", "column 3", "b"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match="empty"):
        read_table(written(tmp_path, data))


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, b"a,b\n"))
    assert table.values.shape == (0, 2)
    assert table.exact.shape == (0, 2)


def workbook(tmp_path: Path) -> Path:
    file = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("trạm")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["id", "code", "height", "day", "yes"])
        sheet.write_row(1, 0, [29973, "TQG0424-11", 2.071])
        sheet.write_datetime(1, 3, datetime.datetime(2023, 6, 30), day)
        sheet.write_boolean(1, 4, True)
        sheet.write_row(3, 0, [7, "007", "2.071"])
    return file


def test_a_workbooks_cells_become_text_and_its_numbers_are_marked(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path))
    assert table.sheet == "trạm"
    assert table.values.to_numpy().tolist() == [
        ["29973", "TQG0424-11", "2.071", "2023-06-30", "true"], ["7", "007", "2.071", "", ""],
    ]  # fmt: skip
    assert table.rows.tolist() == [2, 4]
    assert table.exact_column("height").tolist() == [True, False]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no sheet 'x'; there are: empty, trạm"):
        read_table(workbook(tmp_path), sheet="x")
    with pytest.raises(InputError, match="is empty"):
        read_table(workbook(tmp_path), sheet="empty")
    with pytest.raises(InputError, match="no sheet"):
        read_table(written(tmp_path, b"a\n"), sheet="x")


def test_a_file_that_only_calls_itself_a_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a workbook"):
        read_table(written(tmp_path, b"a,b\n1,2\n", "table.xlsx"))


@settings(deadline=None)
@given(data=st.binary(max_size=200))
def test_no_bytes_whatever_make_it_stumble(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("any") / "table.csv"
    for mark in (b"", codecs.BOM_UTF8):
        file.write_bytes(mark + data)
        try:
            table = read_table(file)
        except InputError:
            continue
        assert len(table.values) == len(table.rows) == len(table.surplus)


def test_a_real_old_workbook_is_read(shared: Path) -> None:
    table = read_table(shared / "registers" / "montpellier_anfr" / "ANFR_MTP_Supports.xls")
    assert len(table.values) == 206
    assert table.values["Numéro de support"].iloc[0] == "29973"
