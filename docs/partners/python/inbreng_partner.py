"""A minimal partner of an Inbreng hub, in Python, with public libraries only: jwcrypto, cryptography, requests, jsonschema.

It shows all that a partner without our adapter must do: ask for a token, ask "mag dit?", seal, sign, send, receive, verify,
open and sign for it. It takes nothing from the hub on trust: who a recipient is comes from statements that the covenant
manager countersigned, and what it receives is verified and opened here.

What it leaves to you: a store that survives a crash (keep what you send until you hold the receipt, and the number of each
delivery that you took), revocation lists, key rotation, view-only parts, and the duties that come with what you receive.

JSON here has strings, integers, lists, objects and booleans, no fractions: then RFC 8785 is what `canoniek` does.
"""

import base64
import hashlib
import hmac
import json
import os
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto.common import base64url_decode, base64url_encode
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

JWE_KOP = '{"alg":"ECDH-ES+A256KW","enc":"A256GCM"}'
MATEN = [1024 * k for k in (1, 4, 16, 64, 256, 1024, 4096)]
LANGSTE_SLEUTEL = timedelta(days=90)
BEVESTIGING_VANAF = datetime(2027, 1, 1, tzinfo=timezone.utc)


class Geweigerd(Exception):
    """The hub, or this partner itself, said no. `problem` is the RFC 9457 object, where the hub gave one."""

    def __init__(self, waarom, problem=None):
        super().__init__(waarom)
        self.problem = problem or {}


# --- canonical form, digests, numbers -----------------------------------------------------------------------------------


def canoniek(waarde) -> bytes:
    """RFC 8785: members ordered by UTF-16 code units, no space, only what JSON must escape is escaped."""

    def ordenen(w):
        if isinstance(w, dict):
            return {k: ordenen(w[k]) for k in sorted(w, key=lambda k: k.encode("utf-16-be"))}
        if isinstance(w, list):
            return [ordenen(e) for e in w]
        if isinstance(w, float):
            raise ValueError("numbers are integers here")
        return w

    return json.dumps(ordenen(waarde), ensure_ascii=False, separators=(",", ":")).encode()


def digest(waarde) -> str:
    data = waarde if isinstance(waarde, bytes) else canoniek(waarde)
    return "sha-256:" + base64url_encode(hashlib.sha256(data).digest())


def bladhash(bewijs) -> str:
    """The leaf in the log that a receipt opens: over its kind, its moment, and the record under the salt of the receipt."""
    record = {k: v for k, v in bewijs.items() if k != "blad"} | {"besluiten": digest(bewijs["besluiten"])}
    kern = hmac.new(base64url_decode(bewijs["blad"]["zout"]), canoniek(record), hashlib.sha256).digest()
    ms = (van_moment(bewijs["aangenomenOp"]) - datetime.fromtimestamp(0, timezone.utc)) // timedelta(milliseconds=1)
    soort = b"bericht"
    return digest(b"\0inbreng-blad-v2:" + len(soort).to_bytes(8, "big") + soort + ms.to_bytes(8, "big") + kern)


def lezen(tekst) -> dict:
    """Reads JSON, and refuses a member that comes twice."""

    def eenmaal(paren):
        uit = dict(paren)
        if len(uit) != len(paren):
            raise Geweigerd("a member comes twice")
        return uit

    return json.loads(tekst, object_pairs_hook=eenmaal)


def nummer() -> str:
    """UUIDv7 (RFC 9562)."""
    ms = time.time_ns() // 1_000_000
    n = (ms << 80) | int.from_bytes(os.urandom(10), "big")
    n = (n & ~(0xF << 76)) | (0x7 << 76)
    n = (n & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=n))


