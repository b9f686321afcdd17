//! One hub is stopped and another process is put in its place, while partners send: nobody is refused, and nothing is lost.
//!
//! Both are this version's program. Beside a hub of this version one of the version before writes nothing and answers 503 (ADR 19), so that
//! between those two versions nobody can go without a refusal: what holds between them is in `tests/chaos/opvolging.rs`.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use inbreng_harness::{postgres, rabbitmq};

use super::{knooppunten::ontvangen, *};
use crate::log_klopt;

const ZENDERS: usize = 3;

/// Sends one message: to the next hub only where no answer came. Whatever is answered must be yes.
async fn aanvaard(bij: &[Deelnemer], brief: &Brief, opnieuw: &AtomicUsize) {
    for wie in bij.iter().cycle() {
        match wie.proberen(brief.bytes()).await {
            Ok(antwoord) => {
                antwoord.met_status(202);
                return;
            }
            Err(_) => opnieuw.fetch_add(1, Ordering::SeqCst),
        };
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// One sender, until told to stop; each message in a case of its own.
async fn zenden(regio: Arc<Regio>, bij: Vec<Deelnemer>, stop: Arc<AtomicBool>, opnieuw: Arc<AtomicUsize>) -> Vec<String> {
    let vt = regio.partner("veilig-thuis");
    let mut verstuurd = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let brief = melding(&regio, &bij[0], &vt);
        aanvaard(&bij, &brief, &opnieuw).await;
        verstuurd.push(brief.id.to_string());
    }
    verstuurd
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs RabbitMQ and PostgreSQL: cargo xtask test --only rabbitmq"]
async fn hubs_are_replaced_one_by_one_and_nobody_is_refused_on_rabbitmq() {
    let regio = Arc::new(Regio::maken());
    let url = postgres::basis();
    // As it was: two hubs that know of no broker.
    let mut hubs: Vec<Hub> = ["eerste", "tweede"]
        .map(|naam| {
            let map = postgres::kamer(&regio, naam, &url);
            erbij(&map, HIER);
            Hub::in_map(Path::new(PROGRAMMA), &map)
        })
        .into();
    let vt = Deelnemer::new(&regio, &hubs[0], "veilig-thuis");
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Tekent);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 5, 100)).await;

    let (stop, opnieuw) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut zenders = tokio::task::JoinSet::new();
    for n in 0..ZENDERS {
        let mut bij: Vec<_> = hubs.iter().map(|hub| Deelnemer::new(&regio, hub, "politie")).collect();
        bij.rotate_left(n % 2);
        zenders.spawn(zenden(Arc::clone(&regio), bij, Arc::clone(&stop), Arc::clone(&opnieuw)));
    }
    let bus = rabbitmq::tabel();
    // First each gets the broker, then each is replaced once more.
    for ronde in 0..2 {
        for hub in &mut hubs {
            verder(&punt).await;
            if ronde == 0 {
                erbij(hub.map(), &bus);
            }
            assert!(tokio::task::block_in_place(|| hub.vervangen(Path::new(PROGRAMMA))), "{}", hub.logtekst());
            verder(&punt).await;
        }
    }
    stop.store(true, Ordering::SeqCst);
    let verstuurd: Vec<String> = zenders.join_all().await.into_iter().flatten().collect();
    ontvangen(&hubs).await;
    let mut gekomen: Vec<_> = punt.genomen();
    gekomen.sort_unstable();
    gekomen.dedup();
    let mut verwacht = verstuurd;
    verwacht.sort_unstable();
    assert_eq!(gekomen, verwacht, "{} connections ended under a request", opnieuw.load(Ordering::SeqCst));
    let kop = Deelnemer::new(&regio, &hubs[0], "politie").checkpoint().await;
    for hub in hubs {
        assert!(hub.stoppen());
    }
    log_klopt(Path::new(&url), &kop, &regio.pki.knooppuntmap().ondertekening_pem());
}

/// Further tables in a hub's configuration.
fn erbij(map: &Path, tabellen: &str) {
    let config = map.join("hub.toml");
    let tekst = std::fs::read_to_string(&config).unwrap();
    std::fs::write(config, format!("{tekst}\n{tabellen}")).unwrap();
}

/// Waits until a good deal more has come.
async fn verder(punt: &Punt) {
    let eerder = punt.gekomen().len();
    wachten_tot("deliveries", async || (punt.gekomen().len() > eerder + 20).then_some(())).await;
}
