"""Evolution of activation functions: programs varied, admitted, trained, and remembered."""

__version__ = "0.1.0"
