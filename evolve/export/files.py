"""Files in every form, each proven before it stands under its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from evolve.errors import ConfigError
from evolve.export import onnx, python
from evolve.export.origin import Origin
from evolve.export.proof import prove


def _latex(origin: Origin) -> str:
    from sandbox.latex import latex

    told = "".join(f"% {line}\n" for line in origin.told())
    return f"{told}\\[\n{latex(origin.graph)}\n\\]\n"


FORMS: Mapping[str, tuple[str, Callable[[Origin], str | bytes]]] = MappingProxyType(
    {
        "torch": (".py", python.torch),
        "onnx": (".onnx", onnx.model),
        "jax": (".py", python.jax),
        "keras": (".py", python.keras),
        "numpy": (".py", python.numpy),
        "latex": (".tex", _latex),
        "sympy": (".py", python.sympy),
    }
)
"""Name of a form -> how its files end, and what writes one."""


def write(origin: Origin, form: str, path: Path | None = None) -> tuple[Path, float | None]:
    """Writes the function as `form`; gives where, and its largest difference from the graph.

    LaTeX, which nothing can run, has no difference.

    Raises:
        ConfigError: there is no such form, or the file exists or cannot be written.
        EvolveError: the form lacks an operation, or the file is not the function.
    """
    if form not in FORMS:
        raise ConfigError(f"--to {form}: no such form; there are {', '.join(FORMS)}")
    ending, writer = FORMS[form]
    chosen = path or Path(f"activation_{origin.id}_{form}{ending}")
    if chosen.exists():
        raise ConfigError(f"{chosen}: exists already; --out names another file")
    written = writer(origin)
    text = written.encode() if isinstance(written, str) else written
    difference = None
    if form != "latex":
        with TemporaryDirectory() as folder:
            trial = Path(folder) / f"exported{ending}"
            trial.write_bytes(text)
            difference = prove(form, trial, origin.graph)
    try:
        with chosen.open("xb") as file:
            file.write(text)
    except OSError as error:
        raise ConfigError(f"{chosen}: cannot be written ({error.strerror})") from None
    return chosen, difference
