"""The gazetteer: issuers, regions, years and titles of the documents, and the names that people use for them.

No issuer is listed here. All are taken from the documents, and shortened by the rules of Chinese place names:
天津市 is 天津, 广西壮族自治区 is 广西, 滨海新区政务服务办 is 政务服务办.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.chinese import places
from kb.chinese.lexicon import read_lexicon
from kb.chinese.spelling import Misspelling, Names
from kb.chinese.text import fold, simplified, with_digits, without_spaces
from kb.types import Document, Within

_LEXICON = read_lexicon(__name__)
_SHORT_NAME = _LEXICON["short_name"]
_NO_ISSUER = _LEXICON["no_issuer"]
GUIDE = _LEXICON["guide"]

# The national government by the names that it goes by in questions; they stand in other questions, too, and are
# names only where no other is.
_NATIONAL = {"国务院": ("中央政府", "国家", "全国", "中央", "我国")}
_LOOSE = {name for names in _NATIONAL.values() for name in names}
_SHORTEST_TITLE = 6  # a shorter title stands by chance in questions about something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name of issuers or a title found in a question, with its span there."""

    text: str
    start: int
    end: int
    documents: frozenset[int]
    loose: bool = False


class Gazetteer:
    """The current documents, and the names that they are asked for by."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = {document.id: document for document in documents}

    def __bool__(self) -> bool:
        return bool(self.documents)

    def within(self, kept: Within | None) -> Gazetteer:
        """Those of the documents that a reader keeps to; all where nothing is named."""
        if not kept:
            return self
        return Gazetteer(document for document in self.documents.values() if kept.admits(document.metadata))

    @cached_property
    def _by_alias(self) -> dict[str, frozenset[int]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for document in self.documents.values():
            for alias in aliases(document):
                found[alias].add(document.id)
        return {alias: frozenset(ids) for alias, ids in found.items()}

    @cached_property
    def _alias_pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._by_alias, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    @cached_property
    def misspellings(self) -> Names:
        """The names of issuers and regions, found by their sound where they are written wrong."""
        return Names(alias for alias in self._by_alias if alias not in _LOOSE)

    def respelled(self, question: str) -> tuple[str, tuple[Misspelling, ...]]:
        """`question` in simplified characters, with years in digits and misspelled names corrected; and the misspellings."""
        return self.misspellings.respelled(with_digits(simplified(question)))

    @cached_property
    def _titles(self) -> dict[str, set[int]]:
        titles: defaultdict[str, set[int]] = defaultdict(set)
        for document in self.documents.values():
            title = _core(document.metadata.title)
            if title != document.metadata.kind:  # 政府工作报告 alone tells no document from another
                titles[title].add(document.id)
        return titles

    @cached_property
    def years(self) -> list[int]:
        """All years that titles name, newest first."""
        return sorted({year for document in self.documents.values() if (year := document.metadata.year)}, reverse=True)

    @cached_property
    def issuers(self) -> list[str]:
        """All issuers, by name."""
        return sorted({issuer for document in self.documents.values() if (issuer := document.metadata.issuer)})

    def names_in(self, question: str) -> list[Name]:
        """The names of issuers and regions in `question`, in order; 天津市滨海新区 is one name, the inner one."""
        names: list[Name] = []
        for text, start, end in self._mentions(question):
            name = Name(
                text=text, start=start, end=end, documents=self._by_alias.get(text, frozenset()), loose=text in _LOOSE
            )
            if names and names[-1].end == name.start:
                inner = names[-1].documents & name.documents or name.documents
                name = Name(text=name.text, start=names.pop().start, end=name.end, documents=inner)
            names.append(name)
        return names

    def missing_region(self, question: str) -> str | None:
        """The province that a question opens with, where no document is of it."""
        region = places.opening(question)
        return region if region and self._lacks(region) else None

    def _lacks(self, region: str) -> bool:
        """Whether no document is of a province; one whose region is not known may be of any."""
        known = all(document.metadata.region for document in self.documents.values())
        return known and region not in self._by_alias

    def _mentions(self, question: str) -> list[places.Mention]:
        """The aliases that stand in `question`, and the provinces in rows, with or without documents, with their spans."""
        no_issuer = {match.start() for match in _NO_ISSUER.finditer(question)}
        named = (match for match in self._alias_pattern.finditer(question) if match.start() not in no_issuer)
        found = [(match.group(), *match.span()) for match in named]
        found += places.by_character(question)
        found += [mention for mention in places.joined(question) if self._lacks(mention[0])]
        return sorted(set(found), key=lambda mention: mention[1])

    def titled(self, question: str, quoted: Sequence[str]) -> Name | None:
        """The document whose title `question` states whole, or quotes a part of that no other title has."""
        asked = without_spaces(question)
        quoted_titles = {words: self._titles.get(_core(words)) for words in quoted}
        for words, documents in quoted_titles.items():
            if documents:
                return _name(words, question, documents)
        whole = [title for title in self._titles if len(title) >= _SHORTEST_TITLE and title in asked]
        if whole:
            longest = max(whole, key=len)
            return _name(longest, question, self._titles[longest])
        for words in quoted:
            core = _core(words)
            within = [ids for title, ids in self._titles.items() if len(core) >= _SHORTEST_TITLE and core in title]
            if len(within) == 1:
                return _name(words, question, within[0])
        return None

    def of_kind(self, question: str) -> frozenset[int]:
        """The documents of the kind that the question names (政府工作报告, 办事指南, …); none where it names none."""
        return frozenset(
            document.id
            for document in self.documents.values()
            if document.metadata.kind and document.metadata.kind in question
        )

    def newest(self, documents: Iterable[int]) -> frozenset[int]:
        """Of `documents`, those that no newer one of the same issuer and kind has followed."""
        groups: defaultdict[tuple[str | None, str | None], list[Document]] = defaultdict(list)
        for id_ in documents:
            metadata = self.documents[id_].metadata
            groups[metadata.issuer, metadata.kind].append(self.documents[id_])
        kept = set()
        for group in groups.values():
            latest = max((document.metadata.year or 0) for document in group)
            kept |= {document.id for document in group if document.metadata.year in (None, latest)}
        return frozenset(kept)


def _name(words: str, question: str, documents: Iterable[int]) -> Name:
    start = max(question.find(words), 0)
    end = start + len(words) if words in question else start
    return Name(text=words, start=start, end=end, documents=frozenset(documents))


def unsure(document: Document) -> list[str]:
    """What is not known of a document that one of its kind should have, in the words of the page."""
    metadata = document.metadata
    wanted: dict[str, str | int | None] = {"类型": metadata.kind, "单位": metadata.issuer, "地区": metadata.region}
    if metadata.kind is None or metadata.kind.endswith(("报告", "公报")):
        wanted |= {"年份": metadata.year, "所述年份": metadata.reporting_year}
    return [name for name, value in wanted.items() if value is None]


def short_name(region: str) -> str:
    """天津市 → 天津, 广西壮族自治区 → 广西; a name that would be one character stays."""
    match = _SHORT_NAME.fullmatch(region)
    return match["short"] if match else region


def aliases(document: Document) -> set[str]:
    """The names, folded, that a document's issuer and region go by."""
    issuer, region = document.metadata.issuer, document.metadata.region
    names = {name for name in (issuer, region) if name}
    if region and region != "全国":
        names.add(short_name(region))
        if issuer and issuer.startswith(region):
            organ = issuer.removeprefix(region)
            names |= {short_name(region) + organ} | ({organ} if len(organ) >= 4 and organ != "人民政府" else set())
    for name in tuple(names):
        names |= set(_NATIONAL.get(name, ()))
    return {fold(name) for name in names if len(name) >= 2}


def _core(title: str) -> str:
    """A title in simplified characters, without white space and without the words that only name its kind."""
    return GUIDE.sub("", without_spaces(simplified(title))).strip("《》“”\"'「」【】")
