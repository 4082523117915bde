"""Published figures, to stand beside the computed ones: never one column, for their denominators differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from whitesignal.indicators.figure import AreaLevel, Indicator
from whitesignal.text import fold

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.project import Project, ReportedFigure

COUNTRY = "Việt Nam"
"""Whose figures every province is compared with."""


def reported_indicators(villages: pd.DataFrame, project: Project) -> Iterator[Indicator]:
    """Yield the figures of ``[reference]``, then those of the reported file that are of these provinces or the country.

    A figure of "Province" is of that province; one whose id ends in ": District" of that district.
    """
    yield from _reference(project)
    provinces = sorted({name for name in villages["province"] if name})
    # One province is called as its villages call it; a project whose villages name none bears the province's name.
    known = {fold(name): name for name in provinces} or {fold(project.name): project.name}
    if len(provinces) == 1:
        known.setdefault(fold(project.name), provinces[0])
    for figure in project.reported:
        if fold(figure.area) == fold(COUNTRY):
            yield _indicator(figure, "reference", COUNTRY)
        elif (province := known.get(fold(figure.area))) is not None:
            level, area = _area_of(figure, province, several=len(provinces) > 1)
            yield _indicator(figure, level, area)


def _area_of(figure: ReportedFigure, province: str, *, several: bool) -> tuple[AreaLevel, str]:
    if not figure.district:
        return "province", province
    return "district", f"{province}/{figure.district}" if several else figure.district


def _indicator(figure: ReportedFigure, level: AreaLevel, area: str) -> Indicator:
    return Indicator(
        figure.indicator, level, area, "reported", figure.value, figure.unit, figure.numerator, figure.denominator,
        figure.denominator_of, figure.as_of, printed=figure.printed, decimals=_decimals(figure.printed),
        rounding="as published", source=figure.source,
    )  # fmt: skip


def _decimals(printed: str) -> int:
    return len(printed.partition(".")[2])


def _reference(project: Project) -> Iterator[Indicator]:
    """Yield the figures that ``[reference]`` gives under an indicator's id, such as "sharing.position".

    Their source is what it gives under "sharing.position_source", "sharing_source" or "source", whichever is there.
    """
    for key, value in project.reference.items():
        if "." in key and isinstance(value, int | float):
            printed = f"{value:.10g}"
            sources = (
                project.reference.get(name) for name in (f"{key}_source", f"{key.split('.')[0]}_source", "source")
            )
            yield Indicator(
                key, "reference", "", "reported", float(value), "", None, None, "", None, printed=printed,
                decimals=_decimals(printed), rounding="as published",
                source=next((text for text in sources if isinstance(text, str)), None),
            )  # fmt: skip
