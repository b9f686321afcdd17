//! What a sender can do instead, kind by kind: what is proposed is allowed when it is done, the smallest change comes first, and two at
//! once only where no single one is enough.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use std::collections::BTreeMap;

use inbreng_domain::{
    Alternatief, Besluit,
    vocabulary::{
        Deelname, Eigenaarsbesluit, Grondslag, JaNee, Noodzaak, Ondertekend, Ontvangersoort, Partnertype, Toestemmingsstand,
    },
};
use inbreng_policy::{Beleid, Namen, Tabel, Verzoek};

const NAMEN: Namen<'_> = Namen { eigenaar: "het wijkteam", ontvanger: "Veilig Thuis", betrokkene: None };

/// The request of a case of the tables.
fn geval(naam: &str) -> Verzoek {
    let gevallen = samen::tabellen().into_iter().flat_map(|(_, tekst)| Tabel::lezen(&tekst).unwrap().gevallen);
    gevallen.into_iter().find(|g| g.naam == naam).unwrap_or_else(|| panic!("no case `{naam}`")).verzoek
}

/// What is proposed, as kind and word.
fn voorstellen(besluit: &Besluit) -> Vec<(String, String)> {
    let woord = |a: &Alternatief| {
        let een = a.grondslag.map(|g| g.to_string());
        een.or_else(|| a.categorie.map(|c| c.to_string())).or_else(|| a.ontvanger.map(|o| o.to_string())).unwrap_or_default()
    };
    besluit.alternatieven.iter().map(|a| (a.wijziging.to_string(), woord(a))).collect()
}

fn verwacht(naam: &str, alle: &[(&str, &str)]) -> Besluit {
    let besluit = samen::voorbeeldregio().0.beslissen(&geval(naam), &NAMEN);
    assert!(!besluit.uitkomst.levert(), "{naam}");
    let alle: Vec<_> = alle.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(voorstellen(&besluit), alle, "{naam}");
    besluit
}

#[test]
fn another_recipient_is_one_that_the_message_is_for() {
    let besluit =
        verwacht("het bericht hoort niet bij de ontvanger", &[("ontvanger", "veilig-thuis"), ("ontvanger", "wijkteam")]);
    assert_eq!(besluit.alternatieven[1].zin, "Stuur dit naar het wijkteam.");
}

#[test]
fn a_secret_address_goes_to_who_is_named_or_stays_behind() {
    let besluit =
        verwacht("in een overdracht, niet genoemd", &[("genoemd", ""), ("categorie", "persoon"), ("categorie", "gezin")]);
    assert_eq!(besluit.alternatieven[0].zin, "Noem Veilig Thuis zelf als ontvanger van dit geheime adres.");
    assert!(besluit.alternatieven[1].zin.starts_with("Deel de rest zonder het geheime adres"));
}

#[test]
fn who_is_not_on_the_list_can_be_put_on_it_and_nothing_else_helps() {
    let besluit = verwacht("de ontvanger staat niet op de lijst", &[("deelname", "")]);
    assert!(besluit.alternatieven[0].zin.contains("aan de lijst wordt toegevoegd"));
}

#[test]
fn saying_why_comes_before_another_ground() {
    let besluit = verwacht(
        "een overdracht zonder toestemming wel",
        &[("noodzaak", ""), ("grondslag", "convenant"), ("grondslag", "wettelijke-taak"), ("toestemming", "toestemming")],
    );
    assert_eq!(besluit.alternatieven[0].zin, "Leg in één zin uit waarom Veilig Thuis dit nodig heeft om hulp te starten.");
}

#[test]
fn medical_data_stay_behind_where_the_rest_may_go_and_breaking_secrecy_is_asked_last_of_all_grounds() {
    let besluit = verwacht(
        "medische informatie valt erbuiten",
        &[
            ("toestemming", "toestemming"),
            ("grondslag", "doorbreken-beroepsgeheim"),
            ("categorie", "risico"),
            ("categorie", "hulp"),
        ],
    );
    assert!(besluit.alternatieven[2].zin.starts_with("Deel de rest zonder het medische deel"));
}

#[test]
fn two_at_once_where_one_is_not_enough() {
    let besluit =
        verwacht("een ander mag het niet in een noodgeval doorgeven", &[("ontvanger", "veilig-thuis"), ("ontvanger", "rvdk")]);
    for a in &besluit.alternatieven {
        assert!(a.zin.ends_with("Daarvoor is ook een besluit van het wijkteam nodig."), "{}", a.zin);
    }
    // Also three: the owner's yes and the reason why, beside the other recipient.
    let beleid = samen::voorbeeldregio().0;
    let zonder = Verzoek { noodzaak: Noodzaak::NietToegelicht, ..geval("een ander mag het niet in een noodgeval doorgeven") };
    let alles = beleid.beslissen(&zonder, &NAMEN);
    assert!(!alles.alternatieven.is_empty(), "{alles:?}");
    for a in &alles.alternatieven {
        assert!(doen(&beleid, &zonder, a).is_some_and(|v| beleid.uitkomst(&v).levert()), "{a:?}");
    }
}

