//! What a version would have changed: own messages each, of others counts in fives over whole days.

use inbreng_domain::{Uitkomst, problem::ProblemCode, versie::Versiehandeling};

use super::{Concept, code, dag, morgen, zet};
use crate::{
    feiten::{nog_een_melding, op_zaak},
    wereld::{Wereld, nu},
};

#[tokio::test]
async fn a_simulation_shows_ones_own_changes_and_of_others_counts_in_fives() {
    let w = Wereld::new().await;
    for _ in 0..2 {
        w.aangenomen(&w.melding().0).await;
    }
    let (casus, _) = w.zaak().await;
    w.vraag(casus, &w.ggz).await;
    // What an embargo lies on would be the fifth.
    let (onder_embargo, _) = w.zaak().await;
    w.aangenomen(&op_zaak(&w, onder_embargo, "zetten", 1)).await;
    w.aangenomen(&nog_een_melding(&w, onder_embargo)).await;
    zet(&w.clock, morgen());
    let concept = Concept::strenger(&w, 2);
    let stand = concept.ingediend(&w, &w.politie).await.regel.stand;
    let stand = concept.getest(&w, &w.politie, stand).await;
    let (stand, _) = concept.gesimuleerd(&w, &w.politie, stand).await;
    let uitslag = async || w.hub.versie(concept.versie).await.unwrap().simulatie.unwrap().uitslag;
    let geteld = uitslag().await;
    let telling = &geteld.telling;
    assert_eq!((telling.gewijzigd, geteld.ondergrens), (inbreng_policy::simulatie::Richtingtelling::default(), Some(5)));
    assert!(telling.bekeken > 0 && telling.bekeken % 5 == 0 && telling.gelijk % 5 == 0);
    assert!(telling.per_regel.is_empty() && telling.per_organisatie.is_empty(), "four, and one under embargo: {telling:?}");
    // Three more the next day: seven, of which five are shown.
    for _ in 0..3 {
        w.aangenomen(&w.melding().0).await;
    }
    zet(&w.clock, morgen().plus(time::Duration::days(1)));
    concept.gesimuleerd(&w, &w.politie, stand).await;
    let telling = uitslag().await.telling;
    assert_eq!((telling.gewijzigd.strenger, telling.gewijzigd.ruimer), (5, 0));
    assert_eq!(telling.per_regel.values().map(|t| t.strenger).sum::<u64>(), 5);
    assert_eq!(telling.per_organisatie[&w.politie.oin].geeft.strenger, 5);
    assert_eq!(telling.per_organisatie[&w.vt.oin].krijgt.strenger, 5);
    let van_ander = w.hub.versie_wijzigingen(w.ggz.oin, concept.versie, None).await.unwrap();
    assert_eq!((van_ander.wijzigingen.len(), van_ander.volgende), (0, None), "who sent none of it sees none of it");
    let pagina = w.hub.versie_wijzigingen(w.politie.oin, concept.versie, None).await.unwrap();
    assert_eq!((pagina.wijzigingen.len(), pagina.volgende), (7, None), "its own, each");
    assert!(pagina.wijzigingen.iter().all(|x| x.was.uitkomst.levert() && x.wordt.uitkomst == Uitkomst::Weigeren));
    let tekst = serde_json::to_string(&pagina).unwrap();
    assert!(!tekst.contains(&casus.to_string()) && !tekst.contains("betrokken"), "{tekst}");
}

#[tokio::test]
async fn a_simulation_is_of_whole_days_that_are_over() {
    let w = Wereld::new().await;
    w.aangenomen(&w.melding().0).await;
    // A period before all of it holds nothing.
    let leeg = Concept::gelijk(&w, 2);
    let stand = leeg.ingediend(&w, &w.politie).await.regel.stand;
    let stand = leeg.getest(&w, &w.politie, stand).await;
    let jws = leeg.jws(&w, &w.politie, Versiehandeling::Simuleren);
    let op = |dagen| dag(nu()).plus(time::Duration::days(dagen));
    let antwoord = w.hub.versie_simuleren(w.politie.oin, leeg.versie, stand, (op(-9), op(-8)), &jws).await.unwrap();
    assert_eq!(antwoord.uitslag.telling, inbreng_policy::Simulatietelling::default());
    let minuut = time::Duration::minutes(1);
    for periode in [(op(0), op(1)), (op(-1), nu()), (op(-1).plus(minuut), op(0)), (op(-1), op(-1).plus(minuut)), (op(-1), op(-1))]
    {
        let uitslag = w.hub.versie_simuleren(w.politie.oin, leeg.versie, antwoord.stand, periode, &jws).await;
        assert_eq!(code(uitslag), ProblemCode::VeldOngeldig, "{periode:?}");
    }
}
