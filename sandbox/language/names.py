"""Every name that a program may reach, in every spelling, and what it means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from sandbox.language.values import Known, Namespace, Opaque, Value
from sandbox.operations import COMMUTATIVE, COMPARISONS, ORDERED, UNARY, WITH_ATTRIBUTES, named

# Modules by the name in the import statement.
IMPORTS: Mapping[str, str] = MappingProxyType(
    {
        "torch": "torch", "torch.nn": "torch.nn", "torch.nn.functional": "functional",
        "torch.special": "torch.special", "math": "math", "numpy": "numpy", "jax": "jax",
        "jax.numpy": "numpy", "jax.nn": "jax.nn", "scipy.special": "torch.special",
    }
)  # fmt: skip

# Modules by the attribute of another module.
MODULES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("torch", "nn"): "torch.nn", ("torch.nn", "functional"): "functional",
        ("torch", "special"): "torch.special", ("jax", "numpy"): "numpy", ("jax", "nn"): "jax.nn",
    }
)  # fmt: skip

# One function, many spellings: NumPy's, JAX's and torch's own.
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "absolute": "abs", "fabs": "abs", "multiply": "mul", "divide": "div", "true_divide": "div",
        "subtract": "sub", "negative": "neg", "power": "pow", "float_power": "pow",
        "arctan": "atan", "arcsin": "asin", "arccos": "acos", "arctan2": "atan2",
        "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "fmax": "maximum",
        "fmin": "minimum", "swish": "silu", "expit": "sigmoid", "less": "lt", "greater": "gt",
        "less_equal": "le", "greater_equal": "ge", "not_equal": "ne", "equal": "eq", "sgn": "sign",
        "logical_and": "and", "logical_or": "or", "logical_xor": "xor", "logical_not": "not",
        "fix": "trunc", "clip": "clamp", "mod": "remainder", "soft_sign": "softsign",
        "log_sigmoid": "logsigmoid", "log_expit": "logsigmoid", "hard_tanh": "hardtanh",
        "hard_sigmoid": "hardsigmoid", "hard_swish": "hardswish", "hard_silu": "hardswish",
    }
)  # fmt: skip

# Functions that are spelt out in several operations, or take arguments of their own kind.
COMPOSED = frozenset(
    named(
        "where clamp clamp_min clamp_max tensor as_tensor zeros ones full zeros_like "
        "ones_like full_like scalar_tensor lerp addcmul addcdiv prelu masked_fill "
        "gelu to type_as float clone contiguous identity rsub array asarray "
        "nan_to_num max min"
    )
)
REDUCTIONS = frozenset(named("mean std var norm"))

_OPERATIONS = frozenset((*UNARY, *WITH_ATTRIBUTES, *COMMUTATIVE, *ORDERED, *COMPARISONS))
FUNCTIONS = (_OPERATIONS - {"gelu_tanh"}) | COMPOSED | REDUCTIONS | ALIASES.keys()

# torch.nn modules, and the function that each applies.
LAYERS: Mapping[str, str] = MappingProxyType(
    {
        "ReLU": "relu", "GELU": "gelu", "SiLU": "silu", "Mish": "mish", "Tanh": "tanh",
        "Sigmoid": "sigmoid", "Softplus": "softplus", "ELU": "elu", "CELU": "celu", "SELU": "selu",
        "Softsign": "softsign", "Hardswish": "hardswish", "Hardsigmoid": "hardsigmoid",
        "ReLU6": "relu6", "LeakyReLU": "leaky_relu", "LogSigmoid": "logsigmoid",
        "Tanhshrink": "tanhshrink", "Hardtanh": "hardtanh", "Softshrink": "softshrink",
        "Hardshrink": "hardshrink", "Identity": "identity",
    }
)  # fmt: skip

_MATH = frozenset(
    named(
        "sqrt exp exp2 expm1 log log1p log2 log10 sin cos tan tanh sinh cosh atan "
        "asin acos erf erfc pow fabs floor ceil copysign hypot gamma lgamma asinh "
        "acosh atanh degrees radians"
    )
)
_CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "e": math.e, "tau": math.tau})
_NUMPY_ONLY = frozenset(
    named(
        "tanh sin cos tan sinh cosh exp expm1 exp2 log log2 log10 log1p sqrt square "
        "reciprocal sinc sign floor ceil trunc abs where maximum minimum clip hypot "
        "copysign logaddexp fmod remainder add heaviside zeros_like ones_like "
        "full_like array asarray mean std var"
    )
)
_PYTHON = frozenset(
    named("range enumerate zip len sum min max abs float int round pow reversed tuple list bool")
)

# Names that give away what a program was after: one code, and so one hint, for each intention.
_INTENTIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "non_pointwise": frozenset(named(
            "mean sum std var max min amax amin norm softmax log_softmax softmin "
            "cumsum cumprod sort argsort topk median mode prod logsumexp argmax "
            "argmin matmul mm bmm einsum dot conv1d conv2d linear batch_norm "
            "layer_norm group_norm instance_norm rms_norm normalize quantile kthvalue "
            "unique histc cdist fft roll flip gather scatter index_select cat stack "
            "chunk split reshape view permute transpose flatten squeeze unsqueeze "
            "expand repeat tile diff cummax cummin glu avg_pool1d max_pool1d unfold t "
            "T mT pad cov corrcoef all any count_nonzero nonzero masked_select nansum "
            "nanmean concatenate outer"
        )),
        "random": frozenset(named(
            "rand randn rand_like randn_like randint randint_like randperm bernoulli "
            "normal dropout alpha_dropout feature_alpha_dropout rrelu multinomial "
            "poisson empty empty_like manual_seed seed initial_seed random Dropout "
            "RReLU"
        )),
        "gradient_trick": frozenset(named(
            "detach detach_ no_grad enable_grad set_grad_enabled inference_mode "
            "requires_grad_ requires_grad grad backward register_hook data autograd "
            "retain_grad stop_gradient grad_fn is_leaf custom_function custom_vjp "
            "custom_jvp Function apply"
        )),
        "context_dependent": frozenset(named(
            "shape size numel dim ndim ndimension stride storage data_ptr item tolist "
            "numpy training cpu cuda is_cuda element_size nbytes layout names version "
            "storage_offset is_contiguous untyped_storage nelement"
        )),
        "dtype_change": frozenset(named(
            "double half bfloat16 int long short char byte bool complex float64 "
            "float16 int64 int32 astype cfloat cdouble"
        )),
    }
)  # fmt: skip


def refusal_code(name: str) -> str:
    """The code that suits a name which is not allowed."""
    if name.endswith("_") and not name.startswith("_"):
        return "inplace"
    for code, names in _INTENTIONS.items():
        if name in names:
            return code
    return "forbidden_name"


def builtin(name: str) -> tuple[Value, ...]:
    """A function of plain Python as a tuple of one, or an empty tuple."""
    return (Known("python", name),) if name in _PYTHON else ()


def member(module: str, name: str) -> tuple[Value, ...]:
    """What a module's attribute means as a tuple of one, or an empty tuple."""
    if (module, name) in MODULES:
        return (Namespace(MODULES[module, name]),)
    if module in {"torch", "math", "numpy"} and name in _CONSTANTS:
        return (_CONSTANTS[name],)
    if module == "math":
        return (Known("math", name),) if name in _MATH else ()
    if module == "torch.nn":
        return _layer(name)
    if module == "jax.nn" and name == "gelu":  # JAX approximates unless told not to
        return (Known("torch", "jax_gelu"),)
    if module == "numpy" and name not in _NUMPY_ONLY and name not in ALIASES:
        return ()
    if module == "torch" and name in {"float32", "float", "get_default_dtype", "Tensor"}:
        return (Opaque(),)
    return (Known("torch", name),) if name in FUNCTIONS else ()


def method(tensor: Value, name: str) -> tuple[Value, ...]:
    """What a tensor's attribute means, as `member` gives it."""
    if name in {"dtype", "device"}:
        return (Opaque(),)
    return (Known("torch", name, (tensor,)),) if name in FUNCTIONS else ()


def _layer(name: str) -> tuple[Value, ...]:
    if name in {"Parameter", *LAYERS}:
        return (Known("nn", name),)
    return (Opaque(),) if name == "Module" else ()
