//! Each refusal with its code and its place; nothing is stored.

use inbreng_domain::{
    Code, Envelope, Geadresseerde, Oin,
    envelope::{NaarPartner, NaarRol},
    limits::{Limits, SIZE_CLASSES},
    part::Toegang,
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Grondslag, Noodzaak, Partnertype, Toegangswijze, Urgentie},
};
use inbreng_proof::{
    deel::sign_toegang,
    gids::{medeonderteken, sign_vermelding},
    jws::unverified_payload,
};
use serde_json::{Value, json};

use crate::wereld::{
    Brief, HUB, Stuk, Wereld,
    brief::{naar, ondertekenen, ondertekenen_kop, wrap},
    nu,
};

/// Changes a good message after it was made, signs it again, and gives what it hears.
async fn na(w: &Wereld, change: impl FnOnce(&mut Envelope)) -> (ProblemCode, Option<String>) {
    let mut envelop = w.melding().0.envelop();
    change(&mut envelop);
    ondertekenen(&mut envelop, &w.politie.sleutel);
    hoort(w, &serde_json::to_vec(&envelop).unwrap()).await
}

async fn hoort(w: &Wereld, tekst: &[u8]) -> (ProblemCode, Option<String>) {
    let fout = w.geweigerd(&w.politie, tekst).await;
    let tellingen = w.hub.tellingen().await.unwrap();
    assert_eq!((tellingen.berichten, tellingen.leveringen), (0, 0));
    (fout.code(), fout.pad().map(str::to_owned))
}

fn op(code: ProblemCode, pad: &str) -> (ProblemCode, Option<String>) {
    (code, Some(pad.to_owned()))
}

