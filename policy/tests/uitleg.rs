//! An explanation tells what was decided and nothing else, and has a word for everything it shows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use std::path::PathBuf;

use inbreng_domain::{
    ConvenantId, Digest, RegelId, TypeNaam, Uitkomst,
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort,
        Toestemmingsstand,
    },
};
use inbreng_policy::{Beleid, Bundel, Convenantbron, Laag, Namen, Stap, Verzoek, Woordenboek};
use samen::toeval::{Toeval, verzoek};

#[test]
fn the_steps_of_an_explanation_add_up_to_the_decision() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    let mut t = Toeval::met(7);
    let mut refused = 0;
    for _ in 0..3_000 {
        // The guard stands behind the steps, and has none of its own.
        let v = Verzoek { stilgelegd: None, ..verzoek(&mut t, &catalogus) };
        let u = beleid.uitleggen(&v, &Namen::default());
        assert_eq!(u.besluit, beleid.beslissen(&v, &Namen::default()));
        let step = |stap: Stap| u.stappen.iter().filter(move |s| s.stap == stap);
        let alone = |stap| step(stap).map(|s| s.uitkomst).max().unwrap();
        // Of several grounds the best counts, with the duties step of that ground.
        let ground = step(Stap::Grond)
            .zip(step(Stap::Plicht))
            .map(|(g, p)| {
                assert_eq!(g.grondslag, p.grondslag);
                g.uitkomst.max(p.uitkomst)
            })
            .min()
            .unwrap();
        let strictest = [Stap::Scheiding, Stap::Embargo, Stap::Kring, Stap::Eigenaar].map(alone).into_iter().max().unwrap();
        let outsider = u.besluit.regels.iter().any(|r| r.nummer() == 16);
        let expected = if outsider { Uitkomst::Weigeren } else { strictest.max(ground) };
        assert_eq!(u.besluit.uitkomst, expected, "{v:?}");
        // Each deciding rule stands in a step, on a row that counts or as the step's own.
        for regel in &u.besluit.regels {
            let rows = u.stappen.iter().flat_map(|s| s.rijen.iter().filter(|r| r.telt));
            let duties = rows.clone().flat_map(|r| r.rij.verplichtingen.iter().map(|p| p.regel));
            let own = u.stappen.iter().filter_map(|s| s.zonder_rij);
            assert!(rows.filter_map(|r| r.rij.regel).chain(duties).chain(own).any(|r| r == *regel), "{regel} {v:?}");
        }
        // Numbers are places in the bundle.
        for passend in u.stappen.iter().flat_map(|s| &s.rijen) {
            assert_eq!(beleid.bundel().rijen[passend.nummer - 1], passend.rij);
        }
        refused += usize::from(!u.besluit.uitkomst.levert());
    }
    assert!((300..2_900).contains(&refused), "{refused}: the requests are all alike");
}

#[test]
fn a_request_that_the_covenant_does_not_know_has_no_steps() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    let mut v = verzoek(&mut Toeval::met(1), &catalogus);
    v.convenant = inbreng_domain::ConvenantId::parse("elders").unwrap();
    let u = beleid.uitleggen(&v, &Namen::default());
    assert!(!u.gaat_over && u.stappen.is_empty() && u.besluit.uitkomst == Uitkomst::Weigeren);
}

#[test]
fn everything_that_is_shown_has_a_word() {
    let woorden = Woordenboek::ingebouwd().unwrap();
    let bundel = samen::bundel(&samen::catalogus());
    assert!(woorden.regels().map(|(r, _)| r.nummer()).eq(1..=44));
    for stap in Stap::ALL {
        assert!(woorden.stap(stap).is_some(), "{stap:?}");
    }
    for plicht in bundel.rijen.iter().flat_map(|r| &r.verplichtingen) {
        assert!(woorden.plicht(&plicht.soort).is_some(), "policy/zinnen/uitleg.toml has no sentence for {}", plicht.soort);
    }
    for veld in Verzoek::VELDEN {
        assert!(woorden.veld(veld.naam).is_some(), "{}", veld.naam);
    }
    for uitkomst in Uitkomst::ALL {
        assert_ne!(woorden.uitkomst(*uitkomst), uitkomst.as_str());
    }
    for handeling in Handeling::ALL {
        assert!(handeling == &Handeling::Ontvangen || woorden.handeling(*handeling) != handeling.as_str());
    }
    for laag in [Laag::Convenant, Laag::Organisatie] {
        assert_ne!(woorden.laag(laag), laag.as_str());
    }
}

/// `| R8 | naam | wat zij zegt | …`: the page and the words are the same.
#[test]
fn the_page_with_the_rules_says_the_same() {
    let woorden = Woordenboek::ingebouwd().unwrap();
    let pagina = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/privacy/README.md");
    for regel in std::fs::read_to_string(pagina).unwrap().lines() {
        let mut cellen = regel.split('|').map(str::trim).skip(1);
        let Some(Ok(regel)) = cellen.next().map(RegelId::parse) else { continue };
        let naam = woorden.regel(regel).unwrap();
        assert_eq!([cellen.next(), cellen.next()], [Some(&*naam.naam), Some(&*naam.wat)], "{regel}");
    }
}

const NAMEN: Namen<'_> = Namen { eigenaar: "het wijkteam", ontvanger: "Veilig Thuis", betrokkene: None };

