"""Positions of steps over HTTP: a model of how they move, and many who move them at once."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.api.chain_steps import STEPS, chain, changed, listed, step
from tests.api.service import Client, Service
from tests.api.test_rule_positions import BOUNDED, LAST, PLACES, THREADS, Model


class Chain(RuleBasedStateMachine):
    """The steps of a new chain, and which should be where."""

    made = Bundle("made")
    service: ClassVar[Service]
    numbers: ClassVar[Iterator[int]]

    def __init__(self) -> None:
        super().__init__()
        self.client = self.service.client()
        self.chain = chain(self.service, f"chain {next(self.numbers)}")
        self.model = Model()

    @rule(target=made, to=st.none() | PLACES, swap=st.booleans())
    def create(self, to: int | None, swap: bool) -> object:
        asked = {"escalation_chain_id": self.chain, "type": "wait", "manual_order": swap}
        answer = self.client.post(STEPS, asked | ({} if to is None else {"position": to}))
        if self.model.end > LAST:
            assert answer.status_code == 400, answer.text
            return multiple()
        found = answer.json()
        self.model.insert(found["id"], -1 if to is None else to, swap=swap)
        assert (answer.status_code, found["position"]) == (201, self.model.at[found["id"]])
        return found["id"]

    @rule(name=made, to=PLACES, swap=st.booleans())
    def move(self, name: str, to: int, swap: bool) -> None:
        body = {"position": to, "manual_order": swap, "duration": 60}
        answer = self.client.put(f"{STEPS}{name}/", body)
        self.model.move(name, to, swap=swap)
        assert (answer.status_code, answer.json()["position"]) == (200, self.model.at[name])

    @rule(name=consumes(made))
    def delete(self, name: str) -> None:
        assert self.client.delete(f"{STEPS}{name}/").status_code == 204
        del self.model.at[name]

    @invariant()
    def every_step_is_where_it_should_be(self) -> None:
        found = listed(self.service, self.chain)
        assert {each["id"]: each["position"] for each in found} == self.model.at
        assert [each["position"] for each in found] == sorted(self.model.at.values())


def test_steps_move_as_the_model_says(small: Service) -> None:
    class HereAndNow(Chain):
        service = small
        numbers = count()

    run_state_machine_as_test(HereAndNow, settings=settings(BOUNDED, max_examples=10))
    assert next(HereAndNow.numbers) > 5  # so many chains were tried


def test_steps_of_one_chain_do_not_move_those_of_another(service: Service) -> None:
    first, second = chain(service, "a"), chain(service, "b")
    still = [step(service, second) for _ in range(3)]
    moved = [step(service, first) for _ in range(3)]
    changed(service, moved[2], position=0)
    changed(service, moved[0], position=2, manual_order=True)
    assert listed(service, second) == still
    ids = [each["id"] for each in listed(service, first)]
    assert ids == [moved[number]["id"] for number in (2, 1, 0)]


def test_many_write_the_steps_of_a_chain_at_once(service: Service) -> None:
    where, token = chain(service), service.client().token

    def work(thread: int) -> tuple[set[str], set[int]]:
        """Makes steps, moves them and deletes one; which are left, and what was answered."""
        chance = random.Random(thread)
        client = Client(service.url, token)
        mine: list[str] = []
        statuses: set[int] = set()
        for _ in range(6):
            asked = {"escalation_chain_id": where, "type": "wait"}
            made = client.post(STEPS, asked | {"position": chance.choice([0, -1])})
            mine.append(made.json()["id"])
            to = {"position": chance.randrange(20), "manual_order": chance.random() < 0.3}
            moved = client.put(f"{STEPS}{chance.choice(mine)}/", to)
            statuses |= {made.status_code, moved.status_code}
        statuses.add(client.delete(f"{STEPS}{mine.pop()}/").status_code)
        client.http.close()
        return set(mine), statuses

    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(work, range(THREADS)))
    assert set().union(*(statuses for _, statuses in done)) == {200, 201, 204}
    results = listed(service, where)
    assert {each["id"] for each in results} == set().union(*(mine for mine, _ in done))
    positions = [each["position"] for each in results]
    assert positions == sorted(set(positions))


def test_a_chain_is_deleted_while_steps_are_added_and_moved(service: Service) -> None:
    where, token = chain(service), service.client().token
    steps = [step(service, where)["id"] for _ in range(4)]

    def write(number: int) -> set[int]:
        client = Client(service.url, token)
        found = set()
        for turn in range(6):
            asked = {"escalation_chain_id": where, "type": "wait", "position": 0}
            found.add(client.post(STEPS, asked).status_code)
            path = f"{STEPS}{steps[number]}/"
            found.add(client.put(path, {"position": turn}).status_code)
        client.http.close()
        return found

    with ThreadPoolExecutor(5) as pool:
        writing = [pool.submit(write, number) for number in range(4)]
        gone = service.client().delete(f"escalation_chains/{where}/")
        assert gone.status_code == 204
        for each in writing:
            assert each.result() <= {200, 201, 400, 404}  # it is gone, or was not yet
    assert listed(service, where) == []
    assert service.client().get(STEPS).json()["count"] == 0
