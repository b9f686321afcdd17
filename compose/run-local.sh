#!/usr/bin/env bash
# A region as it stands in compose.yaml, on this machine from Debian's packages, without Docker: PostgreSQL, three nodes of RabbitMQ, two
# hubs on them, and for nine partners an adapter and an own system, each a process of its own. Half of the adapters speak to one hub. Where
# Debian's package prometheus is installed, a collector too, with the alert rules; Grafana is not in Debian, and not here.
#
#   compose/run-local.sh [MAP] up       starts what does not run (the first time it plays the demo's night, to have a region)
#   compose/run-local.sh [MAP] down     stops everything
#   compose/run-local.sh [MAP] status   who runs where
#
# MAP: where everything lies; lokaal by default. INBRENG: the program; without it target/release/inbreng is built.
set -euo pipefail
hier=$(cd "$(dirname "$0")" && pwd)
[ $# -lt 2 ] && set -- lokaal "${1:-up}"
map=$(mkdir -p "$1" && cd "$1" && pwd)
regio=$map/regio
mkdir -p "$map/pid" "$map/log"

leeft() { [ -s "$map/pid/$1" ] && kill -0 "$(cat "$map/pid/$1")" 2>/dev/null; }
starten() { # naam, bestand met het adres, opdracht
    local naam=$1 adres=$2
    shift 2
    leeft "$naam" && return
    rm -f "$adres"
    setsid "$@" >>"$map/log/$naam.log" 2>&1 </dev/null &
    echo $! >"$map/pid/$naam"
    for _ in $(seq 600); do
        [ -s "$adres" ] && return
        leeft "$naam" || break
        sleep 0.1
    done
    echo "$naam does not start:" >&2
    tail -n 20 "$map/log/$naam.log" >&2
    exit 1
}
stoppen() {
    leeft "$1" || { rm -f "$map/pid/$1"; return 0; }
    kill -TERM "$(cat "$map/pid/$1")"
    for _ in $(seq 300); do leeft "$1" || break; sleep 0.1; done
    leeft "$1" && kill -KILL "$(cat "$map/pid/$1")"
    rm -f "$map/pid/$1"
}
poort() {
    local p
    while :; do
        p=$((20000 + RANDOM % 12000))
        (: <"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }
    done
}

# The hub of the night, with the store and the bus of several.
config() { # nummer
    local config=$map/hub-$1/hub.toml
    [ -e "$config" ] && return
    mkdir -p "$map/hub-$1"
    sed -e "0,/^adres = .*/s//adres = \"127.0.0.1:$(poort)\"/" \
        -e "s|^pad = .*|soort = \"postgres\"\nurl = \"$(cat "$map/postgres/url")\"\nsleutels = \"$map/wissleutels\"|" \
        -e "s|\"beleid.jws\"|\"$regio/hub/beleid.jws\"|" -e "s|\"toetredingen.json\"|\"$regio/hub/toetredingen.json\"|" \
        "$regio/hub/inbreng.toml" >"$config"
    cat >>"$config" <<EINDE

[bus]
soort = "rabbitmq"
urls = [$(sed 's/.*/"&"/' "$map"/rabbitmq*/url | paste -sd ,)]
wachtwoord_bestand = "$map/rabbitmq/wachtwoord"
tls_wortel = "$map/rabbitmq/ca.pem"
EINDE
}

# The collector: both hubs, and every adapter by its local secret. Read again when it runs: a process that was started again may have
# another port.
verzamelaar() {
    local prometheus=${PROMETHEUS:-$(command -v prometheus || true)} dir=$map/prometheus adapter adres
    if [ -z "$prometheus" ]; then
        echo "no collector: prometheus is not installed (apt-get install --no-install-recommends prometheus)"
        return
    fi
    mkdir -p "$dir"
    [ -s "$dir/adres" ] || echo "127.0.0.1:$(poort)" >"$dir/adres"
    adres=$(cat "$dir/adres")
    {
        echo 'global: { scrape_interval: 5s, evaluation_interval: 5s }'
        echo "rule_files: [\"$hier/prometheus/meldingen.yml\", \"$hier/prometheus/meldingen-bus.yml\"]"
        echo "scrape_configs:"
        echo "  - job_name: inbreng"
        echo "    static_configs: [{ targets: [\"$(cat "$map/hub-1/beheer.adres")\", \"$(cat "$map/hub-2/beheer.adres")\"] }]"
        for adapter in "$regio"/adapters/*/; do
            adapter=${adapter%/}
            echo "  - job_name: adapter-${adapter##*/}"
            echo "    authorization: { credentials_file: \"$adapter/geheim\" }"
            echo "    static_configs: [{ targets: [\"$(cat "$adapter/adres")\"], labels: { job: inbreng-adapter } }]"
        done
    } >"$dir/prometheus.yml"
    if leeft prometheus; then
        kill -HUP "$(cat "$map/pid/prometheus")"
        return
    fi
    setsid "$prometheus" --config.file="$dir/prometheus.yml" --storage.tsdb.path="$dir/data" --web.listen-address="$adres" \
        >>"$map/log/prometheus.log" 2>&1 </dev/null &
    echo $! >"$map/pid/prometheus"
    for _ in $(seq 300); do
        (: <"/dev/tcp/${adres%:*}/${adres#*:}") 2>/dev/null && return
        leeft prometheus || break
        sleep 0.1
    done
    echo "prometheus does not start:" >&2
    tail -n 20 "$map/log/prometheus.log" >&2
    exit 1
}

up() {
    if [ -z "${INBRENG:-}" ]; then
        (cd "$hier/.." && cargo build --release --quiet)
        INBRENG=${CARGO_TARGET_DIR:-$hier/../target}/release/inbreng
    fi
    local nodig=""
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || nodig="$nodig rabbitmq-server"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || nodig="$nodig postgresql"
    if [ -n "$nodig" ]; then
        echo "missing:$nodig (apt-get install --no-install-recommends$nodig)" >&2
        exit 1
    fi
    if [ ! -e "$map/gemaakt" ]; then
        rm -rf "$regio"
        "$INBRENG" demo --dir "$regio" --exit >"$map/log/nacht.log" || { tail -n 20 "$map/log/nacht.log" >&2; exit 1; }
        touch "$map/gemaakt"
    fi
    "$hier/lokaal/postgres.sh" "$map/postgres" start
    "$hier/lokaal/rabbitmq.sh" "$map/rabbitmq" start
    for n in 2 3; do "$hier/lokaal/rabbitmq.sh" "$map/rabbitmq-$n" bij "$map/rabbitmq"; done
    config 1
    config 2
    if [ ! -e "$map/overgezet" ]; then
        # The erasure keys go along as one and the same file, which both hubs have from now on.
        if [ -e "$regio/hub/inbreng.db.sleutels" ]; then mv "$regio/hub/inbreng.db.sleutels" "$map/wissleutels"; fi
        "$INBRENG" migrate --van "$regio/hub/inbreng.db" --naar "$map/hub-1/hub.toml" >"$map/log/overzetten.log"
        touch "$map/overgezet"
    fi
    for n in 1 2; do starten "hub-$n" "$map/hub-$n/beheer.adres" "$INBRENG" serve --config "$map/hub-$n/hub.toml"; done
    local teller=0 naam systeem adapter gezicht hub
    for adapter in "$regio"/adapters/*/; do
        adapter=${adapter%/}
        naam=${adapter##*/}
        systeem=$regio/systemen/$naam
        gezicht=$(sed -n 's/^systeem = "\(.*\)"/\1/p' "$adapter/adapter.toml")
        hub=$map/hub-$((teller++ % 2 + 1))
        leeft "adapter-$naam" || rm -f "$adapter/adres"
        starten "systeem-$naam" "$systeem/adres" "$INBRENG" partnersysteem --gezicht "$gezicht" --naam "$(sed -n 's/^naam = "\(.*\)"/\1/p' "$adapter/adapter.toml")" \
            --opslag "$systeem" --adres-bestand "$systeem/adres" --buur-bestand "$adapter/adres" \
            --buur-geheim "$adapter/geheim" --geheim "$systeem/geheim"
        sed -i -e "s|^adres = \"http://.*|adres = \"http://$(cat "$systeem/adres")\"|" \
            -e "s|^adres = \"https://localhost:.*|adres = \"https://localhost:$(sed 's/.*://' "$hub/partners.adres")\"|" "$adapter/adapter.toml"
        starten "adapter-$naam" "$adapter/adres" "$INBRENG" adapter --config "$adapter/adapter.toml" --adres-bestand "$adapter/adres"
    done
    verzamelaar
    status
}

