//! The difference between two versions: nothing where they mean the same, and what a change does to decisions, counted as one
//! would by asking every request.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Digest, RegelId, TypeNaam,
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort,
        Partnertype, Toestemmingsstand,
    },
};
use inbreng_policy::{
    Beleid, Bereikverschil, Bundel, Bundelverschil, Effect, Handhaving, Laag, Rij, Stap, Verzoek, simulatie::Richting,
};

fn laden(bundel: Bundel, catalogus: &Catalogus) -> Beleid {
    Beleid::laden(bundel, Digest::from_bytes([2; 32]), catalogus).unwrap()
}

fn bereik(was: &Bundel, wordt: &Bundel, catalogus: &Catalogus) -> Bereikverschil {
    Bereikverschil::tussen(&laden(was.clone(), catalogus), &laden(wordt.clone(), catalogus), catalogus, None, |_, _| ())
}

/// A stricter row of the region.
fn strenger() -> Rij {
    let json = serde_json::json!({
        "laag": "convenant", "stap": "grond", "effect": "tegenhouden", "regel": "R6", "uitkomst": "weigeren",
        "soorten": ["verwijzing"], "categorieen": ["hulp", "risico"], "doelen": ["hulp-starten"], "naar": ["ggz", "vrouwenopvang"],
        "voorwaarden": {"toestemming": ["niet-gevraagd", "geweigerd"]}, "toelichting": "proef",
    });
    serde_json::from_value(json).unwrap()
}

#[test]
fn the_same_rows_in_another_order_are_no_difference() {
    let catalogus = samen::catalogus();
    let was = samen::bundel(&catalogus);
    let mut wordt = was.clone();
    wordt.rijen.reverse();
    for rij in &mut wordt.rijen {
        rij.soorten.reverse();
        rij.categorieen.reverse();
        rij.naar.reverse();
        rij.verplichtingen.reverse();
        rij.voorwaarden.toestemming.reverse();
    }
    wordt.routes.reverse();
    wordt.ondertekenaars.typen.reverse();
    // One row about two types is two rows about one type each.
    let place = wordt.rijen.iter().position(|r| r.soorten.len() > 1).unwrap();
    let mut half = wordt.rijen[place].clone();
    half.soorten = vec![wordt.rijen[place].soorten.pop().unwrap()];
    wordt.rijen.push(half);
    assert!(Bundelverschil::tussen(&was, &wordt).is_leeg(), "{:?}", Bundelverschil::tussen(&was, &wordt));
    assert_eq!(bereik(&was, &wordt, &catalogus).bekeken, 0, "nothing to ask");
}

#[test]
fn what_was_added_removed_and_changed() {
    let catalogus = samen::catalogus();
    let was = samen::bundel(&catalogus);
    let mut wordt = was.clone();
    wordt.rijen.push(strenger());
    let rijen = Bundelverschil::tussen(&was, &wordt).rijen;
    assert_eq!((rijen.erbij.len(), rijen.weg.len(), rijen.gewijzigd.len()), (1, 0, 0));
    let terug = Bundelverschil::tussen(&wordt, &was).rijen;
    assert_eq!((terug.erbij.len(), terug.weg.len(), terug.gewijzigd.len()), (0, 1, 0));

    let mut anders = was.clone();
    anders.rijen.push(Rij { naar: vec![Ontvangersoort::Ggz], ..strenger() });
    let rijen = Bundelverschil::tussen(&wordt, &anders).rijen;
    assert_eq!((rijen.erbij.len(), rijen.weg.len(), rijen.gewijzigd.len()), (0, 0, 1));
    assert_eq!(rijen.gewijzigd[0].velden.iter().map(|v| &*v.veld).collect::<Vec<_>>(), ["naar"]);

    let mut kop = was.clone();
    kop.versie += 1;
    kop.noodontvangers.push(Partnertype::Zvh);
    kop.ondertekenaars.typen.retain(|t| *t != Partnertype::Dji);
    kop.instellingen.transparantie_werkdagen = 5;
    kop.zinnen.regels.get_mut("R8").unwrap().afzender.push_str(" Echt.");
    let verschil = Bundelverschil::tussen(&was, &kop);
    let velden: Vec<&str> = verschil.velden.iter().map(|v| &*v.veld).collect();
    assert_eq!(velden, ["instellingen.transparantie_werkdagen", "noodontvangers", "ondertekenaars.typen", "versie"]);
    assert_eq!(verschil.zinnen.len(), 1);
}

/// Every request of one type, purposes and uses, with favourable facts, under each word of the facts that the row looks at.
fn alle_verzoeken() -> Vec<Verzoek> {
    let mut all = Vec::new();
    let bundel = samen::bundel(&samen::catalogus());
    for categorie in Categorie::ALL.iter().filter(|c| matches!(c, Categorie::Hulp | Categorie::Risico | Categorie::Plan)) {
        for van in Ontvangersoort::ALL.iter().filter(|v| **v != Ontvangersoort::Betrokkene) {
            for naar in [Ontvangersoort::Ggz, Ontvangersoort::Vrouwenopvang, Ontvangersoort::Wijkteam] {
                for (doel, handeling) in
                    [Doel::HulpStarten, Doel::Plan].into_iter().flat_map(|d| Handeling::ALL.iter().map(move |h| (d, *h)))
                {
                    for (grond, stand) in Grondslag::ALL.iter().flat_map(|g| Toestemmingsstand::ALL.iter().map(move |t| (*g, *t)))
                    {
                        all.push(Verzoek {
                            grondslagen: vec![grond],
                            toestemming: stand,
                            ondertekend: Ondertekend::Beide,
                            van_deelnemer: Deelname::Ja,
                            naar_deelnemer: Deelname::Ja,
                            noodbesluit: (grond == Grondslag::DoorbrekenBeroepsgeheim).into(),
                            noodzaak: Noodzaak::Toegelicht,
                            embargo: JaNee::Nee,
                            scheiding: Vec::new(),
                            eigenaarsbesluit: Eigenaarsbesluit::Ja,
                            genoemd: JaNee::Ja,
                            afgeschermd: JaNee::Nee,
                            briefing: JaNee::Ja,
                            bevestigd: JaNee::Ja,
                            ..Verzoek::strengste(
                                bundel.convenant.clone(),
                                TypeNaam::parse("verwijzing").unwrap(),
                                (*van, naar),
                                *categorie,
                                doel,
                                handeling,
                            )
                        });
                    }
                }
            }
        }
    }
    all
}

