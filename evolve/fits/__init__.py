"""The two neural-symbolic systems on a table of one's own: `evolve fit`."""
