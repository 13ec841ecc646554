"""A comparison as one HTML page that needs nothing beside it."""

from __future__ import annotations

from html import escape

from evolve.report.comparison import Comparison, sentence
from evolve.report.plot import figure
from evolve.report.sheets import Sheet, sheets

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
       color: #222; background: #fff; }
h1, h2 { font-weight: 600; line-height: 1.2; } h2 { margin-top: 2.2rem; }
p.won { font-size: 1.15rem; } p.remark, p.stopped { color: #666; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; color: #666; }
th, td { padding: .25rem 1.2rem .25rem 0; border-bottom: 1px solid #e5e5e5; vertical-align: top; }
pre { background: #f6f6f6; padding: .8rem; overflow-x: auto; }
svg { max-width: 100%; height: auto; }
"""


def page(comparison: Comparison, command: str) -> str:
    """The page; its curves are drawn where matplotlib is installed.

    Args:
        comparison: what came of it.
        command: the words that began it.
    """
    name = escape(comparison.name)
    stopped = "".join(
        f'<p class="stopped">{escape(arm)} stopped: {escape(why)}</p>'
        for arm, why in comparison.stopped.items()
    )
    tables = "".join(_table(each) for each in sheets(comparison))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{name}</title><style>{_STYLE}</style></head><body>"
        f'<h1>{name}</h1><p class="won">{escape(sentence(comparison))}</p>{stopped}'
        f"<h2>Best so far</h2>{_picture(comparison)}{tables}"
        f"<h2>Again</h2><pre>{escape(command)}</pre></body></html>\n"
    )


def _picture(comparison: Comparison) -> str:
    drawn = figure(comparison)
    if drawn is None:
        return "<p>Curves need matplotlib: pip install 'activolve[view]'.</p>"
    remark = "Mean over repeats of the best of an arm's own, as its searches saw it; 95 % bands."
    return f'{drawn}<p class="remark">{remark}</p>'


def _table(sheet: Sheet) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in sheet.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in sheet.rows
    )
    return (
        f'<h2>{escape(sheet.title)}</h2><p class="remark">{escape(sheet.remark)}</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
