"""Full-text search by tantivy and by SQLite FTS5, over the same words of generated passages.

    python benchmarks/terms_speed.py [--passages N] [--queries N]

Prints seconds to build, median milliseconds for a query of a natural question's words, and megabytes on disk.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kb.chinese.text import terms
from kb.search.bm25 import Terms

# Words of reports, drawn with the frequencies of a natural text (Zipf).
_WORDS = (
    "发展 建设 推进 服务 改革 创新 产业 企业 经济 社会 治理 保障 提升 加强 完善 实施 项目 政务 法治 "
    "群众 民生 教育 医疗 就业 养老 住房 交通 生态 环境 农业 乡村 振兴 粮食 能源 数字 智能 制造 投资 "
    "消费 贸易 开放 合作 区域 协调 城市 更新 文化 旅游 安全 监管 执法 审批 许可 热线 工单 信访 调解 "
    "复议 应诉 普法"
).split()


def generate(count: int, seed: int = 0) -> list[str]:
    """`count` passages of 120 words and some figures each."""
    chance = random.Random(seed)
    weights = [1 / rank for rank in range(1, len(_WORDS) + 1)]
    return [
        "".join([*chance.choices(_WORDS, weights, k=120), f"{number}件", f"{chance.randint(1, 99999)}户"])
        for number in range(count)
    ]


def milliseconds(ask: Callable[[str], object], questions: list[str]) -> float:
    """The median time of `ask` over `questions`."""
    times = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=40)
    options = parser.parse_args()
    passages = generate(options.passages)
    questions = [f"{passage[20:28]}{passage[60:68]}多少件" for passage in passages[: options.queries]]
    print("| | build s | query ms | disk MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        Terms.build(folder / "terms", ((number, 0, text) for number, text in enumerate(passages)))
        seconds = time.perf_counter() - started
        index = Terms(folder / "terms")
        asked = milliseconds(lambda question: index.search(question, num_results=40), questions)
        size = sum(path.stat().st_size for path in (folder / "terms").iterdir()) / 1e6
        print(f"| tantivy | {seconds:.1f} | {asked:.1f} | {size:.0f} |")

        started = time.perf_counter()
        connection = sqlite3.connect(folder / "fts.sqlite3")
        connection.execute("CREATE VIRTUAL TABLE passages USING fts5 (terms)")
        connection.executemany("INSERT INTO passages VALUES (?)", ((" ".join(terms(text)),) for text in passages))
        connection.commit()
        seconds = time.perf_counter() - started

        def search(question: str) -> object:
            words = " OR ".join(f'"{term}"' for term in dict.fromkeys(terms(question)))
            query = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages) LIMIT 40"
            return connection.execute(query, (words,)).fetchall()

        asked = milliseconds(search, questions)
        connection.close()
        size = (folder / "fts.sqlite3").stat().st_size / 1e6
        print(f"| SQLite FTS5 | {seconds:.1f} | {asked:.1f} | {size:.0f} |")


if __name__ == "__main__":
    main()
