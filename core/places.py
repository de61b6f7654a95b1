"""Where an alert group's message goes in Slack, and where next if it is refused (P12)."""

from itertools import pairwise

from core.models import AlertGroup, Place, User


def first(group: AlertGroup, default_channel: str | None) -> Place:
    """The best place there is."""
    return _all(group, default_channel)[0]


def after(group: AlertGroup, place: Place | None, default_channel: str | None) -> Place | None:
    """The next best place after one that refused; None when there is none left."""
    places = _all(group, default_channel)
    if place is None or place not in places:
        return places[0]
    return dict(pairwise(places)).get(place)


def target(
    place: Place, group: AlertGroup, author: User, default_channel: str | None
) -> str | None:
    """The id to post to: a channel's, or a person's for their direct messages."""
    if place is Place.ROUTE:
        return group.route_channel
    if place is Place.ASKED:
        return group.slack_channel
    return default_channel if place is Place.DEFAULT else author.slack_user_id


def _all(group: AlertGroup, default_channel: str | None) -> list[Place]:
    """Best first.  What was typed in private never goes to the default channel."""
    places = [Place.ROUTE] if group.route_channel not in (None, group.slack_channel) else []
    places += [Place.ASKED] if group.slack_channel else []
    if default_channel and not group.slack_channel_is_private:
        places.append(Place.DEFAULT)
    return [*places, Place.AUTHOR]
