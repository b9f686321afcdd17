//! A loop that works on several things at a time: takes what may begin, gives each a task of its own, and looks for what ended. One that
//! hangs or fails takes no other's place.

use std::time::Duration;

use tokio::{
    sync::{Notify, watch},
    task::{Id, JoinSet},
};

use super::{Werkfout, gestopt};

/// When it looks, and how it stops.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lus<'a> {
    /// Who it is, in log lines.
    pub naam: &'static str,
    /// Wakes it.
    pub wek: &'a Notify,
    /// How long it waits for that, and after a failure.
    pub kijken: Duration,
    /// How long what is under way may go on once it must stop; then it is broken off. Every step starts from the store, so that it begins
    /// again at the next start.
    pub afronden: Duration,
}

impl Lus<'_> {
    /// Works until `stop` says so. `nemen`: what may begin beside these, each with what must stay known of it while it is under way.
    /// `klaar`: one has ended.
    pub(super) async fn draaien<P, B, T>(self, nemen: impl Fn(Vec<P>) -> B, klaar: impl Fn(), mut stop: watch::Receiver<bool>)
    where
        P: Copy,
        B: Future<Output = Result<Vec<(P, T)>, Werkfout>>,
        T: Future<Output = Result<(), Werkfout>> + Send + 'static,
    {
        let mut bezig: Vec<(Id, P)> = Vec::new();
        // Tasks of their own: the store has one connection, and who holds it must go on while we wait for it.
        let mut werk: JoinSet<Result<(), Werkfout>> = JoinSet::new();
        loop {
            match nemen(bezig.iter().map(|(_, plek)| *plek).collect()).await {
                Ok(beurt) => bezig.extend(beurt.into_iter().map(|(plek, taak)| (werk.spawn(taak).id(), plek))),
                Err(fout) => self.hapert(&fout),
            }
            tokio::select! {
                biased;
                () = async { let _ = stop.wait_for(|s| *s).await; } => break,
                Some(einde) = werk.join_next_with_id() => {
                    let (taak, uitslag) = match einde {
                        Ok((taak, uitslag)) => (taak, uitslag),
                        Err(fout) => (fout.id(), Err(Werkfout::intern(fout))),
                    };
                    bezig.retain(|(id, _)| *id != taak);
                    klaar();
                    if let Err(fout) = uitslag {
                        self.hapert(&fout);
                        if gestopt(&mut stop, tokio::time::sleep(self.kijken)).await {
                            break;
                        }
                    }
                }
                () = self.wek.notified() => {}
                () = tokio::time::sleep(self.kijken) => {}
            }
        }
        let _ = tokio::time::timeout(self.afronden, async { while werk.join_next().await.is_some() {} }).await;
        werk.shutdown().await;
    }

    fn hapert(&self, fout: &Werkfout) {
        let naam = self.naam;
        tracing::error!(reden = %fout, "{naam} hapert");
    }
}
