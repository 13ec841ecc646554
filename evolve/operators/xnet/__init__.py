"""X-Net: a tree network trained by alternating backpropagation (arXiv:2401.01772)."""
