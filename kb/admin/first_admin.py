"""The first admin: made from the settings, or by whoever opens a link that is printed once."""

from __future__ import annotations

from kb.admin.accounts import Accounts
from kb.admin.audit import AuditLog
from kb.settings import Settings, read_admin_password


def first_admin_link(settings: Settings, accounts: Accounts, audit: AuditLog) -> str | None:
    """The secret of the link by which the first admin is made; None where somebody has an account.

    An admin that the settings name is made at once. Raises SettingsError, AccountError and StoreError.
    """
    if settings.admin_name and settings.admin_password_file and not accounts.all():
        accounts.create_first(settings.admin_name, read_admin_password(settings.admin_password_file))
        audit.note("", "account.first", settings.admin_name, "WENZHENG_ADMIN_NAME")
    return accounts.setup_link()