#[test]
fn what_a_row_does_to_decisions_is_counted_as_by_hand() {
    let catalogus = samen::catalogus();
    let was = samen::bundel(&catalogus);
    let mut wordt = was.clone();
    wordt.rijen.push(strenger());
    let gevonden = bereik(&was, &wordt, &catalogus);
    let (oud, nieuw) = (laden(was.clone(), &catalogus), laden(wordt.clone(), &catalogus));
    let varianten = 1 + catalogus.definitie(&TypeNaam::parse("verwijzing").unwrap()).unwrap().varianten.len();
    let by_hand = alle_verzoeken().iter().filter(|v| nieuw.uitkomst(v) > oud.uitkomst(v)).count() * varianten;
    assert!(by_hand > 0);
    assert_eq!(gevonden.strenger, u64::try_from(by_hand).unwrap());
    assert_eq!((gevonden.ruimer, gevonden.anders), (0, 0));
    assert_eq!(gevonden.groepen.iter().map(|g| g.aantal).sum::<u64>(), gevonden.strenger);
    for groep in &gevonden.groepen {
        assert_eq!((oud.uitkomst(&groep.voorbeeld), nieuw.uitkomst(&groep.voorbeeld)), (groep.was, groep.wordt));
        assert!(groep.naar.iter().all(|n| [Ontvangersoort::Ggz, Ontvangersoort::Vrouwenopvang].contains(n)), "{groep:?}");
    }
    // The other way round the same decisions become wider.
    let terug = bereik(&wordt, &was, &catalogus);
    assert_eq!((terug.ruimer, terug.strenger), (gevonden.strenger, 0));
}

#[test]
fn another_duty_is_a_difference_too() {
    let catalogus = samen::catalogus();
    let was = samen::bundel(&catalogus);
    let mut wordt = was.clone();
    let duty = wordt
        .rijen
        .iter_mut()
        .flat_map(|r| &mut r.verplichtingen)
        .find(|p| p.soort.to_string() == "transparantiebericht" && p.regel.nummer() == 12);
    duty.unwrap().werkdagen = Some(3);
    let gevonden = bereik(&was, &wordt, &catalogus);
    assert!(gevonden.anders > 0 && gevonden.ruimer == 0 && gevonden.strenger == 0, "{gevonden:?}");
    assert!(gevonden.groepen.iter().all(|g| g.richting == Richting::Anders));
}

#[test]
fn more_emergency_recipients_is_wider() {
    let catalogus = samen::catalogus();
    let ruimer = inbreng_policy::Convenantbron::voorbeeldregio().unwrap();
    let mut minder = ruimer.clone();
    minder.noodontvangers.retain(|p| *p != Partnertype::Crisisdienst);
    let was = Bundel::genereren(&minder, &catalogus).unwrap();
    let wordt = Bundel::genereren(&ruimer, &catalogus).unwrap();
    let (was, wordt) = (laden(was, &catalogus), laden(wordt, &catalogus));
    let alleen = TypeNaam::parse("noodopening").unwrap();
    let gevonden = Bereikverschil::tussen(&was, &wordt, &catalogus, Some(&alleen), |_, _| ());
    assert!(gevonden.ruimer > 0 && gevonden.strenger == 0, "{} {}", gevonden.ruimer, gevonden.strenger);
    assert!(gevonden.groepen.iter().all(|g| g.naar == [Ontvangersoort::Crisisdienst]), "{:?}", gevonden.groepen.first());
}

#[test]
fn a_row_of_one_organisation_changes_its_own_decisions_only() {
    let catalogus = samen::catalogus();
    let was = samen::bundel(&catalogus);
    let mut wordt = was.clone();
    let oin = inbreng_domain::Oin::parse("00000001000000000061").unwrap();
    wordt.rijen.push(Rij {
        laag: Laag::Organisatie,
        stap: Stap::Eigenaar,
        effect: Effect::Tegenhouden,
        regel: Some(RegelId::new(4).unwrap()),
        uitkomst: Some(Handhaving::Weigeren),
        van: vec![Ontvangersoort::Wijkteam],
        van_oin: Some(oin),
        voorwaarden: inbreng_policy::Voorwaarden::GEEN,
        ..strenger()
    });
    let gevonden = bereik(&was, &wordt, &catalogus);
    assert!(gevonden.strenger > 0 && gevonden.ruimer == 0);
    assert!(gevonden.groepen.iter().all(|g| g.voorbeeld.van_oin == Some(oin) && g.van == [Ontvangersoort::Wijkteam]));
}
