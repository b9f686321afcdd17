//! A connection that is kept: made, used until it ends, made again after a growing pause. Nothing of it waits for ever.

use std::{future::Future, sync::Arc, time::Duration};

use async_trait::async_trait;
use inbreng_domain::Randomness;
use lapin::{Channel, Connect, Connection, ConnectionProperties};
use tokio::sync::watch;

use super::{
    Instellingen, Knoop,
    staat::{Richting, Staat},
};

/// The shortest and the longest pause before connecting again.
const PAUZE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));
/// How long ending a connection may take.
const AFSCHEID: Duration = Duration::from_secs(1);

/// Why the broker is not used now.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AmqpFout {
    /// No node is named.
    #[error("no broker is named")]
    GeenKnoop,
    /// It said no, or the connection ended.
    #[error("broker")]
    Makelaar(#[from] lapin::Error),
    /// No answer in time.
    #[error("no answer from the broker in time")]
    TeTraag,
    /// What was offered is not confirmed in time: it may have arrived or not.
    #[error("not confirmed by the broker in time")]
    Onbevestigd,
    /// A queue or its consumer is gone.
    #[error("a queue is gone")]
    RijWeg,
}

/// What is done with a connection.
#[async_trait]
pub(super) trait Sessie: Send + Sync {
    /// What it is for.
    const RICHTING: Richting;
    /// Under which name the broker shows it.
    const NAAM: &'static str;
    /// Works until it cannot, or until told to end.
    async fn werken(&self, staat: &Staat, verbinding: &Connection, einde: &mut watch::Receiver<bool>) -> Result<(), AmqpFout>;
}

/// Keeps a connection until told to end.
pub(super) async fn bewaken<S: Sessie>(staat: Arc<Staat>, mut einde: watch::Receiver<bool>, sessie: S) {
    let mut mislukt = 0u32;
    while !*einde.borrow() {
        let knopen = staat.knopen();
        let knoop = usize::try_from(mislukt).ok().and_then(|n| n.checked_rem(knopen.len())).and_then(|n| knopen.get(n));
        let fout = match een_sessie(&staat, knoop, &mut einde, &sessie).await {
            Ok(()) => return,
            Err(Afloop { fout, gewerkt }) => {
                // One that worked was no failure: the same node is tried first.
                mislukt = if gewerkt { 0 } else { mislukt.saturating_add(1) };
                fout
            }
        };
        tracing::warn!(gebeurtenis = "bus-verbroken", reden = S::NAAM, error = %keten(&fout));
        let pauze = pauze(mislukt, staat.random.as_ref());
        if tokio::time::timeout(pauze, geeindigd(&mut einde)).await.is_ok() {
            return;
        }
    }
}

struct Afloop {
    fout: AmqpFout,
    gewerkt: bool,
}

async fn een_sessie<S: Sessie>(
    staat: &Staat,
    knoop: Option<&Knoop>,
    einde: &mut watch::Receiver<bool>,
    sessie: &S,
) -> Result<(), Afloop> {
    let niet_gewerkt = |fout| Afloop { fout, gewerkt: false };
    let knoop = knoop.ok_or(AmqpFout::GeenKnoop).map_err(niet_gewerkt)?;
    let verbinding = tokio::select! {
        verbinding = verbinden(&staat.instellingen, knoop, S::NAAM) => verbinding.map_err(niet_gewerkt)?,
        () = geeindigd(einde) => return Ok(()),
    };
    let eerder = staat.stand().tellers.verbindingen;
    let uitkomst = sessie.werken(staat, &verbinding, einde).await;
    let gewerkt = staat.stand().tellers.verbindingen > eerder;
    staat.verbinding(S::RICHTING, false);
    let _gone = tokio::time::timeout(AFSCHEID, verbinding.close(200, "".into())).await;
    uitkomst.map_err(|fout| Afloop { fout, gewerkt })
}

pub(super) async fn verbinden(instellingen: &Instellingen, knoop: &Knoop, naam: &str) -> Result<Connection, AmqpFout> {
    let eigenschappen = ConnectionProperties::default().with_connection_name(format!("inbreng {naam}").into());
    let runtime = lapin::runtime::default_runtime()?;
    wachten(instellingen, knoop.uri().connect_with_config(eigenschappen, knoop.tls(), runtime)).await
}

/// Waits until told to end.
pub(super) async fn geeindigd(einde: &mut watch::Receiver<bool>) {
    let _gone = einde.wait_for(|e| *e).await;
}

/// A channel on which everything is declared.
pub(super) async fn kanaal(staat: &Staat, verbinding: &Connection) -> Result<Channel, AmqpFout> {
    let kanaal = wachten(&staat.instellingen, verbinding.create_channel()).await?;
    uitroepen(staat, &kanaal).await?;
    Ok(kanaal)
}

/// Declares everything, on a channel that is there. Many answers, each of which takes a moment.
pub(super) async fn uitroepen(staat: &Staat, kanaal: &Channel) -> Result<(), AmqpFout> {
    let ruim = staat.instellingen.antwoorden.saturating_mul(4);
    Ok(tokio::time::timeout(ruim, staat.topologie.uitroepen(kanaal)).await.map_err(|_| AmqpFout::TeTraag)??)
}

/// Waits for an answer of the broker, not for ever.
pub(super) async fn wachten<T>(
    instellingen: &Instellingen,
    antwoord: impl Future<Output = lapin::Result<T>>,
) -> Result<T, AmqpFout> {
    Ok(tokio::time::timeout(instellingen.antwoorden, antwoord).await.map_err(|_| AmqpFout::TeTraag)??)
}

/// Connects to the first node that answers, declares, and ends.
pub(super) async fn proberen(staat: &Staat) -> Result<(), AmqpFout> {
    let mut laatste = AmqpFout::GeenKnoop;
    for knoop in staat.knopen().iter() {
        match verbinden(&staat.instellingen, knoop, "check").await {
            Ok(verbinding) => {
                let uitkomst = kanaal(staat, &verbinding).await.map(drop);
                let _gone = tokio::time::timeout(AFSCHEID, verbinding.close(200, "".into())).await;
                return uitkomst;
            }
            Err(fout) => laatste = fout,
        }
    }
    Err(laatste)
}

/// Doubles with every failure; a part of it is chance, so that processes do not come back together.
fn pauze(mislukt: u32, random: &dyn Randomness) -> Duration {
    let (kortste, langste) = PAUZE;
    let vol = kortste.saturating_mul(1u32.checked_shl(mislukt.min(16)).unwrap_or(u32::MAX)).min(langste);
    let mut byte = [0u8; 1];
    random.fill(&mut byte);
    vol / 2 + vol.saturating_mul(u32::from(byte[0])) / 512
}

fn keten(fout: &AmqpFout) -> String {
    match fout {
        AmqpFout::Makelaar(fout) => fout.to_string(),
        anders => anders.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inbreng_domain::randomness::SeededRandomness;

    #[test]
    fn the_pause_grows_and_ends() {
        let random = SeededRandomness::new(1);
        for mislukt in 0..40 {
            let pauze = pauze(mislukt, &random);
            assert!(pauze >= PAUZE.0 / 2 && pauze <= PAUZE.1, "{mislukt}: {pauze:?}");
        }
        assert!(pauze(30, &random) >= PAUZE.1 / 2);
    }
}
