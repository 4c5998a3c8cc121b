"""A minimal django-tenants project as its documentation describes it, with everything on that makes it quick in production."""

import os
import sys
from pathlib import Path

sys.path.insert(0, os.environ["PEER_MIGRATIONS"])

SECRET_KEY = "for the bench only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
SHARED_APPS = ["django_tenants", "django.contrib.contenttypes", "tests.bench.peers.rent"]
TENANT_APPS = ["tests.bench.peers.crm"]
INSTALLED_APPS = [*SHARED_APPS, "django.contrib.humanize", *TENANT_APPS]
TENANT_MODEL, TENANT_DOMAIN_MODEL = "rent.Client", "rent.Domain"
MIDDLEWARE = ["django_tenants.middleware.main.TenantMainMiddleware"]
ROOT_URLCONF = "tests.bench.peers.urls"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        "NAME": os.environ["PEER_DATABASE"],
        "USER": "postgres",
        "HOST": os.environ["PEER_SOCKETS"],
        "CONN_MAX_AGE": None,
    }
}
TENANT_LIMIT_SET_CALLS = True
MIGRATION_MODULES = {"crm": "crm_migrations", "rent": "rent_migrations"}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
LANGUAGE_CODE, USE_I18N, USE_TZ, TIME_ZONE = "zh-hans", True, True, "Asia/Shanghai"
USE_THOUSAND_SEPARATOR = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEMBER = os.environ["PEER_MEMBER"]  # who would be signed in
