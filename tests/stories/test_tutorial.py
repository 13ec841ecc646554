"""Every block of the tutorial is run, in its order, in one empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(sh|python|toml)(?: file=(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
QUICK = (
    "--set fitness.steps=21 --set fitness.seeds=2 --set fitness.promotion_seeds=2 "
    "--set fitness.rungs=[] --set \"search.founders=['GELU','ReLU','tanh']\""
)
SHORTER = (
    ("evaluations=30,minutes=10", f"evaluations=10 {QUICK}"),
    ("evaluations=200,minutes=15", f"evaluations=5 {QUICK}"),
    ("evolve view first", "timeout --signal INT 6 evolve view first --no-browser || test $? = 124"),
)
"""What a test cannot wait for: a search of minutes, and somebody who closes the page."""


def script() -> str:
    text = PAGE.read_text(encoding="utf-8")
    for long, short in SHORTER:
        assert text.count(long) == 1
        text = text.replace(long, short)
    lines = ["set -eu"]
    for language, file, body in BLOCK.findall(text):
        if file:
            lines.append(f"cat > {file} <<'END'\n{body}END")
        elif language == "python":
            lines.append(f"python - <<'END'\n{body}END")
        else:
            lines.append(body)
    return "\n".join(lines)


def test_every_block_of_the_tutorial_works(tmp_path: Path) -> None:
    assert len(BLOCK.findall(PAGE.read_text(encoding="utf-8"))) == len(
        re.findall(r"^```\w", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    told = subprocess.run(  # noqa: S603  (the project's own tutorial)
        ["/bin/bash", "-c", script()], cwd=tmp_path, env={**os.environ, "PATH": path},
        capture_output=True, text=True, timeout=230, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr[-2000:]
    for word in ("torch.Size([8, 1])", "The page is at http://127.0.0.1:", "ReLU -> "):
        assert word in told.stdout
    assert (tmp_path / "report" / "report.html").exists()
