//! Who got what its owner took back or corrected (46, 47): it is told, also where it only fetches, whomever the owner named; and it is
//! followed until a human there has read it (R1, R31).

use inbreng_domain::{
    CasusRef, Code, Oin, PersoonRef,
    antwoorden::{Leveringstand, Plichtregel, Plichtstand},
    limits::Limits,
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze},
};
use inbreng_proof::SystemRandomness;
use serde_json::json;

use crate::{
    eigenaar::{van, zaak},
    feiten::op_zaak,
    partijen::uittreden,
    terugval::leest,
    wereld::{Brief, Organisatie, Stuk, Wereld, dagen, over_minuten},
};

fn staken(plichten: Vec<Plichtregel>) -> Vec<(Oin, Plichtstand)> {
    let mut alle: Vec<_> = plichten
        .into_iter()
        .filter(|p| p.soort == Code::parse("gebruik-staken").unwrap())
        .map(|p| (p.schuldenaar, p.stand))
        .collect();
    alle.sort_by_key(|(oin, _)| *oin);
    alle
}

/// As its owner sees it.
async fn volgens(w: &Wereld, eigenaar: &Organisatie, brief: &Brief) -> Vec<(Oin, Plichtstand)> {
    staken(w.hub.status(eigenaar.oin, brief.id).await.unwrap().plichten)
}

async fn eigen(w: &Wereld, wie: &Organisatie) -> Vec<(Oin, Plichtstand)> {
    staken(w.hub.plichten(wie.oin).await.unwrap().plichten)
}

#[tokio::test]
async fn who_only_fetches_is_told_of_a_recall_and_followed_until_it_was_read() {
    let w = Wereld::new().await;
    let casus = zaak(&w).await;
    let mut stuk = Stuk::new(Categorie::Plan, Doel::Plan, Grondslag::Convenant, &[&w.om]);
    stuk.voor.push((w.vt.clone(), Toegangswijze::Meegeleverd));
    let plan = Brief::new(&w, &w.wijkteam, "veiligheidssignaal").in_casus(casus).aan(&[&w.om, &w.vt]).met(stuk);
    w.aangenomen(&plan).await;
    for wie in [&w.om, &w.vt] {
        assert!(van(&w.ontvangt(wie).await, plan.id).is_some(), "it has the part");
    }
    // Its owner names one of the two; both stop.
    let terug = Brief::new(&w, &w.wijkteam, "intrekking")
        .in_casus(casus)
        .aan(&[&w.om])
        .zegt(json!({"bericht": plan.id, "reden": "onjuist"}));
    w.aangenomen(&terug).await;
    let mut ieder = vec![(w.om.oin, Plichtstand::Open), (w.vt.oin, Plichtstand::Open)];
    ieder.sort_by_key(|(oin, _)| *oin);
    assert_eq!(volgens(&w, &w.wijkteam, &terug).await, ieder);
    let mut woorden = Vec::new();
    for wie in [&w.om, &w.vt] {
        let leveringen = w.ontvangt(wie).await;
        woorden.push(van(&leveringen, terug.id).expect("told, in its mailbox").clone());
        assert_eq!(eigen(&w, wie).await, [(wie.oin, Plichtstand::Open)], "a machine signed for it: nobody read it");
    }
    // Nobody else is told: the police took no part in it.
    assert!(van(&w.postvak(&w.politie).await, terug.id).is_none());

    w.clock.advance(time::Duration::days(10));
    let te_laat = |oin: Oin| (oin, Plichtstand::TeLaat);
    assert_eq!(eigen(&w, &w.vt).await, [te_laat(w.vt.oin)]);
    assert!(volgens(&w, &w.wijkteam, &terug).await.iter().all(|(_, stand)| *stand == Plichtstand::TeLaat), "its owner sees who");
    leest(&w, &w.om, &woorden[0]).await;
    let nu = volgens(&w, &w.wijkteam, &terug).await;
    assert!(nu.contains(&(w.om.oin, Plichtstand::Voldaan)) && nu.contains(&te_laat(w.vt.oin)), "{nu:?}");
    assert!(eigen(&w, &w.om).await.is_empty());
}

