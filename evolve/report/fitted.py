"""A fit as a person reads it."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from evolve.fits.fitted import Fitted
from evolve.report.tables import heading, plain_table


def shown(found: Fitted) -> Group:
    """Formulas first, then what they are worth."""
    parts: list[RenderableType] = [heading(f"What {found.system} found")]
    parts += [Text(f"{output} = {formula}") for output, formula in found.formulas.items()]
    table = plain_table()
    table.show_header = False
    rows = {
        f"{found.measure} on rows that were learned from": f"{found.learned:.6f}",
        f"{found.measure} on rows that were held out": f"{found.held:.6f}",
        "parameters": str(found.parameters),
        "complexity": f"{found.complexity:.1f}",
        **found.notes,
    }
    table.add_column(no_wrap=True)
    table.add_column()
    for name, value in rows.items():
        table.add_row(name, value)
    return Group(*parts, Text(), table)
