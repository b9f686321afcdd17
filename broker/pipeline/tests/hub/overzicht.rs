//! What was shared about a person, for that person (R33): told by who answers for the case, without what may not be told, and followed
//! until the person has its answer.

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    BerichtId, CasusRef, PersoonRef,
    antwoorden::Plichtstand,
    overzicht::{OVERZICHT_GEVEN, Overzicht, Overzichtverzoek, een_maand_na},
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Partnertype},
};
use inbreng_pipeline::{
    Fout,
    adl::Beslissingenlog,
    herstel::{heropenen, merken, ontbreken, stand},
};
use inbreng_policy::{Beleid, Naspel, Vastlegging};
use inbreng_proof::{SystemRandomness, Typ, canonical_string, jws, sha256};
use inbreng_storage::Besluitregel;
use serde_json::{Value, json};

use crate::{
    feiten::op_zaak,
    wereld::{Brief, Organisatie, Stuk, Wereld, nu},
};

/// The day on which the person asked, in these tests.
fn vandaag() -> String {
    nu().to_string()[..10].to_owned()
}

fn verzoek(w: &Wereld, van: &Organisatie, casus: CasusRef, persoon: PersoonRef) -> Overzichtverzoek {
    Overzichtverzoek {
        verzoek: BerichtId::mint(nu(), &SystemRandomness),
        casus,
        persoon,
        convenant: "voorbeeldregio".parse().unwrap(),
        gevraagd_op: vandaag().parse().unwrap(),
        organisatie: van.oin,
        functie: "casusregisseur".parse().unwrap(),
        tijd: inbreng_domain::Clock::now(&*w.clock),
        na: None,
    }
}

async fn vraagt(w: &Wereld, van: &Organisatie, verzoek: &Overzichtverzoek) -> Result<Overzicht, Fout> {
    w.hub.overzicht(van.oin, &jws::sign(&van.sleutel, Typ::Overzicht, verzoek).unwrap()).await
}

async fn overzicht(w: &Wereld, van: &Organisatie, casus: CasusRef, persoon: PersoonRef) -> Overzicht {
    vraagt(w, van, &verzoek(w, van, casus, persoon)).await.unwrap()
}

/// Who gave what to whom, in short.
fn kort(overzicht: &Overzicht) -> Vec<(inbreng_domain::Oin, inbreng_domain::Oin, Vec<Categorie>)> {
    overzicht.regels.iter().map(|r| (r.organisatie, r.ontvanger, r.categorieen.clone())).collect()
}

/// Of the police to Veilig Thuis, about this person, in this case.
async fn melding(w: &Wereld, casus: CasusRef, over: PersoonRef) -> Brief {
    let stuk = Stuk::new(Categorie::Incident, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]).over(over);
    let brief = Brief::new(w, &w.politie, "incidentmelding").in_casus(casus).aan(&[&w.vt]).met(stuk);
    w.aangenomen(&brief).await;
    brief
}

/// An answer of this partner to Veilig Thuis, about this person, for what it knows of help.
async fn antwoord(w: &Wereld, van: &Organisatie, casus: CasusRef, stuk: Stuk) {
    let vraag = w.vraag(casus, van).await;
    w.ontvangt(van).await;
    let brief = Brief::new(w, van, "informatie-antwoord").in_casus(casus).antwoord(vraag).zegt(json!({"antwoord": "gedeeld"}));
    w.aangenomen(&brief.met(stuk)).await;
}

fn hulp(w: &Wereld, over: PersoonRef) -> Stuk {
    Stuk::new(Categorie::Hulp, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]).over(over)
}

/// That a person was told (50).
fn vertelt(w: &Wereld, casus: CasusRef, persoon: PersoonRef, volgnummer: u32) -> Brief {
    let woord = json!({"persoon": persoon, "stand": "verteld", "volgnummer": volgnummer});
    Brief::new(w, &w.vt, "transparantiebericht").in_casus(casus).aan(&[&w.politie]).zegt(woord)
}

