//! A report of misdelivery (59) by who was not to have it: of a message that has no case, and by who takes part in nothing. Whoever got
//! it can say so, and it stays where it is until its owner has decided.

use inbreng_domain::{
    CasusRef,
    antwoorden::{Leveringstand, Plichtstand},
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Grondslag},
};
use serde_json::json;

use crate::{
    eigenaar::{delen, stand, van},
    wereld::{Brief, Organisatie, Stuk, Wereld, brief::bytes},
};

fn melding(w: &Wereld, wie: &Organisatie, over: &Brief) -> Brief {
    let brief = Brief::new(w, wie, "misplaatsing").zegt(json!({"bericht": over.id, "reden": "verkeerde-ontvanger"}));
    Brief { casus: over.casus, ..brief }
}

fn besluit(w: &Wereld, eigenaar: &Organisatie, op: &Brief, ja: &str, nummer: u32) -> Brief {
    let brief = Brief::new(w, eigenaar, "eigenaar-besluit").antwoord(op.id).zegt(json!({"besluit": ja, "volgnummer": nummer}));
    Brief { casus: op.casus, ..brief }
}

/// The duty to deal with it, of this owner.
async fn af_te_handelen(w: &Wereld, eigenaar: &Organisatie) -> Vec<Plichtstand> {
    let open = w.hub.plichten(eigenaar.oin).await.unwrap().plichten;
    open.into_iter().filter(|p| p.soort.as_str() == "misplaatsing-afhandelen").map(|p| p.stand).collect()
}

/// How much room the GGZ has, to the wijkteam and the OM, to be viewed: no case, nobody takes part in it.
fn capaciteit(w: &Wereld) -> Brief {
    let mut ruimte = Stuk::new(Categorie::Capaciteit, Doel::HulpStarten, Grondslag::Geen, &[&w.wijkteam, &w.vt]).alleen_inzien();
    ruimte.betrokkenen = Vec::new();
    Brief::new(w, &w.ggz, "capaciteitsbericht").aan(&[&w.wijkteam, &w.vt]).zegt(json!({"peildatum": "2026-11-20"})).met(ruimte)
}

#[tokio::test]
async fn what_has_no_case_is_reported_without_one_and_waits_for_its_owner() {
    let w = Wereld::new().await;
    let brief = capaciteit(&w);
    let deel = brief.delen[0].id;
    w.aangenomen(&brief).await;
    w.ontvangt(&w.wijkteam).await;
    let verzoek = || crate::reading::verzoek(&w.wijkteam, deel, Doel::HulpStarten);
    let lezen = async || w.hub.inzage(w.wijkteam.oin, deel, &verzoek()).await.map(|_| ()).map_err(|fout| fout.code());
    assert_eq!(lezen().await, Ok(()));

    // Who never got it says nothing of it, in the same words as of what is not there.
    for wie in [&w.om, &w.politie] {
        assert_eq!(w.code(&melding(&w, wie, &brief)).await, ProblemCode::CasusOngeldig);
    }
    assert_eq!(w.code(&melding(&w, &w.wijkteam, &capaciteit(&w))).await, ProblemCode::CasusOngeldig);

    let gemeld = melding(&w, &w.wijkteam, &brief);
    w.aangenomen(&gemeld).await;
    assert_eq!(lezen().await, Err(ProblemCode::NietGevonden), "frozen");
    // Also for who has not fetched it yet.
    assert!(van(&w.postvak(&w.vt).await, brief.id).is_none());
    assert_eq!(stand(&w, &w.ggz, brief.id).await.iter().filter(|s| **s == Leveringstand::InBehandeling).count(), 1);
    assert!(van(&w.ontvangt(&w.ggz).await, gemeld.id).is_some(), "its owner hears it");
    assert_eq!(af_te_handelen(&w, &w.ggz).await, [Plichtstand::Open]);

    // Only its owner decides. A no leaves it where it is; a yes lets it go, and the duty is met.
    assert_eq!(w.code(&besluit(&w, &w.wijkteam, &gemeld, "ja", 1)).await, ProblemCode::CasusOngeldig);
    w.aangenomen(&besluit(&w, &w.ggz, &gemeld, "nee", 1)).await;
    assert_eq!((lezen().await.is_err(), af_te_handelen(&w, &w.ggz).await), (true, vec![Plichtstand::Open]));
    w.aangenomen(&besluit(&w, &w.ggz, &gemeld, "ja", 2)).await;
    assert_eq!(lezen().await, Ok(()));
    assert_eq!(delen(van(&w.postvak(&w.vt).await, brief.id).unwrap()), [deel]);
    assert!(af_te_handelen(&w, &w.ggz).await.is_empty());

    // The same one does not stop it again; another may. A recall meets that too.
    assert_eq!(w.code(&melding(&w, &w.wijkteam, &brief)).await, ProblemCode::AlGemeld);
    w.aangenomen(&melding(&w, &w.vt, &brief)).await;
    assert_eq!(af_te_handelen(&w, &w.ggz).await.len(), 1);
    let terug = Brief::new(&w, &w.ggz, "intrekking").zegt(json!({"bericht": brief.id, "reden": "onjuist"}));
    w.aangenomen(&terug).await;
    assert_eq!(lezen().await, Err(ProblemCode::NietToegestaan));
    assert!(af_te_handelen(&w, &w.ggz).await.is_empty());
}

