"""From chosen centres to villages: polygons that tile the province, communes, people, households, grid power."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from samples.divisions import crooked, to_plane_km
from samples.settlements import Places

if TYPE_CHECKING:
    import shapely
    from numpy.typing import NDArray


def split_evenly(places_km: NDArray[np.float64], parts: int) -> NDArray[np.int64]:
    """Return a part for every place: halved across the longer side again and again, parts of nearly equal size."""
    label = np.zeros(len(places_km), dtype=np.int64)
    if parts == 1:
        return label
    left_parts = parts // 2
    long_side = int(np.argmax(np.ptp(places_km, axis=0)))
    order = np.argsort(places_km[:, long_side], kind="stable")
    cut = round(len(order) * left_parts / parts)
    label[order[:cut]] = split_evenly(places_km[order[:cut]], left_parts)
    label[order[cut:]] = left_parts + split_evenly(places_km[order[cut:]], parts - left_parts)
    return label


def tile(rng: np.random.Generator, sites: Places, outline: shapely.Polygon) -> list[shapely.Polygon]:
    """Return one polygon per site: its Voronoi cell with crooked borders, cut to the province, together without gaps.

    Neighbours share their border's every corner; corners are rounded to 5 decimals.
    """
    import shapely
    from scipy.spatial import Voronoi

    origin = (outline.centroid.x, outline.centroid.y)
    places_km = to_plane_km(sites.longitude, sites.latitude, origin)
    angle = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
    far_km = 400.0 * np.column_stack([np.cos(angle), np.sin(angle)])
    diagram = Voronoi(np.vstack([places_km, far_km]))
    scale = to_plane_km(np.array([origin[0] + 1.0]), np.array([origin[1] + 1.0]), origin)[0]
    lines = [outline.exterior]
    ridges = zip(diagram.ridge_vertices, diagram.ridge_points, strict=True)
    for (start, end), between in sorted((sorted(ends), pair.tolist()) for ends, pair in ridges if -1 not in ends):
        # Sites near each other get a straighter border: it must not pass behind either.
        apart_km = float(np.hypot(*(diagram.points[between[0]] - diagram.points[between[1]])))
        line_km = crooked(rng, diagram.vertices[[start, end]], shortest=0.45, sway=0.10, widest=0.12 * apart_km)
        lines.append(shapely.LineString(line_km / scale + origin))
    network = shapely.union_all(lines, grid_size=1e-5)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    faces = faces[shapely.contains(outline, shapely.point_on_surface(faces))]
    return _faces_to_sites(list(faces), sites)


def _faces_to_sites(faces: Sequence[shapely.Polygon], sites: Places) -> list[shapely.Polygon]:
    """Return each site's face; a sliver without a site joins the neighbour that it shares most border with."""
    import shapely

    tree = shapely.STRtree(faces)
    points = shapely.points(sites.longitude, sites.latitude)
    which_site, which_face = tree.query(points, predicate="within")
    owner = dict(zip(which_face.tolist(), which_site.tolist(), strict=True))
    if len(which_site) != len(sites) or len(owner) != len(sites):
        raise ValueError(f"{len(sites)} sites lie in {len(owner)} faces")
    parts: dict[int, list[shapely.Polygon]] = {site: [faces[face]] for face, site in owner.items()}
    slivers = [face for face in range(len(faces)) if face not in owner]
    while slivers:
        placed = []
        for sliver in slivers:
            near = [int(face) for face in tree.query(faces[sliver]) if int(face) in owner]
            shared = [faces[sliver].intersection(faces[face]).length for face in near]
            if shared and max(shared) > 0.0:
                owner[sliver] = owner[near[int(np.argmax(shared))]]
                parts[owner[sliver]].append(faces[sliver])
                placed.append(sliver)
        if not placed:
            raise ValueError(f"{len(slivers)} slivers touch no village")
        slivers = [sliver for sliver in slivers if sliver not in placed]
    return [shapely.union_all(parts[site], grid_size=1e-5) for site in range(len(sites))]


def share_out(total: int, weight: NDArray[np.float64], least: int = 0) -> NDArray[np.int64]:
    """Return whole numbers in proportion to the weights that sum to the total, none below ``least``."""
    exact = least + (total - least * len(weight)) * weight / weight.sum()
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def people(
    rng: np.random.Generator,
    sites: Places,
    *,
    totals: Sequence[int],
    town: NDArray[np.float64],
    remote: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return each village's people, summing to its district's total: more near the seat, few in a remote pocket."""
    weight = np.exp(0.38 * rng.standard_normal(len(sites)) + 0.7 * town) * np.where(remote, 0.38, 1.0)
    result = np.zeros(len(sites), dtype=np.int64)
    for district, total in enumerate(totals):
        members = sites.district == district
        result[members] = share_out(total, weight[members], least=45)
    return result


def households(rng: np.random.Generator, persons: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Return each village's households, about a quarter of its people, summing to the total."""
    return share_out(total, persons * rng.uniform(0.85, 1.15, len(persons)), least=1)


def grid_power(rng: np.random.Generator, remote: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    """Return which villages have grid power: that share of them, but only half of the remote ones."""
    return rng.random(len(remote)) < np.where(remote, 0.5, share)
