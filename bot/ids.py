"""Every callback, action and block id that Slack sends back to us."""

# Views
ESCALATE_VIEW = "escalate"
RESPONDERS_VIEW = "responders"

# The /escalate and Responders modals
MESSAGE_BLOCK = "message"
MESSAGE_INPUT = "message_text"
PEOPLE_BLOCK = "people"
PEOPLE_SELECT = "people_select"
# One block a chosen person: `rules:<Slack user id>`, so that a choice outlives every redraw.
RULES_BLOCK = "rules:"
RULES_SELECT = "rules_select"
TEAM_BLOCK = "team"
TEAM_SELECT = "team_select"
TEAM_RULES_BLOCK = "team_rules"
TEAM_IMPORTANT = "team_important"
NO_TEAM_BLOCK = "no_team"  # a line instead of the team, kept at every redraw
NOTE_BLOCK = "note:"  # + a number: a sentence above the form, kept at every redraw
REMOVE_BUTTON = "remove_responder"  # value: page id
REMOVE_BLOCK = "responder:"  # + page id

# Buttons of alert messages and direct messages; value: the alert group's id
ACKNOWLEDGE = "acknowledge"
UNACKNOWLEDGE = "unacknowledge"
RESOLVE = "resolve"
UNRESOLVE = "unresolve"
SILENCE = "silence"  # a select; option values: "<alert group id>:<seconds>", -1 for ever
UNSILENCE = "unsilence"
RESPONDERS = "responders"
DECLINE = "decline"
# A plain link; Slack sends a press all the same.
LINK = "open_link"

# The Home tab
NEW_TEAM = "new_team"
EDIT_TEAM = "edit_team"  # value: team id
FIND_TEAM = "find_team"  # option values: team ids
WITHOUT_TEAM_BLOCK = "without_team"
NEW_CHAIN = "new_chain"
EDIT_CHAIN = "edit_chain"  # value: chain id
FIND_CHAIN = "find_chain"  # option values: chain ids

# The forms of teams, chains and steps
TEAM_VIEW = "team_form"
NEW_CHAIN_VIEW = "new_chain_form"
CHAIN_VIEW = "chain_form"
STEP_VIEW = "step_form"
NAME_BLOCK = "name"
NAME_INPUT = "name_text"
# Of another id, for Slack keeps what is typed when one form takes the place of another.
CHAIN_NAME_BLOCK = "chain_name"
MEMBERS_SELECT = "members_select"  # in PEOPLE_BLOCK
SLACK_CHANNEL_BLOCK = "slack_channel"
SLACK_CHANNEL_SELECT = "slack_channel_select"
DEFAULT_CHAIN_BLOCK = "default_chain"
IMPORTANT_CHAIN_BLOCK = "important_chain"
CHAIN_SELECT = "chain_select"
LISTED_CHAIN_SELECT = "listed_chain_select"  # the same without making a new one
DELETE_TEAM = "delete_team"  # value: team id
STEP_BLOCK = "step:"  # + policy id
STEP_MENU = "step_menu"  # option values: "<what to do>:<policy id>"
ADD_STEP = "add_step"
DELETE_CHAIN = "delete_chain"  # value: chain id
STEP_TYPE_BLOCK = "step_type"
STEP_TYPE_SELECT = "step_type_select"
STEP_PEOPLE_SELECT = "step_people_select"  # in PEOPLE_BLOCK
STEP_TEAM_BLOCK = "step_team"
STEP_TEAM_SELECT = "step_team_select"
USER_GROUP_BLOCK = "user_group"
USER_GROUP_SELECT = "user_group_select"
DURATION_BLOCK = "duration"
TIME_FROM_BLOCK = "time_from"
TIME_TO_BLOCK = "time_to"
NUM_ALERTS_BLOCK = "num_alerts"
NUM_MINUTES_BLOCK = "num_minutes"
IMPORTANT_STEP_BLOCK = "important_step"
WHOLE_CHANNEL_BLOCK = "whole_channel"
STEP_FIELD = "step_field"  # the element of each of these that nobody hears of before submit
