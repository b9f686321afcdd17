#!/usr/bin/env bash
# What compose.yaml needs and no checkout may hold: passwords, the certificates of PostgreSQL and RabbitMQ, and the rights at the
# broker. In compose/geheim; what is there stays as it is. The region's own certificates and policy go into compose/geheim/hub.
set -euo pipefail
hier=$(cd "$(dirname "$0")" && pwd)
geheim=${1:-$hier/geheim}
umask 077
mkdir -p "$geheim"/hub/pki "$geheim"/toezicht "$geheim"/postgres "$geheim"/rabbitmq/{1,2,3} "$geheim"/adapters/{politie,veilig-thuis}
cd "$geheim"

wachtwoord() { [ -s "$1" ] || openssl rand -hex 24 | tr -d '\n' >"$1"; }
certificaat() { # naam, map
    [ -s "$2/server.pem" ] && return
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$2/server.key" -out "$2/server.csr" 2>/dev/null
    openssl x509 -req -in "$2/server.csr" -CA intern-ca.pem -CAkey intern-ca.key -CAcreateserial -days 825 -out "$2/server.pem" 2>/dev/null \
        -extfile <(printf 'subjectAltName=DNS:%s\nextendedKeyUsage=serverAuth\n' "$1")
    rm "$2/server.csr"
    cp intern-ca.pem "$2/intern-ca.pem"
}

if [ ! -s intern-ca.pem ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=Inbreng intern" -keyout intern-ca.key \
        -out intern-ca.pem -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" 2>/dev/null
fi
wachtwoord postgres/wachtwoord
wachtwoord rabbitmq/wachtwoord
wachtwoord rabbitmq/.erlang.cookie
certificaat postgres postgres
for n in 1 2 3; do certificaat "rabbitmq-$n" "rabbitmq/$n"; done
"$hier/lokaal/definities.sh" inbreng <rabbitmq/wachtwoord >rabbitmq/definitions.json
cp intern-ca.pem hub/intern-ca.pem
cp postgres/wachtwoord hub/postgres.wachtwoord
cp rabbitmq/wachtwoord hub/rabbitmq.wachtwoord
# Each hub shows its numbers in the collector's network alone.
for n in 1 2; do sed "s/^adres = \"127.0.0.1:9090\"/adres = \"172.31.90.1$n:9090\"/" "$hier/hub/knooppunt.toml" >"hub/knooppunt-$n.toml"; done
# An adapter shows its numbers to who knows its local secret.
for adapter in politie veilig-thuis; do
    if [ -s "adapters/$adapter/geheim" ]; then cp "adapters/$adapter/geheim" "toezicht/$adapter"; fi
done
# Who the images run as; as another user than root, give these folders to them yourself.
if [ "$(id -u)" = 0 ]; then
    chown -R 990 hub adapters
    chown -R 999 postgres rabbitmq
    chown -R 65534 toezicht
fi
for wat in pki/root.pem pki/knooppunt/tls.key beleid.jws toetredingen.json; do
    [ -e "hub/$wat" ] || echo "still to bring: $geheim/hub/$wat"
done
for adapter in politie veilig-thuis; do
    [ -e "toezicht/$adapter" ] || echo "still to make: $geheim/adapters/$adapter (inbreng-adapter init --staat /var/lib/inbreng); then run this again"
done
