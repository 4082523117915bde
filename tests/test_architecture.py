"""The house itself: imports go downwards only, modules stay short, the face is honest, start-up is light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "coverage"
PACKAGE = SOURCES / "whitesignal"
MODULE_LINES = 400

FLOORS = (
    ("errors", "units", "text", "geodesy", "arrays", "findings"),
    ("grid", "bands", "schema", "figure_ids"),
    ("project", "project_file", "inputs"),
    ("propagation", "kernels"),
    ("radio",),
    ("villages",),
    ("sharing", "siting", "dependency", "indicators", "scenario", "budget", "printed"),
    ("results",),
    ("maps", "report"),
    (
        "analysis",
        "answers",
        "verdicts",
        "pipeline",
        "difference",
        "rejudged",
        "side",
        "samples",
        "explain",
        "build_plan",
        "where_next",
    ),
    ("cli", "__main__"),
)
"""The rooms floor by floor, from the ground up: a room knows its own floor and those below, nothing above."""

HEAVY = ("numba", "geopandas", "rasterio", "folium", "pandas", "scipy", "matplotlib", "exactextract", "xlsxwriter",
         "highspy")  # fmt: skip
"""What costs a noticeable part of a second to import, so it waits until it is needed."""


@dataclass(frozen=True)
class Import:
    """One module of the package that another one imports."""

    importer: str
    imported: str
    line: int
    for_types_only: bool

    @property
    def words(self) -> str:
        """The import as a failing test shows it."""
        kind = "imports for its types" if self.for_types_only else "imports"
        return f"{self.importer}:{self.line} {kind} {self.imported}"


def module_name(file: Path) -> str:
    parts = file.relative_to(SOURCES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module_name(file): file for file in sorted(PACKAGE.rglob("*.py"))}


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def names_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def import_nodes(node: ast.AST, *, for_types_only: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Yield every import below a node, in functions too, and whether only a type checker sees it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, for_types_only
        else:
            yield from import_nodes(child, for_types_only=for_types_only or names_types_only(child))


def targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return what an import statement names; ``from package import module`` names the module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    inner = [f"{node.module}.{alias.name}" for alias in node.names]
    return [name if name in modules() else str(node.module) for name in inner]


@cache
def inner_imports() -> tuple[Import, ...]:
    """Return every import of one of the package's modules by another."""
    return tuple(
        Import(name, target, node.lineno, for_types_only)
        for name in modules()
        for node, for_types_only in import_nodes(tree(name))
        for target in targets(node)
        if target.split(".")[0] == PACKAGE.name
    )


def room(name: str) -> str:
    return name.split(".")[1]


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room(name) in rooms)


def test_every_module_is_on_exactly_one_floor() -> None:
    listed = [name for rooms in FLOORS for name in rooms]
    present = {path.stem if path.suffix else path.name for path in PACKAGE.iterdir() if holds_python(path)}
    assert sorted(listed) == sorted(present)


def holds_python(path: Path) -> bool:
    return (path.suffix == ".py" and path.name != "__init__.py") or any(path.glob("*.py"))


def test_imports_go_downwards_only() -> None:
    upwards = [
        found.words
        for found in inner_imports()
        if found.importer != PACKAGE.name and floor(found.imported) > floor(found.importer)
    ]
    assert upwards == []


def test_imports_between_modules_never_go_round_in_a_circle() -> None:
    below: dict[str, set[str]] = {name: set() for name in modules()}
    for found in inner_imports():
        below[found.importer].add(found.imported)
    while leaves := {name for name, needs in below.items() if not needs}:
        below = {name: needs - leaves for name, needs in below.items() if name not in leaves}
    assert below == {}


