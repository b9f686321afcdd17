#!/usr/bin/env bash
# One PostgreSQL of Debian's package, in a directory of its own, on a socket there.
#
#   postgres.sh MAP start|stop|kill    makes what is not there, and waits until it answers; MAP/url says where it is
set -euo pipefail
map=$(mkdir -p "$1" && cd "$1" && pwd)
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
# It does not run as root, and the package brings a user.
als() { if [ "$(id -u)" = 0 ]; then (cd "$map" && runuser -u postgres -- "$@"); else "$@"; fi; }

case $2 in
start)
    if [ ! -e "$map/data/PG_VERSION" ]; then
        if [ "$(id -u)" = 0 ]; then chown postgres "$map"; fi
        als "$bin/initdb" --auth=trust --username=postgres -E UTF8 --locale=C.UTF-8 -D "$map/data" >"/dev/null"
        cat "$(dirname "$0")/../postgres/postgresql.conf" | als tee -a "$map/data/postgresql.conf" >/dev/null
        echo "postgres://postgres@localhost/inbreng?host=$map" >"$map/url"
    fi
    als "$bin/pg_ctl" -D "$map/data" status >/dev/null 2>&1 ||
        als "$bin/pg_ctl" -D "$map/data" -l "$map/log" -w -s -o "-c listen_addresses= -c unix_socket_directories='$map'" start
    als "$bin/psql" -h "$map" -U postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'inbreng'" | grep -q 1 ||
        als "$bin/createdb" -h "$map" -U postgres inbreng
    ;;
stop) als "$bin/pg_ctl" -D "$map/data" -s -m fast stop ;;
kill) als "$bin/pg_ctl" -D "$map/data" -s -m immediate stop ;;
*) echo "postgres.sh MAP start|stop|kill" >&2; exit 2 ;;
esac
