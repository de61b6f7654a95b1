"""What the API offers, a file for each resource; the file's name is the word in the URL."""

from api.resource import Resource
from api.routes import alert_groups, direct_paging, escalation

RESOURCES: tuple[Resource, ...] = (
    alert_groups.resource,
    direct_paging.resource,
    escalation.resource,
)
