from django.apps import AppConfig


class Crm(AppConfig):
    name, label = "tests.bench.peers.crm", "crm"
