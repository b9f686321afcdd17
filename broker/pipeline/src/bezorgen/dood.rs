//! Dead letters: what nobody could bring, for who sent it and who should have got it.

use std::collections::BTreeMap;

use inbreng_domain::{
    Digest, LeveringId, Oin, Tijdstip,
    problem::ProblemCode,
    terugroep::{Bezorggrens, Bezorgreden, Dodeletters, Dodetelling, Herbezorging},
    versie::Beheerfunctie,
};
use inbreng_proof::{Typ, sha256};
use inbreng_storage::{Afronding, Doodsoorzaak, NieuwBlad, Pogingsuitslag};
use serde::Serialize;
use time::Duration;

use crate::{
    Fout, Hub,
    leaf::{self, Soort},
    words,
};

/// Dead letters on one page.
const BLADZIJDE: u32 = 200;
/// How far the moment of an act may be from now: it is one act, not a stock of them.
const VERS: Duration = Duration::minutes(15);

/// The record of a dead letter.
#[derive(Debug, Serialize)]
struct Doodrecord {
    levering: LeveringId,
    ontvanger: Oin,
    pogingen: u32,
    reden: Bezorgreden,
    grens: Bezorggrens,
}

/// The record of who has it brought again.
#[derive(Debug, Serialize)]
struct Herbezorgrecord {
    levering: LeveringId,
    door: Oin,
    functie: Beheerfunctie,
    verklaring: Digest,
}

/// A delivery of which nothing more is tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gestorven {
    pub(super) ontvanger: Oin,
    pub(super) levering: LeveringId,
    /// The attempt that was the last; absent where it grew too old without one under way.
    pub(super) poging: Option<u32>,
    pub(super) pogingen: u32,
    pub(super) reden: Bezorgreden,
    pub(super) status: Option<u16>,
    pub(super) grens: Bezorggrens,
}

/// Writes a dead letter, with its leaf; says it in the log, for a human.
pub(super) async fn vastleggen(hub: &Hub, wat: Gestorven) -> Result<bool, Fout> {
    let nu = hub.clock.now();
    let Gestorven { ontvanger, levering, poging, pogingen, reden, status, grens } = wat;
    let record = Doodrecord { levering, ontvanger, pogingen, reden, grens };
    let blad = leaf::maken(Soort::DodeLetter, &record, nu, hub.random.as_ref())?;
    let uitslag = Pogingsuitslag::Dood(Doodsoorzaak { reden, status, grens, blad });
    let gedaan = hub.store.bezorging_afronden(Afronding { ontvanger, levering, poging, nu, uitslag }).await?;
    if gedaan {
        tracing::error!(gebeurtenis = "dode-letter", partner = %ontvanger, reden = %reden, aantal = pogingen);
    }
    Ok(gedaan)
}

/// The dead letters of a partner: what it sent, and what it should have got.
pub(crate) async fn lijst(hub: &Hub, wie: Oin, na: Option<LeveringId>) -> Result<Dodeletters, Fout> {
    let dode_letters = hub.store.dode_letters(wie, na, BLADZIJDE).await?;
    let mut per_ontvanger: BTreeMap<Oin, u32> = BTreeMap::new();
    for letter in &dode_letters {
        *per_ontvanger.entry(letter.ontvanger).or_default() += 1;
    }
    let vol = dode_letters.len() >= usize::try_from(BLADZIJDE).unwrap_or(usize::MAX);
    Ok(Dodeletters {
        verder: dode_letters.last().filter(|_| vol).map(|l| l.levering),
        dode_letters,
        per_ontvanger: per_ontvanger.into_iter().map(|(ontvanger, aantal)| Dodetelling { ontvanger, aantal }).collect(),
    })
}

/// Has a dead letter brought again. `jws` is a signed [`Herbezorging`] of its sender or its recipient.
pub(crate) async fn herbezorgen(hub: &Hub, wie: Oin, levering: LeveringId, jws: &str) -> Result<(), Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let daad: Herbezorging = words::ondertekend(jws, Typ::Herbezorging, &gids.aangeslotene(wie, nu)?.certificaat.key)?;
    if daad.door != wie {
        return Err(Fout::new(ProblemCode::BronNietEigen).at("/verklaring"));
    }
    if daad.levering != levering || nu.since(daad.tijd).abs() > VERS {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/verklaring"));
    }
    let blad = blad(hub, &daad, jws, nu)?;
    let ontvanger = hub.store.herbezorgen(wie, levering, nu, blad).await?;
    let ontvanger = ontvanger.ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
    // Whoever brings is told by what the bus carries for every delivery.
    let baan = inbreng_domain::vocabulary::Urgentie::Normaal;
    crate::accept::aanbieden(hub, &[inbreng_bus::Werk { ontvanger, levering, baan }]).await;
    Ok(())
}

fn blad(hub: &Hub, daad: &Herbezorging, jws: &str, nu: Tijdstip) -> Result<NieuwBlad, Fout> {
    let Herbezorging { levering, door, functie, .. } = *daad;
    let record = Herbezorgrecord { levering, door, functie, verklaring: sha256(jws.as_bytes()) };
    leaf::maken(Soort::Herbezorging, &record, nu, hub.random.as_ref())
}
