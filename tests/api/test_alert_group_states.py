"""What an alert group goes through: any order of actions against a model, and all at once."""

import random
import threading
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.models import User
from tests.api.service import Service
from tests.api.test_alert_group_actions import opened, read

NAMES = ("admin", "ana", "bob")
EXAMPLES, STEPS = 14, 20


class Model:
    """An alert group as it should be.  Each action says whether it is allowed, and does it."""

    def __init__(self) -> None:
        self.state = "firing"
        self.holder: str | None = None  # who acknowledged
        self.resolver: str | None = None
        self.paged = {"ana"}  # and not taken off
        self.running = {"ana"}
        self.wiped = False

    def acknowledge(self, by: str) -> bool:
        if self.state == "acknowledged" and by in self.running:
            self.running.remove(by)  # they join
            return True
        return self._stop("acknowledged", by, {"firing", "silenced"}, holder=by)

    def silence(self, by: str) -> bool:
        return self._stop("silenced", by, {"firing", "silenced"}, holder=None)

    def resolve(self, by: str) -> bool:
        return self._stop("resolved", by, {"firing", "silenced", "acknowledged"}, self.holder)

    def unacknowledge(self, by: str) -> bool:
        return self._fire("acknowledged")

    def unsilence(self, by: str) -> bool:
        return self._fire("silenced")

    def unresolve(self, by: str) -> bool:
        return not self.wiped and self._fire("resolved")

    def page(self, who: str) -> bool:
        if self.state != "resolved":
            self.paged.add(who)
            self.running.add(who)
        return self.state != "resolved"

    def unpage(self, who: str) -> bool:
        was, self.paged, self.running = self.paged, self.paged - {who}, self.running - {who}
        return who in was

    def wipe(self, by: str) -> bool:
        self.resolve(by)
        self.wiped = True
        return True

    def _stop(self, state: str, by: str, possible: set[str], holder: str | None) -> bool:
        if self.state not in possible:
            return False
        self.state, self.holder, self.running = state, holder, set()
        self.resolver = by if state == "resolved" else None
        return True

    def _fire(self, wanted: str) -> bool:
        if self.state != wanted:
            return False
        self.state, self.holder, self.resolver = "firing", None, None
        self.running = set(self.paged)
        return True


class Machine(RuleBasedStateMachine):
    """Does to a real alert group what is done to the model."""

    service: Service
    people: dict[str, User]  # by their names

    def __init__(self) -> None:
        super().__init__()
        self.names = {user.id: name for name, user in self.people.items()}
        self.group = opened(self.service, self.people["ana"])
        self.model = Model()

    @rule(
        verb=st.sampled_from(
            ["acknowledge", "unacknowledge", "resolve", "unresolve", "silence", "unsilence"]
        ),
        by=st.sampled_from(NAMES),
    )
    def act(self, verb: str, by: str) -> None:
        body = {"delay": -1} if verb == "silence" else None
        client = self.service.client(self.people[by])
        answer = client.post(f"alert_groups/{self.group}/{verb}", body)
        is_allowed = getattr(self.model, verb)(by)
        assert answer.status_code == (200 if is_allowed else 400), answer.text

    @rule(who=st.sampled_from(NAMES))
    def page(self, who: str) -> None:
        users = [{"id": self.people[who].id, "important": False}]
        answer = self.service.client().post(
            f"alert_groups/{self.group}/responders", {"users": users}
        )
        assert answer.status_code == (200 if self.model.page(who) else 400), answer.text

    @rule(who=st.sampled_from(NAMES))
    def unpage(self, who: str) -> None:
        path = f"alert_groups/{self.group}/responders/{self.people[who].id}"
        answer = self.service.client().delete(path)
        assert answer.status_code == (204 if self.model.unpage(who) else 404), answer.text

    @rule(rarely=st.integers(0, 9))
    def wipe(self, rarely: int) -> None:
        if rarely == 0:
            answer = self.service.client().delete(f"alert_groups/{self.group}")
            assert (answer.status_code == 204) is self.model.wipe("admin")

    @invariant()
    def is_as_it_should_be(self) -> None:
        now, model = read(self.service, self.group), self.model
        assert now["state"] == model.state
        assert self.names.get(now["acknowledged_by"]) == model.holder
        assert (now["acknowledged_at"] is None) is (model.holder is None)
        assert self.names.get(now["resolved_by"]) == model.resolver
        assert (now["resolved_at"] is None) is (model.resolver is None)
        assert (now["silenced_at"] is None) is (model.state != "silenced")
        assert (now["title"] == "") is model.wiped
        path = f"alert_groups/{self.group}/responders"
        responders = self.service.client().get(path).json()["results"]
        running = {each["username"] for each in responders if each["state"] == "paged"}
        removed = {each["username"] for each in responders if each["state"] == "removed"}
        assert running == model.running
        assert {each["username"] for each in responders} - removed == model.paged


def test_any_order_of_actions_leaves_it_as_the_model_says(small: Service) -> None:
    class Here(Machine):
        service = small
        people = {name: small.add(name, None, "sms", 5, "phone") for name in NAMES[1:]} | {
            "admin": small.admin
        }

    run_state_machine_as_test(
        Here,
        settings=settings(
            derandomize=True,
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


def replayed(log: list[Any]) -> dict[str, Any]:
    """The state that the log leads to."""
    now: dict[str, Any] = {"state": "firing", "acknowledged_by": None, "resolved_by": None}
    for line in log:
        if line["event"] == "acknowledged":
            now = {"state": "acknowledged", "acknowledged_by": line["by"], "resolved_by": None}
        elif line["event"] == "silenced":
            now = {"state": "silenced", "acknowledged_by": None, "resolved_by": None}
        elif line["event"] == "resolved":
            now |= {"state": "resolved", "resolved_by": line["by"]}
        elif line["event"] == "unresolved":
            now = {"state": "firing", "acknowledged_by": None, "resolved_by": None}
    return now


def test_eight_at_once_agree_on_one_story(service: Service) -> None:
    people = [service.add(f"p{n}", None, "sms", 5, "phone") for n in range(8)]
    group = opened(service, *people)
    for user in people:
        service.client(user)
    start = threading.Barrier(len(people))
    statuses: list[tuple[str, int]] = []

    def act(user: User, chance: random.Random) -> None:
        start.wait(60)
        for _ in range(12):
            verb = chance.choice(["acknowledge", "resolve", "unresolve", "silence"])
            body = {"delay": 3600} if verb == "silence" else None
            answer = service.client(user).post(f"alert_groups/{group}/{verb}", body)
            statuses.append((verb, answer.status_code))

    threads = [
        threading.Thread(target=act, args=(user, random.Random(n))) for n, user in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(statuses) == 8 * 12
    assert {status for _, status in statuses} == {200, 400}
    log: list[Any] = []
    for page in range(1, 20):
        body = (
            service.client().get(f"alert_groups/{group}/log", perpage="100", page=str(page)).json()
        )
        log += body["results"]
        if body["next"] is None:
            break
    now = read(service, group)
    assert {key: now[key] for key in ("state", "acknowledged_by", "resolved_by")} == replayed(log)
    done = {"acknowledge": ("acknowledged", "joined"), "resolve": ("resolved",)}
    done |= {"unresolve": ("unresolved",), "silence": ("silenced",)}
    for verb, events in done.items():
        told = sum(line["event"] in events for line in log)
        assert told == statuses.count((verb, 200)), verb
    service.world.forward(seconds=2)  # and the engine is content with what is left
    assert read(service, group)["state"] == now["state"]
