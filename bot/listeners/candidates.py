"""Reads what a form says about the people chosen in it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.listeners.lookup import Profiles, workspace
from bot.views.forecast import Candidate, Prospect, Standing, unpageable
from core import people, plan, rules
from core.errors import Invalid
from core.models import RuleType, Step, User
from core.people import Addresses
from core.plan import Source, Stage
from core.rules import Rules

UTC = ZoneInfo("UTC")
NOT_SAID = "Slack did not say who one of these people is. Try again."


def read(
    session: Session,
    slack_ids: Iterable[str],
    ways: Collection[RuleType],
    *,
    at: datetime,
    new: Profiles | None = None,
) -> dict[str, Candidate]:
    """These people by Slack id, with what would happen if they were paged `at` this time.

    `new` is what Slack said of those we do not know yet.
    """
    ids = list(slack_ids)
    users = people.by_slack_ids(session, ids)
    ours = workspace(session)
    has = people.addresses(session, users.values())
    of = rules.of(session, users.values())
    found = {}
    for id_ in ids:
        user = users.get(id_)
        if user is None:
            missing = new is not None and id_ in new and new[id_] is None
            standing = Standing.GONE if missing else Standing.NEW
            found[id_] = Candidate(id_, None, UTC, standing)
            continue
        found[id_] = Candidate(
            slack_user_id=id_,
            name=user.name,
            zone=user.zone,
            standing=_standing(user, ours.team_id if ours else None),
            default=prospect(user, of[user.id], has[user.id], ways, important=False, at=at),
            important=prospect(user, of[user.id], has[user.id], ways, important=True, at=at),
        )
    return found


def check(
    session: Session, slack_ids: Iterable[str], users: Mapping[str, User], new: Profiles
) -> None:
    """Raises Invalid that names everybody among these who cannot be paged."""
    ours = workspace(session)
    refusals = []
    for id_ in slack_ids:
        user = users.get(id_)
        if user is not None:
            standing = _standing(user, ours.team_id if ours else None)
        elif id_ in new:
            standing = Standing.GONE
        else:
            raise Invalid(NOT_SAID, field="people")
        refusals.append(unpageable(Candidate(id_, user.name if user else None, UTC, standing)))
    found = [refusal for refusal in refusals if refusal]
    if found:
        raise Invalid(" ".join(found), field="people")


def prospect(
    user: User,
    own: Rules,
    has: Addresses,
    ways: Collection[RuleType],
    *,
    important: bool,
    at: datetime,
) -> Prospect:
    """What paging `user` by this list comes to."""
    made = plan.make(own, has, ways, important=important)

    def stages(steps: Sequence[Step]) -> list[Stage]:
        return plan.outlook(steps, user, has, ways, at=at)

    passed_over: list[Step] = []
    if important and made.source is not Source.IMPORTANT:
        passed_over += own.important
    if made.source is Source.FALLBACK:
        passed_over += own.default
    return Prospect(
        source=made.source,
        is_empty=not passed_over,
        reachable=made.reachable,
        stages=tuple(stages(made.steps)),
        passed_over=tuple(stage for stage in stages(passed_over) if stage.problem),
    )


def _standing(user: User, team_id: str | None) -> Standing:
    if user.is_bot:
        return Standing.BOT
    if not user.is_active:
        return Standing.DEACTIVATED
    if team_id and user.slack_team_id and user.slack_team_id != team_id:
        return Standing.STRANGER
    return Standing.PERSON
