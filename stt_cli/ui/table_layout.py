"""A table as a terminal shows it, in whatever width there is.

Where all columns fit, they stand side by side. Where they do not, the ``roomy`` ones
are left out; then sentences move below their row; and where even that is too wide,
each row becomes a record, a line for each of its cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from stt_cli.core.environment import Environment
from stt_cli.core.plain_text import one_line
from stt_cli.ui.style import console_for
from stt_cli.ui.tables import Cell, Column

_GAP = 2
_NARROW = 12
_LONGEST_WORD = 28
"""A sentence gets at least the room of its longest word, up to this."""

_LEAST_SENTENCE, _LEAST_TAIL, _LEAST_CUT = 24, 8, 24
"""Fewer cells of a sentence, of a path's end or of any other text say too little."""


def drawn_table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], environment: Environment
) -> str:
    """Return rows of cells as lines for stdout, with styles where it takes them."""
    console = console_for(environment.stdout, environment)
    used = [
        (column, [Cell(one_line(row[at].text), row[at].style) for row in rows])
        for at, column in enumerate(columns)
    ]
    # A column without any cell says nothing; the first names what is listed.
    used = [each for each in used if each is used[0] or any(c.text for c in each[1])]
    with console.capture() as drawn:
        for line in _lines(used, console):
            console.print(line, no_wrap=True, crop=False, overflow="ignore")
    return drawn.get()


_Columns = Sequence[tuple[Column, Sequence[Cell]]]


def _lines(used: _Columns, console: Console) -> Iterator[Text]:
    fewer = [each for each in used if not each[0].roomy]
    beside = [each for each in fewer if not each[0].wraps]
    below = [each for each in fewer if each[0].wraps]
    for chosen, moved in ((used, []), (fewer, []), (beside, below)):
        least = [_least(*each) for each in chosen]
        if chosen and sum(least) + _GAP * (len(least) - 1) <= console.width:
            widths = _widened(chosen, least, console.width)
            return _table(chosen, widths, moved, console)
    return _records(used, console)


def _least(column: Column, cells: Sequence[Cell]) -> int:
    """Return the fewest cells of a terminal in which a column can be read."""
    longest = max(cell_len(text) for text in (column.title, *(c.text for c in cells)))
    if column.whole:
        return longest
    if column.tail:
        return min(longest, max(_LEAST_TAIL, cell_len(column.title)))
    if not column.wraps:
        return min(longest, max(_LEAST_CUT, cell_len(column.title)))
    words = [cell_len(word) for cell in cells for word in cell.text.split()]
    word = min(max(words, default=0), _LONGEST_WORD)
    return min(longest, max(_LEAST_SENTENCE, word, cell_len(column.title)))


def _widened(chosen: _Columns, least: Sequence[int], width: int) -> list[int]:
    """Return the columns' widths once the room that is left is given out.

    First to what would be cut, then to what would only take more lines.
    """
    widths = list(least)
    left = width - sum(widths) - _GAP * (len(widths) - 1)
    order = sorted(range(len(chosen)), key=lambda at: chosen[at][0].wraps)
    for at in order:
        column, cells = chosen[at]
        wanted = max(cell_len(c) for c in (column.title, *(c.text for c in cells)))
        more = min(max(wanted - widths[at], 0), left)
        widths[at] += more
        left -= more
    return widths


def _table(
    chosen: _Columns, widths: Sequence[int], moved: _Columns, console: Console
) -> Iterator[Text]:
    titles = [Text(column.title, "bold") for column, _ in chosen]
    yield _side_by_side(chosen, widths, titles)
    for at in range(len(chosen[0][1])):
        folded = [
            _folded(cells[at], column, width, console)
            for (column, cells), width in zip(chosen, widths, strict=True)
        ]
        for line in range(max(map(len, folded))):
            texts = [each[line] if line < len(each) else Text() for each in folded]
            yield _side_by_side(chosen, widths, texts)
        for column, cells in ((c, cells) for c, cells in moved if cells[at].text):
            yield from _below(cells[at], column, console)


def _side_by_side(
    chosen: _Columns, widths: Sequence[int], texts: Sequence[Text]
) -> Text:
    line = Text()
    for (column, _), width, text in zip(chosen, widths, texts, strict=True):
        cell, room = text.copy(), max(width - text.cell_len, 0)
        if column.right:
            cell.pad_left(room)
            room = 0
        cell.pad_right(room + _GAP)
        line.append_text(cell)
    line.rstrip()
    return line


def _below(cell: Cell, column: Column, console: Console) -> Iterator[Text]:
    """Yield a sentence in lines of its own, under the row that it belongs to."""
    for line in _wrapped(cell, column, console.width - _GAP, console):
        yield Text(" " * _GAP).append_text(line)


def _records(used: _Columns, console: Console) -> Iterator[Text]:
    titles = max(cell_len(column.title) for column, _ in used)
    room = console.width - titles - _GAP
    for at in range(len(used[0][1])):
        if at:
            yield Text()
        for column, cells in used:
            cell = cells[at]
            if not cell.text:
                continue
            title = Text(column.title.ljust(titles + _GAP), "bold")
            if cell_len(cell.text) > room and (column.whole or room < _NARROW):
                # Beside its title an ID would be folded, and could not be copied.
                yield title
                yield from _wrapped(cell, column, console.width, console)
                continue
            for index, line in enumerate(_wrapped(cell, column, room, console)):
                yield (Text(" " * (titles + _GAP)) if index else title) + line


def _folded(cell: Cell, column: Column, width: int, console: Console) -> list[Text]:
    if column.wraps or column.whole:
        return _wrapped(cell, column, width, console) or [Text()]
    text = _ending(cell.text, width) if column.tail else cell.text
    shown = Text(text, cell.style or column.style)
    shown.truncate(width, overflow="ellipsis")
    return [shown]


def _wrapped(cell: Cell, column: Column, width: int, console: Console) -> list[Text]:
    text = Text(cell.text, cell.style or column.style)
    lines = list(text.wrap(console, max(width, 1), overflow="fold"))
    for line in lines:
        line.rstrip()
    return lines


def _ending(text: str, columns: int) -> str:
    if cell_len(text) <= columns:
        return text
    while cell_len(text) > columns - 1:
        text = text[1:]
    return f"…{text}"
