//! `POST /<mapped path>`: takes a message. `POST /toets/<mapped path>`: asks whether it may.

use std::time::Duration;

use actix_web::{HttpResponse, http::Method, web};
use inbreng_domain::{Problem, ProblemCode};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value, json};

use super::{
    Gedeeld,
    antwoord::Antwoordfout,
    eindpunt::{Eindpunt, Plek, Slot},
    lichaam::Lichaam,
    openapi::Operatie,
};
use crate::engine::{self, Uitslag};

/// The longest that a caller may wait for the hub, in seconds.
pub(super) const LANGSTE_WACHT: u64 = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vraag {
    #[serde(default, deserialize_with = "hoogstens")]
    wacht: u64,
    waarschuwingen: Option<Gezien>,
}

/// The word by which a caller stands by what it was warned of.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Gezien {
    Gezien,
}

impl Vraag {
    /// How long to wait for the hub.
    pub(super) fn wacht(&self) -> Duration {
        Duration::from_secs(self.wacht)
    }
}

fn hoogstens<'de, D: Deserializer<'de>>(waarde: D) -> Result<u64, D::Error> {
    let wacht = u64::deserialize(waarde)?;
    if wacht <= LANGSTE_WACHT { Ok(wacht) } else { Err(D::Error::custom("longer than is waited")) }
}

/// What sending and asking may both be refused with.
pub(super) const PROBLEMEN: &[ProblemCode] = &[
    ProblemCode::NietGevonden,
    ProblemCode::VeldOngeldig,
    ProblemCode::VerklaringOngeldig,
    ProblemCode::TypeOnbekend,
    ProblemCode::CasusOngeldig,
    ProblemCode::OntvangerOnbekend,
    ProblemCode::BeleidVerouderd,
];

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Mapping(""),
        slot: Slot::Geheim,
        route: || web::post().to(aannemen),
        operatie: || {
            Operatie::new(
                "stuur",
                "Versturen",
                "Een bericht versturen",
                "Neemt een bericht in uw eigen formaat aan. 202 zodra het veilig is vastgelegd. Hetzelfde kenmerk met dezelfde inhoud is \
                 hetzelfde bericht. Lijkt er een BSN of postcode in vrije tekst te staan, dan gaat er niets weg en is het antwoord 409 \
                 `waarschuwing-bevestigen`; met `waarschuwingen=gezien` gaat het wel. Een acuut bericht wacht daar niet op.",
            )
            .in_query("wacht", LANGSTE_WACHT, "Zoveel seconden wachten op het besluit van het knooppunt.")
            .in_query_woord("waarschuwingen", "gezien", "Wie stuurt zag de waarschuwing over vrije tekst en staat ervoor.")
            .inhoud("EigenBericht")
            .antwoord(202, "Aangenomen; met de besluiten zodra die er zijn.", "Aangenomen")
            .problemen(PROBLEMEN)
            .problemen(&[ProblemCode::BerichtBestaatAnders, ProblemCode::NietToegestaan, ProblemCode::WaarschuwingBevestigen])
        },
    }
}

pub(super) fn eindpunt_toets() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Mapping("/toets"),
        slot: Slot::Geheim,
        route: || web::post().to(toetsen),
        operatie: || {
            Operatie::new(
                "toets",
                "Versturen",
                "Mag dit?",
                "Per deel en ontvanger: mag het, waarom, en wat zou er wel mogen. Er wordt niets verstuurd en niets vastgelegd.",
            )
            .inhoud("EigenBericht")
            .antwoord(200, "De besluiten.", "Toetsing")
            .problemen(PROBLEMEN)
        },
    }
}

pub(super) async fn aannemen(
    omgeving: Gedeeld,
    pad: web::Path<String>,
    vraag: web::Query<Vraag>,
    lichaam: Lichaam,
) -> Result<HttpResponse, Antwoordfout> {
    let lichaam = lichaam.json()?;
    let aangenomen = engine::aannemen(&omgeving, &format!("/{pad}"), &lichaam, vraag.waarschuwingen.is_some()).await?;
    antwoorden(&omgeving, &aangenomen.kenmerk, vraag.wacht()).await
}

/// How far a message is that was taken just now, after waiting so long for the hub.
pub(super) async fn antwoorden(omgeving: &Gedeeld, kenmerk: &str, wacht: Duration) -> Result<HttpResponse, Antwoordfout> {
    let stand = if wacht.is_zero() {
        engine::uitslag(omgeving, kenmerk).await?
    } else {
        engine::wachten(omgeving, kenmerk, wacht).await?
    };
    let uitslag = stand.ok_or_else(|| Problem::new(ProblemCode::NietGevonden))?;
    match uitslag.probleem.clone() {
        Some(problem) => Err(problem.into()),
        None => Ok(HttpResponse::Accepted().json(weergave(&uitslag))),
    }
}

/// A message as the own system sees it.
pub(super) fn weergave(uitslag: &Uitslag) -> Map<String, Value> {
    let Uitslag { aangenomen, stand, besluiten, ontvangstbewijs, .. } = uitslag;
    [
        ("ontvangstbewijs", json!(ontvangstbewijs)),
        ("kenmerk", json!(aangenomen.kenmerk)),
        ("bericht", json!(aangenomen.bericht)),
        ("stand", json!(stand.as_str())),
        ("besluiten", json!(besluiten)),
        ("waarschuwingen", json!(aangenomen.waarschuwingen)),
    ]
    .into_iter()
    .map(|(naam, waarde)| (naam.to_owned(), waarde))
    .collect()
}

pub(super) async fn toetsen(omgeving: Gedeeld, pad: web::Path<String>, lichaam: Lichaam) -> Result<HttpResponse, Antwoordfout> {
    let lichaam = lichaam.json()?;
    let getoetst = engine::vragen(&omgeving, &format!("/{pad}"), &lichaam).await?;
    Ok(HttpResponse::Ok().json(json!({ "besluiten": getoetst.besluiten, "waarschuwingen": getoetst.waarschuwingen })))
}
