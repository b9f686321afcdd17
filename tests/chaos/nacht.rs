//! The night itself: who sends, what goes wrong meanwhile, when it is quiet again, and what the hubs and their log say then.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use inbreng_domain::randomness::SeededRandomness;
use inbreng_harness::{Deelnemer, Hub, Ingang, wachten_tot};
use serde_json::Value;

use crate::{
    grond::{Grond, PARTNERS, PROGRAMMA},
    grootboek::Grootboek,
    plan::{Bericht, Soort},
    storing::{self, Wie},
};

/// How long anything may take, also while things go wrong: an adapter waits up to a minute between two attempts.
const GEDULD: Duration = Duration::from_secs(300);

/// A night.
pub struct Nacht {
    /// Whatever runs.
    pub grond: Grond,
    /// What the own systems were given.
    pub boek: Arc<Grootboek>,
    /// Heads of the log that someone kept.
    koppen: Vec<String>,
    /// How often something went wrong.
    pub storingen: usize,
    /// Whether a clock was among them.
    klok: bool,
}

impl Nacht {
    /// Starts everyone.
    pub async fn beginnen(mut grond: Grond, toeval: SeededRandomness) -> Self {
        let (boek, adres) = Grootboek::starten(toeval);
        grond.adapters_starten(adres).await;
        let mut nacht = Self { grond, boek, koppen: Vec::new(), storingen: 0, klok: false };
        nacht.kop_bewaren().await;
        nacht
    }

    /// Someone keeps the head that the log has now, as each hub says it.
    pub async fn kop_bewaren(&mut self) {
        self.grond.gereed().await;
        for n in 0..self.grond.hubs.len() {
            self.kop_bewaren_van(n).await;
        }
    }

    /// The same, of one hub.
    pub async fn kop_bewaren_van(&mut self, n: usize) {
        let om = Deelnemer::new(&self.grond.regio, &self.grond.hubs[n], "om");
        self.koppen.push(wachten_tot("a head of the log", async || om.proberen_checkpoint().await).await);
    }

    /// Has everything sent, spread over this time; counts who has sent all of theirs.
    pub fn laten_zenden(&self, plan: &[Bericht], duur: Duration) -> (tokio::task::JoinSet<()>, Arc<AtomicUsize>) {
        let klaar = Arc::new(AtomicUsize::new(0));
        let mut zenders = tokio::task::JoinSet::new();
        let begin = Instant::now();
        for (naam, adapter) in PARTNERS.iter().zip(&self.grond.adapters) {
            let eigen = plan.iter().filter(|b| b.van() == *naam).cloned();
            let op = |b: &Bericht| begin + duur.mul_f64(b.nummer as f64 / plan.len() as f64);
            let eigen: Vec<_> = eigen.map(|b| (op(&b), b)).collect();
            let (ingang, boek, klaar) = (adapter.ingang(), Arc::clone(&self.boek), Arc::clone(&klaar));
            zenders.spawn(async move {
                zenden(&ingang, &boek, eigen).await;
                klaar.fetch_add(1, Ordering::SeqCst);
            });
        }
        (zenders, klaar)
    }

    /// Has everything sent, spread over this time, while things go wrong until all of it is taken and nobody was spared.
    pub async fn doorstaan(&mut self, plan: &[Bericht], duur: Duration, toeval: &SeededRandomness) {
        let begin = Instant::now();
        let (mut zenders, klaar) = self.laten_zenden(plan, duur);
        let is_klaar = || klaar.load(Ordering::SeqCst) == PARTNERS.len();
        let mut eerste = true;
        while eerste || !is_klaar() {
            for storing in storing::ronde(toeval, &self.grond.allen(), &self.grond.tempo) {
                if !eerste && is_klaar() {
                    break;
                }
                eprintln!("{:>4} s {storing:?}", begin.elapsed().as_secs());
                self.grond.doorstaan(&storing).await;
                self.storingen += storing.wat.len();
                self.klok |= storing.wat.iter().any(|(wie, _)| matches!(wie, Wie::Klok(_)));
                self.kop_bewaren().await;
                // A sender that gave up says why.
                while let Some(einde) = zenders.try_join_next() {
                    if einde.is_err() {
                        self.vertellen(plan).await;
                    }
                    einde.unwrap();
                }
            }
            eerste = false;
        }
        zenders.join_all().await;
    }

    /// What everyone says of itself, for who looks into a night that failed.
    async fn vertellen(&self, plan: &[Bericht]) {
        for (naam, adapter) in PARTNERS.iter().zip(&self.grond.adapters) {
            for bericht in plan.iter().filter(|b| b.van() == *naam) {
                let (status, antwoord) = adapter.ophalen(&format!("/verzonden/{}", bericht.kenmerk())).await;
                if status != 404 && !self.boek.heeft(bericht.nummer) {
                    eprintln!("not taken: {bericht:?}: {antwoord}");
                }
            }
        }
        let einde =
            |tekst: String| tekst.lines().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
        for (n, hub) in self.grond.hubs.iter().enumerate() {
            eprintln!("hub {n}: {}\n{}", hub.tellingen().await, einde(hub.logtekst()));
        }
        for (naam, adapter) in PARTNERS.iter().zip(&self.grond.adapters) {
            let (_, gezondheid) = adapter.ophalen("/gezondheid").await;
            eprintln!("{naam}: {gezondheid}\n{}", einde(adapter.logtekst()));
        }
    }