async fn open(w: &Wereld, wie: &Organisatie) -> Vec<(BerichtId, Plichtstand)> {
    let plichten = w.hub.plichten(wie.oin).await.unwrap().plichten;
    plichten.into_iter().filter(|p| p.soort.as_str() == OVERZICHT_GEVEN).map(|p| (p.bericht, p.stand)).collect()
}

#[tokio::test]
async fn who_answers_for_the_case_tells_a_person_who_had_what() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let [deze, ander] = [1, 2].map(|n| PersoonRef::from_bytes([n; 16]));
    melding(&w, casus, deze).await;
    melding(&w, casus, ander).await;
    assert!(kort(&overzicht(&w, &w.vt, casus, deze).await).is_empty(), "what waits nobody has had");
    w.ontvangt(&w.vt).await;
    antwoord(&w, &w.ggz, casus, hulp(&w, deze)).await;
    w.ontvangt(&w.vt).await;

    let een = overzicht(&w, &w.vt, casus, deze).await;
    let verwacht = [(w.politie.oin, w.vt.oin, vec![Categorie::Incident]), (w.ggz.oin, w.vt.oin, vec![Categorie::Hulp])];
    assert_eq!(kort(&een), verwacht);
    let regel = &een.regels[0];
    assert_eq!(
        (regel.berichttype.naam().as_str().as_ref(), regel.doelen.as_slice()),
        ("incidentmelding", &[Doel::Beoordelen][..])
    );
    assert!(regel.ontvangen_op >= regel.gedeeld_op && een.uiterlijk == een_maand_na(vandaag().parse().unwrap()));
    assert!(een.verplichtingen.iter().any(|p| p.regel.nummer() == 33), "whose rights are where");
    // Not about another, and not from another case.
    assert_eq!(overzicht(&w, &w.vt, casus, ander).await.regels.len(), 1);
    let (elders, _) = w.zaak().await;
    assert!(overzicht(&w, &w.vt, elders, deze).await.regels.is_empty());
}

#[tokio::test]
async fn only_who_answers_for_the_case_hears_it_and_an_outsider_hears_of_no_case() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let deze = PersoonRef::from_bytes([1; 16]);
    melding(&w, casus, deze).await;
    w.ontvangt(&w.vt).await;
    // Takes part, and answers for what it brought in itself alone.
    let fout = vraagt(&w, &w.politie, &verzoek(&w, &w.politie, casus, deze)).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::RolOntbreekt);
    // Takes no part: as for a case that is not there, and it leaves as much behind.
    let mut gezien = Vec::new();
    for casus in [casus, CasusRef::from_bytes(crate::wereld::brief::bytes())] {
        let voor = w.hub.tellingen().await.unwrap().bladen;
        let fout = vraagt(&w, &w.ggz, &verzoek(&w, &w.ggz, casus, deze)).await.unwrap_err();
        gezien.push((serde_json::to_vec(&fout.problem()).unwrap(), w.hub.tellingen().await.unwrap().bladen - voor));
        assert_eq!(fout.code(), ProblemCode::NietGevonden);
    }
    assert_eq!(gezien[0], gezien[1]);
    assert_eq!(gezien[0].1, 1, "that it was asked is in the log");
    for wie in [&w.politie, &w.ggz] {
        assert!(open(&w, wie).await.is_empty());
    }
    // Who directs the case answers for it, as long as it does.
    let regie = |actie: &str, rol: Option<&str>, nummer: u32| {
        let mut woord = json!({"partner": w.wijkteam.oin, "actie": actie, "volgnummer": nummer});
        if let Some(rol) = rol {
            woord["rol"] = json!(rol);
        }
        Brief::new(&w, &w.vt, "deelname").in_casus(casus).zegt(woord)
    };
    w.aangenomen(&regie("toevoegen", Some("casusregisseur"), 1)).await;
    assert_eq!(overzicht(&w, &w.wijkteam, casus, deze).await.regels.len(), 1);
    w.aangenomen(&regie("beeindigen", None, 2)).await;
    let fout = vraagt(&w, &w.wijkteam, &verzoek(&w, &w.wijkteam, casus, deze)).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::NietGevonden, "who has left hears of no case");
}

