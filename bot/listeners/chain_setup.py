"""The forms of chains and steps, and our rows: read into the forms, and back."""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session, col, select

from bot import ids
from bot.listeners import leading
from bot.views import chain_form, step_form
from bot.views.chain_form import ChainForm
from bot.views.chain_warnings import warnings
from bot.views.chosen import Block
from bot.views.step_answer import StepForm
from core import chains, outlook, people
from core.errors import Gone, Invalid
from core.models import (
    ChainStep,
    EscalationPolicy,
    PolicyType,
    Team,
    User,
    UserGroup,
)


def form(
    session: Session, chain_id: str, *, name: str | None = None, note: str | None = None
) -> Block:
    """The form of a chain as it is now; `name` is the one that it was opened with.

    Raises Gone.
    """
    found = chains.find(session, chain_id)
    policies = chains.policies(session, chain_id)
    crowd = leading.crowd(session, chain_id)
    foreseen = outlook.of_chain(session, chain_id, slack_channel=crowd.slack_channel)
    shown = leading.on_any_route(foreseen, crowd)
    drawing = chain_form.Drawing(
        steps=[(policy.id, each) for policy, each in zip(policies, shown, strict=True)],
        warnings=warnings(shown),
        teams=leading.teams(session, [chain_id]).get(chain_id, []),
        note=note,
    )
    return chain_form.form(chain_id, found.name if name is None else name, drawing)


def new_step(session: Session, below: ChainForm) -> StepForm:
    """The form for a new step.  Raises Gone."""
    chains.find(session, below.chain_id)
    step = ChainStep(PolicyType.NOTIFY_PERSONS)
    return StepForm(below.chain_id, below.was, None, step, new_id=chains.new_id())


def find_step(session: Session, policy_id: str) -> EscalationPolicy:
    """Raises Gone."""
    policy = session.get(EscalationPolicy, policy_id)
    if policy is None:
        raise Gone("This step does not exist any more.")
    return policy


def step_of(session: Session, below: ChainForm, policy: EscalationPolicy) -> StepForm:
    """The form for a step as it is now."""
    users = {
        user.id: user.slack_user_id
        for user in session.scalars(select(User).where(col(User.id).in_(policy.persons)))
        if user.is_active and not user.is_bot
    }
    known = (users.get(id_) for id_ in policy.persons)
    step = replace(policy.step, persons=tuple(id_ for id_ in known if id_))
    return StepForm(
        chain_id=below.chain_id,
        chain_name=below.was,
        policy_id=policy.id,
        step=step,
        minutes=f"{step.wait.total_seconds() / 60:g}" if step.type is PolicyType.WAIT else "",
    )


def draw_step(session: Session, shown: StepForm) -> Block:
    """The form of a step as it stands, with whom it would call now."""
    users = people.by_slack_ids(session, shown.step.persons)
    crowd = leading.crowd(session, shown.chain_id)
    steps = outlook.of_steps(session, [_stored(shown.step, users)], crowd.slack_channel)
    [foreseen] = leading.on_any_route(steps, crowd)
    step, group = shown.step, None
    if step.user_group_id:
        group = session.get(UserGroup, step.user_group_id)
    team = session.get(Team, step.team_id) if step.team_id else None
    drawing = step_form.Drawing(
        outlook=replace(foreseen, is_reached=True),
        team=team.name if team else None,
        user_group=f"@{group.handle}" if group else None,
        crowd=crowd,
    )
    return step_form.form(shown, drawing)


def stored(shown: StepForm, users: Mapping[str, User]) -> ChainStep:
    """What to write; `users` are the people chosen, by Slack id.  Raises Invalid."""
    return _stored(shown.checked(), users)


def save_step(session: Session, shown: StepForm, step: ChainStep) -> None:
    """Add the step to its chain, or change it.  Raises Gone, Invalid, Conflict."""
    if step.type is PolicyType.NOTIFY_TEAM:
        _check_team(session, step.team_id or "")
    if step.type is PolicyType.NOTIFY_USER_GROUP:
        _check_group(session, step.user_group_id or "")
    if shown.policy_id is None:
        chain = chains.hold(session, shown.chain_id)
        if not shown.new_id or session.get(EscalationPolicy, shown.new_id) is None:
            chains.add(session, chain, step, id_=shown.new_id or None)
    else:
        chains.change(session, chains.hold_policy(session, shown.policy_id), step)


def move(session: Session, policy_id: str, by: int) -> None:
    """One place up or down, as the chain is now; nothing at its ends.  Raises Gone."""
    policy = chains.hold_policy(session, policy_id)
    order = chains.policies(session, policy.escalation_chain_id)
    to = next(at for at, each in enumerate(order) if each.id == policy_id) + by
    if 0 <= to < len(order):
        chains.move(session, policy, order[to].position)


def _stored(step: ChainStep, users: Mapping[str, User]) -> ChainStep:
    return replace(step, persons=tuple(users[id_].id for id_ in step.persons if id_ in users))


def _check_team(session: Session, team_id: str) -> None:
    team = session.get(Team, team_id)
    if team is None or team.deleted_at is not None:
        said = "This team does not exist any more. Choose another one."
        raise Invalid(said, field=ids.STEP_TEAM_BLOCK)


def _check_group(session: Session, user_group_id: str) -> None:
    group = session.get(UserGroup, user_group_id)
    if group is None or group.gone_at is not None:
        said = "This user group does not exist in Slack any more. Choose another one."
        raise Invalid(said, field=ids.USER_GROUP_BLOCK)
