"""The terminal's side of `stashbench compare`: a live line while it measures, and a table at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from stashbench.model.baseline import Verdict
from stashbench.model.text import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID
    from rich.text import Text

    from stashbench.model.side_by_side import PairedBenchmark, SideBySide

_STYLES = {
    Verdict.REGRESSED: "bold red",
    Verdict.SUSPECT: "bold yellow",
    Verdict.IMPROVED: "bold green",
    Verdict.UNCHANGED: "dim",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.NOT_COMPARABLE: "dim",
    Verdict.GONE: "cyan",
    Verdict.NEW: "cyan",
}
_ORDER = tuple(_STYLES)
_PLAIN_STEP = 0.25


class LiveComparison:
    """Shows what a comparison does; implements `compare.options.Progress`. Use as a context manager."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self._console = console
        self._is_live = console.is_terminal
        self._bar = RichProgress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not self._is_live,
        )
        self._task: TaskID | None = None
        self._shown = 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def say(self, text: str) -> None:
        """Something begins."""
        self._replace(text, None)
        self._plain(text)

    def library(self, done: int, total: int) -> None:
        """A library is being generated."""
        share = done / total if total else 1.0
        if share < self._shown:
            self._shown = 0.0
        if self._task is not None:
            self._bar.update(self._task, total=1.0, completed=share)
        if share - self._shown >= _PLAIN_STEP:
            self._shown = share
            self._plain(f"generating a library: {share:.0%}")

    def measuring(self, spent_seconds: float, total_seconds: float, text: str) -> None:
        """Times are being taken."""
        self._replace(text, total_seconds)
        if self._task is not None:
            self._bar.update(self._task, completed=min(spent_seconds, total_seconds))
        self._plain(f"{text} ({spent_seconds:.0f} of {total_seconds:.0f} s)")

    def _replace(self, description: str, total: float | None) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(visible(description), total=total)

    def _plain(self, text: str) -> None:
        if not self._is_live:
            self._console.print(visible(text), markup=False, highlight=False, soft_wrap=True)


def print_comparison(console: Console, document: SideBySide, directory: Path, problems: tuple[str, ...]) -> None:
    """Print the verdict, the pages with theirs, and what must be known besides."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from stashbench.report.side_by_side_words import sides_in_words, visible_change_in_words

    console.print(Text(visible(document.verdict), style="bold"))
    for line in sides_in_words(document):
        console.print(Text(visible(line)), soft_wrap=True)
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        caption="Times: the fastest tenth. B / A: from moments in which both were asked.",
    )
    for name, justify in (("Page", "left"), ("A", "right"), ("B", "right"), ("B / A", "right"), ("Verdict", "left")):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]  # rich names the words
    quiet = sum(item.verdict is Verdict.UNCHANGED for item in document.benchmarks)
    for item in sorted(document.benchmarks, key=_place):
        if item.verdict is not Verdict.UNCHANGED:
            table.add_row(*_cells(item))
    if table.row_count:
        console.print(table)
    if quiet:
        console.print(Text(f"{quiet} of {len(document.benchmarks)} pages are unchanged.", style="dim"))
    console.print(Text(visible_change_in_words(document)), soft_wrap=True)
    for reason in document.partial_reasons:
        console.print(Text(visible(f"Partial: {reason}"), style="yellow"), soft_wrap=True)
    for text in (*document.warnings, *problems):
        console.print(Text(visible(f"Note: {text}"), style="yellow"), soft_wrap=True)
    console.print(Text(f"Report: {directory / 'compare.html'}"), soft_wrap=True)


def _place(item: PairedBenchmark) -> tuple[bool, int, float]:
    return bool(item.accepted), _ORDER.index(item.verdict), -(item.ratio or 0.0)


def _cells(item: PairedBenchmark) -> tuple[Text, ...]:
    from rich.text import Text

    from stashbench.report.quantities import duration
    from stashbench.report.side_by_side_words import chip_of, ratio_in_words, witnesses_in_words

    word = chip_of(item).word
    times = [duration(side.q10_seconds) if side and side.q10_seconds else "" for side in (item.a, item.b)]
    verdict = Text(f"{word[0].lower()}{word[1:]}", style="dim" if item.accepted else _STYLES[item.verdict])
    said = witnesses_in_words(item)
    if item.accepted:
        said = f"{said}; {item.accepted}"
    if said:
        verdict.append(f": {visible(said)}", style="default")
    return Text(visible(item.title)), *map(Text, times), Text(ratio_in_words(item)), verdict
