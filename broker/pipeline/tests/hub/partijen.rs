//! Parties of a covenant: who signed is one, from and until its dates, in every process; nobody else makes one.

use std::sync::Arc;

use inbreng_domain::{
    Tijdstip,
    clock::FixedClock,
    convenant::{Convenanttekst, Toetreding},
    gids::{Medeondertekend, Vermelding},
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Ondertekend},
};
use inbreng_pipeline::Fout;
use inbreng_policy::{Bundel, Convenantbron};
use inbreng_proof::{
    Typ,
    gids::{medeonderteken, sign_vermelding},
    jws,
};
use serde_json::json;

use crate::{
    check::verzoek,
    wereld::{Brief, Organisatie, Stuk, Wereld, nu, over_minuten},
};

const CONVENANT: &str = "voorbeeldregio";

fn code<T: std::fmt::Debug>(uitslag: Result<T, Fout>) -> ProblemCode {
    uitslag.expect_err("accepted").code()
}

async fn stand(w: &Wereld) -> u32 {
    w.hub.convenant(&CONVENANT.parse().unwrap()).await.unwrap().stand
}

async fn toetreden(w: &Wereld, wie: &Organisatie, verklaring: &Medeondertekend) -> Result<u32, Fout> {
    let gezien = stand(w).await;
    w.hub.toetreden(wie.oin, &CONVENANT.parse().unwrap(), gezien, verklaring).await.map(|c| c.stand)
}

pub(crate) async fn uittreden(w: &Wereld, wie: &Organisatie, volgnummer: u32, vanaf: Tijdstip) {
    let jws = wie.uittreding(CONVENANT, volgnummer, vanaf);
    w.hub.uittreden(wie.oin, &CONVENANT.parse().unwrap(), stand(w).await, &jws).await.unwrap();
}

fn zet(klok: &FixedClock, op: Tijdstip) {
    klok.advance(op.since(inbreng_domain::Clock::now(klok)));
}

/// What the GGZ answers Veilig Thuis on the ground of the covenant.
async fn antwoord(w: &Wereld) -> Brief {
    let (casus, _) = w.zaak().await;
    let gesteld = w.vraag(casus, &w.ggz).await;
    Brief::new(w, &w.ggz, "informatie-antwoord")
        .in_casus(casus)
        .antwoord(gesteld)
        .zegt(json!({"antwoord": "gedeeld"}))
        .met(Stuk::new(Categorie::Hulp, Doel::Beoordelen, Grondslag::Convenant, &[&w.vt]))
}

/// How many of both signed, as the decision says.
async fn ondertekend(w: &Wereld, brief: &Brief) -> Ondertekend {
    w.hub.toetsen(brief.van.oin, &verzoek(brief)).await.unwrap();
    let blad = w.store.bladen(w.store.hoofd().await.unwrap().0 - 1, 1).await.unwrap().remove(0);
    let record: serde_json::Value = serde_json::from_str(&blad.record).unwrap();
    serde_json::from_value(record["besluiten"][0]["verzoek"]["ondertekend"].clone()).unwrap()
}

#[tokio::test]
async fn who_joins_and_leaves_is_a_party_from_and_until_its_date_in_every_process() {
    let w = Wereld::new().await;
    let klok = Arc::new(FixedClock::at(nu()));
    let tweede = w.hub_erbij(klok.clone()).await;
    let brief = antwoord(&w).await;
    assert_eq!(ondertekend(&w, &brief).await, Ondertekend::Beide);
    w.aangenomen(&brief).await;

    // It leaves in ten minutes; until then it is a party.
    uittreden(&w, &w.ggz, 2, over_minuten(10)).await;
    let later = antwoord(&w).await;
    assert_eq!(ondertekend(&w, &later).await, Ondertekend::Beide);
    let op_tweede = async |brief: &Brief| tweede.aannemen(brief.van.oin, &brief.tekst()).await;
    op_tweede(&later).await.unwrap();
    let laatste = antwoord(&w).await;
    for klok in [&*w.clock, &*klok] {
        zet(klok, over_minuten(10));
    }
    // The other process never heard of it, and looked a moment before.
    assert_eq!(code(op_tweede(&laatste).await), ProblemCode::NietToegestaan);
    assert_eq!(ondertekend(&w, &laatste).await, Ondertekend::Een);
    assert_eq!(w.code(&laatste).await, ProblemCode::NietToegestaan);

    // It joins again, in force at once in both.
    let weer = Toetreding { volgnummer: 3, vanaf: over_minuten(10), ..w.ggz.toetredingsverklaring(&w.tekst) };
    let weer = w.ggz.toetreden(&w.beheerder, &weer);
    assert_eq!(toetreden(&w, &w.ggz, &weer).await.unwrap(), 7);
    op_tweede(&laatste).await.unwrap();
    assert!(w.hub.controleer_logboek().await.unwrap().klopt);
    // What was decided can be seen: who signed when, what, and what ended.
    let inzage = w.hub.convenant(&CONVENANT.parse().unwrap()).await.unwrap();
    assert_eq!(inzage.teksten.len(), 1);
    assert_eq!((inzage.in_kracht, &inzage.teksten[0].tekst), (Some(inzage.teksten[0].digest), &w.tekst));
    let ggz: Vec<_> = inzage.partijen.iter().filter(|p| p.oin == w.ggz.oin).map(|p| (p.vanaf, p.tot, p.partij)).collect();
    assert_eq!(ggz, [(w.tekst.geldig_vanaf, Some(over_minuten(10)), JaNee::Nee), (over_minuten(10), None, JaNee::Ja)]);
    assert_eq!(inzage.verklaringen.len(), 7);
    let lijst = w.hub.convenantlijst().await.unwrap().convenanten;
    assert_eq!((lijst.len(), lijst[0].partijen, lijst[0].stand), (1, 5, 7));
    // Adapters get the same statements, to verify for themselves.
    let getoond = &w.hub.convenanten().await.convenanten[0];
    assert_eq!((getoond.toetredingen.len(), getoond.uittredingen.len()), (6, 1));
    assert!(getoond.toetredingen.contains(&weer));
}