#[tokio::test]
async fn a_request_is_its_own_partners_of_now_and_about_what_was_asked_already() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let goed = verzoek(&w, &w.vt, casus, PersoonRef::from_bytes([1; 16]));
    let code = async |verzoek: Overzichtverzoek| vraagt(&w, &w.vt, &verzoek).await.unwrap_err().code();
    assert_eq!(code(Overzichtverzoek { organisatie: w.politie.oin, ..goed.clone() }).await, ProblemCode::NietGelijk);
    let oud = goed.tijd.plus(time::Duration::minutes(-6));
    assert_eq!(code(Overzichtverzoek { tijd: oud, ..goed.clone() }).await, ProblemCode::VeldOngeldig);
    let later = "2099-01-01".parse().unwrap();
    assert_eq!(code(Overzichtverzoek { gevraagd_op: later, ..goed.clone() }).await, ProblemCode::VeldOngeldig);
    let convenant = "een-ander".parse().unwrap();
    assert_eq!(code(Overzichtverzoek { convenant, ..goed.clone() }).await, ProblemCode::VeldOngeldig);
    let vreemd = jws::sign(&w.politie.sleutel, Typ::Overzicht, &goed).unwrap();
    assert_eq!(w.hub.overzicht(w.vt.oin, &vreemd).await.unwrap_err().code(), ProblemCode::HandtekeningOngeldig);
    let anders = jws::sign(&w.vt.sleutel, Typ::Inzage, &goed).unwrap();
    assert_eq!(w.hub.overzicht(w.vt.oin, &anders).await.unwrap_err().code(), ProblemCode::HandtekeningOngeldig);
    assert!(open(&w, &w.vt).await.is_empty());
}

#[tokio::test]
async fn what_is_under_an_embargo_is_left_out_and_nothing_shows_it() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let [deze, niemand] = [1, 9].map(|n| PersoonRef::from_bytes([n; 16]));
    melding(&w, casus, deze).await;
    w.ontvangt(&w.vt).await;
    assert_eq!(overzicht(&w, &w.vt, casus, deze).await.regels.len(), 1);
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    // The same words as of a person of whom there is nothing.
    let [verborgen, leeg] = [overzicht(&w, &w.vt, casus, deze).await, overzicht(&w, &w.vt, casus, niemand).await];
    let gelijk = |o: &Overzicht| {
        let mut o = serde_json::to_value(o).unwrap();
        for eigen in ["verzoek", "opgesteldOp"] {
            o.as_object_mut().unwrap().remove(eigen);
        }
        o
    };
    assert_eq!(gelijk(&verborgen), gelijk(&leeg));
    // Of another owner it hides nothing.
    antwoord(&w, &w.ggz, casus, hulp(&w, deze)).await;
    w.ontvangt(&w.vt).await;
    assert_eq!(kort(&overzicht(&w, &w.vt, casus, deze).await), [(w.ggz.oin, w.vt.oin, vec![Categorie::Hulp])]);
    w.aangenomen(&op_zaak(&w, casus, "opheffen", 2)).await;
    assert_eq!(overzicht(&w, &w.vt, casus, deze).await.regels.len(), 2);
}

fn vlag(w: &Wereld, casus: CasusRef, soort: &str) -> Brief {
    let personen = [PersoonRef::from_bytes([1; 16]), PersoonRef::from_bytes([2; 16])];
    let mut woord = json!({"soort": soort, "actie": "zetten", "volgnummer": 1});
    if soort == "pleger-slachtoffer" {
        woord["personen"] = json!(personen);
    }
    Brief::new(w, &w.vt, "vlag").in_casus(casus).zegt(woord)
}

