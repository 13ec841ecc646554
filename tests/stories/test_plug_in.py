"""Another package's operator takes part in a search, without a change to this one."""

import json
from pathlib import Path

from tests.stories.conftest import Evolve

OPERATOR = '''
from evolve.errors import NoProposal
from evolve.records import Proposal

class Mirror:
    """Proposes the mirror image of a parent: x -> f(-x)."""

    def propose(self, selection, rng):
        if not selection.parents:
            raise NoProposal("nothing to mirror yet")
        parent = selection.parents[0]
        source = parent.admission.canonical.replace("def activation(x", "def inner(x")
        source += "\\n\\ndef activation(x):\\n    return inner(-x)\\n"
        return Proposal(source, parents=(parent.program.id,), note="mirrored")
'''


def test_an_operator_of_another_package_is_found_by_its_entry_point(
    evolve: Evolve, tmp_path: Path
) -> None:
    (tmp_path / "mirror.py").write_text(OPERATOR)
    about = tmp_path / "mirror-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: mirror\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[evolve.operators]\nmirror = mirror:Mirror\n")
    quick = ("--set", "fitness.steps=21", "--set", "fitness.seeds=2", "--name", "one")
    founders = ("--set", "search.founders=['GELU','ELU']", "--set", "fitness.promotion_seeds=0")
    alone = ("--set", "search.control_share=0.0")
    told = evolve(
        "run", "--operators", "mirror", "--budget", "evaluations=4", *quick, *founders, *alone,
        PYTHONPATH=str(tmp_path),
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    shown = json.loads(evolve("show", "one", "--json").stdout)
    assert shown["operators"]["mirror"]["scored"] == 2
