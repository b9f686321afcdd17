//! Over-strictness (R34): each part and recipient once, only over months that are over, small numbers left out, one's own alone.

use inbreng_domain::{
    Oin, Tijdstip,
    problem::ProblemCode,
    strengheid::{Maand, ONDERGRENS, Strengheid, Strengheidssoort as Soort},
    vocabulary::{Categorie, Doel, Grondslag},
};
use inbreng_pipeline::strengheid::{TERMIJN, tellen};
use serde_json::json;

use crate::{
    authzen::vraag,
    check::verzoek,
    wereld::{Brief, Stuk, Wereld, nu},
};

fn maand() -> Maand {
    nu().to_string()[..7].parse().unwrap()
}

fn later() -> Tijdstip {
    maand().einde().plus(TERMIJN)
}

async fn geteld(w: &Wereld) -> Strengheid {
    tellen(w.store.as_ref(), maand(), TERMIJN, ONDERGRENS, later()).await.unwrap().unwrap()
}

fn aantal(geteld: &Strengheid, organisatie: Oin, soort: Soort) -> u64 {
    let hier = geteld.regels.iter().filter(|r| r.organisatie == organisatie && r.soort == soort);
    hier.map(|r| r.aantal).sum()
}

/// Medical data under the covenant, which is refused (R8) where consent would carry it.
async fn medisch(w: &Wereld, aantal: usize) -> Vec<Brief> {
    let (casus, _) = w.zaak().await;
    let gesteld = w.vraag(casus, &w.ggz).await;
    let brief = || {
        Brief::new(w, &w.ggz, "informatie-antwoord")
            .in_casus(casus)
            .antwoord(gesteld)
            .zegt(json!({"antwoord": "gedeeld"}))
            .met(Stuk::new(Categorie::Medisch, Doel::Beoordelen, Grondslag::Convenant, &[&w.vt]))
    };
    (0..aantal).map(|_| brief()).collect()
}

#[tokio::test]
async fn refusals_with_a_way_out_count_once_each() {
    let w = Wereld::new().await;
    for brief in medisch(&w, 6).await {
        // Asked twice and sent after all: one refusal of one part.
        for _ in 0..2 {
            w.hub.toetsen(w.ggz.oin, &verzoek(&brief)).await.unwrap();
        }
        assert_eq!(w.code(&brief).await, ProblemCode::NietToegestaan);
    }
    let telling = geteld(&w).await;
    assert_eq!(aantal(&telling, w.ggz.oin, Soort::GeweigerdMetAlternatief), 6);
    assert!(telling.regels.iter().all(|r| r.regel.nummer() == 8 && r.soort == Soort::GeweigerdMetAlternatief), "{telling:?}");
}

#[tokio::test]
async fn a_yes_that_is_not_followed_counts_and_one_that_is_does_not() {
    let w = Wereld::new().await;
    for keer in 0..8 {
        let (melding, _) = w.melding();
        // By either door, and again.
        w.hub.toetsen(w.politie.oin, &verzoek(&melding)).await.unwrap();
        w.hub.evaluatie(w.politie.oin, &serde_json::to_vec(&vraag(&melding, &w.politie)).unwrap()).await.unwrap();
        if keer < 2 {
            w.aangenomen(&melding).await;
        }
    }
    assert_eq!(aantal(&geteld(&w).await, w.politie.oin, Soort::ToegestaanNietGedeeld), 6);
}

#[tokio::test]
async fn an_answer_that_keeps_back_what_was_allowed_counts() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let antwoord = async |reden: &str, categorie: &str| {
        let gesteld = w.vraag(casus, &w.ggz).await;
        let niet = json!({"antwoord": "niet-gedeeld", "nietGedeeld": [{"categorie": categorie, "reden": reden}]});
        w.aangenomen(&Brief::new(&w, &w.ggz, "informatie-antwoord").in_casus(casus).antwoord(gesteld).zegt(niet)).await;
    };
    for _ in 0..5 {
        antwoord("niet-nodig", "hulp").await;
        // Not allowed anyway; a professional's own judgement (R9); nothing to share.
        antwoord("niet-nodig", "medisch").await;
        antwoord("beroepsgeheim", "hulp").await;
        antwoord("niet-aanwezig", "hulp").await;
    }
    let telling = geteld(&w).await;
    assert_eq!(aantal(&telling, w.ggz.oin, Soort::NietGedeeldMetReden), 5);
    assert_eq!(telling.regels.len(), 1, "{telling:?}");
    assert!(w.hub.controleer_logboek().await.is_ok());
}

#[tokio::test]
async fn small_numbers_are_left_out_and_an_open_month_is_not_counted() {
    let w = Wereld::new().await;
    for brief in medisch(&w, 4).await {
        w.hub.toetsen(w.ggz.oin, &verzoek(&brief)).await.unwrap();
    }
    assert!(geteld(&w).await.regels.is_empty());
    let net_niet = later().plus(-time::Duration::milliseconds(1));
    assert_eq!(tellen(w.store.as_ref(), maand(), TERMIJN, ONDERGRENS, net_niet).await.unwrap(), None);
    let fout = w.hub.strengheid(w.ggz.oin, maand()).await.unwrap_err();
    assert_eq!((fout.code(), fout.pad()), (ProblemCode::VeldOngeldig, Some("/maand")));
    // An earlier month holds nothing of this one.
    let vorige: Maand = "2026-01".parse().unwrap();
    assert!(tellen(w.store.as_ref(), vorige, TERMIJN, ONDERGRENS, later()).await.unwrap().unwrap().regels.is_empty());
}

/// What a covenant hides more of, the hub hides (R43).
#[tokio::test]
async fn below_what_the_covenant_sets_a_count_is_hidden() {
    let w = Wereld::onder("aantallen_ondergrens = 6").await;
    for brief in medisch(&w, 5).await {
        w.hub.toetsen(w.ggz.oin, &verzoek(&brief)).await.unwrap();
    }
    w.clock.advance(later().since(nu()));
    let eigen = w.hub.strengheid(w.ggz.oin, maand()).await.unwrap();
    assert_eq!((eigen.ondergrens, eigen.regels.len()), (6, 0));
}

#[tokio::test]
async fn an_organisation_sees_its_own() {
    let w = Wereld::new().await;
    for brief in medisch(&w, 5).await {
        w.hub.toetsen(w.ggz.oin, &verzoek(&brief)).await.unwrap();
        w.hub.toetsen(w.politie.oin, &verzoek(&w.melding().0)).await.unwrap();
    }
    w.clock.advance(later().since(nu()));
    for (wie, soort) in [(&w.ggz, Soort::GeweigerdMetAlternatief), (&w.politie, Soort::ToegestaanNietGedeeld)] {
        let eigen = w.hub.strengheid(wie.oin, maand()).await.unwrap();
        assert_eq!((eigen.maand, eigen.ondergrens, eigen.regels.len()), (maand(), 5, 1));
        assert_eq!(aantal(&eigen, wie.oin, soort), 5);
    }
    assert!(w.hub.strengheid(w.vt.oin, maand()).await.unwrap().regels.is_empty());
}
