from django.apps import AppConfig


class Rent(AppConfig):
    name, label = "tests.bench.peers.rent", "rent"
