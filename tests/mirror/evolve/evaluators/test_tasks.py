import pytest
from rich.console import Console

from evolve.errors import ConfigError
from evolve.evaluators.tasks import cards, sketch
from evolve.report.tasks import task, tasks


@pytest.mark.parametrize("name", [card.task for card in cards("lab")])
def test_every_task_can_be_drawn_on_a_narrow_terminal(name: str) -> None:
    console = Console(width=80, record=True)
    drawn = sketch("lab", name)
    console.print(task(drawn))
    shown = console.export_text()
    assert drawn.card.family in shown
    assert "OOD: " in shown
    assert drawn.inside.x == sorted(drawn.inside.x)


def test_the_table_of_tasks_names_all() -> None:
    console = Console(width=100, record=True)
    console.print(tasks(cards("lab")))
    shown = console.export_text()
    assert all(card.task in shown for card in cards("lab"))


def test_an_unknown_task_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'mul2'"):
        sketch("lab", "mul")
    with pytest.raises(ConfigError, match="'lab'"):
        cards("lap")
