//! Hubs that share a RabbitMQ. `cargo xtask test --only rabbitmq` starts a broker and says where it is; who stops or kills one
//! starts its own.

use std::{
    path::Path,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::script::Script;

static TELLER: AtomicU32 = AtomicU32::new(0);

/// The table `[bus]` for hubs that belong together: on the broker of the tests, under a name that no other test has.
pub fn tabel() -> String {
    let map = std::env::var_os("INBRENG_RABBITMQ");
    tabel_op(Path::new(&map.expect("INBRENG_RABBITMQ names a broker; run cargo xtask test --only rabbitmq")))
}

fn tabel_op(map: &Path) -> String {
    tabel_van(&[map])
}

/// Of a broker with a node in each of these folders.
fn tabel_van(mappen: &[&Path]) -> String {
    let urls: Vec<String> =
        mappen.iter().map(|map| format!("\"{}\"", std::fs::read_to_string(map.join("url")).unwrap().trim())).collect();
    let map = mappen[0];
    let (wachtwoord, wortel) = (map.join("wachtwoord"), map.join("ca.pem"));
    let naam = format!("proef-hub-{}-{}", process::id(), TELLER.fetch_add(1, Ordering::Relaxed));
    format!(
        "\n[bus]\nsoort = \"rabbitmq\"\nurls = [{}]\nwachtwoord_bestand = \"{}\"\ntls_wortel = \"{}\"\nnaam = \"{naam}\"\n\
         bevestigen_seconden = 2\n",
        urls.join(", "),
        wachtwoord.display(),
        wortel.display()
    )
}

/// A broker of a test's own. Ends when dropped.
#[derive(Debug)]
pub struct Makelaar(Script);

impl Makelaar {
    /// Starts one.
    pub fn starten() -> Self {
        let makelaar = Self(Script::nieuw("rabbitmq", "rabbitmq"));
        makelaar.doe("start");
        makelaar
    }

    /// `start`, `stop`, `kill`, `pause`, `resume`: as `compose/lokaal/rabbitmq.sh` knows them.
    pub fn doe(&self, wat: &str) {
        self.0.doe(wat);
    }

    /// The table `[bus]` for hubs on it.
    pub fn tabel(&self) -> String {
        tabel_op(self.map())
    }

    /// On which port of this machine it listens.
    pub fn poort(&self) -> u16 {
        let url = std::fs::read_to_string(self.map().join("url")).unwrap();
        url.rsplit_once(':').unwrap().1.split('/').next().unwrap().parse().unwrap()
    }

    /// All that its disk would give away: queues, definitions, log.
    pub fn map(&self) -> &Path {
        self.0.map()
    }

    /// What its memory holds that it may write to (Linux).
    pub fn geheugen(&self) -> Vec<u8> {
        let pid = std::fs::read_to_string(self.map().join("pid")).unwrap();
        crate::geheugen::van(pid.trim().parse().unwrap())
    }
}

/// Several nodes that are one broker, of a test's own. Ends when dropped: the first, which has the port mapper, last.
#[derive(Debug)]
pub struct Cluster {
    verdere: Vec<Script>,
    eerste: Script,
}

impl Cluster {
    /// Starts so many nodes.
    pub fn starten(knopen: usize) -> Self {
        let eerste = Script::nieuw("rabbitmq", "rabbitmq");
        eerste.doe("start");
        let bij = |_| {
            let script = Script::nieuw("rabbitmq", "rabbitmq");
            let _said = script.vragen(&["bij", eerste.map().to_str().unwrap()]);
            script
        };
        Self { verdere: (1..knopen).map(bij).collect(), eerste }
    }

    fn knoop(&self, n: usize) -> &Script {
        n.checked_sub(1).map_or(&self.eerste, |n| &self.verdere[n])
    }

    /// `start`, `stop`, `kill`, `pause`, `resume`, of one of them.
    pub fn doe(&self, n: usize, wat: &str) {
        self.knoop(n).doe(wat);
    }

    /// The queues that hubs share, as this node sees them: name, and how many nodes that have it are there.
    pub fn rijen(&self, n: usize) -> Vec<(String, usize)> {
        let woorden = ["ctl", "list_queues", "-p", "inbreng", "--formatter", "json", "name", "type", "online"];
        let gezegd = self.knoop(n).vragen(&woorden);
        let rijen: Vec<serde_json::Value> = serde_json::from_str(&gezegd).unwrap_or_else(|e| panic!("{e}: {gezegd}"));
        let quorum = rijen.iter().filter(|rij| rij["type"] == "quorum");
        quorum.map(|rij| (rij["name"].as_str().unwrap().to_owned(), rij["online"].as_array().unwrap().len())).collect()
    }

    /// The table `[bus]` for hubs on it.
    pub fn tabel(&self) -> String {
        let mappen: Vec<&Path> = std::iter::once(&self.eerste).chain(&self.verdere).map(Script::map).collect();
        tabel_van(&mappen)
    }
}
