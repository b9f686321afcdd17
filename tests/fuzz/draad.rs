//! What is fuzzed of the wire: each takes any bytes and must neither panic nor take for signed what nobody signed.

use std::sync::LazyLock;

use inbreng_adapter::{
    engine::Binnenkomst,
    hub::Tokenantwoord,
    sealing::{openen, terughalen},
};
use inbreng_domain::{
    BerichtId, CasusRef, Clock, Code, ConvenantId, Datum, Deel, DeelId, Digest, Geadresseerde, GemeenteCode, LeveringId, Oin,
    Opening, PersoonRef, RegelId, Tijdstip, TypeNaam,
    antwoorden::{
        Aannameantwoord, Checkpointantwoord, Convenanten, Insluitingsbewijs, Inzageantwoord, Partners, Plichten, Samenhangbewijs,
        Statusantwoord,
    },
    clock::SystemClock,
    envelope::Envelope,
    gids::{Gidsvermelding, Medeondertekend},
    levering::Postvak,
    limits::Limits,
    problem::Problem,
    receipts::{Checkpoint, Ontvangst, Weigering, Weigeringscode},
    toets::{Toetsantwoord, Toetsverzoek},
    vocabulary::Doel,
};
use inbreng_harness::{Brief, Partner, Regio, Stuk};
use inbreng_pipeline::{
    Narekening,
    bezorgen::Antwoord,
    logexport::{self, Exportfout},
};
use inbreng_proof::{
    Anchors, Gids, SystemRandomness, Typ, VerifyingKey, bericht,
    blad::{OVERGANG, Overgang, Soortenreeks, blad_hash, hash_zonder_soort, kern},
    canonical::{CanonicalText, canonical, canonical_string},
    certificate::{oin_of, p256_point, thumbprint},
    jwe::check_jwe_shape,
    jws, parse_strict,
    partijen::{verify_toetreding, verify_uittreding},
};
use inbreng_storage::Blad;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A message with its keys, and the region around it.
pub struct Zending {
    pub regio: Regio,
    pub politie: Partner,
    pub vt: Partner,
    pub brief: Brief,
    /// As it was sealed and signed.
    pub envelop: Value,
    anchors: Anchors,
    beheerder: VerifyingKey,
    nu: Tijdstip,
}

fn lezen(regio: &Regio, naam: &str) -> String {
    std::fs::read_to_string(regio.pki.dir().join(naam)).expect("a file of the PKI")
}

fn der(pem: &str) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate of the PKI").to_vec()
}

pub static ZENDING: LazyLock<Zending> = LazyLock::new(|| {
    let regio = Regio::maken();
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| regio.partner(naam));
    let doel = Doel::Beoordelen;
    let brief = Brief::incidentmelding(&regio, &politie, &vt, "Er was ruzie.")
        .met(Stuk::persoon(doel, "Testpersoon Appel", "999990019", "Voorbeeldstraat", &[&vt]))
        .met(Stuk::incident(doel, "Weer.", &[&vt]).alleen_inzien());
    let envelop = serde_json::to_value(brief.envelop()).expect("a message");
    let anchors = Anchors::from_pem(&lezen(&regio, "root.pem"), &lezen(&regio, "tussen.pem"), &lezen(&regio, "crl.pem"));
    let beheerder = VerifyingKey::from_certificate_der(&der(&lezen(&regio, "convenantbeheerder/ondertekening.pem")));
    let (anchors, beheerder) = (anchors.expect("the region's authorities"), beheerder.expect("the covenant manager"));
    Zending { regio, politie, vt, brief, envelop, anchors, beheerder, nu: SystemClock.now() }
});

/// A log with real leaves, and the head that someone kept of it.
struct Logboek {
    bladen: Vec<Blad>,
    kop: Checkpoint,
}

/// Seven leaves: in one log of the form that covers the kind, in the other three of before it and the leaf that begins it.
static LOGBOEKEN: LazyLock<[Logboek; 2]> = LazyLock::new(|| [0, 3].map(logboek));