/// What is named beside consent, and what that is worth once consent is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Daarnaast {
    Niets,
    /// The covenant carries nothing medical (R8).
    Convenant,
    /// A label that speaks of danger, without a professional who decided (R9).
    Gevaar,
    /// With one.
    GevaarBesloten,
}

/// Consent withdrawn (42, R11): who received what rests on it alone stops, and is followed by who withdrew until it was read there; who has
/// another ground that holds hears which, and owes nothing.
#[tokio::test]
async fn who_received_on_consent_is_followed_and_who_has_another_ground_hears_it() {
    for ook in [Daarnaast::Niets, Daarnaast::Convenant, Daarnaast::Gevaar, Daarnaast::GevaarBesloten] {
        let w = Wereld::new().await;
        let (casus, _) = w.zaak().await;
        let vraag = w.vraag(casus, &w.ggz).await;
        let persoon = PersoonRef::mint(&SystemRandomness);
        w.aangenomen(&crate::effects::toestemming(&w, &w.ggz, casus, persoon, "gegeven", 1)).await;
        let mut antwoord = crate::effects::medisch(&w, casus, vraag, persoon);
        antwoord.delen[0].grondslagen.extend(match ook {
            Daarnaast::Niets => None,
            Daarnaast::Convenant => Some(Grondslag::Convenant),
            Daarnaast::Gevaar | Daarnaast::GevaarBesloten => Some(Grondslag::DoorbrekenBeroepsgeheim),
        });
        if ook == Daarnaast::GevaarBesloten {
            antwoord.delen[0] = antwoord.delen[0].clone().in_nood();
        }
        w.aangenomen(&antwoord).await;
        w.ontvangt(&w.vt).await;
        let intrekking = crate::feiten::intrekken(&w, casus, persoon, 2);
        w.aangenomen(&intrekking).await;
        let leveringen = w.ontvangt(&w.vt).await;
        let verteld = van(&leveringen, intrekking.id).expect("told, in its mailbox");
        let zin = &verteld.besluiten[0].zin;
        if ook == Daarnaast::GevaarBesloten {
            assert!(zin.contains("nog een andere grond: ernstig gevaar"), "{zin}");
            assert!(eigen(&w, &w.vt).await.is_empty() && volgens(&w, &w.ggz, &intrekking).await.is_empty());
            continue;
        }
        assert!(zin.contains("niet meer gebruiken"), "{ook:?}: {zin}");
        let met = |stand| [(w.vt.oin, stand)];
        assert_eq!(eigen(&w, &w.vt).await, met(Plichtstand::Open), "a machine signed for it: nobody read it");
        assert_eq!(volgens(&w, &w.ggz, &intrekking).await, met(Plichtstand::Open));
        w.clock.advance(time::Duration::days(10));
        assert_eq!(volgens(&w, &w.ggz, &intrekking).await, met(Plichtstand::TeLaat), "who withdrew sees who has not");
        leest(&w, &w.vt, verteld).await;
        assert_eq!(volgens(&w, &w.ggz, &intrekking).await, met(Plichtstand::Voldaan));
        assert!(eigen(&w, &w.vt).await.is_empty());
    }
}

/// What the GGZ writes down about this person for a meeting: `stand` is `None` where it is withdrawn.
pub(crate) fn voor_overleg(
    w: &Wereld,
    (casus, persoon): (CasusRef, PersoonRef),
    ontvangers: &[&Organisatie],
    stand: Option<&str>,
    nummer: u32,
) -> Brief {
    let ontvangers: Vec<_> = ontvangers.iter().map(|o| o.oin).collect();
    let mut woord = json!({
        "persoon": persoon, "leeftijdsgroep": "18+", "door": "betrokkene", "eigenaar": w.ggz.oin, "ontvangers": ontvangers,
        "categorieen": ["medisch", "hulp"], "doelen": ["analyse"], "volgnummer": nummer
    });
    let soort = stand.map_or("toestemming-ingetrokken", |stand| {
        woord["stand"] = json!(stand);
        woord["vanaf"] = json!("2026-11-21T09:00:00.000Z");
        woord["tot"] = json!("2027-11-21T09:00:00.000Z");
        "toestemming-gegeven"
    });
    Brief::new(w, &w.ggz, soort).in_casus(casus).zegt(woord)
}

