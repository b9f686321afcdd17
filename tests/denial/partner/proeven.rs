//! Per operation what the third partner tries on another's thing, and the same on nothing.

mod convenant;

use inbreng_domain::{
    BerichtId, CasusRef, Clock, DeelId, Digest, LeveringId, Oin, ProblemCode,
    antwoorden::{Sleutelverzoek, Verklaringverzoek},
    clock::SystemClock,
    envelope::MEDIA_TYPE,
    gids::{Bevriesreden, Bevriezing, Gidsvermelding, Vermelding},
    overzicht::Overzichtverzoek,
    receipts::{Gelezen, Herstelpunt, Nazending, Ontvangst, Toetsoordeel, Toetsuitslag, Weigering, Weigeringscode},
    terugroep::{Herbezorging, Terugroepverzoek},
    toets::{Toetsdeel, Toetsverzoek},
    versie::Beheerfunctie,
    vocabulary::{Categorie, Doel, Toegangswijze},
};
use inbreng_harness::{Antwoord, Brief, Deelnemer, Partner, Stuk, ondertekenen, slug};
use inbreng_proof::{
    Typ, digest_of,
    gids::{sign_bevriezing, verklaring_digest},
    jws, sha256,
};
use reqwest::Method;
use serde::Serialize;
use serde_json::json;

use super::toneel::{Toneel, functie, inzageverzoek, munten};

/// A request about a delivery of a message.
type OverLevering<'a> = &'a dyn Fn(LeveringId, BerichtId) -> Verzoek;
/// A request about a partner's statements.
type OverGids<'a> = &'a dyn Fn(Oin, &Gidsvermelding) -> Verzoek;

/// A request, whole.
#[derive(Debug)]
pub(super) struct Verzoek {
    methode: Method,
    pad: String,
    bereik: &'static str,
    inhoud: Option<(&'static str, Vec<u8>)>,
    gezien: Option<&'static str>,
}

impl Verzoek {
    fn new(methode: Method, bereik: &'static str, pad: String) -> Self {
        Self { methode, pad, bereik, inhoud: None, gezien: None }
    }

    fn json(self, inhoud: &impl Serialize) -> Self {
        Self { inhoud: Some(("application/json", serde_json::to_vec(inhoud).unwrap())), ..self }
    }

    /// Of which the last step was seen.
    fn gezien(self, etag: &'static str) -> Self {
        Self { gezien: Some(etag), ..self }
    }

    pub(super) async fn sturen(self, wie: &Deelnemer) -> Antwoord {
        let token = wie.token(self.bereik).await.unwrap();
        let aanroep = wie.client.aanroep(self.methode, &format!("/v1{}", self.pad)).token(&token);
        let aanroep = match self.gezien {
            Some(etag) => aanroep.kop("if-match", etag),
            None => aanroep,
        };
        let aanroep = match self.inhoud {
            Some((media, bytes)) => aanroep.kop("content-type", media).lijf(bytes),
            None => aanroep,
        };
        Antwoord::lezen(aanroep.sturen().await).await.unwrap()
    }
}

/// One attempt.
#[derive(Debug)]
pub(super) struct Proef {
    /// As the document names it.
    pub(super) operatie: &'static str,
    pub(super) wat: &'static str,
    /// On another's thing.
    pub(super) echt: Verzoek,
    /// The same on what does not exist; absent where there is no such thing.
    pub(super) niets: Option<Verzoek>,
    pub(super) code: ProblemCode,
    /// Whether the attempt itself is logged (R41).
    pub(super) laat_spoor: bool,
}

impl Proef {
    /// Whether the requests go to the operation that the case is named after.
    pub(super) fn is_van_operatie(&self) -> bool {
        let Some((methode, sjabloon)) = self.operatie.split_once(' ') else { return false };
        [Some(&self.echt), self.niets.as_ref()].into_iter().flatten().all(|verzoek| {
            let (stukken, vorm): (Vec<_>, Vec<_>) = (verzoek.pad.split('/').collect(), sjabloon.split('/').collect());
            let past = |(stuk, vorm): (&&str, &&str)| vorm.starts_with('{') || stuk == vorm;
            verzoek.methode == methode && stukken.len() == vorm.len() && stukken.iter().zip(&vorm).all(past)
        })
    }

