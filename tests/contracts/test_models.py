"""Every model that ships keeps the contract; the hosted ones' faults have their own tests."""

from __future__ import annotations

import pytest

from evolve.models.local import LocalModel
from evolve.models.recorded import RecordedModel
from evolve.models.sampling import Sampling
from evolve.models.scripted import ScriptedModel
from evolve.protocols import Model
from evolve.records import Call
from evolve.testing import ModelContract


class TestScripted(ModelContract):
    def make(self) -> Model:
        return ScriptedModel(["hello"])


class TestRecorded(ModelContract):
    def make(self) -> Model:
        return RecordedModel("m", [Call("m", self.messages, 3, "hello")])


@pytest.mark.model
class TestLocal(ModelContract):
    def make(self) -> Model:
        return LocalModel("smollm2-135m", Sampling(0.8, 8, 60.0))
