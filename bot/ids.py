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