fn logboek(oud: u8) -> Logboek {
    let delen = ZENDING.delen().into_iter().cycle().take(7).map(|d| String::from_utf8(d).expect("JSON is text"));
    let (mut bladen, mut soorten) = (Vec::new(), Soortenreeks::nieuw());
    for (nr, deel) in (0_u8..).zip(delen) {
        let begint = nr == oud && oud > 0;
        let overgang = Overgang { soorten: soorten.digest(), vanaf: nr.into() };
        let record = if begint { canonical_string(&overgang).expect("a record") } else { deel };
        let soort = if begint { OVERGANG } else { ["bericht", "herstel"][usize::from(nr % 2)] };
        let (zout, tijd) = ([nr; 32], Tijdstip::from_unix_millis(1_795_000_000_000 + i64::from(nr)));
        let hash =
            if nr < oud { hash_zonder_soort(&zout, record.as_bytes()) } else { blad_hash(soort, tijd, &zout, record.as_bytes()) };
        soorten.bij(soort, tijd);
        bladen.push(Blad { index: nr.into(), soort: Code::parse(soort).expect("a kind"), tijd, record, zout, hash });
    }
    let omvang = bladen.len() as u64;
    let mut narekening = Narekening::default();
    narekening.bladen(&bladen).expect("a real log holds");
    let wortel = narekening.wortel().expect("a real log holds");
    let kop = Checkpoint { hub: ZENDING.vt.oin, omvang, wortel, tijd: ZENDING.nu, soort_vanaf: Some(oud.into()), hersteld: None };
    Logboek { bladen, kop }
}

/// Words that the recipient signed of one delivery.
static WOORDEN: LazyLock<Vec<(Typ, String)>> = LazyLock::new(|| {
    let (bericht, levering) = (ZENDING.brief.id, LeveringId::mint(ZENDING.nu, &SystemRandomness));
    let (digest, ontvanger, tijd) = (Digest::from_bytes([3; 32]), ZENDING.vt.oin, ZENDING.nu);
    let delen = ZENDING.brief.delen.iter().map(|d| d.id).collect();
    let ontvangst = Ontvangst { levering, bericht, digest, delen, ontvanger, tijd };
    let code = Weigeringscode::NietVoorOns;
    let weigering = Weigering { levering, bericht, digest: Some(digest), code, ontvanger, tijd };
    let teken = |typ, woord: Value| (typ, jws::sign(&ZENDING.vt.sleutel, typ, &woord).expect("a signature"));
    let woord = |w: Result<Value, serde_json::Error>| w.expect("a word can be written");
    vec![
        teken(Typ::Ontvangst, woord(serde_json::to_value(ontvangst))),
        teken(Typ::Weigering, woord(serde_json::to_value(weigering))),
    ]
});

impl Zending {
    /// The bytes that are sent.
    pub fn bytes(&self) -> Vec<u8> {
        self.envelop.to_string().into_bytes()
    }

    pub fn delen(&self) -> Vec<Vec<u8>> {
        self.envelop["data"]["delen"].as_array().expect("parts").iter().map(|d| d.to_string().into_bytes()).collect()
    }

    /// A statement of each kind that goes along with a message.
    pub fn verklaringen(&self) -> Vec<Vec<u8>> {
        let deel = &self.envelop["data"]["delen"][0];
        let bundel = std::fs::read_to_string(self.regio.pad("voorbeeldregio.jws")).expect("the policy");
        let teksten = [deel["eigenaarsbewijs"].as_str(), deel["toegang"][0]["verklaring"].as_str(), Some(bundel.trim())];
        teksten.map(|t| t.expect("a statement").as_bytes().to_vec()).to_vec()
    }

    pub fn certificaten(&self) -> Vec<Vec<u8>> {
        ["ondertekening.pem", "tls.pem"].map(|naam| der(&lezen(&self.regio, &format!("partners/politie/{naam}")))).to_vec()
    }

    /// Roots, intermediates and lists as text.
    pub fn ankers(&self) -> Vec<Vec<u8>> {
        let alle = ["root.pem", "tussen.pem", "crl.pem"].map(|naam| lezen(&self.regio, naam));
        let samen = alle.concat().into_bytes();
        alle.map(String::into_bytes).into_iter().chain([samen]).collect()
    }

    /// What the first parties signed.
    pub fn toetredingen(&self) -> Vec<Medeondertekend> {
        let tekst = std::fs::read_to_string(self.regio.pad("toetredingen.json")).expect("what parties signed");
        serde_json::from_str(&tekst).expect("statements")
    }

