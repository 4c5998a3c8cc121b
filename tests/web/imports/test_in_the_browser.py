"""An import as people do it: with scripts, and on a telephone without."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tenants.imports.models import Import
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.unit.imports.books import workbook
from tests.world.windows import Window
from workers import heavy
from workers.tenancy import House

TOLD = ["0571-88123456", "www.qinghe.example", "文一西路 1 号", "环保设备", "青禾"]
MORE = ["电话", "网址", "地址", "主营业务", "简称"]  # a table that is wider than a desk
ROWS: list[list[Any]] = [
    ["客户名称", "联系人", "手机", "来源", "规模", "地区", "备注", *MORE],
    [
        "杭州青禾环保设备有限公司",
        "王建国",
        13857182046,
        "展会",
        "100-499",
        "浙江省杭州市余杭区",
        "第一批",
        "0571-88123456",
        "www.qinghe.example",
        "文一西路 1 号",
        "环保设备",
        "青禾",
    ],
    ["宁波海潮贸易有限公司", "陈敏", 13900139000, "天上", "", "宁波", ""],
    ["上海云帆科技有限公司", "", "", "微信", "20-99", "上海", "朋友介绍"],
]


@pytest.mark.parametrize(("language", "width", "scripts"), [("zh_Hans_CN", 1280, True), ("zh_Hans_CN", 375, False)])
def test_an_import(browse: Callable[..., Window], house: House, alpha: Tenant, engine: Engine, language: str, width: int, *, scripts: bool) -> None:
    window = browse("alice", language=language, width=width, scripts=scripts)
    page = window.goto("imports/new")

    def work() -> None:
        with inside(alpha, engine) as session:
            job: Any = session.scalars(select(Import.job_id)).one()
        heavy.run(house, alpha, job)

    def shot(name: str) -> None:
        if folder := os.environ.get("ZUKE_SHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
        if scripts:
            assert window.axe() == []
            assert not window.scrolls_sideways()

    shot("new")
    file: Any = {"name": "客户.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(ROWS)}
    page.set_input_files("#file", file)
    page.get_by_role("button", name="上传并继续").click()
    page.get_by_role("heading", name="前几行的识别结果").wait_for()
    shot("columns")
    if scripts:
        page.select_option("[name=field-6]", "")
        page.locator("#preview th", has_text="备注").wait_for(state="detached")
    page.get_by_role("button", name="试导入").click()
    page.get_by_role("progressbar").wait_for()
    shot("progress")
    work()
    if not scripts:
        page.reload()
    page.get_by_role("button", name="导入 2 行").wait_for()
    shot("checked")
    page.get_by_role("button", name="导入 2 行").click()
    page.get_by_role("progressbar").wait_for()
    page.reload()
    page.get_by_role("progressbar").wait_for()
    work()
    if not scripts:
        page.reload()
    page.get_by_role("button", name="撤销导入").wait_for()
    shot("done")
    page.get_by_role("button", name="撤销导入").click()
    if scripts:
        page.get_by_role("dialog").get_by_role("button").first.wait_for()
        shot("ask")
        page.get_by_role("dialog").get_by_role("button", name="撤销导入").click()
    page.get_by_role("progressbar").wait_for()
    work()
    if not scripts:
        page.reload()
    page.get_by_text("这次导入已撤销。").wait_for()
    shot("undone")