/// A school is no party of the covenant and takes part in nothing: Handle with Care about a child that is not on it.
#[tokio::test]
async fn a_school_reports_a_child_that_is_not_its_own() {
    let w = Wereld::new().await;
    let stuk = || Stuk::new(Categorie::Kind, Doel::KindSteunen, Grondslag::ZonderToestemming, &[&w.school]);
    let hwc = || Brief::new(&w, &w.politie, "handle-with-care").aan(&[&w.school]).met(stuk());
    let (gekregen, wacht) = (hwc(), hwc());
    w.aangenomen(&gekregen).await;
    w.ontvangt(&w.school).await;
    let gemeld = melding(&w, &w.school, &gekregen);
    w.aangenomen(&gemeld).await;
    assert!(van(&w.postvak(&w.politie).await, gemeld.id).is_some());
    assert_eq!(af_te_handelen(&w, &w.politie).await, [Plichtstand::Open]);
    // Of another message nothing is frozen; and its sender reports what it sent itself.
    w.aangenomen(&wacht).await;
    assert!(van(&w.postvak(&w.school).await, wacht.id).is_some());
    let zelf = melding(&w, &w.politie, &wacht);
    w.aangenomen(&zelf).await;
    let postvak = w.postvak(&w.school).await;
    assert!(van(&postvak, wacht.id).is_none() && van(&postvak, zelf.id).is_some(), "frozen, and told");
    assert_eq!(af_te_handelen(&w, &w.politie).await.len(), 2);
}

/// In a case: who was asked something and takes no part in it, and who left.
#[tokio::test]
async fn who_takes_no_part_in_the_case_reports_what_it_got_and_nothing_else() {
    let w = Wereld::new().await;
    let casus = crate::eigenaar::zaak(&w).await;
    let mut brief = Brief::new(&w, &w.vt, "veiligheidssignaal").in_casus(casus).aan(&[&w.wijkteam, &w.om]);
    let voor = [&w.wijkteam, &w.om];
    brief = brief.met(Stuk::new(Categorie::Risico, Doel::Plan, Grondslag::Convenant, &voor).alleen_inzien());
    let deel = brief.delen[0].id;
    w.aangenomen(&brief).await;
    for wie in voor {
        w.ontvangt(wie).await;
    }
    let weg = json!({"partner": w.wijkteam.oin, "actie": "beeindigen", "volgnummer": 9});
    w.aangenomen(&Brief::new(&w, &w.vt, "deelname").in_casus(casus).zegt(weg)).await;
    let lezen = async || {
        let verzoek = crate::reading::verzoek(&w.om, deel, Doel::Plan);
        w.hub.inzage(w.om.oin, deel, &verzoek).await.is_ok()
    };
    assert!(lezen().await);
    let gemeld = melding(&w, &w.wijkteam, &brief);
    w.aangenomen(&gemeld).await;
    assert!(!lezen().await, "frozen, for who is in the case as well");
    assert!(van(&w.postvak(&w.vt).await, gemeld.id).is_some());
    assert_eq!(af_te_handelen(&w, &w.vt).await, [Plichtstand::Open]);

    // Not of what it did not get, and it gets no place by it; to an outsider the case is not there.
    let vreemd = Brief::new(&w, &w.vt, "veiligheidssignaal").in_casus(casus).aan(&[&w.om]);
    let vreemd = vreemd.met(Stuk::new(Categorie::Risico, Doel::Plan, Grondslag::Convenant, &[&w.om]));
    w.aangenomen(&vreemd).await;
    let nergens = Brief { casus: Some(CasusRef::from_bytes(bytes())), ..melding(&w, &w.wijkteam, &brief) };
    let mut gezien = Vec::new();
    for poging in [melding(&w, &w.wijkteam, &vreemd), melding(&w, &w.ggz, &brief), nergens] {
        let fout = w.geweigerd(&poging.van, &poging.tekst()).await;
        assert_eq!(fout.code(), ProblemCode::NietToegestaan);
        gezien.push(serde_json::to_string(&fout.problem()).unwrap().replace(&poging.van.oin.to_string(), "wie"));
    }
    assert!(gezien.iter().all(|g| *g == gezien[0]), "{gezien:?}");
    let stuk = Stuk::new(Categorie::Risico, Doel::Plan, Grondslag::Convenant, &[&w.vt]);
    let signaal = Brief::new(&w, &w.wijkteam, "veiligheidssignaal").in_casus(casus).aan(&[&w.vt]).met(stuk);
    assert_eq!(w.code(&signaal).await, ProblemCode::NietToegestaan, "nor by a report");

    // Its owner answers who reported it, wherever that is by now.
    let antwoord = besluit(&w, &w.vt, &gemeld, "ja", 1);
    w.aangenomen(&antwoord).await;
    assert!(van(&w.postvak(&w.wijkteam).await, antwoord.id).is_some());
    assert!(lezen().await && af_te_handelen(&w, &w.vt).await.is_empty());
}