    /// Logs whose leaves tell of this message, one line each.
    pub fn logboeken(&self) -> Vec<Vec<u8>> {
        let schrijven = |log: &Logboek| {
            let mut uit = Vec::new();
            log.bladen.iter().for_each(|blad| logexport::schrijven(&mut uit, blad.clone()).expect("memory takes all"));
            uit
        };
        LOGBOEKEN.iter().map(schrijven).collect()
    }

    /// What the recipient signs of a delivery, as it may come back in its answer: a status, a pause and the body.
    pub fn bezorgantwoorden(&self) -> Vec<Vec<u8>> {
        let woorden = WOORDEN.iter().map(|(_, jws)| serde_json::json!({ "verklaring": jws }).to_string());
        woorden.map(|w| format!("200 \n{w}").into_bytes()).chain([b"503 120\n".to_vec(), b"204 \n".to_vec()]).collect()
    }

    /// The message as a hub delivers it, as its type is or as another of which more is read.
    pub fn leveringen(&self) -> Vec<Vec<u8>> {
        let een = |soort: &str, verklaring: Value| {
            let mut bericht = self.envelop.clone();
            if let Some(data) = bericht["data"].as_object_mut() {
                drop(data.remove("kop"));
            }
            let berichttype = Value::from(format!("nl.inbreng.{soort}.v1"));
            bericht["type"] = berichttype.clone();
            bericht["data"]["bericht"]["type"] = berichttype;
            bericht["data"]["bericht"]["verklaring"] = verklaring;
            let id = LeveringId::mint(self.nu, &SystemRandomness);
            serde_json::json!({"id": id, "aangenomenOp": self.nu, "baan": "normaal", "bericht": bericht, "besluiten": []})
                .to_string()
                .into_bytes()
        };
        let over = serde_json::json!({"bericht": self.brief.id, "soort": "zienswijze", "reden": "onjuist"});
        ["incidentmelding", "intrekking", "rectificatie", "toestemming-ingetrokken"]
            .map(|soort| een(soort, over.clone()))
            .to_vec()
    }

    pub fn gids(&self) -> Vec<u8> {
        lezen(&self.regio, "gids.json").into_bytes()
    }
}

fn diepte() -> usize {
    Limits::default().nesting
}

/// Strict JSON: two readers agree on what it is, on its canonical form, and with an ordinary reader.
pub fn json(bytes: &[u8]) {
    let (strikt, tekst) = (parse_strict(bytes, diepte()), CanonicalText::parse(bytes, diepte()));
    assert_eq!(strikt.is_ok(), tekst.is_ok(), "{strikt:?}");
    let (Ok(waarde), Ok(tekst)) = (strikt, tekst) else { return };
    let vorm = canonical(&waarde).expect("strict values have a canonical form");
    assert_eq!(tekst.as_str().as_bytes(), vorm);
    assert_eq!(parse_strict(&vorm, diepte()).expect("a canonical form is strict"), waarde);
    assert!(CanonicalText::read(&vorm, diepte()).is_some());
    assert_eq!(serde_json::from_slice::<Value>(bytes).expect("strict JSON is JSON"), waarde);
}

/// Read into a type and written again: the second time nothing changes any more.
fn heen_en_weer<T: Serialize + DeserializeOwned>(waarde: &Value) -> Option<T> {
    let een: T = serde_json::from_value(waarde.clone()).ok()?;
    let geschreven = serde_json::to_value(&een).expect("what was read can be written");
    let twee: T = serde_json::from_value(geschreven.clone()).expect("what was written can be read");
    assert_eq!(serde_json::to_value(&twee).expect("written"), geschreven);
    Some(een)
}

fn zelfde(een: &Value, twee: &Value) -> bool {
    matches!((canonical(een), canonical(twee)), (Ok(een), Ok(twee)) if een == twee)
}

