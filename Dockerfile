# Parley's image: `web`, and the jobs that prepare a site, differ by their command alone (docker-compose.yml).

FROM debian:bookworm-slim AS build
# By these `make deploy` finds the images of former versions.
LABEL app=parley-build
RUN apt-get update \
    && apt-get install -y --no-install-recommends binutils ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt /build/
# Wheels only: nothing is compiled here, so the image needs no compiler.
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --only-binary :all: --requirement /build/requirements.txt \
    && /opt/venv/bin/pip uninstall --yes --quiet pip setuptools \
    # What only those read who change the libraries: tests, sources in Cython, sources of translations.
    && find /opt/venv -depth \( -type d \( -name tests -o -name test \) -path '*/site-packages/*' \
        -o -name '*.po' -o -path '*/uvloop/*.c' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' \) -exec rm -rf {} + \
    && strip --strip-unneeded /opt/venv/lib/python3*/site-packages/uvloop/*.so \
    && find /opt/venv -name __pycache__ -exec rm -rf {} +
WORKDIR /app
COPY . .
# What a worker imports is compiled on the way: later nothing can be written here.
RUN export SECRET_KEY=of-the-build DATABASE_URL=postgres://none/none \
    && /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -c "import project.server, project.asgi, project.urls, project.deploy.prepare"

FROM debian:bookworm-slim
LABEL app=parley
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 tzdata \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin parley \
    # Volumes take over who owns the folder that they are mounted at.
    && install -d -o parley /secrets /secrets/web /secrets/db /secrets/cache /files /files/static
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/app/var HOST=0.0.0.0
USER parley
EXPOSE 3368
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["python", "-m", "project.deploy.healthcheck"]
# No shell between: SIGTERM reaches the server.
CMD ["python", "-m", "project.server"]
