"""Every way in which Slack can fail has a decided outcome, and words for a person."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient

from bot import failures, refusals
from bot.failures import Malformed, Refusal
from bot.refusals import Outcome, outcome_of, words_of
from bot.token_state import TokenState
from core.channels import ChannelError
from core.channels.publisher import MessageGone

# oncall_behaviour.md 1.8 (also what it calls unmapped), and what else Slack documents.
EXPECTED = {
    Outcome.RETRY: (
        "internal_error fatal_error service_unavailable request_timeout team_added_to_org "
        "fetch_members_failed hash_conflict something_new"
    ),
    Outcome.LIMITED: "ratelimited rate_limited message_limit_exceeded",
    Outcome.TOKEN: (
        "account_inactive token_revoked token_expired invalid_auth not_authed missing_scope"
    ),
    Outcome.GONE: (
        "message_not_found cant_update_message thread_not_found edit_window_closed not_found"
    ),
    Outcome.ELSEWHERE: (
        "is_archived channel_not_found not_in_channel is_inactive restricted_action "
        "restricted_action_read_only_channel restricted_action_thread_only_channel "
        "restricted_action_non_threadable_channel permission_denied no_permission "
        "ekm_access_denied org_login_required user_disabled user_not_found users_not_found "
        "user_not_visible invalid_users cannot_dm_bot method_not_supported_for_channel_type "
        "messages_tab_disabled plan_upgrade_required paid_teams_only no_such_subteam "
        "subteam_not_found expired_trigger_id exchanged_trigger_id"
    ),
    Outcome.OURS: (
        "msg_too_long msg_blocks_too_long invalid_blocks invalid_blocks_format no_text "
        "view_too_large invalid_arguments"
    ),
}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(error, outcome) for outcome, errors in EXPECTED.items() for error in errors.split()],
)
def test_every_error_has_its_outcome(error: str, outcome: Outcome) -> None:
    assert outcome_of(error) is outcome


def test_no_error_has_two_outcomes() -> None:
    tables = [
        refusals.ELSEWHERE,
        refusals.GONE,
        refusals.TOKEN,
        refusals.LIMITED,
        refusals.OURS,
        refusals.RETRY,
    ]
    everything = [error for table in tables for error in table]
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("error", [*refusals.ELSEWHERE, *refusals.GONE, *refusals.TOKEN])
def test_every_refusal_has_words_without_jargon(error: str) -> None:
    assert "_" not in words_of(error)
    assert words_of(error).endswith(".")
    assert words_of(error)[0].isupper()


def test_the_words_say_what_to_do() -> None:
    assert words_of("not_in_channel") == (
        "I am not in that channel: invite me with /invite @tocsin."
    )
    assert (
        words_of("restricted_action_thread_locked") == "Only some people may post in that channel."
    )
    assert words_of("something_new") == "Slack says something_new."


def answer(data: object, status: int = 200, **headers: str) -> SlackApiError:
    response = SlackResponse(
        client=WebClient(),
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,  # type: ignore[arg-type]
        headers={key.replace("_", "-"): value for key, value in headers.items()},
        status_code=status,
    )
    return SlackApiError("failed", response)  # type: ignore[no-untyped-call]


def outcome(data: object, status: int = 200, **headers: str) -> ChannelError:
    return Refusal.of(answer(data, status, **headers)).as_error()


def test_outcomes_become_errors() -> None:
    elsewhere = outcome({"ok": False, "error": "is_archived"})
    assert elsewhere.permanent
    assert str(elsewhere) == "That channel is archived."
    assert isinstance(outcome({"error": "message_not_found"}), MessageGone)
    assert isinstance(outcome({"error": "invalid_blocks"}), Malformed)
    token = outcome({"error": "token_revoked"})
    assert not token.permanent
    assert token.retry_in == timedelta(seconds=60)
    passing = outcome({"error": "internal_error"})
    assert (passing.permanent, passing.retry_in, passing.attempted) == (False, None, True)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("7", 7),
        ("0", 1),
        ("0.2", 1),
        ("9999", 300),
        ("-3", 10),
        ("soon", 10),
        ("nan", 10),
        ("", 10),
    ],
)
def test_a_rate_limit_is_waited_for_within_reason(said: str, wait: int) -> None:
    error = outcome({"error": "ratelimited"}, 429, retry_after=said)
    assert (error.retry_in, error.attempted) == (timedelta(seconds=wait), False)


def test_a_rate_limit_without_a_word_waits_ten_seconds() -> None:
    assert outcome({"error": "ratelimited"}).retry_in == timedelta(seconds=10)
    assert outcome({"error": "<html>"}, 429).retry_in == timedelta(seconds=10)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"ok": False, "error": "Received a response in a non-JSON format: <html>secret"}, 200),
        ({"ok": False, "error": "channel_not_found"}, 503),
        ({"ok": False, "error": ["odd"]}, 200),
        ({}, 200),
        (None, 502),
    ],
)
def test_nonsense_passes_and_is_not_repeated_to_people(data: object, status: int) -> None:
    error = outcome(data, status)
    assert not error.permanent
    assert "secret" not in str(error)
    assert "<" not in str(error)


def test_what_breaks_on_the_way_is_tried_again() -> None:
    assert str(failures.broken(TimeoutError())) == "Slack did not answer in time."
    assert str(failures.broken(ConnectionResetError())) == "Slack cannot be reached."
    assert str(failures.broken(ValueError("secret"))) == "Slack is in trouble (ValueError)."
    assert not failures.broken("x").permanent


def test_blocks_that_slack_does_not_like_are_named_without_their_contents() -> None:
    said = {
        "error": "invalid_blocks",
        "response_metadata": {"messages": ["[ERROR] bad secret [json-pointer:/blocks/0/text]", 7]},
    }
    assert Refusal.of(answer(said)).pointers == ("/blocks/0/text",)


def test_the_state_of_the_token_is_remembered_until_it_works_again() -> None:
    state = TokenState("SLACK_BOT_TOKEN")
    assert state.trouble is None
    state.refused("chat.postMessage", "token_revoked")
    first = state.trouble
    assert first is not None
    assert first.words == "Slack refuses SLACK_BOT_TOKEN: it was revoked."
    state.refused("chat.update", "token_revoked")
    assert state.trouble is first  # since when, not how often
    state.accepted("auth.test")
    assert state.trouble is None


def test_a_missing_scope_concerns_only_what_needs_it() -> None:
    state = TokenState("SLACK_BOT_TOKEN")
    state.refused("dnd.teamInfo", "missing_scope")
    state.accepted("chat.postMessage")
    assert state.trouble is None
    assert [each.method for each in state.lacking] == ["dnd.teamInfo"]
    state.refused("chat.postMessage", "missing_scope")
    assert state.trouble is not None
    assert "(chat.postMessage)" in state.trouble.words
    state.accepted("chat.postMessage")
    assert state.trouble is None
