"""How people name the choices of a field. The codes and their labels stand with the fields themselves; here is what else they are called."""

# ruff: noqa: E501 - lists of names read better in their lines
from collections.abc import Callable, Iterable, Mapping

from tenants.customers.options import GRADES, KINDS, SEXES, SIZES, SOURCES, STATUSES
from tenants.followups.options import MEANS
from tenants.imports.fields import FIELDS, Kind
from tenants.imports.values import key

OPTIONS: dict[str, Mapping[str, str]] = {
    "kind": KINDS, "grade": GRADES, "source": SOURCES, "size": SIZES, "status": STATUSES, "sex": SEXES, "means": MEANS,
}  # fmt: skip
ALSO: dict[str, dict[str, str]] = {
    "kind": {"company": "企业 公司 单位 机构 企业客户 organisation organization business", "person": "个人 自然人 个人客户 individual person private"},
    "grade": {"A": "a级 a类 重点 重点客户 高 高级 high", "B": "b级 b类 普通 普通客户 中 一般 medium normal", "C": "c级 c类 非优先 低 low"},
    "source": {"referral": "介绍 朋友介绍 老客户介绍 客户介绍", "exhibition": "展览 展览会 会展", "wechat": "微信群 朋友圈 公众号", "search_engine": "百度 搜索 google baidu",
               "advertisement": "广告投放", "cold_visit": "拜访 上门", "phone_inquiry": "来电 电话", "online_inquiry": "官网 网站 网络 询价 website", "douyin": "tiktok 短视频"},
    "size": {"1-19": "20人以下 少于20人 1-20人 小于20人", "20-99": "20-100人", "100-499": "100-500人", "500-999": "500-1000人", "1000+": "1000人以上 1000以上"},
    "status": {"target": "目标", "potential": "潜在 意向 意向客户 线索 lead", "prospective": "准客户 重点跟进", "regular": "普通 成交 已成交 成交客户 老客户 正式客户 customer won",
               "vip": "大客户 核心客户", "lapsed": "流失 已流失 无效 lost churned"},
    "sex": {"male": "男性 先生 m mr", "female": "女性 女士 小姐 f ms mrs"},
    "means": {"phone": "电话沟通 打电话 去电 来电 通话 电话联系 电话拜访 call telephone", "wechat": "微信沟通 微信联系 企业微信 im", "visit": "上门拜访 上门 面谈 见面 登门拜访 客户拜访 meeting 会面",
              "sms": "短信 text", "mail": "邮件 邮箱 电子邮件 email", "event": "活动 会议 展会 event"},
}  # fmt: skip


def choices(kind: Kind, labels: Callable[[str], Iterable[str]]) -> dict[str, dict[str, str]]:
    """field -> what it may be called -> code. `labels` says a label in every language that we speak."""
    fields = [field.key for field in FIELDS[kind] if field.form == "option"]
    return {field: _of(field, labels) for field in fields}


def _of(field: str, labels: Callable[[str], Iterable[str]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for code, label in OPTIONS[field].items():
        for name in (code, *labels(label), *ALSO.get(field, {}).get(code, "").split()):
            known.setdefault(key(name), code)
    return known
