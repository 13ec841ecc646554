from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import constants

from evolve.errors import ModelError
from evolve.models.hub import KNOWN, OnHub, fetched, on_hub
from evolve.models.weights import locate


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hub's own cache, and no network."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    return tmp_path


def keep(cache: Path, wanted: OnHub, content: bytes) -> Path:
    folder = cache / f"models--{wanted.repository.replace('/', '--')}"
    commit = "0" * 40
    path = folder / "snapshots" / commit / wanted.file
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text(commit)
    return path


def test_a_file_is_named_by_owner_repository_and_path() -> None:
    assert on_hub("hub:a/b/c/d.gguf") == OnHub("a/b", "c/d.gguf")
    assert on_hub("qwen2.5-coder-0.5b") == KNOWN["qwen2.5-coder-0.5b"]
    assert on_hub("models/c.gguf") is None


@pytest.mark.parametrize("name", ["hub:", "hub:a", "hub:a/b", "hub:a//c.gguf"])
def test_half_a_name_is_none(name: str) -> None:
    with pytest.raises(ModelError, match=r"wanted hub:OWNER/REPOSITORY/FILE\.gguf"):
        on_hub(name)


def test_a_file_that_was_fetched_before_is_found_without_a_network(cache: Path) -> None:
    path = keep(cache, OnHub("a/b", "c.gguf"), b"GGUF and more")
    assert locate("hub:a/b/c.gguf") == path


@pytest.mark.usefixtures("cache")
def test_without_a_network_the_error_says_what_to_do() -> None:
    with pytest.raises(ModelError, match=r"a/b/c\.gguf cannot be fetched: .* --model local:FILE"):
        fetched(OnHub("a/b", "c.gguf"))


@pytest.mark.usefixtures("cache")
def test_a_name_that_cannot_be_is_refused() -> None:
    with pytest.raises(ModelError, match="is no name on the hub"):
        fetched(OnHub("a b/c", "d.gguf"))


def test_known_weights_are_compared_with_their_checksum(cache: Path) -> None:
    known = KNOWN["qwen2.5-coder-0.5b"]
    keep(cache, known, b"GGUF, but another")
    with pytest.raises(ModelError, match=r"is not qwen2.* wanted 1d9614638d18.*fetched anew"):
        locate("qwen2.5-coder-0.5b")
