"""What makes proposals: one file or folder an operator; `evolve.build` gives them their names."""
