"""SymbolNet: symbolic layers that prune themselves (arXiv:2401.09949)."""
