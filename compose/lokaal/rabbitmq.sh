#!/usr/bin/env bash
# One node of RabbitMQ of Debian's package, in a directory of its own: own ports, own cookie, own certificate authority. Or one of several
# that are a cluster, each in a directory of its own; the name of a further node is that of its directory.
#
#   rabbitmq.sh MAP start    makes what is not there, and waits until it answers; the same ports as before
#   rabbitmq.sh MAP stop     a clean stop
#   rabbitmq.sh MAP kill     kill -9
#   rabbitmq.sh MAP pause|resume    stands still, goes on
#   rabbitmq.sh MAP ctl …    rabbitmqctl on it
#   rabbitmq.sh MAP end      stop, and the port mapper with it
#   rabbitmq.sh MAP bij EERSTE    a further node: makes it where it is not there, starts it, and joins it to the cluster of the node
#                            that lies in EERSTE, which runs. Its cookie, its authority, its password and its port mapper are that one's.
#
# In MAP afterwards: url (without password), wachtwoord, ca.pem. INBRENG_RABBITMQ_NAMEN: pattern of the names that the user may
# use, where that is not "inbreng".
set -euo pipefail
map=$(mkdir -p "$1" && cd "$1" && pwd)
hier=$(cd "$(dirname "$0")/.." && pwd)
wat=$2
shift 2
bin=/usr/lib/rabbitmq/bin

vrij() { # a port on which nobody listens
    local poort
    while :; do
        poort=$((20000 + RANDOM % 12000))
        (: <"/dev/tcp/127.0.0.1/$poort") 2>/dev/null || { echo "$poort"; return; }
    done
}

maken() { # the folder of the node that it joins, where it does
    umask 077
    if [ -n "$1" ]; then
        (. "$1/poorten"; printf 'AMQPS=%s\nEPMD=%s\nDIST=%s\nNAAM=%s\nEERSTE=%q\n' "$(vrij)" "$EPMD" "$(vrij)" "${map##*/}" "$1") >"$map/poorten"
        cp "$1/.erlang.cookie" "$1/wachtwoord" "$1/ca.key" "$1/ca.pem" "$1/definitions.json" "$map"
    else
        printf 'AMQPS=%s\nEPMD=%s\nDIST=%s\nNAAM=inbreng\nEERSTE=\n' "$(vrij)" "$(vrij)" "$(vrij)" >"$map/poorten"
        openssl rand -hex 16 >"$map/.erlang.cookie"
        openssl rand -hex 16 >"$map/wachtwoord"
    fi
    . "$map/poorten"
    cd "$map"
    if [ -z "$1" ]; then
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Inbreng lokaal" -keyout ca.key \
            -out ca.pem -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" 2>/dev/null
        "$hier/lokaal/definities.sh" "${INBRENG_RABBITMQ_NAMEN:-inbreng}" <wachtwoord >definitions.json
    fi
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" -keyout server.key -out server.csr 2>/dev/null
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out server.pem 2>/dev/null \
        -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n')
    sed -e "s|/etc/rabbitmq/definitions.json|$map/definitions.json|" -e "s|^disk_free_limit.*|disk_free_limit.absolute = 100MB|" \
        "$hier/rabbitmq/rabbitmq.conf" >rabbitmq.conf
    cat >>rabbitmq.conf <<EINDE
listeners.ssl.1 = 127.0.0.1:$AMQPS
ssl_options.cacertfile = $map/ca.pem
ssl_options.certfile = $map/server.pem
ssl_options.keyfile = $map/server.key
EINDE
    echo '[].' >plugins
    echo "amqps://inbreng@localhost:$AMQPS/inbreng" >url
}

[ -e "$map/poorten" ] || maken "$([ "$wat" != bij ] || (cd "$1" && pwd))"
. "$map/poorten"
NAAM=${NAAM:-inbreng} EERSTE=${EERSTE:-}
export HOME=$map LANG=C.UTF-8 ERL_EPMD_PORT=$EPMD ERL_EPMD_ADDRESS=127.0.0.1
export RABBITMQ_NODENAME="$NAAM@localhost" RABBITMQ_MNESIA_BASE=$map/data RABBITMQ_LOG_BASE=$map/log RABBITMQ_DIST_PORT=$DIST
export RABBITMQ_CONFIG_FILE=$map/rabbitmq.conf RABBITMQ_ENABLED_PLUGINS_FILE=$map/plugins RABBITMQ_PID_FILE=$map/pid
export RABBITMQ_CONF_ENV_FILE=$map/geen RABBITMQ_ADVANCED_CONFIG_FILE=$map/geen
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
export RABBITMQ_CTL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"

leeft() { [ -s "$map/pid" ] && kill -0 "$(cat "$map/pid")" 2>/dev/null; }
weg() { # waits until it has ended
    for _ in $(seq 600); do leeft || { rm -f "$map/pid"; return 0; }; sleep 0.1; done
    echo "RabbitMQ in $map does not end" >&2
    return 1
}

ctl() { "$bin/rabbitmqctl" -q "$@"; }
starten() { # and waits until it answers
    leeft && return
    rm -f "$map/pid"
    cd "$map"
    setsid "$bin/rabbitmq-server" >>"$map/uit" 2>&1 </dev/null &
    for _ in $(seq 1200); do
        if leeft && (: <"/dev/tcp/127.0.0.1/$AMQPS") 2>/dev/null; then return; fi
        sleep 0.1
    done
    tail -n 40 "$map/uit" >&2
    exit 1
}

case $wat in
start) starten ;;
bij)
    starten
    [ -e "$map/erbij" ] && exit 0
    { ctl stop_app; ctl join_cluster inbreng@localhost; ctl start_app; } >>"$map/uit" 2>&1 || { tail -n 40 "$map/uit" >&2; exit 1; }
    touch "$map/erbij"
    ;;
stop) leeft && kill -TERM "$(cat "$map/pid")"; weg ;;
kill) leeft && kill -KILL "$(cat "$map/pid")"; weg ;;
pause) kill -STOP "$(cat "$map/pid")" ;;
resume) kill -CONT "$(cat "$map/pid")" ;;
ctl) exec "$bin/rabbitmqctl" -q "$@" ;;
end)
    if leeft; then kill -CONT "$(cat "$map/pid")"; kill -TERM "$(cat "$map/pid")"; fi
    weg
    [ -z "$EERSTE" ] || exit 0
    # It refuses as long as it has not seen that the node is gone.
    for _ in $(seq 50); do
        if epmd -port "$EPMD" -kill >/dev/null 2>&1; then break; fi
        sleep 0.1
    done
    ;;
*) echo "rabbitmq.sh MAP start|bij EERSTE|stop|kill|pause|resume|ctl|end" >&2; exit 2 ;;
esac
