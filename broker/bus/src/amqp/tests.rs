//! On a real RabbitMQ, over TLS, as the user that an installation has. `cargo xtask test --only rabbitmq` starts one and says
//! where it is; what kills its broker starts one of its own.

mod contract;
mod rechten;
mod storing;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use inbreng_domain::randomness::SeededRandomness;
use lapin::{Channel, Connection};

use super::{AmqpBus, Instellingen, Knoop, Naam, verbinding};
use crate::{Bus, Busstand, contract::ontvanger};

/// Few: there are many tests on one broker. As many as two and three processes divide.
const AANDELEN: u16 = 6;
/// How long something may take that has to happen.
const GEDULD: Duration = Duration::from_secs(60);

/// A broker, in a directory of its own.
struct Makelaar {
    map: PathBuf,
    eigen: bool,
}

impl Makelaar {
    /// That of all tests.
    fn van_allen() -> Self {
        let map = std::env::var_os("INBRENG_RABBITMQ");
        let map = map.expect("INBRENG_RABBITMQ names a broker; run cargo xtask test --only rabbitmq").into();
        Self { map, eigen: false }
    }

    /// One that may be killed.
    fn eigen() -> Self {
        let map = std::env::temp_dir().join(format!("inbreng-rabbitmq-{}-{}", std::process::id(), volgnummer()));
        let makelaar = Self { map, eigen: true };
        makelaar.doe(&["start"]);
        makelaar
    }

    fn doe(&self, wat: &[&str]) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compose/lokaal/rabbitmq.sh");
        let uit =
            Command::new(script).arg(&self.map).args(wat).env("INBRENG_RABBITMQ_NAMEN", "proef[a-z0-9-]*").output().unwrap();
        assert!(uit.status.success(), "{wat:?}: {}", String::from_utf8_lossy(&uit.stderr));
        String::from_utf8(uit.stdout).unwrap()
    }

    fn lezen(&self, naam: &str) -> String {
        std::fs::read_to_string(self.map.join(naam)).unwrap().trim().to_owned()
    }

    fn knoop(&self) -> Knoop {
        Knoop::nieuw(&self.lezen("url"), &self.lezen("wachtwoord"), Some(self.lezen("ca.pem"))).unwrap()
    }

    /// Quick to notice.
    fn instellingen(&self, naam: &str) -> Instellingen {
        Instellingen {
            aandelen: AANDELEN,
            verdelen: Duration::from_millis(300),
            bevestigen: Duration::from_secs(2),
            ..Instellingen::new(vec![self.knoop()], Naam::nieuw(naam).unwrap())
        }
    }

    async fn proces(&self, naam: &str) -> Arc<AmqpBus> {
        let zaad = u64::from(std::process::id()) << 32 | u64::from(volgnummer());
        let bus = Arc::new(AmqpBus::new(self.instellingen(naam), Arc::new(SeededRandomness::new(zaad))));
        bus.beginnen().await;
        bus
    }

    /// So many processes, that have divided the work.
    async fn processen(&self, naam: &str, aantal: usize) -> Vec<Arc<AmqpBus>> {
        let mut processen = Vec::new();
        for _ in 0..aantal {
            processen.push(self.proces(naam).await);
        }
        verdeeld(&processen).await;
        processen
    }

    /// Beside the bus, as the same user.
    async fn naast(&self) -> (Connection, Channel) {
        let verbinding = verbinding::verbinden(&self.instellingen("proef"), &self.knoop(), "proef").await.unwrap();
        let kanaal = verbinding.create_channel().await.unwrap();
        (verbinding, kanaal)
    }
}

impl Drop for Makelaar {
    fn drop(&mut self) {
        if self.eigen {
            self.doe(&["end"]);
            let _gone = std::fs::remove_dir_all(&self.map);
        }
    }
}

fn volgnummer() -> u32 {
    static TELLER: AtomicU32 = AtomicU32::new(0);
    TELLER.fetch_add(1, Ordering::Relaxed)
}

/// A name that no other test has.
fn naam() -> String {
    format!("proef-{}-{}", std::process::id(), volgnummer())
}

async fn wordt(wat: &str, mut waar: impl FnMut() -> bool) {
    let tot = tokio::time::Instant::now() + GEDULD;
    while !waar() {
        assert!(tokio::time::Instant::now() < tot, "never: {wat}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn stand(bus: &AmqpBus) -> Busstand {
    bus.stand().unwrap()
}

/// Waits until every shard has one owner, and no process more than its share.
async fn verdeeld(processen: &[Arc<AmqpBus>]) {
    let deel = usize::from(AANDELEN).div_ceil(processen.len());
    let tot = tokio::time::Instant::now() + GEDULD;
    loop {
        let standen: Vec<Busstand> = processen.iter().map(|p| stand(p)).collect();
        let hier: Vec<usize> = standen.iter().map(|s| usize::from(s.aandelen_hier)).collect();
        let een = (0..40).all(|n| processen.iter().filter(|p| p.brengt(ontvanger(n))).count() == 1);
        let alle = hier.iter().sum::<usize>() == usize::from(AANDELEN) && hier.iter().all(|n| *n <= deel);
        if een && alle && standen.iter().all(|s| s.verbonden) {
            return;
        }
        assert!(tokio::time::Instant::now() < tot, "never divided: {standen:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
