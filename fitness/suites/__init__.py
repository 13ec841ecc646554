"""Suites: named sets of tasks in splits, each declared in a TOML file; `lab` ships with us."""

from __future__ import annotations

from fitness.suites.choice import Split, digest, families, names, select

__all__ = ["Split", "digest", "families", "names", "select"]
