"""The customer list as a Django developer would write it: managers, select_related, annotate, a template."""

from django.conf import settings
from django.db.models import OuterRef, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tests.bench.peers.crm import models

PAGE = 50
STATUSES = {
    "target": ("目标客户", ""),
    "potential": ("潜在客户", ""),
    "prospective": ("意向客户", "accent"),
    "regular": ("普通客户", "news"),
    "vip": ("重要客户", "good"),
    "lapsed": ("流失客户", "bad"),
}
models.Customers.status_label = property(lambda self: STATUSES[self.status][0])
models.Customers.status_kind = property(lambda self: STATUSES[self.status][1])
models.Members.initial = property(lambda self: self.name[-1:])


def customers(request: HttpRequest) -> HttpResponse:
    live = models.Customers.objects.filter(deleted_at__isnull=True)
    shared = models.Collaborators.objects.filter(member_id=settings.MEMBER).values("customer_id")
    watched = models.Watches.objects.filter(member_id=settings.MEMBER).values("customer_id")
    total = live.count()
    scenes = [
        {"key": "all", "label": "All", "count": total},
        {"key": "mine", "label": "Mine", "count": live.filter(owner_id=settings.MEMBER).count()},
        {"key": "shared", "label": "Shared with me", "count": live.filter(id__in=shared).count()},
        {"key": "watched", "label": "Watched", "count": live.filter(id__in=watched).count()},
    ]
    open_ones = models.Opportunities.objects.filter(customer_id=OuterRef("id"), outcome="open", deleted_at__isnull=True)
    amount = Subquery(open_ones.order_by().values("customer_id").annotate(sum=Sum("amount")).values("sum"))
    rows = list(live.select_related("owner").defer("search").annotate(open_amount=amount).order_by("-created_at", "-id")[: PAGE + 1])
    context = {
        "member": models.Members.objects.get(id=settings.MEMBER),
        "company": request.tenant.name,
        "assets": "/static/v-6c48f49920/",
        "scenes": scenes,
        "views": models.SavedViews.objects.filter(page="customers", member_id=settings.MEMBER).order_by("name"),
        "rows": rows[:PAGE],
        "first": 1,
        "last": min(PAGE, total),
        "total": total,
        "more": rows[PAGE - 1].id if len(rows) > PAGE else None,
    }
    return render(request, "customers.html", context)