/// A case in which the GGZ, the wijkteam and the OM take part too.
pub(crate) async fn met_ggz(w: &Wereld) -> CasusRef {
    let casus = zaak(w).await;
    let erbij = json!({"partner": w.ggz.oin, "actie": "toevoegen", "rol": "deelnemer", "volgnummer": 1});
    w.aangenomen(&Brief::new(w, &w.vt, "deelname").in_casus(casus).zegt(erbij)).await;
    casus
}

/// Of the GGZ, for a meeting.
pub(crate) fn inbreng(
    w: &Wereld,
    (casus, persoon): (CasusRef, PersoonRef),
    categorie: Categorie,
    voor: &[&Organisatie],
) -> Brief {
    Brief::new(w, &w.ggz, "inbreng-casusoverleg")
        .in_casus(casus)
        .aan(voor)
        .zegt(json!({"overlegOp": "2026-12-10"}))
        .met(Stuk::new(categorie, Doel::Analyse, Grondslag::Toestemming, voor).over(persoon))
}

/// Consent is given and withdrawn per recipient (R10): whom the withdrawal does not name keeps a consent of its own, hears nothing and
/// owes nothing.
#[tokio::test]
async fn who_is_not_named_in_the_withdrawal_hears_nothing_and_owes_nothing() {
    let w = Wereld::new().await;
    let waar = (met_ggz(&w).await, PersoonRef::mint(&SystemRandomness));
    w.aangenomen(&voor_overleg(&w, waar, &[&w.vt], Some("gegeven"), 1)).await;
    w.aangenomen(&voor_overleg(&w, waar, &[&w.wijkteam], Some("gegeven"), 2)).await;
    let samen = inbreng(&w, waar, Categorie::Medisch, &[&w.vt, &w.wijkteam]);
    w.aangenomen(&samen).await;
    for wie in [&w.vt, &w.wijkteam] {
        assert!(van(&w.ontvangt(wie).await, samen.id).is_some(), "it has the part");
    }
    let woord = voor_overleg(&w, waar, &[&w.vt], None, 3);
    w.aangenomen(&woord).await;
    assert!(van(&w.ontvangt(&w.vt).await, woord.id).unwrap().besluiten[0].zin.contains("niet meer gebruiken"));
    assert_eq!(eigen(&w, &w.vt).await, [(w.vt.oin, Plichtstand::Open)]);
    assert!(van(&w.ontvangt(&w.wijkteam).await, woord.id).is_none(), "its consent stands");
    assert!(eigen(&w, &w.wijkteam).await.is_empty());
    assert_eq!(volgens(&w, &w.ggz, &woord).await, [(w.vt.oin, Plichtstand::Open)]);
    // And it does stand: more goes to the one, and no more to the other.
    w.aangenomen(&inbreng(&w, waar, Categorie::Medisch, &[&w.wijkteam])).await;
    assert_eq!(w.code(&inbreng(&w, waar, Categorie::Medisch, &[&w.vt])).await, ProblemCode::NietToegestaan);
}

