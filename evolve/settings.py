"""TOML text to settings and back; every mistake named with its file, line and key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from evolve.config import NONE, Config, Table
from evolve.errors import ConfigError

Values = dict[str, dict[str, Any]]


def read(path: Path | None, overrides: Iterable[str] = ()) -> Config:
    """Settings of the file `path`, or the defaults, with `table.key=value` on top.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or names a key or value that cannot be.
    """
    text = "" if path is None else _text(path)
    values = _parse(text, str(path))
    for override in overrides:
        table, key, value = _split(override)
        values.setdefault(table, {})[key] = value
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_explain(error.errors(), str(path), text)) from None


def budget(limits: str) -> list[str]:
    """Overrides for `--budget evaluations=60,minutes=5`; limits that are not named are lifted.

    `seconds` are minutes said otherwise.

    Raises:
        ConfigError: a limit is not of the form name=number.
    """
    named = {"evaluations": NONE}
    for limit in limits.split(","):
        name, equals, amount = (part.strip() for part in limit.partition("="))
        if not equals or not amount:
            raise ConfigError(f"--budget {limit!r}: want name=number, as evaluations=60,minutes=5")
        if name == "seconds" and amount.replace(".", "", 1).isdecimal():
            name, amount = "minutes", repr(float(amount) / 60)
        named[name] = amount
    return [f"budget.{name}={amount}" for name, amount in named.items()]


def with_workers(config: Config, workers: int | None) -> Config:
    """The same settings with so many workers, if a number is given."""
    if workers is None:
        return config
    table = config.evaluators.model_copy(update={"workers": workers})
    return config.model_copy(update={"evaluators": table})


def write(config: Config) -> str:
    """TOML text of `config` with a comment for every key; `read` gives the same settings back."""
    document = tomlkit.document()
    document.add(tomlkit.comment("Settings of a run. `evolve run FILE` reads them."))
    for name, field in type(config).model_fields.items():
        table = tomlkit.table()
        settings: Table = getattr(config, name)
        table.comment((type(settings).__doc__ or "").strip())
        for key, setting in type(settings).model_fields.items():
            value = getattr(settings, key)
            table.add(tomlkit.comment(str(setting.description)))
            table.add(key, _spelled(value))
        document.add(tomlkit.nl())
        document.add(field.alias or name, table)
    return tomlkit.dumps(document)


def _spelled(value: Any) -> Any:
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    return NONE if value is None else value


def differences(ours: Config, theirs: Config) -> Iterable[str]:
    """`table.key: ours -> theirs` for every setting in which two runs differ."""
    left, right = ours.model_dump(), theirs.model_dump()
    for table, settings in left.items():
        for key, value in settings.items():
            if value != right[table][key]:
                yield f"{table}.{key}: {value} -> {right[table][key]}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `evolve init {path}` writes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as text ({error})") from None


def _parse(text: str, where: str) -> Values:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        number = line[1] if line else text.count("\n") + 1
        raise ConfigError(f"{where}:{number}: not TOML: {error}") from None
    for name, table in values.items():
        if name in Config.model_fields and not isinstance(table, dict):
            raise ConfigError(f"{where}:{_line(text, name)}: {name} is a table: write [{name}]")
    return values


def _split(override: str) -> tuple[str, str, Any]:
    name, equals, value = override.partition("=")
    table, dot, key = name.strip().partition(".")
    if not (equals and dot and key):
        raise ConfigError(f"--set {override!r}: want table.key=value, e.g. database.islands=4")
    try:
        return table, key, tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return table, key, value.strip()  # a bare word is a string, as a shell user expects


def _explain(errors: Sequence[ErrorDetails], where: str, text: str) -> str:
    error = errors[0]
    table, *rest = (str(part) for part in error["loc"])
    key = rest[0] if rest else ""
    line = _line(text, table, key)
    place = f"{where}:{line}: [{table}] " if line else f"[{table}] "
    if error["type"] != "extra_forbidden":
        wanted = re.sub(r"^(Input should be|Value error,)", "wanted", error["msg"])
        if error["type"] == "literal_error":  # of a union: what else could stand there
            others = [each["msg"] for each in errors[1:] if each["loc"][:2] == error["loc"][:2]]
            wanted = " or ".join([wanted, *(o.removeprefix("Input should be ") for o in others)])
        seen = (
            "{...}" if isinstance(error["input"], dict) else repr(error["input"])
        )  # perhaps a key
        return f"{place}{key} = {seen}: {wanted[0].lower()}{wanted[1:]}"
    if not key:
        return f"{place}is not a table of the settings; {_nearest(table, Config.model_fields)}"
    known = Config.model_fields[table].default
    return f"{place}has no key {key!r}; {_nearest(key, type(known).model_fields)}"


def _nearest(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}"


def _line(text: str, table: str, key: str = "") -> int:
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            section = heading[1]
        name = line.partition("=")[0].strip()
        if (section == table and name == key) if key else table in (section, name):
            return number
    return 0
