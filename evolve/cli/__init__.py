"""The command line: one file a verb; each parses, calls, and prints."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from evolve.cli import (
    check,
    compare,
    diff,
    discover,
    doctor,
    dump,
    explain,
    export,
    finals,
    fit,
    fork,
    init,
    lineage,
    measure,
    merge,
    models,
    prompt,
    replay,
    reporting,
    resume,
    run,
    runs,
    show,
    study,
    tasks,
    trying,
    view,
)
from evolve.errors import EvolveError

app = typer.Typer(
    name="evolve",
    help="Discover activation functions for neural networks by evolutionary program search.",
    epilog="A first run: `evolve run`. Every verb explains itself: `evolve run --help`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
VERBS: dict[str, Callable[..., None]] = {
    "run": run.run,
    "resume": resume.resume,
    "list": runs.runs,
    "show": show.show,
    "view": view.view,
    "report": reporting.report,
    "lineage": lineage.lineage,
    "prompt": prompt.prompt,
    "explain": explain.explain,
    "diff": diff.diff,
    "replay": replay.replay,
    "fork": fork.fork,
    "merge": merge.merge,
    "dump": dump.dump,
    "export": export.export,
    "try": trying.trying,
    "check": check.check,
    "measure": measure.measure,
    "tasks": tasks.tasks,
    "test": finals.finals,
    "compare": compare.compare,
    "models": models.models,
    "discover": discover.discover,
    "fit": fit.fit,
    "init": init.init,
    "doctor": doctor.doctor,
}
for name, verb in VERBS.items():
    app.command(name)(verb)
app.add_typer(study.study, name="study")


def main() -> None:
    """Runs the verb that the command line names; a mistake of the user's is one line, exit 2."""
    try:
        app()
    except EvolveError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
