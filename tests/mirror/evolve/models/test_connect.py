from __future__ import annotations

import subprocess
import sys
from contextlib import closing

import pytest

from evolve.errors import ModelError
from evolve.models import connect
from evolve.protocols import Model


def connected(name: str, base_url: str | None = None) -> Model:
    return connect(name, base_url, temperature=0.8, max_tokens=100, timeout_seconds=20.0)


def test_a_base_url_makes_any_name_that_servers_own() -> None:
    with closing(connected("qwen/anything:7b", "http://127.0.0.1:1/v1")) as model:
        assert model.name == "qwen/anything:7b"
        assert not model.grammars


def test_a_local_model_and_a_server_do_not_go_together() -> None:
    with pytest.raises(ModelError, match="drop one"):
        connected("local:smollm2-135m", "http://127.0.0.1:1/v1")


def test_a_local_model_that_does_not_exist_is_named() -> None:
    with pytest.raises(ModelError, match="did you mean smollm2-135m"):
        connected("local:smollm2")


def test_a_model_on_a_server_never_touches_litellm_and_the_room_imports_no_library() -> None:
    code = (
        "import sys, evolve.models as room\n"
        "heavy = {'openai', 'litellm', 'torch', 'xllamacpp'}\n"
        "assert not heavy & set(sys.modules)\n"
        "room.connect('m', 'http://127.0.0.1:1/v1', temperature=1.0, max_tokens=1,"
        " timeout_seconds=1.0)\n"
        "assert heavy & set(sys.modules) == {'openai'}\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  (our own statement)
