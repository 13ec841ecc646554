"""`evolve view`: the page."""

from __future__ import annotations

from typing import Annotated

import typer

from evolve.cli.options import RUNS, Runs
from evolve.errors import RunError


def view(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN...]", help="Runs; all, if none is named.")
    ] = None,
    folder: Runs = RUNS,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 for a free one.")] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")
    ] = True,
) -> None:
    """Show runs on a page in the browser, also while they go on; Ctrl-C ends it.

    Only this machine can open it, nothing can be changed by it, and it needs no network. Wants the
    extra `view`.
    """
    from evolve import runs
    from evolve.view import serve

    chosen = [runs.find(name, folder) for name in names] if names else runs.everything(folder)
    if not chosen:
        raise RunError(f"{folder}: no runs here to show; `evolve run` begins one")

    def ready(address: str) -> None:
        print(f"The page is at {address}; Ctrl-C ends it.", flush=True)
        if browser:
            import webbrowser

            webbrowser.open(address)

    serve(chosen, port, ready)