/// A message: unreadable, or nothing in it verifies but what the sender signed.
pub fn envelop(bytes: &[u8]) {
    let Ok(waarde) = parse_strict(bytes, diepte()) else { return };
    let Some(gelezen) = heen_en_weer::<Envelope>(&waarde) else { return };
    let (data, echt, sleutel) = (&waarde["data"], &ZENDING.envelop["data"], ZENDING.politie.publiek());
    if bericht::verify_bericht(&data["bericht"], sleutel).is_ok() {
        assert!(zelfde(&data["bericht"], &echt["bericht"]), "{}", data["bericht"]);
    }
    if bericht::verify_kop(&data["kop"], sleutel).is_ok() {
        assert!(zelfde(&data["kop"], &echt["kop"]), "{}", data["kop"]);
    }
    let delen = data["delen"].as_array().expect("an envelope has parts");
    let samen = bericht::check_samenhang(&gelezen.data.kop, &data["bericht"], delen).is_ok();
    if samen && zelfde(&data["kop"], &echt["kop"]) {
        assert!(zelfde(data, echt), "{data}");
    }
}

/// A part: unreadable, refused, or exactly the text that its owner sealed.
pub fn deel(bytes: &[u8]) {
    let Ok(waarde) = parse_strict(bytes, diepte()) else { return };
    let Some(deel) = heen_en_weer::<Deel>(&waarde) else { return };
    let _shape = check_jwe_shape(&deel.inhoud);
    let eigenaar = ZENDING.politie.publiek();
    if let Ok(geopend) = openen(&deel, ZENDING.vt.oin, std::slice::from_ref(&ZENDING.vt.zegel), eigenaar) {
        let stuk = ZENDING.brief.delen.iter().find(|s| s.id == deel.labels.id).expect("a part of this message");
        assert_eq!(geopend.inhoud.waarde().expect("content"), stuk.inhoud);
    }
}

/// A statement: refused under every use, or what was signed.
pub fn verklaring(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    let beheerder = &ZENDING.beheerder;
    for sleutel in [ZENDING.politie.publiek(), beheerder] {
        for typ in Typ::ALL {
            let Ok(inhoud) = jws::verify::<Value>(tekst, *typ, sleutel) else { continue };
            let echt = ZENDING.verklaringen();
            let mut echt = echt.iter().map(|e| std::str::from_utf8(e).expect("text"));
            assert!(echt.any(|e| jws::unverified_payload::<Value>(e).is_ok_and(|p| p == inhoud)), "{inhoud}");
            assert!(jws::names_signer(tekst, *typ, sleutel.kid()));
        }
    }
    drop((jws::unverified_payload::<Value>(tekst), jws::unverified_kid(tekst)));
}

/// A certificate: refused, or one that the authority made.
pub fn certificaat(bytes: &[u8]) {
    drop((oin_of(bytes), p256_point(bytes), thumbprint(bytes), VerifyingKey::from_certificate_der(bytes)));
    let anchors = &ZENDING.anchors;
    let _unknown = (anchors.is_revoked(bytes), anchors.check_revocation(bytes, ZENDING.nu));
    let keten = [bytes.to_vec(), der(&lezen(&ZENDING.regio, "tussen.pem"))];
    if anchors.signing_certificate(&keten, ZENDING.nu).is_ok() {
        assert!(ZENDING.certificaten().iter().any(|echt| echt == bytes), "a certificate that nobody issued");
    }
}

/// Authorities and revocation lists as PEM: unreadable, or usable.
pub fn ankers(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    if let Ok(anchors) = Anchors::from_pem(tekst, "", tekst) {
        drop(anchors.signing_certificate(&[bytes.to_vec()], ZENDING.nu));
    }
}

/// The directory: who is in it afterwards was countersigned as such.
pub fn gids(bytes: &[u8]) {
    let Ok(waarde) = parse_strict(bytes, diepte()) else { return };
    let Some(gelezen) = heen_en_weer::<Vec<Gidsvermelding>>(&waarde) else { return };
    let (gids, _fouten) = Gids::build(&gelezen, &ZENDING.anchors, &ZENDING.beheerder, ZENDING.nu);
    let echt: Vec<Gidsvermelding> = serde_json::from_slice(&ZENDING.gids()).expect("the region's directory");
    for partner in gids.partners() {
        let eigen = echt.iter().find(|g| g.vermelding == partner.gids.vermelding);
        let eigen = eigen.unwrap_or_else(|| panic!("nobody countersigned {:?}", partner.gids.vermelding));
        assert!(partner.sleutels.is_empty() || eigen.sleutels == partner.gids.sleutels, "keys that nobody countersigned");
    }
}

