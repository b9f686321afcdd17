//! What an owner's word (42, 45, 46, 47, 59) does here, once it is verified: in the same transaction that remembers it, so that no
//! crash lets through what it stops.

use inbreng_domain::{
    BerichtId, CasusRef, DeelId, Oin, PersoonRef,
    levering::Levering,
    vocabulary::{Categorie, Doel, Eigenaarsbesluit},
};
use serde::Deserialize;

use super::{Omgeving, Werkfout, voorbereiden::Voorbereiding};
use crate::{
    concept::Ontvangen,
    eigenaar::{self, EIGENAAR_BESLUIT, INTREKKING, MISPLAATSING, RECTIFICATIE, TOESTEMMING_INGETROKKEN},
    store::{Ingetrokken, Opslagfout, Post, Stopwoord, Transactie},
};

/// The duty of who must stop.
const STAKEN: &str = "gebruik-staken";

#[derive(Deserialize)]
struct Verbetering {
    deel: DeelId,
}

#[derive(Deserialize)]
struct Delen {
    #[serde(default)]
    delen: Vec<DeelId>,
}

#[derive(Deserialize)]
struct Toestemming {
    persoon: PersoonRef,
    eigenaar: Oin,
    ontvangers: Vec<Oin>,
    categorieen: Vec<Categorie>,
    doelen: Vec<Doel>,
}

#[derive(Deserialize)]
struct Besluit {
    besluit: Eigenaarsbesluit,
}

/// Of a word that stops something: the message, or the case, that it is about, as it says before it is verified. What it names
/// waits for that.
pub(super) fn over(levering: &Levering, zaak: &str) -> Option<String> {
    let soort = levering.bericht.berichttype.naam();
    if !eigenaar::stopt(soort) {
        return None;
    }
    if soort.as_str() == TOESTEMMING_INGETROKKEN {
        return Some(zaak.to_owned());
    }
    Some(eigenaar::over(&levering.bericht.data.bericht.verklaring).map(|id| id.to_string()).unwrap_or_default())
}

