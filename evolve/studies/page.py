"""The page of all studies, out of what is kept: claims, rules, verdicts and tables, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evolve.report.sheets import markdown
from evolve.studies.drive import Report
from evolve.studies.study import Finding

HEAD = """# Studies

What five papers claim, tested in the open. `evolve study page` writes this page out of kept
results; design and rules stand in a study's file before it runs, and whoever changes one raises the
study's version. Negative results stay in. A quick run shows that a study works; it decides nothing,
and is shown only where no full run is kept.
"""
_NAME = re.compile(r"^## (\S+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """What the page says of a study.

    Attributes:
        rows: its lines in the table of verdicts.
        section: its section, heading and all.
    """

    rows: str
    section: str

    @property
    def quick(self) -> bool:
        """Whether it was run in little."""
        return "--quick`" in self.section


def page(reports: Mapping[str, Report | None], before: str = "") -> str:
    """The page.

    Args:
        reports: what is kept of each study, by its name.
        before: the page as it was. It goes on saying what it said of a study of which nothing is
            kept, nothing that is finished, or nothing but a quick run where it shows a full one.
    """
    old = parts(before)
    shown = {name: _newer(report, old.get(name)) for name, report in reports.items()}
    told = [each for each in shown.values() if each]
    table = ["| study, version | claim | verdict |", "|---|---|---|", *(each.rows for each in told)]
    texts = [HEAD, "\n".join([*table, ""]), *(each.section for each in told)]
    if silent := [name for name, each in shown.items() if not each]:
        texts.append(f"Nothing is kept of: {', '.join(silent)}.\n")
    return "\n".join(texts)


def parts(text: str) -> Mapping[str, Part]:
    """What a page says of each study."""
    head, *rest = _NAME.split(text)
    found = {}
    for name, body in zip(rest[::2], rest[1::2], strict=True):
        rows = [line for line in head.splitlines() if line.startswith(f"| [{name}](")]
        section = body.partition("\nNothing is kept of: ")[0].strip("\n")
        found[name] = Part("\n".join(rows), f"## {name}\n\n{section}\n")
    return found


def renewed(before: str, after: str) -> list[str]:
    """Names of the studies of which one page says something else than another."""
    old = parts(before)
    return [name for name, part in parts(after).items() if part != old.get(name)]


def _newer(report: Report | None, old: Part | None) -> Part | None:
    if report is None or (old and not report.finished):
        return old
    rows = (
        f"| [{report.study.name}](#{report.study.name}) {report.study.version} | {claim.says} | "
        f"{_verdict(report, finding)} |"
        for claim, finding in report.findings
    )
    new = Part("\n".join(rows), "\n".join(_section(report)))
    return old if old and new.quick and not old.quick else new


def _verdict(report: Report, finding: Finding) -> str:
    return f"{'quick: ' * report.quick}{finding.verdict}"


def _section(report: Report) -> Iterator[str]:
    study = report.study
    tables = [each.partition(" ")[0] for each in report.sessions[-1].suite.split(", ") if each]
    handed = "".join(f" --data {name}=FILE" for name in tables)
    command = f"evolve study run {study.name}{handed}{' --quick' * report.quick}"
    declared = study.declared(quick=report.quick)
    size = _size(declared["design"])
    yield f"## {study.name}\n\n**{study.title}** {study.paper}. {_made(report)}\n"
    yield f"{study.method}\n\nSize: {size}. Command: `{command}`.\n"
    for claim, finding in report.findings:
        yield (
            f"- **{claim.says}** ({claim.source})\n  Rule: {claim.rule}\n"
            f"  Ours: {finding.ours}. **{_verdict(report, finding)}**\n"
        )
    for sheet in report.sheets:
        yield f"### {sheet.title}\n\n{markdown(sheet)}\n\n{sheet.remark}\n"


def _size(design: Mapping[str, Any]) -> str:
    """Its numbers by name; what is empty is not told, and a part of a part stands in brackets."""
    told = []
    for name, value in design.items():
        if isinstance(value, Mapping):
            told.append(f"{name} ({_size(value)})")
        elif isinstance(value, list | tuple):
            told += [f"{name} {' '.join(map(str, value))}"] * bool(value)
        else:
            told.append(f"{name} {value}")
    return ", ".join(told)


def _made(report: Report) -> str:
    commits = ", ".join(dict.fromkeys(each.commit[:12] or "unknown" for each in report.sessions))
    first, last = report.sessions[0], report.sessions[-1]
    versions = ", ".join(f"{name} {first.versions[name]}" for name in ("numpy", "torch"))
    version = f"Version {report.study.version}{', quick' * report.quick}"
    data = f"; data {last.suite}" if last.suite else ""
    return f"{version}; begun {first.began[:10]}; code {commits}; {versions}{data}."