    fn met_spoor(self) -> Self {
        Self { laat_spoor: true, ..self }
    }
}

fn proef(operatie: &'static str, wat: &'static str, code: ProblemCode, echt: Verzoek, niets: Option<Verzoek>) -> Proef {
    Proef { operatie, wat, echt, niets, code, laat_spoor: false }
}

/// All of them, made now.
pub(super) fn proeven(toneel: &Toneel) -> Vec<Proef> {
    let mut alle = vec![status(toneel)];
    alle.extend(toets_achteraf(toneel));
    alle.extend(toegang(toneel));
    alle.extend(leveringen(toneel));
    alle.extend(inzage(toneel));
    alle.extend(overzicht(toneel));
    alle.extend(gids(toneel));
    alle.extend(terugroep(toneel));
    alle.extend(herbezorgen(toneel));
    alle.extend(berichten(toneel));
    alle.extend(toetsen(toneel));
    alle.extend(convenant::versies(toneel));
    alle.extend(convenant::partijen(toneel));
    alle.extend(nazending(toneel));
    alle
}

fn status(toneel: &Toneel) -> Proef {
    let verzoek = |id: BerichtId| Verzoek::new(Method::GET, "berichten", format!("/berichten/{id}"));
    let (echt, niets) = (verzoek(toneel.brief.id), verzoek(munten(BerichtId::mint)));
    proef("GET /berichten/{id}", "of another", ProblemCode::NietGevonden, echt, Some(niets))
}

/// A further recipient for another's part: itself, by its own word and by the owner's.
fn toegang(toneel: &Toneel) -> Vec<Proef> {
    let (derde, politie) = (&toneel.derde.partner, &toneel.politie.partner);
    let poging = |wat, wie: &Partner, deel: DeelId| {
        let verzoek = |deel: DeelId| {
            let wrap = json!({
                "header": { "kid": "a".repeat(43), "epk": { "kty": "EC", "crv": "P-256", "x": "a".repeat(43), "y": "a".repeat(43) } },
                "encrypted_key": "a".repeat(54),
            });
            let verklaring = json!({
                "deel": deel, "inhoud": Digest::from_bytes([1; 32]), "ontvanger": derde.oin, "sleutel": "a".repeat(43),
                "wrap": digest_of(&wrap).unwrap(), "wijze": "meegeleverd", "doel": "beoordelen", "gebruik": [], "genoemd": "nee",
            });
            let verklaring = jws::sign(&wie.sleutel, Typ::Toegang, &verklaring).unwrap();
            let verzoek = json!({ "wrap": wrap, "toegang": { "oin": derde.oin, "verklaring": verklaring } });
            Verzoek::new(Method::POST, "berichten", format!("/delen/{deel}/toegang")).json(&verzoek)
        };
        let (echt, niets) = (verzoek(deel), verzoek(munten(DeelId::mint)));
        proef("POST /delen/{id}/toegang", wat, ProblemCode::NietGevonden, echt, Some(niets))
    };
    vec![
        poging("of another's part, to itself", derde, toneel.gewoon_deel()),
        poging("of another's view-only part, to itself", derde, toneel.inzagedeel()),
        poging("of another's part, by its owner's word", politie, toneel.gewoon_deel()),
    ]
}

/// A review of another's message: as itself, and in the sender's name.
fn toets_achteraf(toneel: &Toneel) -> Vec<Proef> {
    let (derde, politie) = (&toneel.derde.partner, &toneel.politie.partner);
    let poging = |wat, wie: &Partner, organisatie: Oin, code| {
        let verzoek = |bericht: BerichtId| {
            let tijd = SystemClock.now();
            let uitslag = Toetsuitslag { bericht, oordeel: Toetsoordeel::Terecht, organisatie, functie: functie(), tijd };
            let verklaring = jws::sign(&wie.sleutel, Typ::Toetsuitslag, &uitslag).unwrap();
            let pad = format!("/berichten/{bericht}/toets-achteraf");
            Verzoek::new(Method::POST, "berichten", pad).json(&Verklaringverzoek { verklaring })
        };
        let (echt, niets) = (verzoek(toneel.brief.id), verzoek(munten(BerichtId::mint)));
        proef("POST /berichten/{id}/toets-achteraf", wat, code, echt, Some(niets))
    };
    vec![
        poging("of another's message", derde, derde.oin, ProblemCode::NietGevonden),
        poging("in the sender's name", derde, politie.oin, ProblemCode::NietGelijk),
        poging("the sender's own statement", politie, politie.oin, ProblemCode::HandtekeningOngeldig),
    ]
}

/// Whose signature, in whose name, and what comes of it.
fn stemmen(toneel: &Toneel) -> [(&'static str, &Partner, Oin, ProblemCode); 3] {
    let (derde, vt) = (&toneel.derde.partner, &toneel.vt.partner);
    [
        ("its own statement", derde, derde.oin, ProblemCode::NietGevonden),
        ("its own, in the recipient's name", derde, vt.oin, ProblemCode::NietGelijk),
        ("the recipient's own statement", vt, vt.oin, ProblemCode::HandtekeningOngeldig),
    ]
}

fn verklaring(pad: String, jws: String) -> Verzoek {
    Verzoek::new(Method::POST, "postvak", pad).json(&Verklaringverzoek { verklaring: jws })
}

fn leveringen(toneel: &Toneel) -> Vec<Proef> {
    let mut alle = Vec::new();
    let tijd = SystemClock.now();
    let data = &toneel.levering["bericht"]["data"];
    let digest = digest_of(&data["bericht"]).unwrap();
    let delen: Vec<DeelId> =
        data["delen"].as_array().unwrap().iter().map(|d| serde_json::from_value(d["labels"]["id"].clone()).unwrap()).collect();
    for (wat, wie, ontvanger, code) in stemmen(toneel) {
        let ontvangst = |levering: LeveringId, bericht: BerichtId| {
            let woord = Ontvangst { levering, bericht, digest, delen: delen.clone(), ontvanger, tijd };
            let jws = jws::sign(&wie.sleutel, Typ::Ontvangst, &woord).unwrap();
            verklaring(format!("/leveringen/{levering}/ontvangst"), jws)
        };
        let gelezen = |levering: LeveringId, _: BerichtId| {
            let woord = Gelezen { levering, functie: functie(), ontvanger, tijd };
            let jws = jws::sign(&wie.sleutel, Typ::Gelezen, &woord).unwrap();
            verklaring(format!("/leveringen/{levering}/gelezen"), jws)
        };
        let weigering = |levering: LeveringId, bericht: BerichtId| {
            let digest = Some(digest);
            let woord = Weigering { levering, bericht, digest, code: Weigeringscode::NietVoorOns, ontvanger, tijd };
            let jws = jws::sign(&wie.sleutel, Typ::Weigering, &woord).unwrap();
            verklaring(format!("/leveringen/{levering}/weigering"), jws)
        };
        let soorten: [(&'static str, OverLevering<'_>); 3] = [
            ("POST /leveringen/{id}/ontvangst", &ontvangst),
            ("POST /leveringen/{id}/gelezen", &gelezen),
            ("POST /leveringen/{id}/weigering", &weigering),
        ];
        for (operatie, verzoek) in soorten {
            let echt = verzoek(toneel.leveringnummer(), toneel.brief.id);
            // The right delivery under a wrong message is no clue either; nor is a wrong delivery under the right one.
            let scheef = verzoek(toneel.leveringnummer(), munten(BerichtId::mint));
            let niets = || Some(verzoek(munten(LeveringId::mint), munten(BerichtId::mint)));
            alle.push(proef(operatie, wat, code, echt, niets()));
            alle.push(proef(operatie, wat, code, scheef, niets()));
            let half = verzoek(munten(LeveringId::mint), toneel.brief.id);
            alle.push(proef(operatie, wat, code, half, niets()));
        }
    }
    alle
}

fn inzage(toneel: &Toneel) -> Vec<Proef> {
    let mut alle = Vec::new();
    for (wat, wie, ontvanger, code) in stemmen(toneel) {
        let verzoek = |deel: DeelId| verklaring(format!("/delen/{deel}/inzage"), inzageverzoek(wie, ontvanger, deel));
        for deel in [toneel.inzagedeel(), toneel.gewoon_deel()] {
            let proef = proef("POST /delen/{id}/inzage", wat, code, verzoek(deel), Some(verzoek(munten(DeelId::mint))));
            // A reading that was asked is logged, whether there is something to read or not.
            alle.push(if code == ProblemCode::NietGevonden { proef.met_spoor() } else { proef });
        }
    }
    alle
}

/// What was shared about a person in another's case: as itself, and in the name of who answers for it.
fn overzicht(toneel: &Toneel) -> Vec<Proef> {
    let mut alle = Vec::new();
    for (wat, wie, organisatie, code) in stemmen(toneel) {
        let verzoek = |brief: &Brief| {
            let verzoek = Overzichtverzoek {
                verzoek: munten(BerichtId::mint),
                casus: brief.casus.unwrap(),
                persoon: brief.delen[0].betrokkenen[0],
                convenant: "voorbeeldregio".parse().unwrap(),
                gevraagd_op: "2026-01-02".parse().unwrap(),
                organisatie,
                functie: functie(),
                tijd: SystemClock.now(),
                na: None,
            };
            let verklaring = jws::sign(&wie.sleutel, Typ::Overzicht, &verzoek).unwrap();
            Verzoek::new(Method::POST, "berichten", "/overzichten".to_owned()).json(&Verklaringverzoek { verklaring })
        };
        let (echt, niets) = (verzoek(&toneel.brief), verzoek(&toneel.nooit_verzonden()));
        let proef = proef("POST /overzichten", wat, code, echt, Some(niets));
        // That it was asked is logged, whether there is something to tell or not.
        alle.push(if code == ProblemCode::NietGevonden { proef.met_spoor() } else { proef });
    }
    alle
}

/// The directory is open to all partners, so that another exists is no secret; still nothing is told beyond whose it is.
fn gids(toneel: &Toneel) -> Vec<Proef> {
    let van = |naam: &str| toneel.regio.pki.gidsvermelding(&slug(naam)).unwrap();
    let (van_vt, eigen) = (van("veilig-thuis"), van("om"));
    let (vt, derde) = (toneel.vt.partner.oin, toneel.derde.partner.oin);
    let niemand = Oin::parse("00000099000000999000").unwrap();
    let vermelding = |oin: Oin, gids: &Gidsvermelding| {
        Verzoek::new(Method::PUT, "gids", format!("/partners/{oin}/vermelding")).json(&gids.vermelding)
    };
    let sleutels = |oin: Oin, gids: &Gidsvermelding| {
        let verzoek = Sleutelverzoek { sleutels: gids.sleutels.clone() };
        Verzoek::new(Method::PUT, "gids", format!("/partners/{oin}/sleutels")).json(&verzoek)
    };
    let soorten: [(&'static str, OverGids<'_>, ProblemCode); 2] = [
        ("PUT /partners/{oin}/vermelding", &vermelding, ProblemCode::BronNietEigen),
        ("PUT /partners/{oin}/sleutels", &sleutels, ProblemCode::HandtekeningOngeldig),
    ];
    let mut alle = Vec::new();
    for (operatie, verzoek, onder_eigen_naam) in soorten {
        let bron = ProblemCode::BronNietEigen;
        for (wat, gids) in [("the other's own statement", &van_vt), ("its own statement", &eigen)] {
            alle.push(proef(operatie, wat, bron, verzoek(vt, gids), Some(verzoek(niemand, gids))));
        }
        alle.push(proef(operatie, "the other's, as its own", onder_eigen_naam, verzoek(derde, &van_vt), None));
    }
    alle.extend(bevriezing(toneel));
    alle
}

/// Nobody freezes another's key, with the other's own word or with its own; nor one that it does not have.
fn bevriezing(toneel: &Toneel) -> Vec<Proef> {
    const POST: &str = "POST /partners/{oin}/bevriezingen";
    let (vt, derde) = (&toneel.vt.partner, &toneel.derde.partner);
    let niemand = Oin::parse("00000099000000999000").unwrap();
    let gids = toneel.regio.pki.gidsvermelding(&slug("veilig-thuis")).unwrap();
    let laatste = verklaring_digest(&gids.sleutels[0].verklaring);
    let woord = |naam: &str, van: &Partner, over: Oin| {
        let gids = toneel.regio.pki.gidsvermelding(&slug(naam)).unwrap();
        let vermelding: Vermelding = jws::unverified_payload(&gids.vermelding.verklaring).unwrap();
        let bevriezing = Bevriezing {
            oin: over,
            kid: vt.zegel.kid().to_owned(),
            laatste,
            reden: Bevriesreden::Gelekt,
            certificaten: vermelding.certificaten,
            tijd: SystemClock.now(),
        };
        sign_bevriezing(&van.sleutel, &bevriezing).unwrap()
    };
    let post = |oin: Oin, verklaring: String| {
        Verzoek::new(Method::POST, "gids", format!("/partners/{oin}/bevriezingen")).json(&Verklaringverzoek { verklaring })
    };
    let (van_vt, eigen) = (woord("veilig-thuis", vt, vt.oin), woord("om", derde, vt.oin));
    let naamloos = ProblemCode::NietGevonden;
    vec![
        proef(POST, "with the other's own word", ProblemCode::BronNietEigen, post(vt.oin, van_vt.clone()), None),
        proef(
            POST,
            "with its own word",
            ProblemCode::HandtekeningOngeldig,
            post(vt.oin, eigen.clone()),
            Some(post(niemand, eigen)),
        ),
        proef(POST, "the other's, as its own", ProblemCode::NietGelijk, post(derde.oin, van_vt), None),
        proef(POST, "a key that it does not have", naamloos, post(derde.oin, woord("om", derde, derde.oin)), None),
    ]
}

/// Where another's deliveries are brought is that other's alone, to see and to say.
fn terugroep(toneel: &Toneel) -> Vec<Proef> {
    const PUT: &str = "PUT /partners/{oin}/terugroep";
    let van = |naam: &str| toneel.regio.pki.terugroep(&slug(naam), 1, None).unwrap();
    let (van_vt, eigen) = (van("veilig-thuis"), van("om"));
    let (vt, derde) = (toneel.vt.partner.oin, toneel.derde.partner.oin);
    let niemand = Oin::parse("00000099000000999000").unwrap();
    let pad = |oin: Oin| format!("/partners/{oin}/terugroep");
    let put = |oin: Oin, wat: &Terugroepverzoek| Verzoek::new(Method::PUT, "gids", pad(oin)).json(wat);
    let get = |oin: Oin| Verzoek::new(Method::GET, "gids", pad(oin));
    let bron = ProblemCode::BronNietEigen;
    vec![
        proef("GET /partners/{oin}/terugroep", "of another", bron, get(vt), Some(get(niemand))),
        proef(PUT, "the other's own statement", bron, put(vt, &van_vt), Some(put(niemand, &van_vt))),
        proef(PUT, "its own statement", bron, put(vt, &eigen), Some(put(niemand, &eigen))),
        proef(PUT, "the other's, as its own", ProblemCode::HandtekeningOngeldig, put(derde, &van_vt), None),
    ]
}

/// Nobody opens a hub in another's name, and of a hub that was never put back there is nothing to open.
fn nazending(toneel: &Toneel) -> Vec<Proef> {
    let (derde, vt) = (&toneel.derde.partner, &toneel.vt.partner);
    let tijd = SystemClock.now();
    let hersteld = Herstelpunt { omvang: 1, wortel: sha256(b"kopie"), tot: tijd, op: tijd };
    let hub = toneel.regio.knooppunt();
    let verzoek = |wie: &Partner| {
        let nazending = Nazending { hub, partner: wie.oin, hersteld: hersteld.clone(), tijd };
        let verklaring = jws::sign(&wie.sleutel, Typ::Nazending, &nazending).unwrap();
        Verzoek::new(Method::POST, "logboek", "/logboek/nazending".to_owned()).json(&Verklaringverzoek { verklaring })
    };
    const POST: &str = "POST /logboek/nazending";
    vec![
        proef(POST, "its own word, of no restoration", ProblemCode::NietGevonden, verzoek(derde), None),
        proef(POST, "another's word", ProblemCode::HandtekeningOngeldig, verzoek(vt), None),
    ]
}

/// Another's dead letter is none.
fn herbezorgen(toneel: &Toneel) -> Vec<Proef> {
    let (derde, vt) = (&toneel.derde.partner, &toneel.vt.partner);
    let tijd = SystemClock.now();
    let mut alle = Vec::new();
    for (wat, wie, door, code) in [
        ("its own act", derde, derde.oin, ProblemCode::NietGevonden),
        ("its own, in the recipient's name", derde, vt.oin, ProblemCode::BronNietEigen),
        ("the recipient's own act", vt, vt.oin, ProblemCode::HandtekeningOngeldig),
    ] {
        let verzoek = |levering: LeveringId| {
            let daad = Herbezorging { levering, door, functie: Beheerfunctie::Fg, tijd };
            let verklaring = jws::sign(&wie.sleutel, Typ::Herbezorging, &daad).unwrap();
            Verzoek::new(Method::POST, "beheer", format!("/beheer/dode-letters/{levering}/opnieuw"))
                .json(&Verklaringverzoek { verklaring })
        };
        let (echt, niets) = (verzoek(toneel.leveringnummer()), verzoek(munten(LeveringId::mint)));
        alle.push(proef("POST /beheer/dode-letters/{id}/opnieuw", wat, code, echt, Some(niets)));
    }
    alle
}

fn bericht(bytes: Vec<u8>) -> Verzoek {
    Verzoek { inhoud: Some((MEDIA_TYPE, bytes)), ..Verzoek::new(Method::POST, "berichten", "/berichten".to_owned()) }
}

fn berichten(toneel: &Toneel) -> Vec<Proef> {
    const POST: &str = "POST /berichten";
    // Another's message: as it was sent, and signed again with one's own key.
    let herhaald = |brief: &Brief| bericht(brief.bytes());
    let nagetekend = |brief: &Brief| {
        let mut envelop = brief.envelop();
        ondertekenen(&mut envelop, &toneel.derde.partner.sleutel);
        bericht(serde_json::to_vec(&envelop).unwrap())
    };
    let nieuw = toneel.nooit_verzonden();
    let bron = ProblemCode::BronNietEigen;
    let mut alle = vec![
        proef(POST, "another's, replayed", bron, herhaald(&toneel.brief), Some(herhaald(&nieuw))),
        proef(POST, "another's, signed by itself", bron, nagetekend(&toneel.brief), Some(nagetekend(&nieuw))),
    ];
    // Its own message in another's case.
    for (wat, code, eigen) in in_zaak() {
        let echt = bericht(eigen(toneel, &toneel.brief).bytes());
        let niets = bericht(eigen(toneel, &nieuw).bytes());
        alle.push(proef(POST, wat, code, echt, Some(niets)).met_spoor());
    }
    alle
}

type Maken = fn(&Toneel, &Brief) -> Brief;

/// What a partner that takes no part can try on a case: open it again, go on in it, answer in it.
fn in_zaak() -> [(&'static str, ProblemCode, Maken); 4] {
    let openen: Maken = |toneel, van| Brief { casus: van.casus, ..toneel.eigen_brief() };
    let met_opening: Maken = |toneel, van| Brief { casus: van.casus, opening: van.opening, ..toneel.eigen_brief() };
    let verder: Maken = |toneel, van| {
        let vt = &toneel.vt.partner;
        let stuk = Stuk::new(Categorie::Straf, Doel::Plan, json!({"soort": "straf"}), &[vt]);
        Brief {
            casus: van.casus,
            verklaring: json!({"soort": "zitting", "op": "2027-01-14"}),
            ..Brief::new(&toneel.regio, &toneel.derde.partner, "strafproces-gebeurtenis").aan(&[vt]).met(stuk)
        }
    };
    let antwoorden: Maken = |toneel, van| antwoord(toneel, van.casus, van.id);
    [
        ("opens it", ProblemCode::NietToegestaan, openen),
        ("opens it with the nonce of who did", ProblemCode::CasusOngeldig, met_opening),
        ("goes on in it", ProblemCode::NietToegestaan, verder),
        ("answers its message", ProblemCode::NietToegestaan, antwoorden),
    ]
}

/// An answer to this message, in this case.
fn antwoord(toneel: &Toneel, casus: Option<CasusRef>, op: BerichtId) -> Brief {
    let politie = &toneel.politie.partner;
    let stuk = Stuk::new(Categorie::Status, Doel::Beoordelen, json!({"soort": "status"}), &[politie]);
    Brief {
        casus,
        antwoord_op: Some(op),
        verklaring: json!({"uitkomst": "onderzoek"}),
        ..Brief::new(&toneel.regio, &toneel.derde.partner, "triagebesluit").aan(&[politie]).met(stuk)
    }
}

/// Answers to another's message and to none, in a case in which the third partner does take part.
pub(super) fn antwoorden_uit_eigen_zaak(toneel: &Toneel, casus: Option<CasusRef>) -> Vec<Proef> {
    let (op_echt, op_niets) = (antwoord(toneel, casus, toneel.brief.id), antwoord(toneel, casus, munten(BerichtId::mint)));
    let code = ProblemCode::NietGelijk;
    vec![
        proef("POST /berichten", "answers another's", code, bericht(op_echt.bytes()), Some(bericht(op_niets.bytes()))),
        proef("POST /toetsen", "answers another's", code, vraag(&op_echt), Some(vraag(&op_niets))),
    ]
}

fn vraag(brief: &Brief) -> Verzoek {
    let deel = |stuk: &Stuk| Toetsdeel {
        labels: brief.labels(stuk),
        ontvangers: Vec::new(),
        wijze: Toegangswijze::Meegeleverd,
        genoemd: false,
    };
    let vraag = Toetsverzoek {
        berichttype: brief.berichttype.clone(),
        variant: brief.variant.clone(),
        casus: brief.casus,
        opening: brief.opening,
        urgentie: brief.urgentie,
        antwoord_op: brief.antwoord_op,
        convenant: "voorbeeldregio".parse().unwrap(),
        gemeente: brief.gemeente,
        geadresseerden: brief.geadresseerden.clone(),
        verklaring: brief.verklaring.clone(),
        delen: brief.delen.iter().map(deel).collect(),
    };
    Verzoek::new(Method::POST, "berichten", "/toetsen".to_owned()).json(&vraag)
}

fn toetsen(toneel: &Toneel) -> Vec<Proef> {
    let nieuw = toneel.nooit_verzonden();
    let pogingen = in_zaak();
    let pogingen = pogingen.into_iter().map(|(wat, code, eigen)| {
        let (echt, niets) = (vraag(&eigen(toneel, &toneel.brief)), vraag(&eigen(toneel, &nieuw)));
        proef("POST /toetsen", wat, code, echt, Some(niets)).met_spoor()
    });
    pogingen.collect()
}
