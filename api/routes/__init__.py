"""What the API offers, a file for each resource; the file's name is the word in the URL."""

from api.resource import Resource
from api.routes import (
    alert_group_actions,
    alert_group_log,
    alert_groups,
    alerts,
    contact_methods,
    direct_paging,
    escalation,
    escalation_chains,
    escalation_policies,
    info,
    organizations,
    personal_notification_rules,
    resolution_notes,
    responders,
    teams,
    users,
)

RESOURCES: tuple[Resource, ...] = (
    alert_group_actions.resource,
    alert_group_log.resource,
    alert_groups.resource,
    alerts.resource,
    contact_methods.resource,
    direct_paging.resource,
    escalation.resource,
    escalation_chains.resource,
    escalation_policies.resource,
    info.resource,
    organizations.resource,
    personal_notification_rules.resource,
    resolution_notes.resource,
    responders.resource,
    teams.resource,
    users.resource,
)
