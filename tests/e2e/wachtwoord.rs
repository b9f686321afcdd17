//! A password that is replaced while the hub runs: the database asks for the new one, and nobody who is served notices.

use std::{fs, path::Path, process::Command};

use inbreng_harness::{Brief, Deelnemer, Hub, Regio, postgres, wachten_tot};

use crate::PROGRAMMA;

/// A server of which the hub's own role needs its password.
struct Server {
    server: postgres::Server,
    map: std::path::PathBuf,
}

impl Server {
    fn starten(wachtwoord: &str) -> Self {
        let server = postgres::Server::starten();
        let map = server.socket().parent().unwrap().to_owned();
        let dit = Self { server, map };
        let hba = dit.map.join("data/pg_hba.conf");
        let regels = fs::read_to_string(&hba).unwrap();
        fs::write(&hba, format!("local all knooppunt scram-sha-256\n{regels}")).unwrap();
        dit.vragen(&format!("CREATE ROLE knooppunt LOGIN PASSWORD '{wachtwoord}'"));
        dit.vragen("ALTER DATABASE inbreng OWNER TO knooppunt");
        dit.vragen("SELECT pg_reload_conf()");
        dit
    }

    /// As its keeper.
    fn vragen(&self, zin: &str) -> String {
        let uit =
            Command::new("psql").arg("-h").arg(&self.map).args(["-U", "postgres", "-Atc", zin, "inbreng"]).output().unwrap();
        assert!(uit.status.success(), "{zin}: {uit:?}");
        String::from_utf8(uit.stdout).unwrap().trim().to_owned()
    }

    /// Ends what the hub has open, as a restart of the server does.
    fn verbreken(&self) {
        self.vragen("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'knooppunt'");
    }

    fn url(&self) -> String {
        format!("postgres://knooppunt@localhost/inbreng?host={}", self.map.display())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_password_changes_while_the_hub_runs_on_postgres() {
    let server = Server::starten("kanarie-een");
    let regio = Regio::maken();
    let map = postgres::kamer(&regio, "een", &server.url());
    let (config, wachtwoord) = (map.join("hub.toml"), map.join("db.wachtwoord"));
    fs::write(&wachtwoord, "kanarie-een\n").unwrap();
    let url = format!("url = \"{}\"", server.url());
    let tekst = fs::read_to_string(&config).unwrap();
    assert!(tekst.contains(&url), "{tekst}");
    fs::write(&config, tekst.replace(&url, &format!("{url}\nwachtwoord_bestand = \"db.wachtwoord\""))).unwrap();
    let hub = Hub::in_map(Path::new(PROGRAMMA), &map);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let melding = || Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    let eerste = melding();
    politie.sturen(eerste.bytes()).await.met_status(202);

    // The server has it first; what is open stays open, and is used.
    server.vragen("ALTER ROLE knooppunt PASSWORD 'kanarie-twee'");
    politie.sturen(melding().bytes()).await.met_status(202);
    let keer = hub.logregels("herladen").len();
    fs::write(&wachtwoord, "kanarie-twee\n").unwrap();
    wachten_tot("the file to be read", async || (hub.logregels("herladen").len() > keer).then_some(())).await;
    server.verbreken();
    let brief = melding();
    wachten_tot("the hub to be let in again", async || {
        (politie.proberen(brief.bytes()).await.unwrap().status == 202).then_some(())
    })
    .await;
    // Its readers too, once each has found out that its connection ended.
    let pad = format!("/berichten/{}", eerste.id);
    wachten_tot("the hub to read", async || (politie.ophalen("berichten", &pad).await.status == 200).then_some(())).await;

    // The former opens nothing any more: what was read is what let it in.
    let keer = hub.logregels("herladen").len();
    fs::write(&wachtwoord, "kanarie-een\n").unwrap();
    wachten_tot("the file to be read", async || (hub.logregels("herladen").len() > keer).then_some(())).await;
    server.verbreken();
    wachten_tot("the hub to be kept out", async || {
        (politie.proberen(melding().bytes()).await.unwrap().status == 503).then_some(())
    })
    .await;
    assert!(!hub.logtekst().contains("kanarie") && hub.logregels("herstart-nodig").is_empty(), "{}", hub.logtekst());
    fs::write(&wachtwoord, "kanarie-twee\n").unwrap();
    wachten_tot("the hub to be let in again", async || {
        (politie.proberen(melding().bytes()).await.unwrap().status == 202).then_some(())
    })
    .await;
    drop(server.server);
}