/// A check, a mailbox: unreadable, or written as they were read.
pub fn overig(bytes: &[u8]) {
    let Ok(waarde) = parse_strict(bytes, diepte()) else { return };
    drop((heen_en_weer::<Toetsverzoek>(&waarde), heen_en_weer::<Postvak>(&waarde)));
}

/// What a hub answers to an adapter: unreadable, or read.
pub fn antwoorden(bytes: &[u8]) {
    let Ok(waarde) = parse_strict(bytes, diepte()) else { return };
    fn lezen<T: DeserializeOwned>(waarde: &Value) {
        drop(serde_json::from_value::<T>(waarde.clone()));
    }
    lezen::<Toetsantwoord>(&waarde);
    lezen::<Aannameantwoord>(&waarde);
    lezen::<Statusantwoord>(&waarde);
    lezen::<Inzageantwoord>(&waarde);
    lezen::<Checkpointantwoord>(&waarde);
    lezen::<Samenhangbewijs>(&waarde);
    lezen::<Insluitingsbewijs>(&waarde);
    lezen::<Partners>(&waarde);
    lezen::<Convenanten>(&waarde);
    lezen::<Plichten>(&waarde);
    lezen::<Checkpoint>(&waarde);
    lezen::<Problem>(&waarde);
}

/// A delivery, as an adapter is brought one: no JSON, unreadable and refused by as much as it says, or kept as it came.
pub fn levering(bytes: &[u8]) {
    let Some(gekomen) = Binnenkomst::gebracht(bytes) else { return };
    let waarde: Value = serde_json::from_slice(bytes).expect("what was read is JSON");
    assert_eq!(Binnenkomst::lezen(&waarde), gekomen);
    let bericht = waarde.pointer("/bericht/data/bericht").and_then(|b| inbreng_proof::digest_of(b).ok());
    match gekomen {
        Binnenkomst::Levering(gekomen) => {
            assert_eq!(canonical(&waarde).expect("it has one form"), gekomen.ruw.as_bytes());
            assert_eq!(Some(gekomen.digest), bericht);
            assert!(!gekomen.zaak.is_empty());
            // What is kept is read again after a restart.
            let weer = Binnenkomst::gebracht(gekomen.ruw.as_bytes());
            assert_eq!(weer, Some(Binnenkomst::Levering(gekomen)));
        }
        Binnenkomst::Onleesbaar { levering, digest, .. } => {
            assert_eq!(digest, bericht);
            assert_eq!(levering.map(|l| Value::from(l.to_string())).as_ref(), waarde.get("id").filter(|_| levering.is_some()));
        }
    }
}

/// What a hub answers to who asks for a token: refused, or a token that a header can carry, for a time that can be counted.
pub fn tokenantwoord(bytes: &[u8]) {
    let Ok(antwoord) = Tokenantwoord::lezen(bytes) else { return };
    let waarde: Value = serde_json::from_slice(bytes).expect("what was read is JSON");
    assert_eq!(waarde["access_token"].as_str(), Some(antwoord.token()));
    assert!(!antwoord.token().is_empty() && antwoord.token().bytes().all(|b| b.is_ascii_graphic()));
    let duur = antwoord.bruikbaar_tot(ZENDING.nu).since(ZENDING.nu).whole_seconds();
    assert_eq!(waarde["expires_in"].as_i64(), Some(duur + 20));
}

/// What a party of a covenant signs: refused, or signed by who it says.
pub fn partijen(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    assert!(verify_uittreding(tekst, &ZENDING.anchors).is_err(), "nobody leaves: {tekst}");
    if let Ok(beide) = serde_json::from_str::<Medeondertekend>(tekst)
        && let Ok(toetreding) = verify_toetreding(&beide, &ZENDING.anchors, &ZENDING.beheerder, ZENDING.nu)
    {
        assert!(ZENDING.toetredingen().iter().any(|echt| echt.verklaring == beide.verklaring), "nobody joined: {toetreding:?}");
    }
}

/// A text that an adapter keeps for itself.
pub fn bewaard(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    drop(terughalen(tekst, std::slice::from_ref(&ZENDING.vt.zegel)));
}

