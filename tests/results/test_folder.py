"""The results folder: whole or not there at all, and never in the place of anything else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from whitesignal.errors import InputError, OutputExistsError
from whitesignal.results.folder import check_file, check_folder, require_results, staged_file, staged_folder


def results(folder: Path, content: str = "old") -> Path:
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({"program": "whitesignal"}), encoding="utf-8")
    (folder / "villages.csv").write_text(content, encoding="utf-8")
    return folder


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_whole_when_the_block_ends_well(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "results"
    with staged_folder(target, overwrite=False) as staged:
        (staged / "a").write_text("1", encoding="utf-8")
        assert not target.exists()
    assert listed(target) == ["a"]
    assert listed(target.parent) == ["results"], "nothing is left beside it"
    assert target.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError, ValueError, SystemExit])
@pytest.mark.parametrize("there", [True, False])
def test_a_failure_midway_leaves_nothing_and_the_old_results_as_they_were(
    tmp_path: Path, failure: type[BaseException], there: bool
) -> None:
    target = tmp_path / "results"
    if there:
        results(target)

    def write_half() -> None:
        with staged_folder(target, overwrite=True) as staged:
            (staged / "villages.csv").write_text("half", encoding="utf-8")
            raise failure

    with pytest.raises(failure):
        write_half()
    assert listed(tmp_path) == (["results"] if there else [])
    if there:
        assert (target / "villages.csv").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError])
def test_a_failure_between_the_two_renames_brings_the_old_results_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    target = results(tmp_path / "results")
    rename = os.rename

    def interrupted(source: Path, destination: Path) -> None:
        if Path(source).name == "new":
            raise failure
        rename(source, destination)

    monkeypatch.setattr(Path, "rename", lambda path, other: interrupted(path, other))
    with pytest.raises(failure), staged_folder(target, overwrite=True) as staged:
        (staged / "villages.csv").write_text("new", encoding="utf-8")
    assert listed(tmp_path) == ["results"]
    assert (target / "villages.csv").read_text(encoding="utf-8") == "old"


def test_old_results_are_replaced_only_when_asked(tmp_path: Path) -> None:
    target = results(tmp_path / "results")
    with pytest.raises(OutputExistsError, match="--overwrite"), staged_folder(target, overwrite=False):
        pytest.fail("the block must not be entered")
    with staged_folder(target, overwrite=True) as staged:
        (staged / "b").write_text("1", encoding="utf-8")
    assert listed(target) == ["b"]


@pytest.mark.parametrize(
    "record", [None, "", "not json", "[]", '{"program": "another"}', '{"run": 1}'], ids=lambda text: repr(text)
)
def test_a_folder_that_no_run_wrote_is_never_replaced(tmp_path: Path, record: str | None) -> None:
    target = tmp_path / "thesis"
    target.mkdir()
    (target / "chapter.txt").write_text("years of work", encoding="utf-8")
    if record is not None:
        (target / "run.json").write_text(record, encoding="utf-8")
    for overwrite in (True, False):
        with pytest.raises(OutputExistsError, match="no results folder"):
            check_folder(target, overwrite=overwrite)
    with pytest.raises(InputError, match="no results here"):
        require_results(target)
    assert (target / "chapter.txt").read_text(encoding="utf-8") == "years of work"


def test_an_empty_folder_may_be_filled_and_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with staged_folder(tmp_path / "empty", overwrite=False) as staged:
        (staged / "a").write_text("1", encoding="utf-8")
    assert listed(tmp_path / "empty") == ["a"]
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputExistsError, match="a file stands"):
        check_folder(tmp_path / "file", overwrite=True)


def test_a_file_is_written_aside_and_kept_unless_replacing_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a" / "map.html"
    with staged_file(file, overwrite=False) as staged:
        assert staged.name == "map.html", "writers choose a format by the name"
        staged.write_text("first", encoding="utf-8")
    with pytest.raises(OutputExistsError, match="exists already"), staged_file(file, overwrite=False):
        pytest.fail("the block must not be entered")

    def write_half() -> None:
        with staged_file(file, overwrite=True) as staged:
            staged.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert file.read_text(encoding="utf-8") == "first"
    with staged_file(file, overwrite=True) as staged:
        staged.write_text("second", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == "second"
    assert listed(file.parent) == ["map.html"]
    with pytest.raises(OutputExistsError, match="a folder stands"):
        check_file(file.parent, overwrite=True)
