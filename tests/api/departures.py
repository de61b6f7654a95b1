"""The recorded cases that Tocsin answers differently, each with the reason and our answer.

The reasons refer to the decisions P1-P14 of the design and to the "Decided" of the
issue that asked for the API.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNCONTACTABLE = (
    "uncontactable cannot be paged: give its direct paging an escalation chain that calls "
    "somebody, or a Slack channel. An admin does that in Slack (Tocsin's Home tab), over the "
    "API (routes/) or with app.py config. Or page its members as users."
)
OWN_RULES = "An editor writes their own rules only; those of others are for admins."
SLACK = "Users come from Slack, so `slack` says who they are there; the peer's had no Slack."
PAGE = "direct_paging/ is answered: the older documents describe it, the peer dropped it."


@dataclass(frozen=True)
class Departure:
    """Why, and what is answered instead, written as the recorded answers are."""

    why: str
    answer: Mapping[str, Any] = field(default_factory=dict)  # in place of the recorded one
    instead: Mapping[str, Any] = field(default_factory=dict)  # or these places in it
    given: Mapping[str, str] = field(default_factory=dict)  # variables that nothing saved
    saves: Mapping[str, str] = field(default_factory=dict)  # in place of the recorded ones
    then: tuple[str, str] | None = None  # an admin's request that puts things back

    def answer_to(self, recorded: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.answer:
            return self.answer
        changed: dict[str, Any] = copy.deepcopy(dict(recorded))
        for where, value in self.instead.items():
            *path, last = where.split(".")
            place: Any = changed
            for word in path:
                place = place[int(word) if word.isdecimal() else word]
            place[last] = value
        return changed


def _json(status: int, json: Any) -> Mapping[str, Any]:
    return {"status": status, "json": json}


def _markup(title: str, message: str) -> Departure:
    why = "P8: text is stored as typed; whatever shows it escapes it for itself."
    oncall = "json.last_alert.payload.oncall"
    return Departure(
        why,
        instead={
            "json.title": title,
            f"{oncall}.title": title,
            f"{oncall}.message": message,
        },
    )


FORBIDDEN = {"detail": "You do not have permission to perform this action."}
PAGED = Departure(PAGE, _json(200, {"alert_group_id": "<id>"}))
SOMEBODY = {"user_id": "str", "team_id": "str"}
USER = Departure(SLACK, instead={"kinds.results.0.slack": SOMEBODY})

DEPARTURES: Mapping[str, Departure] = {
    "01 editor may write someone else's rules": Departure(OWN_RULES, _json(403, FORBIDDEN)),
    "01 … and delete them": Departure(
        OWN_RULES, _json(403, FORBIDDEN), given={"e_rule": "{rules.u8}"}
    ),
    "02 markup in title and message is escaped": _markup(
        'It\'s <b>bold</b> & "q" <run>', "<i>m</i> & 'x'"
    ),
    "03 uncontactable team is accepted": Departure(
        "The issue: a page that nobody would hear of is refused, for it must not reach nobody.",
        _json(400, {"team": [UNCONTACTABLE]}),
    ),
    "04 team instead of users: accepted, does nothing": Departure(
        "The peer says yes and does nothing; Tocsin refuses what it cannot do.",
        _json(400, {"non_field_errors": ["alert_group_id and team are mutually exclusive"]}),
    ),
    "06 POST direct_paging/": PAGED,
    "06 POST direct_paging": PAGED,
    "07 type notify_by_msteams (cloud only)": Departure(
        "All ten documented types are accepted; one without a channel here is passed over (P6).",
        _json(
            201,
            {
                "id": "<id>",
                "important": False,
                "position": 9,
                "type": "notify_by_msteams",
                "user_id": "<users:u7>",
            },
        ),
        saves={"teams_rule": "id"},
        then=("DELETE", "/api/v1/personal_notification_rules/{var.teams_rule}/"),
    ),
    "13 list": USER,
    "13 list without trailing slash": USER,
    "13 current": Departure(
        SLACK, instead={"json.slack": {"user_id": "UADMIN", "team_id": "T1WORKSPACE"}}
    ),
    "13 schedule_export without token": Departure(
        "Schedules have an issue of their own; until then there is no such path.",
        _json(404, {"detail": "Not found."}),
    ),
    "14 POST not allowed": Departure(
        "Teams are made here, for there is no other product to take them from.",
        _json(
            201,
            {"id": "<id>", "grafana_id": 4, "name": "x", "email": "", "avatar_url": ""},
        ),
    ),
    "25 list": Departure(
        "The peer fails; its one organization is answered, in a list.",
        {
            "status": 200,
            "kinds": {
                "count": "int",
                "current_page_number": "int",
                "next": "null",
                "page_size": "int",
                "previous": "null",
                "results": [{"id": "str"}],
                "total_pages": "int",
            },
        },
    ),
}
