//! An owner's words (42–48, 59) at every partner, whatever its mapping has words for: taken and said without loss.

use std::sync::Arc;

use inbreng_adapter::{
    concept::{Conceptdeel, Deelinhoud, Ontvangen, Vertaling as _},
    eigenaar::{Eigenaarswoord, SOORTEN},
    mapping::voorbeeld,
};
use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Code, TypeNaam,
    vocabulary::{Categorie, Doel, Grondslag, Partnertype},
};
use serde_json::json;

use super::{ALLEEN_INZAGE, PARTNERS, deel, levering, mapping, voorbeelden, waar_woord};

/// What every adapter runs: its mapping, and the owner's say beside it.
fn met_eigenaarswoord(naam: &str) -> Eigenaarswoord {
    Eigenaarswoord::om(Arc::new(mapping(naam)))
}

/// A recall that its recipient does not know protects nobody: every partner takes every word of an owner, whatever its mapping has
/// words for, and nothing of it is lost.
#[test]
fn every_partner_takes_every_word_of_an_owner() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    let los = Conceptdeel::new(
        Categorie::Persoon,
        Doel::Verantwoording,
        vec![Grondslag::WettelijkeTaak],
        Code::parse("proef").unwrap(),
        json!({}),
    );
    let (mut eigen_vorm, mut gemapt) = (0, 0);
    for (naam, _) in PARTNERS {
        let vertaling = met_eigenaarswoord(naam);
        for soort in SOORTEN {
            let soort = TypeNaam::parse(soort).unwrap();
            let definitie = catalogus.definitie(&soort).unwrap();
            let verklaringen = voorbeelden(catalogus.verklaringschema(&soort));
            assert!(!verklaringen.is_empty(), "{soort}");
            let mut leveringen: Vec<Ontvangen> =
                verklaringen.iter().map(|v| levering(&soort, None, Partnertype::Politie, v.clone())).collect();
            for categorie in definitie.categorieen() {
                for inhoud in voorbeelden(catalogus.inhoudschema(&soort, categorie)) {
                    for inhoud in [Deelinhoud::Open(inhoud.clone()), Deelinhoud::AlleenInzage(ALLEEN_INZAGE)] {
                        let mut met = levering(&soort, None, Partnertype::Politie, verklaringen[0].clone());
                        met.delen.push(deel(&soort, categorie, inhoud, &los));
                        leveringen.push(met);
                    }
                }
            }
            for levering in leveringen {
                let bericht = vertaling.inkomend(&levering).unwrap_or_else(|e| panic!("{naam} {soort}: {e:?}"));
                if bericht.pad != format!("/eigenaar/{soort}") {
                    gemapt += 1;
                    continue;
                }
                eigen_vorm += 1;
                let tekst = bericht.lichaam.to_string();
                assert_eq!(bericht.lichaam["verklaring"], levering.verklaring, "{naam} {soort}");
                assert!(bericht.lichaam["wat"].as_str().unwrap().len() > 20 && bericht.lichaam["van"]["naam"].is_string());
                for deel in &levering.delen {
                    let staat_er = match &deel.inhoud {
                        Deelinhoud::Open(inhoud) => bericht.lichaam["delen"][0]["inhoud"] == *inhoud,
                        Deelinhoud::AlleenInzage(_) => bericht.lichaam["delen"][0]["inzagenummer"] == deel.labels.id.to_string(),
                    };
                    assert!(staat_er, "{naam} {soort}: {tekst}");
                }
            }
        }
    }
    assert!(eigen_vorm > 200 && gemapt > 10, "{eigen_vorm} {gemapt}");
}

/// And every partner that may send it can say it, whatever its mapping has words for.
#[test]
fn every_partner_that_may_says_every_word_of_an_owner() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    let mut gezegd = 0;
    for (naam, partnertype) in PARTNERS {
        let vertaling = met_eigenaarswoord(naam);
        for soort in SOORTEN {
            let definitie = catalogus.definitie(&TypeNaam::parse(soort).unwrap()).unwrap();
            let mag = serde_json::to_string(&definitie.van).unwrap();
            if !mag.contains(partnertype.as_str()) && !waar_woord(definitie) {
                continue;
            }
            let lichaam = match soort {
                "toestemming-ingetrokken" => json!({"casus": "Z-1", "verklaring": {"persoon": "C-1", "leeftijdsgroep": "18+",
                    "door": "betrokkene", "eigenaar": "eigen", "ontvangers": ["00000001003214345000"],
                    "categorieen": ["medisch"], "doelen": ["beoordelen"]}}),
                "dossier-verzoek" => json!({"over": "K-1", "delen": [0]}),
                "doorverstrekking-verzoek" => json!({"over": "K-1", "delen": [0], "verklaring":
                    {"ontvangers": ["00000001003214345000"], "doel": "strafzaak"}}),
                "eigenaar-besluit" => json!({"antwoordOp": "K-2", "verklaring": {"besluit": "ja"}}),
                "rectificatie" => json!({"over": "K-1", "delen": [0], "verklaring": {"soort": "verbeterd"}, "inhoud": [{
                    "categorie": "plan", "grondslagen": ["convenant"], "functie": "medewerker",
                    "inhoud": voorbeelden(catalogus.inhoudschema(&definitie.naam, Categorie::Plan))[0]}]}),
                "intrekking" => json!({"kenmerk": "I-1", "over": "K-1", "verklaring": {"reden": "onjuist"}}),
                "embargo" => json!({"over": "K-1", "delen": [0], "verklaring": {"actie": "zetten", "omvang": "deel",
                    "zichtbaarheid": "gesloten", "herziening": "2026-12-04T09:00:00.000Z"}}),
                "misplaatsing" => json!({"over": "K-1", "urgentie": "acuut", "verklaring": {"reden": "verkeerde-ontvanger"}}),
                _ => panic!("{soort}"),
            };
            let pad = format!("/eigenaar/{soort}");
            assert!(vertaling.paden().contains(&pad), "{naam}");
            let concept = vertaling.uitgaand(&pad, &lichaam).unwrap_or_else(|e| panic!("{naam} {soort}: {e:?}"));
            assert_eq!(concept.soort.as_str(), soort);
            catalogus
                .toets_verklaring(&definitie.naam, &voorbeeld(&concept.verklaring))
                .unwrap_or_else(|e| panic!("{naam} {soort}: {e:?} in {:#}", concept.verklaring));
            for deel in &concept.delen {
                catalogus.toets_inhoud(&definitie.naam, deel.categorie, &voorbeeld(&deel.inhoud)).unwrap();
            }
            gezegd += 1;
        }
    }
    // All eleven all but the embargo, which police and public prosecution alone set.
    assert_eq!(gezegd, 11 * 7 + 2);
}