/// What may not be known of the case taken away, as whoever decides about alternatives has it.
fn bekend(beleid: &Beleid, v: &Verzoek) -> Verzoek {
    let open = Verzoek { embargo: JaNee::Nee, naar_deelnemer: Deelname::Ja, bevestigd: JaNee::Ja, ..v.clone() };
    let over_vlaggen = beleid.beslissen(&open, &NAMEN).regels.iter().any(|r| [22, 23, 25].contains(&r.nummer()));
    if over_vlaggen { open } else { Verzoek { scheiding: Vec::new(), ..open } }
}

const OOK_BESLUIT: [&str; 2] = ["Daarvoor is ook een besluit", "Daarvoor legt u ook zelf een besluit"];
const OOK_REDEN: &str = "Leg daarbij in één zin uit waarom";

/// The request after a sender has done what its sentence says; nothing for a kind that is not known here.
fn doen(beleid: &Beleid, v: &Verzoek, a: &Alternatief) -> Option<Verzoek> {
    let mut na = bekend(beleid, v);
    match &*a.wijziging.as_str() {
        "noodzaak" => na.noodzaak = Noodzaak::Toegelicht,
        "genoemd" => na.genoemd = JaNee::Ja,
        "eigenaarsbesluit" => na.eigenaarsbesluit = Eigenaarsbesluit::Ja,
        "deelname" => na.naar_deelnemer = Deelname::Ja,
        "categorie" => na.categorie = a.categorie?,
        "ontvanger" => {
            na.naar = a.ontvanger?;
            na.naar_oin = None;
            let typen = &beleid.bundel().ondertekenaars.typen;
            let tekent = |soort: &Partnertype| Ontvangersoort::from(*soort) == na.naar;
            if !typen.iter().any(tekent) && na.ondertekend == Ondertekend::Beide {
                na.ondertekend = Ondertekend::Een;
            }
        }
        "grondslag" | "toestemming" => {
            let grond = a.grondslag?;
            na.grondslagen = vec![grond];
            match grond {
                Grondslag::Toestemming => na.toestemming = Toestemmingsstand::Gegeven,
                Grondslag::ZonderToestemming => na.noodzaak = Noodzaak::Toegelicht,
                Grondslag::DoorbrekenBeroepsgeheim => na.noodbesluit = JaNee::Ja,
                _ => {}
            }
        }
        _ => return None,
    }
    if OOK_BESLUIT.iter().any(|zin| a.zin.contains(zin)) {
        na.eigenaarsbesluit = Eigenaarsbesluit::Ja;
    }
    if a.zin.contains(OOK_REDEN) {
        na.noodzaak = Noodzaak::Toegelicht;
    }
    Some(na)
}

/// Every proposal of every case of the tables, done: it is allowed, with the outcome that was promised. No kind is left out.
#[test]
fn what_is_proposed_is_allowed_once_it_is_done() {
    let beleid = samen::voorbeeldregio().0;
    let mut gezien: BTreeMap<String, usize> = BTreeMap::new();
    let gevallen = samen::tabellen().into_iter().flat_map(|(_, tekst)| Tabel::lezen(&tekst).unwrap().gevallen);
    for geval in gevallen.into_iter().filter(|g| g.verzoek.stilgelegd.is_none()) {
        let besluit = beleid.beslissen(&geval.verzoek, &NAMEN);
        let dubbel = |a: &Alternatief| OOK_BESLUIT.iter().chain([&OOK_REDEN]).any(|zin| a.zin.contains(zin));
        // Two at once only where no single one is enough.
        assert!(besluit.alternatieven.iter().all(dubbel) || !besluit.alternatieven.iter().any(dubbel), "{}", geval.naam);
        for a in &besluit.alternatieven {
            let na = doen(&beleid, &geval.verzoek, a).unwrap_or_else(|| panic!("{}: {a:?}", geval.naam));
            assert_eq!(beleid.uitkomst(&na), a.uitkomst, "{}: {a:?}", geval.naam);
            *gezien.entry(a.wijziging.to_string()).or_default() += 1;
        }
    }
    let soorten: Vec<_> = gezien.keys().map(String::as_str).collect();
    let alle = ["categorie", "deelname", "eigenaarsbesluit", "genoemd", "grondslag", "noodzaak", "ontvanger", "toestemming"];
    assert_eq!(soorten, alle, "{gezien:?}");
}
