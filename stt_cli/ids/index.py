"""The catalog turned around: from what the search hits to what it may be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from stt_cli.ids.catalog import AZURE_COLLECTIONS, CATALOG, Description
from stt_cli.ids.shapes import Shape
from stt_cli.ids.spelling import (
    address_anchors,
    label_anchors,
    label_reach,
    labels_expression,
    stands_alone,
)
from stt_cli.ids.values import leads_elsewhere

# What tells that the JSON document around it is worth reading: its structure says
# what an ID is the ID of.
_HINTS: tuple[tuple[frozenset[str] | None, tuple[bytes, ...]], ...] = (
    (None, (b'"id"', b'"id\\"', b'"ids"', b'"ids\\"')),
    (frozenset(("session", "connection")), (b'"connection"', b'"connection\\"')),
    (frozenset(("session",)), (b'"message":[', b'"message" : [')),
    (frozenset(("trace",)), (b'"trace"', b'"trace\\"')),
    (frozenset(("document",)), (b"ntid", b"nt_id")),
    (
        frozenset((*AZURE_COLLECTIONS.values(), "file", "invocation")),
        (b"totext/", b"totext%2f", b"totext\\/"),
    ),
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a text, and what it may name."""

    start: int
    end: int
    descriptions: list[Description]

    @property
    def is_connection(self) -> bool:
        """Whether it names what a client sent, well-formed or not."""
        return any("x connection id" in one.labels for one in self.descriptions)

    @property
    def closed(self) -> list[Description]:
        """Those whose values are known by their length, whatever is around them."""
        return [one for one in self.descriptions if one.shape.breakable]


@dataclass(slots=True)
class Meaning:
    """What one anchor may be a part of."""

    labels: list[tuple[str, bool]] = field(default_factory=list)
    of_label: dict[str, list[Description]] = field(default_factory=dict)
    paths: list[tuple[re.Pattern[str], Description]] = field(default_factory=list)
    is_hint: bool = False
    reach: int = 0
    _expression: re.Pattern[str] | None = None
    _shapes: tuple[Shape, ...] | None = None

    def label(self, text: str, at: int) -> Label | None:
        """Return the label that holds the offset ``at``, if one does."""
        for match in self._labels_at(text, at):
            if stands_alone(text, match.start()):
                assert match.lastgroup is not None
                name = self.labels[int(match.lastgroup[1:])][0]
                return Label(match.start(), match.end(), self.of_label[name])
        return None

    def is_elsewhere(self, text: str, at: int) -> bool:
        """Whether ``text`` names no ID at ``at``, whatever stands around it.

        It must reach as far ahead as a label does, and hold nothing that is escaped.
        """
        if self.is_hint or self.paths or self.reach > at:
            return False
        ends = [match.end() for match in self._labels_at(text, at)]
        return all(leads_elsewhere(text, end) for end in ends)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes that a value behind its labels may have, lines of stt aside."""
        if self._shapes is None:
            found = (
                one.shape
                for descriptions in self.of_label.values()
                for one in descriptions
                if not one.own_line
            )
            self._shapes = tuple(dict.fromkeys(found))
        return self._shapes

    def _labels_at(self, text: str, at: int) -> Iterator[re.Match[str]]:
        if not self.labels:
            return
        if self._expression is None:
            self._expression = labels_expression(tuple(self.labels))
        for match in self._expression.finditer(text, max(0, at - self.reach)):
            if match.start() > at:
                return
            if match.end() > at:
                yield match


def meanings(kinds: frozenset[str], *, others: bool) -> dict[bytes, Meaning]:
    """Return what to search for the sake of ``kinds``, by anchor.

    ``others``: also the sessions, transcriptions and jobs of vendors that stt does
    not speak to. Labels that share a name with a wanted one are read, too: what has
    another's shape is told from what has none.
    """
    found: defaultdict[bytes, Meaning] = defaultdict(Meaning)
    wanted = [one for one in CATALOG if is_wanted(one, kinds, others=others)]
    wide = {
        label
        for one in wanted
        if one.is_wide
        for label in one.labels
        if label.endswith(" id") and " with " not in label
    }
    for one in wanted:
        for label in one.labels:
            for anchor in label_anchors(label, wide=label in wide):
                _add_label(found[anchor], (label, label in wide), one)
        for address in one.addresses:
            starts = "(?<![0-9A-Za-z])" if address[0].isalnum() else ""
            path = re.compile(starts + re.escape(address), re.I)
            for anchor in address_anchors(address):
                found[anchor].paths.append((path, one))
        for query in one.queries:
            path = re.compile(rf"[?&]{query}=", re.I)
            for before in ("?", "&", "26", "3f"):
                found[f"{before}{query}".encode()].paths.append((path, one))
    for hinted, anchors in _HINTS:
        if hinted is None or kinds & hinted:
            for anchor in anchors:
                found[anchor].is_hint = True
    return dict(found)


def is_wanted(one: Description, kinds: frozenset[str], *, others: bool) -> bool:
    """Whether a description is searched for the sake of ``kinds``."""
    if one.kind == "dashed_session" or "connection id" in one.labels:
        return bool(kinds & {"session", "dashed_session", "connection"})
    if one.kind not in kinds:
        return False
    return others or one.is_usual


def _add_label(meaning: Meaning, label: tuple[str, bool], one: Description) -> None:
    if label not in meaning.labels:
        meaning.labels.append(label)
        meaning.reach = max(meaning.reach, label_reach(label[0]))
        meaning.of_label[label[0]] = []
    meaning.of_label[label[0]].append(one)
