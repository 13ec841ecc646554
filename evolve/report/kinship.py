"""A lineage as a graph for other tools: DOT, Mermaid and GraphML, ids and figures only."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from evolve.lineage import Ancestor
from evolve.records import Record
from evolve.report.tables import maker


def dot(found: Sequence[Ancestor]) -> str:
    """For Graphviz."""
    nodes = "".join(f'  "{name}" [label="{label}"];\n' for name, label in _labels(found, "\\n"))
    edges = "".join(f'  "{parent}" -> "{child}";\n' for parent, child in edges_of(found))
    return f"digraph lineage {{\n  node [shape=box];\n{nodes}{edges}}}"


def mermaid(found: Sequence[Ancestor]) -> str:
    """For Markdown pages that draw Mermaid."""
    nodes = "".join(f'  n{name}["{label}"]\n' for name, label in _labels(found, "<br>"))
    edges = "".join(f"  n{parent} --> n{child}\n" for parent, child in edges_of(found))
    return f"flowchart TD\n{nodes}{edges}".rstrip()


def graphml(found: Sequence[Ancestor]) -> str:
    """For NetworkX, Gephi, yEd, Cytoscape."""
    import networkx as nx

    graph = nx.DiGraph()
    for each in found:
        record = each.record
        graph.add_node(
            _id(record), depth=each.depth, step=record.step, operator=_plain(record.operator),
            fitness=record.evaluation.fitness if record.evaluation else 0.0,
            made_by=_plain(maker(record.operator, record.note)),
        )  # fmt: skip
    graph.add_edges_from(edges_of(found))
    return "\n".join(nx.generate_graphml(graph))


FORMATS: Mapping[str, Callable[[Sequence[Ancestor]], str]] = MappingProxyType(
    {"dot": dot, "mermaid": mermaid, "graphml": graphml}
)


def edges_of(found: Sequence[Ancestor]) -> list[tuple[str, str]]:
    """(parent, child) for all that are among those found."""
    known = {_id(each.record) for each in found}
    return [
        (parent, _id(each.record))
        for each in found
        for parent in dict.fromkeys(each.record.parents)
        if parent in known
    ]


def _labels(found: Sequence[Ancestor], line: str) -> list[tuple[str, str]]:
    return [(_id(each.record), _label(each.record, line)) for each in found]


def _label(record: Record, line: str) -> str:
    fitness = f"{record.evaluation.fitness:+.3f}" if record.evaluation else ""
    made = _plain(maker(record.operator, record.note))
    return f"{_id(record)}{line}{fitness} {made}, step {record.step}"


def _id(record: Record) -> str:
    return _plain(record.program.id) if record.program else ""


def _plain(text: str) -> str:
    """Without what any of the formats gives a meaning to."""
    return re.sub(r"[^\w .@:/+-]", "?", text, flags=re.ASCII)
