//! `kill -9` of the hub while it accepts: nothing that was answered is lost, nothing is doubled, the log holds.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use inbreng_domain::{
    BerichtId, Randomness,
    antwoorden::{Aannameantwoord, Insluitingsbewijs, Samenhangbewijs},
    receipts::{Checkpoint, Ontvangstbewijs},
    vocabulary::Doel,
};
use inbreng_harness::{Brief, Deelnemer, Regio, Stuk, wachten_tot};
use inbreng_proof::{
    Typ, VerifyingKey, jws,
    merkle::{verify_consistency, verify_inclusion},
};
use serde_json::Value;

use crate::{hub, log_klopt, toeval};

const KLANTEN: usize = 8;
const RONDEN: usize = 4;

/// A message that was sent: its bytes, and the body of the 202 where one came.
#[derive(Clone)]
struct Verstuurd {
    bytes: Vec<u8>,
    antwoord: Option<Vec<u8>>,
    /// Whether the OM is a recipient too.
    ook_om: bool,
}

type Boek = BTreeMap<BerichtId, Verstuurd>;

/// One partner that sends without a pause until the hub is gone.
async fn zenden(
    regio: Arc<Regio>,
    klant: Arc<Deelnemer>,
    nummer: usize,
    stop: Arc<AtomicBool>,
    aangenomen: Arc<AtomicUsize>,
) -> Boek {
    let (vt, om) = (regio.partner("veilig-thuis"), regio.partner("om"));
    let mut boek = Boek::new();
    while !stop.load(Ordering::SeqCst) {
        let ook_om = boek.len() % 2 == nummer % 2;
        let brief = if ook_om {
            let stuk = |voor| Stuk::incident(Doel::Huisverbod, "Er was ruzie.", &[voor]);
            Brief::huisverbod(&regio, &klant.partner).aan(&[&vt, &om]).met(stuk(&vt)).met(stuk(&om))
        } else {
            Brief::incidentmelding(&regio, &klant.partner, &vt, "Er was ruzie.")
        };
        let bytes = brief.bytes();
        let antwoord = match klant.proberen(bytes.clone()).await {
            Ok(antwoord) => Some(antwoord.met_status(202).inhoud),
            Err(_) => None,
        };
        if antwoord.is_some() {
            aangenomen.fetch_add(1, Ordering::SeqCst);
        } else {
            stop.store(true, Ordering::SeqCst);
        }
        boek.insert(brief.id, Verstuurd { bytes, antwoord, ook_om });
    }
    boek
}

/// What the log must still agree with.
struct Koppen {
    sleutel: VerifyingKey,
    eerdere: Vec<String>,
}

impl Koppen {
    fn lezen(&self, jws: &str) -> Checkpoint {
        jws::verify(jws, Typ::Checkpoint, &self.sleutel).unwrap()
    }

    /// Fetches the newest head and proves that it continues every earlier one.
    async fn nieuwe(&mut self, deelnemer: &Deelnemer) -> Checkpoint {
        let tekst = deelnemer.checkpoint().await;
        let nieuw = self.lezen(&tekst);
        for eerder in self.eerdere.iter().map(|jws| self.lezen(jws)) {
            assert!(eerder.omvang <= nieuw.omvang, "the log shrank from {} to {}", eerder.omvang, nieuw.omvang);
            let pad = if eerder.omvang == nieuw.omvang {
                Vec::new()
            } else {
                let pad = format!("/logboek/bewijzen/samenhang?van={}&naar={}", eerder.omvang, nieuw.omvang);
                let bewijs = deelnemer.ophalen("logboek", &pad).await.met_status(200).json();
                serde_json::from_value::<Samenhangbewijs>(bewijs).unwrap().pad
            };
            verify_consistency(eerder.omvang, &eerder.wortel, nieuw.omvang, &nieuw.wortel, &pad).unwrap();
        }
        self.eerdere.push(tekst);
        nieuw
    }
}

/// Empties a mailbox, signing for each delivery; counts how often each message came.
async fn leeghalen(deelnemer: &Deelnemer) -> BTreeMap<BerichtId, usize> {
    let mut gezien = BTreeMap::new();
    loop {
        let postvak = deelnemer.postvak().await;
        if postvak.is_empty() {
            return gezien;
        }
        for levering in &postvak {
            let id: BerichtId = serde_json::from_value(levering["bericht"]["id"].clone()).unwrap();
            *gezien.entry(id).or_default() += 1;
            deelnemer.ontvangen(levering).await;
        }
    }
}

