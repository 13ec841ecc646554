"""Imported where commands are forked from: so their zygotes are forked from one nursery, too."""

from evolve.evaluators.zygotes import nursery

nursery()
