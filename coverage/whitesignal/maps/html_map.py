"""A finished map as a thing: to save, to paste into a report, to look at in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from whitesignal.maps.page import embed
from whitesignal.results.folder import staged_file


@dataclass(frozen=True, slots=True)
class HtmlMap:
    """One self-contained HTML page with its title."""

    html: str
    title: str

    def save(self, file: str | Path, *, overwrite: bool = False) -> Path:
        """Write the page and return its path; OutputExistsError if the file exists and may not be replaced."""
        return self._write(self.html, Path(file), overwrite=overwrite)

    def save_embedded(self, file: str | Path, *, overwrite: bool = False) -> Path:
        """Write the fragment to paste into a report: an iframe that carries the whole page."""
        return self._write(embed(self.html, title=self.title), Path(file), overwrite=overwrite)

    def _write(self, text: str, file: Path, *, overwrite: bool) -> Path:
        with staged_file(file, overwrite=overwrite) as staged:
            staged.write_text(text, encoding="utf-8")
        return file

    def _repr_html_(self) -> str:
        return embed(self.html, title=self.title)