down() {
    local pid
    # All at once, and then one after the other is waited for.
    for pid in "$map"/pid/*; do
        if [ -s "$pid" ]; then kill -TERM "$(cat "$pid")" 2>/dev/null || true; fi
    done
    for pid in "$map"/pid/adapter-* "$map"/pid/systeem-* "$map"/pid/hub-* "$map"/pid/prometheus; do
        if [ -e "$pid" ]; then stoppen "${pid##*/}"; fi
    done
    # The one that has the port mapper last.
    for pid in "$map/rabbitmq-3" "$map/rabbitmq-2" "$map/rabbitmq"; do
        if [ -e "$pid/poorten" ]; then "$hier/lokaal/rabbitmq.sh" "$pid" end; fi
    done
    if [ -e "$map/postgres/data" ]; then "$hier/lokaal/postgres.sh" "$map/postgres" stop || true; fi
}

status() {
    local pid naam
    for pid in "$map"/pid/*; do
        [ -e "$pid" ] || continue
        naam=${pid##*/}
        leeft "$naam" || { echo "$naam: does not run"; continue; }
        case $naam in
        hub-*) echo "$naam: partners $(cat "$map/$naam/partners.adres"), beheer http://$(cat "$map/$naam/beheer.adres")" ;;
        adapter-*) echo "$naam: http://$(cat "$regio/adapters/${naam#adapter-}/adres")" ;;
        systeem-*) echo "$naam: http://$(cat "$regio/systemen/${naam#systeem-}/adres")" ;;
        prometheus) echo "$naam: http://$(cat "$map/prometheus/adres")" ;;
        esac
    done
}

case $2 in
up | down | status) "$2" ;;
*)
    sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
