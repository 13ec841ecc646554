"""Whether an activation found on physics makes small nets better elsewhere (arXiv:2601.10740)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from evolve.report.sheets import Sheet
from evolve.report.statistics import mean
from evolve.studies.hybrids import (
    CLAIMED,
    HEAVIEST,
    OWN,
    PUBLISHED,
    TABLES,
    TEXTBOOK,
    Results,
    Size,
    plan,
)  # fmt: skip
from evolve.studies.study import Claim, Finding, Found, Study, Verdict, decided, rule, wanting

NEAR, STABLE = 0.01, 0.8  # to an accuracy; share of seeds


def _effect(measured: Callable[[Results], Any], claimed: float = 0.0) -> Callable[[Found], Finding]:
    """Judges a mean over tables, split by split."""
    return lambda found: decided(mean(measured(Results(found)).mean(axis=0)), claimed)


def _accuracy(table: str, net: str, claimed: float) -> Callable[[Found], Finding]:
    def judged(found: Found) -> Finding:
        results = Results(found)
        if table not in results.tables:
            return wanting(table, TABLES[table])
        figures = results.figure(net, "accuracy")[results.tables.index(table)]
        return decided(mean(figures - (claimed - NEAR)), remark=f"accuracy {figures.mean():.3f}")

    return judged


def _from_higgs(found: Found) -> Finding:
    results = Results(found)
    if "higgs" not in results.tables:
        return wanting("higgs", TABLES["higgs"])
    row = results.tables.index("higgs")
    gains = results.lent[row] - results.auc("ReLU")
    return decided(mean(np.delete(gains, row, axis=0).mean(axis=0)))


def _best_at_home(results: Results) -> Any:
    """AUC with a table's own formula less the mean with those of others: [tables, splits]."""
    own, others = results.auc(OWN), len(results.tables) - 1
    return own - (results.lent.sum(axis=0) - own) / others


def _stable(found: Found) -> Finding:
    results = Results(found)
    counts = {table: results.formulas(table) for table in results.tables}
    shares = {table: max(each.values()) / each.total() for table, each in counts.items()}
    verdict = Verdict.CONFIRMED if min(shares.values()) >= STABLE else Verdict.NOT_CONFIRMED
    told = (f"{table} {share:.0%} ({len(counts[table])})" for table, share in shares.items())
    return Finding(verdict, f"share of the commonest formula (and how many): {', '.join(told)}")


def _sheets(found: Found) -> Sequence[Sheet]:
    results = Results(found)
    return [_matrix(results), *(_nets(results, place) for place in range(len(results.tables)))]


def _matrix(results: Results) -> Sheet:
    """What a formula of one table is worth on another."""
    gains = results.lent - results.auc("ReLU")
    rows = [
        (source, *(str(mean(gain)) for gain in gains[row]))
        for row, source in enumerate(results.tables)
    ]
    remark = (
        "AUC of the light net less that with ReLU on the same split; a table's own is specialist."
    )
    return Sheet(
        "Formulas of one table on another", remark, ("found on", *results.tables), tuple(rows)
    )


def _nets(results: Results, place: int) -> Sheet:
    """Everybody on one table."""
    named = [HEAVIEST, *TEXTBOOK, *PUBLISHED, OWN]
    rows = [
        (
            name,
            f"{results.figure(name, 'parameters')[place][0]:,}",
            mean(results.auc(name)[place]).unsigned(4),
            mean(results.figure(name, "accuracy")[place]).unsigned(4),
            mean(results.efficiency(name)[place]).unsigned(4),
        )
        for name in named
    ]
    rows.append(("random, a mean", rows[1][1], mean(results.chance[place]).unsigned(4), "-", "-"))
    formulas = results.formulas(results.tables[place])
    commonest, count = formulas.most_common(1)[0]
    remark = (
        f"Means over {results.seeds} splits, 95 % intervals. At equal AUC a light net has "
        f"{results.parity[place][0] - 1:.1%} more E_param than the heavy one. {formulas.total()} "
        f"seeds found {len(formulas)} formulas, the commonest {count} times: {commonest}."
    )
    columns = ("net", "parameters", "AUC", "accuracy", "E_param")
    return Sheet(f"Nets on {results.tables[place]}", remark, columns, tuple(rows))


