"""The tasks, one file a family; `fitness.suites` says which belong to which split."""
