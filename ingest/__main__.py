"""python -m ingest PATH… : make the index hold what these files and folders hold."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kb.errors import WenzhengError
from kb.settings import Settings, read_settings

if TYPE_CHECKING:
    from tqdm import tqdm

_STEPS = {"reading": "读取文件", "embedding": "编码段落", "indexing": "建立索引"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or 1 where something was refused or failed, or 2 for a wrong command line."""
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="导入文件或文件夹：新文件新建，改动的更新，消失的移除；重复运行不会改变什么。",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="文件或文件夹")
    parser.add_argument("--withdraw", action="append", default=[], metavar="NAME", help="撤回文件：保留，不再用于回答")
    parser.add_argument("--restore", action="append", default=[], metavar="NAME", help="恢复撤回的文件")
    parser.add_argument("--data", type=Path, metavar="DIR", help="数据文件夹（默认取 WENZHENG_DATA，即 data）")
    parser.add_argument("--json", action="store_true", help="结果写成一个 JSON 对象")
    options = parser.parse_args(arguments)
    if not (options.paths or options.withdraw or options.restore):
        parser.error("请给出文件或文件夹；例：python -m ingest corpus")
    try:
        settings = read_settings()
        return _run(options, options.data or settings.data, settings)
    except WenzhengError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断：做完的部分已保存，索引仍是上一次的；再次运行会接着做。", file=sys.stderr)
        return 130


def _run(options: argparse.Namespace, data: Path, settings: Settings) -> int:
    from ingest.synchronise import synchronise, withdraw_and_restore
    from ingest.worker import ReadingProcess
    from kb.search.encoder import Encoder
    from kb.search.index import Index
    from kb.storage.catalogue import Catalogue
    from kb.storage.corrections import Corrections
    from kb.storage.lock import only_one
    from kb.storage.originals import Originals

    started = time.perf_counter()
    with only_one(data), Catalogue(data / "catalogue.sqlite3") as catalogue, ReadingProcess() as reading:
        withdraw_and_restore(catalogue, withdraw=options.withdraw, restore=options.restore)
        report = synchronise(
            [path.resolve() for path in options.paths],
            catalogue=catalogue,
            index=Index(data / "index"),
            encoder=Encoder(settings.encoder),
            read=reading.read,
            progress=_ProgressBars(),
            originals=Originals(data / "originals", keeps=settings.keep_originals),
            corrections=Corrections(data / "corrections.sqlite3"),
        )
    seconds = time.perf_counter() - started
    if options.json:
        print(json.dumps({**report.fields(), "seconds": round(seconds, 3)}, ensure_ascii=False))
    else:
        print(f"{report}\n用时 {seconds:.1f} 秒")
    return 1 if report.refused else 0


class _ProgressBars:
    """A bar for each step on standard error, with the time left, where a person watches."""

    def __init__(self) -> None:
        self._step = ""
        self._bar: tqdm[NoReturn] | None = None

    def __call__(self, step: str, done: int, total: int) -> None:
        from tqdm import tqdm

        if step != self._step:
            self._bar = tqdm(total=total, desc=_STEPS[step], disable=None, leave=True)
            self._step = step
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
            if done == total:
                self._bar.close()


if __name__ == "__main__":
    sys.exit(main())
