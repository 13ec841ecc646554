from pathlib import Path

import pytest

from evolve.errors import ModelError
from evolve.models.keys import key_for, read_keys, secrets


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("A_KEY", "B_KEY", "PLAIN"):
        monkeypatch.setenv(name, "here")  # so that whatever the file sets is taken back
        monkeypatch.delenv(name)
    return monkeypatch


def test_a_file_gives_what_the_environment_does_not(
    tmp_path: Path, clean: pytest.MonkeyPatch
) -> None:
    clean.setenv("A_KEY", "mine")
    (tmp_path / ".env").write_text("A_KEY=theirs\nexport B_KEY='quoted $HOME'\n# no\nPLAIN=\n")
    assert read_keys(tmp_path) == ["B_KEY"]
    assert {"mine", "quoted $HOME"} <= set(secrets())
    assert "theirs" not in set(secrets())


def test_no_file_gives_nothing(tmp_path: Path) -> None:
    assert read_keys(tmp_path) == []


def test_a_file_that_is_no_text_is_named_without_its_content(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A_KEY=sk-\xff\xfe")
    with pytest.raises(ModelError, match=r"\.env: cannot be read \(UnicodeDecodeError\)") as caught:
        read_keys(tmp_path)
    assert "sk-" not in str(caught.value)


def test_a_server_gets_its_own_key_where_it_has_one(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("OPENAI_API_KEY", "sk-openai ")
    clean.setenv("LAB_EXAMPLE_ORG_API_KEY", "sk-lab")
    assert key_for("https://lab.example.org:8000/v1") == "sk-lab"
    assert key_for("http://127.0.0.1:8000/v1") == "sk-openai"
    assert key_for("http://[") == "sk-openai"
