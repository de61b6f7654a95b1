"""info/: where this installation is."""

from pydantic import BaseModel, Field

from api.call import Call
from api.resource import Resource
from core.models import Role

resource = Resource("info", "Info")


class InfoShape(BaseModel):
    """Where this installation is."""

    url: str = Field(examples=["https://tocsin.example.com"])


@resource.get("", role=Role.VIEWER, answer=InfoShape)
def get(call: Call) -> InfoShape:
    """Get the address of this installation

    TOCSIN_PUBLIC_URL, else as the client called it, without a slash at its end.
    """
    return InfoShape(url=call.base.rstrip("/"))
