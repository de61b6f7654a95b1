"""What the API offers, a file for each resource; the file's name is the word in the URL."""

from api.resource import Resource
from api.routes import alert_groups, escalation

RESOURCES: tuple[Resource, ...] = (escalation.resource, alert_groups.resource)
