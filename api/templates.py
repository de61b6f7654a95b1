"""The templates of integrations: kept as they were sent, answered with every key there is."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from api import fields
from api.fields import Body

LONGEST = 50_000  # characters

# As it is kept: texts, and objects of texts; a key that is not there means the default.
Kept = Mapping[str, Any]

Text = Annotated[
    str | None,
    BeforeValidator(
        fields.optional(lambda value: fields.text(value, longest=LONGEST, blank=True, trim=False))
    ),
    WithJsonSchema({"type": ["string", "null"], "maxLength": LONGEST}),
    Field(description="A Jinja template; null for the default."),
]


class TitleAsked(Body):
    """For ways that have room for a title only."""

    title: Text = None


class TextAsked(TitleAsked):
    """For ways that tell a title and a message."""

    message: Text = None


class MessageAsked(TextAsked):
    """For ways that can show a picture as well."""

    image_url: Text = None


class TemplatesAsked(Body):
    """What alerts look like from now on; whatever is left out stays."""

    grouping_key: Text = None
    resolve_signal: Text = None
    acknowledge_signal: Text = None
    source_link: Text = None
    slack: Annotated[MessageAsked | None, Field(description="In Slack.")] = None
    web: Annotated[MessageAsked | None, Field(description="On a page.")] = None
    telegram: Annotated[MessageAsked | None, Field(description="In Telegram.")] = None
    msteams: Annotated[MessageAsked | None, Field(description="In Teams.")] = None
    sms: Annotated[TitleAsked | None, Field(description="In a text message.")] = None
    phone_call: Annotated[TitleAsked | None, Field(description="In a call.")] = None
    email: Annotated[TextAsked | None, Field(description="In an e-mail.")] = None
    mobile_app: Annotated[TextAsked | None, Field(description="In the mobile app.")] = None


class TitleTemplates(BaseModel):
    """Null stands for the default."""

    title: str | None = None


class TextTemplates(TitleTemplates):
    """Null stands for the default."""

    message: str | None = None


class MessageTemplates(TextTemplates):
    """Null stands for the default."""

    image_url: str | None = None


class Templates(BaseModel):
    """What alerts look like; null stands for the default."""

    grouping_key: str | None = None
    resolve_signal: str | None = None
    acknowledge_signal: str | None = None
    source_link: str | None = None
    slack: MessageTemplates = MessageTemplates()
    web: MessageTemplates = MessageTemplates()
    telegram: MessageTemplates = MessageTemplates()
    msteams: MessageTemplates = MessageTemplates()
    sms: TitleTemplates = TitleTemplates()
    phone_call: TitleTemplates = TitleTemplates()
    email: TextTemplates = TextTemplates()
    mobile_app: TextTemplates = TextTemplates()


def changed(kept: Kept, asked: TemplatesAsked | None) -> dict[str, Any]:
    """What to keep from now on; null puts the default back, for all or for one of them."""
    if asked is None:
        return {}
    found = dict(kept)
    for key in asked.model_fields_set:
        said = getattr(asked, key)
        if isinstance(said, Body):
            part = found.get(key, {}) | said.model_dump(exclude_unset=True)
            said = {word: text for word, text in part.items() if text is not None}
        found[key] = said
    return {key: said for key, said in found.items() if said is not None and said != {}}
