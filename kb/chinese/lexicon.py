"""Patterns of the language, each with sentences that show it, from the TOML file beside the module that uses them.

    [how_many]
    means = "a count or an amount is asked for, in a unit"
    pattern = '(?:多少|几)[个]?(?P<unit><<units>>)'
    finds = ["2024年新增就业{多少人}？"]
    misses = ["2024年的政府工作报告"]

`pattern` is a regular expression, or a list of alternatives; `words` stands in its place where all of them are plain
words, of which the longest comes first. `<<name>>` stands for another entry, without the names of its groups, or for one
of `_FRAGMENTS`. An example has in braces what is found in it, one by one; every alternative has one that it finds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from kb.chinese.figures import UNITS

_FRAGMENTS = {"units": UNITS}
_REFERENCE = re.compile(r"<<(\w+)>>")
_GROUP_NAME = re.compile(r"\?P<\w+>")


class Lexicon:
    """The entries of one file, by their names; each pattern is compiled when it is asked for."""

    def __init__(self, file: str, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self.file = file
        self.entries = entries

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """The pattern of an entry. Raises ValueError where there is none, or no pattern."""
        try:
            return re.compile("|".join(self.alternatives(name)))
        except re.error as error:
            raise ValueError(f"{self.file}: [{name}]: {error}") from error

    def alternatives(self, name: str) -> tuple[str, ...]:
        """The regular expressions of an entry, of which any one may be found."""
        entry = self.entries.get(name, {})
        if "words" in entry:
            return tuple(map(re.escape, sorted(entry["words"].split(), key=len, reverse=True)))
        if not entry.get("pattern"):
            raise ValueError(f"{self.file}: [{name}] has no pattern")
        patterns = [entry["pattern"]] if isinstance(entry["pattern"], str) else entry["pattern"]
        return tuple(_REFERENCE.sub(lambda match: self._inserted(match[1]), pattern) for pattern in patterns)

    def _inserted(self, name: str) -> str:
        if name in _FRAGMENTS:
            return _FRAGMENTS[name]
        return _GROUP_NAME.sub("?:", "|".join(self.alternatives(name)))


@cache
def read_lexicon(module: str) -> Lexicon:
    """The lexicon of a module, by its name: that of kb.search.intent is kb/search/intent.toml.

    Raises ValueError where the file is no TOML.
    """
    package, _, name = module.rpartition(".")
    file = resources.files(package).joinpath(f"{name}.toml")
    try:
        return Lexicon(f"{package.replace('.', '/')}/{name}.toml", tomllib.loads(file.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{module}: {error}") from error