/// Less is withdrawn than was given (R11): who has what is not named hears nothing and owes nothing, and gets more of it.
#[tokio::test]
async fn what_a_withdrawal_does_not_name_stands() {
    let w = Wereld::new().await;
    let waar = (met_ggz(&w).await, PersoonRef::mint(&SystemRandomness));
    let beide = [&w.vt, &w.wijkteam];
    w.aangenomen(&voor_overleg(&w, waar, &beide, Some("gegeven"), 1)).await;
    let (medisch, hulp) = (inbreng(&w, waar, Categorie::Medisch, &[&w.vt]), inbreng(&w, waar, Categorie::Hulp, &[&w.wijkteam]));
    for (brief, wie) in [(&medisch, &w.vt), (&hulp, &w.wijkteam)] {
        w.aangenomen(brief).await;
        assert!(van(&w.ontvangt(wie).await, brief.id).is_some(), "it has the part");
    }
    let mut woord = voor_overleg(&w, waar, &beide, None, 2);
    woord.verklaring["categorieen"] = json!(["medisch"]);
    w.aangenomen(&woord).await;
    assert!(van(&w.ontvangt(&w.vt).await, woord.id).unwrap().besluiten[0].zin.contains("niet meer gebruiken"));
    assert!(van(&w.ontvangt(&w.wijkteam).await, woord.id).is_none(), "it has nothing medical");
    assert_eq!(volgens(&w, &w.ggz, &woord).await, [(w.vt.oin, Plichtstand::Open)]);
    for wie in beide {
        w.aangenomen(&inbreng(&w, waar, Categorie::Hulp, &[wie])).await;
        assert_eq!(w.code(&inbreng(&w, waar, Categorie::Medisch, &[wie])).await, ProblemCode::NietToegestaan);
    }
    // What a narrower yes took away before, no withdrawal brings back.
    let mut nauwer = voor_overleg(&w, waar, &beide, Some("gegeven"), 3);
    nauwer.verklaring["categorieen"] = json!(["medisch"]);
    w.aangenomen(&nauwer).await;
    assert_eq!(w.code(&inbreng(&w, waar, Categorie::Hulp, &[&w.vt])).await, ProblemCode::NietToegestaan);
    let mut weer = voor_overleg(&w, waar, &beide, None, 4);
    weer.verklaring["categorieen"] = json!(["medisch"]);
    w.aangenomen(&weer).await;
    for categorie in [Categorie::Hulp, Categorie::Medisch] {
        assert_eq!(w.code(&inbreng(&w, waar, categorie, &[&w.vt])).await, ProblemCode::NietToegestaan, "{categorie}");
    }
}

/// Decided on the covenant, with consent as its second ground (R11): as long as the covenant carries it, nothing ends for who has it, and it
/// hears nothing. Where it left the covenant since, consent was all there was.
#[tokio::test]
async fn who_has_it_on_another_ground_first_hears_it_only_where_that_ground_is_gone() {
    for vertrokken in [false, true] {
        let w = Wereld::new().await;
        let waar = (met_ggz(&w).await, PersoonRef::mint(&SystemRandomness));
        w.aangenomen(&voor_overleg(&w, waar, &[&w.om], Some("gegeven"), 1)).await;
        let mut brief = inbreng(&w, waar, Categorie::Hulp, &[&w.om]);
        brief.delen[0].grondslagen = vec![Grondslag::Convenant, Grondslag::Toestemming];
        w.aangenomen(&brief).await;
        assert!(van(&w.ontvangt(&w.om).await, brief.id).is_some(), "it has the part");
        if vertrokken {
            uittreden(&w, &w.om, 2, over_minuten(10)).await;
            w.clock.advance(time::Duration::minutes(11));
        }
        let woord = voor_overleg(&w, waar, &[&w.om], None, 2);
        w.aangenomen(&woord).await;
        let leveringen = w.ontvangt(&w.om).await;
        let zin = van(&leveringen, woord.id).map(|l| &l.besluiten[0].zin);
        assert_eq!(zin.is_some(), vertrokken);
        assert!(zin.is_none_or(|zin| zin.contains("niet meer gebruiken")), "{zin:?}");
        let plichten = if vertrokken { vec![(w.om.oin, Plichtstand::Open)] } else { Vec::new() };
        assert_eq!((eigen(&w, &w.om).await, volgens(&w, &w.ggz, &woord).await), (plichten.clone(), plichten));
    }
}

/// Delivered on consent for one purpose, and on the covenant for another: the later delivery does not hide the first.
#[tokio::test]
async fn what_went_on_for_another_purpose_hides_no_delivery_on_consent() {
    let w = Wereld::new().await;
    let waar = (met_ggz(&w).await, PersoonRef::mint(&SystemRandomness));
    w.aangenomen(&voor_overleg(&w, waar, &[&w.om], Some("gegeven"), 1)).await;
    let mut brief = inbreng(&w, waar, Categorie::Hulp, &[&w.om]);
    brief.delen[0].grondslagen.push(Grondslag::Convenant);
    crate::ander_doel::ook_voor_strafzaak(&w, &brief).await;
    let woord = voor_overleg(&w, waar, &[&w.om], None, 2);
    w.aangenomen(&woord).await;
    let leveringen = w.ontvangt(&w.om).await;
    let zin = &van(&leveringen, woord.id).expect("told").besluiten[0].zin;
    assert!(zin.contains("nog een andere grond: het convenant"), "{zin}");
    assert!(eigen(&w, &w.om).await.is_empty());
}