#[tokio::test]
async fn a_statement_counts_from_its_party_about_this_text_once() {
    let w = Wereld::new().await;
    let goed = Toetreding { volgnummer: 2, ..w.ggz.toetredingsverklaring(&w.tekst) };
    let getekend = |t: &Toetreding| w.ggz.toetreden(&w.beheerder, t);
    let met = async |t: Toetreding| code(toetreden(&w, &w.ggz, &getekend(&t)).await);
    let tekst = |change: fn(&mut Convenanttekst)| {
        let mut tekst = w.tekst.clone();
        change(&mut tekst);
        Toetreding { tekst, ..goed.clone() }
    };
    assert_eq!(met(tekst(|t| t.convenant = "andere-regio".parse().unwrap())).await, ProblemCode::NietGelijk);
    assert_eq!(met(tekst(|t| t.geldig_tot = over_minuten(99))).await, ProblemCode::NietGelijk, "a text that no version has");
    assert_eq!(met(Toetreding { afspraken: 2, ..goed.clone() }).await, ProblemCode::NietGelijk, "rules that nobody could read");
    assert_eq!(met(Toetreding { volgnummer: 1, ..goed.clone() }).await, ProblemCode::NietNieuwer);
    assert_eq!(met(Toetreding { tot: Some(goed.vanaf), ..goed.clone() }).await, ProblemCode::IngangVoorbij);
    assert_eq!(met(Toetreding { vanaf: w.tekst.geldig_tot, ..goed.clone() }).await, ProblemCode::IngangVoorbij);
    assert_eq!(met(Toetreding { partij: w.om.oin, ..goed.clone() }).await, ProblemCode::HandtekeningOngeldig);
    // Brought by another, countersigned by nobody, open to nobody of its kind, about no covenant.
    let brengen = async |van: &Organisatie, convenant: &str, verklaring: &Medeondertekend| {
        w.hub.toetreden(van.oin, &convenant.parse().unwrap(), 5, verklaring).await.map(|c| c.stand)
    };
    assert_eq!(code(brengen(&w.om, CONVENANT, &getekend(&goed)).await), ProblemCode::BronNietEigen);
    let zelf = medeonderteken(&w.ggz.sleutel, getekend(&goed).verklaring, nu()).unwrap();
    assert_eq!(code(brengen(&w.ggz, CONVENANT, &zelf).await), ProblemCode::HandtekeningOngeldig);
    let school = w.school.toetreding(&w.tekst, &w.beheerder);
    assert_eq!(code(brengen(&w.school, CONVENANT, &school).await), ProblemCode::GeenPartij);
    assert_eq!(code(brengen(&w.ggz, "derde-regio", &getekend(&goed)).await), ProblemCode::NietGelijk);
    // Who saw an older stand writes nothing.
    let oud = w.hub.toetreden(w.ggz.oin, &CONVENANT.parse().unwrap(), 4, &getekend(&goed)).await;
    assert_eq!(code(oud), ProblemCode::VersieGewijzigd);
    assert_eq!(stand(&w).await, 5, "nothing was written");

    let vertrek = w.ggz.uittreding(CONVENANT, 2, nu());
    let weg = async |van: &Organisatie, convenant: &str, gezien: u32, jws: &str| {
        w.hub.uittreden(van.oin, &convenant.parse().unwrap(), gezien, jws).await.map(|c| c.stand)
    };
    assert_eq!(code(weg(&w.om, CONVENANT, 5, &vertrek).await), ProblemCode::BronNietEigen, "nobody puts another out");
    assert_eq!(code(weg(&w.ggz, "andere-regio", 5, &vertrek).await), ProblemCode::NietGelijk);
    assert_eq!(code(weg(&w.ggz, CONVENANT, 4, &vertrek).await), ProblemCode::VersieGewijzigd);
    let school = w.school.uittreding(CONVENANT, 1, nu());
    assert_eq!(code(weg(&w.school, CONVENANT, 5, &school).await), ProblemCode::GeenPartij);
    assert_eq!(weg(&w.ggz, CONVENANT, 5, &vertrek).await.unwrap(), 6);
    assert_eq!(code(weg(&w.ggz, CONVENANT, 6, &vertrek).await), ProblemCode::NietNieuwer);
}

