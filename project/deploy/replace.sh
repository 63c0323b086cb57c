#!/bin/sh
# Replaces a site's workers by those of this checkout, while people talk: `make deploy`.
#
# Compose would stop all old workers at once, and then start the new ones. So here: the image is built, the database
# migrated while the old version serves, as many new workers started beside the old ones, and these stopped one by one,
# each when it has sent its people to another one. If the new ones do not become healthy they go, and the old ones stay.
set -eu

WAIT_S=${WAIT_S:-120}
cd "$(dirname "$0")/../.."

if docker compose version >/dev/null 2>&1; then
    compose() { docker compose "$@"; }
else
    compose() { docker-compose "$@"; }
fi

health() { docker inspect --format '{{.State.Health.Status}}' "$1"; }

remove() {
    docker stop --time 30 "$1" >/dev/null # SIGTERM; a worker drains within DRAIN_S
    docker rm "$1" >/dev/null
}

compose build web
old=$(compose ps -q web)
if [ -z "$old" ]; then
    echo "No workers run: starting the whole site."
    compose up -d
    exit
fi
count=$(echo "$old" | wc -l)

compose run --rm --no-deps prepare
compose up -d --no-deps --no-recreate --scale web=$((count * 2)) web

new=
for id in $(compose ps -q web); do
    echo "$old" | grep -q "$id" || new="$new $id"
done
deadline=$(($(date +%s) + WAIT_S))
for id in $new; do
    while [ "$(health "$id")" != healthy ]; do
        if [ "$(date +%s)" -gt "$deadline" ]; then
            echo "The new workers are not healthy after $WAIT_S s; the old ones stay. What they wrote:" >&2
            docker logs --tail 40 "$id" >&2
            for failed in $new; do remove "$failed"; done
            exit 1
        fi
        sleep 1
    done
done
for id in $old; do
    remove "$id"
    echo "Replaced $(echo "$id" | cut -c 1-12)."
done
