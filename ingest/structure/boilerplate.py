"""Blocks without the boilerplate of web pages: buttons, paths and footers that are on every page of a site.

Only short lines made wholly of such words go. 主办单位 and 联系方式 stay: they name the issuer and its phone.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from kb.types import Block, BlockKind

_WORDS = (
    "下载|打印(?:本页|此页|页面|文章)?|全屏|收藏(?:本页)?|分享(?:到)?(?:微信|微博|朋友圈)?|字号|字体(?:大小)?|加大|还原|减小|放大|缩小|默认|大|中|小|"
    "关闭(?:窗口|本页|页面)?|返回(?:顶部|首页|列表|上页)|回到顶部|首页|扫一扫(?:在手机打开(?:当前|本)页)?|手机扫一扫|"
    "(?:当前|您的|您所在的|所在)位置|相关(?:报道|附件|链接|文档|阅读|文章|稿件)|点击图片进入专题|网站地图|关于我们|隐私声明|联系我们|"
    "无障碍(?:浏览|阅读)?|繁体|简体|登录|注册|上一篇|下一篇|版权所有|网站标识码[:：]?\\d*|\\S?ICP备\\d*号?(?:-\\d+)?|"
    "推荐使用\\S{1,20}(?:浏览器|分辨率)(?:浏览|访问)?|(?:浏览|阅读)(?:次数|量)[:：]?\\d*"
)
_MARKS = r"[\s:：|｜>＞》《<＜【】\[\]（）()×·•/,，、]"
_BOILERPLATE = re.compile(rf"{_MARKS}*(?:(?:{_WORDS}){_MARKS}*)+|[\s|｜>＞》《<＜【】×]+")
_PATH = re.compile(r"(?:当前|您的|您所在的|所在)位置\s*[:：].{0,80}|首页\s*[>＞].{0,80}")
_STEP = re.compile(r"[>＞]+")
_GLUED = re.compile(r"(?<=[^\s])(?:下载|打印|全屏|收藏|分享)+$")
_BAR = re.compile(r"\s*[|｜]+$")
_MAX_BOILERPLATE = 60  # characters
_MAX_STEP = 14


def without_boilerplate(blocks: Sequence[Block]) -> list[Block]:
    """`blocks` without lines that are boilerplate, and without a word of it glued to the line before."""
    boilerplate = [_is_boilerplate(block) for block in blocks]
    for i, block in enumerate(blocks[1:], start=1):
        # What follows a “>” that stands alone is one more step of the path to the page.
        if _STEP.fullmatch(blocks[i - 1].text) and len(block.text) <= _MAX_STEP and _is_plain(block):
            boilerplate[i] = True
    kept = []
    for i, block in enumerate(blocks):
        if boilerplate[i]:
            continue
        text = _BAR.sub("", block.text)
        if i + 1 < len(blocks) and boilerplate[i + 1] and _is_plain(block):
            text = _GLUED.sub("", text).rstrip()
        kept.append(block if text == block.text else dataclasses.replace(block, text=text))
    return kept


def _is_plain(block: Block) -> bool:
    return block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)


def _is_boilerplate(block: Block) -> bool:
    if not _is_plain(block) or len(block.text) > _MAX_BOILERPLATE:
        return not _BAR.sub("", block.text)
    return bool(_BOILERPLATE.fullmatch(block.text) or _PATH.fullmatch(block.text))