/// Who may decide about the rules is who signed them, and not who the draft says did.
#[tokio::test]
async fn who_left_takes_no_part_in_deciding_about_the_rules() {
    let w = Wereld::new().await;
    let concept = crate::versies::Concept::gelijk(&w, 2);
    uittreden(&w, &w.politie, 2, nu()).await;
    assert_eq!(code(concept.proberen(&w, &w.politie).await), ProblemCode::GeenPartij);
    concept.proberen(&w, &w.vt).await.unwrap();
}

/// A revoked key signed nothing that counts; the party signs again with another.
#[tokio::test]
async fn a_revoked_signature_counts_no_more() {
    let w = Wereld::new().await;
    let brief = antwoord(&w).await;
    assert_eq!(ondertekend(&w, &brief).await, Ondertekend::Beide);
    w.hub.ankers_vervangen(w.pki.anchors(std::slice::from_ref(&w.vt.serial)));
    let lijst = w.hub.convenantlijst().await.unwrap().convenanten;
    assert_eq!(lijst[0].partijen, 4);
}

/// A newcomer is held until it knows the rules (R44); its signature as a party says that it does, and what was held comes.
#[tokio::test]
async fn what_was_held_for_a_newcomer_comes_when_it_joins() {
    let w = Wereld::new().await;
    uittreden(&w, &w.vt, 2, nu()).await;
    let vermelding = Vermelding { bevestigd: Vec::new(), ..w.vt.vermelding(2) };
    let mede = medeonderteken(&w.beheerder, sign_vermelding(&w.vt.sleutel, &vermelding).unwrap(), nu()).unwrap();
    w.hub.vermelding_plaatsen(w.vt.oin, mede).await.unwrap();
    let (melding, _) = w.melding();
    assert_eq!(w.aangenomen(&melding).await.besluiten[0].stand, Ontvangerstand::InBehandeling);
    let open = async || w.store.open_leveringen(w.vt.oin, 9).await.unwrap().len();
    assert_eq!(open().await, 0);
    // It joins from a later moment: the hub looks again when that has come, and nobody has to ask.
    let weer = Toetreding { volgnummer: 3, vanaf: over_minuten(5), ..w.vt.toetredingsverklaring(&w.tekst) };
    toetreden(&w, &w.vt, &w.vt.toetreden(&w.beheerder, &weer)).await.unwrap();
    w.hub.beleid_bijhouden().await.unwrap();
    assert_eq!(open().await, 0);
    zet(&w.clock, over_minuten(5));
    w.hub.beleid_bijhouden().await.unwrap();
    assert_eq!(open().await, 1);
    let [levering] = w.ontvangt(&w.vt).await.try_into().unwrap();
    assert_eq!(levering.bericht.id, melding.id);
}

/// A covenant under another name than the examples: its parties sign it, and nobody is held for what it was called.
#[tokio::test]
async fn any_covenant_works_by_its_signatures_alone() {
    let w = Wereld::new().await;
    let mut bron = Convenantbron::lezen(crate::wereld::CONVENANT).unwrap();
    bron.convenant = "regio-aan-zee".parse().unwrap();
    bron.titel = "Convenant Regio aan Zee".to_owned();
    let bundel = Bundel::genereren(&bron, &inbreng_catalogue::Catalogus::ingebouwd().unwrap()).unwrap();
    let bundels = [w.bundels[0].clone(), jws::sign(&w.beheerder, Typ::Beleid, &bundel).unwrap()];
    w.hub.beleid_vervangen(&bundels).await.unwrap();
    let (mut melding, _) = w.melding();
    melding.convenant = "regio-aan-zee".to_owned();
    melding.beleid = inbreng_proof::digest_of(&bundel).unwrap();
    assert_eq!(w.aangenomen(&melding).await.besluiten[0].stand, Ontvangerstand::InBehandeling, "nobody signed it yet");
    for wie in [&w.politie, &w.vt] {
        let getekend = wie.toetreding(&bundel.tekst(), &w.beheerder);
        let gezien = w.hub.convenant(&bron.convenant).await.unwrap().stand;
        w.hub.toetreden(wie.oin, &bron.convenant, gezien, &getekend).await.unwrap();
    }
    assert_eq!(w.ontvangt(&w.vt).await.len(), 1);
    let (mut melding, _) = w.melding();
    melding.convenant = "regio-aan-zee".to_owned();
    melding.beleid = inbreng_proof::digest_of(&bundel).unwrap();
    assert!(w.aangenomen(&melding).await.besluiten[0].stand != Ontvangerstand::InBehandeling);
}
