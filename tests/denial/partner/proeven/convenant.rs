//! What the third partner tries on a covenant: on its versions, and on who its parties are.

use inbreng_certs::Toetredingsopgave;
use inbreng_domain::{
    Clock, ConvenantId, Digest, Oin, ProblemCode,
    clock::SystemClock,
    versie::{Beheerfunctie, Beheerhandeling, Versiehandeling},
};
use inbreng_harness::{Partner, slug};
use inbreng_proof::{Typ, digest_of, gids::medeonderteken, jws, sha256};
use reqwest::Method;
use serde_json::json;

use super::{Proef, Verzoek, proef};
use crate::partner::toneel::Toneel;

/// Versions are the covenant's: every party may see them. What another signed, or what is in force, is not to be moved.
pub(super) fn versies(toneel: &Toneel) -> Vec<Proef> {
    let (derde, politie) = (&toneel.derde.partner, &toneel.politie.partner);
    let bundel = std::fs::read_to_string(toneel.regio.pad("voorbeeldregio.jws")).unwrap();
    let bundel: serde_json::Value = jws::unverified_payload(bundel.trim()).unwrap();
    let tabellen = sha256(b"[]");
    let daad = |handeling: Versiehandeling, wie: &Partner, door: Oin, versie: Digest| {
        let daad = Beheerhandeling {
            handeling,
            convenant: "voorbeeldregio".parse().unwrap(),
            versie,
            tabellen,
            simulatie: None,
            door,
            functie: Beheerfunctie::Fg,
            tijd: SystemClock.now(),
        };
        jws::sign(&wie.sleutel, Typ::Beheer, &daad).unwrap()
    };
    let (geldend, onbekend) = (toneel.regio.beleid, Digest::from_bytes([9; 32]));
    let mut alle = Vec::new();
    for (wat, wie, door, code) in [
        ("another's act", politie, politie.oin, ProblemCode::HandtekeningOngeldig),
        ("its own, in another's name", derde, politie.oin, ProblemCode::BronNietEigen),
        ("its own, on what is in force", derde, derde.oin, ProblemCode::VersieStaat),
    ] {
        use Versiehandeling::{Goedkeuren, Intrekken, Simuleren, Testen};
        for (operatie, einde, handeling) in [
            ("POST /beheer/versies/{versie}/toets", "toets", Testen),
            ("POST /beheer/versies/{versie}/simulaties", "simulaties", Simuleren),
            ("POST /beheer/versies/{versie}/goedkeuringen", "goedkeuringen", Goedkeuren),
            ("POST /beheer/versies/{versie}/intrekking", "intrekking", Intrekken),
        ] {
            // Neither its author nor one that approved it.
            let intrekken = handeling == Intrekken && code == ProblemCode::VersieStaat;
            let code = if intrekken { ProblemCode::GeenPartij } else { code };
            let verklaring = daad(handeling, wie, door, geldend);
            let inhoud = match handeling {
                Simuleren => {
                    json!({ "van": "2026-01-02T00:00:00.000Z", "tot": "2026-01-03T00:00:00.000Z", "verklaring": verklaring })
                }
                _ => json!({ "verklaring": verklaring }),
            };
            let pad = format!("/beheer/versies/{geldend}/{einde}");
            let verzoek = Verzoek::new(Method::POST, "beheer", pad).json(&inhoud).gezien("\"1\"");
            alle.push(proef(operatie, wat, code, verzoek, None));
        }
        if code != ProblemCode::VersieStaat {
            let verklaring = daad(Versiehandeling::Indienen, wie, door, digest_of(&bundel).unwrap());
            let inhoud = json!({ "bundel": bundel, "tabellen": [], "verklaring": verklaring });
            let verzoek = Verzoek::new(Method::POST, "beheer", "/beheer/versies".to_owned()).json(&inhoud);
            alle.push(proef("POST /beheer/versies", wat, code, verzoek, None));
        }
    }
    let verklaring = daad(Versiehandeling::Testen, derde, derde.oin, onbekend);
    let pad = format!("/beheer/versies/{onbekend}/toets");
    let verzoek = Verzoek::new(Method::POST, "beheer", pad).json(&json!({ "verklaring": verklaring })).gezien("\"1\"");
    alle.push(proef("POST /beheer/versies/{versie}/toets", "of none", ProblemCode::NietGevonden, verzoek, None));
    alle
}

/// Who the parties are is the covenant's, and every party may see it. Nobody joins or leaves for another.
pub(super) fn partijen(toneel: &Toneel) -> Vec<Proef> {
    let (pki, politie) = (&toneel.regio.pki, slug("politie"));
    // Everyone but the school.
    let gezien = "\"4\"";
    assert_eq!(toneel.regio.toetredingen.len(), 4);
    let convenant: ConvenantId = "voorbeeldregio".parse().unwrap();
    let tekst = toneel.regio.tekst.clone();
    let toetreding = pki.toetreden(&politie, Toetredingsopgave { volgnummer: 2, ..Toetredingsopgave::eerste(tekst, 1) }).unwrap();
    let uittreding = pki.uittreden(&politie, &convenant, SystemClock.now(), 2, Beheerfunctie::Bestuurder).unwrap();
    // The same words under the key of who brings them.
    let zelf = |typ: Typ, jws: &str| {
        let woorden: serde_json::Value = jws::unverified_payload(jws).unwrap();
        jws::sign(&toneel.derde.partner.sleutel, typ, &woorden).unwrap()
    };
    let zelf_toetreding =
        medeonderteken(&pki.beheerdersleutel().unwrap(), zelf(Typ::Toetreding, &toetreding.verklaring), SystemClock.now())
            .unwrap();
    let zelf_uittreding = zelf(Typ::Uittreding, &uittreding);
    let mut alle = Vec::new();
    for (wat, code, toe, uit) in [
        ("another's statement", ProblemCode::BronNietEigen, toetreding, uittreding),
        ("its own, in another's name", ProblemCode::HandtekeningOngeldig, zelf_toetreding, zelf_uittreding),
    ] {
        for (operatie, einde, inhoud) in [
            ("POST /beheer/convenanten/{convenant}/toetredingen", "toetredingen", json!(toe)),
            ("POST /beheer/convenanten/{convenant}/uittredingen", "uittredingen", json!({ "verklaring": uit })),
        ] {
            let pad = format!("/beheer/convenanten/{convenant}/{einde}");
            let verzoek = Verzoek::new(Method::POST, "beheer", pad).json(&inhoud).gezien(gezien);
            alle.push(proef(operatie, wat, code, verzoek, None));
        }
    }
    alle
}
