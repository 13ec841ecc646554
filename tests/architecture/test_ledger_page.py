"""Every table and column of a ledger is documented, and nothing else is."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from evolve.ledger.schema import SCHEMA, TABLES

PAGE = Path(__file__).parents[2] / "docs" / "ledger.md"


def test_the_page_of_the_ledger_names_every_column_in_its_order() -> None:
    sections = re.split(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = {
        table: re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)
        for table, text in zip(sections[1::2], sections[2::2], strict=True)
    }
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        columns = {
            table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            for table in TABLES
        }
    assert told == columns
