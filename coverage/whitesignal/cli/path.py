"""``whitesignal path``: one path taken apart."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whitesignal.cli import options

if TYPE_CHECKING:
    from whitesignal.budget import PathBudget


SYNTHETIC = " (synthetic data)"


class Place(click.ParamType[tuple[float, float]]):
    """LON,LAT in degrees."""

    name = "LON,LAT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        """Return longitude and latitude."""
        if isinstance(value, tuple):
            return value
        parts = str(value).split(",")
        try:
            longitude, latitude = (float(part) for part in parts)
        except ValueError:
            self.fail(f"{value!r} is not LON,LAT in degrees, such as 104.98,22.83", param, ctx)
        if not (-180.0 <= longitude <= 180.0 and -90.0 <= latitude <= 90.0):
            self.fail(f"{value!r} lies outside longitude ±180, latitude ±90; the longitude comes first", param, ctx)
        return longitude, latitude


@click.command("path")
@options.PROJECT
@click.option("--station", "station_id", metavar="ID", required=True, help="The station_id.")
@click.option("--village", metavar="ID", help="A village_id, or a name that only one village has.")
@click.option("--to", "place", type=Place(), help="Any place instead of a village.")
@options.MODEL
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the profile to this PNG file.")
@options.AS_JSON
@options.OVERWRITE
def command(
    project: Path,
    station_id: str,
    village: str | None,
    place: tuple[float, float] | None,
    model: str | None,
    plot: Path | None,
    as_json: bool,
    overwrite: bool,
) -> None:
    """Show the terrain between a station of PROJECT and a village, and the loss term by term."""
    if (village is None) == (place is None):
        raise click.UsageError("give one of --village and --to")
    from whitesignal.budget import find_village, path_budget
    from whitesignal.inputs.all import read_inputs
    from whitesignal.project_file import open_project, project_with

    opened = project_with(open_project(project), model=model)
    inputs = read_inputs(opened)
    if village is not None:
        label, longitude, latitude = find_village(inputs, village)
    else:
        longitude, latitude = place or (math.nan, math.nan)
        label = f"{longitude:.5f}, {latitude:.5f}"
    budget = path_budget(inputs, opened, station_id, place=label, longitude=longitude, latitude=latitude)
    if plot is not None:
        _draw(budget, plot, overwrite=overwrite)
    click.echo(json.dumps(as_dict(budget), ensure_ascii=False, indent=1) if as_json else as_text(budget))


def as_dict(budget: PathBudget) -> dict[str, object]:
    """Return the budget for JSON; what is not known is null."""
    ridge = budget.ridge_index
    profile = budget.profile
    return {
        "station_id": budget.station_id,
        "synthetic": budget.synthetic,
        "operator": budget.operator,
        "generation": budget.generation,
        "to": budget.place,
        "band_mhz": budget.band_mhz,
        "tx_height_m": budget.tx_height_m,
        "rx_height_m": budget.rx_height_m,
        "distance_km": budget.distance_km,
        "azimuth_deg": budget.azimuth_deg,
        "departure_deg": budget.departure_deg,
        "line_of_sight": budget.line_of_sight,
        "terrain_known": budget.terrain_known,
        "ridge": None if ridge is None else _ridge(budget, ridge),
        "eirp_dbm": budget.eirp_dbm,
        "terms_db": dict(budget.terms_db),
        "loss_db": budget.loss_db,
        "level_dbm": budget.level_dbm,
        "median_level_dbm": None if math.isnan(budget.median_level_dbm) else budget.median_level_dbm,
        "threshold_dbm": budget.threshold_dbm,
        "margin_db": budget.margin_db,
        "median_margin_db": None if math.isnan(budget.median_margin_db) else budget.median_margin_db,
        "uplink_margin_db": budget.uplink_margin_db,
        "max_km": budget.max_km,
        "serves": budget.serves,
        "defaults": [name for name in budget.defaults.split(";") if name],
        "profile": {
            "distance_km": profile.distance_km.tolist(),
            "height_m": profile.height_m.tolist(),
            "known": profile.known.tolist(),
        },
    }


def _ridge(budget: PathBudget, index: int) -> dict[str, float]:
    profile = budget.profile
    return {"distance_km": float(profile.distance_km[index]), "height_m": float(profile.height_m[index])}


def as_text(budget: PathBudget) -> str:
    """Return the budget as a person reads it."""
    heights = budget.profile.height_m
    lines = [
        f"{budget.station_id} ({budget.operator} {budget.generation}, {budget.band_mhz:g} MHz) -> {budget.place}"
        + (SYNTHETIC if budget.synthetic else ""),
        f"distance       {budget.distance_km:.2f} km, azimuth {budget.azimuth_deg:.1f}°, departure "
        f"{budget.departure_deg:+.2f}°",
        f"terrain        {heights[0]:.0f} m at the station, {heights[-1]:.0f} m at the place, from {heights.min():.0f} "
        f"to {heights.max():.0f} m between, {len(heights)} samples"
        + ("" if budget.terrain_known else "; PART OF IT IS VOID, taken at its rim's lowest height"),
        f"antennas       {budget.tx_height_m:g} m and {budget.rx_height_m:g} m above ground",
    ]
    if budget.ridge_index is None:
        lines.append("line of sight  clear")
    else:
        ridge = _ridge(budget, budget.ridge_index)
        lines.append(f"line of sight  blocked by a ridge of {ridge['height_m']:.0f} m at {ridge['distance_km']:.2f} km")
    lines.append(f"radiated       {budget.eirp_dbm:8.1f} dBm reference signal (EIRP)")
    lines += [
        f"  {name:<35} {-value if abs(value) >= 0.05 else 0.0:8.1f} dB" for name, value in budget.terms_db.items()
    ]
    lines.append(f"level          {budget.level_dbm:8.1f} dBm; service needs {budget.threshold_dbm:g} dBm")
    if not math.isnan(budget.median_level_dbm):
        lines.append(f"               {budget.median_level_dbm:8.1f} dBm median of five points within 100 m")
    limits = f"uplink {budget.uplink_margin_db:.1f} dB, limit {budget.max_km:g} km"
    if not math.isnan(budget.median_margin_db):
        limits = f"by the median; by this path alone {budget.margin_db:.1f} dB, {limits}"
    verdict = "serves" if budget.serves else "does not serve"
    lines.append(f"margin         {budget.judged_margin_db:8.1f} dB ({limits}): {verdict}")
    if budget.defaults:
        lines.append(f"assumed        {budget.defaults.replace(';', ', ')}")
    return "\n".join(lines)


def _draw(budget: PathBudget, file: Path, *, overwrite: bool) -> None:
    from whitesignal.maps.section import ProfileFigure, draw_profile
    from whitesignal.results.folder import staged_file

    figure = ProfileFigure(
        distance_km=budget.profile.distance_km,
        height_m=budget.profile.height_m,
        tx_height_m=budget.tx_height_m,
        rx_height_m=budget.rx_height_m,
        frequency_mhz=budget.band_mhz,
        effective_radius_km=budget.effective_radius_km,
        void=~budget.profile.known,
        ridge_index=budget.ridge_index,
        title=f"{budget.station_id} -> {budget.place}" + (SYNTHETIC if budget.synthetic else ""),
        station_label=budget.station_id,
        village_label=budget.place,
        terms=budget.terms_db,
        level_dbm=budget.level_dbm if math.isnan(budget.median_level_dbm) else budget.median_level_dbm,
        margin_db=budget.judged_margin_db,
    )
    with staged_file(file, overwrite=overwrite) as staged:
        draw_profile(figure, staged)
