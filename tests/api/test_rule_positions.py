"""Positions of rules over HTTP: a model of how they move, and many who move them at once."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, pairwise
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
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
from hypothesis.strategies import SearchStrategy

from tests.api.service import Client, Service

RULES = "personal_notification_rules/"
LAST = 2_147_483_647
THREADS = 8
BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],  # twenty steps are short enough to be read
    max_examples=25,
    stateful_step_count=20,
    suppress_health_check=list(HealthCheck),
)
PLACES: SearchStrategy[int] = st.integers(-1, 9) | st.sampled_from([20, 21, LAST - 1, LAST])


class Model:
    """One list, as the definition says: who is where."""

    def __init__(self) -> None:
        self.at: dict[str, int] = {}

    def insert(self, name: str, to: int, *, swap: bool) -> None:
        self.at[name] = self.end
        if to != -1:
            self.move(name, to, swap=swap)

    @property
    def end(self) -> int:
        return max(self.at.values(), default=-1) + 1

    def move(self, name: str, to: int, *, swap: bool) -> None:
        to = self.end - 1 if to == -1 else to
        old = self.at[name]
        for other, position in self.at.items():
            if swap and position == to:
                self.at[other] = old
            elif not swap and old < position <= to:
                self.at[other] = position - 1
            elif not swap and to <= position < old:
                self.at[other] = position + 1
        self.at[name] = to


class Lists(RuleBasedStateMachine):
    """Both lists of somebody new, and what should be in them."""

    made = Bundle("made")
    service: ClassVar[Service]
    numbers: ClassVar[Iterator[int]]

    def __init__(self) -> None:
        super().__init__()
        self.client = self.service.client()
        self.user_id = self.service.add(f"user{next(self.numbers)}").id
        self.models = {False: Model(), True: Model()}

    @rule(target=made, important=st.booleans(), to=st.none() | PLACES, swap=st.booleans())
    def create(self, important: bool, to: int | None, swap: bool) -> object:
        asked = {"user_id": self.user_id, "type": "notify_by_sms", "important": important}
        asked |= {"manual_order": True} if swap else {}
        asked |= {} if to is None else {"position": to}
        answer = self.client.post(RULES, asked)
        model = self.models[important]
        if model.end > LAST:
            assert answer.status_code == 400, answer.text
            return multiple()
        made = answer.json()
        model.insert(made["id"], -1 if to is None else to, swap=swap)
        assert (answer.status_code, made["position"]) == (201, model.at[made["id"]])
        return made["id"], important

    @rule(which=made, to=PLACES, swap=st.booleans())
    def move(self, which: tuple[str, bool], to: int, swap: bool) -> None:
        name, important = which
        answer = self.client.put(f"{RULES}{name}/", {"position": to, "manual_order": swap})
        model = self.models[important]
        model.move(name, to, swap=swap)
        assert (answer.status_code, answer.json()["position"]) == (200, model.at[name])

    @rule(which=consumes(made))
    def delete(self, which: tuple[str, bool]) -> None:
        name, important = which
        assert self.client.delete(f"{RULES}{name}/").status_code == 204
        del self.models[important].at[name]

    @invariant()
    def everybody_is_where_they_should_be(self) -> None:
        results = self.client.get(RULES, user_id=self.user_id).json()["results"]
        for important, model in self.models.items():
            found = [each for each in results if each["important"] is important]
            assert {each["id"]: each["position"] for each in found} == model.at
            assert all(one["position"] < next_["position"] for one, next_ in pairwise(found))


def test_rules_move_as_the_model_says(small: Service) -> None:
    class HereAndNow(Lists):
        service = small
        numbers = count()

    run_state_machine_as_test(HereAndNow, settings=BOUNDED)
    assert next(HereAndNow.numbers) > 10  # so many users were tried


def test_many_move_the_rules_of_one_user_at_once(service: Service) -> None:
    ana = service.add("ana")
    token = service.client().token

    def work(thread: int) -> tuple[set[str], set[int]]:
        """Makes rules, moves them and deletes one; which are left, and what was answered."""
        chance = random.Random(thread)
        client = Client(service.url, token)
        mine: list[str] = []
        statuses: set[int] = set()
        for _ in range(8):
            asked = {"user_id": ana.id, "type": "notify_by_sms", "position": chance.choice([0, -1])}
            made = client.post(RULES, asked)
            mine.append(made.json()["id"])
            where = {"position": chance.randrange(20), "manual_order": chance.random() < 0.3}
            moved = client.put(f"{RULES}{chance.choice(mine)}/", where)
            statuses |= {made.status_code, moved.status_code}
        statuses.add(client.delete(f"{RULES}{mine.pop()}/").status_code)
        client.http.close()
        return set(mine), statuses

    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(work, range(THREADS)))
    assert set().union(*(statuses for _, statuses in done)) == {200, 201, 204}
    results = service.client().get(RULES, user_id=ana.id, perpage="100").json()["results"]
    assert {each["id"] for each in results} == set().union(*(mine for mine, _ in done))
    positions = [each["position"] for each in results]
    assert positions == sorted(set(positions))


def test_an_update_is_not_lost_to_a_move_at_the_same_time(service: Service) -> None:
    ana = service.add("ana", None, "sms", 5, "email", 5)
    token = service.client().token
    listed = service.client().get(RULES, user_id=ana.id).json()["results"]
    waits = [each["id"] for each in listed if each["type"] == "wait"]

    def move() -> set[int]:
        client = Client(service.url, token)
        found = {
            client.put(f"{RULES}{id_}/", {"position": position}).status_code
            for position in (0, 3, 1, 2, 0)
            for id_ in waits
        }
        client.http.close()
        return found

    def change() -> set[int]:
        client = Client(service.url, token)
        found = {
            client.put(f"{RULES}{id_}/", {"duration": duration}).status_code
            for duration in (60, 900, 1800, 3600, 60)
            for id_ in waits
        }
        client.http.close()
        return found

    with ThreadPoolExecutor(2) as pool:
        moving, changing = pool.submit(move), pool.submit(change)
        assert moving.result() | changing.result() == {200}
    after = service.client().get(RULES, user_id=ana.id).json()["results"]
    assert {
        each["id"]: each["duration"] for each in after if each["type"] == "wait"
    } == dict.fromkeys(waits, 60)
    assert [each["position"] for each in after] == [0, 1, 2, 3]
    assert [each["id"] for each in after[:2]] == waits[::-1]


def test_a_list_can_be_replaced_while_rules_are_added(service: Service) -> None:
    ana = service.add("ana")
    token = service.client().token

    def add() -> set[int]:
        client = Client(service.url, token)
        asked = {"user_id": ana.id, "type": "notify_by_sms"}
        found = {client.post(RULES, asked).status_code for _ in range(20)}
        client.http.close()
        return found

    def replace() -> None:
        for turn in range(20):
            service.world.rules(ana, *["email", "sms", "phone"][: 1 + turn % 3])

    with ThreadPoolExecutor(3) as pool:
        adding = [pool.submit(add), pool.submit(add)]
        replacing = pool.submit(replace)
        assert [each.result() for each in adding] == [{201}, {201}]
        replacing.result()
    results = service.client().get(RULES, user_id=ana.id, perpage="100").json()["results"]
    assert [each["position"] for each in results] == list(range(len(results)))