#[tokio::test]
async fn a_flag_keeps_it_from_the_person_who_still_hears_within_the_month() {
    for (soort, regel) in [("pleger-slachtoffer", 23), ("eergerelateerd", 25)] {
        let w = Wereld::new().await;
        let (casus, _) = w.zaak().await;
        let deze = PersoonRef::from_bytes([1; 16]);
        melding(&w, casus, deze).await;
        w.ontvangt(&w.vt).await;
        w.aangenomen(&vlag(&w, casus, soort)).await;
        let fout = vraagt(&w, &w.vt, &verzoek(&w, &w.vt, casus, deze)).await.unwrap_err();
        assert_eq!(fout.code(), ProblemCode::NietToegestaan);
        let [besluit] = fout.besluiten() else { panic!("{fout:?}") };
        assert_eq!((besluit.stand, besluit.regels[0].nummer()), (Ontvangerstand::Geweigerd, regel), "{besluit:?}");
        let blad = w.hub.tellingen().await.unwrap().bladen - 1;
        assert_eq!(w.store.bladen(blad, 1).await.unwrap()[0].soort.to_string(), "overzicht");
        // It stands all the same: the person is told that it does not come, and where it may turn to (GDPR art. 12(4)).
        let [(_, stand)] = open(&w, &w.vt).await[..] else { panic!("one duty") };
        assert_eq!(stand, Plichtstand::Open);
        w.aangenomen(&vertelt(&w, casus, PersoonRef::from_bytes([7; 16]), 1)).await;
        w.clock.advance(time::Duration::days(33));
        assert_eq!(open(&w, &w.vt).await[0].1, Plichtstand::TeLaat, "another was told");
        w.clock.advance(time::Duration::days(-33));
        w.aangenomen(&vertelt(&w, casus, deze, 2)).await;
        assert!(open(&w, &w.vt).await.is_empty(), "told, in a conversation");
    }
    // What the prosecution shared stays in its own part of the meeting; what others shared is told (R22).
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let deze = PersoonRef::from_bytes([1; 16]);
    melding(&w, casus, deze).await;
    let erbij = json!({"partner": w.om.oin, "actie": "toevoegen", "rol": "deelnemer", "volgnummer": 1});
    w.aangenomen(&Brief::new(&w, &w.vt, "deelname").in_casus(casus).zegt(erbij)).await;
    let stuk = Stuk::new(Categorie::Straf, Doel::Plan, Grondslag::WettelijkeTaak, &[&w.vt]).over(deze);
    let zitting = Brief::new(&w, &w.om, "strafproces-gebeurtenis").in_casus(casus).aan(&[&w.vt]);
    w.aangenomen(&zitting.zegt(json!({"soort": "zitting", "op": "2027-01-14"})).met(stuk)).await;
    w.ontvangt(&w.vt).await;
    let alleen = [(w.politie.oin, w.vt.oin, vec![Categorie::Incident])];
    assert_eq!(kort(&overzicht(&w, &w.vt, casus, deze).await), alleen, "not in an undivided case either");
    w.aangenomen(&vlag(&w, casus, "om-client")).await;
    assert_eq!(kort(&overzicht(&w, &w.vt, casus, deze).await), [(w.politie.oin, w.vt.oin, vec![Categorie::Incident])]);
}

#[tokio::test]
async fn a_pair_that_is_kept_apart_is_no_third_person() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let [een, twee, derde] = [1, 2, 3].map(|n| PersoonRef::from_bytes([n; 16]));
    melding(&w, casus, derde).await;
    // About all of the household: it says where and when somebody helped one of the pair.
    let mut samen = hulp(&w, derde);
    samen.betrokkenen.push(een);
    antwoord(&w, &w.ggz, casus, samen).await;
    w.ontvangt(&w.vt).await;
    assert_eq!(overzicht(&w, &w.vt, casus, derde).await.regels.len(), 2);
    w.aangenomen(&vlag(&w, casus, "pleger-slachtoffer")).await;
    for paar in [een, twee] {
        let fout = vraagt(&w, &w.vt, &verzoek(&w, &w.vt, casus, paar)).await.unwrap_err();
        assert_eq!((fout.code(), fout.besluiten()[0].regels[0].nummer()), (ProblemCode::NietToegestaan, 23), "both ways");
    }
    let verteld = overzicht(&w, &w.vt, casus, derde).await;
    assert_eq!(kort(&verteld), [(w.politie.oin, w.vt.oin, vec![Categorie::Incident])], "nothing of the other");
    // The family that watches watches all of the case (R25).
    w.aangenomen(&vlag(&w, casus, "eergerelateerd")).await;
    let fout = vraagt(&w, &w.vt, &verzoek(&w, &w.vt, casus, derde)).await.unwrap_err();
    assert_eq!(fout.besluiten()[0].regels[0].nummer(), 25);
}

