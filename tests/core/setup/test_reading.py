"""What a file may say, and what is said of files that say something else."""

from pathlib import Path

import pytest

from core.models import PolicyType, Role
from core.setup import reading, source, steps, writing
from core.setup.problems import Unfit
from core.setup.shape import Ref, Step
from core.setup.values import Values

EXAMPLE = Path(__file__).parents[3] / "docs" / "tocsin.example.yaml"


def refused(content: bytes) -> list[str]:
    with pytest.raises(Unfit) as caught:
        reading.read(content)
    return str(caught.value).splitlines()


def test_the_example_of_the_documents_is_understood() -> None:
    setup = reading.read(EXAMPLE.read_bytes())
    assert setup.people is not None
    assert setup.people[Ref("carol@example.com")].said == {"role": Role.ADMIN}
    assert setup.teams is not None
    assert setup.chains is not None
    assert {ref.text for ref in setup.teams} == {"SRE"}
    assert setup.no_team is not None
    shown = EXAMPLE.with_name("configuration.md").read_text()
    assert f"```yaml\n{EXAMPLE.read_text()}```" in shown


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 1, "Nothing is written in this file."),
        (b"# only a comment\n", 1, "Nothing is written in this file."),
        (b"people: {}\n---\nteams: {}\n", 2, "A second document begins here: write one only."),
        (b"teams:\n  A: &a {}\n", 2, "&a is a mark for other places: leave it out."),
        (b"teams:\n  A: *a\n", 2, "*a refers to another place: write it out here."),
        (b"teams:\n  !!python/name:os.system A: {}\n", 2, "is not understood: leave it out."),
        (b"teams: {}\nteams: {}\n", 2, "teams is written twice: it is in line 1 already."),
        (b"teams:\n  [a]: {}\n", 2, "A key has to be a single word or name."),
        (b"people: {}\n" + b"[" * 10_000, 2, "This is not YAML"),
        (b"teams: " + b"[" * 10_000, 1, "This is nested too deeply."),
        (b"teams:\n\xff\n", 2, "This is not UTF-8."),
        (b"teams:\n  A\x07: {}\n", 2, "The character U+0007 has to be written as an escape."),
        (b"#" * 3_000_000, 1, "The file has more than 2 MiB."),
        (b"teams:\n  @sre: {}\n", 2, "Put what begins with @, ` or % in quotes."),
        (b"teams:\n  A:\n\tmembers: []\n", 3, "Indent with spaces, not tabs."),
        ("teams:\r\n  Z\u00fc\U0001f525:\r\n  \tchain: a\r\n".encode(), 3, "Indent with spaces"),
        (b"teams:\n  A:\n    chain: |\n\ta\n", 4, "Indent with spaces, not tabs."),
        (b"teams:\n  a: b: {}\n", 2, "Put a name with a colon in it in quotes"),
        (b"hello\n", 1, "Write one of these keys: people, teams, no_team, chains."),
        (b"team: {}\n", 1, 'the file: "team" is not understood. Did you mean teams?'),
        (b"teams:\n", 1, "teams: nothing is written here. For none write {}."),
        (b"teams: [SRE]\n", 1, "teams: write keys with their values here"),
        (b"people:\n  a@example.com: {role: boss}\n", 2, 'role: "boss" is not understood.'),
        (b"people:\n  a@example.com: {}\n", 2, "say the role: slack, admin, editor, viewer, none."),
        (b"teams:\n  ' A': {}\n", 2, '" A" begins or ends with white space.'),
        (b"teams:\n  ? ''\n  : {}\n", 2, "nothing is written between the quotes."),
        (b"teams:\n  %s: {}\n" % (b"x" * 101), 2, "has more than 100 characters."),
        (b'teams:\n  "a\\0b": {}\n', 2, "this holds a character that cannot be stored."),
    ],
)
def test_files_that_are_not_understood(content: bytes, line: int, says: str) -> None:
    said = refused(content)
    assert any(each.startswith(f"line {line}: ") and says in each for each in said), said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("memebers: []", "Did you mean members?"),
        ("members: ana@example.com", "members: write a list here, [] for an empty one."),
        ("members: [a@x.org, a@x.org]", 'members: "a@x.org" is in this list already.'),
        ("members: [[a@x.org]]", "members: write a single value here."),
        ("members: [null]", "members: null is not possible here."),
        ("slack_channel: #sre", "# begins a comment, so put #name in quotes. For none write null."),
        ("chain:", "chain: nothing is written here"),
        ("slack_enabled: false", "slack_enabled: say slack_channel too."),
        ("{slack_channel: sre, slack_enabled: off}", "slack_enabled: write true or false."),
        ("routes: [hello]", "a route: write template or regex with its term, or important."),
        ("routes: [important, important]", "important is in this list already."),
        ("routes: [{chain: A}]", "a route: write either template or regex, with its term."),
        ("routes: [{regex: a, template: b}]", "write either template or regex, with its term."),
        ("routes: [{regex: ''}]", "regex: nothing is written between the quotes."),
        (f"routes: [{', '.join(['{regex: a}'] * 101)}]", "101 routes are too many: 100 at most."),
        (
            f"routes: [{', '.join(['{regex: a}'] * 100)}, important]",
            "100 routes are too many: 99 at most.",
        ),
        (
            "routes: [{template: '{{ payload.oncall.important }}', chain: A}, important]",
            "write important_chain and important_slack_channel for where it leads",
        ),
        ("routes: [{template: {{ payload.db }}}]", "a template, which begins with {{, in quotes."),
    ],
)
def test_teams_that_are_not_understood(text: str, says: str) -> None:
    [said] = refused(f"teams:\n  SRE:\n    {text}\n".encode())
    assert said.startswith("line 3: ")
    assert says in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hop", 'a step: "hop" is not understood. Possible are: wait, notify,'),
        ("wait", "wait: say more, such as `- wait: 5m`."),
        ("[wait]", "a step: write a word, such as `- wait: 5m` or `- resolve`."),
        ("{}", "a step: say what it does: wait, notify,"),
        ("{important: true}", "a step: say what it does: wait, notify,"),
        ("{wiat: 5m}", "Did you mean wait?"),
        ("{notify_persons: []}", "Did you mean notify?"),  # as over the API
        ("repeat_escalation", "Did you mean repeat?"),
        ("{wait: 5m, resolve: null}", "wait and resolve are two steps"),
        ("wait: 5", "wait: write a time such as 90s, 5m, 2h or 1d."),
        ("wait: 59s", "A wait takes 60 to 86400 seconds, which is a day."),
        ("wait: 2d", "A wait takes 60 to 86400 seconds, which is a day."),
        ("{wait: 5m, important: true}", "wait: this step cannot be important."),
        ("{wait: 5m, within: 5m}", "wait: within belongs to if_more_alerts_than."),
        ("notify: ana@example.com", "notify: write a list here, [] for an empty one."),
        ("notify_team: [SRE]", "notify_team: write a single value here."),
        ("only_between: 08:00", 'write two times of day in UTC: ["08:00", "18:00"].'),
        ("only_between: [8, 18]", "only_between: write a time of day in UTC, such as 08:00."),
        ("only_between: ['08:00', '24:00']", "write a time of day in UTC, such as 08:00."),
        ("if_more_alerts_than: -1", "write a whole number from 0 to 2147483647."),
        ("if_more_alerts_than: 1.5", "write a whole number from 0 to 2147483647."),
        ("{if_more_alerts_than: 3, within: 90s}", "within: write whole minutes, from 1m to 365d."),
        ("notify_on_call: Primary", "Schedules are not there yet: write null."),
        ("trigger_webhook: x", "Outgoing webhooks are not there yet: write null."),
        ("resolve: now", "resolve: this step takes no value: write `- resolve`."),
    ],
)
def test_steps_that_are_not_understood(text: str, says: str) -> None:
    said = refused(f"chains:\n  A:\n    steps:\n      - resolve\n      - {text}\n".encode())
    assert any(each.startswith("line 5: ") and says in each for each in said), said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("admin", '"a": say the role below it, such as `role: editor`: slack, admin, editor,'),
        ("", '"a": say the role below it, such as `role: editor`: slack, admin, editor,'),
        ("{}", '"a": say the role: slack, admin, editor,'),
        ("{roles: admin}", '"a": "roles" is not understood. Did you mean role?'),
        ("{role: Admin}", 'role: "Admin" is not understood. Did you mean admin?'),
        ("{role: owner}", 'role: "owner" is not understood. Possible are: slack, admin,'),
    ],
)
def test_roles_that_are_not_understood(text: str, says: str) -> None:
    [said] = refused(f"people:\n  a: {text}\n".encode())
    assert said.startswith(f"line 2: {says}")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    said = refused(
        b"people:\n  a: {role: x}\nchains:\n  B:\n    steps:\n      - y\n      - wait: z\n"
    )
    assert [each.split(":")[0] for each in said] == ["line 2", "line 6", "line 7"]
    many = refused(b"chains:\n" + b"".join(b"  A%d: {x: 1}\n" % number for number in range(60)))
    assert len(many) == 51
    assert many[-1] == "and 10 more."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wait: 90m", Step(PolicyType.WAIT, duration=5400)),
        ("wait: null", Step(PolicyType.WAIT)),
        (
            "notify: [a@x.org, b@x.org]",
            Step(PolicyType.NOTIFY_PERSONS, persons=(Ref("a@x.org"), Ref("b@x.org"))),
        ),
        ("notify_in_turn: []", Step(PolicyType.NOTIFY_NEXT)),
        (
            "{notify_team: no, important: true}",
            Step(PolicyType.NOTIFY_TEAM, important=True, target=Ref("no")),
        ),
        ("notify_user_group: '@sre'", Step(PolicyType.NOTIFY_USER_GROUP, target=Ref("@sre"))),
        ("notify_channel", Step(PolicyType.NOTIFY_CHANNEL)),
        ("notify_on_call", Step(PolicyType.NOTIFY_ON_CALL)),
        (
            "{notify_on_call: null, important: true}",
            Step(PolicyType.NOTIFY_ON_CALL, important=True),
        ),
        (
            "only_between: [18:00, 06:30:15]",
            Step(PolicyType.IF_TIME, time_from="18:00:00Z", time_to="06:30:15Z"),
        ),
        ("only_between: [null, '06:30']", Step(PolicyType.IF_TIME, time_to="06:30:00Z")),
        ("only_between: null", Step(PolicyType.IF_TIME)),
        (
            "{if_more_alerts_than: 3, within: 2h}",
            Step(PolicyType.IF_ALERTS, num_alerts=3, num_minutes=120),
        ),
        ("if_more_alerts_than: null", Step(PolicyType.IF_ALERTS)),
        ("repeat", Step(PolicyType.REPEAT)),
        ("resolve: null", Step(PolicyType.RESOLVE)),
        ("trigger_webhook", Step(PolicyType.TRIGGER_WEBHOOK)),
    ],
)
def test_every_step_is_read_and_written(text: str, expected: Step) -> None:
    values = Values()
    assert steps.read(values, source.read(text.encode())) == expected
    again = source.read(writing.one_line(steps.write(expected)).encode())
    assert steps.read(values, again) == expected
    assert values.problems == []


def test_a_term_may_be_white_space_and_a_message_is_one_line() -> None:
    setup = reading.read(b'no_team: {routes: [{regex: " "}]}')
    assert setup.no_team is not None
    assert [route.term for route in setup.no_team.said["routes"]] == [" "]
    [said] = refused(b'teams: {"a\\nb\\e[31m": [], "a\\nb\\e[31m": {}}')
    assert said == "line 1: a b [31m is written twice: it is in line 1 already."


def test_every_type_of_step_has_a_word() -> None:
    assert set(steps.WORDS.values()) == set(PolicyType)
