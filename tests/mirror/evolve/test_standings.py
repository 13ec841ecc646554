"""What is said below a ranking of activations."""

import pytest

from evolve.report.standings import notes
from evolve.standing import Standing, Table


@pytest.mark.parametrize(("tasks", "lines"), [(2, 0), (3, 1)])
def test_whose_gain_is_two_tasks_is_named_where_there_are_more(tasks: int, lines: int) -> None:
    snake = Standing(
        name="snake", fitness=0.1, interval=(0.0, 0.2), families={}, raw_p=None, p=None,
        improvement=0.6, failed=0.0, narrow=True, flops=4.0, parameters=0, seconds=1.0,
    )  # fmt: skip
    table = Table("lab", "search", 0, {}, tasks, 0, 1.0, (snake,), {})
    assert notes(table).plain.count("better only by their two best tasks: snake") == lines
