"""docs/api.md: what it says can be typed, and it leaves no endpoint out."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.samples import OPERATIONS, Samples
from tests.api.service import Service

GUIDE = Path(__file__, "../../../docs/api.md").resolve().read_text()


def test_the_commands_of_the_guide_work(small: Service) -> None:
    if shutil.which("curl") is None:
        assert not os.environ.get("CI"), "needs curl"
        pytest.skip("needs curl")
    samples = Samples(small)
    blocks: str = samples.real("\n".join(re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)))
    commands = re.findall(r"^curl (?:.*\\\n)*.*$", blocks, re.MULTILINE)
    assert len(commands) == 18
    said = {"URL": f"{small.url}/api/v1", "TOKEN": small.client().token or ""}
    for command in commands:
        done = subprocess.run(
            ["sh", "-c", command.replace("curl", "curl --fail-with-body -sS", 1)],
            env=os.environ | said,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    small.world.forward(seconds=2)
    assert small.world.email.addresses[0] == "ana@example.org"


def test_the_guide_names_every_endpoint() -> None:
    rows = re.findall(r"^\| `([a-z_/{}]+)/`[^|]* \| ([A-Z, ]+) \|$", GUIDE, re.MULTILINE)
    named = sorted((path, method) for path, methods in rows for method in methods.split(", "))
    assert named == sorted((each.path, each.method) for each in OPERATIONS)
