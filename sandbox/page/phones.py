"""What reached people outside the workspace, in the order in which it came."""

import time
from typing import TYPE_CHECKING

from sandbox.shapes import Json
from sandbox.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.mail import Received


class Phones:
    """Whatever can make a phone ring (mail now) calls `ring`."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._rings: list[Json] = []

    def ring(
        self, *, kind: str, address: str, title: str, text: str, user: str | None, at: float = 0.0
    ) -> None:
        with self.workspace.editing():
            self._rings.append(
                {
                    "id": len(self._rings) + 1,
                    "at": at or time.time(),
                    "user": user,
                    "address": address,
                    "kind": kind,
                    "title": title,
                    "text": text,
                }
            )

    def take_mail(self, mail: "Received") -> None:
        owners = (
            user.id
            for user in self.workspace.users.values()
            if user.email and user.email.lower() == mail.address
        )
        self.ring(
            kind="email",
            address=mail.address,
            title=mail.subject,
            text="\n".join(mail.text.splitlines()).strip(),
            user=next(owners, None),
            at=mail.at,
        )

    def since(self, ring_id: int) -> list[Json]:
        return self._rings[ring_id:]

    def clear(self) -> None:
        self._rings.clear()
