"""The operators of a run by their names: plug-ins, language models, blind and screened ones."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoints, entry_points
from types import MappingProxyType

from evolve.config import Config
from evolve.errors import ConfigError
from evolve.operators.blind import Blind
from evolve.operators.llm import Kind, Llm, Phrasing, Repairing, Style
from evolve.operators.regularised import Regularised
from evolve.operators.surrogate import Screened
from evolve.operators.symbolnet.operator import SymbolNet
from evolve.operators.xnet.operator import XNet
from evolve.portfolio import BLIND, LLM, ROLES, controls_of, is_model, role_of
from evolve.protocols import Model, Operator, Workshop
from evolve.samplers import Admit

PLUG_INS = "evolve.operators"
"""The group of entry points that name operators; each is called without arguments."""

ALONE = ("pangaea",)
"""Operators that bring a selection of their own: regularised evolution, where they run alone."""


TRAINING: Mapping[str, Callable[[Workshop], Operator]] = MappingProxyType(
    {"symbolnet": SymbolNet, "xnet": XNet}
)
"""Operators that learn from networks, and so are given where these are trained."""


@dataclass
class Roster:
    """Engages operators by name.

    Attributes:
        connect: the language model of a name; asked for each name once.
        admit: what admission makes of a program: for those that a model may repair.
        workshop: where operators have networks trained that learn from them.
    """

    config: Config
    connect: Callable[[str], Model]
    admit: Admit
    workshop: Workshop
    _connected: dict[str, Model] = field(default_factory=dict, init=False)

    def engage(self) -> Mapping[str, Operator]:
        """The run's operators, and its controls, by name.

        Raises:
            ConfigError: there is no operator of a name; says the nearest.
            ModelError: a language model cannot be had.
        """
        search = self.config.search
        check_names(search.operators)
        controls = {name: self._named(name) for name in controls_of(search)}
        engaged = {name: self._named(name) for name in search.operators}
        if len(engaged) == 1:
            engaged |= {name: Regularised(each) for name, each in engaged.items() if name in ALONE}
        if search.screen > 1:
            screened = (search.screen, search.screen_by)
            engaged = {name: Screened(each, *screened) for name, each in engaged.items()}
        return controls | engaged

    def _named(self, name: str) -> Operator:
        if name.startswith(BLIND):
            return Blind(self._named(name.removeprefix(BLIND)))
        if is_model(name):
            return self._llm(name)
        if name in TRAINING:
            return TRAINING[name](self.workshop)
        operator: Operator = _plug_ins()[name].load()()
        return operator

    def _llm(self, operator: str) -> Operator:
        asked, table = self._model(model_of(operator, self.config)), self.config.model
        role = role_of(operator)
        llm = Llm(
            asked,
            Style.suited_to(asked) if table.style == "auto" else Style(table.style),
            Phrasing(self.config.sandbox.flops, table.tells),
            Kind(role) if role else None,
            cross_share=table.cross_share,
            held=table.grammar == "auto",
        )
        # A small model makes nothing of a refusal, and held to the grammar it meets none.
        repairs = table.repairs if llm.style is Style.FULL else 0
        return Repairing(llm, self.admit, repairs) if repairs else llm

    def _model(self, name: str) -> Model:
        if name not in self._connected:
            self._connected[name] = self.connect(name)
        return self._connected[name]

    def remarks(self) -> tuple[str, ...]:
        """What people should know of the models that were connected, a line each."""
        limits = self.config.budget
        unheld = limits.dollars is not None and limits.tokens is None and limits.calls is None
        advice = "; a limit in dollars does not bind it, one in tokens or calls would"
        return tuple(
            f"{model.name}: its price is not known here, so its tokens are counted, and dollars "
            f"only if its server tells them{advice if unheld else ''}."
            for model in self._connected.values()
            if model.price is None
        )


def model_of(operator: str, config: Config) -> str:
    """Name of the model that an operator such as `llm` or `llm@MODEL` asks."""
    return operator.partition("@")[2] or config.model.name


def models_of(config: Config) -> set[str]:
    """Names of all models that a run asks."""
    return {model_of(name, config) for name in config.search.operators if is_model(name)}


def check_names(names: tuple[str, ...]) -> None:
    """Makes sure that there are operators of these names, each named once.

    Raises:
        ConfigError: there is none of a name; says the nearest.
    """
    known = [LLM, *ROLES, *sorted({*_plug_ins().names, *TRAINING})]
    for name in names:
        base, at, model = name.removeprefix(BLIND).partition("@")
        if base not in known or (at and not (is_model(base) and model)):
            close = difflib.get_close_matches(base, known, n=1, cutoff=0.5)
            nearest = f"did you mean {close[0]!r}? " if close else ""
            raise ConfigError(
                f"[search] operators: there is no {name!r}; {nearest}There are: "
                f"{', '.join(known)}; blind-NAME asks one without parents, llm@MODEL another model"
            )
    if repeated := _repeated(names):
        raise ConfigError(f"[search] operators: {repeated!r} is named twice; name it once")


def _repeated(names: tuple[str, ...]) -> str | None:
    seen: Iterator[str] = (name for name in names if names.count(name) > 1)
    return next(seen, None)


def _plug_ins() -> EntryPoints:
    return entry_points(group=PLUG_INS)
