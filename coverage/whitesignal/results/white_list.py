"""The white and weak list as a province writes it: an Excel file with Vietnamese headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.results.tables import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

TITLE = "Danh sách thôn trắng sóng, lõm sóng"
SYNTHETIC_NOTE = "Dữ liệu mô phỏng, không phải số liệu thật"

STATUS_NAMES: Mapping[str, str] = {"white": "Trắng sóng", "weak": "Lõm sóng"}
YES_NO: Mapping[str, str] = {"true": "Có", "false": "Không", "": ""}

HEADERS: tuple[tuple[str, str, int], ...] = (
    ("village_id", "Mã thôn", 14),
    ("name", "Thôn/bản", 24),
    ("commune", "Xã/phường", 22),
    ("district", "Huyện", 18),
    ("province", "Tỉnh", 14),
    ("status", "Tình trạng", 13),
    ("population", "Dân số", 10),
    ("households", "Số hộ", 10),
    ("has_grid_power", "Có điện lưới", 12),
    ("clusters", "Số cụm dân cư", 13),
    ("clusters_covered", "Số cụm có sóng", 14),
    ("level_dbm", "Mức thu tốt nhất (dBm)", 20),
    ("margin_db", "Dự trữ (dB)", 12),
    ("best_station", "Trạm tốt nhất", 20),
    ("best_operator", "Doanh nghiệp", 14),
    ("nearest_station_km", "Trạm gần nhất (km)", 18),
    ("longitude", "Kinh độ", 12),
    ("latitude", "Vĩ độ", 12),
    ("declared_status", "Tình trạng theo tỉnh khai báo", 26),
)
"""Column of the village table, its header, its width in characters."""

NUMERIC = frozenset(
    ("population", "households", "clusters", "clusters_covered", "level_dbm", "margin_db", "nearest_station_km",
     "longitude", "latitude")
)  # fmt: skip


def write_white_list(villages: pd.DataFrame, file: Path, *, as_of: str, synthetic: bool) -> None:
    """Write the white villages, then the weak ones, each by district, commune and name.

    Every text is written as text: a name that starts with an equals sign stays a name.
    """
    import xlsxwriter

    listed = villages[villages["status"].isin(list(STATUS_NAMES))]
    order = listed["status"].map({"white": 0, "weak": 1})
    listed = listed.assign(_order=order).sort_values(["_order", "district", "commune", "name", "village_id"])
    # No creation date in the file: the same villages give the same bytes.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        _fix_date(book)
        sheet = book.add_worksheet("Trắng sóng, lõm sóng")
        bold = book.add_format({"bold": True})
        header = book.add_format({"bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True})
        date = f" tính đến {as_of}" if as_of else ""
        sheet.write_string(0, 0, TITLE + date, bold)
        sheet.write_string(1, 0, SYNTHETIC_NOTE if synthetic else "", bold)
        sheet.write_string(2, 0, "STT", header)
        for column, (_, title, width) in enumerate(HEADERS, start=1):
            sheet.write_string(2, column, title, header)
            sheet.set_column(column, column, width)
        for number, (_, village) in enumerate(listed.iterrows(), start=1):
            sheet.write_number(2 + number, 0, number)
            for column, (name, _, _) in enumerate(HEADERS, start=1):
                _write_cell(sheet, 2 + number, column, name, village[name])
        sheet.freeze_panes(3, 2)
        sheet.autofilter(2, 0, 2 + len(listed), len(HEADERS))


def _fix_date(book: object) -> None:
    from datetime import datetime

    book.set_properties({"created": datetime(2000, 1, 1)})  # type: ignore[attr-defined]


def _write_cell(sheet: object, row: int, column: int, name: str, value: object) -> None:
    text = plain(value, 6 if name in ("longitude", "latitude") else 2)
    if name in NUMERIC:
        if text:
            sheet.write_number(row, column, float(text))  # type: ignore[attr-defined]
        return
    if name == "status":
        text = STATUS_NAMES[text]
    elif name == "has_grid_power":
        text = YES_NO.get(text, text)
    else:
        # A cell of type text is no formula here: the name stays as it is, without the apostrophe CSV needs.
        text = "" if text == "" else str(value)
    sheet.write_string(row, column, text)  # type: ignore[attr-defined]
