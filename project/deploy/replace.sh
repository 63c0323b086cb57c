#!/bin/sh
# Replaces a site's workers by those of this checkout, without downtime: `make deploy`.
#
# Compose would stop all old workers before it starts the new ones. So this script:
#
#   1. builds the image under a temporary tag (TAG-next), and migrates the database while the old version serves;
#   2. tests one new worker that the proxy sends nobody to. Until it is healthy, nothing that runs has changed;
#   3. gives the image its tag, and starts as many new workers as there are old ones;
#   4. when all are healthy, stops the old workers one by one. Each asks its clients to reconnect before it ends. Then it
#      restarts the service of the background jobs.
#
# If a step before 4 fails or is interrupted, it is undone: the old workers and the former image's tag stay. Step 4 is not
# interrupted. A run that was killed left a file with the number of workers and the former image: the next run restores
# the tag, and treats all workers that it finds as old.
set -eu

WAIT_S=${WAIT_S:-120}
cd "$(dirname "$0")/../.."

if [ -n "${COMPOSE:-}" ]; then
    compose=$COMPOSE
elif docker compose version >/dev/null 2>&1; then
    compose="docker compose"
else
    compose="docker-compose"
fi

stop() {
    echo "$*" >&2
    exit 1
}

# The ids of the running workers. Not from `compose ps`: version 1.29 also lists the worker that is being tested.
workers() {
    docker ps --quiet --no-trunc --filter "label=com.docker.compose.project=$project" \
        --filter label=com.docker.compose.service=web --filter label=com.docker.compose.oneoff=False
}

remove() {
    docker stop -t 30 "$1" >/dev/null # SIGTERM; a worker ends within DRAIN_S
    docker rm "$1" >/dev/null
}

# Wait until a container is healthy. Returns 1 if it is not in time, or ends.
wait_healthy() {
    deadline=$(($(date +%s) + WAIT_S))
    while state=$(docker inspect --format '{{.State.Status}} {{.State.Health.Status}}' "$1"); do
        case $state in
            "running healthy") return 0 ;;
            "running unhealthy" | exited* | dead*) break ;;
        esac
        [ "$(date +%s)" -lt "$deadline" ] || break
        sleep 1
    done
    echo "A new worker is not healthy ($state); the old ones stay. Its log:" >&2
    docker logs --tail 40 "$1" >&2
    return 1
}

# The containers in $1 that are not in $2.
without() { echo "$1" | while read -r id; do case "$2" in *"$id"*) ;; *) echo "$id" ;; esac; done; }

# Give the tag back to the former image.
restore_tag() {
    if [ "$former" = none ]; then
        docker image rm "$image" >/dev/null 2>&1 || true
    else
        docker tag "$former" "$image"
    fi
}

# However this script ends: undo what is incomplete, and remove temporary containers and images.
finish() {
    code=$?
    trap '' INT TERM HUP
    trap - EXIT
    if [ "$step" = starting ]; then
        now=$(workers) || stop "Cannot list the running workers. Run this again to finish."
        for id in $(without "$now" "$old"); do remove "$id" || true; done
        restore_tag
        # A run that finishes another one's work keeps the file until the number of workers is right again.
        [ "$(echo "$old" | wc -l)" -ne "$count" ] || rm -f "$record"
    fi
    [ "$step" = before ] || docker rm --force "$trial" >/dev/null 2>&1 || true
    [ "$step" = before ] || docker image rm "$image-next" >/dev/null 2>&1 || true
    exit "$code"
}
step=before
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

configuration=$($compose config) || stop "Compose cannot read its files."
image=$(echo "$configuration" | sed -n 's/^ *image: *"\{0,1\}\(parley:[^" ]*\)"\{0,1\} *$/\1/p' | head -n 1)
all=$($compose ps -q) || stop "Compose cannot list the containers: nothing was changed."
old=
if [ -n "$all" ]; then
    first=$(echo "$all" | head -n 1)
    project=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.project"}}' "$first")
    old=$(workers) || stop "Cannot list the running workers: nothing was changed."
fi
if [ -z "$old" ]; then
    echo "No workers run: starting the whole site."
    $compose build web
    $compose up -d
    exit
fi

trial=$project-trial
record=.deploy-$project
exec 9>"$record.lock"
flock -n 9 || stop "Another deploy of this site is running."
docker rm --force "$trial" >/dev/null 2>&1 || true # left by a run that was killed

if [ -s "$record" ]; then
    read -r count former <"$record"
    echo "Finishing what another run began: $count workers."
    restore_tag
else
    count=$(echo "$old" | wc -l)
    former=$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null) || former=none
fi

step=trying
PARLEY_VERSION=${image#parley:}-next $compose build web
PARLEY_VERSION=${image#parley:}-next $compose run --rm -T --no-deps prepare
PARLEY_VERSION=${image#parley:}-next $compose run -d --no-deps --name "$trial" web >/dev/null
wait_healthy "$trial"
docker rm --force "$trial" >/dev/null

echo "$count $former" >"$record"
step=starting
docker tag "$image-next" "$image"
$compose up -d --no-deps --no-recreate --scale web=$(($(echo "$old" | wc -l) + count)) web
now=$(workers) || stop "Cannot list the running workers."
new=$(without "$now" "$old")
[ "$(echo "$new" | grep -c .)" -eq "$count" ] || stop "Compose did not start $count new workers."
for id in $new; do
    wait_healthy "$id"
done

step=replacing
trap '' INT TERM HUP
for id in $old; do
    remove "$id"
    echo "Replaced $(echo "$id" | cut -c 1-12)."
done
rm -f "$record"
# The service of the background jobs is simply restarted: no client waits for it.
$compose up -d --no-deps tasks >/dev/null || echo "The service tasks was not replaced: run \`$compose up -d tasks\`." >&2
# The containers of keys and prepare, which have ended, still use the former image.
$compose rm --force keys prepare >/dev/null 2>&1 || true
# Delete images without a tag: former versions, and build stages older than a week.
docker image prune --force --filter label=app=parley >/dev/null
docker image prune --force --filter label=app=parley-build --filter until=168h >/dev/null
