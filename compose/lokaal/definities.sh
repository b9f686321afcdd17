#!/usr/bin/env bash
# Vhost, user and rights at the broker, as RabbitMQ reads them from a file: definities.sh NAMEN <wachtwoord
# NAMEN: pattern of what every name begins with (`naam` in [bus]).
set -euo pipefail
zout=$(openssl rand -hex 4)
hex() { sed 's/../\\x&/g'; }
hash=$({ printf '%b' "$(hex <<<"$zout")"; { printf '%b' "$(hex <<<"$zout")"; tr -d '\n'; } | openssl dgst -sha256 -binary; } | base64 -w0)
sed -e "s|@WACHTWOORD_HASH@|$hash|" -e "s|\\^inbreng|^$1|" "$(dirname "$0")/../rabbitmq/definitions.json"
