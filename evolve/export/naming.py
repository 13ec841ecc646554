"""Names for parameters that clash with nothing in a written file."""

from __future__ import annotations

from sandbox.operations import named

_TAKEN = frozenset(
    named(
        "T training forward to half float double type cuda cpu xpu ipu mtia bfloat16 apply "
        "compile children modules parameters buffers eval train state_dict extra_repr "
        "zero_grad requires_grad_ share_memory add_module register_buffer register_parameter "
        "register_module get_parameter get_buffer get_submodule set_submodule get_extra_state "
        "set_extra_state named_parameters named_buffers named_children named_modules "
        "load_state_dict to_empty dump_patches call_super_init super self np jnp ops special "
        "keras sp"
    )
)


def attribute(name: str) -> str:
    """The name itself; with a line after it where a library has something by that name."""
    return f"{name}_" if name in _TAKEN or name.startswith("register_") else name
