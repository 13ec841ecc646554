"""A GGUF file on this machine: served by a child process, spoken to like any other server."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evolve.calls import ENDS, FREE, Price
from evolve.errors import ModelError, Unanswered
from evolve.models.retry import Retry
from evolve.models.sampling import Sampling
from evolve.models.server import Server
from evolve.models.weights import locate, require_runtime
from evolve.records import Call, Message

if TYPE_CHECKING:
    from evolve.models.openai import OpenAIModel


class LocalModel:
    """A model in a process of its own: one thread, one request at a time, held to grammars.

    The process starts at the first question, or at `start()`, and ends at `close()` or with the
    process that asked. Threads that ask at once take turns.

    Args:
        name_or_path: an embedded model's short name, or a GGUF file.
        log: where llama.cpp writes; nowhere if none.

    Raises:
        ModelError: no such weights, damaged ones, or nothing to run them with.
    """

    def __init__(self, name_or_path: str, sampling: Sampling, *, log: Path | None = None) -> None:
        require_runtime()
        self._path = locate(name_or_path)
        self._name = f"local:{name_or_path}"
        self._sampling = sampling
        self._log = log
        self._starting = threading.Lock()
        self._turn = threading.Lock()
        self._closed = False
        self._server: Server | None = None
        self._model: OpenAIModel | None = None

    @property
    def name(self) -> str:
        """How people call it, e.g. `local:smollm2-135m`."""
        return self._name

    @property
    def grammars(self) -> bool:
        """Always: llama.cpp takes them."""
        return True

    @property
    def price(self) -> Price | None:
        """Nothing but time."""
        return FREE

    def start(self) -> Server:
        """Begins to read the weights and returns at once; the first question waits for the rest.

        Raises:
            ModelError: it has been closed.
        """
        with self._starting:
            if self._closed:
                raise ModelError(f"{self.name} has been closed; connect anew")
            if self._server is None:
                self._server = Server(self._path, self._log)
            return self._server

    def complete(
        self, messages: Sequence[Message], *, seed: int, grammar: str | None = None
    ) -> Call:
        """One reply; its seconds do not count the time spent waiting for a turn.

        Raises:
            Unanswered: the weights cannot be run, the process has died, or says nothing of use.
            ModelError: it has been closed.
        """
        with self._turn:
            server = self.start()
            if self._model is None:
                question = Call(self.name, tuple(messages), seed, "")
                self._model = self._speaking_to(server, question)
            try:
                return self._model.complete(messages, seed=seed, grammar=grammar)
            except Unanswered as error:
                if server.alive:
                    raise
                why = (
                    f"{self.name}: its process ended ({server.end()}); "
                    f"if memory ran out, take a smaller model{ENDS}"
                )
                calls = [replace(each, failure=why) for each in error.calls]
                raise Unanswered(why, tuple(calls)) from error

    def close(self) -> None:
        """Ends the process; a reply under way is lost."""
        with self._starting:
            self._closed = True
            server = self._server
        if server is None:
            return
        server.kill()  # first, so that whoever has the turn gives it up
        with self._turn:
            server.close()
            if self._model is not None:
                self._model.close()

    def _speaking_to(self, server: Server, question: Call) -> OpenAIModel:
        # A second of imports, which a search spends while its founders are trained.
        from evolve.models.openai import OpenAIModel, Served

        try:
            address = server.address()
        except ModelError as error:  # the file is damaged: the other models of a run go on
            why = f"{error}{ENDS}"
            raise Unanswered(why, (replace(question, failure=why),)) from error
        served = Served("local", f"{address}/v1", server.key, self.name, grammars=True, price=FREE)
        # No network between: a second failure is the last.
        return OpenAIModel(served, self._sampling, retry=Retry(attempts=2))
