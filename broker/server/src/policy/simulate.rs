//! `inbreng policy simulate`: what a draft would have decided in a past period, both ways, without a person or a case.

use clap::Args;
use inbreng_domain::{Datum, Tijdstip};
use inbreng_policy::{
    Simulatie, Simulatietelling, Wijziging,
    simulatie::{Richting, Richtingtelling},
};
use serde::Serialize;

use super::{
    Afloop, Fout,
    besluiten::{Besluitbron, Verder, moment},
    bron::{Versie, Versiekop},
    catalogus,
    tekst::{Tekst, aantal, getal, tonen},
    woordenboek,
};

/// What is simulated.
#[derive(Debug, Args)]
pub struct Opties {
    /// Het concept: een bron (TOML), een bundel (JSON) of een ondertekende bundel (JWS).
    #[arg(value_name = "CONCEPT")]
    concept: String,
    #[command(flatten)]
    besluiten: Besluitbron,
    /// Vanaf deze dag (2026-11-01) of dit moment.
    #[arg(long, value_name = "DAG")]
    van: Option<String>,
    /// Tot deze dag (die dag zelf niet meer) of dit moment.
    #[arg(long, value_name = "DAG")]
    tot: Option<String>,
    /// Hoeveel voorbeelden u per richting ziet.
    #[arg(long, value_name = "AANTAL", default_value_t = 5, hide_default_value = true)]
    voorbeelden: usize,
    /// Geef alles als JSON.
    #[arg(long)]
    json: bool,
}

/// What tools get.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Antwoord {
    concept: Versiekop,
    #[serde(skip_serializing_if = "Option::is_none")]
    van: Option<Tijdstip>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tot: Option<Tijdstip>,
    telling: Simulatietelling,
    /// Outside the period.
    buiten_periode: u64,
    voorbeelden: Vec<Wijziging>,
}

/// Simulates.
pub fn run(opties: &Opties) -> Result<Afloop, Fout> {
    let catalogus = catalogus()?;
    let versie = Versie::vinden(&opties.concept, &catalogus, None)?;
    let beleid = versie.beleid(&catalogus)?;
    let (van, tot) = (dag("--van", opties.van.as_deref())?, dag("--tot", opties.tot.as_deref())?);
    let mut simulatie = Simulatie::van(&beleid);
    let mut voorbeelden: Vec<Wijziging> = Vec::new();
    let mut buiten_periode = 0;
    opties.besluiten.lezen(|regel| {
        let op = moment(&regel.record);
        let binnen = op.is_none_or(|op| van.is_none_or(|v| op >= v) && tot.is_none_or(|t| op < t));
        if !binnen {
            buiten_periode += 1;
            return Ok(Verder::Lees);
        }
        let wijziging = simulatie.record(&regel.record).map_err(|e| Fout::beleid(&format!("besluit {}", regel.nummer), &e))?;
        if let Some(wijziging) = wijziging {
            let alike = voorbeelden.iter().filter(|w| w.richting == wijziging.richting).count();
            // Of every kind of change one is enough.
            let known = voorbeelden
                .iter()
                .any(|w| Wijziging { van_oin: wijziging.van_oin, naar_oin: wijziging.naar_oin, ..w.clone() } == wijziging);
            if alike < opties.voorbeelden && !known {
                voorbeelden.push(wijziging);
            }
        }
        Ok(Verder::Lees)
    })?;
    voorbeelden.sort_by_key(|w| w.richting);
    let antwoord = Antwoord { concept: versie.kop(), van, tot, telling: simulatie.af(), buiten_periode, voorbeelden };
    let woorden = woordenboek()?;
    tonen(opties.json, &antwoord, |a| in_woorden(a, &versie, &woorden), Afloop::Goed)
}

/// A day is its beginning, in the time of the hub (UTC).
fn dag(optie: &str, tekst: Option<&str>) -> Result<Option<Tijdstip>, Fout> {
    let Some(tekst) = tekst else { return Ok(None) };
    let moment = match tekst.parse::<Datum>() {
        Ok(_) => format!("{tekst}T00:00:00.000Z"),
        Err(_) => tekst.to_owned(),
    };
    moment.parse().map(Some).map_err(|_| {
        Fout::new(format!("{optie}: `{tekst}` is geen dag"))
            .herstel("Schrijf een dag als 2026-11-01, of een moment als 2026-11-01T08:00:00.000Z.")
    })
}

fn telling(t: &Richtingtelling) -> String {
    format!("{} ruimer, {} strenger, {} met andere plichten", getal(t.ruimer), getal(t.strenger), getal(t.anders))
}

fn in_woorden(a: &Antwoord, versie: &Versie, woorden: &inbreng_policy::Woordenboek) -> String {
    let mut t = Tekst::default();
    let s = &a.telling;
    t.zo(&format!("Concept: {}", versie.regel()));
    t.zo(&format!("  {} bekeken, {} blijven gelijk", aantal(s.bekeken, "besluit", "besluiten"), getal(s.gelijk)));
    t.zo(&format!("  {}", telling(&s.gewijzigd)));
    if s.overgeslagen + a.buiten_periode > 0 {
        t.regel(
            2,
            2,
            &format!(
                "niet bekeken: {} van een ander convenant of van wie niet meedeed, {} buiten de periode",
                getal(s.overgeslagen),
                getal(a.buiten_periode)
            ),
        );
    }
    if !s.per_regel.is_empty() {
        t.kop("Per regel");
        for (regel, n) in &s.per_regel {
            let naam = woorden.regel(*regel).map_or("", |r| &r.naam);
            t.regel(2, 4, &format!("{regel} {naam}: {}", telling(n)));
        }
    }
    if !s.per_organisatie.is_empty() {
        t.kop("Per organisatie");
        for (oin, n) in &s.per_organisatie {
            t.regel(2, 4, &format!("{oin} geeft: {}; krijgt: {}", telling(&n.geeft), telling(&n.krijgt)));
        }
    }
    for (richting, kop) in [
        (Richting::Ruimer, "Voorbeelden: ruimer"),
        (Richting::Strenger, "Voorbeelden: strenger"),
        (Richting::Anders, "Voorbeelden: andere plichten"),
    ] {
        let these: Vec<&Wijziging> = a.voorbeelden.iter().filter(|w| w.richting == richting).collect();
        if !these.is_empty() {
            t.kop(kop);
        }
        for w in these {
            t.regel(
                2,
                4,
                &format!(
                    "{} van {} naar {}, {}, om {}: {} → {}",
                    w.soort, w.van, w.naar, w.categorie, w.doel, w.was.uitkomst, w.wordt.uitkomst
                ),
            );
            t.regel(6, 2, &w.zin);
        }
    }
    t.into()
}