/// A correction that waits behind an embargo is told later, and is followed from then on.
#[tokio::test]
async fn a_correction_that_was_held_is_followed_once_it_goes() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let brief = crate::feiten::nog_een_melding(&w, casus);
    w.aangenomen(&brief).await;
    w.ontvangt(&w.vt).await;
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    let verbetering = Brief::new(&w, &w.politie, "rectificatie")
        .in_casus(casus)
        .zegt(json!({"bericht": brief.id, "deel": brief.delen[0].id, "soort": "verbeterd"}))
        .met(Stuk::new(Categorie::Incident, Doel::Verantwoording, Grondslag::WettelijkeTaak, &[&w.vt]));
    w.aangenomen(&verbetering).await;
    assert!(van(&w.postvak(&w.vt).await, verbetering.id).is_none());
    assert!(eigen(&w, &w.vt).await.is_empty(), "of what it does not know yet");
    w.aangenomen(&op_zaak(&w, casus, "opheffen", 2)).await;
    let leveringen = w.ontvangt(&w.vt).await;
    assert_eq!(eigen(&w, &w.vt).await, [(w.vt.oin, Plichtstand::Open)]);
    leest(&w, &w.vt, van(&leveringen, verbetering.id).unwrap()).await;
    assert_eq!(volgens(&w, &w.politie, &verbetering).await, [(w.vt.oin, Plichtstand::Voldaan)]);
}

/// The OM can fetch one part, Veilig Thuis the other.
async fn twee_sporen(w: &Wereld) -> Brief {
    let casus = zaak(w).await;
    twee_sporen_in(w, casus).await
}

async fn twee_sporen_in(w: &Wereld, casus: CasusRef) -> Brief {
    let stuk = |voor| Stuk::new(Categorie::Plan, Doel::Plan, Grondslag::Convenant, &[voor]);
    let plan = Brief::new(w, &w.wijkteam, "veiligheidssignaal").in_casus(casus).aan(&[&w.om, &w.vt]);
    let plan = plan.met(stuk(&w.om)).met(stuk(&w.vt));
    w.aangenomen(&plan).await;
    plan
}

fn terug(w: &Wereld, over: &Brief, verklaring: serde_json::Value) -> Brief {
    let mut woord = json!({"bericht": over.id, "reden": "onjuist"});
    woord.as_object_mut().unwrap().extend(verklaring.as_object().unwrap().clone());
    Brief::new(w, &over.van, "intrekking").in_casus(over.casus.unwrap()).zegt(woord)
}

#[tokio::test]
async fn who_has_another_part_of_the_message_hears_nothing_of_this_one() {
    let w = Wereld::new().await;
    let plan = twee_sporen(&w).await;
    for wie in [&w.om, &w.vt] {
        w.ontvangt(wie).await;
    }
    let (van_om, van_vt) = (plan.delen[0].id, plan.delen[1].id);
    // Nor by name; and nobody takes back a part of another message under the number of this one.
    let ander = terug(&w, &plan, json!({"delen": [van_om]})).aan(&[&w.vt]);
    assert_eq!(w.code(&ander).await, ProblemCode::NietGelijk);
    let vreemd = twee_sporen_in(&w, plan.casus.unwrap()).await.delen[0].id;
    assert_eq!(w.code(&terug(&w, &plan, json!({"delen": [van_om, vreemd]}))).await, ProblemCode::NietGelijk);
    let een = terug(&w, &plan, json!({"delen": [van_om]}));
    w.aangenomen(&een).await;
    assert!(van(&w.postvak(&w.om).await, een.id).is_some());
    assert!(van(&w.postvak(&w.vt).await, een.id).is_none());
    assert_eq!((eigen(&w, &w.om).await.len(), eigen(&w, &w.vt).await.len()), (1, 0));
    let beide = terug(&w, &plan, json!({"delen": [van_om, van_vt]}));
    w.aangenomen(&beide).await;
    for wie in [&w.om, &w.vt] {
        assert!(van(&w.postvak(wie).await, beide.id).is_some());
    }
}