/// Veilig Thuis joins two cases, and says who is who in them.
fn samenvoegen(w: &Wereld, casus: CasusRef, met: CasusRef, personen: &[[PersoonRef; 2]]) -> Brief {
    let personen: Vec<Value> = personen.iter().map(|[hier, daar]| json!({"hier": hier, "daar": daar})).collect();
    let mut woord = json!({"met": met});
    if !personen.is_empty() {
        woord["personen"] = json!(personen);
    }
    Brief::new(w, &w.vt, "zaak-samenvoegen").in_casus(casus).zegt(woord)
}

#[tokio::test]
async fn of_cases_that_count_as_one_a_person_gets_one_overview() {
    let w = Wereld::new().await;
    let [(een, _), (twee, _)] = [w.zaak().await, w.zaak().await];
    let [hier, daar, ander] = [1, 2, 3].map(|n| PersoonRef::from_bytes([n; 16]));
    melding(&w, een, hier).await;
    melding(&w, twee, daar).await;
    antwoord(&w, &w.ggz, twee, hulp(&w, daar)).await;
    melding(&w, twee, ander).await;
    melding(&w, een, hier).await;
    w.ontvangt(&w.vt).await;
    let (politie, ggz) = (Categorie::Incident, Categorie::Hulp);
    let van = |een: &Organisatie, wat: Categorie| (een.oin, w.vt.oin, vec![wat]);
    assert_eq!(overzicht(&w, &w.vt, een, hier).await.regels.len(), 2, "two cases");
    // Joined, and nobody said who is who.
    w.aangenomen(&samenvoegen(&w, een, twee, &[])).await;
    assert_eq!(overzicht(&w, &w.vt, een, hier).await.regels.len(), 2, "nobody said that it is the same person");
    w.aangenomen(&samenvoegen(&w, een, twee, &[[hier, daar]])).await;
    // Asked in either, in the order in which it was shared; of nobody else.
    let alles = [van(&w.politie, politie), van(&w.politie, politie), van(&w.ggz, ggz), van(&w.politie, politie)];
    for (casus, persoon) in [(een, hier), (twee, daar)] {
        assert_eq!(kort(&overzicht(&w, &w.vt, casus, persoon).await), alles);
    }
    assert_eq!(overzicht(&w, &w.vt, twee, ander).await.regels.len(), 1);
    // Who answers for the one alone hears of the other nothing, in the same words.
    let regie = json!({"partner": w.wijkteam.oin, "actie": "toevoegen", "rol": "casusregisseur", "volgnummer": 1});
    w.aangenomen(&Brief::new(&w, &w.vt, "deelname").in_casus(een).zegt(regie)).await;
    let eigen = overzicht(&w, &w.wijkteam, een, hier).await;
    assert_eq!(kort(&eigen), [van(&w.politie, politie), van(&w.politie, politie)]);
    assert_eq!(eigen.zin, overzicht(&w, &w.vt, een, hier).await.zin);
    // What withholds in the one withholds in the other.
    w.aangenomen(&op_zaak(&w, twee, "zetten", 1)).await;
    assert_eq!(kort(&overzicht(&w, &w.vt, een, hier).await), [van(&w.ggz, ggz)]);
}

#[tokio::test]
async fn a_flag_on_a_pair_in_a_joined_case_holds_where_nobody_said_who_is_who() {
    let w = Wereld::new().await;
    let [(een, _), (twee, _)] = [w.zaak().await, w.zaak().await];
    let [a, b, derde] = [1, 2, 3].map(|n| PersoonRef::from_bytes([n; 16]));
    let [a_daar, b_daar] = [11, 12].map(|n| PersoonRef::from_bytes([n; 16]));
    melding(&w, een, derde).await;
    w.ontvangt(&w.vt).await;
    let woord = json!({"soort": "pleger-slachtoffer", "personen": [a_daar, b_daar], "actie": "zetten", "volgnummer": 1});
    w.aangenomen(&Brief::new(&w, &w.vt, "vlag").in_casus(twee).zegt(woord)).await;
    assert_eq!(overzicht(&w, &w.vt, een, derde).await.regels.len(), 1, "another case");
    w.aangenomen(&samenvoegen(&w, een, twee, &[[a, a_daar]])).await;
    let geweigerd = async |persoon| {
        let fout = vraagt(&w, &w.vt, &verzoek(&w, &w.vt, een, persoon)).await.unwrap_err();
        assert_eq!((fout.code(), fout.besluiten()[0].regels[0].nummer()), (ProblemCode::NietToegestaan, 23));
    };
    geweigerd(derde).await;
    w.aangenomen(&samenvoegen(&w, een, twee, &[[a, a_daar], [b, b_daar]])).await;
    assert_eq!(overzicht(&w, &w.vt, een, derde).await.regels.len(), 1, "it is none of the pair");
    for paar in [a, b] {
        geweigerd(paar).await;
    }
}

