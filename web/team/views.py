"""设置 · 成员与团队, 角色权限, 区域: the blueprint that the modules beside this one fill."""

from web.tenancy import tenant_pages

pages = tenant_pages("team", __name__)
