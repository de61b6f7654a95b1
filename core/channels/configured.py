"""The ways to reach people that the settings set up."""

from core.channels import Channel
from core.channels.email import Email
from core.channels.webhook import Webhook
from core.config import Settings
from core.models import RuleType


def configured(settings: Settings, *, slack: Channel) -> dict[RuleType, Channel]:
    """Every channel that can deliver here; rules for the others end as "not set up" (P6)."""
    channels: dict[RuleType, Channel] = {
        RuleType.SLACK: slack,
        RuleType.WEBHOOK: Webhook(
            allow_private=settings.webhook_allow_private, public_url=settings.public_url
        ),
    }
    if settings.smtp_host and settings.mail_from:
        password = settings.smtp_password
        channels[RuleType.EMAIL] = Email(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.mail_from,
            user=settings.smtp_user,
            password=password.get_secret_value() if password else None,
            starttls=settings.smtp_starttls,
        )
    return channels
