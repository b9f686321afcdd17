#!/usr/bin/env bash
# One PostgreSQL of Debian's package, in a directory of its own, on a socket there.
#
#   postgres.sh MAP start           makes what is not there, and waits until it answers; MAP/url says where it is
#   postgres.sh MAP stop            a clean stop
#   postgres.sh MAP kill            kill -9 of the postmaster; whoever served a connection ends when it notices
#   postgres.sh MAP pause|resume    every process of it stands still, goes on
#   postgres.sh MAP end             stop, at once, also when it stands still
set -euo pipefail
map=$(mkdir -p "$1" && cd "$1" && pwd)
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
# It does not run as root, and the package brings a user.
als() { if [ "$(id -u)" = 0 ]; then (cd "$map" && runuser -u postgres -- "$@"); else "$@"; fi; }
draait() { als "$bin/pg_ctl" -D "$map/data" status >/dev/null 2>&1; }
starten() { als "$bin/pg_ctl" -D "$map/data" -l "$map/log" -w -s -o "-c listen_addresses= -c unix_socket_directories='$map'" start; }
vraag() { als "$bin/psql" -h "$map" -U postgres -Atc "$1"; }
postmaster() { head -n 1 "$map/data/postmaster.pid"; }
# Those that serve connections are children of the first, which stops making more as soon as it stands still itself.
signaal() {
    local eerste kinderen
    eerste=$(postmaster)
    if [ "$1" = STOP ]; then kill -STOP "$eerste"; fi
    kinderen=$(grep -sl "^PPid:[[:space:]]*$eerste\$" /proc/[0-9]*/status | cut -d / -f 3 || true)
    # One may end in between.
    for kind in $kinderen; do kill "-$1" "$kind" 2>/dev/null || true; done
    if [ "$1" = CONT ]; then kill -CONT "$eerste"; fi
}

case $2 in
start)
    if [ ! -e "$map/data/PG_VERSION" ]; then
        if [ "$(id -u)" = 0 ]; then chown postgres "$map"; fi
        als "$bin/initdb" --auth=trust --username=postgres -E UTF8 --locale=C.UTF-8 -D "$map/data" >"/dev/null"
        cat "$(dirname "$0")/../postgres/postgresql.conf" | als tee -a "$map/data/postgresql.conf" >/dev/null
        echo "postgres://postgres@localhost/inbreng?host=$map" >"$map/url"
    fi
    # After a kill it does not start as long as one of the former is still there.
    for _ in $(seq 120); do
        if draait || starten >"$map/uit" 2>&1; then if vraag 'SELECT 1' >>"$map/uit" 2>&1; then break; fi; fi
        sleep 0.5
    done
    draait || { cat "$map/uit" >&2; exit 1; }
    vraag "SELECT 1 FROM pg_database WHERE datname = 'inbreng'" | grep -q 1 ||
        als "$bin/createdb" -h "$map" -U postgres inbreng
    ;;
stop) als "$bin/pg_ctl" -D "$map/data" -s -m fast stop ;;
kill) kill -KILL "$(postmaster)" ;;
pause) signaal STOP ;;
resume) signaal CONT ;;
end)
    if draait; then
        signaal CONT
        als "$bin/pg_ctl" -D "$map/data" -s -m immediate stop
    fi
    ;;
*) echo "postgres.sh MAP start|stop|kill|pause|resume|end" >&2; exit 2 ;;
esac
