"""``whitesignal map``: a results folder's map, as a page or as a fragment for a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from whitesignal.cli import options

if TYPE_CHECKING:
    from whitesignal.maps.labels import Language


@click.command("map")
@options.RESULTS
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.  [default: RESULTS/map[-embed].html]")
@click.option("--embed", is_flag=True, help="Write an <iframe> fragment to paste into a report.")
@options.OVERWRITE
@options.LANG
def command(results: Path, out: Path | None, embed: bool, overwrite: bool, lang: Language) -> None:
    """Draw the map of RESULTS, a folder that analyze wrote, as one page that opens without a network.

    Without --out the folder's own map is drawn anew.
    """
    from whitesignal.maps.from_results import read_map_data
    from whitesignal.maps.html_map import HtmlMap
    from whitesignal.maps.page import build_map
    from whitesignal.results.folder import check_file, require_results

    file = out or require_results(results) / ("map-embed.html" if embed else "map.html")
    overwrite = overwrite or out is None
    check_file(file, overwrite=overwrite)
    data = read_map_data(results)
    page = HtmlMap(build_map(data, lang=lang), data.title)
    if embed:
        page.save_embedded(file, overwrite=overwrite)
    else:
        page.save(file, overwrite=overwrite)
    click.echo(file)
