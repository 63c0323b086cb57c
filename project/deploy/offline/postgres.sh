#!/bin/sh
# Starts PostgreSQL; on the first start it makes the cluster, the user and the database that the environment names.
set -eu

data=/var/lib/postgresql/data
if [ ! -s $data/PG_VERSION ]; then
    chown postgres $data
    chmod 700 $data
    password=$(mktemp)
    chown postgres "$password"
    cat "$POSTGRES_PASSWORD_FILE" >"$password"
    setpriv --reuid=postgres --regid=postgres --clear-groups initdb -D $data -U "$POSTGRES_USER" -A scram-sha-256 \
        --pwfile="$password" -E UTF8 --locale=C.UTF-8
    rm "$password"
    echo "host all all all scram-sha-256" >>$data/pg_hba.conf
    printf "CREATE DATABASE %s;\n" "$POSTGRES_DB" |
        setpriv --reuid=postgres --regid=postgres --clear-groups postgres --single -D $data postgres >/dev/null
fi
exec setpriv --reuid=postgres --regid=postgres --clear-groups postgres -D $data -c listen_addresses='*'
