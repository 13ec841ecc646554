"""The page of all studies, out of what is kept: claims, rules, verdicts and tables, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evolve.report.sheets import markdown
from evolve.studies.drive import Report
from evolve.studies.study import Finding

HEAD = """# Studies

What five papers claim, tested in the open. `evolve study page` writes this page out of kept
results; design and rules stand in a study's file before it runs, and whoever changes one raises the
study's version. Negative results stay in. A quick run shows that a study works; it decides nothing,
and is shown only where no full run is kept.
"""


def page(reports: Sequence[Report], silent: Sequence[str]) -> str:
    """The page.

    Args:
        reports: one a study.
        silent: names of studies of which nothing is kept.
    """
    parts = [HEAD, _summary(reports), *(line for each in reports for line in _section(each))]
    if silent:
        parts.append(f"Nothing is kept of: {', '.join(silent)}.\n")
    return "\n".join(parts)


def _summary(reports: Sequence[Report]) -> str:
    rows = [
        f"| [{each.study.name}](#{each.study.name}) {each.study.version} | {claim.says} | "
        f"{_verdict(each, finding)} |"
        for each in reports
        for claim, finding in each.findings
    ]
    return "\n".join(["| study, version | claim | verdict |", "|---|---|---|", *rows, ""])


def _verdict(report: Report, finding: Finding) -> str:
    return f"{'quick: ' * report.quick}{finding.verdict}"


def _section(report: Report) -> Iterator[str]:
    study = report.study
    command = f"evolve study run {study.name}{' --quick' * report.quick}"
    declared = study.declared(quick=report.quick)
    size = ", ".join(f"{name} {value}" for name, value in declared["design"].items())
    yield f"## {study.name}\n\n**{study.title}** {study.paper}. {_made(report)}\n"
    yield f"{study.method}\n\nSize: {size}. Command: `{command}`.\n"
    for claim, finding in report.findings:
        yield (
            f"- **{claim.says}** ({claim.source})\n  Rule: {claim.rule}\n"
            f"  Ours: {finding.ours}. **{_verdict(report, finding)}**\n"
        )
    for sheet in report.sheets:
        yield f"### {sheet.title}\n\n{markdown(sheet)}\n\n{sheet.remark}\n"


def _made(report: Report) -> str:
    commits = ", ".join(dict.fromkeys(each.commit[:12] or "unknown" for each in report.sessions))
    first = report.sessions[0]
    versions = ", ".join(f"{name} {first.versions[name]}" for name in ("numpy", "torch"))
    version = f"Version {report.study.version}{', quick' * report.quick}"
    data = f"; data {first.suite}" if first.suite else ""
    return f"{version}; begun {first.began[:10]}; code {commits}; {versions}{data}."
