"""The value of each setting in force, and where it came from; secrets are not shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kb.settings import PREFIX, SETTINGS


class SettingSource(StrEnum):
    """Where a value came from."""

    COMMAND_LINE = "command_line"
    ENVIRONMENT = "environment"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingInForce:
    """One setting as it is in force: `value` is empty where none is set, and where it is a secret."""

    name: str
    value: str
    origin: SettingSource
    help: str
    secret: bool


def settings_in_force(
    command_line: Mapping[str, str], environment: Mapping[str, str] = os.environ
) -> list[SettingInForce]:
    """All settings in the order of the table; `command_line` gives those of its options, by setting."""
    found = []
    for setting in SETTINGS:
        name = PREFIX + setting.name
        value, origin = setting.default, SettingSource.DEFAULT
        if environment.get(name):
            value, origin = environment[name], SettingSource.ENVIRONMENT
        if setting.name in command_line:
            value, origin = command_line[setting.name], SettingSource.COMMAND_LINE
        shown = "" if setting.secret else value
        found.append(SettingInForce(name=name, value=shown, origin=origin, help=setting.help, secret=setting.secret))
    return found