#[tokio::test]
async fn what_cannot_be_read() {
    let w = Wereld::new().await;
    assert_eq!(hoort(&w, b"{").await.0, ProblemCode::GeenJson);
    assert_eq!(hoort(&w, br#"{"id":1,"id":1}"#).await.0, ProblemCode::GeenJson);
    assert_eq!(hoort(&w, &[b'['; 40]).await.0, ProblemCode::TeDiep);
    assert_eq!(hoort(&w, &vec![b' '; Limits::default().message_bytes + 1]).await.0, ProblemCode::TeGroot);
    assert_eq!(hoort(&w, b"{}").await.0, ProblemCode::VeldOngeldig);
}

#[tokio::test]
async fn fields_that_are_unknown_or_outside_their_vocabulary() {
    let w = Wereld::new().await;
    let goed = serde_json::to_value(w.melding().0.envelop()).unwrap();
    for (pad, waarde) in [
        ("/data/delen/0/labels/categorie", json!("roddel")),
        ("/data/delen/0/labels/grondslagen", json!(["nieuwsgierigheid"])),
        ("/data/delen/0/inhoud/iv", json!(7)),
        ("/data/bericht/urgentie", json!("straks")),
        ("/time", json!("gisteren")),
        ("/specversion", json!("0.3")),
        ("/id", json!("5b1f0bd4-62ab-4b9e-9c8f-0c4d2f6a7e11")),
    ] {
        let mut fout = goed.clone();
        *fout.pointer_mut(pad).unwrap() = waarde;
        let (code, waar) = hoort(&w, &serde_json::to_vec(&fout).unwrap()).await;
        assert_eq!(code, ProblemCode::VeldOngeldig, "{pad}");
        assert!(waar.as_deref().is_some_and(|p| p.starts_with(pad)), "{pad}: {waar:?}");
    }
    for pad in ["", "/data", "/data/bericht", "/data/kop", "/data/delen/0", "/data/delen/0/labels", "/data/delen/0/inhoud"] {
        let mut extra = goed.clone();
        extra.pointer_mut(pad).and_then(Value::as_object_mut).unwrap().insert("extra".to_owned(), json!(1));
        assert_eq!(hoort(&w, &serde_json::to_vec(&extra).unwrap()).await.0, ProblemCode::VeldOngeldig, "{pad}");
    }
}

#[tokio::test]
async fn a_sender_that_is_not_who_is_connected() {
    let w = Wereld::new().await;
    let tekst = w.melding().0.tekst();
    let fout = w.geweigerd(&w.om, &tekst).await;
    assert_eq!((fout.code(), fout.pad()), (ProblemCode::BronNietEigen, Some("/source")));
    let van = w.om.oin;
    assert_eq!(na(&w, |e| e.data.bericht.van = van).await, op(ProblemCode::BronNietEigen, "/data/bericht/van"));
    // Not in the directory at all.
    let (mut vreemd, _) = w.melding();
    vreemd.van.oin = Oin::parse("00000009999999999999").unwrap();
    assert_eq!(w.code(&vreemd).await, ProblemCode::PartnerOnbekend);
    // Someone who signs for the police with a key of its own.
    let mut envelop = w.melding().0.envelop();
    ondertekenen(&mut envelop, &w.om.sleutel);
    assert_eq!(
        hoort(&w, &serde_json::to_vec(&envelop).unwrap()).await,
        op(ProblemCode::HandtekeningOngeldig, "/data/kop/handtekening")
    );
}

#[tokio::test]
async fn a_type_that_the_catalogue_does_not_have() {
    let w = Wereld::new().await;
    for naam in ["nl.inbreng.bestaat-niet.v1", "nl.inbreng.incidentmelding.v2"] {
        let (mut melding, _) = w.melding();
        melding.berichttype = naam.to_owned();
        assert_eq!(w.code(&melding).await, ProblemCode::TypeOnbekend, "{naam}");
    }
    let (mut melding, _) = w.melding();
    melding.variant = Some(Code::parse("bestaat-niet").unwrap());
    assert_eq!(w.code(&melding).await, ProblemCode::VeldOngeldig);
    let (melding, _) = w.melding();
    assert_eq!(w.code(&melding.zegt(json!({"opmerking": "vrije tekst"}))).await, ProblemCode::VerklaringOngeldig);
    let (mut melding, _) = w.melding();
    melding.delen.clear();
    assert_eq!(w.code(&melding).await, ProblemCode::VeldOngeldig);
}

#[tokio::test]
async fn what_contradicts_itself() {
    let w = Wereld::new().await;
    let ander = w.melding().0;
    let (id, casus) = (ander.id, ander.casus);
    assert_eq!(na(&w, |e| e.id = id).await, op(ProblemCode::NietGelijk, "/data/bericht/id"));
    assert_eq!(na(&w, |e| e.subject = casus).await, op(ProblemCode::NietGelijk, "/data/bericht/casus"));
    assert_eq!(
        na(&w, |e| e.data.bericht.urgentie = Urgentie::Acuut).await,
        op(ProblemCode::NietGelijk, "/data/delen/0/labels/urgentie")
    );
    assert_eq!(
        na(&w, |e| e.data.bericht.antwoord_op = Some(id)).await,
        op(ProblemCode::NietGelijk, "/data/delen/0/labels/antwoordOp")
    );
    assert_eq!(
        na(&w, |e| e.data.delen[0].labels.bericht = id).await,
        op(ProblemCode::NietGelijk, "/data/delen/0/labels/bericht")
    );
    assert_eq!(
        na(&w, |e| e.data.delen[0].labels.convenant = "elders".parse().unwrap()).await,
        op(ProblemCode::NietGelijk, "/data/delen/0/labels/convenant")
    );
    let dubbel = na(&w, |e| e.data.delen.push(e.data.delen[0].clone())).await;
    assert_eq!(dubbel, op(ProblemCode::NietGelijk, "/data/delen/1/labels/id"));
}

#[tokio::test]
async fn a_part_of_someone_else() {
    let w = Wereld::new().await;
    let eigenaar = w.ggz.oin;
    assert_eq!(
        na(&w, |e| e.data.delen[0].labels.eigenaar = eigenaar).await,
        op(ProblemCode::EigenaarNietAfzender, "/data/delen/0/labels/eigenaar")
    );
}

#[tokio::test]
async fn what_was_changed_after_signing() {
    let w = Wereld::new().await;
    let goed = serde_json::to_value(w.melding().0.envelop()).unwrap();
    for (pad, waarde, code) in [
        ("/data/kop/gemeente", json!("0518"), ProblemCode::HandtekeningOngeldig),
        ("/data/bericht/verklaring", json!({"aangifte": true}), ProblemCode::DigestOngelijk),
        ("/data/bericht/checkpoint", json!("x"), ProblemCode::DigestOngelijk),
        ("/data/delen/0/labels/functie", json!("ander"), ProblemCode::DigestOngelijk),
        ("/data/delen/0/toegang", json!([]), ProblemCode::DigestOngelijk),
    ] {
        let mut veranderd = goed.clone();
        let (ouder, naam) = pad.rsplit_once('/').unwrap();
        veranderd.pointer_mut(ouder).and_then(Value::as_object_mut).unwrap().insert(naam.to_owned(), waarde);
        assert_eq!(hoort(&w, &serde_json::to_vec(&veranderd).unwrap()).await.0, code, "{pad}");
    }
    let mut zonder = goed.clone();
    zonder["data"]["delen"] = json!([]);
    assert_eq!(hoort(&w, &serde_json::to_vec(&zonder).unwrap()).await.0, ProblemCode::NietGelijk);
}

#[tokio::test]
async fn a_seal_that_is_not_the_agreed_one() {
    let w = Wereld::new().await;
    let kort = inbreng_proof::encoding::encode(&[0]);
    let andere_header = inbreng_proof::encoding::encode(br#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","zip":"DEF"}"#);
    let ongeldig = |pad: &str| op(ProblemCode::VerzegelingOngeldig, pad);
    assert_eq!(na(&w, |e| e.data.delen[0].inhoud.tag = kort.clone()).await, ongeldig("/data/delen/0/inhoud"));
    assert_eq!(na(&w, |e| e.data.delen[0].inhoud.protected = andere_header).await, ongeldig("/data/delen/0/inhoud"));
    assert_eq!(na(&w, |e| e.data.delen[0].inhoud.ciphertext = kort.clone()).await, ongeldig("/data/delen/0/inhoud"));
    assert_eq!(
        na(&w, |e| e.data.delen[0].labels.functie = Code::parse("ander").unwrap()).await,
        ongeldig("/data/delen/0/inhoud/aad")
    );
    let mut ander = w.melding().0.envelop();
    let bewijs = ander.data.delen.remove(0).eigenaarsbewijs;
    assert_eq!(na(&w, |e| e.data.delen[0].eigenaarsbewijs = bewijs).await, ongeldig("/data/delen/0/eigenaarsbewijs"));
    assert_eq!(na(&w, |e| e.data.delen[0].eigenaarsbewijs = "x".to_owned()).await, ongeldig("/data/delen/0/eigenaarsbewijs"));
}

#[tokio::test]
async fn a_key_that_is_not_the_recipients() {
    let w = Wereld::new().await;
    let (school, hub) = (w.school.clone(), w.hub_sleutel.kid().to_owned());
    // A wrap for someone without an access statement, the hub for one.
    for kid in [school.kid(), hub] {
        let (code, _) = na(&w, |e| e.data.delen[0].inhoud.recipients.push(wrap(&kid))).await;
        assert_eq!(code, ProblemCode::SleutelOnbekend, "{kid}");
    }
    // Sealed for the right organisation under the wrong key.
    let kid = school.kid();
    assert_eq!(
        na(&w, |e| e.data.delen[0].inhoud.recipients[1] = wrap(&kid)).await,
        op(ProblemCode::SleutelOnbekend, "/data/delen/0/toegang/0/oin")
    );
    // Without the owner.
    let (code, _) = na(&w, |e| drop(e.data.delen[0].inhoud.recipients.remove(0))).await;
    assert_eq!(code, ProblemCode::SleutelOnbekend);
    // The wrap was replaced under the statement.
    let kid = w.vt.kid();
    assert_eq!(
        na(&w, |e| e.data.delen[0].inhoud.recipients[1] = wrap(&kid)).await,
        op(ProblemCode::VerzegelingOngeldig, "/data/delen/0/toegang/0/verklaring")
    );
}

#[tokio::test]
async fn the_hub_is_never_a_recipient() {
    let w = Wereld::new().await;
    let hub = Oin::parse(HUB).unwrap();
    let (mut melding, _) = w.melding();
    melding.geadresseerden = vec![naar(hub)];
    assert_eq!(w.code(&melding).await, ProblemCode::OntvangerOnbekend);
    let (mut melding, _) = w.melding();
    let mut knooppunt = w.school.clone();
    knooppunt.oin = hub;
    melding.delen[0].voor.push((knooppunt, Toegangswijze::Meegeleverd));
    assert_eq!(w.code(&melding).await, ProblemCode::OntvangerOnbekend);
}

#[tokio::test]
async fn an_access_statement_that_says_something_else() {
    let w = Wereld::new().await;
    let sleutel = w.politie.sleutel.clone();
    let (code, _) = na(&w, |e| {
        let deel = &mut e.data.delen[0];
        let mut verklaring: inbreng_domain::part::Toegangsverklaring = unverified_payload(&deel.toegang[0].verklaring).unwrap();
        verklaring.inhoud = inbreng_domain::Digest::from_bytes([1; 32]);
        deel.toegang[0].verklaring = sign_toegang(&sleutel, &verklaring).unwrap();
    })
    .await;
    assert_eq!(code, ProblemCode::VerzegelingOngeldig);
    // Signed by another than the owner.
    let vreemd = w.vt.sleutel.clone();
    let (code, _) = na(&w, |e| {
        let deel = &mut e.data.delen[0];
        let verklaring: inbreng_domain::part::Toegangsverklaring = unverified_payload(&deel.toegang[0].verklaring).unwrap();
        deel.toegang[0].verklaring = sign_toegang(&vreemd, &verklaring).unwrap();
    })
    .await;
    assert_eq!(code, ProblemCode::VerzegelingOngeldig);
    let oin = w.om.oin;
    assert_eq!(
        na(&w, |e| e.data.delen[0].toegang[0].oin = oin).await,
        op(ProblemCode::NietGelijk, "/data/delen/0/toegang/0/oin")
    );
    let (code, _) = na(&w, |e| {
        let twee: Toegang = e.data.delen[0].toegang[0].clone();
        e.data.delen[0].toegang.push(twee);
    })
    .await;
    assert_eq!(code, ProblemCode::NietGelijk);
}

#[tokio::test]
async fn more_than_the_type_needs_room_for() {
    let w = Wereld::new().await;
    let brief = |grootte| {
        let mut stuk = Stuk::new(Categorie::Kind, Doel::KindSteunen, Grondslag::ZonderToestemming, &[&w.school]);
        stuk.grootte = grootte;
        Brief::new(&w, &w.politie, "handle-with-care").aan(&[&w.school]).met(stuk)
    };
    assert_eq!(w.code(&brief(SIZE_CLASSES[1])).await, ProblemCode::TeGroot);
    // One sentence fits.
    w.aangenomen(&brief(SIZE_CLASSES[0])).await;
    assert_eq!(w.postvak(&w.school).await.len(), 1);
}

#[tokio::test]
async fn someone_who_cannot_be_found_or_gets_nothing() {
    let w = Wereld::new().await;
    let (mut melding, _) = w.melding();
    melding.geadresseerden.push(naar(Oin::parse("00000009999999999999").unwrap()));
    assert_eq!(w.code(&melding).await, ProblemCode::OntvangerOnbekend);
    let (mut melding, _) = w.melding();
    melding.geadresseerden = vec![serde_json::from_str(r#"{"rol":"burgemeester"}"#).unwrap()];
    assert_eq!(w.code(&melding).await, ProblemCode::OntvangerOnbekend);
    let (mut melding, _) = w.melding();
    melding.geadresseerden.push(naar(w.politie.oin));
    assert_eq!(w.code(&melding).await, ProblemCode::OntvangerOnbekend);
    // Named, but no part is sealed for it.
    let (mut melding, _) = w.melding();
    melding.geadresseerden.push(naar(w.om.oin));
    assert_eq!(w.code(&melding).await, ProblemCode::NietGelijk);
    // Sealed for someone who is not addressed: named otherwise, or the routing moved.
    let (mut melding, _) = w.melding();
    melding.delen[0].voor.push((w.om.clone(), Toegangswijze::Meegeleverd));
    assert_eq!(w.code(&melding).await, ProblemCode::NietGelijk);
    melding.geadresseerden.clear();
    assert_eq!(w.code(&melding).await, ProblemCode::OpnieuwToetsen);
    // A part for nobody.
    let (mut melding, _) = w.melding();
    melding.delen[0].voor.clear();
    assert_eq!(w.code(&melding).await, ProblemCode::VeldOngeldig);
}

#[tokio::test]
async fn another_policy_than_the_present_one() {
    let w = Wereld::new().await;
    let (mut melding, _) = w.melding();
    melding.beleid = inbreng_domain::Digest::from_bytes([7; 32]);
    assert_eq!(w.code(&melding).await, ProblemCode::OpnieuwToetsen);
    let (mut melding, _) = w.melding();
    melding.convenant = "elders".to_owned();
    assert_eq!(w.code(&melding).await, ProblemCode::VeldOngeldig);
    // The covenant has ended.
    w.clock.advance(time::Duration::days(20));
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
}

#[tokio::test]
async fn a_key_that_was_replaced_since_the_check() {
    let mut w = Wereld::new().await;
    let (melding, _) = w.melding();
    let nieuw = w.vt.nieuwe_sleutel(&w.beheerder);
    w.hub.sleutels_plaatsen(w.vt.oin, nieuw.sleutels).await.unwrap();
    let fout = w.geweigerd(&w.politie, &melding.tekst()).await;
    assert_eq!((fout.code(), fout.pad()), (ProblemCode::OpnieuwToetsen, Some("/data/delen/0/toegang/0/oin")));
    w.aangenomen(&w.melding().0).await;
}

#[tokio::test]
async fn limits_hold_at_their_edge() {
    let w = Wereld::new().await;
    let limits = Limits { parts: 2, persons: 2, recipients: 1, ..Limits::default() };
    let store = inbreng_storage_sql::sqlite::open(tempfile::tempdir().unwrap().keep().join("klein.db"), w.clock.clone());
    let hub = w.hub_op(std::sync::Arc::new(store.await.unwrap()), limits).await;
    let stuk = || Stuk::new(Categorie::Incident, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]);
    let (melding, _) = w.melding();
    let twee = melding.clone().met(stuk());
    hub.aannemen(w.politie.oin, &twee.tekst()).await.unwrap();
    let (melding, _) = w.melding();
    let drie = melding.met(stuk()).met(stuk());
    assert_eq!(hub.aannemen(w.politie.oin, &drie.tekst()).await.unwrap_err().code(), ProblemCode::TeVeel);
    let (mut personen, _) = w.melding();
    personen.delen[0].betrokkenen = (0..3).map(|_| stuk().betrokkenen[0]).collect();
    assert_eq!(hub.aannemen(w.politie.oin, &personen.tekst()).await.unwrap_err().code(), ProblemCode::TeVeel);
    let (mut ontvangers, _) = w.melding();
    ontvangers.geadresseerden.push(naar(w.om.oin));
    assert_eq!(hub.aannemen(w.politie.oin, &ontvangers.tekst()).await.unwrap_err().code(), ProblemCode::TeVeel);
}

#[tokio::test]
async fn a_number_that_was_used_for_something_else() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    let (mut ander, _) = w.melding();
    ander.id = melding.id;
    let fout = w.geweigerd(&w.politie, &ander.tekst()).await;
    assert_eq!((fout.code(), fout.pad()), (ProblemCode::BerichtBestaatAnders, None));
    // The number of a part counts once too.
    let (mut ander, _) = w.melding();
    ander.delen[0].id = melding.delen[0].id;
    let fout = w.geweigerd(&w.politie, &ander.tekst()).await;
    assert_eq!((fout.code(), fout.pad()), (ProblemCode::BerichtBestaatAnders, Some("/data/delen/0/labels/id")));
    assert_eq!(w.postvak(&w.vt).await.len(), 1);
}

#[tokio::test]
async fn an_answer_to_nothing_of_ones_own() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    let (_, elders) = w.zaak().await;
    let besluit = |op| {
        Brief::new(&w, &w.vt, "triagebesluit")
            .in_casus(casus)
            .antwoord(op)
            .aan(&[&w.politie])
            .zegt(json!({"uitkomst": "directe-overdracht"}))
    };
    let mut antwoorden = Vec::new();
    for op in [elders, w.melding().0.id] {
        antwoorden.push(w.geweigerd(&w.vt, &besluit(op).tekst()).await.problem());
    }
    assert_eq!(antwoorden[0].code, ProblemCode::NietGelijk);
    assert_eq!(antwoorden[0], antwoorden[1], "another case's message and none are told apart");
    // An incident report answers nothing.
    let (brief, _) = w.melding();
    assert_eq!(w.code(&brief.antwoord(melding)).await, ProblemCode::VeldOngeldig);
    // What goes to who asked, goes to nobody else.
    let mut naar_ander = besluit(melding);
    naar_ander.geadresseerden = vec![naar(w.om.oin)];
    assert_eq!(w.code(&naar_ander).await, ProblemCode::NietGelijk);
}

/// A desk that the directory does not know at this partner is nobody's.
#[tokio::test]
async fn a_function_must_stand_in_the_directory() {
    let w = Wereld::new().await;
    let piket = || Some(Code::parse("piketdesk").unwrap());
    let aan_partner = || Geadresseerde::Partner(NaarPartner { oin: w.vt.oin, functie: piket() });
    let aan_rol = || Geadresseerde::Rol(NaarRol { rol: Partnertype::VeiligThuis, functie: piket() });
    let melding = |aan| {
        let mut brief = w.melding().0;
        brief.geadresseerden = vec![aan];
        brief
    };
    for aan in [aan_partner(), aan_rol()] {
        let fout = w.geweigerd(&w.politie, &melding(aan).tekst()).await;
        assert_eq!((fout.code(), fout.pad()), (ProblemCode::OntvangerOnbekend, Some("/data/kop/geadresseerden/0/functie")));
    }
    let mut vermelding = w.vt.vermelding(2);
    vermelding.functies = vec![Code::parse("piketdesk").unwrap()];
    let vermelding = sign_vermelding(&w.vt.sleutel, &vermelding).unwrap();
    w.hub.vermelding_plaatsen(w.vt.oin, medeonderteken(&w.beheerder, vermelding, nu()).unwrap()).await.unwrap();
    for aan in [aan_partner(), aan_rol()] {
        w.aangenomen(&melding(aan)).await;
    }
}

#[tokio::test]
async fn a_refusal_is_logged_with_its_rule_and_without_content() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let voor = w.hub.tellingen().await.unwrap();
    let mut brief = Brief::new(&w, &w.ggz, "informatie-antwoord")
        .in_casus(casus)
        .antwoord(vraag)
        .zegt(json!({"antwoord": "gedeeld"}))
        .met(Stuk::new(Categorie::Medisch, Doel::Beoordelen, Grondslag::Convenant, &[&w.vt]));
    let fout = w.geweigerd(&w.ggz, &brief.tekst()).await;
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
    let besluit = &fout.besluiten()[0];
    assert!(besluit.regels.iter().any(|r| r.nummer() == 8) && !besluit.zin.is_empty() && !besluit.alternatieven.is_empty());
    let na = w.hub.tellingen().await.unwrap();
    assert_eq!((na.berichten, na.bladen), (voor.berichten, voor.bladen + 1));
    assert_eq!(na.weigeringen.values().sum::<u64>(), voor.weigeringen.values().sum::<u64>() + 1);

    // About acute danger: a human being is called for.
    brief.urgentie = Urgentie::Acuut;
    brief.id = w.melding().0.id;
    brief.delen[0].id = w.melding().0.delen[0].id;
    assert_eq!(w.code(&brief).await, ProblemCode::NietToegestaan);
    let bladen = w.store.bladen(na.bladen, 10).await.unwrap();
    let soorten: Vec<_> = bladen.iter().map(|b| b.soort.to_string()).collect();
    assert_eq!(soorten, ["besluit", "toets-nodig"]);
    for blad in &bladen {
        for geheim in [casus.to_string(), brief.delen[0].betrokkenen[0].to_string()] {
            assert!(!blad.record.contains(&geheim), "{}", blad.record);
        }
    }
}

#[tokio::test]
async fn necessity_that_was_not_explained_is_for_the_sender_to_mend() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let mut brief = Brief::new(&w, &w.vt, "overdracht").in_casus(casus).aan(&[&w.wijkteam]).met(Stuk::new(
        Categorie::Plan,
        Doel::HulpStarten,
        Grondslag::ZonderToestemming,
        &[&w.wijkteam],
    ));
    brief.delen[0].noodzaak = Noodzaak::NietToegelicht;
    let fout = w.geweigerd(&w.vt, &brief.tekst()).await;
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
    assert!(fout.besluiten()[0].regels.iter().any(|r| r.nummer() == 7), "{:?}", fout.besluiten());
    brief.delen[0].noodzaak = Noodzaak::Toegelicht;
    w.aangenomen(&brief).await;
}

