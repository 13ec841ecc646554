"""Refusals: why a program was not admitted, as a code, a line and a hint to act on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

HINTS: Mapping[str, str] = MappingProxyType(
    {
        # the text
        "source": "give the program as text",
        "syntax": "write plain Python source, without Markdown fences or stray characters",
        "unicode": "use printable ASCII for names and no invisible characters",
        "too_long": "keep the program under 16 KB and 4,000 tokens",
        "too_deep": "nest less: name intermediate values and use them",
        "int_too_large": "keep integers below 2**53",
        "string": "strings are only allowed as options such as approximate='tanh'",
        # what may be written
        "import": "import only torch, torch.nn, torch.nn.functional, math, numpy or jax.numpy",
        "toplevel": "at top level write imports, numeric constants, functions and one entry point",
        "no_entry": "define activation(x, beta=1.0), or class Activation(nn.Module) with forward",
        "signature": "give every argument but x a default; no *args or **kwargs",
        "class": "write one class Activation(nn.Module), with __init__, forward and methods",
        "decorator": "remove the decorator",
        "syntax_node": "use assignments, for, if, functions, lambdas and arithmetic; nothing else",
        "while": "use for with range(...) of a fixed length",
        "star_call": "pass every argument by position or by name",
        "assign_target": "assign to plain names (in __init__ also to self.name)",
        "expr_statement": "remove the statement: its value is not used",
        "params": "a trainable parameter is one scalar, e.g. nn.Parameter(torch.tensor(0.5))",
        "stateful": "set attributes of self in __init__ only; forward must not change anything",
        "dunder": "do not use names that begin or end with underscores",
        "attribute": "use only documented tensor methods and torch functions",
        "forbidden_name": "use a pointwise torch function; this name is not one of them",
        "name": "assign the name before it is used",
        "call": "call only functions that are defined here or pointwise torch functions",
        "type": "combine tensors and plain numbers only",
        "index": "the index is outside of the list",
        # what a pointwise function may not do
        "data_dependent_branch": "choose with torch.where(mask, a, b); combine masks with & and |",
        "iterate_tensor": "loop over range(...) or a list of numbers, not over a tensor",
        "inplace": "write a new value: y = y + 1 instead of changing a tensor in place",
        "non_pointwise": "each output may depend on its own input only: no reduction, no reshaping",
        "random": "remove randomness: one input must always give one output",
        "gradient_trick": "remove detach, no_grad and hooks: the gradient is the function's own",
        "context_dependent": "do not ask for shape, size, device or values of the tensor",
        "dtype_change": "keep the dtype and the device of the input",
        "non_scalar_constant": "use plain numbers or one-element tensors as constants",
        "complex": "keep to real numbers",
        "domain": "raise only positive constants to a tensor power",
        # constants
        "arith": "this arithmetic on constants has no finite result; write the number",
        "nan_const": "use finite constants",
        "inf_const": "use a finite bound instead of infinity",
        "huge_const": "use constants below 1e30 in size",
        "denormal_const": "use constants above 1e-30 in size, or 0",
        # size of the computation
        "recursion": "do not call functions recursively",
        "too_many_steps": "use shorter loops: the program is unrolled before it is trained",
        "too_many_ops": "use fewer than 256 operations",
        "too_many_params": "use fewer trainable parameters",
        "over_budget": "use fewer or cheaper operations, or fewer parameters",
        # behaviour
        "not_tensor": "return a tensor computed from x",
        "constant_output": "let the output depend on x",
        "nonfinite": (
            "stay finite for |x| <= 1e3 in float32: clamp before exp, use F.softplus and "
            "torch.sinc, and select a safe input with torch.where before dividing, log or sqrt"
        ),
        "grad_explodes": "keep |f'| below 1e3 for |x| <= 5",
        "no_gradient": "rounding, sign and comparisons alone give no gradient: add a smooth part",
        "flat": "let the function vary on [-3, 3]",
        "affine": "bend the function: a straight line adds nothing between linear layers",
        "discontinuous": "remove the jumps: f' must be the slope of f almost everywhere",
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a program is not admitted.

    Attributes:
        code: a stable word, one of HINTS.
        line: the line of the program, counted from 1; 0 where no single line is to blame.
        hint: what to do about it, in our words and never in the candidate's.
    """

    code: str
    line: int
    hint: str

    def to_json(self) -> str:
        """One line of JSON; `from_json` gives an equal refusal."""
        return json.dumps({"code": self.code, "line": self.line, "hint": self.hint})

    @classmethod
    def from_json(cls, text: str) -> Refusal:
        """The refusal that `to_json` wrote.

        Raises:
            ValueError: the text is not one.
        """
        fields = json.loads(text)
        if not isinstance(fields, dict) or set(fields) != {"code", "line", "hint"}:
            raise ValueError("a refusal is an object with code, line and hint")
        code, line, hint = fields["code"], fields["line"], fields["hint"]
        if code not in HINTS or type(line) is not int or not isinstance(hint, str):
            raise ValueError("a refusal has a known code, a whole line number and a hint in text")
        return cls(code, line, hint)


class Refused(Exception):  # noqa: N818  it is a verdict on the program, not an error of ours
    """Raised inside the parser and the checks; `admit` and `parse` turn it into a Refusal."""

    def __init__(self, code: str, hint: str = "", line: int = 0) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, line, hint or HINTS[code])

    def at(self, line: int) -> Refusal:
        """The refusal, with this line where none is known yet."""
        refusal = self.refusal
        return refusal if refusal.line else Refusal(refusal.code, line, refusal.hint)
