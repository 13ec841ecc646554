"""What happens to a run is told in the fields that the page of events names."""

import json
import re
from pathlib import Path
from typing import Any

from evolve import runs
from tests.mirror.evolve.lived import config, heard

PAGE = Path(__file__).parents[3] / "docs" / "events.md"


def told(folder: Path) -> list[dict[str, Any]]:
    """A run of forty evaluations as it is told to machines."""
    lines: list[str] = []
    run = runs.create(folder, "one", config(40))
    heard(run, lambda event: lines.append(json.dumps(event.to_json(), allow_nan=False)))
    return [json.loads(line) for line in lines]


def test_every_record_is_an_event_and_the_last_one_says_what_was_found(tmp_path: Path) -> None:
    first, *between, last = told(tmp_path)
    assert (first["event"], first["records"], last["event"]) == ("started", 0, "finished")
    assert [each["records"] for each in between] == [*range(1, len(between) + 1)]
    assert {"scored", "refused", "promotion"} <= {each["event"] for each in between}
    assert between[-1]["used"]["evaluations"] == [40, 40] == last["budget"]["evaluations"]
    assert between[-1]["best"]["program"] == last["best"]["id"]
    tried = {each["program"] for each in between if each["looks_best"]}
    assert {each["program"] for each in between if each["event"] == "promotion"} <= tried


def test_the_page_of_events_names_every_field_in_its_order(tmp_path: Path) -> None:
    sections = re.split(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = [re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE) for text in sections[2::2]]
    first, second, *_, last = told(tmp_path)
    assert named == [list(first), list(second), list(last)]