#[tokio::test]
async fn what_one_answer_cannot_hold_stands_in_the_next() {
    const MEER: usize = 503;
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let [deze, ander] = [1, 2].map(|n| PersoonRef::from_bytes([n; 16]));
    for _ in 0..MEER {
        melding(&w, casus, deze).await;
        w.ontvangt(&w.vt).await;
    }
    melding(&w, casus, ander).await;
    w.ontvangt(&w.vt).await;
    let eerste = overzicht(&w, &w.vt, casus, deze).await;
    let verder = eerste.verder.expect("there is more");
    assert_eq!(eerste.regels.len(), 500);
    assert!(serde_json::to_vec(&eerste).unwrap().len() < 300 * 1024);
    let vervolg = Overzichtverzoek { na: Some(verder), ..verzoek(&w, &w.vt, casus, deze) };
    let rest = vraagt(&w, &w.vt, &vervolg).await.unwrap();
    assert_eq!((rest.regels.len(), rest.verder), (MEER - 500, None));
    assert!(rest.regels[0].gedeeld_op >= eerste.regels[499].gedeeld_op);
    assert_eq!(open(&w, &w.vt).await.len(), 1, "one question");
    // It counts for this person in this case alone.
    for (casus, persoon) in [(casus, ander), (w.zaak().await.0, deze)] {
        let elders = Overzichtverzoek { na: Some(verder), ..verzoek(&w, &w.vt, casus, persoon) };
        assert_eq!(vraagt(&w, &w.vt, &elders).await.unwrap_err().code(), ProblemCode::VeldOngeldig);
    }
    // What is left out neither fills an answer nor makes one go on.
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    antwoord(&w, &w.ggz, casus, hulp(&w, deze)).await;
    w.ontvangt(&w.vt).await;
    let verborgen = overzicht(&w, &w.vt, casus, deze).await;
    assert_eq!((kort(&verborgen), verborgen.verder), (vec![(w.ggz.oin, w.vt.oin, vec![Categorie::Hulp])], None));
}

/// The records of what was decided on deliveries for a person.
async fn vertelrecords(w: &Wereld) -> Vec<Besluitregel> {
    let besluiten = w.store.besluiten(0, 1000).await.unwrap();
    besluiten.into_iter().filter(|b| b.record.contains("\"overzicht\":")).collect()
}

