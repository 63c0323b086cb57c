#!/bin/sh
# Starts PostgreSQL. The first start makes the cluster, and the user and the database that the environment names.
set -eu

data=/var/lib/postgresql/data
if [ ! -s $data/PG_VERSION ]; then
    initdb -D $data -U "$POSTGRES_USER" -A scram-sha-256 --pwfile="$POSTGRES_PASSWORD_FILE" -E UTF8 --locale=C.UTF-8
    echo "host all all all scram-sha-256" >>$data/pg_hba.conf
    printf "CREATE DATABASE %s;\n" "$POSTGRES_DB" | postgres --single -D $data postgres >/dev/null
fi
exec postgres -D $data -c listen_addresses='*'
