"""Lets axe-core look for what keeps people with a screen reader, or weak eyes, from the page."""

import os
import sys
from pathlib import Path
from typing import Literal

import pytest

from tests.page.tab import Tab

FILE = Path(sys.prefix) / "axe" / "node_modules" / "axe-core" / "axe.min.js"
HOW_TO_GET_IT = "needs axe-core: with npm (on Debian: apt-get install npm), `make test` fetches it"
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def source() -> str:
    """The whole of axe-core; without it the test is left out, but not in CI."""
    if not FILE.exists():
        assert not os.environ.get("CI"), HOW_TO_GET_IT
        pytest.skip(HOW_TO_GET_IT)
    return FILE.read_text()


def let_in(tab: Tab) -> Tab:
    """Load the page anew without its policy, which forbids the styles axe-core measures with."""
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("Page.setBypassCSP", {"enabled": True})
    tab.page.reload()
    return tab


def look(tab: Tab, *, but: str = "") -> None:
    """Nothing is wrong with what is shown now, in light and in dark; `but` is a rule left out."""
    tab.page.evaluate(source())
    options = {
        "resultTypes": ["violations"],
        "preload": False,
        "rules": {but: {"enabled": False}} if but else {},
    }
    found = []
    for colours in COLOURS:
        # What is on its way to another colour would be judged half-way.
        tab.page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        result = tab.page.evaluate("options => axe.run(options)", options)
        for rule in result["violations"]:
            for node in rule["nodes"]:
                why = node["failureSummary"].replace("\n", " ")
                found.append(f"{colours}, {rule['impact']}: {rule['id']} {node['target']} {why}")
    assert not found, "\n".join(found)