#[tokio::test]
async fn what_was_told_and_what_not_is_in_the_records_of_the_hub_and_comes_out_the_same() {
    let w = Wereld::new().await;
    let opvang = w.pki.organisatie("00000001000000000008", "Opvang Voorbeeld", Partnertype::Vrouwenopvang, &w.beheerder);
    w.hub.gids_vullen(vec![opvang.gids.clone()]).await.unwrap();
    w.hub.partijen_vullen(vec![opvang.toetreding(&w.tekst, &w.beheerder)]).await.unwrap();
    let (casus, _) = w.zaak().await;
    let [deze, niemand] = [1, 9].map(|n| PersoonRef::from_bytes([n; 16]));
    for _ in 0..3 {
        melding(&w, casus, deze).await;
    }
    antwoord(&w, &w.ggz, casus, hulp(&w, deze)).await;
    let mut kind = Stuk::new(Categorie::Kind, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]).over(deze);
    kind.afgeschermd = JaNee::Ja;
    antwoord(&w, &w.ggz, casus, kind).await;
    antwoord(&w, &opvang, casus, hulp(&w, deze)).await;
    w.ontvangt(&w.vt).await;
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;

    // However much is left out, the log grows by one leaf: everyone sees its head.
    let mut gegroeid = Vec::new();
    for persoon in [niemand, deze] {
        let voor = w.hub.tellingen().await.unwrap().bladen;
        let gezien = overzicht(&w, &w.vt, casus, persoon).await;
        assert!(!serde_json::to_string(&gezien).unwrap().contains("groepen"));
        gegroeid.push((gezien.regels.len(), w.hub.tellingen().await.unwrap().bladen - voor));
    }
    assert_eq!(gegroeid, [(0, 1), (1, 1)]);

    let records = vertelrecords(&w).await;
    let bundel: Value = jws::verify(&w.bundels[0], Typ::Beleid, w.beheerder.verifying_key()).unwrap();
    let catalogus = Catalogus::ingebouwd().unwrap();
    let beleid = Beleid::laden(serde_json::from_value(bundel).unwrap(), w.beleid(), &catalogus).unwrap();
    let mut gezien = Vec::new();
    for regel in &records {
        let toen: Vastlegging<'_> = serde_json::from_str(&regel.record).unwrap();
        assert_eq!(beleid.naspelen(&toen), Naspel::Gelijk);
        assert_eq!(canonical_string(&toen).unwrap(), regel.record);
        assert!(beleid.voor_afzender(&toen).is_none(), "for no organisation");
        for geheim in [deze.to_string(), casus.to_string()] {
            assert!(!regel.record.contains(&geheim), "{}", regel.record);
        }
        let overzicht = toen.overzicht.as_ref().unwrap();
        for groep in &overzicht.groepen {
            let van = toen.verzoek.van_oin.unwrap();
            let regel = groep.regel.or(toen.besluit.regels.first().copied().filter(|_| !toen.besluit.uitkomst.levert()));
            gezien.push((van, groep.ontvanger.unwrap(), groep.categorie, regel.map(|r| r.nummer())));
        }
        // What was left out by a rule does not become told by writing so.
        let mut anders = toen.clone().into_owned();
        for groep in &mut anders.overzicht.as_mut().unwrap().to_mut().groepen {
            groep.regel = if groep.regel.is_some() { None } else { "R24".parse().ok() };
        }
        assert!(matches!(beleid.naspelen(&anders), Naspel::Anders { velden, .. } if velden == ["overzicht"]));
    }
    gezien.sort();
    let mut verwacht = vec![
        (w.politie.oin, w.vt.oin, Categorie::Incident, Some(20)),
        (w.ggz.oin, w.vt.oin, Categorie::Hulp, None),
        (w.ggz.oin, w.vt.oin, Categorie::Kind, Some(26)),
        (opvang.oin, w.vt.oin, Categorie::Hulp, Some(24)),
    ];
    verwacht.sort();
    assert_eq!(gezien, verwacht, "three alike are one");

    // The leaf has them by their digests, in their order; the decision log shows them to the supervisor as one call.
    let (omvang, _) = w.store.hoofd().await.unwrap();
    let blad: Value = serde_json::from_str(&w.store.bladen(omvang - 1, 1).await.unwrap()[0].record).unwrap();
    let digests: Vec<Value> = records.iter().map(|r| json!(sha256(r.record.as_bytes()))).collect();
    assert_eq!(blad["verteld"], json!(digests));
    let mut log = Beslissingenlog::lezen(w.store.as_ref(), None, None, None);
    let mut regels = Vec::new();
    while let Some(bladzijde) = log.bladzijde().await.unwrap() {
        regels.extend(bladzijde);
    }
    let laatste = serde_json::to_value(&regels.last().unwrap().body).unwrap();
    let antwoorden = laatste["adl.core.response"]["evaluations"].as_array().unwrap();
    assert_eq!(antwoorden.len(), 1 + records.len(), "{laatste}");
    assert!(antwoorden[1..].iter().all(|a| a["context"]["overzicht"]["groepen"].is_array()), "{laatste}");
}

