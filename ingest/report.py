"""What a synchronisation did: counts and reasons as a value that prints itself [1].

[1] govuk-chat, `SyncResult`; llm, `embed-multi`.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class IngestReport:
    """What was done, by path; a path within an archive is that of the archive, !/, and the name in it."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)  # new path of a document
    duplicates: list[str] = field(default_factory=list)  # further path of a document
    removed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # because an editor excluded it
    refused: dict[str, str] = field(default_factory=dict)  # with the reason
    num_embedded: int = 0

    def _paths(self) -> dict[str, list[str]]:
        return {
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "moved": self.moved,
            "duplicates": self.duplicates,
            "removed": self.removed,
            "left_out": self.left_out,
            "refused": list(self.refused),
        }

    def __str__(self) -> str:
        counts = "  ".join(f"{_WORDS[name]} {len(paths)}" for name, paths in self._paths().items())
        lines = [f"{counts}  编码段落 {self.num_embedded}"]
        lines += [f"  拒绝 {path}：{reason}" for path, reason in self.refused.items()]
        return "\n".join(lines)

    def fields(self) -> dict[str, object]:
        """The report as JSON fields (docs/commands.md): counts, the paths behind them, and the reasons."""
        paths = self._paths()
        return {
            **{name: len(of_kind) for name, of_kind in paths.items()},
            "embedded": self.num_embedded,
            "paths": paths,
            "reasons": self.refused,
        }


_WORDS = {
    "created": "新建",
    "updated": "更新",
    "skipped": "未变",
    "moved": "移动",
    "duplicates": "重复",
    "removed": "移除",
    "left_out": "排除",
    "refused": "拒绝",
}
