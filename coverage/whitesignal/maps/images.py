"""Rasters as images that Leaflet puts in the right place.

Leaflet stretches an image linearly between two corners in Web Mercator. So a raster is warped to Web Mercator
first, and only then are its corners turned into longitude and latitude.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from whitesignal.grid import Raster
from whitesignal.maps.palette import LevelClass, classify, rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

MERCATOR = "EPSG:3857"

LONGEST_SIDE_PX = 1500
"""Of a level image: about 90 m a pixel for a province of 140 km. [pixels]"""

HILLSHADE_SIDE_PX = 1300
HILLSHADE_QUALITY = 55
"""JPEG quality of the relief, 0 to 100: grain costs bytes and shows nothing."""

_OVERSAMPLING = 2
_PAPER = 244
"""The page's own grey."""

_SHADE_DEPTH = 0.55
"""Shadows are lightened to this share of their depth: names and colours lie on top of them."""


@dataclass(frozen=True, slots=True)
class MercatorImage:
    """Values on a Web Mercator grid, and its corners in degrees; ``pixel_m`` is a pixel's width on the ground.

    ``cell_m`` is the width of the smallest thing it can show: a pixel, or a cell of the raster where that is larger.
    """

    values: NDArray[np.float32]
    west: float
    south: float
    east: float
    north: float
    pixel_m: float
    cell_m: float


def to_mercator(
    raster: Raster, *, longest_px: int = LONGEST_SIDE_PX, resampling: Literal["nearest", "bilinear"] = "nearest"
) -> MercatorImage:
    """Return a raster warped to Web Mercator; NaN where the source has none.

    Parameters
    ----------
    raster
        Any grid rasterio can project.
    longest_px
        Most pixels along the longer side; a coarse raster gets no more than twice its own, so that its cells
        stay within half an image pixel of their place. [pixels]
    resampling
        ``nearest`` for anything that is classed afterwards.
    """
    from rasterio.transform import array_bounds
    from rasterio.warp import Resampling, calculate_default_transform, reproject, transform

    rows, columns = raster.grid.shape
    source = raster.grid.crs
    _, width, height = calculate_default_transform(source, MERCATOR, columns, rows, *raster.grid.bounds)
    scale = min(longest_px / max(width, height), _OVERSAMPLING)
    size = {"dst_width": max(round(width * scale), 1), "dst_height": max(round(height * scale), 1)}
    affine, width, height = calculate_default_transform(source, MERCATOR, columns, rows, *raster.grid.bounds, **size)
    values = np.full((height, width), np.nan, dtype=np.float32)
    reproject(
        raster.values, values, src_transform=raster.grid.transform, src_crs=source, src_nodata=np.nan,
        dst_transform=affine, dst_crs=MERCATOR, dst_nodata=np.nan, resampling=Resampling[resampling],
    )  # fmt: skip
    west_m, south_m, east_m, north_m = array_bounds(height, width, affine)
    (west, east), (south, north) = transform(MERCATOR, "EPSG:4326", [west_m, east_m], [south_m, north_m])
    pixel_m = affine.a * float(np.cos(np.radians((south + north) / 2)))
    return MercatorImage(values, west, south, east, north, pixel_m, cell_m=pixel_m * max(width / columns, 1.0))


def corners(image: MercatorImage) -> list[list[float]]:
    """Return an image's corners as Leaflet takes them: [[south, west], [north, east]]. [degrees]"""
    return [[round(image.south, 6), round(image.west, 6)], [round(image.north, 6), round(image.east, 6)]]


def level_png(image: MercatorImage, classes: tuple[LevelClass, ...]) -> bytes:
    """Return the image's classes as a palette PNG, transparent where there is no class."""
    return palette_png(classify(image.values, classes), [(0, 0, 0, 0), *((*rgb(c.colour), 255) for c in classes)])


def palette_png(indices: NDArray[np.uint8], colours: Sequence[tuple[int, int, int, int]]) -> bytes:
    """Return a PNG with a palette and four bits a pixel: the same bytes for the same picture.

    Parameters
    ----------
    indices
        Shape (rows, columns), each an index into ``colours``.
    colours
        At most sixteen of (red, green, blue, opacity), 0 to 255.
    """
    rows, columns = indices.shape
    padded = np.zeros((rows, columns + columns % 2), dtype=np.uint8)
    padded[:, :columns] = indices
    packed = (padded[:, ::2] << 4) | padded[:, 1::2]
    # Each scan line starts with its filter; 0, none, is what suits indices.
    lines = np.zeros((rows, packed.shape[1] + 1), dtype=np.uint8)
    lines[:, 1:] = packed
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 4, 3, 0, 0, 0)),
        (b"PLTE", bytes(channel for colour in colours for channel in colour[:3])),
        (b"tRNS", bytes(colour[3] for colour in colours)),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def hillshade_jpeg(image: MercatorImage) -> bytes:
    """Return shaded relief as a grey JPEG, paper-white where there is none."""
    from rasterio.io import MemoryFile
    from rasterio.transform import from_bounds

    lightened = 255.0 - _SHADE_DEPTH * (255.0 - image.values.clip(0, 255))
    grey = np.where(np.isfinite(image.values), lightened, _PAPER).astype(np.uint8)
    height, width = grey.shape
    # A JPEG keeps no place, but rasterio warns of a raster that is given none.
    place = from_bounds(image.west, image.south, image.east, image.north, width, height)
    with MemoryFile() as memory:
        with memory.open(
            driver="JPEG", width=width, height=height, count=1, dtype="uint8", transform=place,
            quality=HILLSHADE_QUALITY,
        ) as dataset:  # fmt: skip
            dataset.write(grey, 1)
        return bytes(memory.read())


def data_uri(content: bytes, media_type: str) -> str:
    """Return content as an address that needs no network."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
