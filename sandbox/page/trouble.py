"""The switches that make the workspace slow, strict, failing or silent."""

from sandbox.delivery import Courier
from sandbox.faults import Fault, Faults
from sandbox.limits import Limits
from sandbox.mail import Mail
from sandbox.shapes import Json
from sandbox.socket_mode import SocketMode

SLOW_SECONDS = 2.0
RETRY_AFTER = 10
HALF = 0.5
NAMES = ("slow", "limited", "failing", "offline", "mail")
MAIL_REFUSAL = "451 The mail server is switched off."


class Trouble:
    """Lives on the event loop; what a test ordered in other ways is left alone."""

    def __init__(
        self, faults: Faults, limits: Limits, mail: Mail, sockets: SocketMode, courier: Courier
    ) -> None:
        self.faults = faults
        self.limits = limits
        self.mail = mail
        self.sockets = sockets
        self.courier = courier
        self._usual_limits = limits.enabled
        self._on: dict[str, list[Fault]] = {}

    def switches(self) -> Json:
        return {name: name in self._on for name in NAMES}

    def switch(self, name: str, on: bool) -> None:
        if on == (name in self._on):
            return
        if on:
            self._on[name] = self._order(name)
        else:
            for fault in self._on.pop(name):
                self.faults.remove(fault)
        if name == "limited":
            self.limits.enabled = on or self._usual_limits
            self.limits.reset()
        if name == "mail":
            self.mail.refuse = MAIL_REFUSAL if on else None
        if name == "offline":
            self.courier.is_cut_off = self.sockets.is_cut_off = on
            if on:
                self.sockets.cut()

    def _order(self, name: str) -> list[Fault]:
        if name == "slow":
            return [self.faults.add(delay=SLOW_SECONDS)]
        if name == "limited":
            # The real limits are hard to reach by hand: this makes them felt.
            return [
                self.faults.add(method, retry_after=RETRY_AFTER, probability=HALF)
                for method in ("chat.postMessage", "chat.update")
            ]
        if name == "failing":
            return [self.faults.add(status=500, probability=HALF)]
        if name == "offline":
            return [self.faults.add(drop="before")]
        return []

    def clear(self) -> None:
        for name in list(self._on):
            self.switch(name, False)