STUDY = Study(
    name="transfer",
    version=3,
    title="Does an activation found on physics make small nets better elsewhere?",
    paper="Neuro-Symbolic Activation Discovery, arXiv:2601.10740",
    method=(
        "Nets as released: light 64-32, heavy 200-100, batch norm, dropout 0.3, Adam at 0.001, 15 "
        "epochs, batches of 1,024 or an eighth of the rows. A fifth of the rows is held out, drawn "
        "by the seed, which is the initial weights', too; so nets are compared on equal splits. "
        "E_param = AUC / log10(parameters). Bundled tables stand in for the paper's, which are "
        "taken as files; of more than 100,000 rows so many are drawn by the seed. Published "
        "formulas: x cos x (HIGGS), and sin x + 3 x, to which the released code's formula on "
        "Spambase collapses. `specialist` is the paper's procedure, a formula of all inputs with "
        "every input renamed to x, with our X-Net over + - * sin cos abs in the place of gplearn. "
        "Controls: the identity, and 20 blind draws from our grammar. Every table's formula is "
        "lent to every other one, split by split; and ten seeds look for one. Effects are means "
        "over tables, their intervals over splits."
    ),
    claims=(
        Claim(
            "x cos x, found on HIGGS, improves light nets on other data.",
            "abstract",
            rule("AUC of a light net with x cos x less that with ReLU"),
            _effect(lambda results: results.auc(CLAIMED) - results.auc("ReLU")),
        ),
        Claim(
            "Hybrid light nets are 18.2 to 21.2 % more parameter-efficient than heavy ones.",
            "abstract and README",
            rule("E_param of x cos x over that of the heavy net, less 1", 0.18),
            _effect(lambda results: results.saved - 1.0, 0.18),
        ),
        Claim(
            "They are so because of the activation.",
            "title and abstract",
            rule("The same ratio less its value at equal AUC"),
            _effect(lambda results: results.saved - results.parity),
        ),
        Claim(
            "E_param tells a found activation from none at all.",
            "implied by its use",
            rule("E_param of x cos x less that of the identity"),
            _effect(lambda results: results.efficiency(CLAIMED) - results.efficiency("identity")),
        ),
        Claim(
            "A formula found on a table suits it.",
            "abstract: specialists",
            rule("AUC of the specialist less the mean of random formulas"),
            _effect(lambda results: results.auc("specialist") - results.chance),
        ),
        Claim(
            "A formula suits its own table better than other tables' do.",
            "abstract: specialists",
            rule("AUC of the specialist less the mean of light nets with other tables' formulas"),
            _effect(_best_at_home),
        ),
        Claim(
            "A formula found on HIGGS improves light nets on other data.",
            "abstract: geometric transfer",
            rule("AUC with the formula of a split of HIGGS, on all other tables, less with ReLU"),
            _from_higgs,
        ),
        Claim(
            "The search discovers the activation of a table.",
            "implied: one formula a table, one seed",
            f"Confirmed if on every table at least {STABLE:.0%} of seeds find one formula, else "
            "not confirmed.",
            _stable,
        ),
        Claim(
            "On Forest Cover the hybrid light net with x cos x has 82.4 % accuracy.",
            "README",
            rule(f"Accuracy less {0.824 - NEAR:.3f}"),
            _accuracy("covertype", CLAIMED, 0.824),
        ),
        Claim(
            "On Spambase the hybrid light net has 92.0 % accuracy.",
            "README",
            rule(f"Accuracy of the specialist less {0.92 - NEAR:.3f}"),
            _accuracy("spambase", "specialist", 0.92),
        ),
        Claim(
            "On HIGGS the light net with ReLU has 71.0 % accuracy.",
            "README",
            rule(f"Accuracy less {0.71 - NEAR:.3f}"),
            _accuracy("higgs", "ReLU", 0.71),
        ),
    ),
    full=Size(seeds=5, epochs=15, search=5, random=20, formulas=10),
    quick=Size(seeds=2, epochs=3, search=2, random=3, formulas=3),
    plan=plan,
    sheets=_sheets,
    tables=TABLES,
)
