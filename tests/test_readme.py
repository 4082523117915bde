"""What the READMEs promise: their commands run, their table of files is true, their links lead somewhere."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGLISH, VIETNAMESE = ROOT / "README.md", ROOT / "README.vi.md"
PROSE = (ENGLISH, VIETNAMESE, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "maps" / "README.md")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")
FILE_CELL = re.compile(r"`([\w./]+)`")

VILLAGES_WITHIN_DEG, STATIONS_WITHIN_DEG = 0.06, 0.25
"""The sample is cut down to this far around the village that the README asks about, to save time."""


def blocks(file: Path, language: str) -> list[str]:
    return [text for found, text in FENCE.findall(file.read_text(encoding="utf-8")) if found == language]


def commands(file: Path) -> list[str]:
    """Return the shell commands, one for each line; continued lines joined."""
    lines = "".join(blocks(file, "sh")).replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()]


COMMANDS = commands(ENGLISH)
SAMPLE, *LATER = COMMANDS


def asked_village() -> str:
    """Return the village whose silence the README asks about."""
    return next(command.split("--village ")[1].split()[0] for command in COMMANDS if "--village " in command)


@dataclass(frozen=True)
class Desk:
    """The folder where the README was followed, and what each of its commands did."""

    folder: Path
    done: Mapping[str, subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Follow the README from top to bottom in an empty folder, on a part of the sample."""
    folder = tmp_path_factory.mktemp("readme")
    done = {SAMPLE: run(SAMPLE.split(), folder)}
    cut_down(folder / "ha-giang")
    done |= {command: run(command.split(), folder) for command in LATER}
    done |= {code: run([sys.executable, "-c", code], folder) for code in blocks(ENGLISH, "python")}
    return Desk(folder, done)


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        words, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )


def cut_down(project: Path) -> None:
    """Keep the villages around the one that the README asks about, the stations near them, and the programme's."""
    import geopandas as gpd

    file = project / "villages.gpkg"
    villages, clusters = gpd.read_file(file, layer="villages"), gpd.read_file(file, layer="clusters")
    place = villages.set_index("village_id").geometry.to_crs("EPSG:4326").representative_point()[asked_village()]
    centres = villages.geometry.to_crs("EPSG:4326").representative_point()
    near = (abs(centres.x - place.x) < VILLAGES_WITHIN_DEG) & (abs(centres.y - place.y) < VILLAGES_WITHIN_DEG)
    villages[near].to_file(file, layer="villages", driver="GPKG")
    clusters[clusters["village_id"].isin(villages["village_id"][near])].to_file(file, layer="clusters", driver="GPKG")
    keep_stations_near(project / "stations.csv", place.x, place.y)


def keep_stations_near(file: Path, longitude: float, latitude: float) -> None:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = [
            row
            for row in reader
            if abs(float(row["longitude"]) - longitude) < STATIONS_WITHIN_DEG
            and abs(float(row["latitude"]) - latitude) < STATIONS_WITHIN_DEG
        ]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(reader.fieldnames or ()))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_does_its_work(desk: Desk, command: str) -> None:
    done = desk.done[command]
    assert (done.returncode, "Error" in done.stderr) == (0, False), done.stderr
    assert done.stdout.strip()


def test_what_a_command_says_it_writes_is_there(desk: Desk) -> None:
    targets = [target for command in COMMANDS for target in re.findall(r"--(?:out|plot) (\S+)", command)]
    assert len(targets) >= 4
    assert [target for target in targets if not (desk.folder / target).exists()] == []


def test_the_library_takes_five_lines(desk: Desk) -> None:
    (code,) = blocks(ENGLISH, "python")
    assert len([line for line in code.splitlines() if line]) == 5
    assert desk.done[code].returncode == 0, desk.done[code].stderr
    assert (desk.folder / "white.html").stat().st_size > 100_000
    assert (desk.folder / "results" / "run.json").is_file()


def test_the_village_of_the_readme_is_white_before_and_not_after(desk: Desk) -> None:
    changed = desk.folder / "first-half" / "villages_changed.csv"
    with changed.open(encoding="utf-8-sig", newline="") as stream:
        by_id = {row["village_id"]: row for row in csv.DictReader(stream)}
    assert by_id[asked_village()]["before"] == "white"
    assert by_id[asked_village()]["after"] in ("weak", "covered")


def test_the_path_of_the_readme_meets_a_ridge_and_does_not_serve(desk: Desk) -> None:
    (path,) = (command for command in COMMANDS if " path " in command)
    assert "blocked by a ridge" in desk.done[path].stdout
    assert "does not serve" in desk.done[path].stdout


def test_the_circle_hides_the_village_and_says_that_it_is_for_comparison_only(desk: Desk) -> None:
    findings = (desk.folder / "circles" / "findings.csv").read_text(encoding="utf-8-sig")
    assert "for comparison only" in findings
    with (desk.folder / "circles" / "disagreement.csv").open(encoding="utf-8-sig", newline="") as stream:
        hidden = {row["village_id"] for row in csv.DictReader(stream) if row["status_p1812"] == "white"}
    assert asked_village() in hidden


@pytest.mark.parametrize("readme", [ENGLISH, VIETNAMESE], ids=lambda file: file.name)
def test_the_table_of_files_is_what_a_run_writes(desk: Desk, readme: Path) -> None:
    rows = re.findall(r"^\| (`[^|]*`) \|", readme.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name.rstrip("/") for row in rows for name in FILE_CELL.findall(row)}
    written = {path.name for path in (desk.folder / "circles").iterdir()}
    assert listed == written
    assert {path.name for path in (desk.folder / "before").iterdir()} == written - {"disagreement.csv"}


def test_both_languages_show_the_same_commands() -> None:
    assert commands(VIETNAMESE) == COMMANDS
    for language in ("python", "console", "toml", "text"):
        assert bare(blocks(VIETNAMESE, language)) == bare(blocks(ENGLISH, language))


def bare(texts: list[str]) -> list[str]:
    """Return code without its comments, which are in the README's language."""
    return [re.sub(r"\s+#.*", "", text) for text in texts]


@pytest.mark.parametrize("file", PROSE, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_and_pictures_lead_somewhere(file: Path) -> None:
    links = LINK.findall(file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


@pytest.mark.parametrize("script", re.findall(r"^\$ (\S+)", "".join(blocks(ENGLISH, "console")), re.MULTILINE))
def test_a_script_of_the_readme_can_be_started(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


def test_the_picture_of_the_map_is_light() -> None:
    assert (ROOT / "maps" / "ha-giang.png").stat().st_size <= 400_000