def test_imports_name_the_package_in_full() -> None:
    relative = [
        f"{name}:{node.lineno}"
        for name in modules()
        for node, _ in import_nodes(tree(name))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_the_face_of_the_package_imports_nothing_of_it_at_start() -> None:
    eager = [found.words for found in inner_imports() if found.importer == PACKAGE.name and not found.for_types_only]
    assert eager == []


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lines = {name: len(file.read_text(encoding="utf-8").splitlines()) for name, file in modules().items()}
    assert {name: count for name, count in lines.items() if count > MODULE_LINES} == {}


def test_the_source_root_holds_the_package_alone() -> None:
    """A module here would answer to ``import coverage``: the folder must stay bare."""
    assert {path.name for path in SOURCES.iterdir()} - {"__pycache__"} <= {PACKAGE.name, "README.md"}


def test_every_folder_of_the_package_is_a_package() -> None:
    bare = {file.parent for file in modules().values() if not (file.parent / "__init__.py").is_file()}
    assert bare == set()


def test_the_installed_coverage_wins_over_the_source_root() -> None:
    """Run from the checkout's root, ``import coverage`` must find coverage.py, or numba does not import."""
    code = "import coverage, sys; sys.exit(not hasattr(coverage, 'Coverage'))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_inner_module_is_named_like_a_standard_one_or_like_nothing() -> None:
    refused = {*sys.stdlib_module_names, "coverage", "utils", "common", "core", "helpers", "misc"}
    assert [name for name in modules() if name.rpartition(".")[2] in refused] == []


@pytest.mark.parametrize("code", ["import whitesignal", "from whitesignal.cli import main; main()"])
def test_start_up_imports_nothing_heavy(code: str) -> None:
    command = [sys.executable, "-X", "importtime", "-c", code, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "whitesignal" in imported
    assert imported & set(HEAVY) == set()


def face() -> ast.Module:
    return tree(PACKAGE.name)


def test_every_public_name_can_be_imported_and_says_what_it_is() -> None:
    package = import_module(PACKAGE.name)
    things = {name: getattr(package, name) for name in package.__all__}
    bare = [name for name, thing in things.items() if callable(thing) and not (thing.__doc__ or "").strip()]
    assert bare == []
    assert sorted(dir(package)) == sorted(package.__all__)


def test_the_list_of_public_names_lacks_nothing_and_is_sorted() -> None:
    """What a type checker sees in the face, what runs, and what is listed are the same names."""
    package = import_module(PACKAGE.name)
    typed = [alias.name for node, hidden in import_nodes(face()) if hidden for alias in node.names]
    lazy = [name for names in package._MODULES.values() for name in names]
    assert sorted(typed) == sorted(lazy) == sorted(package.__all__)
    assert len(set(package.__all__)) == len(package.__all__)


def test_a_name_that_is_not_public_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        import_module(PACKAGE.name).analyse  # noqa: B018


def definitions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield the functions and classes a reader meets: of a module, and the methods of its classes."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            yield child
            if isinstance(child, ast.ClassDef):
                yield from definitions(child)


def test_every_module_and_public_function_is_documented() -> None:
    bare = [name for name in modules() if not ast.get_docstring(tree(name))]
    bare += [
        f"{name}:{found.lineno} {found.name}"
        for name in modules()
        for found in definitions(tree(name))
        if not ast.get_docstring(found)
    ]
    assert bare == []


def is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def is_broad(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(
        each is None or (isinstance(each, ast.Name) and each.id in {"Exception", "BaseException"}) for each in caught
    )


def places(is_found: Callable[[ast.AST], bool]) -> list[str]:
    return [
        f"{name}:{getattr(node, 'lineno', 0)}" for name in modules() for node in ast.walk(tree(name)) if is_found(node)
    ]


def test_nothing_prints_but_the_command_line_through_click() -> None:
    assert places(is_print) == []


def test_no_except_catches_everything() -> None:
    assert places(is_broad) == []


def test_nothing_relies_on_assert_outside_the_tests() -> None:
    assert places(lambda node: isinstance(node, ast.Assert)) == []


def test_the_gitignore_leaves_the_source_root_alone() -> None:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.strip("/*") == "coverage"]
