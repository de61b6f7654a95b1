"""openapi.json: the whole API told to programs, put together from the resources.

It is OpenAPI 3.0.3 and not 3.1, since the generators of clients in Go, Java and C#
read that version in full, and the newer one in part or not at all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from api import refusals, schema
from api.body import MAX_BODY
from api.call import PREFIX
from api.pagination import Page
from api.refusals import FORM, JSON
from api.resource import Filter, Operation, Resource

ABOUT = f"""\
Pages people from Slack, each by their own notification rules. The paths, fields and answers
are those of Grafana OnCall, so that its clients work here with another URL and another token.

**Token**: `app.py token create --user ana@example.com --name ci` shows one, this once. Send it
as `Authorization: <token>`; `Authorization: Bearer <token>` works as well. It acts as its user.

**Errors** are objects whose values are texts, lists and objects: `{{"detail": "..."}}`, or the
fields with what is wrong about each. A request is at most {MAX_BODY // 1024} KiB large.

**Addresses** work with and without the slash at the end.

**After 429, 500 and 503** wait as long as `Retry-After` says, if it says, and send the request
again. A page that may have been made is not made twice with the same `Idempotency-Key`.
"""

METHODS = ("GET", "POST", "PUT", "DELETE")
ID = "[A-NP-Z1-9]{12,}"

# What a word in braces stands for: by its own name, else by the word before it.
IDS: Mapping[str, Filter] = {
    word: Filter("", about, {"type": "string", "pattern": f"^{pattern}$"}, example)
    for word, about, pattern, example in (
        ("alert_groups", "An alert group's id.", f"I{ID}", "I5UVFYJ8BK4LW"),
        ("contact_id", "A contact method's id.", f"CM{ID}", "CM7GUFQKXSY5AB"),
        ("escalation_chains", "A chain's id.", f"F{ID}", "FWDL7M6N6I9HE"),
        ("escalation_policies", "A step's id.", f"E{ID}", "E3GA6SJETWWJS"),
        ("integrations", "An integration's id.", f"C{ID}", "C7XK2WQ9LM4TR"),
        ("organizations", "The organization's id; any will do.", f"O{ID}", "O5LTHQTZ4XDU2P"),
        ("personal_notification_rules", "A rule's id.", f"N{ID}", "NT79GA9I7E4DJ"),
        ("resolution_notes", "A resolution note's id.", f"M{ID}", "M4BTQUS3PRHYQ"),
        ("routes", "A route's id.", f"R{ID}", "R8BQ4NMZK1TYC"),
        ("teams", "A team's id.", f"T{ID}", "T3HRAP3K3IKAP"),
        ("users", "A user's id, or `current`.", f"(U{ID}|current)", "U4DNY931HHJS5"),
        ("user_id", "A user's id.", f"U{ID}", "U4DNY931HHJS5"),
    )
}


def document(resources: Sequence[Resource], public_url: str | None) -> dict[str, Any]:
    """The document.  `public_url` ends in a slash; without one the servers are relative."""
    schemas, names = _schemas(resources)
    every = [(resource, each) for resource in resources for each in resource.operations]
    every.sort(key=lambda each: (each[1].path, METHODS.index(each[1].method)))
    paths: dict[str, Any] = {}
    for resource, operation in every:
        at = paths.setdefault(f"/{operation.path}/", {})
        at[operation.method.lower()] = _operation(resource, operation, schemas, names)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Tocsin", "version": "1", "description": ABOUT},
        "servers": [{"url": f"{public_url or '/'}{PREFIX.strip('/')}"}],
        "security": [{"Token": []}, {"Bearer": []}],
        "tags": [{"name": title} for title in sorted({resource.title for resource in resources})],
        "paths": paths,
        "components": {
            "schemas": {**schemas, **refusals.SHAPES},
            "responses": refusals.RESPONSES,
            "securitySchemes": {
                "Token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "The token alone, as OnCall's clients send it.",
                },
                "Bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(
    resource: Resource,
    operation: Operation,
    schemas: Mapping[str, Any],
    names: Mapping[tuple[type[BaseModel], JsonSchemaMode], str],
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": _name(resource, operation),
        "summary": operation.summary,
        "description": f"{operation.about}\n\nRole: {operation.role.value}.".strip(),
        "tags": [resource.title],
    }
    parameters = [
        *_ids(operation.path),
        *(_parameter(each, "query") for each in operation.filters),
        *(_parameter(each, "header") for each in operation.headers),
    ]
    if parameters:
        said["parameters"] = parameters
    if operation.body is not None:
        name = names[operation.body, "validation"]
        body = _body(name, schemas[name], operation.example)
        said["requestBody"] = {"required": operation.method == "POST"} | body
    content: dict[str, Any] = {}
    if operation.answer is not None:
        shape = schema.reference(names[operation.answer, "serialization"])
        content["content"] = {JSON: {"schema": shape}}
    good = {operation.status: "Done."} | dict(operation.also)
    said["responses"] = {
        str(status): {"description": about} | content for status, about in sorted(good.items())
    } | dict(refusals.of(operation))
    return said


def _name(resource: Resource, operation: Operation) -> str:
    """`alert_groups_list`, `alert_groups_acknowledge`: what generators call their functions."""
    words = [word for word in operation.path.split("/") if not word.startswith("{")]
    siblings = {each.method for each in resource.operations if each.path == operation.path}
    verb = {"GET": "get", "PUT": "update", "DELETE": "delete", "POST": "create"}[operation.method]
    if operation.method == "GET" and not operation.path.endswith("}") and _is_page(operation):
        verb = "list"
    if operation.method == "POST" and "GET" not in siblings:  # something that is done
        return "_".join(words)
    return "_".join([*words, verb])


def _is_page(operation: Operation) -> bool:
    return isinstance(operation.answer, type) and issubclass(operation.answer, Page)


def _ids(path: str) -> Iterator[dict[str, Any]]:
    words = path.split("/")
    for before, word in pairwise(words):
        if word.startswith("{"):
            name = word.strip("{}")
            kind = IDS.get(name) or IDS.get(before) or Filter(name, "Its id.")
            yield {
                "name": name,
                "in": "path",
                "required": True,
                "description": kind.about,
                "schema": dict(kind.kind),
            } | ({"example": kind.example} if kind.example else {})


def _parameter(said: Filter, where: str) -> dict[str, Any]:
    """The example stands in the text: Swagger UI would send it with every request."""
    about = said.about if said.example is None else f"{said.about} For example `{said.example}`."
    parameter = {"name": said.name, "in": where, "description": about}
    return parameter | {"schema": schema.older(said.kind)}


def _body(name: str, shape: Mapping[str, Any], example: Mapping[str, Any] | None) -> dict[str, Any]:
    """JSON, and a form of those fields that a form can hold."""
    fields: Mapping[str, Any] = shape.get("properties", {})
    flat = {key: each for key, each in fields.items() if schema.is_flat(each)}
    form: dict[str, Any] = {"type": "object", "properties": flat}
    required = shape.get("required", [])
    content: dict[str, Any] = {JSON: {"schema": schema.reference(name)}}
    if set(required) <= set(flat):
        content[FORM] = {"schema": form | ({"required": required} if required else {})}
    if example is not None:
        for kind, said in content.items():
            if kind == JSON or set(example) <= set(flat):
                said["example"] = dict(example)
    return {"content": content} | ({"required": True} if required else {})


class _Schemas(GenerateJsonSchema):
    """Without a title for each field; an answer holds all fields, save those it may leave out."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        if self.mode == "serialization":
            return field.get("serialization_exclude_if") is None
        return super().field_is_required(field, total)


def _schemas(
    resources: Sequence[Resource],
) -> tuple[dict[str, Any], dict[tuple[type[BaseModel], JsonSchemaMode], str]]:
    """The shapes by their names, and the name of each model's shape."""
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for resource in resources:
        for operation in resource.operations:
            if operation.body is not None:
                wanted[operation.body, "validation"] = None
            if operation.answer is not None:
                wanted[operation.answer, "serialization"] = None
    found, whole = models_json_schema(
        list(wanted), ref_template=schema.REFERENCE, schema_generator=_Schemas
    )
    long: Mapping[Any, str] = {key: each["$ref"].rpartition("/")[2] for key, each in found.items()}
    short = _short(whole.get("$defs", {}))
    shapes = {}
    for name, each in whole.get("$defs", {}).items():
        about, _, _ = each.get("description", "").partition("\n\n")  # the rest is for us
        shape = schema.older(each, short)
        shapes[short[name]] = shape | ({"description": " ".join(about.split())} if about else {})
    return dict(sorted(shapes.items())), {key: short[name] for key, name in long.items()}


def _short(names: Mapping[str, Any]) -> dict[str, str]:
    """`AlertGroupPage` for `Page_AlertGroupShape_`, unless that is another's name."""
    short: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"^Page_([A-Za-z]+)_$", r"\1Page", name).replace("Shape", "")
        short[name] = name if plain in refusals.SHAPES or plain in short.values() else plain
    return short
