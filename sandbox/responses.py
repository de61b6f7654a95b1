"""What an app answers to a person: through a response URL, or right in the acknowledgement."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox import arguments
from sandbox.channels import Message
from sandbox.host import Host
from sandbox.shapes import ApiError, Json
from sandbox.triggers import ResponseUrl
from sandbox.web_api.dispatch import WebApi
from sandbox.web_api.posting import Content, checked_content

STATUS = {"invalid_url": 404, "expired_url": 404, "used_url": 404}


class Responses:
    def __init__(self, web_api: WebApi) -> None:
        self.web_api = web_api
        self.host = web_api.host

    async def endpoint(self, request: Request) -> Response:
        """POST to a response URL; it is called `response_url` in faults and in the journal."""
        given: Json = {}
        refusal: ApiError | None = None
        try:
            given = arguments.json_object(await request.body())
        except ApiError as error:
            refusal = error

        def answered() -> tuple[Response, Json]:
            try:
                if refusal is not None:
                    raise refusal
                with self.host.workspace.editing():
                    self.answer(self.host.response_urls.use(request.path_params["token"]), given)
            except ApiError as error:
                answer = error.as_json()
                return JSONResponse(answer, status_code=STATUS.get(error.error, 400)), answer
            return PlainTextResponse("ok"), {"ok": True}

        return await self.web_api.take(request, "response_url", given, answered)

    def answer(self, where: ResponseUrl, body: Json) -> None:
        """Post, replace or delete what the body says."""
        workspace = self.host.workspace
        original = None
        if where.message_ts:
            original = workspace.find_message(where.channel, where.message_ts)
        if body.get("delete_original"):
            if original is None:
                raise ApiError("message_not_found")
            workspace.save_message(replace(original, deleted=True))
            return
        written = checked_content(body.get("text", ""), body.get("blocks"), body.get("attachments"))
        if body.get("replace_original") and original is not None:
            workspace.save_message(
                replace(
                    original,
                    text=written.text,
                    blocks=written.blocks,
                    attachments=written.attachments,
                    edited_ts=None if original.ephemeral_to else workspace.next_ts(),
                )
            )
            return
        thread_ts = body.get("thread_ts") or where.thread_ts
        post(self.host, where.user, where.channel, written, body.get("response_type"), thread_ts)


def post(
    host: Host,
    user: str,
    channel: str,
    written: Content,
    response_type: Any,
    thread_ts: str | None = None,
) -> Message:
    if response_type not in (None, "ephemeral", "in_channel"):
        raise ApiError("invalid_arguments", [f"[ERROR] response_type: {response_type}"])
    workspace = host.workspace
    return workspace.post(
        Message(
            ts=workspace.next_ts(),
            channel=channel,
            user=workspace.bot.id,
            bot_id=workspace.bot.bot_id,
            text=written.text,
            blocks=written.blocks,
            attachments=written.attachments,
            thread_ts=thread_ts,
            ephemeral_to=None if response_type == "in_channel" else user,
        )
    )


def post_acknowledgement(host: Host, user: str, channel: str, answer: Json | None) -> str | None:
    """Show what a command was acknowledged with; the text a person reads, if there is one."""
    if not answer:
        return None
    try:
        written = checked_content(
            str(answer.get("text", "")), answer.get("blocks"), answer.get("attachments")
        )
        post(host, user, channel, written, answer.get("response_type"))
    except ApiError as error:
        with host.workspace.editing():
            host.workspace.problems.append(f"acknowledgement: {error.error} {error.messages}")
        return None
    return written.text
