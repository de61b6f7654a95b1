"""Every error Slack answers with, and what is to be done about it."""

from enum import Enum, auto

INVITE = "invite me with /invite @tocsin"


class Outcome(Enum):
    RETRY = auto()  # it will pass
    LIMITED = auto()  # too many calls; Slack says when to come back
    ELSEWHERE = auto()  # this conversation or person will not take it, ever
    GONE = auto()  # the message is not there any more
    TOKEN = auto()  # a person has to mend the token or its scopes
    OURS = auto()  # we said something wrong


# Said to people: why a place was not used, or why somebody could not be reached.
ELSEWHERE = {
    "channel_not_found": f"I cannot see that channel: if it is private, {INVITE}.",
    "not_in_channel": f"I am not in that channel: {INVITE}.",
    "is_archived": "That channel is archived.",
    "is_inactive": "That channel is not active any more.",
    "restricted_action": "Only some people may post in that channel.",
    "no_permission": f"I may not post there: {INVITE}.",
    "permission_denied": f"I may not post there: {INVITE}.",
    "access_denied": "Slack does not let me in there.",
    "method_not_supported_for_channel_type": "Slack does not let apps post there.",
    "channel_type_not_supported": "Slack does not let apps post there.",
    "not_supported": "Slack does not let apps post there.",
    "invalid_channel": "That is not a channel.",
    "messages_tab_disabled": (
        "Direct messages with me are switched off: turn on the Messages tab in the app's settings."
    ),
    "cannot_dm_bot": "Slack does not let apps write to bots.",
    "user_not_found": "Slack does not know this person any more.",
    "users_not_found": "Slack does not know this person any more.",
    "user_not_visible": "Slack does not let me see this person.",
    "user_disabled": "This person's Slack account is deactivated.",
    "user_not_in_channel": "This person is not in that channel.",
    "invalid_users": "Slack does not know this person any more.",
    "no_such_subteam": "Slack does not know this user group any more.",
    "subteam_not_found": "Slack does not know this user group any more.",
    "paid_teams_only": "This Slack plan does not allow it.",
    "plan_upgrade_required": "This Slack plan does not allow it.",
    "ekm_access_denied": "The administrators of Slack do not allow messages at the moment.",
    "org_login_required": "This Slack workspace has moved to an organization: install me there.",
    "team_access_not_granted": "I am not installed in that workspace.",
    "team_not_found": "I am not installed in that workspace.",
    "enterprise_is_restricted": "The administrators of Slack do not allow it.",
    "external_team_restricted": "The other workspace's administrators do not allow it.",
    "not_allowed": "Slack does not allow it.",
    "expired_trigger_id": "That took too long for Slack. Try again.",
    "exchanged_trigger_id": "That was already answered. Try again.",
    "invalid_trigger_id": "That took too long for Slack. Try again.",
}
# A deleted message, or one that may not be changed any more: both can be posted anew.
GONE = {
    "message_not_found": "The message was deleted.",
    "thread_not_found": "The message was deleted.",
    "cant_update_message": "The message cannot be changed any more.",
    "edit_window_closed": "The message is too old to be changed.",
    "not_found": "The form is not open any more.",
}
TOKEN = {
    "invalid_auth": "is not valid",
    "not_authed": "is missing",
    "token_revoked": "was revoked",
    "token_expired": "has expired",
    "account_inactive": "belongs to an app that was removed, or a workspace that was deleted",
    "not_allowed_token_type": "is of the wrong kind",
    "missing_scope": "lacks a scope: compare manifest.yml and install the app again",
    "no_scope": "lacks a scope: compare manifest.yml and install the app again",
    "two_factor_setup_required": "needs two-factor authentication to be set up",
}
LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
OURS = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_too_long",
        "msg_blocks_too_long",
        "view_too_large",
        "no_text",
        "too_many_attachments",
        "invalid_attachments",
        "invalid_metadata_format",
        "metadata_too_large",
        "block_mismatch",
        "invalid_arguments",
        "invalid_arg_name",
        "invalid_array_arg",
        "invalid_charset",
        "invalid_form_data",
        "invalid_json",
        "invalid_post_type",
        "json_not_object",
        "missing_post_type",
        "missing_argument",
        "invalid_ts",
        "invalid_cursor",
        "invalid_limit",
        "too_many_users",
        "unknown_method",
        "method_deprecated",
        "deprecated_endpoint",
    }
)
RETRY = frozenset(
    {
        "internal_error",
        "fatal_error",
        "server_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "accesslimited",
        "external_channel_migrating",
        "fetch_members_failed",
        "hash_conflict",
    }
)


def outcome_of(error: str) -> Outcome:
    """What to do about an error code; one that nobody has heard of may pass."""
    if error in LIMITED:
        return Outcome.LIMITED
    if error in TOKEN:
        return Outcome.TOKEN
    if error in GONE:
        return Outcome.GONE
    if error in ELSEWHERE or error.startswith("restricted_action"):
        return Outcome.ELSEWHERE
    if error in OURS:
        return Outcome.OURS
    return Outcome.RETRY


def words_of(error: str) -> str:
    """The error as a tired person understands it."""
    if error.startswith("restricted_action"):
        return ELSEWHERE["restricted_action"]
    if error in TOKEN:
        return f"Slack refuses Tocsin: its bot token {TOKEN[error]}."
    return ELSEWHERE.get(error) or GONE.get(error) or f"Slack says {error}."
