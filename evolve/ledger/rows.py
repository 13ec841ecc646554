"""Records as rows and back; what is nested is JSON, so that any tool can read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from pydantic_core import to_json

from evolve.records import Admission, Call, Evaluation, Message, Outcome, Program, Record

Row = Sequence[Any]

ADMITTED = (
    "fingerprint, affine_class, flops, transcendentals, parameters, traits, behaviour, "
    "canonical, graph"
)
RECORDED = (
    "step, seen, operator, island, round, outcome, program, admitted, original, twin, seconds, "
    "clock, note, detail, evaluation, source"
)
_ADMISSION = 17  # where the admission's columns begin in a row of RECORDS


def columns(table: str, names: str) -> str:
    """`names` as columns of `table`."""
    return ", ".join(f"{table}.{name.strip()}" for name in names.split(","))


RECORDS = (
    f"SELECT records.record, {columns('records', RECORDED)}, {columns('programs', ADMITTED)}, "
    "programs.source FROM records LEFT JOIN programs ON programs.program = records.program"
)
CALLED = "model, seed, tokens, dollars, seconds, retries, failure"


def program_row(program: Program, admission: Admission | None) -> Row:
    """Values of a row of `programs`: its id, what admission measured, its source."""
    if admission is None:
        return (program.id, *[None] * 9, program.source)
    return (
        program.id,
        admission.fingerprint,
        admission.affine_class,
        admission.flops,
        admission.transcendentals,
        admission.parameters,
        _text(admission.traits),
        _text(admission.behaviour),
        admission.canonical,
        admission.graph,
        program.source,
    )


def record_row(record: Record, session: int | None, source: str | None) -> Row:
    """Values of a row of `records`; `source` only where it is not the program's first one."""
    evaluation = record.evaluation
    return (
        record.step,
        record.seen,
        record.operator,
        record.island,
        record.round,
        record.outcome.value,
        record.program and record.program.id,
        record.admission is not None,
        record.original or None,
        record.twin or None,
        record.seconds,
        record.clock,
        record.note,
        record.detail,
        evaluation and _evaluated(evaluation),
        source,
        evaluation and evaluation.fitness,
        session,
    )


def record_of(
    row: Row, links: Iterable[Row], calls: Iterable[Call], losses: Iterable[Row]
) -> Record:
    """The record of a row of RECORDS and of the rows that belong to it.

    Raises:
        KeyError, TypeError, ValueError: the row is damaged.
    """
    step, seen, operator, island, round_, outcome, name, admitted, original, twin = row[1:11]
    seconds, clock, note, detail, evaluation, source = row[11:_ADMISSION]
    program = admission = None
    if name is not None:
        program = Program(name, row[-1] if source is None else source)
        # One budget may refuse what another admits: what the program's row says is not all.
        admission = _admission(row) if admitted else None
    linked: dict[str, list[str]] = {"parent": [], "inspiration": []}
    for link in links:
        linked[link[1]].append(link[2])
    return Record(
        step=step,
        operator=operator,
        island=island,
        outcome=Outcome(outcome),
        parents=tuple(linked["parent"]),
        inspirations=tuple(linked["inspiration"]),
        detail=detail,
        note=note,
        program=program,
        admission=admission,
        evaluation=_evaluation(evaluation, losses) if evaluation is not None else None,
        calls=tuple(calls),
        original=original or "",
        twin=twin or "",
        round=round_,
        seen=seen,
        seconds=seconds,
        clock=clock,
    )


def call_row(record: int, place: int, call: Call) -> Row:
    """Values of a row of `calls`."""
    numbers = (call.seed, call.tokens, call.dollars, call.seconds, call.retries)
    words = (call.failure, _turns(call), call.reply)
    return (record, place, call.request, call.model, *numbers, *words)


def reply_row(call: Call) -> Row:
    """Values of a row of `replies`: a call that was paid for elsewhere."""
    return (call.request, call.model, call.seed, _turns(call), call.reply)


def call_of(row: Row) -> Call:
    """The call of a row: CALLED, and its words where they were read too."""
    model, seed, tokens, dollars, seconds, retries, failure, *words = row
    messages, reply = words or ("[]", "")
    turns = tuple(Message(**turn) for turn in json.loads(messages))
    return Call(model, turns, seed, reply, tokens, dollars, seconds, retries, failure)


class Beside:
    """Rows of another table in step with the records: one pass over both, not a query each."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._groups: Iterator[tuple[int, Iterator[Row]]] = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, record: int) -> Iterable[Row]:
        """The rows of `record`; records must be asked for in their order."""
        if self._next is None or self._next[0] != record:
            return ()
        found = tuple(self._next[1])
        self._next = next(self._groups, None)
        return found


def _turns(call: Call) -> str:
    return json.dumps([vars(message) for message in call.messages])


def _evaluated(evaluation: Evaluation) -> str:
    fields = {**vars(evaluation)}
    del fields["losses"]
    return _text(fields)


def _text(value: Any) -> str:
    """JSON of numbers; the json module takes ten times as long."""
    return to_json(value, inf_nan_mode="constants", fallback=dict).decode()  # mappings of any kind


def _evaluation(text: str, losses: Iterable[Row]) -> Evaluation:
    fields = json.loads(text)
    for name, value in fields.items():
        if isinstance(value, list):
            fields[name] = tuple(value)
    fields["intervals"] = {key: tuple(each) for key, each in fields.get("intervals", {}).items()}
    return Evaluation(**fields, losses=_joined(losses))


def _joined(losses: Iterable[Row]) -> str:
    """The errors of every task and shift in one object, as they were before they were written."""
    kept = sorted((f"{task}/{shift}", errors) for _, task, shift, errors in losses)
    if not kept:
        return ""
    text = f"{{{','.join(f'{json.dumps(key)}:{errors}' for key, errors in kept)}}}"
    json.loads(text)  # whoever reads it later can count on it
    return text


def _admission(row: Row) -> Admission:
    (
        fingerprint, affine_class, flops, transcendentals, parameters, traits, behaviour,
        canonical, graph,
    ) = row[_ADMISSION:-1]  # fmt: skip
    return Admission(
        canonical=canonical,
        graph=graph,
        fingerprint=fingerprint,
        flops=flops,
        transcendentals=transcendentals,
        parameters=parameters,
        traits=json.loads(traits),
        affine_class=affine_class,
        behaviour=tuple(json.loads(behaviour)),
    )
