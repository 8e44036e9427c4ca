"""Administrative divisions by name: full, short, in chains, and in sentences."""

from __future__ import annotations

import pytest

from kb.chinese.regions import NATION, Region, city_names, region_named, regions_in

GUANGDONG, GUANGZHOU, TIANHE = Region("44", "广东省"), Region("4401", "广州市"), Region("440106", "天河区")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("44", "广东"), ("4401", "广州"), ("440106", "广东省广州市天河区"), ("440106", "广州天河"), ("440106", "天河区"),
        ("15", "内蒙古"), ("45", "广西壮族自治区"), ("22", "吉林"), ("2202", "吉林市"), ("310115", "浦东"), ("341021", "歙县"),
        ("4228", "恩施"), ("4228", "恩施州"), ("4206", "襄樊市"), ("13N1", "雄安"), ("320571", "苏州工业园区"), ("110105", "北京朝阳区"),
        ("", "全国"), ("4501", "南宁"), ("4502", "柳州"), ("6540", "伊犁"), ("5325", "红河州"),
    ],
)  # fmt: skip
def test_a_name_is_a_division(code: str, name: str) -> None:
    """The code of a full, short, former or chained name."""
    found = region_named(name)
    assert found is not None
    assert code == found.code


@pytest.mark.parametrize("name", ["朝阳区", "城关区", "鼓楼", "云澜区", "望舒市", "广州市政府", "市", ""])
def test_what_several_bear_or_none_does_is_no_division(name: str) -> None:
    """A name of districts in several cities, an invented one, and what is more than a name."""
    assert region_named(name) is None


def test_containment() -> None:
    """天河区 lies in 广州市, 广东省 and the nation, and each contains itself."""
    assert (NATION, GUANGDONG, GUANGZHOU) == TIANHE.above
    assert all(region.contains(TIANHE) for region in (*TIANHE.above, TIANHE))
    assert not TIANHE.contains(GUANGZHOU)
    assert not Region("4403", "深圳市").contains(TIANHE)


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("广州", "广州市"),
        ("广西", "广西壮族自治区"),
        ("歙县", "歙县"),
        ("浦东", "浦东新区"),
        ("黔东南", "黔东南苗族侗族自治州"),
    ],
)
def test_short_name(short: str, name: str) -> None:
    """A name without its rank and its peoples; one of two characters stays."""
    found = region_named(name)
    assert found is not None
    assert short == found.short


def test_label() -> None:
    """A district has its city before it, where that is not in its name."""
    assert ["广州市天河区", "广州市", "苏州工业园区"] == [
        found.label for name in ("天河区", "广州", "苏州工业园区") if (found := region_named(name))
    ]


@pytest.mark.parametrize(
    ("named", "text"),
    [
        (["广州市"], "广州市人力资源和社会保障局"),
        (["天河区", "越秀区"], "广东省广州市天河区和越秀区"),
        (["朝阳区", "徐汇区"], "北京市朝阳区和上海徐汇的政策有什么不同"),
        (["北京市", "朝阳区"], "北京的医院里，朝阳区的最多"),
        (["浙江省", "江苏省"], "浙江省政府、江苏"),
        (["中山市"], "中山市场监督"),
        (["河北省"], "河北区域经济"),
        (["天津市", "河北省"], "天津和河北"),
        (["和县"], "和县人民政府"),
        (["从化区"], "广州从化温泉"),
        ([], "省市和县都要落实"),
        ([], "推动城市长治久安，发展朝阳产业，扩大国际合作，改造老城区"),
        ([], "城关镇的新城、鼓楼和朝阳区在哪里"),
        ([], "望舒市云澜区司法局"),
        ([], "青河省人民政府"),
        (["深圳市"], "深圳经济特区供水条例"),
        ([], ""),
    ],
)  # fmt: skip
def test_regions_in_a_text(named: list[str], text: str) -> None:
    """The inner one of a chain; a name of several only within what is named; words that are no places."""
    assert named == [mention.region.name for mention in regions_in(text)]


def test_the_span_of_a_chain() -> None:
    """A chain is one mention, from its first character to its last."""
    mention = regions_in("请问广东省广州市天河区怎么办理")[0]
    assert ("天河区", 2, 11) == (mention.region.name, mention.start, mention.end)


def test_city_names() -> None:
    """Cities and prefectures by full and by short name; 朝阳 is a word, 天河区 a district."""
    assert {"广州", "广州市", "义乌", "神农架林区", "红河州", "中山", "朝阳市"} <= city_names()
    assert {"朝阳", "天河区", "城关", "红河"}.isdisjoint(city_names())