/// A request in which nothing stands in the way but what a test changes.
fn gewoon(convenant: &str, soort: &str, wie: (Ontvangersoort, Ontvangersoort), categorie: Categorie, doel: Doel) -> Verzoek {
    Verzoek {
        grondslagen: vec![Grondslag::Convenant],
        ondertekend: Ondertekend::Beide,
        van_deelnemer: Deelname::Ja,
        naar_deelnemer: Deelname::Ja,
        noodzaak: Noodzaak::Toegelicht,
        embargo: JaNee::Nee,
        scheiding: Vec::new(),
        afgeschermd: JaNee::Nee,
        bevestigd: JaNee::Ja,
        ..Verzoek::strengste(
            ConvenantId::parse(convenant).unwrap(),
            TypeNaam::parse(soort).unwrap(),
            wie,
            categorie,
            doel,
            Handeling::Ontvangen,
        )
    }
}

fn antwoord(convenant: &str, categorie: Categorie) -> Verzoek {
    gewoon(convenant, "informatie-antwoord", (Ontvangersoort::Ggz, Ontvangersoort::VeiligThuis), categorie, Doel::Beoordelen)
}

/// R3: who may not keep it reads whose no it is: the owner's, or that consent of the person is missing.
#[test]
fn a_no_to_the_dossier_says_whose_it_is() {
    let beleid = samen::voorbeeldregio().0;
    let zin = |categorie, eigenaarsbesluit| {
        let v = Verzoek { handeling: Handeling::OpnemenInDossier, eigenaarsbesluit, ..antwoord("voorbeeldregio", categorie) };
        let v =
            Verzoek { grondslagen: vec![Grondslag::DoorbrekenBeroepsgeheim, Grondslag::Convenant], noodbesluit: JaNee::Ja, ..v };
        let b = beleid.beslissen(&v, &NAMEN);
        assert_eq!((b.uitkomst, b.regels[0].nummer()), (Uitkomst::Weigeren, 3), "{b:?}");
        b.uitleg.afzender
    };
    let owner = "Het wijkteam heeft besloten dat deze informatie niet in het dossier van Veilig Thuis mag.";
    assert_eq!(zin(Categorie::Hulp, Eigenaarsbesluit::Nee), owner);
    assert_eq!(zin(Categorie::Medisch, Eigenaarsbesluit::Nee), owner);
    assert!(zin(Categorie::Medisch, Eigenaarsbesluit::Ja).contains("toestemming van de cliënt"));
}

/// R28: who owns the part is not told to ask itself.
#[test]
fn an_owner_is_not_sent_to_itself() {
    let beleid = samen::voorbeeldregio().0;
    let wie = (Ontvangersoort::Wijkteam, Ontvangersoort::Om);
    let eigen = gewoon("voorbeeldregio", "veiligheidssignaal", wie, Categorie::Plan, Doel::Strafzaak);
    let zinnen = |v: &Verzoek| {
        let found = beleid.beslissen(v, &NAMEN).alternatieven;
        found.into_iter().filter(|a| a.wijziging.as_str() == "eigenaarsbesluit").map(|a| a.zin).collect::<Vec<_>>()
    };
    let [zin] = zinnen(&eigen).try_into().unwrap();
    assert!(zin.starts_with("Beslis eerst zelf") && !zin.contains("wijkteam"), "{zin}");
    let ander = Verzoek { handeling: Handeling::OpnemenInDossier, ..antwoord("voorbeeldregio", Categorie::Hulp) };
    let [zin] = zinnen(&ander).try_into().unwrap();
    assert!(zin.starts_with("Vraag het wijkteam om een besluit"), "{zin}");
}

/// R32 and R35: a region's own terms stand in its duties and sentences; no region has longer than the nation to be open.
#[test]
fn terms_are_those_of_the_region() {
    let catalogus = samen::catalogus();
    let met = |f: &dyn Fn(&mut Convenantbron)| {
        let mut bron = Convenantbron::voorbeeldregio_noord().unwrap();
        f(&mut bron);
        let bundel = Bundel::genereren(&bron, &catalogus).unwrap();
        Beleid::laden(bundel, Digest::from_bytes([1; 32]), &catalogus).unwrap()
    };
    let open = |beleid: &Beleid| {
        let u = beleid.uitleggen(&antwoord("voorbeeldregio-noord", Categorie::Risico), &NAMEN);
        u.plichten.iter().find(|p| p.verplichting.soort.as_str() == "transparantiebericht").unwrap().werkdagen
    };
    let noord = met(&|_| ());
    assert_eq!(open(&noord), Some(5));
    assert_eq!(open(&met(&|b| b.instellingen.transparantie_werkdagen = 9)), Some(9));
    let nood = |beleid: &Beleid, convenant: &str| {
        let v = Verzoek {
            soort: TypeNaam::parse("noodopening").unwrap(),
            doel: Doel::Verantwoording,
            noodbesluit: JaNee::Ja,
            toestemming: Toestemmingsstand::Geweigerd,
            ..antwoord(convenant, Categorie::Medisch)
        };
        beleid.beslissen(&v, &NAMEN).uitleg.afzender
    };
    assert!(nood(&noord, "voorbeeldregio-noord").ends_with("binnen één werkdag."));
    assert!(nood(&samen::voorbeeldregio().0, "voorbeeldregio").ends_with("binnen twee werkdagen."));
}
