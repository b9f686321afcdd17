//! The mailbox: open deliveries of one partner, as JSON text put together from the texts that were verified when the message
//! was accepted. Nothing is read as JSON again, except the instant that the envelope repeats.

use std::{fmt::Write, time::Duration};

use inbreng_domain::{Oin, Tijdstip, problem::ProblemCode};
use inbreng_storage::{Leveringsdeel, OpenLevering, Postvakplek, Wrap};
use serde::Deserialize;
use tokio::time::Instant;

use crate::{Fout, Hub, herstel, herzien, toelichting};

/// Deliveries in one answer.
const HOOGSTENS: u32 = 64;
/// How long one wait lasts. The truth is in the store, so it is looked into even when the bus says nothing.
const TUSSENPOOS: Duration = Duration::from_secs(10);
/// The same while other processes cannot tell what they accepted.
const ZONDER_BUS: Duration = Duration::from_secs(1);

/// Waits for open deliveries behind a place in the mailbox, `wacht` at most.
pub(crate) async fn postvak(hub: &Hub, van: Oin, na: Option<&str>, wacht: Duration) -> Result<String, Fout> {
    aangesloten(hub, van).await?;
    herstel::uitgeven(hub).await?;
    let na = na.map_or_else(Postvakplek::default, |na| hub.plekken.openen(van, na));
    let einde = Instant::now() + wacht;
    // Before the first look: what is offered after it, is heard.
    let mut luisteraar = hub.bus.luisteren(van);
    let mut geroepen = false;
    loop {
        let kijkt = hub.kijkers.plaats(van).await?;
        // The store gives only what was decided on the facts of now.
        herzien::ontvanger(hub, van).await?;
        let open = hub.store.open_leveringen_na(van, na, HOOGSTENS).await?;
        let rest = einde.saturating_duration_since(Instant::now());
        if !open.is_empty() || rest.is_zero() || geroepen {
            // Whoever was revoked, or left the directory, while this waited gets nothing.
            aangesloten(hub, van).await?;
            let verder = hub.plekken.verzegelen(van, open.iter().fold(na, Postvakplek::na))?;
            return tekst(&open, van, &verder);
        }
        drop(kijkt);
        let tussenpoos = if hub.bus.stand().is_some_and(|b| !b.verbonden) { ZONDER_BUS } else { TUSSENPOOS };
        // Something was offered and nothing stands behind this place: it was released late and stands before it. Nothing is
        // an answer too; who gets it begins again.
        geroepen = luisteraar.wachten(rest.min(tussenpoos)).await && na != Postvakplek::default();
    }
}

/// Refuses whom the directory of now does not hold.
async fn aangesloten(hub: &Hub, van: Oin) -> Result<(), Fout> {
    let nu = hub.clock.now();
    hub.gids.stand(hub.store(), nu).await?.aangeslotene(van, nu).map(|_| ())
}

/// The JSON text of a `Postvak`.
pub(crate) fn tekst(open: &[OpenLevering], ontvanger: Oin, verder: &str) -> Result<String, Fout> {
    let mut json = String::from(r#"{"leveringen":["#);
    for (i, een) in open.iter().enumerate() {
        komma(i, &mut json);
        levering(een, ontvanger, &mut json)?;
    }
    // INVARIANT: base64url has no character that JSON escapes.
    write!(json, r#"],"verder":"{verder}"}}"#).map_err(corrupt)?;
    Ok(json)
}

/// The part of `bericht` that the envelope repeats and the store has no column for.
#[derive(Deserialize)]
struct Tijd {
    tijd: Tijdstip,
}

/// The JSON text of one delivery, as it is fetched and as it is brought.
pub(crate) fn levering(een: &OpenLevering, ontvanger: Oin, json: &mut String) -> Result<(), Fout> {
    let Tijd { tijd } = serde_json::from_str(&een.bericht).map_err(corrupt)?;
    // INVARIANT: identifiers, codes and instants have no character that JSON escapes.
    write!(
        json,
        r#"{{"id":"{}","aangenomenOp":"{}","baan":"{}","bericht":{{"specversion":"1.0","id":"{}","source":"#,
        een.id, een.aangenomen_op, een.baan, een.bericht_id
    )
    .map_err(corrupt)?;
    string(&een.bron, json)?;
    write!(json, r#","type":"{}","time":"{tijd}""#, een.berichttype).map_err(corrupt)?;
    if let Some(casus) = een.casus {
        write!(json, r#","subject":"{casus}""#).map_err(corrupt)?;
    }
    write!(json, r#","data":{{"bericht":{},"delen":["#, een.bericht).map_err(corrupt)?;
    for (i, een) in een.delen.iter().enumerate() {
        komma(i, json);
        deel(een, ontvanger, json)?;
    }
    write!(json, r#"]}}}},"besluiten":{}}}"#, een.besluiten).map_err(corrupt)
}

/// A part with the recipient's own wrap and access statement, or with neither where it is view-only.
fn deel(een: &Leveringsdeel, ontvanger: Oin, json: &mut String) -> Result<(), Fout> {
    let kern = een.inhoud.strip_suffix('}').ok_or_else(|| corrupt("delen.inhoud"))?;
    write!(json, r#"{{"labels":{},"inhoud":{kern},"recipients":["#, een.labels).map_err(corrupt)?;
    let bewaard = een.sleutel.as_ref().map(|s| toelichting::uiteen(&s.wrap)).transpose()?;
    if let Some(bewaard) = &bewaard {
        json.push_str(&bewaard.wrap);
    }
    json.push_str(r#"]},"eigenaarsbewijs":"#);
    string(&een.eigenaarsbewijs, json)?;
    json.push_str(r#","toegang":["#);
    if let Some(Wrap { toegang, .. }) = &een.sleutel {
        write!(json, r#"{{"oin":"{ontvanger}","verklaring":"#).map_err(corrupt)?;
        string(toegang, json)?;
        if let Some(toelichting) = bewaard.and_then(|b| b.toelichting) {
            write!(json, r#","toelichting":{toelichting}"#).map_err(corrupt)?;
        }
        json.push('}');
    }
    json.push_str("]}");
    Ok(())
}

fn komma(i: usize, json: &mut String) {
    if i > 0 {
        json.push(',');
    }
}

fn string(text: &str, json: &mut String) -> Result<(), Fout> {
    json.push_str(&serde_json::to_string(text).map_err(corrupt)?);
    Ok(())
}

fn corrupt(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fout {
    Fout::new(ProblemCode::InterneFout).door(error)
}
