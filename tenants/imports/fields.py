"""The columns that a table may have, by what is imported: how they are called in both languages, and what may stand in them.

`called` are headings that other programs and people use; they are compared by `tenants.imports.values.key`.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from tenants.values.words import N_

Kind = Literal["customer", "contact", "followup", "opportunity"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_NAMES: dict[str, str] = {
    "customer": N_("Customers"),
    "contact": N_("Contacts"),
    "followup": N_("Follow-ups"),
    "opportunity": N_("Opportunities"),
}
Form = Literal[
    "text", "lines", "day", "moment", "amount", "percentage", "phone", "mail", "website", "credit_code", "yes", "option", "tags", "region", "member",
    "territory", "customer", "stage", "reason",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    label: str
    called: str  # apart by blanks
    form: Form = "text"
    needed: bool = False
    most: int = 0  # characters; 0: what tenants.customers.rules says of the key
    example: str = ""


_CUSTOMER_OF = "客户 客户名称 客户名 公司 公司名称 公司名 企业 企业名称 单位 单位名称 所属客户 关联客户 所属公司 customer customername company companyname organization organisation account accountname"
_OWNER = "负责人 所有人 归属人 归属 业务员 销售 销售员 销售人员 销售代表 客户经理 跟进人 所属人 owner accountowner salesperson salesrep assignedto"
_REMARK = "备注 说明 描述 备注信息 remark remarks note notes comment comments description"

# ruff: noqa: E501
FIELDS: dict[Kind, tuple[Field, ...]] = {
    "customer": (
        Field("name", N_("Customer name"), "名称 客户 客户名称 客户名 客户全称 公司 公司名称 公司名 公司全称 企业 企业名称 单位 单位名称 name customer customername company companyname account accountname organization organisation", needed=True, example="杭州青禾环保设备有限公司"),
        Field("number", N_("Number"), "编号 客户编号 客户编码 客户代码 客户号 客户ID number no customerno customernumber customerid code id"),
        Field("kind", N_("Kind"), "类型 客户类型 客户性质 性质 kind type customertype", "option"),
        Field("phone", N_("Phone"), "电话 公司电话 联系电话 客户电话 座机 固话 固定电话 电话号码 单位电话 总机 phone telephone tel phonenumber companyphone officephone", "phone", example="0571-88123456"),
        Field("contact_name", N_("First contact"), "联系人 联系人姓名 首位联系人 首要联系人 主联系人 主要联系人 姓名 对接人 contact contactname contactperson firstcontact primarycontact", example="王建国"),
        Field("contact_mobile", N_("Mobile"), "手机 手机号 手机号码 联系手机 移动电话 联系人手机 联系人电话 联系方式 联系人手机号 mobile mobilephone cell cellphone contactmobile contactphone", "phone", example="13857182046"),
        Field("contact_post", N_("Post"), "职务 职位 岗位 头衔 联系人职务 联系人职位 post position title jobtitle", example="采购经理"),
        Field("contact_wechat", N_("WeChat"), "微信 微信号 wechat wechatid weixin"),
        Field("contact_mail", N_("Email"), "邮箱 电子邮箱 电子邮件 邮件 联系人邮箱 email mail emailaddress", "mail"),
        Field("credit_code", N_("Credit code"), "统一社会信用代码 信用代码 社会信用代码 税号 纳税人识别号 creditcode unifiedsocialcreditcode taxid taxnumber", "credit_code"),
        Field("owner", N_("Account owner"), _OWNER, "member"),
        Field("status", N_("Status"), "状态 客户状态 阶段 客户阶段 生命周期 status customerstatus stage lifecycle", "option"),
        Field("grade", N_("Grade"), "等级 客户等级 级别 客户级别 重要程度 grade level rating customergrade", "option", example="A"),
        Field("source", N_("Source"), "来源 客户来源 获客渠道 渠道 线索来源 source leadsource channel", "option", example="展会"),
        Field("industry", N_("Industry"), "行业 所属行业 客户行业 industry sector", example="环保"),
        Field("size", N_("Size"), "规模 公司规模 人员规模 人数 员工人数 企业规模 size companysize employees", "option"),
        Field("region", N_("Region"), "地区 省市区 所在地区 所在地 省市 城市 省份 region area city province", "region", example="浙江 杭州 余杭区"),
        Field("address", N_("Address"), "地址 详细地址 公司地址 客户地址 联系地址 通讯地址 办公地址 address street companyaddress"),
        Field("territory", N_("Territory"), "区域 销售区域 大区 片区 territory salesterritory", "territory"),
        Field("short_name", N_("Short name"), "简称 客户简称 公司简称 shortname abbreviation alias"),
        Field("website", N_("Website"), "网站 网址 官网 公司网址 主页 website url web homepage", "website"),
        Field("invoice_title", N_("Invoice title"), "开票抬头 发票抬头 抬头 invoicetitle"),
        Field("parent", N_("Parent customer"), "上级客户 母公司 上级公司 所属集团 总公司 parentcustomer parent parentcompany parentaccount", "customer"),
        Field("business", N_("What they make or do"), "主营业务 主营产品 经营范围 主营 业务 whattheymakeordo business mainbusiness products", "lines"),
        Field("standing", N_("Standing in their trade"), "行业地位 市场地位 standingintheirtrade standing"),
        Field("rivals", N_("Rivals"), "竞争对手 竞品 rivals competitors"),
        Field("next_contact_at", N_("Next contact"), "下次联系 下次联系时间 下次跟进时间 下次跟进 下次联系日期 nextcontact nextcontactdate nextfollowup", "moment"),
        Field("tags", N_("Tags"), "标签 客户标签 tags tag labels", "tags", example="重点、华东"),
        Field("remark", N_("Remark"), _REMARK, "lines"),
    ),
    "contact": (
        Field("name", N_("Name"), "姓名 联系人 联系人姓名 名字 名称 name contact contactname fullname", needed=True, example="王建国"),
        Field("customer", N_("Customer"), _CUSTOMER_OF, "customer", needed=True, most=120, example="杭州青禾环保设备有限公司"),
        Field("customer_number", N_("Customer number"), "客户编号 客户编码 客户代码 客户号 customernumber customerno customerid"),
        Field("department", N_("Department"), "部门 所在部门 department dept"),
        Field("post", N_("Post"), "职务 职位 岗位 头衔 post position title jobtitle", example="采购经理"),
        Field("is_decision_maker", N_("Decision-maker"), "决策人 是否决策人 关键决策人 关键人 decisionmaker decides isdecisionmaker", "yes"),
        Field("mobile", N_("Mobile"), "手机 手机号 手机号码 联系手机 移动电话 联系方式 联系电话 mobile mobilephone cell cellphone", "phone", example="13857182046"),
        Field("phone", N_("Phone"), "电话 座机 固话 办公电话 固定电话 电话号码 phone telephone tel officephone workphone", "phone"),
        Field("wechat", N_("WeChat"), "微信 微信号 wechat wechatid weixin"),
        Field("qq", N_("QQ"), "QQ QQ号 QQ号码"),
        Field("mail", N_("Email"), "邮箱 电子邮箱 电子邮件 邮件 email mail emailaddress", "mail"),
        Field("sex", N_("Sex"), "性别 sex gender", "option"),
        Field("birthday", N_("Birthday"), "生日 出生日期 birthday birthdate dateofbirth", "day"),
        Field("birthday_is_lunar", N_("Lunar birthday"), "农历 农历生日 是否农历 阴历 阴历生日 生日为农历 lunarbirthday lunar", "yes"),
        Field("habits", N_("Habits"), "习惯 爱好 兴趣爱好 喜好 习惯爱好 习惯与爱好 habits hobbies", "lines"),
        Field("address", N_("Address"), "地址 联系地址 通讯地址 address"),
        Field("left_at", N_("Left the post"), "离职日期 离职时间 离职 lefttheposton leftthepost leftat leavingdate", "day"),
        Field("remark", N_("Remark"), _REMARK, "lines"),
    ),
    "followup": (
        Field("customer", N_("Customer"), _CUSTOMER_OF, "customer", needed=True, most=120, example="杭州青禾环保设备有限公司"),
        Field("customer_number", N_("Customer number"), "客户编号 客户编码 客户代码 客户号 customernumber customerno customerid"),
        Field("content", N_("Content"), "内容 跟进内容 跟进记录 沟通内容 联系内容 记录内容 记录 跟进情况 拜访内容 content note notes followup text body", "lines", needed=True, most=5000, example="电话沟通，对方要求下周报价"),
        Field("at", N_("When it happened"), "时间 日期 跟进时间 跟进日期 联系时间 联系日期 拜访时间 拜访日期 创建时间 发生时间 whenithappened date time at when followupdate createdat", "moment", example="2026-03-18 10:30"),
        Field("author", N_("Author"), "跟进人 作者 记录人 创建人 业务员 销售 负责人 原跟进人 author by createdby owner user salesperson", "member"),
        Field("means", N_("Means"), "方式 跟进方式 联系方式 沟通方式 跟进类型 means channel type method", "option", example="电话"),
        Field("contact", N_("Contact"), "联系人 联系人姓名 对接人 contact contactname", most=120),
        Field("result", N_("Result"), "结果 跟进结果 result outcome", most=500),
        Field("next_contact_at", N_("Next contact"), "下次联系 下次联系时间 下次跟进时间 下次跟进 下次联系日期 nextcontact nextcontactdate nextfollowup", "moment"),
    ),
    "opportunity": (
        Field("name", N_("Opportunity name"), "名称 商机 商机名称 项目 项目名称 机会 机会名称 商机标题 name opportunity opportunityname deal dealname title", needed=True, example="污水处理设备采购"),
        Field("customer", N_("Customer"), _CUSTOMER_OF, "customer", needed=True, most=120, example="杭州青禾环保设备有限公司"),
        Field("customer_number", N_("Customer number"), "客户编号 客户编码 客户代码 客户号 customernumber customerno customerid"),
        Field("amount", N_("Amount"), "金额 商机金额 预计金额 预计销售金额 合同金额 amount value dealvalue price", "amount", needed=True, example="128,000.00"),
        Field("stage", N_("Stage"), "阶段 销售阶段 商机阶段 状态 商机状态 stage salesstage dealstage status", "stage"),
        Field("expected_close_on", N_("Expected close date"), "预计成交日期 预计成交时间 预计签单日期 预计签约日期 预计结束日期 预计结单日期 预计成交 expectedclosedate expectedclose closedate", "day", example="2026-12-31"),
        Field("probability", N_("Probability"), "可能性 赢率 成交概率 概率 成功率 probability winrate", "percentage"),
        Field("owner", N_("Owner"), _OWNER, "member"),
        Field("contact", N_("Contact"), "联系人 联系人姓名 contact contactname", most=120),
        Field("source", N_("Source"), "来源 商机来源 source leadsource", "option"),
        Field("products", N_("Products"), "产品 意向产品 关联产品 需求产品 products product", most=300),
        Field("closed_on", N_("Closed on"), "成交日期 结束日期 关闭日期 赢单日期 签单日期 实际成交日期 结单日期 closedon wondate actualclosedate", "day"),
        Field("lost_reason", N_("Reason"), "输单原因 丢单原因 失败原因 原因 reason lostreason", "reason", most=120),
        Field("remark", N_("Remark"), _REMARK, "lines"),
    ),
}  # fmt: skip


def field_of(kind: Kind, key: str) -> Field:
    return next(field for field in FIELDS[kind] if field.key == key)
