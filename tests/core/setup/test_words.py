"""What a file changes, in words."""

from core.models import PolicyType
from core.setup import words
from core.setup.differences import Change, Changes
from core.setup.shape import Chain, Ref, Step


def told(before: tuple[Step, ...], after: tuple[Step, ...]) -> list[str]:
    change = Change("SRE", 1, Chain(steps=before), Chain(steps=after))
    return words.tell(Changes((), (), None, (change,), ()))


def wait(minutes: int) -> Step:
    return Step(PolicyType.WAIT, duration=60 * minutes)


def notify(number: int, *, important: bool = False) -> Step:
    people = tuple(Ref(f"person.{number}.{each}@example.com") for each in range(8))
    return Step(PolicyType.NOTIFY_PERSONS, persons=people, important=important)


def test_steps_that_are_new_gone_and_different() -> None:
    repeat, resolve = Step(PolicyType.REPEAT), Step(PolicyType.RESOLVE)
    assert told((wait(1), wait(5), repeat), (wait(1), wait(6), repeat, resolve)) == [
        "change chain SRE",
        "  steps:",
        "      {wait: 1m}",
        "    - {wait: 5m}",
        "    + {wait: 6m}",
        "      repeat",
        "    + resolve",
    ]
    assert told((wait(1), wait(5)), (repeat,))[2:] == [
        "    - {wait: 1m}",
        "    - {wait: 5m}",
        "    + repeat",
    ]


def test_a_hundred_long_steps_that_are_all_different() -> None:
    """How alike they are does not matter: to find that out would take minutes."""
    before = tuple(notify(number) for number in range(100))
    after = tuple(notify(number, important=True) for number in range(100))
    lines = told(before, after)[2:]
    assert len(lines) == 200
    assert [line[:6] for line in lines] == ["    - ", "    + "] * 100
    assert all("important: true" in line for line in lines[1::2])