/// A message in a case of which the wijkteam has one part and the OM the other: each to be viewed.
async fn twee_delen(w: &Wereld, casus: CasusRef) -> Brief {
    let stuk = |voor| Stuk::new(Categorie::Risico, Doel::Plan, Grondslag::Convenant, &[voor]).alleen_inzien();
    let brief = Brief::new(w, &w.vt, "veiligheidssignaal").in_casus(casus).aan(&[&w.wijkteam, &w.om]);
    let brief = brief.met(stuk(&w.wijkteam)).met(stuk(&w.om));
    w.aangenomen(&brief).await;
    for wie in [&w.wijkteam, &w.om] {
        w.ontvangt(wie).await;
    }
    brief
}

#[tokio::test]
async fn a_recipient_stops_what_it_got_and_each_part_once() {
    let w = Wereld::new().await;
    let casus = crate::eigenaar::zaak(&w).await;
    let brief = twee_delen(&w, casus).await;
    let [van_wijkteam, van_om] = [0, 1].map(|i| brief.delen[i].id);
    let leest = async |wie: &Organisatie, deel| {
        w.hub.inzage(wie.oin, deel, &crate::reading::verzoek(wie, deel, Doel::Plan)).await.is_ok()
    };
    let stand = async || (leest(&w.wijkteam, van_wijkteam).await, leest(&w.om, van_om).await);
    let noemt = |delen: &[inbreng_domain::DeelId]| {
        let woord = json!({"bericht": brief.id, "delen": delen, "reden": "verkeerd-label"});
        Brief::new(&w, &w.wijkteam, "misplaatsing").in_casus(casus).zegt(woord)
    };
    assert_eq!(stand().await, (true, true));

    // Of a part that it did not get it hears what it hears of a message that is not there.
    let mut gezien = Vec::new();
    for poging in [noemt(&[van_om]), Brief { casus: Some(casus), ..melding(&w, &w.wijkteam, &capaciteit(&w)) }] {
        let fout = w.geweigerd(&w.wijkteam, &poging.tekst()).await;
        assert_eq!(fout.code(), ProblemCode::NietGelijk);
        gezien.push(serde_json::to_string(&fout.problem()).unwrap());
    }
    assert_eq!(gezien[0], gezien[1]);
    assert_eq!(stand().await, (true, true));

    // It names both, or the whole message: its own part stops, that of the other is read.
    let gemeld = noemt(&[van_om, van_wijkteam]);
    w.aangenomen(&gemeld).await;
    assert_eq!(stand().await, (false, true));
    assert_eq!(af_te_handelen(&w, &w.vt).await.len(), 1);
    for poging in [noemt(&[van_wijkteam]), melding(&w, &w.wijkteam, &brief)] {
        assert_eq!(w.code(&poging).await, ProblemCode::AlGemeld);
    }
    assert_eq!(af_te_handelen(&w, &w.vt).await.len(), 1, "one duty");
    w.aangenomen(&besluit(&w, &w.vt, &gemeld, "ja", 1)).await;
    assert_eq!(stand().await, (true, true));
    assert_eq!(w.code(&melding(&w, &w.wijkteam, &brief)).await, ProblemCode::AlGemeld, "its owner found it right");
    assert_eq!(stand().await, (true, true));
    w.aangenomen(&melding(&w, &w.om, &brief)).await;
    assert_eq!(stand().await, (true, false), "what another says counts");
    // Its owner stops all of it, once.
    w.aangenomen(&melding(&w, &w.vt, &brief)).await;
    assert_eq!(stand().await, (false, false));
    assert_eq!(w.code(&melding(&w, &w.vt, &brief)).await, ProblemCode::AlGemeld);
}
