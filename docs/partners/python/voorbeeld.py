"""A professional reports a worry to Veilig Thuis, and gets the triage decision: from start to end without our adapter.

    python voorbeeld.py --map nacht --hub https://localhost:PORT

`--map` is a folder with the development PKI in `pki/`, such as that of `inbreng demo --dir`; `--partner` is whose keys to use:
someone without an adapter of ours, since two that empty one mailbox get in each other's way. Prints one JSON object per step.
"""

import argparse
import json
import time
from pathlib import Path

from inbreng_partner import Catalogus, Knooppunt, Vertrouwen, Zegel, ref

WORTEL = Path(__file__).resolve().parents[3]


def main():
    lezer = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lezer.add_argument("--map", type=Path, required=True)
    lezer.add_argument("--hub", required=True)
    lezer.add_argument("--partner", default="huisarts-dorp")
    lezer.add_argument("--functie", default="huisarts", help="capacity of the professional")
    lezer.add_argument("--wacht", type=int, default=60, help="seconds to wait for the answer")
    keuze = lezer.parse_args()

    pki = keuze.map / "pki"
    eigen = pki / "partners" / keuze.partner
    zegel = Zegel(
        oin=(eigen / "oin.txt").read_text().strip(),
        tls=(eigen / "tls.pem", eigen / "tls.key"),
        ondertekening=(eigen / "ondertekening.pem", eigen / "ondertekening.key"),
        verzegeling=eigen / "verzegeling-1.key",
    )
    vertrouwen = Vertrouwen(pki / "root.pem", pki / "tussen.pem", pki / "convenantbeheerder" / "ondertekening.pem")
    hub = Knooppunt(
        adres=keuze.hub,
        oin=(pki / "knooppunt" / "oin.txt").read_text().strip(),
        certificaat=pki / "knooppunt" / "ondertekening.pem",
        wortel=pki / "root.pem",
        zegel=zegel,
        vertrouwen=vertrouwen,
        catalogus=Catalogus(WORTEL / "broker" / "catalogue" / "schemas"),
        systeem="voorbeeld",
    )

    casus, opening = hub.nieuwe_zaak()
    kind = ref()
    delen = [
        (
            {"casus": casus, "categorie": "kind", "status": "feit", "waargenomenOp": "2026-11-20", "doel": "beoordelen",
             "grondslagen": ["wettelijke-taak"], "betrokkenen": [{"ref": kind, "leeftijdsgroep": "0-11"}]},
            {"kinderen": [{"ref": kind, "naam": {"voornamen": "Pim", "achternaam": "Testpersoon Python"}, "geboortedatum": "2018-06-01"}],
             "bron": {"zekerheid": "feit", "functie": keuze.functie, "waargenomenOp": "2026-11-20"}, "zorgen": ["verwaarlozing"]},
        )
    ]
    nummer, bewijs, besluiten = hub.sturen(
        "nl.inbreng.zorgmelding.v1", {"meldcodestappen": [1, 2, 3, 4]}, delen, urgentie="normaal", convenant="voorbeeldregio",
        functie=keuze.functie, casus=casus, opening=opening, variant="meldcode-stap-5", gemeente="0518",
        geadresseerden=[{"rol": "veilig-thuis"}], soort_ontvanger="veilig-thuis",
    )
    tonen(stap="verstuurd", bericht=nummer, aangenomenOp=bewijs["aangenomenOp"], zin=besluiten[0]["zin"])

    einde = time.monotonic() + keuze.wacht
    while time.monotonic() < einde:
        for levering, afzender, inhoud in hub.ontvangen():
            bericht = levering["bericht"]["data"]["bericht"]
            tonen(stap="ontvangen", soort=bericht["type"], van=afzender.partnertype, verklaring=bericht["verklaring"],
                  delen=[tekst for _, tekst in inhoud])
            if bericht.get("antwoordOp") == nummer and "triagebesluit" in bericht["type"]:
                einde = 0
    if einde:
        raise SystemExit("no triage decision came in time")
    tonen(stap="klaar", ok=True)


def tonen(**wat):
    print(json.dumps(wat, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
