"""A results folder's report as a document, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.maps.labels import Language
from whitesignal.maps.tables import clean
from whitesignal.report.document import Document
from whitesignal.report.labels import labels
from whitesignal.report.parts.areas import areas_section
from whitesignal.report.parts.chances import chances_section
from whitesignal.report.parts.declared import declared_section
from whitesignal.report.parts.dependency import dependency_section
from whitesignal.report.parts.listed import listed_section
from whitesignal.report.parts.made import findings_section, made_section
from whitesignal.report.parts.progress import flows_section, targets_section
from whitesignal.report.parts.published import published_section
from whitesignal.report.parts.served import served_section
from whitesignal.report.parts.sharing import sharing_section
from whitesignal.report.parts.stock import stations_section, summary_section, tiles

if TYPE_CHECKING:
    from whitesignal.report.from_results import RunResults

SECTIONS = (
    summary_section, stations_section, served_section, listed_section, chances_section, declared_section,
    areas_section, targets_section, flows_section, published_section, sharing_section, dependency_section,
    findings_section, made_section,
)  # fmt: skip
"""The report's sections in a planner's order: what is, where it is not, how sure, against what, and how made."""


def build_document(results: RunResults, *, lang: Language = "vi") -> Document:
    """Return the whole report in a language.

    Raises
    ------
    InputError
        The language is none of ours.
    """
    words = labels(lang)
    record = results.record
    name = clean(str(record["project"]))
    return Document(
        title=words.say("report.title", name=name),
        subtitle=words.say("report.subtitle", as_of=words.as_of(record["as_of"]), model=record["model"]),
        badge=words.catalog["report.synthetic"] if record["synthetic"] else "",
        tiles=tiles(results, words),
        sections=tuple(section(results, words) for section in SECTIONS),
        words=words,
    )
