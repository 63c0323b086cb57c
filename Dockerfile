# Parley's image. `web` and the jobs that prepare a site use it with different commands (docker-compose.yml).

FROM debian:bookworm-slim AS build
# `make deploy` finds the images of former versions by this label.
LABEL app=parley-build
RUN apt-get update \
    && apt-get install -y --no-install-recommends binutils ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt requirements-s3.txt /build/
# Wheels only, so that the image needs no compiler.
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --only-binary :all: --requirement /build/requirements.txt \
        --requirement /build/requirements-s3.txt \
    && /opt/venv/bin/pip uninstall --yes --quiet pip setuptools \
    # Files that only developers of the libraries need: tests, Cython sources, translation sources.
    && find /opt/venv -depth \( -type d \( -name tests -o -name test \) -path '*/site-packages/*' \
        -o -name '*.po' -o -path '*/uvloop/*.c' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' \) -exec rm -rf {} + \
    # Of the descriptions of Amazon's services, those of the bucket and of its keys: 3 MB of 30.
    && find /opt/venv/lib/python3*/site-packages/botocore/data -mindepth 1 -maxdepth 1 -type d \
        ! -name s3 ! -name sts ! -name 'sso*' -exec rm -rf {} + \
    && strip --strip-unneeded /opt/venv/lib/python3*/site-packages/uvloop/*.so \
    && find /opt/venv -name __pycache__ -exec rm -rf {} +
WORKDIR /app
COPY . .
# Importing compiles the modules of a worker. Later the file system is read-only.
RUN export SECRET_KEY=needed-by-the-settings-and-used-for-nothing-in-this-build DATABASE_URL=postgres://none/none \
    && /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -c "import project.server, project.asgi, project.urls, project.deploy.prepare, chat.management.commands.tasks"

FROM debian:bookworm-slim
LABEL app=parley
# poppler-utils: `pdftoppm` makes a picture of the first page of a PDF. 26 MB with its libraries.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates poppler-utils python3 tzdata \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin parley \
    # A volume gets the owner of the folder that it is mounted at.
    && install -d -o parley /secrets /secrets/web /secrets/db /secrets/cache /files /files/static
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# The pictures of people and the files of messages are on a volume: the rest is read-only.
RUN install -d -o parley /app/var/files
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/app/var HOST=0.0.0.0
USER parley
EXPOSE 3368
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["python", "-m", "project.deploy.healthcheck"]
# Without a shell, so that SIGTERM reaches the server.
CMD ["python", "-m", "project.server"]
