"""Invented names that sound like the province they stand in; any likeness to a real village is chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class NameSet:
    """Syllables that names are put together from, and what a village and a town's neighbourhood are called."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    kinds: tuple[str, str]
    urban: str


MOUNTAINS = NameSet(
    first=(
        "Nà", "Nậm", "Khuổi", "Tả", "Sủng", "Lũng", "Pắc", "Phìn", "Sán", "Cốc", "Pà", "Mỏ", "Tân", "Minh", "Thượng",
        "Trung", "Hạ", "Phố", "Thèn", "Suối", "Hồ", "Lùng", "Khâu", "Bó", "Tát", "Xín", "Lao", "Chúng", "Vằn", "Nấm",
    ),
    second=(
        "Lìn", "Ngòi", "Pủng", "Vai", "Chải", "Sàng", "Khoang", "Thắng", "Cáng", "Luông", "Mạ", "Tiến", "Sơn", "Phong",
        "Khiêu", "Dìn", "Hẩu", "Chúa", "Giàng", "Tủng", "Vản", "Lầu", "Nhùng", "Khuông", "Đông", "Lâm", "Bình",
        "Thành", "Quý", "Hương", "Lạn", "Chì", "Páo", "Trù", "Van", "Dề", "Khún", "Mới", "Luốc", "Xám",
    ),
    kinds=("Thôn", "Bản"),
    urban="Tổ",
)  # fmt: skip

COAST = NameSet(
    first=(
        "Hải", "Đông", "Vạn", "Tiên", "Cái", "Minh", "Hồng", "Bình", "Ngọc", "Đại", "Thanh", "Yên", "Phú", "Hà", "Đồng",
        "Tân", "Trung", "Nam", "Cửa", "Khe", "Nà", "Bến", "Làng", "Cống", "Hòn", "Vụng", "Pạc", "Thượng", "Tràng",
        "Lục",
    ),
    second=(
        "Lợi", "Xuân", "Ngư", "Châu", "Khê", "Phong", "Sơn", "Thành", "Đức", "Lâm", "Tiến", "Vân", "Thủy", "Bái", "Lạc",
        "Dương", "Điền", "Phúc", "Hưng", "An", "Mai", "Thịnh", "Long", "Giang", "Mạ", "Tán", "Lẻ", "Sim", "Mương", "Đá",
        "Chàm", "Lầy", "Rum", "Bạc", "Sú", "Vẹt", "Gianh", "Ngang", "Quế", "Hồi",
    ),
    kinds=("Thôn", "Thôn"),
    urban="Khu",
)  # fmt: skip


def distinct_names(rng: np.random.Generator, names: NameSet, count: int, taken: Sequence[str] = ()) -> list[str]:
    """Return so many different two-syllable names, none of them taken."""
    pairs = [f"{first} {second}" for first in names.first for second in names.second]
    free = [name for name in rng.permutation(pairs).tolist() if name not in set(taken)]
    if count > len(free):
        raise ValueError(f"{count} names are wanted, {len(free)} are free")
    return free[:count]


def village_names(rng: np.random.Generator, names: NameSet, count: int, *, urban: bool) -> list[str]:
    """Return the names of one commune's villages: numbered neighbourhoods in a town, named villages elsewhere."""
    if urban:
        return [f"{names.urban} {number}" for number in range(1, count + 1)]
    drawn = distinct_names(rng, names, count)
    return [f"{names.kinds[int(rng.random() < 0.3)]} {name}" for name in drawn]
