"""Tables as tasks: a file or a public data set, a target column, and a named shift.

The package imports nothing here: polars is heavy, and only who has a table needs it.
"""
