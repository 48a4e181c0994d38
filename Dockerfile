# syndicate in a container: docker build -t syndicate . ; the configuration and all data are in /data.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/syndicate
COPY requirements.txt ./
RUN /opt/syndicate/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY pyproject.toml README.md ./
COPY config config
COPY templates templates
COPY src src
RUN /opt/syndicate/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/syndicate/bin/pip install --no-deps --no-index --find-links dist syndicate \
 && /opt/syndicate/bin/pip uninstall --yes hatchling editables pip

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin syndicate \
 && install --directory --owner=syndicate --group=syndicate /data
COPY --from=build /opt/syndicate /opt/syndicate
ENV PATH=/opt/syndicate/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SYNDICATE_CONFIG=/data/syndicate.toml \
    SYNDICATE_WEB__HOST=0.0.0.0
USER syndicate
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ.get('SYNDICATE_WEB__PORT', '8000') + '/healthz', timeout=4)"]
CMD ["syndicate", "run"]
