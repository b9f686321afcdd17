"""Opens and seals parts with jwcrypto, which shares no code with the adapter.

Reads one JSON object on standard input:
  {"open": {"jwe": <general JSON>, "sleutels": [<private JWK>, …]},
   "seal": {"aad": <text>, "deel": <part id>, "tekst": <padded plaintext>, "ontvangers": [<public JWK with kid>, …]}}
Writes one JSON object on standard output:
  {"open": [<plaintext per key>], "seal": {"jwe": <general JSON>, "sleutelbinding": <base64url>}}
"""

import hashlib
import hmac
import json
import sys

from jwcrypto.common import base64url_decode, base64url_encode
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

PROTECTED = '{"alg":"ECDH-ES+A256KW","enc":"A256GCM"}'


def open_(vraag):
    teksten = []
    for sleutel in vraag["sleutels"]:
        jwe = JWE()
        jwe.allowed_algs = ["ECDH-ES+A256KW", "A256GCM"]
        jwe.deserialize(json.dumps(vraag["jwe"]), JWK(**sleutel))
        teksten.append(jwe.payload.decode())
    return teksten


def seal(vraag):
    jwe = JWE(vraag["tekst"].encode(), protected=PROTECTED, aad=vraag["aad"].encode())
    for ontvanger in vraag["ontvangers"]:
        sleutel = JWK(**ontvanger)
        jwe.add_recipient(sleutel, header=json.dumps({"kid": ontvanger["kid"]}))
    boodschap = ("inbreng-sleutelbinding-v1:" + vraag["deel"]).encode()
    binding = hmac.new(jwe.cek, boodschap, hashlib.sha256).digest()
    algemeen = json.loads(jwe.serialize())
    if "recipients" not in algemeen:  # one recipient: jwcrypto flattens
        ontvanger = {lid: algemeen.pop(lid) for lid in ("header", "encrypted_key")}
        algemeen["recipients"] = [ontvanger]
    if base64url_decode(algemeen["protected"]) != PROTECTED.encode():
        raise SystemExit("jwcrypto changed the protected header")
    return {"jwe": algemeen, "sleutelbinding": base64url_encode(binding)}


def main():
    vraag = json.load(sys.stdin)
    json.dump({"open": open_(vraag["open"]), "seal": seal(vraag["seal"])}, sys.stdout)


if __name__ == "__main__":
    main()
