//! The night itself: the region, who sends, who is killed, and when it is quiet again.

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
use inbreng_harness::{Adapter, Deelnemer, Hub, Ingang, Regio};

use crate::{
    grootboek::Grootboek,
    kans, kies,
    plan::{Bericht, Soort},
};

/// The program of this build.
const PROGRAMMA: &str = env!("CARGO_BIN_EXE_inbreng");
/// Who has an adapter.
const PARTNERS: [&str; 4] = ["politie", "veilig-thuis", "ggz", "school"];
/// How long anything may take once nobody is killed any more: an adapter waits up to a minute between two attempts.
const GEDULD: Duration = Duration::from_secs(180);
/// The longest pause between two kills, and before a killed process is back.
const TUSSEN: usize = 900;
const WEG: usize = 250;

/// A night.
pub struct Nacht {
    regio: Regio,
    hub: Hub,
    adapters: Vec<Adapter>,
    /// What the own systems were given.
    pub boek: Arc<Grootboek>,
    /// Heads of the log that someone kept.
    koppen: Vec<String>,
    /// How often a process was killed.
    pub kills: usize,
}

impl Nacht {
    /// Starts everyone.
    pub async fn beginnen(toeval: SeededRandomness) -> Self {
        let regio = Regio::maken();
        let hub = Hub::in_kamer(Path::new(PROGRAMMA), &regio, "hub", "");
        let (boek, adres) = Grootboek::starten(toeval);
        let mut adapters = Vec::new();
        for naam in PARTNERS {
            let tabellen = format!("[eigen_systeem]\nadres = \"http://{adres}/{naam}\"\ngeheim = \"geheim\"\n");
            adapters.push(Adapter::starten_met(Path::new(PROGRAMMA), &regio, naam, hub.adres, &tabellen).await);
        }
        let mut nacht = Self { regio, hub, adapters, boek, koppen: Vec::new(), kills: 0 };
        nacht.kop_bewaren().await;
        nacht
    }

    /// Someone keeps the head that the log has now.
    async fn kop_bewaren(&mut self) {
        self.koppen.push(Deelnemer::new(&self.regio, &self.hub, "om").checkpoint().await);
    }

    /// Has everything sent, while processes are killed until all of it is taken.
    pub async fn doorstaan(&mut self, plan: &[Bericht], toeval: &SeededRandomness) {
        let klaar = Arc::new(AtomicUsize::new(0));
        let mut zenders = Vec::new();
        for (naam, adapter) in PARTNERS.iter().zip(&self.adapters) {
            let eigen: Vec<Bericht> = plan.iter().filter(|b| b.van() == *naam).cloned().collect();
            let (ingang, boek, klaar) = (adapter.ingang(), Arc::clone(&self.boek), Arc::clone(&klaar));
            zenders.push(tokio::spawn(async move {
                zenden(&ingang, &boek, eigen).await;
                klaar.fetch_add(1, Ordering::SeqCst);
            }));
        }
        // The hub comes after the last adapter.
        let mut gedood = vec![0; PARTNERS.len() + 1];
        while klaar.load(Ordering::SeqCst) < PARTNERS.len() || gedood.contains(&0) {
            pauze(toeval, TUSSEN).await;
            let wie = kies(toeval, gedood.len());
            let ook_hub = wie < PARTNERS.len() && kans(toeval, 25);
            self.doden(wie, ook_hub, toeval).await;
            gedood[wie] += 1;
            gedood[PARTNERS.len()] += usize::from(ook_hub);
        }
        for zender in zenders {
            zender.await.unwrap();
        }
        self.kills = gedood.iter().sum();
        eprintln!("kills of {PARTNERS:?} and the hub: {gedood:?}");
    }

    /// Kills a process, or the hub and an adapter at once, and starts them again after a while.
    async fn doden(&mut self, wie: usize, ook_hub: bool, toeval: &SeededRandomness) {
        let hub = ook_hub || wie == PARTNERS.len();
        if hub {
            self.hub.kill_9();
        }
        if let Some(adapter) = self.adapters.get_mut(wie) {
            adapter.kill_9();
        }
        pauze(toeval, WEG).await;
        if hub {
            self.hub.herstarten();
            self.kop_bewaren().await;
        }
        if let Some(adapter) = self.adapters.get_mut(wie) {
            adapter.herstarten().await;
        }
    }

    /// Waits until nothing is on its way, and gives what each sender was told in the end.
    pub async fn tot_rust(&self, plan: &[Bericht]) -> BTreeMap<usize, String> {
        let begin = Instant::now();
        loop {
            let mut onderweg = self.hub.tellingen().await["open"].as_u64().unwrap();
            for adapter in &self.adapters {
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
        for (naam, adapter) in PARTNERS.iter().zip(&self.adapters) {
            for bericht in plan.iter().filter(|b| b.van() == *naam) {
                let (status, antwoord) = adapter.ophalen(&format!("/verzonden/{}", bericht.kenmerk())).await;
                let stand = if status == 404 { "geweigerd" } else { antwoord["stand"].as_str().unwrap() };
                standen.insert(bericht.nummer, stand.to_owned());
            }
            // A kill is nobody's lie: no adapter may have called a human.
            let (_, gezondheid) = adapter.ophalen("/gezondheid").await;
            assert_eq!(gezondheid["alarmen"], serde_json::json!([]), "{naam}");
        }
        standen
    }

    /// The hub counts what was accepted, each once; its log is whole and continues every head that was kept.
    pub async fn hub_klopt(&mut self, bevestigd: usize) {
        let tellingen = self.hub.tellingen().await;
        assert_eq!(tellingen["berichten"], bevestigd, "{tellingen}");
        assert_eq!(tellingen["leveringen"], bevestigd, "{tellingen}");
        self.kop_bewaren().await;
        self.hub.kill_9();
        let db = self.hub.opslag_kopieren("eind");
        let (db, kop) = (db.to_str().unwrap(), self.regio.pad("kop"));
        let certificaat = self.regio.pki.knooppuntmap().ondertekening_pem();
        let (kop, certificaat) = (kop.to_str().unwrap(), certificaat.to_str().unwrap());
        for tekst in &self.koppen {
            std::fs::write(kop, tekst).unwrap();
            let args = ["log", "verify", "--json", "--db", db, "--checkpoint", kop, "--certificaat", certificaat];
            let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &args);
            assert!(uit.status.success(), "{}", String::from_utf8_lossy(&uit.stdout));
        }
    }
}

/// An own system: sends its messages in their order, each until its adapter says that it has it.
async fn zenden(ingang: &Ingang, boek: &Grootboek, berichten: Vec<Bericht>) {
    for bericht in berichten {
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

async fn pauze(toeval: &SeededRandomness, hoogstens: usize) {
    tokio::time::sleep(Duration::from_millis(kies(toeval, hoogstens) as u64)).await;
}
