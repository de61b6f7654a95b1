"""What callers can do wrong, drawn as a tree; the messages are written for people."""


class TocsinError(Exception):
    """Something a person asked for that cannot be done; `str()` says why and what to do."""


class Invalid(TocsinError):
    """What was sent does not fit; `field` names the input it is about."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class Taken(Invalid):
    """Another one has this name already."""


class Refused(TocsinError):
    """This person may not do this."""


class Gone(TocsinError):
    """It does not exist, or not any more."""


class Conflict(TocsinError):
    """The alert group is not in a state for this, often because somebody was faster."""


class KeyReused(Conflict):
    """A request that is remembered came again with something else in it."""

    def __init__(self) -> None:
        super().__init__("This form was already sent, with other content.")


class AlreadyAsked(TocsinError):
    """The same request came before; `alert_group_id` is what it led to."""

    def __init__(self, alert_group_id: str) -> None:
        super().__init__("This was already sent.")
        self.alert_group_id = alert_group_id


class TooOften(TocsinError):
    """More requests in a minute than one token may send."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Request was throttled. Expected available in {seconds} seconds.")
        self.seconds = seconds