    /// Waits until nothing is on its way, and gives what each sender was told in the end.
    pub async fn tot_rust(&self, plan: &[Bericht]) -> BTreeMap<usize, String> {
        self.grond.gereed().await;
        let begin = Instant::now();
        loop {
            let mut onderweg = self.grond.hubs[0].tellingen().await["open"].as_u64().unwrap();
            for adapter in &self.grond.adapters {
                let (_, gezondheid) = adapter.ophalen("/gezondheid").await;
                onderweg += gezondheid["teVersturen"].as_u64().unwrap() + gezondheid["afTeLeveren"].as_u64().unwrap();
            }
            if onderweg == 0 {
                break;
            }
            assert!(begin.elapsed() < GEDULD, "{onderweg} are still on their way");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let mut standen = BTreeMap::new();
        for (naam, adapter) in PARTNERS.iter().zip(&self.grond.adapters) {
            for bericht in plan.iter().filter(|b| b.van() == *naam) {
                let (status, antwoord) = adapter.ophalen(&format!("/verzonden/{}", bericht.kenmerk())).await;
                let stand = if status == 404 { "geweigerd" } else { antwoord["stand"].as_str().unwrap() };
                standen.insert(bericht.nummer, stand.to_owned());
            }
            // A fault that was mended is nobody's lie: no adapter may have called a human.
            let (_, gezondheid) = adapter.ophalen("/gezondheid").await;
            let verwacht = |alarm: &Value| self.klok && termijn_later(alarm);
            let alarmen: Vec<_> = gezondheid["alarmen"].as_array().unwrap().iter().filter(|alarm| !verwacht(alarm)).collect();
            assert!(alarmen.is_empty(), "{naam}: {alarmen:?}");
        }
        standen
    }

    /// How long messages were on their way, from the first time that their sender's own system offered them to the own system that took
    /// them: shortest first.
    pub fn onderweg(&self) -> Vec<Duration> {
        let mut duren = self.boek.onderweg();
        duren.sort_unstable();
        duren
    }

    /// How much the hubs brought, beside what was fetched.
    pub fn gebracht(&self) -> usize {
        self.grond.gebracht()
    }

    /// The hubs count what was accepted, each once; their log is whole, has every leaf, and continues every head that was kept.
    pub async fn hub_klopt(&mut self, bevestigd: usize) {
        let mut bladen = 0;
        for hub in &self.grond.hubs {
            let tellingen = hub.tellingen().await;
            assert_eq!(tellingen["berichten"], bevestigd, "{tellingen}");
            assert_eq!(tellingen["leveringen"], bevestigd, "{tellingen}");
            bladen = bladen.max(tellingen["bladen"].as_u64().unwrap());
        }
        self.kop_bewaren().await;
        let (db, kop) = (self.grond.log(), self.grond.regio.pad("kop"));
        let certificaat = self.grond.regio.pki.knooppuntmap().ondertekening_pem();
        let (kop, certificaat) = (kop.to_str().unwrap(), certificaat.to_str().unwrap());
        for tekst in &self.koppen {
            std::fs::write(kop, tekst).unwrap();
            let args = ["log", "verify", "--json", "--db", &db, "--checkpoint", kop, "--certificaat", certificaat];
            let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &args);
            assert!(uit.status.success(), "{}", String::from_utf8_lossy(&uit.stdout));
            let gezegd: Value = serde_json::from_slice(&uit.stdout).unwrap();
            assert!(gezegd["bladen"].as_u64() >= Some(bladen), "{gezegd}, and a hub counted {bladen}");
        }
    }
}

/// Of a hub whose clock jumped the terms are by that clock: where one is later than the policy has it, and in nothing else does the
/// decision differ, that is said.
fn termijn_later(alarm: &Value) -> bool {
    alarm["soort"] == "besluit-wijkt-af"
        && alarm["uitleg"]
            .as_str()
            .is_some_and(|uitleg| uitleg.contains("dan het beleid: de termijn van een verplichting is later."))
}

/// An own system: sends its messages in their order, each at its time and until its adapter says that it has it.
async fn zenden(ingang: &Ingang, boek: &Grootboek, berichten: Vec<(Instant, Bericht)>) {
    for (op, bericht) in berichten {
        tokio::time::sleep_until(op.into()).await;
        if let Soort::Terugkoppeling(over) = bericht.soort {
            // It answers what it was given.
            let begin = Instant::now();
            while !boek.heeft(over) {
                assert!(begin.elapsed() < GEDULD, "{over} does not come");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        let begin = Instant::now();
        let lichaam = bericht.lichaam();
        boek.aangeboden(bericht.nummer);
        loop {
            match ingang.proberen(bericht.pad(), &lichaam).await {
                Ok((202, _)) => break,
                // The adapter does not know yet that the own system has what it answers: its word is on the way to the disk.
                Ok((400..500, _)) if matches!(bericht.soort, Soort::Terugkoppeling(_)) => {}
                // Refused at the door.
                Ok((422, _)) if bericht.aan().is_none() => break,
                Ok((status, antwoord)) => assert!(status >= 500, "{status} {antwoord}: {bericht:?}"),
                // It is being killed or started.
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
            assert!(begin.elapsed() < GEDULD, "no answer to {bericht:?}");
        }
    }
}
