"""From the text of a program to its graph: parsed and evaluated by us, never executed."""
