#!/usr/bin/env bash
# `compose/run-local.sh` from end to end: everything starts, a message goes from one hub's partner to the other's, one hub is killed
# and the next message goes all the same, `up` starts what was killed, the log of both is one and whole, the collector reads all of them
# all the while, everything stops.
#
#   lokaal.sh MAP PROGRAMMA
set -euo pipefail
map=$1
export INBRENG=$2
hier=$(cd "$(dirname "$0")/../.." && pwd)
lokaal() { "$hier/compose/run-local.sh" "$map" "$1"; }
trap 'lokaal down >/dev/null 2>&1 || true' EXIT

fout() { echo "run-local: $*" >&2; exit 1; }
tot() { # what, command that must succeed in the end
    local wat=$1
    shift
    for _ in $(seq 600); do "$@" && return; sleep 0.2; done
    fout "$wat"
}
gereed() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://$(cat "$map/hub-$1/beheer.adres")/readyz")" = 200 ]; }
sturen() { # a number of its own: another message
    local adapter=$map/regio/adapters/wijkteam-zuid
    sed "s/Z-2026-0604/$1/" "$hier/adapters/wijkteam/fixtures/zorgen/zorgen-om-kind.json" >"$map/zorg.json"
    curl -s -H "Authorization: Bearer $(cat "$adapter/geheim")" -H 'content-type: application/json' --data-binary "@$map/zorg.json" \
        "http://$(cat "$adapter/adres")/zorgen?wacht=10" >"$map/antwoord.json"
    grep -Eq '"stand":"(aangenomen|bevestigd)"' "$map/antwoord.json" || fout "not sent: $(cat "$map/antwoord.json")"
}
aangekomen() { # its recipient signed for it, and the sender's adapter has verified that
    local adapter=$map/regio/adapters/wijkteam-zuid
    curl -s -H "Authorization: Bearer $(cat "$adapter/geheim")" "http://$(cat "$adapter/adres")/verzonden/$1" | grep -q '"bewijs":"klopt"'
}
verzamelt() { # both hubs and every adapter answer the collector
    local gezien
    gezien=$(curl -s "http://$(cat "$map/prometheus/adres")/api/v1/targets?state=active" | grep -o '"health":"up"' | wc -l)
    [ "$gezien" = $((2 + $(find "$map/regio/adapters" -mindepth 1 -maxdepth 1 -type d | wc -l))) ]
}
draait() { ! lokaal status | grep -q 'does not run'; }

lokaal up >"$map.log"
draait || fout "something does not run"
for n in 1 2; do tot "hub $n is not ready" gereed "$n"; done
tot "the collector does not read all" verzamelt
curl -s "http://$(cat "$map/prometheus/adres")/api/v1/rules" | grep -q KnooppuntWeg || fout "the collector has no rules"
sturen Z-2026-9001
tot "the first message does not arrive" aangekomen Z-2026-9001
[ "$("$hier/compose/lokaal/rabbitmq.sh" "$map/rabbitmq-2" ctl cluster_status --formatter json | grep -o '"running_nodes":\[[^]]*\]' | grep -o '@' | wc -l)" = 3 ] ||
    fout "RabbitMQ is no cluster of three"
"$hier/compose/lokaal/rabbitmq.sh" "$map/rabbitmq" kill
sturen Z-2026-9003
tot "the message of while a node of RabbitMQ was dead does not arrive" aangekomen Z-2026-9003
kill -9 "$(cat "$map/pid/hub-1")"
sturen Z-2026-9002
lokaal up >>"$map.log"
draait || fout "something does not run any more"
tot "the message of while a hub was dead does not arrive" aangekomen Z-2026-9002
for n in 1 2; do tot "hub $n is not ready again" gereed "$n"; done
tot "the collector does not read all again" verzamelt
"$INBRENG" log verify --db "$(cat "$map/postgres/url")" >"$map/logboek" || fout "the log is not whole: $(cat "$map/logboek")"
lokaal down
[ -z "$(lokaal status)" ] || fout "something still runs: $(lokaal status)"
trap - EXIT
echo "run-local: $(tail -n 1 "$map/logboek")"
