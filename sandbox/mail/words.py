"""The inbox speaks the reader's language; its few words live here, not among the product's."""

CHINESE = {
    "Mail inbox": "邮件收件箱",
    "Everything that Zuke sends in development arrives here. Nothing leaves this machine.": "Zuke 在开发中发出的每封邮件都到这里，不会离开本机。",
    "Find by address": "按收件地址查找",
    "Find": "查找",
    "Show all": "显示全部",
    "Empty the inbox": "清空收件箱",
    "No mail yet": "还没有邮件",
    "Sign up, invite a colleague or ask for a new password, and the mail appears here.": "注册、邀请同事或重设密码后，邮件就会出现在这里。",
    "No mail to this address": "没有发给该地址的邮件",
    "Choose a mail to read it.": "选择一封邮件查看内容。",
    "Page": "网页",
    "Text": "文本",
    "Headers": "邮件头",
    "Links in this mail": "邮件中的链接",
    "Attachments": "附件",
    "From": "发件人",
    "To": "收件人",
    "Date": "日期",
    "no subject": "无主题",
    "This mail does not exist (any more).": "这封邮件不存在或已被清除。",
    "Back to the inbox": "返回收件箱",
    "mails": "封邮件",
    "Download": "下载",
    "What bots said": "群机器人消息",
    "Forget it all": "清空",
    "Addresses for trying out": "可供试用的 Webhook 地址",
    "No bot has said anything yet.": "还没有机器人消息。",
}


def translate(message: str, language: str) -> str:
    return CHINESE[message] if language == "zh-CN" else message
