//! Who of one case is who of another that it is joined with (58): what was refused, withdrawn or held back about the one counts for
//! the other, and no yes does.

use inbreng_domain::{
    CasusRef, PersoonRef,
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag},
};
use inbreng_proof::SystemRandomness;
use serde_json::json;

use crate::{
    effects::{medisch, toestemming},
    eigenaar::van,
    staken::{inbreng, met_ggz, voor_overleg},
    wereld::{Brief, Stuk, Wereld},
};

fn persoon() -> PersoonRef {
    PersoonRef::mint(&SystemRandomness)
}

fn samenvoegen(w: &Wereld, casus: CasusRef, met: CasusRef, paren: &[(PersoonRef, PersoonRef)]) -> Brief {
    let personen: Vec<_> = paren.iter().map(|(hier, daar)| json!({"hier": hier, "daar": daar})).collect();
    Brief::new(w, &w.vt, "zaak-samenvoegen").in_casus(casus).zegt(json!({"met": met, "personen": personen}))
}

#[tokio::test]
async fn a_no_about_a_person_counts_in_the_joined_case_and_a_yes_never_does() {
    let w = Wereld::new().await;
    let (een, _) = w.zaak().await;
    let (twee, _) = w.zaak().await;
    let (vraag_een, vraag_twee) = (w.vraag(een, &w.ggz).await, w.vraag(twee, &w.ggz).await);
    let (hier, daar, ander) = (persoon(), persoon(), persoon());
    w.aangenomen(&toestemming(&w, &w.ggz, een, hier, "gegeven", 5)).await;
    w.aangenomen(&toestemming(&w, &w.ggz, twee, ander, "gegeven", 1)).await;
    let gaat = async |casus, vraag, persoon| w.stuur(&medisch(&w, casus, vraag, persoon)).await.is_ok();
    assert!(gaat(een, vraag_een, hier).await && gaat(twee, vraag_twee, ander).await);

    // Joined, and who is who: the yes of the one case is none in the other.
    w.aangenomen(&samenvoegen(&w, een, twee, &[(hier, daar)])).await;
    assert!(!gaat(twee, vraag_twee, daar).await, "a yes is of its own case");
    // A no in the other case, under a lower number there, counts here: numbers of two cases say nothing of each other.
    w.aangenomen(&toestemming(&w, &w.ggz, twee, daar, "geweigerd", 1)).await;
    assert!(!gaat(een, vraag_een, hier).await, "refused by the same person in the joined case");
    assert!(gaat(twee, vraag_twee, ander).await, "another person");
    // The person says yes there after all: the own yes here stands again.
    w.aangenomen(&toestemming(&w, &w.ggz, twee, daar, "gegeven", 2)).await;
    assert!(gaat(een, vraag_een, hier).await && gaat(twee, vraag_twee, daar).await);

    // Who was taken for the same and is not: said again about these two cases it takes the place of what was said.
    w.aangenomen(&toestemming(&w, &w.ggz, twee, daar, "geweigerd", 3)).await;
    assert!(!gaat(een, vraag_een, hier).await);
    w.aangenomen(&samenvoegen(&w, een, twee, &[(persoon(), daar)])).await;
    assert!(gaat(een, vraag_een, hier).await);
}

#[tokio::test]
async fn a_withdrawal_in_the_joined_case_stops_what_was_not_delivered() {
    let w = Wereld::new().await;
    let (een, _) = w.zaak().await;
    let (twee, _) = w.zaak().await;
    let vraag = w.vraag(een, &w.ggz).await;
    w.vraag(twee, &w.ggz).await;
    let (hier, daar) = (persoon(), persoon());
    for (casus, wie) in [(een, hier), (twee, daar)] {
        w.aangenomen(&toestemming(&w, &w.ggz, casus, wie, "gegeven", 1)).await;
    }
    w.aangenomen(&samenvoegen(&w, twee, een, &[(daar, hier)])).await;
    let antwoord = medisch(&w, een, vraag, hier);
    w.aangenomen(&antwoord).await;
    let ingetrokken = Brief::new(&w, &w.ggz, "toestemming-ingetrokken").in_casus(twee).zegt(json!({
        "persoon": daar, "leeftijdsgroep": "18+", "door": "betrokkene", "eigenaar": w.ggz.oin,
        "ontvangers": [w.vt.oin], "categorieen": ["medisch"], "doelen": ["beoordelen"], "volgnummer": 2
    }));
    w.aangenomen(&ingetrokken).await;
    assert!(w.postvak(&w.vt).await.iter().all(|l| l.bericht.id != antwoord.id), "in force at once, also here");
}