def moment(t=None) -> str:
    return (t or datetime.now(timezone.utc)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def van_moment(tekst) -> datetime:
    return datetime.strptime(tekst, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)


def ref() -> str:
    """A person, by a random reference: it says nothing about who it is."""
    return base64url_encode(os.urandom(16))


# --- signatures -----------------------------------------------------------------------------------------------------------


def vingerafdruk(cert: x509.Certificate) -> str:
    return base64url_encode(hashlib.sha256(cert.public_bytes(serialization.Encoding.DER)).digest())


def publiek(cert: x509.Certificate) -> JWK:
    return JWK.from_pyca(cert.public_key())


def oin_van(cert: x509.Certificate) -> str:
    return cert.subject.get_attributes_for_oid(x509.NameOID.SERIAL_NUMBER)[0].value


def tekenen(sleutel: JWK, kid: str, typ: str, payload) -> str:
    """A compact JWS whose header is exactly alg, kid and typ."""
    jws = JWS(canoniek(payload))
    jws.add_signature(sleutel, None, canoniek({"alg": "ES256", "kid": kid, "typ": typ}).decode(), None)
    return jws.serialize(compact=True)


def los(jws: str) -> str:
    """The same, detached (RFC 7515, appendix F)."""
    kop, _, handtekening = jws.split(".")
    return f"{kop}..{handtekening}"


def controleren(tekst: str, typ: str, cert: x509.Certificate, payload=None) -> dict:
    """The verified payload. `payload` is given where the signature is detached."""
    return controleren_met(tekst, typ, publiek(cert), vingerafdruk(cert), payload)


def controleren_met(tekst: str, typ: str, sleutel: JWK, kid: str, payload=None) -> dict:
    """The same under a bare key, by the name that it goes by."""
    kop, midden, handtekening = tekst.split(".")
    if payload is not None:
        if midden:
            raise Geweigerd("the signature should be detached")
        midden = base64url_encode(canoniek(payload))
    if base64url_decode(kop) != canoniek({"alg": "ES256", "kid": kid, "typ": typ}):
        raise Geweigerd(f"not a {typ} of this signer")
    jws = JWS()
    jws.allowed_algs = ["ES256"]
    jws.deserialize(f"{kop}.{midden}.{handtekening}", sleutel)
    inhoud = lezen(jws.payload)
    if canoniek(inhoud) != jws.payload:
        raise Geweigerd("what is signed is not in canonical form")
    return inhoud


# --- who is who -----------------------------------------------------------------------------------------------------------


@dataclass
class Partner:
    """A partner as the covenant manager confirms it."""

    oin: str
    partnertype: str
    certificaat: x509.Certificate
    sleutel: JWK
    kid: str


class Vertrouwen:
    """What this partner pins: the root and intermediate of the PKI, and the covenant manager's certificate."""

    def __init__(self, wortel, tussen, convenantbeheerder):
        self.wortel, self.tussen, self.beheerder = (
            x509.load_pem_x509_certificate(Path(p).read_bytes()) for p in (wortel, tussen, convenantbeheerder)
        )
        self.tussen.verify_directly_issued_by(self.wortel)

    def partner(self, gids) -> Partner:
        """Verifies a directory statement, its chain, its countersignature, and the row of key statements."""
        nu = datetime.now(timezone.utc)
        jws = gids["vermelding"]["verklaring"]
        vermelding = lezen(base64url_decode(jws.split(".")[1]))
        cert = x509.load_der_x509_certificate(base64.b64decode(vermelding["certificaten"][0]))
        cert.verify_directly_issued_by(self.tussen)
        if not cert.not_valid_before_utc <= nu < cert.not_valid_after_utc or oin_van(cert) != vermelding["oin"]:
            raise Geweigerd("the certificate in the directory statement does not hold")
        controleren(jws, "inbreng-vermelding+jws", cert)
        self._medeondertekend(gids["vermelding"])
        self._geldig(vermelding, nu)
        bevroren = self._bevroren(gids, vermelding["oin"])
        for sleutel in reversed(self._sleutels(gids, vermelding["oin"], cert, bevroren)):  # newest first
            if van_moment(sleutel["geldigVanaf"]) <= nu < van_moment(sleutel["geldigTot"]):
                if sleutel["kid"] in bevroren:
                    raise Geweigerd("the key of this partner is frozen")
                jwk = JWK(**sleutel["jwk"])
                return Partner(vermelding["oin"], vermelding["partnertype"], cert, jwk, sleutel["kid"])
        raise Geweigerd("this partner has no key now")

    def _sleutels(self, gids, oin, cert, bevroren):
        """The key statements that count, oldest first: each follows on the one before it, and rests on its proof or on the word of the
        covenant manager (docs/wire.md, "Keys")."""
        rij = [(k, controleren(k["verklaring"], "inbreng-sleutel+jws", cert)) for k in gids["sleutels"]]
        rij.sort(key=lambda paar: paar[1]["volgnummer"])
        digests = [digest(k["verklaring"].encode()) for k, _ in rij]
        tellend, vorige = [], None
        for plaats, (k, sleutel) in enumerate(rij):
            van, tot = van_moment(sleutel["geldigVanaf"]), van_moment(sleutel["geldigTot"])
            jwk = JWK(**sleutel["jwk"])
            if sleutel["oin"] != oin or sleutel["kid"] != jwk.thumbprint() or not timedelta() < tot - van <= LANGSTE_SLEUTEL:
                raise Geweigerd("the key statement does not hold")
            if vorige is not None and (
                sleutel["volgnummer"] != vorige["volgnummer"] + 1 or sleutel.get("vorige") != digests[plaats - 1]
            ):
                raise Geweigerd("the key statements do not follow on each other")
            telt = self._bevestigd(k)
            if "opvolging" in k and vorige is not None:
                bewijs = controleren_met(k["opvolging"], "inbreng-opvolging+jws", JWK(**vorige["jwk"]), vorige["kid"])
                if bewijs != {"verklaring": digests[plaats], "vorige": digests[plaats - 1]}:
                    raise Geweigerd("the previous key proved something else")
                stond = all(laatste in digests[plaats:] for laatste in bevroren.get(vorige["kid"], []))
                telt = telt or (bool(tellend) and tellend[-1] is vorige and stond)
            elif not telt:
                raise Geweigerd("the key is neither proven by the previous one nor confirmed")
            if telt:
                tellend.append(sleutel)
            vorige = sleutel
        return tellend

    def _bevestigd(self, vermelding) -> bool:
        """Whether the covenant manager confirmed this key; from BEVESTIGING_VANAF on it says why."""
        if "medeondertekening" not in vermelding:
            return False
        mede = self._medeondertekend(vermelding)
        return "bevestigt" in mede or van_moment(mede["tijd"]) < BEVESTIGING_VANAF

    def _bevroren(self, gids, oin) -> dict:
        """Per frozen key the digests of the newest statements that stand, by the covenant manager or by the partner itself."""
        bevroren: dict = {}
        for jws in gids.get("bevriezingen", []):
            gelezen = lezen(base64url_decode(jws.split(".")[1]))
            door = self.beheerder
            if "certificaten" in gelezen:
                door = x509.load_der_x509_certificate(base64.b64decode(gelezen["certificaten"][0]))
                door.verify_directly_issued_by(self.tussen)
                if oin_van(door) != oin:
                    raise Geweigerd("the freeze is of another organisation")
            woord = controleren(jws, "inbreng-bevriezing+jws", door)
            if woord["oin"] != oin:
                raise Geweigerd("the freeze is of another organisation")
            bevroren.setdefault(woord["kid"], []).append(woord["laatste"])
        return bevroren

    def _medeondertekend(self, paar):
        mede = controleren(paar["medeondertekening"], "inbreng-medeondertekening+jws", self.beheerder)
        if mede["verklaring"] != digest(paar["verklaring"].encode()):
            raise Geweigerd("countersigned was something else")
        return mede

    @staticmethod
    def _geldig(verklaring, nu):
        if not van_moment(verklaring["geldigVanaf"]) <= nu < van_moment(verklaring["geldigTot"]):
            raise Geweigerd("the statement is not valid now")


class Catalogus:
    """The open and the sealed schema of each message type, from the folder `broker/catalogue/schemas`."""

    def __init__(self, map_):
        documenten = [lezen(p.read_text()) for p in sorted(Path(map_).glob("*.json"))]
        self.register = Registry().with_resources((d["$id"], Resource.from_contents(d)) for d in documenten)

    def toetsen(self, type_, verklaring, delen):
        """`delen` is a list of (labels, content). The hub cannot judge the content: sender and recipient do."""
        naam = type_.split(".")[-2]
        self._past(f"{naam}.verklaring.json", verklaring)
        for labels, inhoud in delen:
            self._past(f"{naam}.inhoud.json#/$defs/{labels['categorie']}", inhoud)

    def _past(self, schema, waarde):
        schema = {"$ref": f"https://inbreng.example/catalogus/{schema}"}
        keurder = Draft202012Validator(schema, registry=self.register, format_checker=FormatChecker())
        for fout in keurder.iter_errors(waarde):
            # The place, never the value: it may be about a person.
            raise Geweigerd(f"does not fit {schema['$ref']} at {fout.json_path}: {fout.validator}")


# --- sealing and opening --------------------------------------------------------------------------------------------------


def aangevuld(inhoud) -> bytes:
    """Spaces up to the smallest size class, so that a size says little."""
    tekst = canoniek(inhoud)
    maat = next(m for m in MATEN if m >= len(tekst))
    return tekst.ljust(maat)


def binding(cek: bytes, deel: str) -> str:
    return base64url_encode(hmac.new(cek, ("inbreng-sleutelbinding-v1:" + deel).encode(), hashlib.sha256).digest())


def zonder_ontvangers(jwe) -> dict:
    return {k: v for k, v in jwe.items() if k != "recipients"}


class Zegel:
    """This partner's own keys."""

    def __init__(self, oin, tls, ondertekening, verzegeling):
        self.oin, self.tls = oin, tuple(map(str, tls))
        cert, sleutel = (Path(p).read_bytes() for p in ondertekening)
        self.cert = x509.load_pem_x509_certificate(cert)
        self.kid = vingerafdruk(self.cert)
        self.sleutel = JWK.from_pem(sleutel)
        self.verzegeling = JWK.from_pem(Path(verzegeling).read_bytes())

    def teken(self, typ, payload) -> str:
        return tekenen(self.sleutel, self.kid, typ, payload)

    def deel(self, labels, inhoud, ontvangers, wijze="meegeleverd", gebruik=("dossier",)):
        """Seals one part for the owner and for these recipients, and signs what goes with it."""
        jwe = JWE(aangevuld(inhoud), protected=JWE_KOP, aad=canoniek(labels))
        allen = [(self.verzegeling, self.verzegeling.thumbprint(), None)] + [(o.sleutel, o.kid, o) for o in ontvangers]
        for sleutel, kid, _ in allen:
            jwe.add_recipient(sleutel, header=json.dumps({"kid": kid}))
        zegel = json.loads(jwe.serialize())
        zegel["protected"] = base64url_encode(JWE_KOP)
        toegang = []
        for wrap, (_, kid, ontvanger) in zip(zegel["recipients"], allen):
            if ontvanger is None:  # the owner needs no statement of its own
                continue
            verklaring = {
                "deel": labels["id"],
                "inhoud": digest(zonder_ontvangers(zegel)),
                "ontvanger": ontvanger.oin,
                "sleutel": kid,
                "wrap": digest(wrap),
                "wijze": wijze,
                "doel": labels["doel"],
                "gebruik": list(gebruik),
                "genoemd": "nee",
            }
            toegang.append({"oin": ontvanger.oin, "verklaring": self.teken("inbreng-toegang+jws", verklaring)})
        bewijs = {
            "deel": labels["id"],
            "labels": digest(labels),
            "inhoud": digest(zonder_ontvangers(zegel)),
            "sleutelbinding": binding(jwe.cek, labels["id"]),
        }
        return {
            "labels": labels,
            "inhoud": zegel,
            "eigenaarsbewijs": self.teken("inbreng-deel+jws", bewijs),
            "toegang": toegang,
        }

    def openen(self, deel, afzender: Partner) -> dict:
        """Opens a received part; everything about it is verified first."""
        labels, zegel = deel["labels"], deel["inhoud"]
        if labels["eigenaar"] != afzender.oin:
            raise Geweigerd("the owner is not the sender")
        bewijs = controleren(deel["eigenaarsbewijs"], "inbreng-deel+jws", afzender.certificaat)
        verwacht = {"deel": labels["id"], "labels": digest(labels), "inhoud": digest(zonder_ontvangers(zegel))}
        if any(bewijs[k] != v for k, v in verwacht.items()):
            raise Geweigerd("the owner signed another part")
        if base64url_decode(zegel["protected"]) != JWE_KOP.encode() or base64url_decode(zegel["aad"]) != canoniek(labels):
            raise Geweigerd("the seal does not belong to these labels")
        if set(zegel) != {"protected", "aad", "iv", "ciphertext", "tag", "recipients"}:
            raise Geweigerd("the seal has another form")
        if len(base64url_decode(zegel["iv"])) != 12 or len(base64url_decode(zegel["tag"])) != 16:
            raise Geweigerd("the seal has another form")
        [wrap] = zegel["recipients"]
        [toegang] = deel["toegang"]
        verklaring = controleren(toegang["verklaring"], "inbreng-toegang+jws", afzender.certificaat)
        verwacht = {
            "deel": labels["id"],
            "inhoud": bewijs["inhoud"],
            "ontvanger": self.oin,
            "sleutel": self.verzegeling.thumbprint(),
            "wrap": digest(wrap),
        }
        if toegang["oin"] != self.oin or any(verklaring[k] != v for k, v in verwacht.items()):
            raise Geweigerd("the owner gave this part to someone else")
        if wrap["header"].keys() != {"kid", "epk"} or wrap["header"]["kid"] != verklaring["sleutel"]:
            raise Geweigerd("the wrapped key has another form")
        jwe = JWE()
        jwe.allowed_algs = ["ECDH-ES+A256KW", "A256GCM"]
        jwe.deserialize(json.dumps(zegel), self.verzegeling)
        if not hmac.compare_digest(binding(jwe.cek, labels["id"]), bewijs["sleutelbinding"]):
            raise Geweigerd("this key is not the one that the owner committed to")
        return lezen(jwe.payload)


# --- the hub --------------------------------------------------------------------------------------------------------------


class Knooppunt:
    """The hub, over mTLS, with a token that is bound to the certificate of the connection (RFC 8705)."""

    def __init__(self, adres, oin, certificaat, wortel, zegel: Zegel, vertrouwen: Vertrouwen, catalogus: Catalogus,
                 systeem="voorbeeld"):
        self.adres, self.oin, self.zegel, self.vertrouwen = adres.rstrip("/"), oin, zegel, vertrouwen
        self.catalogus, self.systeem = catalogus, systeem
        self.cert = x509.load_pem_x509_certificate(Path(certificaat).read_bytes())
        self.http = requests.Session()
        self.http.verify, self.http.cert = str(wortel), zegel.tls
        self.http.trust_env = False
        self._token, self._tot = None, 0.0

    def _vraag(self, methode, pad, **meer):
        antwoord = self.http.request(methode, self.adres + pad, timeout=60, **meer)
        if antwoord.status_code >= 400:
            try:
                problem = lezen(antwoord.text)
            except ValueError:
                problem = {}
            raise Geweigerd(f"{antwoord.status_code} {problem.get('code')}: {problem.get('detail')}", problem)
        return lezen(antwoord.text) if antwoord.content else {}

    def _met_token(self):
        if time.monotonic() > self._tot:
            nu = int(time.time())
            beweringen = {
                "iss": self.zegel.oin,
                "sub": self.zegel.oin,
                "aud": f"urn:nld:oin:{self.oin}",
                "jti": str(uuid.uuid4()),
                "iat": nu,
                "exp": nu + 30,
            }
            formulier = {
                "grant_type": "client_credentials",
                "scope": "berichten postvak gids logboek",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": self.zegel.teken("JWT", beweringen),
            }
            antwoord = self._vraag("POST", "/v1/token", data=formulier)
            self._token, self._tot = antwoord["access_token"], time.monotonic() + antwoord["expires_in"] - 30
        return {"Authorization": f"Bearer {self._token}"}

    def post(self, pad, waarde, soort="application/json"):
        kop = {**self._met_token(), "Content-Type": soort}
        return self._vraag("POST", pad, data=canoniek(waarde), headers=kop)

    def get(self, pad, **parameters):
        return self._vraag("GET", pad, params=parameters, headers=self._met_token())

    # sending

    def toetsen(self, type_, verklaring, delen, **kop):
        """Mag dit? `delen` are labels; `kop` holds urgentie, convenant, casus, opening, gemeente, geadresseerden, …"""
        vraag = {"type": type_, "verklaring": verklaring, "delen": [{"labels": d} for d in delen], **kop}
        return self.post("/v1/toetsen", vraag)

    def sturen(self, type_, verklaring, delen, *, urgentie, convenant, functie, casus=None, opening=None, antwoord_op=None,
               variant=None, gemeente=None, geadresseerden=None, soort_ontvanger=None):
        """Asks, seals, signs and sends. `delen` is a list of (labels without what the message says, content).

        `soort_ontvanger` is the kind of partner that it is meant for: a hub that offers someone else gets nothing sealed.
        Returns the message number, the verified receipt and the decisions.
        """
        self.catalogus.toetsen(type_, verklaring, delen)
        bericht_id, tijd = nummer(), moment()
        gemeen = {"type": type_, "urgentie": urgentie, "convenant": convenant, "bericht": bericht_id}
        gemeen |= {k: v for k, v in (("casus", casus), ("antwoordOp", antwoord_op), ("variant", variant)) if v}
        labels = [
            {**gemeen, "id": nummer(), "eigenaar": self.zegel.oin, "functie": functie, "noodbesluit": "nee",
             "noodzaak": "niet-toegelicht", "afgeschermd": "nee", "briefing": "nee", **eigen}
            for eigen, _ in delen
        ]
        rest = (("casus", casus), ("opening", opening), ("antwoordOp", antwoord_op), ("variant", variant),
                ("gemeente", gemeente), ("geadresseerden", geadresseerden))
        antwoord = self.toetsen(type_, verklaring, labels, urgentie=urgentie, convenant=convenant,
                                **{k: v for k, v in rest if v})
        ontvangers = [self.vertrouwen.partner(o["gids"]) for o in antwoord["ontvangers"]]
        if [o.oin for o in ontvangers] != [o["oin"] for o in antwoord["ontvangers"]]:
            raise Geweigerd("the hub offers a recipient under another's name")
        if soort_ontvanger and any(o.partnertype != soort_ontvanger for o in ontvangers):
            raise Geweigerd("the hub offers a recipient of another kind")
        nee = [b["besluit"] for b in antwoord["besluiten"] if not b["besluit"]["uitkomst"].startswith("toestaan")]
        if nee:
            raise Geweigerd(nee[0]["uitleg"]["afzender"], {"besluiten": nee})

        bericht = {"id": bericht_id, "type": type_, "van": self.zegel.oin, "tijd": tijd, "urgentie": urgentie,
                   "verklaring": verklaring, "checkpoint": self.get("/v1/logboek/checkpoint")["checkpoint"]}
        bericht |= {k: v for k, v in (("casus", casus), ("antwoordOp", antwoord_op), ("variant", variant)) if v}
        bericht["handtekening"] = los(self.zegel.teken("inbreng-bericht+jws", bericht))
        verzegeld = [self.zegel.deel(l, inhoud, ontvangers) for l, (_, inhoud) in zip(labels, delen)]
        kop = {"bericht": digest(bericht), "convenant": convenant, "beleid": antwoord["beleid"],
               "delen": [{"id": d["labels"]["id"], "digest": digest(d)} for d in verzegeld]}
        kop |= {k: v for k, v in (("opening", opening), ("gemeente", gemeente), ("geadresseerden", geadresseerden)) if v}
        kop["handtekening"] = los(self.zegel.teken("inbreng-kop+jws", kop))
        envelop = {
            "specversion": "1.0", "id": bericht_id, "type": type_, "time": tijd, "datacontenttype": "application/json",
            "source": f"urn:nld:oin:{self.zegel.oin}:systeem:{self.systeem}",
            "data": {"bericht": bericht, "kop": kop, "delen": verzegeld},
        }
        if casus:
            envelop["subject"] = casus
        aangenomen = self.post("/v1/berichten", envelop, "application/cloudevents+json")
        bewijs = controleren(aangenomen["ontvangstbewijs"], "inbreng-ontvangstbewijs+jws", self.cert)
        if (bewijs["bericht"], bewijs["van"], bewijs["digest"]) != (bericht_id, self.zegel.oin, digest(envelop)):
            raise Geweigerd("the receipt is for another message")
        if bewijs["blad"]["hash"] != bladhash(bewijs):
            raise Geweigerd("the receipt opens no leaf of its own")
        return bericht_id, bewijs, aangenomen["besluiten"]

    # receiving

    def ontvangen(self, wacht=20):
        """Yields (delivery, sender, [(labels, content)]) and signs for each one once the caller has taken it."""
        for levering in self.get("/v1/postvak", wacht=wacht)["leveringen"]:
            data = levering["bericht"]["data"]
            bericht = data["bericht"]
            afzender = self.partner(bericht["van"])
            kaal = {k: v for k, v in bericht.items() if k != "handtekening"}
            controleren(bericht["handtekening"], "inbreng-bericht+jws", afzender.certificaat, kaal)
            delen = []
            for deel in data["delen"]:
                labels = deel["labels"]
                samen = {"bericht": "id", "type": "type", "casus": "casus", "antwoordOp": "antwoordOp", "variant": "variant",
                         "urgentie": "urgentie"}
                if any(labels.get(l) != bericht.get(b) for l, b in samen.items()):
                    raise Geweigerd("this part belongs to another message")
                delen.append((labels, self.zegel.openen(deel, afzender)))
            self.catalogus.toetsen(bericht["type"], bericht["verklaring"], delen)
            yield levering, afzender, delen
            self._ontvangst(levering, bericht)

    def _ontvangst(self, levering, bericht):
        delen = [deel["labels"]["id"] for deel in levering["bericht"]["data"]["delen"]]
        verklaring = {"levering": levering["id"], "bericht": bericht["id"], "digest": digest(bericht), "delen": delen,
                      "ontvanger": self.zegel.oin, "tijd": moment()}
        self.post(f"/v1/leveringen/{levering['id']}/ontvangst",
                  {"verklaring": self.zegel.teken("inbreng-ontvangst+jws", verklaring)})

    def partner(self, oin) -> Partner:
        for lid in self.get("/v1/partners")["partners"]:
            if lid["oin"] == oin:
                partner = self.vertrouwen.partner(lid["gids"])
                if partner.oin == oin:
                    return partner
        raise Geweigerd("this partner is not in the directory")

    def nieuwe_zaak(self):
        """A case reference that only its maker could have made, and the opening that proves it."""
        opening = os.urandom(32)
        casus = hashlib.sha256(self.zegel.oin.encode() + opening).digest()
        return base64url_encode(casus), base64url_encode(opening)
