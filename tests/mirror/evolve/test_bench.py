from evolve.bench import REST, ROW, Bench
from evolve.calls import ENDS
from evolve.records import Call, Outcome, Record


def failed(why: str = "busy") -> Record:
    call = Call("m", (), 0, "", failure=why)
    return Record(0, "llm", 0, Outcome.UNANSWERED, detail=why, calls=(call,))


ANSWERED = Record(0, "llm", 0, Outcome.SCORED, calls=(Call("m", (), 0, "yes"),))
OTHER = Record(0, "gp", 0, Outcome.SCORED)


def test_a_model_rests_after_a_row_of_failures_and_twice_as_long_the_next_time() -> None:
    bench = Bench()
    rests = []
    for _ in range(2):
        while not bench.sits_out("m"):
            bench.note("m", failed())
        begun = bench.trials
        while bench.sits_out("m"):
            bench.note(None, OTHER)
        rests.append(bench.trials - begun)
    assert rests == [REST, 2 * REST]


def test_an_answer_ends_a_row() -> None:
    bench = Bench()
    for record in [failed()] * (ROW - 1) + [ANSWERED] + [failed()] * (ROW - 1):
        bench.note("m", record)
    assert not bench.sits_out("m")


def test_failures_in_flight_while_it_rests_do_not_lengthen_the_rest() -> None:
    bench = Bench()
    for _ in range(ROW + 5):
        bench.note("m", failed())
    for _ in range(REST):
        bench.note(None, OTHER)
    assert not bench.sits_out("m")


def test_a_failure_for_good_is_an_end_until_the_next_session() -> None:
    bench = Bench()
    bench.note("m", failed(f"no key{ENDS}"))
    for _ in range(10_000):
        bench.note(None, OTHER)
    assert bench.sits_out("m")
    assert not bench.sits_out("another")
    bench.clear()
    assert not bench.sits_out("m")
