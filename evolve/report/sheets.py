"""A comparison as tables of text: for a terminal, a page and a spreadsheet alike."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from evolve.report.comparison import Comparison
from evolve.report.statistics import Estimate
from evolve.report.tracks import Track

COLUMNS = (
    "arm", "repeat", "run", "evaluations", "seconds", "dollars", "tokens", "proposed", "refused",
    "duplicate", "scored", "improved", "best", "best_at_equal_evaluations", "best_at_equal_seconds",
    "best_at_equal_dollars", "favourite", "favourite_on_search", "favourite_on_valid", "valid_low",
    "valid_high",
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A table: its title, what it means, the names of its columns, and its rows."""

    title: str
    remark: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def records(self) -> list[dict[str, str]]:
        """The rows for machines, each by the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def markdown(sheet: Sheet) -> str:
    """The rows as a table of a document."""
    lines = [sheet.columns, ("---",) * len(sheet.columns), *sheet.rows]
    escaped = ((cell.replace("|", r"\|") for cell in line) for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)


def sheets(comparison: Comparison) -> list[Sheet]:
    """The tables of a comparison, the one to believe first."""
    return [
        favourites(comparison),
        duels(comparison),
        searches(comparison),
        proposals(comparison),
        prices(comparison),
    ]


def favourites(comparison: Comparison) -> Sheet:
    """What every arm's favourites are worth on tasks that no search saw."""
    rows = [
        (arm, str(len(comparison.tracks[arm])), str(estimate), _programs(comparison, arm))
        for arm, estimate in comparison.favourites.items()
    ]
    remark = (
        "Mean fitness of each run's own best, measured again on valid tasks. 0 is GELU, 0.1 is "
        "21 % less error. The 95 % interval is over repeats, each on a draw of its own that all "
        "arms share; where repeats found the same, it tells of that, and not of the arm."
    )
    columns = ("arm", "runs", "valid fitness", "favourites")
    return Sheet("Favourites on valid tasks", remark, columns, tuple(rows))


def duels(comparison: Comparison) -> Sheet:
    """Every two arms by their favourites."""
    rows = [
        (
            f"{each.first} over {each.second}",
            str(each.contrast.difference),
            f"{100 * each.contrast.superiority.value:.0f} %",
            "-" if math.isnan(each.p) else f"{each.p:.3f}",
        )
        for each in comparison.duels
    ]
    remark = "Difference of means with its bootstrap interval; Mann-Whitney p, corrected by Holm."
    columns = ("arms", "difference", "wins", "p")
    return Sheet("Arm against arm", remark, columns, tuple(rows))


def searches(comparison: Comparison) -> Sheet:
    """The best of every arm at equal cost, as the searches saw it."""
    dollars = comparison.dollars
    rows = []
    for arm in comparison.favourites:
        spent: Estimate | str = "-"
        if dollars is not None:
            spent = comparison.at(arm, lambda each: each.at_dollars(dollars))
        rows.append(
            (
                arm,
                str(comparison.at(arm, lambda each: each.at_evaluations(comparison.evaluations))),
                str(comparison.at(arm, lambda each: each.at_seconds(comparison.seconds))),
                str(spent),
            )
        )
    limits = (
        f"{comparison.evaluations} evaluations",
        f"{comparison.seconds:,.0f} s",
        "equal dollars" if dollars is None else f"${dollars:.4f}",
    )
    remark = "Best so far of an arm's own, founders apart: flattered by luck, as every best is."
    return Sheet("The searches at equal cost", remark, ("arm", *limits), tuple(rows))


def proposals(comparison: Comparison) -> Sheet:
    """What became of every arm's proposals."""
    rows = []
    for arm in comparison.favourites:
        tallies = [each.tally for each in comparison.tracks[arm]]
        proposed, admitted, duplicate, scored, improved = (
            sum(getattr(each, name) for each in tallies)
            for name in ("proposed", "admitted", "duplicate", "scored", "improved")
        )
        counts = (proposed, proposed - admitted, duplicate, scored, improved)
        rows.append((arm, *(f"{count:,}" for count in counts)))
    columns = ("arm", "proposed", "refused", "duplicate", "scored", "improved")
    return Sheet("Proposals", "All repeats together, founders apart.", columns, tuple(rows))


def prices(comparison: Comparison) -> Sheet:
    """What an improvement cost every arm."""
    rows = []
    for arm in comparison.favourites:
        tallies = [each.tally for each in comparison.tracks[arm]]
        improved, trained, seconds, tokens, dollars = (
            sum(getattr(each, name) for each in tallies)
            for name in ("improved", "trained", "seconds", "tokens", "dollars")
        )
        used = (trained, seconds, tokens, dollars)
        each = [f"{amount / improved:,.3g}" if improved else "-" for amount in used]
        spent = (f"{trained:,}", f"{seconds:,.0f}", f"{tokens:,}", f"{dollars:,.4f}")
        rows.append((arm, *(f"{a} ({b})" for a, b in zip(spent, each, strict=True))))
    remark = "All repeats together; in brackets, for each time that a niche was filled or improved."
    columns = ("arm", "evaluations", "seconds", "tokens", "dollars")
    return Sheet("What it cost", remark, columns, tuple(rows))


def spreadsheet(comparison: Comparison) -> str:
    """A row a run, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(comparison, each) for each in comparison.every)
    return text.getvalue()


def _row(comparison: Comparison, track: Track) -> Sequence[object]:
    tally, valid, favourite = track.tally, track.valid, track.favourite
    dollars = comparison.dollars
    return (
        track.arm,
        track.repeat,
        track.path,
        track.evaluations,
        float(track.seconds[-1]) if track.evaluations else 0.0,
        tally.dollars,
        tally.tokens,
        tally.proposed,
        tally.proposed - tally.admitted,
        tally.duplicate,
        tally.scored,
        tally.improved,
        track.at_evaluations(track.evaluations),
        track.at_evaluations(comparison.evaluations),
        track.at_seconds(comparison.seconds),
        "" if dollars is None else track.at_dollars(dollars),
        favourite.program.id if favourite else "",
        favourite.evaluation.fitness if favourite else "",
        track.fitness,
        *(valid.interval if valid else ("", "")),
    )


def _programs(comparison: Comparison, arm: str) -> str:
    found = [each.favourite for each in comparison.tracks[arm]]
    return " ".join(each.program.id if each else "none" for each in found)
