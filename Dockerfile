# One small image for web, workers, sweeper and migrations; compose.yaml shows how each is started.
FROM python:3.13-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.lock /tmp/
RUN pip install --require-hashes -r /tmp/requirements.lock
WORKDIR /zuke
COPY . .
# Done once here, because the running image cannot write: translations and byte code. Static files are packed in memory.
RUN python -c "from web import words; words.compile_stale()" \
    && python -m compileall -q -j 0 migrations saas tenants web workers /venv/lib

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin zuke
# Where a volume is mounted in which web and workers leave their counts.
RUN install -d -o 10001 /metrics
COPY --from=build /venv /venv
COPY --from=build /zuke /zuke
WORKDIR /zuke
ENV PATH=/venv/bin:$PATH PYTHONPATH=/zuke PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ZUKE_ENV=production ZUKE_BIND=0.0.0.0:8600
USER 10001
EXPOSE 8600
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8600/healthz', timeout=4)"]
CMD ["gunicorn", "-c", "web/gunicorn.py", "web.wsgi:app"]
