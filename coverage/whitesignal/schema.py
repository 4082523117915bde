"""Canonical columns of the two tables a project reads, and the names they arrive under.

One table each. A new spelling is one more alias: written as a register writes it, compared without marks, case,
punctuation and bracketed units (``inputs.columns``). Earlier aliases win where a file has several of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column.

    ``low`` and ``high`` bound a number's sensible values, in ``unit``; outside, a value is a slip of the pen.
    ``grouped`` says that a lone "2.071" means 2071 here, because nobody writes this quantity to a thousandth.
    """

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    grouped: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the column holds one number per row."""
        return self.low is not None


STATION_COLUMNS: tuple[Column, ...] = (
    Column("station_id", ("mã trạm", "mã BTS", "tên trạm", "station", "station code", "ict_id",
                          "id trạm")),
    Column("position_id", ("mã vị trí", "site_code", "site_id", "mã site", "mã cột", "mã nhà trạm",
                           "source_ict_id", "Numéro de support")),
    Column("operator", ("doanh nghiệp", "tên doanh nghiệp", "nhà mạng", "mạng", "operator_name", "network",
                        "đơn vị", "doanh nghiệp viễn thông", "exploitant")),
    Column("generation", ("công nghệ", "thế hệ", "loại trạm", "technology", "radio", "radio_type", "rat",
                          "loại công nghệ", "système"), required=True),
    Column("longitude", ("kinh độ", "lon", "long", "lng", "kinh độ (WGS84)", "kinh độ (E)", "kinh độ (Đ)"),
           required=True, unit="°", low=-180.0, high=180.0),
    Column("latitude", ("vĩ độ", "lat", "vĩ độ (WGS84)", "vĩ độ (N)", "vĩ độ (B)"),
           required=True, unit="°", low=-90.0, high=90.0),
    Column("band_mhz", ("băng tần", "tần số", "band", "frequency", "frequency_mhz", "downlink_frequency_mhz",
                        "dải tần"),
           unit="MHz", low=400.0, high=53_000.0, grouped=True),
    Column("bandwidth_mhz", ("băng thông", "độ rộng băng tần", "bandwidth", "max_channel_bandwidth_mhz"),
           unit="MHz", low=0.1, high=2_000.0),
    Column("antenna_height_m", ("độ cao anten", "độ cao ăng ten", "chiều cao anten", "độ cao treo anten",
                                "antenna_height", "Hauteur/sol"), unit="m", low=1.0, high=500.0),
    Column("power_dbm", ("công suất", "công suất phát", "power", "tx_power_dbm"), unit="dBm", low=0.0, high=70.0),
    Column("gain_dbi", ("độ lợi", "độ lợi anten", "tăng ích", "hệ số khuếch đại", "gain", "antenna_gain"),
           unit="dBi", low=-10.0, high=40.0),
    Column("azimuth_deg", ("góc phương vị", "phương vị", "hướng", "azimuth", "azimuth_degrees", "azimut"), unit="°"),
    Column("tilt_deg", ("góc ngẩng", "góc cụp", "góc nghiêng", "tilt", "downtilt", "total_tilt"),
           unit="°", low=-30.0, high=90.0),
    Column("beamwidth_deg", ("độ rộng búp sóng", "búp sóng", "beamwidth", "hpbw",
                             "antenna_horizontal_beamwidth_degrees"), unit="°", low=1.0, high=360.0),
    Column("structure", ("loại cột", "kiểu cột", "loại cột anten", "mast", "mast_type", "structure_type")),
    Column("owner", ("chủ sở hữu", "đơn vị sở hữu", "sở hữu", "chủ sở hữu cột", "propriétaire")),
    Column("status", ("trạng thái", "tình trạng", "hiện trạng", "tình trạng hoạt động", "state")),
    Column("on_air_on", ("ngày phát sóng", "ngày hoạt động", "on_air_date", "on air", "ngày đưa vào sử dụng")),
    Column("off_air_on", ("ngày tắt sóng", "ngày ngừng", "ngày ngừng hoạt động", "off_air_date")),
    Column("power_group", ("nhóm nguồn", "nguồn điện", "power_feed")),
    Column("transmission_group", ("nhóm truyền dẫn", "tuyến truyền dẫn", "transmission", "backhaul")),
    Column("mcc", ("mobile country code",)),
    Column("mnc", ("net", "mobile network code")),
)  # fmt: skip
"""Columns of a register of stations; ``mcc`` and ``mnc`` are read only where no operator is named."""

VILLAGE_COLUMNS: tuple[Column, ...] = (
    Column("village_id", ("mã thôn", "mã bản", "mã thôn bản", "mã xóm", "mã", "village_code")),
    Column("name", ("tên thôn", "thôn", "tên bản", "bản", "xóm", "tên xóm", "ấp", "buôn", "khu phố", "tổ dân phố",
                    "tên thôn bản", "thôn bản", "thôn/bản", "village", "village_name", "tên"), required=True),
    Column("commune", ("commune_vn", "xã", "tên xã", "phường", "xã phường", "xã, phường", "xã/phường",
                       "xã/phường/thị trấn", "commune_name", "ward"), required=True),
    Column("district", ("district_vn", "huyện", "tên huyện", "quận huyện", "huyện/thành phố", "huyện, thành phố",
                        "district_name")),
    Column("province", ("province_vn", "tỉnh", "tên tỉnh", "tỉnh/thành phố", "province_name")),
    Column("population", ("dân số", "số dân", "nhân khẩu", "số nhân khẩu", "số khẩu", "khẩu", "people", "pop"),
           unit="people", low=0.0, high=2_000_000.0, grouped=True),
    Column("households", ("số hộ", "hộ", "số hộ dân", "hộ gia đình", "số hộ gia đình"),
           unit="households", low=0.0, high=500_000.0, grouped=True),
    Column("has_grid_power", ("điện lưới", "có điện", "có điện lưới", "điện lưới quốc gia", "điện", "grid_power",
                              "electricity", "has_electricity")),
    Column("declared_status", ("tình trạng sóng", "trạng thái sóng", "tình trạng phủ sóng", "hiện trạng sóng", "status",
                               "phủ sóng")),
    Column("declared_on", ("ngày thống kê", "ngày rà soát", "ngày khai báo", "declared_date")),
    Column("covered_on", ("ngày phủ sóng", "ngày được phủ sóng", "covered_date")),
    Column("longitude", ("kinh độ", "lon", "long", "lng"), unit="°", low=-180.0, high=180.0),
    Column("latitude", ("vĩ độ", "lat"), unit="°", low=-90.0, high=90.0),
)  # fmt: skip
"""Columns of a list of villages; longitude and latitude are needed only where a file has no geometry."""


def names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """Return the canonical names, in order."""
    return tuple(column.name for column in columns)


def column_named(columns: tuple[Column, ...], name: str) -> Column:
    """Return the column of that canonical name."""
    return next(column for column in columns if column.name == name)