#[tokio::test]
async fn neither_a_shelter_nor_what_a_child_told_for_professionals_shows() {
    let w = Wereld::new().await;
    let opvang = w.pki.organisatie("00000001000000000008", "Opvang Voorbeeld", Partnertype::Vrouwenopvang, &w.beheerder);
    w.hub.gids_vullen(vec![opvang.gids.clone()]).await.unwrap();
    w.hub.partijen_vullen(vec![opvang.toetreding(&w.tekst, &w.beheerder)]).await.unwrap();
    let (casus, _) = w.zaak().await;
    let deze = PersoonRef::from_bytes([1; 16]);
    melding(&w, casus, deze).await;
    antwoord(&w, &opvang, casus, hulp(&w, deze)).await;
    let mut kind = Stuk::new(Categorie::Kind, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]).over(deze);
    kind.afgeschermd = JaNee::Ja;
    antwoord(&w, &w.ggz, casus, kind).await;
    assert_eq!(w.ontvangt(&w.vt).await.len(), 4, "all of it was received");
    assert_eq!(kort(&overzicht(&w, &w.vt, casus, deze).await), [(w.politie.oin, w.vt.oin, vec![Categorie::Incident])]);
}

#[tokio::test]
async fn the_answer_is_owed_within_a_month_and_met_when_the_person_was_told() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let deze = PersoonRef::from_bytes([1; 16]);
    let eerste = verzoek(&w, &w.vt, casus, deze);
    vraagt(&w, &w.vt, &eerste).await.unwrap();
    // Drawn up once more, it is the same request.
    vraagt(&w, &w.vt, &verzoek(&w, &w.vt, casus, deze)).await.unwrap();
    assert_eq!(open(&w, &w.vt).await, [(eerste.verzoek, Plichtstand::Open)]);
    assert!(open(&w, &w.politie).await.is_empty());
    w.clock.advance(time::Duration::days(33));
    assert_eq!(open(&w, &w.vt).await, [(eerste.verzoek, Plichtstand::TeLaat)]);
    w.clock.advance(time::Duration::days(-33));
    w.aangenomen(&vertelt(&w, casus, PersoonRef::from_bytes([2; 16]), 1)).await;
    assert_eq!(open(&w, &w.vt).await.len(), 1, "another was told");
    w.aangenomen(&vertelt(&w, casus, deze, 2)).await;
    assert!(open(&w, &w.vt).await.is_empty());
}

/// The duty is there again, once, on the request of then; of before the copy and without a restoration an old request counts no more.
#[tokio::test]
async fn a_hub_that_was_put_back_takes_again_what_was_asked_since_its_copy() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let gevraagd = verzoek(&w, &w.vt, casus, PersoonRef::from_bytes([1; 16]));
    let eerder = Overzichtverzoek { tijd: gevraagd.tijd.plus(time::Duration::hours(-1)), ..gevraagd.clone() };
    w.clock.advance(time::Duration::minutes(20));
    assert_eq!(vraagt(&w, &w.vt, &gevraagd).await.unwrap_err().code(), ProblemCode::VeldOngeldig);
    let random = SystemRandomness;
    merken(w.store.as_ref(), w.clock.as_ref(), &random).await.unwrap();
    let terug = w.hub_op_klok(w.clock.clone()).await;
    let brengt = async |verzoek: &Overzichtverzoek| {
        terug.overzicht(w.vt.oin, &jws::sign(&w.vt.sleutel, Typ::Overzicht, verzoek).unwrap()).await
    };
    assert_eq!(brengt(&gevraagd).await.unwrap_err().code(), ProblemCode::KnooppuntHersteld, "closed still");
    let zonder = ontbreken(w.store.as_ref(), &stand(w.store.as_ref()).await.unwrap().unwrap()).await.unwrap();
    assert!(heropenen(w.store.as_ref(), &zonder, w.clock.as_ref(), &random).await.unwrap());
    for _ in 0..2 {
        brengt(&gevraagd).await.unwrap();
        assert_eq!(open(&w, &w.vt).await, [(gevraagd.verzoek, Plichtstand::Open)]);
    }
    assert_eq!(brengt(&eerder).await.unwrap_err().code(), ProblemCode::VeldOngeldig);
}