/// Everything that was sent is there now, answered as before where it was answered.
async fn opnieuw_aanbieden(klant: &Deelnemer, boek: &mut Boek) {
    for (id, verstuurd) in boek {
        let antwoord = klant.sturen(verstuurd.bytes.clone()).await.met_status(202).inhoud;
        if let Some(eerder) = &verstuurd.antwoord {
            assert!(antwoord == *eerder, "another receipt for {id}");
        }
        verstuurd.antwoord = Some(antwoord);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_answered_is_lost_and_nothing_doubled() {
    let toeval = toeval();
    let regio = Arc::new(Regio::maken());
    let mut hub = hub(&regio, "hub", "");
    let klanten: Vec<_> = (0..KLANTEN).map(|_| Arc::new(Deelnemer::new(&regio, &hub, "politie"))).collect();
    let (vt, om) = (Deelnemer::new(&regio, &hub, "veilig-thuis"), Deelnemer::new(&regio, &hub, "om"));
    let certificaat = regio.pki.knooppuntmap().ondertekening_pem();
    let sleutel = VerifyingKey::from_certificate_der(&inbreng_harness::blad(&certificaat)).unwrap();
    let mut koppen = Koppen { sleutel, eerdere: Vec::new() };
    koppen.nieuwe(&vt).await;
    let mut alles = Boek::new();
    let mut onbeantwoord = 0;

    for ronde in 0..RONDEN {
        let (stop, aangenomen) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let taken: Vec<_> = klanten
            .iter()
            .enumerate()
            .map(|(nummer, klant)| {
                tokio::spawn(zenden(Arc::clone(&regio), Arc::clone(klant), nummer, Arc::clone(&stop), Arc::clone(&aangenomen)))
            })
            .collect();
        // In the middle of the work, each time at another point of it.
        wachten_tot("the first messages", async || (aangenomen.load(Ordering::SeqCst) >= KLANTEN).then_some(())).await;
        let mut bytes = [0; 2];
        toeval.fill(&mut bytes);
        tokio::time::sleep(Duration::from_micros(u64::from(u16::from_le_bytes(bytes)) * 8)).await;
        hub.kill_9();
        stop.store(true, Ordering::SeqCst);
        let mut boek = Boek::new();
        for taak in taken {
            boek.extend(taak.await.unwrap());
        }
        let zonder = boek.values().filter(|v| v.antwoord.is_none()).count();
        onbeantwoord += zonder;
        eprintln!("round {ronde}: {} answered, {zonder} unanswered", boek.len() - zonder);

        // The log as the dead hub left it, against what it signed before.
        log_klopt(&hub.opslag_kopieren(&format!("dood-{ronde}")), koppen.eerdere.last().unwrap(), &certificaat);
        hub.herstarten();
        opnieuw_aanbieden(&klanten[ronde % KLANTEN], &mut boek).await;
        // And once more: whatever was accepted just now has one receipt too.
        opnieuw_aanbieden(&klanten[0], &mut boek).await;
        alles.extend(boek);
        koppen.nieuwe(&vt).await;
    }
    assert!(onbeantwoord > 0, "no message was on its way at any kill: nothing was tried");

    let tellingen = hub.tellingen().await;
    assert_eq!(tellingen["berichten"], alles.len());
    assert_eq!(tellingen["leveringen"], alles.len() + alles.values().filter(|v| v.ook_om).count());
    let kop = koppen.nieuwe(&vt).await;
    bewezen(&vt, &koppen, &kop, alles.values()).await;
    for (deelnemer, verwacht) in [(&vt, alles.keys().copied().collect::<Vec<_>>()), (&om, van_om(&alles))] {
        let gezien = leeghalen(deelnemer).await;
        assert!(gezien.values().all(|n| *n == 1), "delivered twice: {gezien:?}");
        assert_eq!(gezien.into_keys().collect::<Vec<_>>(), verwacht, "every message, and no other");
    }
    hub.kill_9();
    for kop in &koppen.eerdere {
        log_klopt(&hub.opslag_kopieren("eind"), kop, &certificaat);
    }
}

fn van_om(alles: &Boek) -> Vec<BerichtId> {
    alles.iter().filter(|(_, v)| v.ook_om).map(|(id, _)| *id).collect()
}

/// Every receipt is the hub's, and its leaf is in the log.
async fn bewezen(deelnemer: &Deelnemer, koppen: &Koppen, kop: &Checkpoint, verstuurd: impl Iterator<Item = &Verstuurd>) {
    for een in verstuurd.step_by(7) {
        let antwoord: Aannameantwoord = serde_json::from_slice(een.antwoord.as_ref().unwrap()).unwrap();
        let bewijs: Ontvangstbewijs = jws::verify(&antwoord.ontvangstbewijs, Typ::Ontvangstbewijs, &koppen.sleutel).unwrap();
        assert_eq!(bewijs.digest, inbreng_proof::digest_of(&serde_json::from_slice::<Value>(&een.bytes).unwrap()).unwrap());
        let pad = format!("/logboek/bewijzen/insluiting/{}?omvang={}", bewijs.blad.hash, kop.omvang);
        let Insluitingsbewijs { index, omvang, pad } =
            serde_json::from_value(deelnemer.ophalen("logboek", &pad).await.met_status(200).json()).unwrap();
        verify_inclusion(&bewijs.blad.hash, index, omvang, &pad, &kop.wortel).unwrap();
    }
}
