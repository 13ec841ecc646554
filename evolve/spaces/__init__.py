"""Fixed search spaces of the literature: their members, and how these are spelled and read back."""