#[tokio::test]
async fn allowed_for_one_and_not_for_the_other() {
    let w = Wereld::new().await;
    let (mut brief, _) = Brief::new(&w, &w.politie, "huisverbod-opgelegd")
        .zegt(json!({"opgelegdOp": "2026-11-22T00:30:00.000Z", "eindigtOp": "2026-12-02T00:30:00.000Z"}))
        .aan(&[&w.vt, &w.school])
        .opent();
    let stuk = |wie| Stuk::new(Categorie::Bestuur, Doel::Huisverbod, Grondslag::WettelijkeTaak, &[wie]);
    brief.delen = vec![stuk(&w.vt), stuk(&w.school)];
    let antwoord = w.aangenomen(&brief).await;
    let leverbaar: Vec<_> = antwoord.besluiten.iter().map(|b| (b.ontvanger, format!("{}", b.stand))).collect();
    assert!(leverbaar[0].1.starts_with("toegestaan"), "{leverbaar:?}");
    assert_eq!(leverbaar[1], (w.school.oin, "geweigerd".to_owned()));
    assert_eq!(w.postvak(&w.vt).await.len(), 1);
    assert!(w.postvak(&w.school).await.is_empty());
    let status = w.hub.status(w.politie.oin, brief.id).await.unwrap();
    assert_eq!(status.besluiten, antwoord.besluiten);
    assert_eq!(status.ontvangers.iter().map(|o| o.ontvanger).collect::<Vec<_>>(), [w.vt.oin]);
    // Who got nothing does not take part.
    let deelnemers = w.store.zaakstand(brief.casus.unwrap()).await.unwrap().deelnemers;
    assert!(!deelnemers.iter().any(|d| d.partner == w.school.oin));
}

#[tokio::test]
async fn a_kop_signed_over_a_broken_message_is_still_broken() {
    let w = Wereld::new().await;
    let mut envelop = w.melding().0.envelop();
    envelop.data.delen[0].inhoud.aad.push('A');
    ondertekenen_kop(&mut envelop, &w.politie.sleutel);
    assert_eq!(hoort(&w, &serde_json::to_vec(&envelop).unwrap()).await.0, ProblemCode::VerzegelingOngeldig);
}
