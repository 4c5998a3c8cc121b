from django.urls import path

from tests.bench.peers.crm import views

urlpatterns = [path("customers", views.customers, name="customers"), path("customers/<uuid:key>", views.customers, name="customer")]