/// What is held for somebody under an embargo, and taken back then: that one hears of neither.
#[tokio::test]
async fn for_whom_it_is_held_hears_nothing_of_its_recall() {
    for opgehaald in [true, false] {
        let w = Wereld::new().await;
        let (casus, _) = w.zaak().await;
        let brief = crate::feiten::nog_een_melding(&w, casus);
        w.aangenomen(&brief).await;
        if opgehaald {
            w.ontvangt(&w.vt).await;
        }
        let deel = json!({"actie": "zetten", "omvang": "deel", "deel": brief.delen[0].id, "zichtbaarheid": "gesloten",
            "herziening": dagen(5), "volgnummer": 1});
        w.aangenomen(&crate::feiten::embargo(&w, &w.politie, casus, deel)).await;
        assert!(van(&w.postvak(&w.vt).await, brief.id).is_none(), "held, or received before");
        let woord = terug(&w, &brief, json!({}));
        w.aangenomen(&woord).await;
        assert_eq!(van(&w.postvak(&w.vt).await, woord.id).is_some(), opgehaald);
        let verwacht = if opgehaald { Leveringstand::Ontvangen } else { Leveringstand::Vervallen };
        assert_eq!(crate::eigenaar::stand(&w, &w.politie, brief.id).await, [verwacht], "stopped all the same");
    }
}

/// Who has it is connected no more: its owner can tell nobody, and it is taken back all the same, at once.
#[tokio::test]
async fn what_only_those_have_who_left_is_taken_back_all_the_same() {
    let w = Wereld::new().await;
    let plan = twee_sporen(&w).await;
    w.ontvangt(&w.om).await;
    w.hub.ankers_vervangen(w.pki.anchors(&[w.om.serial.clone(), w.vt.serial.clone()]));
    let woord = terug(&w, &plan, json!({}));
    assert!(w.hub.toetsen(w.wijkteam.oin, &crate::check::verzoek(&woord)).await.unwrap().ontvangers.is_empty());
    assert!(w.aangenomen(&woord).await.besluiten.is_empty());
    // By name they cannot be found; a new version has nobody to be sealed for; and a report goes to its owner or to nobody.
    assert_eq!(w.code(&terug(&w, &plan, json!({})).aan(&[&w.om])).await, ProblemCode::OntvangerOnbekend);
    let verbetering = Brief::new(&w, &w.wijkteam, "rectificatie")
        .in_casus(plan.casus.unwrap())
        .zegt(json!({"bericht": plan.id, "deel": plan.delen[0].id, "soort": "verbeterd"}));
    let nieuw = Stuk::new(Categorie::Plan, Doel::Verantwoording, Grondslag::Convenant, &[&w.om]);
    assert_eq!(w.code(&verbetering.met(nieuw)).await, ProblemCode::OntvangerOnbekend);

    // Back again, they find what was not fetched taken back.
    w.hub.ankers_vervangen(w.pki.anchors(&[]));
    assert!(van(&w.postvak(&w.vt).await, plan.id).is_none());
    let mut standen = crate::eigenaar::stand(&w, &w.wijkteam, plan.id).await;
    standen.sort_by_key(|s| *s == Leveringstand::Vervallen);
    assert_eq!(standen, [Leveringstand::Ontvangen, Leveringstand::Vervallen]);
}

/// More have it than a message may have recipients: by what its owner gave further, or a fallback.
#[tokio::test]
async fn what_more_have_than_a_message_may_go_to_is_taken_back_from_all() {
    let w = Wereld::new().await;
    let plan = twee_sporen(&w).await;
    let nauw = w.hub_op(w.store.clone(), Limits { recipients: 1, ..Limits::default() }).await;
    let neemt = async |brief: &Brief| nauw.aannemen(brief.van.oin, &brief.tekst()).await.map_err(|fout| fout.code());
    assert_eq!(
        neemt(&terug(&w, &plan, json!({})).aan(&[&w.om, &w.vt])).await.unwrap_err(),
        ProblemCode::TeVeel,
        "of its own choice"
    );
    let woord = terug(&w, &plan, json!({})).aan(&[&w.om]);
    neemt(&woord).await.unwrap();
    for wie in [&w.om, &w.vt] {
        assert!(van(&w.postvak(wie).await, woord.id).is_some());
    }
    neemt(&terug(&w, &plan, json!({}))).await.unwrap();
}