/// Does what a verified word says, as far as it is about what its sender owns.
pub(super) async fn toepassen(
    omgeving: &Omgeving,
    tx: &mut Transactie,
    ontvangen: &Ontvangen,
    ruw: &str,
) -> Result<(), Werkfout> {
    let woord = Stopwoord { id: ontvangen.bericht, soort: &ontvangen.soort, van: ontvangen.van.oin, nu: omgeving.clock.now() };
    let verklaring = &ontvangen.verklaring;
    let over: Option<BerichtId> = eigenaar::over(verklaring);
    match (&*ontvangen.soort.as_str(), over) {
        (RECTIFICATIE, Some(over)) => {
            let Verbetering { deel } = Verbetering::deserialize(verklaring).map_err(Werkfout::intern)?;
            if !eigenaar::is_zienswijze(verklaring) {
                tx.stoppen(&woord, over, &[deel]).await?;
            }
        }
        (INTREKKING | MISPLAATSING, Some(over)) => {
            let Delen { delen } = Delen::deserialize(verklaring).map_err(Werkfout::intern)?;
            tx.stoppen(&woord, over, &delen).await?;
        }
        (EIGENAAR_BESLUIT, _) => {
            let Besluit { besluit } = Besluit::deserialize(verklaring).map_err(Werkfout::intern)?;
            if let Some(melding) = ontvangen.antwoord_op.as_ref().filter(|_| besluit == Eigenaarsbesluit::Ja) {
                tx.vrijgeven(melding.id, ontvangen.van.oin).await?;
            }
        }
        (TOESTEMMING_INGETROKKEN, _) => {
            let casus = ontvangen.casus.as_ref().map(|c| c.verwijzing);
            if let Some(casus) = casus.filter(|_| moet_staken(ruw)) {
                ingetrokken(omgeving, tx, &woord, casus, verklaring).await?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whom a word of ours is for, as we know it ourselves: who got what it is about, or whose that is; of a withdrawal of consent whom it
/// names. The hub addresses these where we address nobody, and is believed on no other.
pub(super) async fn kring(omgeving: &Omgeving, v: &Voorbereiding) -> Result<Vec<Oin>, Opslagfout> {
    let (soort, verklaring) = (v.verzoek.berichttype.naam(), &v.verzoek.verklaring);
    if !eigenaar::is_woord(soort) {
        return Ok(Vec::new());
    }
    if soort.as_str() == TOESTEMMING_INGETROKKEN {
        let Ok(Toestemming { eigenaar, mut ontvangers, .. }) = Toestemming::deserialize(verklaring) else {
            return Ok(Vec::new());
        };
        ontvangers.push(eigenaar);
        return Ok(ontvangers);
    }
    let Some(over) = eigenaar::over(verklaring) else { return Ok(Vec::new()) };
    match omgeving.opslag.bericht(&over.to_string()).await? {
        Some(ons) if ons.van == omgeving.organisatie.oin => {
            // What takes the place of one part is for who has that one.
            let deel = verklaring.get("deel").and_then(|d| DeelId::deserialize(d).ok());
            omgeving.opslag.houders(over, deel.filter(|_| soort.as_str() == RECTIFICATIE)).await
        }
        Some(ander) => Ok(vec![ander.van]),
        None => Ok(Vec::new()),
    }
}

/// Whether another ground carries what went before, the hub says in its decision: it knows every consent of the case.
fn moet_staken(ruw: &str) -> bool {
    let levering: Option<Levering> = serde_json::from_str(ruw).ok();
    levering.is_some_and(|l| l.besluiten.iter().flat_map(|b| &b.verplichtingen).any(|v| v.soort.as_str() == STAKEN))
}

async fn ingetrokken(
    omgeving: &Omgeving,
    tx: &mut Transactie,
    woord: &Stopwoord<'_>,
    casus: CasusRef,
    verklaring: &serde_json::Value,
) -> Result<(), Werkfout> {
    let wat = Toestemming::deserialize(verklaring).map_err(Werkfout::intern)?;
    if !wat.ontvangers.contains(&omgeving.organisatie.oin) {
        return Ok(());
    }
    let Toestemming { persoon, eigenaar, categorieen, doelen, .. } = wat;
    let ingetrokken = Ingetrokken { casus, persoon, categorieen: &categorieen, doelen: &doelen };
    Ok(tx.toestemming_weg(&Stopwoord { van: eigenaar, ..*woord }, &ingetrokken).await?)
}

/// The own system does not take a word of an owner: a human must act on it, and is told about which message it is.
pub(super) async fn alarmeren(omgeving: &Omgeving, post: &Post, fout: &Werkfout) -> Result<(), Werkfout> {
    let levering: Option<Levering> = post.ruw.as_deref().and_then(|ruw| serde_json::from_str(ruw).ok());
    let verklaring = levering.map(|l| l.bericht.data.bericht.verklaring).unwrap_or_default();
    let bekend = match eigenaar::over(&verklaring) {
        Some(id) => omgeving.opslag.bericht(&id.to_string()).await?.map(|b| b.kenmerk),
        None => None,
    };
    let waarover = bekend.map_or_else(String::new, |kenmerk| format!(" Het gaat over het bericht met kenmerk {kenmerk}."));
    let van = omgeving.naam(post.van);
    let uitleg = format!(
        "{} Dit bericht ({}) van {van} neemt uw systeem niet aan ({fout}).{waarover} Lees het in de postbus van de adapter en bevestig \
         het daar; de adapter blijft het aanbieden.",
        eigenaar::wat(&post.soort, &verklaring),
        post.soort
    );
    omgeving.alarm("eigenaarswoord-niet-verwerkt", post.levering, &uitleg).await
}
