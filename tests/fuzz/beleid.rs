//! What is fuzzed: each takes any bytes and must neither panic nor make a policy that is milder than the nation.
//!
//! Shared by the fuzz targets and by a plain test of the policy, so that both exercise the same.

use std::sync::LazyLock;

use inbreng_catalogue::Catalogus;
use inbreng_domain::Digest;
use inbreng_policy::{Beleid, Bundel, Convenantbron, Effect, Namen, Rij, Stap, Tabel, Verzoek};

static CATALOGUS: LazyLock<Catalogus> = LazyLock::new(|| Catalogus::ingebouwd().expect("the catalogue that is shipped"));
static BUNDEL: LazyLock<Bundel> = LazyLock::new(|| {
    let bron = Convenantbron::voorbeeldregio().expect("the covenant that is shipped");
    Bundel::genereren(&bron, &CATALOGUS).expect("the covenant that is shipped")
});
static BELEID: LazyLock<Beleid> = LazyLock::new(|| laden(BUNDEL.clone()).expect("the covenant that is shipped"));

const NAMEN: Namen<'_> = Namen { eigenaar: "De inbrenger", ontvanger: "De ontvanger", betrokkene: None };

fn laden(b: Bundel) -> Result<Beleid, inbreng_policy::BeleidFout> {
    Beleid::laden(b, Digest::from_bytes([0; 32]), &CATALOGUS)
}

/// Rows as JSON, one or a list, added to the example covenant: refused, or never milder than without them.
pub fn rijen(bytes: &[u8]) {
    let rows: Vec<Rij> = match serde_json::from_slice::<Rij>(bytes) {
        Ok(row) => vec![row],
        Err(_) => match serde_json::from_slice(bytes) {
            Ok(rows) => rows,
            Err(_) => return,
        },
    };
    let mut b = BUNDEL.clone();
    b.rijen.extend(rows.iter().cloned());
    let Ok(own) = laden(b) else { return };
    // Asked where the rows hold: the requests of the first words that they name.
    for row in &rows {
        for v in rond(row) {
            let (before, after) = (BELEID.uitkomst(&v), own.uitkomst(&v));
            let held_back = row.effect == Effect::Tegenhouden || row.stap == Stap::Plicht || !after.levert() || before.levert();
            assert!(held_back, "{before} became {after} by {row:?} for {v:?}");
        }
    }
}

/// Requests where a row may hold.
fn rond(row: &Rij) -> Vec<Verzoek> {
    use inbreng_domain::vocabulary::{Categorie, Doel, Handeling, Ontvangersoort};
    let first = |list: &[Ontvangersoort], other: usize| list.first().copied().or(Ontvangersoort::ALL.get(other).copied());
    let kinds = CATALOGUS.definities().map(|d| &d.naam).filter(|n| row.soorten.is_empty() || row.soorten.contains(n)).take(4);
    let (Some(van), Some(naar)) = (first(&row.van, 0), first(&row.naar, 2)) else { return Vec::new() };
    kinds
        .map(|soort| {
            let mut v = Verzoek::strengste(
                BUNDEL.convenant.clone(),
                soort.clone(),
                (van, naar),
                row.categorieen.first().copied().unwrap_or(Categorie::Hulp),
                row.doelen.first().copied().unwrap_or(Doel::Beoordelen),
                row.handelingen.first().copied().unwrap_or(Handeling::Ontvangen),
            );
            v.grondslagen.clone_from(&row.grondslagen);
            v.van_deelnemer = inbreng_domain::vocabulary::Deelname::Ja;
            v.naar_deelnemer = inbreng_domain::vocabulary::Deelname::Ja;
            v.scheiding = Vec::new();
            v.embargo = inbreng_domain::vocabulary::JaNee::Nee;
            v
        })
        .collect()
}

/// A whole bundle as JSON: refused with a reason, or a policy that decides.
pub fn bundels(bytes: &[u8]) {
    if let Ok(b) = serde_json::from_slice::<Bundel>(bytes) {
        match laden(b) {
            Ok(own) => drop(own.omvang()),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// A covenant source as TOML: unreadable, refused, or a covenant that loads.
pub fn bronnen(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(bron) = Convenantbron::lezen(text)
        && let Ok(b) = Bundel::genereren(&bron, &CATALOGUS)
    {
        drop(laden(b));
    }
}

/// A decision table as TOML: unreadable, or every case gets an answer.
pub fn tabellen(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(tabel) = Tabel::lezen(text) {
        assert_eq!(tabel.draaien(&BELEID, &CATALOGUS).len(), tabel.gevallen.len());
    }
}

/// A request as JSON: unreadable, or decided alike each time, with a sentence.
pub fn verzoeken(bytes: &[u8]) {
    let Ok(v) = serde_json::from_slice::<Verzoek>(bytes) else { return };
    let besluit = BELEID.beslissen(&v, &NAMEN);
    assert_eq!(besluit.uitkomst, BELEID.uitkomst(&v));
    assert_eq!(besluit, BELEID.beslissen(&v, &NAMEN));
    assert!(!besluit.uitleg.afzender.is_empty());
    let text = serde_json::to_vec(&v).expect("a request can be written");
    assert_eq!(serde_json::from_slice::<Verzoek>(&text).expect("what was written can be read"), v);
}
