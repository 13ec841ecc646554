from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evolve.grammar import HEADER, RULES, draw, gbnf
from sandbox import Graph, parse

seeds = st.integers(0, 2**32 - 1)


def references(alternative: str) -> list[str]:
    return re.findall(r"\{(\w+)\??\}", alternative)


@given(seeds)
def test_the_sandbox_reads_every_draw_unless_its_terms_cancel(seed: int) -> None:
    graph = parse(draw(np.random.default_rng(seed)))
    assert isinstance(graph, Graph) or graph.code == "constant_output"  # exp(-|x - x|)


@given(seeds)
def test_the_same_seed_draws_the_same_program(seed: int) -> None:
    first, second = (draw(np.random.default_rng(seed)) for _ in range(2))
    assert first == second


def test_draws_differ_from_one_another() -> None:
    rng = np.random.default_rng(0)
    drawn = {draw(rng) for _ in range(500)}
    assert len(drawn) > 490


def test_rules_refer_to_rules_that_exist_and_only_downwards() -> None:
    order = list(RULES)
    for rule, alternatives in RULES.items():
        for name in (name for each in alternatives for name in references(each)):
            if {rule, name} != {"unary", "inner"}:
                assert order.index(name) > order.index(rule), (rule, name)


def test_every_rule_is_reached_from_the_root() -> None:
    reached, waiting = set(), ["root"]
    while waiting:
        rule = waiting.pop()
        if rule not in reached:
            reached.add(rule)
            waiting += [name for each in RULES[rule] for name in references(each)]
    assert reached == set(RULES)


def test_gbnf_defines_every_rule_once_and_names_no_other() -> None:
    lines = gbnf().splitlines()
    assert [line.split(" ::= ")[0] for line in lines] == list(RULES)
    for line in lines:
        unquoted = re.sub(r'"(?:\\.|[^"\\])*"', "", line.split(" ::= ")[1])
        assert set(re.findall(r"\w+", unquoted)) <= set(RULES)


def test_a_sentence_says_nothing_but_one_function() -> None:
    source = draw(np.random.default_rng(3))
    assert source.startswith(f"{HEADER}def activation(x):\n    return ")
    assert source.count("\n") == HEADER.count("\n") + 2
