"""The Quảng Ninh sample: published totals, shared masts, islands in a real sea, and every residential area covered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

DISTRICTS = {  # communes, people of 2019, villages, seat: longitude, latitude, height
    "TP Hạ Long": (33, 322_710, 237, 107.08, 20.95, 8),
    "TP Cẩm Phả": (16, 190_232, 175, 107.29, 21.01, 10),
    "TP Uông Bí": (10, 120_982, 99, 106.77, 21.03, 12),
    "TP Móng Cái": (17, 108_553, 104, 107.97, 21.53, 8),
    "TX Đông Triều": (21, 171_673, 170, 106.51, 21.08, 10),
    "TX Quảng Yên": (19, 145_920, 174, 106.80, 20.94, 6),
    "Vân Đồn": (12, 46_616, 81, 107.42, 21.07, 8),
    "Tiên Yên": (11, 50_830, 84, 107.40, 21.33, 10),
    "Hải Hà": (11, 61_566, 96, 107.75, 21.45, 10),
    "Đầm Hà": (9, 41_217, 72, 107.60, 21.35, 12),
    "Bình Liêu": (7, 31_637, 86, 107.40, 21.52, 150),
    "Ba Chẽ": (8, 22_103, 64, 107.28, 21.27, 35),
    "Cô Tô": (3, 6_285, 10, 107.76, 20.97, 8),
}
STATIONS = {
    "Viettel": (480, 600, 1010, 2, 1050),
    "VinaPhone": (450, 700, 880, 0, 930),
    "MobiFone": (360, 610, 790, 0, 830),
    "Vietnamobile": (90, 137, 181, 0, 195),
    "Gmobile": (6, 0, 0, 0, 6),
}
PEAKS = ((107.545, 21.515, 1429), (107.12, 21.14, 1094), (106.715, 21.15, 1068))
ISLANDS = {
    "Cái Bầu": (107.46, 21.10), "Quan Lạn": (107.51, 20.88), "Ngọc Vừng": (107.355, 20.825), "Cô Tô": (107.765, 20.975),
    "Thanh Lân": (107.825, 21.01), "Trần": (107.963, 21.237), "Vĩnh Thực": (107.91, 21.38),
    "Cái Chiên": (107.77, 21.32),
}  # fmt: skip
CLEAR_DB = 4.0
NEAR_KM = 9.0
"""Stations further away could only add signal."""


@pytest.fixture(scope="module")
def folder(data: Path) -> Path:
    return data / "quang-ninh"


@pytest.fixture(scope="module")
def stations(folder: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(folder / "stations.csv", dtype={"on_air_on": str, "azimuth_deg": str})


@pytest.fixture(scope="module")
def villages(folder: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.read_file(folder / "villages.gpkg", layer="villages")


@pytest.fixture(scope="module")
def clusters(folder: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.read_file(folder / "villages.gpkg", layer="clusters")


@pytest.fixture(scope="module")
def sea(folder: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.read_file(folder / "sea.gpkg")


@pytest.fixture(scope="module")
def relief(folder: Path) -> tuple[np.ndarray, object]:
    import rasterio

    with rasterio.open(folder / "terrain.tif") as raster:
        assert (raster.crs.to_epsg(), raster.dtypes, raster.compression.name) == (4326, ("int16",), "deflate")
        return raster.read(1), raster.transform


def height_at(relief: tuple[np.ndarray, object], longitude: float, latitude: float) -> int:
    height_m, transform = relief
    column, row = ~transform * (longitude, latitude)
    return int(height_m[int(row), int(column)])


# The register


def test_the_stations_are_the_published_6296(stations: pd.DataFrame) -> None:
    assert stations["generation"].value_counts().to_dict() == {"4G": 2861, "3G": 2047, "2G": 1386, "5G": 2}
    assert len(stations) == stations["station_id"].nunique() == 6296
    assert set(stations["status"]) == {"on-air"}
    assert stations["on_air_on"].dropna().max() <= "2023-06-30"


@pytest.mark.parametrize("operator", STATIONS)
def test_each_operator_has_its_stations_and_sites(stations: pd.DataFrame, operator: str) -> None:
    mine = stations[stations["operator"] == operator]
    counts = [int((mine["generation"] == generation).sum()) for generation in ("2G", "3G", "4G", "5G")]
    assert (*counts, mine["position_id"].nunique()) == STATIONS[operator]


def test_703_of_2150_positions_are_shared_and_tenancy_is_1_400(folder: Path) -> None:
    import whitesignal as ws
    from whitesignal.sharing import count_sharing

    rows = ws.read_inputs(ws.open_project(folder)).stations.rows
    assert rows["counted"].all()
    tenants = rows.groupby("position_id")["operator"].nunique()
    assert tenants.value_counts().to_dict() == {1: 1447, 2: 560, 3: 128, 4: 15}
    sharing = count_sharing(tenants.to_frame("operator_count"))
    assert (sharing.shared_positions, sharing.positions, sharing.operator_sites) == (703, 2150, 3011)
    assert round(100.0 * sharing.position_share, 1) == 32.7
    assert round(sharing.tenancy, 3) == 1.4


def test_the_country_s_ratio_stands_beside_it(folder: Path) -> None:
    import whitesignal as ws

    assert ws.open_project(folder).reference["sharing.position"] == 25.0


def test_tenants_give_a_mast_places_of_their_own_and_distance_alone_finds_it_again(stations: pd.DataFrame) -> None:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    sites = stations.drop_duplicates(["position_id", "operator"])
    assert len(stations.drop_duplicates(["position_id", "operator", "longitude", "latitude"])) == len(sites)
    assert len(sites.drop_duplicates(["longitude", "latitude"])) > 2900
    places_m = sites[["longitude", "latitude"]].to_numpy() * (103_800.0, 110_750.0)
    pairs = cKDTree(places_m).query_pairs(50.0, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(sites), len(sites)))
    count, label = connected_components(graph, directed=False)
    assert count == 2150
    assert (sites.groupby(label)["position_id"].nunique() == 1).all()
    middle_m = sites.assign(east=places_m[:, 0], north=places_m[:, 1]).groupby("position_id")[["east", "north"]]
    assert np.hypot(*(middle_m.max() - middle_m.min()).to_numpy().T).max() < 23.0


def test_a_second_tenant_hangs_three_to_six_metres_below_the_owner_and_nobody_near_the_ground(
    stations: pd.DataFrame,
) -> None:
    shared = stations.groupby("position_id").filter(lambda rows: rows["operator"].nunique() == 2)
    heights = shared.groupby(["position_id", shared["operator"] == shared["owner"]])["antenna_height_m"]
    assert (heights.nunique() == 1).all()
    table = heights.first().unstack()
    assert (table[True] - table[False]).between(3, 6).all()
    assert stations["antenna_height_m"].min() >= 15


def test_masts_have_the_shares_of_structures_and_heights_that_are_given(stations: pd.DataFrame) -> None:
    top = stations.sort_values("antenna_height_m").groupby("position_id").last()
    ground = top["structure"] == "A2b"
    assert ground.mean() == pytest.approx(0.85, abs=0.03)
    shares = top.loc[ground, "antenna_height_m"].value_counts(normalize=True)
    assert shares.to_dict() == pytest.approx({24: 0.20, 30: 0.35, 36: 0.30, 42: 0.15}, abs=0.035)
    assert top.loc[~ground, "antenna_height_m"].between(21, 27).all()


def test_5g_is_tried_out_by_viettel_at_two_places_in_ha_long(stations: pd.DataFrame) -> None:
    trial = stations[stations["generation"] == "5G"]
    assert list(trial["operator"]) == ["Viettel", "Viettel"]
    assert trial["position_id"].nunique() == 2
    assert (np.hypot(trial["longitude"] - 107.08, trial["latitude"] - 20.95) < 0.06).all()


def test_most_stations_say_what_they_hang_on_and_no_group_crosses_the_water(stations: pd.DataFrame) -> None:
    for column in ("power_group", "transmission_group"):
        assert 0.7 <= stations[column].notna().mean() <= 0.9
        groups = stations.dropna(subset=[column]).groupby(column)
        assert 8 <= groups["position_id"].nunique().median() <= 16
        spread_deg = groups[["longitude", "latitude"]].agg(np.ptp).to_numpy()
        assert np.median(spread_deg) < 0.15
    assert (stations.dropna(subset=["power_group"]).groupby("position_id")["power_group"].nunique() == 1).all()
    assert (
        stations.dropna(subset=["transmission_group"]).groupby("transmission_group")["operator"].nunique() == 1
    ).all()
    on_co_to = stations["longitude"].between(107.73, 107.795) & stations["latitude"].between(20.945, 21.01)
    feeders = set(stations.loc[on_co_to, "power_group"].dropna())
    assert feeders
    assert not feeders & set(stations.loc[~on_co_to, "power_group"].dropna())


# The list of villages


@pytest.mark.parametrize("district", DISTRICTS)
def test_each_district_has_its_communes_people_and_villages(villages: gpd.GeoDataFrame, district: str) -> None:
    mine = villages[villages["district"] == district]
    assert (mine["commune"].nunique(), mine["population"].sum(), len(mine)) == DISTRICTS[district][:3]


def test_the_province_is_the_sum_of_its_districts(villages: gpd.GeoDataFrame) -> None:
    assert len(villages) == villages["village_id"].nunique() == 1452
    assert villages.groupby(["district", "commune"]).ngroups == villages["commune"].nunique() == 177
    assert villages["population"].sum() == 1_320_324
    assert villages["households"].sum() == 400_000
    assert set(villages["declared_status"]) == {"covered"}


def test_villages_tile_the_mainland_and_islands_and_leave_the_sea_alone(
    villages: gpd.GeoDataFrame, sea: gpd.GeoDataFrame
) -> None:
    import shapely

    assert shapely.coverage_is_valid(villages.geometry.to_numpy())
    assert shapely.contains_xy(villages.geometry.to_numpy(), villages["longitude"], villages["latitude"]).all()
    assert len(shapely.get_parts(villages.union_all())) == 1 + 11
    outlines = villages.geometry.to_numpy()
    overlap = shapely.area(shapely.intersection(outlines, sea.union_all())).sum()
    assert overlap < 1e-6 * shapely.area(outlines).sum()


@pytest.mark.parametrize("island", ISLANDS)
def test_an_island_has_villages_and_stations_of_its_own(
    villages: gpd.GeoDataFrame, stations: pd.DataFrame, island: str
) -> None:
    import shapely

    parts = shapely.get_parts(villages.union_all())
    ground = parts[shapely.contains_xy(parts, *ISLANDS[island])]
    assert len(ground) == 1
    assert ground[0].area < 0.1  # degrees squared: not the mainland
    assert shapely.contains_xy(ground[0], villages["longitude"], villages["latitude"]).any()
    assert shapely.contains_xy(ground[0], stations["longitude"], stations["latitude"]).any()


def test_clusters_lie_inside_their_villages(villages: gpd.GeoDataFrame, clusters: gpd.GeoDataFrame) -> None:
    home = villages.set_index("village_id").geometry.reindex(clusters["village_id"])
    assert home.reset_index(drop=True).covers(clusters.geometry).all()
    assert clusters["cluster_id"].is_unique
    assert 0.25 <= clusters["village_id"].nunique() / len(villages) <= 0.45


def test_the_population_raster_agrees_with_the_villages(folder: Path) -> None:
    import rasterio

    with rasterio.open(folder / "population.tif") as raster:
        assert float(raster.read(1).astype(float).sum()) == pytest.approx(1_320_324, abs=60)


# Land and sea


def test_the_sea_is_flat_and_the_land_is_not_below_it(relief: tuple[np.ndarray, object], sea: gpd.GeoDataFrame) -> None:
    from rasterio.features import rasterize

    height_m, transform = relief
    at_sea = rasterize(sea.geometry, out_shape=height_m.shape, transform=transform).astype(bool)
    assert 0.3 < at_sea.mean() < 0.45
    assert (height_m[at_sea] == 0).all()
    assert height_m[~at_sea].min() >= 1


@pytest.mark.parametrize("district", DISTRICTS)
def test_each_seat_stands_at_its_height(relief: tuple[np.ndarray, object], district: str) -> None:
    longitude, latitude, seat_m = DISTRICTS[district][3:]
    assert height_at(relief, longitude, latitude) == pytest.approx(seat_m, abs=5)


@pytest.mark.parametrize("peak", PEAKS)
def test_each_named_summit_has_its_height_and_none_is_higher(
    relief: tuple[np.ndarray, object], peak: tuple[float, float, int]
) -> None:
    height_m, transform = relief
    longitude, latitude, summit_m = peak
    column, row = (int(part) for part in ~transform * (longitude, latitude))
    assert height_m[row - 45 : row + 45, column - 45 : column + 45].max() == summit_m
    assert height_m.max() == 1429


def test_the_folder_is_light_and_says_that_it_is_synthetic(folder: Path, stations: pd.DataFrame) -> None:
    import pyogrio
    import rasterio

    import whitesignal as ws

    own = [path for path in folder.rglob("*") if path.is_file() and "results" not in path.parts]
    assert sum(path.stat().st_size for path in own) < 6e6
    assert ws.open_project(folder).synthetic
    for name in ("terrain.tif", "population.tif"):
        with rasterio.open(folder / name) as raster:
            assert raster.tags()["SYNTHETIC"] == "true"
    for name, layer in (("villages", "villages"), ("villages", "clusters"), ("sea", "sea")):
        info = pyogrio.read_info(folder / f"{name}.gpkg", layer=layer)
        assert info["layer_metadata"]["synthetic"] == "true"
    assert set(stations["note"]) == {"synthetic"}
    for text in ("project.toml", "README.md"):
        assert "synthetic" in (folder / text).read_text(encoding="utf-8").casefold()


# The verdicts


def test_every_residential_area_is_covered_well_clear_of_the_threshold(folder: Path) -> None:
    import whitesignal as ws
    from whitesignal.radio.cells import build_cells
    from whitesignal.radio.levels import compute_levels
    from whitesignal.radio.reach import compute_reach
    from whitesignal.villages.points import village_points
    from whitesignal.villages.rules import Scene
    from whitesignal.villages.status import thresholds_dbm
    from whitesignal.villages.table import village_table

    project = ws.open_project(folder)
    project = replace(project, radio=replace(project.radio, radius_km=NEAR_KM))
    assert project.radio.model == "p1812"
    inputs = ws.read_inputs(project)
    radiators, cells = build_cells(inputs.stations.rows, project)
    where = village_points(inputs.villages.rows, inputs.villages.clusters, inputs.villages.people)
    levels = compute_levels(compute_reach(inputs.terrain, radiators, where.points, project, jobs=2), cells)
    count = len(where.points)
    scene = Scene(radiators, cells, where, levels, np.ones(count, dtype=bool))
    judged = village_table(inputs.villages.rows, inputs.stations.rows, scene, project)
    assert judged.table["status"].value_counts().to_dict() == {"covered": 1452}
    margin_db = np.full(count, -99.0)
    np.maximum.at(margin_db, levels.point, levels.margin_db(thresholds_dbm(cells, project.thresholds, "service")))
    assert count == 1452 + len(inputs.villages.clusters)
    assert margin_db.min() >= CLEAR_DB
