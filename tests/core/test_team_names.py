"""Finding teams by their name, or by the handle that comes of it."""

import pytest

from core import teams
from tests.core.world import World


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("SRE", "sre"),
        ("Site Reliability", "site-reliability"),
        ("  R&D (EU) ", "r-d-eu"),
        ("web_2.0", "web-2-0"),
        ("Größe", "grösse"),
        ("--", ""),
        ("🚒", ""),
    ],
)
def test_handle(name: str, handle: str) -> None:
    assert teams.handle(name) == handle


def made(world: World, *names: str) -> None:
    with world.db.transaction() as session:
        for name in names:
            teams.make(session, name)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("SRE", ["SRE"]),
        (" sre ", ["SRE"]),
        ("site-reliability", ["Site Reliability"]),
        ("SITE RELIABILITY", ["Site Reliability"]),
        ("web-co", ["web-co"]),  # the name itself, though another has that handle
        ("web_co", ["Web & Co", "web-co"]),
        ("site", []),
        ("", []),
        ("🚒", ["🚒"]),
        ("🚑", []),  # which has no handle, and so has nobody's
        ("gone", []),
    ],
)
def test_named(world: World, said: str, found: list[str]) -> None:
    made(world, "SRE", "Site Reliability", "Web & Co", "web-co", "🚒", "Gone")
    with world.db.transaction() as session:
        [gone] = teams.named(session, ["gone"])["gone"]
        teams.delete_it(session, gone.id)
    with world.db.reading() as session:
        known = teams.named(session, [said, "sre"])
        assert [team.name for team in known[said]] == found
        assert [team.name for team in known["sre"]] == ["SRE"]


def test_like(world: World) -> None:
    made(world, "My SRE", "SRE", "Site Reliability", "Desire")
    with world.db.reading() as session:

        def found(typed: str) -> list[str]:
            return [name for _, name in teams.like(session, typed)]

        assert found("") == ["Desire", "My SRE", "Site Reliability", "SRE"]
        assert found(" @SRE ") == ["SRE", "My SRE"]
        assert found("si") == ["Site Reliability", "Desire"]
        assert found("e-r") == ["Site Reliability"]
        assert found("%") == []


def test_find(world: World) -> None:
    made(world, "SRE")
    with world.db.transaction() as session:
        [(id_, _)] = teams.like(session, "sre")
        found = teams.find(session, id_)
        assert found is not None
        assert found.name == "SRE"
        teams.delete_it(session, id_)
        assert teams.find(session, id_) is None