/// An export of a log: unreadable, or written as it was read; one that recomputes to the head that someone kept holds the records that
/// were there.
pub fn uitvoer(bytes: &[u8]) {
    let lezen = |bytes: &[u8]| -> Result<Vec<Blad>, Exportfout> {
        let mut alle = Vec::new();
        logexport::lezen(bytes, |bladen| {
            alle.extend_from_slice(bladen);
            Ok::<_, Exportfout>(())
        })?;
        Ok(alle)
    };
    let Ok(gelezen) = lezen(bytes) else { return };
    let mut weer = Vec::new();
    gelezen.iter().for_each(|blad| logexport::schrijven(&mut weer, blad.clone()).expect("memory takes all"));
    assert_eq!(lezen(&weer).expect("what was written can be read"), gelezen);
    for Logboek { bladen, kop } in LOGBOEKEN.iter() {
        let mut narekening = Narekening::met([kop.omvang], []).expect("nothing is asked");
        let klopt = narekening.bladen(&gelezen).is_ok() && narekening.omvang() == kop.omvang && narekening.past_bij(kop).is_ok();
        for (blad, echt) in gelezen.iter().zip(bladen).filter(|_| klopt) {
            assert_eq!((blad.index, &blad.soort, blad.tijd, blad.hash), (echt.index, &echt.soort, echt.tijd, echt.hash));
            let over = [kern(&echt.zout, echt.record.as_bytes()), [0; 32]];
            let gesnoeid = blad.is_gesnoeid() && over.contains(&blad.zout);
            assert!(gesnoeid || (&blad.record, blad.zout) == (&echt.record, echt.zout), "{blad:?}");
        }
    }
}

/// What a recipient answers to a delivery: a status and a pause on the first line, the body behind it. Nothing in it counts as a word of
/// the recipient that it did not sign.
pub fn bezorgantwoord(bytes: &[u8]) {
    let plaats = bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len());
    let (kop, lichaam) = bytes.split_at(plaats);
    let (status, pas_na) = kop.split_at(kop.len().min(3));
    let status = std::str::from_utf8(status).ok().and_then(|s| s.parse().ok()).unwrap_or(0);
    let antwoord = Antwoord::gelezen(status, Some(pas_na), lichaam.to_vec());
    if let Some(seconden) = antwoord.pas_na {
        let tekst = std::str::from_utf8(pas_na).expect("seconds are text").trim();
        let breed = tekst.len();
        assert_eq!(format!("{seconden:0>breed$}"), tekst, "seconds have one meaning");
    }
    let sleutel = ZENDING.vt.publiek();
    let Some((typ, verklaring)) = antwoord.woord(sleutel.kid()) else { return };
    assert!(matches!(typ, Typ::Ontvangst | Typ::Weigering));
    if let Ok(inhoud) = jws::verify::<Value>(&verklaring, typ, sleutel) {
        let echt = |(t, jws): &(Typ, String)| *t == typ && jws::unverified_payload::<Value>(jws).is_ok_and(|p| p == inhoud);
        assert!(WOORDEN.iter().any(echt), "{inhoud}");
    }
}

fn woord<T: Serialize + DeserializeOwned>(waarde: &Value) {
    if let Ok(gelezen) = serde_json::from_value::<T>(waarde.clone()) {
        assert_eq!(&serde_json::to_value(&gelezen).expect("a word can be written"), waarde, "one word, one spelling");
    }
}

/// Every word of the wire has one spelling.
pub fn woorden(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    let waarde = Value::from(tekst);
    woord::<BerichtId>(&waarde);
    woord::<CasusRef>(&waarde);
    woord::<Code>(&waarde);
    woord::<ConvenantId>(&waarde);
    woord::<Datum>(&waarde);
    woord::<DeelId>(&waarde);
    woord::<Digest>(&waarde);
    woord::<GemeenteCode>(&waarde);
    woord::<LeveringId>(&waarde);
    woord::<Oin>(&waarde);
    woord::<Opening>(&waarde);
    woord::<PersoonRef>(&waarde);
    woord::<RegelId>(&waarde);
    woord::<Tijdstip>(&waarde);
    woord::<TypeNaam>(&waarde);
    if let Ok(waarde) = serde_json::from_str::<Value>(tekst) {
        let _role = heen_en_weer::<Geadresseerde>(&waarde);
    }
}
