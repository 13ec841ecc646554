"""Measures activation functions: tasks, a training recipe, and what may be believed of them.

The package imports nothing here, because its two halves must not meet: the half that trains
(`recipe`, `lesson`, `frames`, `activation`, `network`, `adam`, `train`) runs in a locked process
that never holds a hidden label; the half that knows the truth (`tasks`, `exam`, `losses`,
`judgement`, ...) stays outside.
"""
