"""What is known of an admitted program; plain values, written as JSON and read back checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from sandbox.cost import Cost
from sandbox.graph import Graph
from sandbox.traits import Traits


@dataclass(frozen=True, slots=True)
class Admission:
    """An admitted program, measured before any training.

    Attributes:
        graph: what is trained.
        canonical: the program in our own spelling; parsing it gives the same graph.
        fingerprint: programs with one fingerprint are the same function.
        affine_class: programs of one class differ by what linear layers absorb.
        behaviour: the function at a few points, centred and scaled, to four digits.
        cost: static, exact.
        traits: the shape at the initial values of the parameters.
    """

    graph: Graph
    canonical: str
    fingerprint: str
    affine_class: str
    behaviour: tuple[float, ...]
    cost: Cost
    traits: Traits

    def to_json(self) -> str:
        """One line of JSON; `from_json` gives an equal admission."""
        fields = {
            "graph": self.graph.to_json(),
            "canonical": self.canonical,
            "fingerprint": self.fingerprint,
            "affine_class": self.affine_class,
            "behaviour": self.behaviour,
            "cost": asdict(self.cost),
            "traits": asdict(self.traits),
        }
        return json.dumps(fields, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Admission:
        """The admission that `to_json` wrote, every field checked.

        Raises:
            ValueError: the text is not one.
        """
        fields = _fields(json.loads(text), cls.__annotations__)
        graph = Graph.from_json(fields.pop("graph"))
        cost = Cost(**_fields(fields.pop("cost"), Cost.__annotations__))
        traits = Traits(**_fields(fields.pop("traits"), Traits.__annotations__))
        behaviour = tuple(map(float, fields.pop("behaviour")))
        return cls(graph=graph, cost=cost, traits=traits, behaviour=behaviour, **fields)


# What JSON makes of each annotation; a graph travels as text of its own.
_JSON: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {
        "int": (int,), "float": (int, float), "bool": (bool,), "str": (str,), "Graph": (str,),
        "Cost": (dict,), "Traits": (dict,), "tuple[float, ...]": (list,),
    }
)  # fmt: skip


def _fields(found: object, wanted: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an object, if they are the wanted ones and of the right type."""
    if not isinstance(found, dict) or found.keys() != wanted.keys():
        raise ValueError(f"wanted an object with {', '.join(wanted)}")
    for name, kind in wanted.items():
        value = found[name]
        if not isinstance(value, _JSON[kind]) or isinstance(value, bool) != (kind == "bool"):
            raise ValueError(f"{name} is {type(value).__name__}; wanted {kind}")
    return dict(found)