/// Who holds it by the one case hears of a withdrawal in the other where it takes part in that; who does not may not learn of it (R16).
#[tokio::test]
async fn a_withdrawal_tells_who_received_in_the_joined_case_and_takes_part_in_this_one() {
    let w = Wereld::new().await;
    let een = met_ggz(&w).await;
    let (twee, _) = w.zaak().await;
    w.vraag(twee, &w.ggz).await;
    let (hier, daar) = (persoon(), persoon());
    w.aangenomen(&voor_overleg(&w, (een, hier), &[&w.vt, &w.wijkteam], Some("gegeven"), 1)).await;
    let samen = inbreng(&w, (een, hier), Categorie::Medisch, &[&w.vt, &w.wijkteam]);
    w.aangenomen(&samen).await;
    for wie in [&w.vt, &w.wijkteam] {
        assert!(van(&w.ontvangt(wie).await, samen.id).is_some(), "it has the part");
    }
    let intrekken = |nummer| voor_overleg(&w, (twee, daar), &[&w.vt, &w.wijkteam], None, nummer);
    let los = intrekken(1);
    w.aangenomen(&los).await;
    assert!(van(&w.postvak(&w.vt).await, los.id).is_none(), "two cases, two persons");
    w.aangenomen(&samenvoegen(&w, twee, een, &[(daar, hier)])).await;
    let woord = intrekken(2);
    w.aangenomen(&woord).await;
    let bij_vt = w.postvak(&w.vt).await;
    assert!(van(&bij_vt, woord.id).expect("told").besluiten[0].zin.contains("niet meer gebruiken"));
    assert!(van(&w.postvak(&w.wijkteam).await, woord.id).is_none(), "takes no part in this case");
}

#[tokio::test]
async fn an_embargo_on_a_person_holds_that_person_in_the_joined_case() {
    let w = Wereld::new().await;
    let (een, _) = w.zaak().await;
    let (twee, _) = w.zaak().await;
    let (hier, daar) = (persoon(), persoon());
    let vast = json!({"actie": "zetten", "omvang": "persoon", "persoon": hier, "zichtbaarheid": "gesloten",
        "herziening": crate::wereld::dagen(5), "volgnummer": 1});
    w.aangenomen(&Brief::new(&w, &w.politie, "embargo").in_casus(een).zegt(vast)).await;
    let melding = |wie: PersoonRef| {
        Brief::new(&w, &w.politie, "incidentmelding")
            .in_casus(twee)
            .aan(&[&w.vt])
            .met(Stuk::new(Categorie::Incident, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]).over(wie))
    };
    let stand = async |wie| w.aangenomen(&melding(wie)).await.besluiten[0].stand;
    assert_ne!(stand(daar).await, Ontvangerstand::InBehandeling);
    w.aangenomen(&samenvoegen(&w, een, twee, &[(hier, daar)])).await;
    assert_eq!(stand(daar).await, Ontvangerstand::InBehandeling);
    assert_ne!(stand(persoon()).await, Ontvangerstand::InBehandeling, "another person");
    // Who closes a case joins nobody.
    let mut sluiten = samenvoegen(&w, een, twee, &[(hier, daar)]);
    sluiten.variant = Some("sluiten".parse().unwrap());
    assert_eq!(w.code(&sluiten).await, ProblemCode::VerklaringOngeldig);
}
