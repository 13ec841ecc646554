"""SymbolNet: symbolic layers that prune themselves (arXiv:2401.09949), as a fit and as an operator."""
