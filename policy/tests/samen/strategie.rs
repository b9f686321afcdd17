//! Requests for `proptest`: drawn field by field from the closed vocabularies, so that a failure shrinks to few words.

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    ConvenantId, TypeNaam,
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort,
        Scheiding, Stilgelegd, Toestemmingsstand,
    },
};
use inbreng_policy::Verzoek;
use proptest::{collection::vec, option::weighted, prelude::*, sample::select};

/// What is asked: type, categories and purposes that belong together, or not at all.
fn waarover(catalogus: &Catalogus) -> impl Strategy<Value = (TypeNaam, Categorie, Doel)> + use<> {
    let fitting: Vec<_> = catalogus
        .definities()
        .flat_map(|d| {
            d.delen.regels.iter().flat_map(move |r| r.categorieen.iter().map(move |c| (d.naam.clone(), *c, d.doelen[0])))
        })
        .collect();
    let types: Vec<TypeNaam> = catalogus.definities().map(|d| d.naam.clone()).collect();
    prop_oneof![3 => select(fitting), 1 => (select(types), select(Categorie::ALL), select(Doel::ALL))]
}

/// A request to the example covenant.
pub fn verzoek(catalogus: &Catalogus) -> impl Strategy<Value = Verzoek> + use<> {
    let who = (select(Ontvangersoort::ALL), select(Ontvangersoort::ALL));
    let done = weighted(0.125, select(Stilgelegd::ALL));
    let how = (select(Handeling::ALL), vec(select(Grondslag::ALL), 0..3), select(Toestemmingsstand::ALL), done);
    let place = (select(Deelname::ALL), select(Deelname::ALL), select(Ondertekend::ALL), select(Eigenaarsbesluit::ALL));
    let yes_no = || select(JaNee::ALL);
    let facts = (yes_no(), yes_no(), yes_no(), yes_no(), yes_no(), yes_no(), yes_no(), select(Noodzaak::ALL));
    (waarover(catalogus), who, how, place, facts, vec(select(Scheiding::ALL), 0..3)).prop_map(
        |((soort, categorie, doel), wie, (handeling, grondslagen, toestemming, stilgelegd), plek, feiten, scheiding)| {
            let (van_deelnemer, naar_deelnemer, ondertekend, eigenaarsbesluit) = plek;
            let (regisseur, noodbesluit, embargo, genoemd, afgeschermd, briefing, bevestigd, noodzaak) = feiten;
            Verzoek {
                grondslagen,
                toestemming,
                van_deelnemer,
                naar_deelnemer,
                ondertekend,
                eigenaarsbesluit,
                regisseur,
                noodbesluit,
                embargo,
                genoemd,
                afgeschermd,
                briefing,
                bevestigd,
                noodzaak,
                scheiding,
                stilgelegd,
                ..Verzoek::strengste(ConvenantId::parse("voorbeeldregio").unwrap(), soort, wie, categorie, doel, handeling)
            }
        },
    )
}
