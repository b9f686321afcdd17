//! The start of an adapter: asked to stop before it is ready it ends in order, and by a clock that cannot be right it takes nothing.

use std::{
    io::Write as _,
    net::TcpListener,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use inbreng_domain::{Clock as _, Tijdstip, clock::SystemClock};
use inbreng_harness::wachten_tot;
use serde_json::Value;
use sqlx::{Connection as _, Executor as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    eigen_systeem::EigenSysteem,
    proces::Proces,
    regio::{GEHEIM, Partner, Regio, client, fixture},
};

const PAD: &str = "/mutaties/huiselijk-geweld";

/// An adapter that is not waited for. Killed when dropped.
struct Begonnen(Child);

impl Begonnen {
    fn met(config: &Path) -> Self {
        let mut opdracht = Command::new(env!("CARGO_BIN_EXE_inbreng-adapter"));
        Self(opdracht.arg("run").arg("--config").arg(config).stderr(Stdio::null()).spawn().unwrap())
    }

    fn signaal(&self, naam: &str) {
        assert!(Command::new("kill").args([&format!("-{naam}"), &self.0.id().to_string()]).status().unwrap().success());
    }

    async fn einde(mut self) -> ExitStatus {
        wachten_tot("it to end", async || self.0.try_wait().unwrap()).await
    }
}

impl Drop for Begonnen {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// A port that is free now.
fn vrij() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_while_it_starts_it_ends_in_order() {
    let regio = Regio::nieuw().await;
    let config = regio.config_bestand(Partner::Politie, &EigenSysteem::start(), vrij());
    let tekst = std::fs::read_to_string(&config).unwrap();
    let mapping = tekst.lines().find_map(|r| r.strip_prefix("mapping = ")).unwrap().trim_matches('"').to_owned();
    // It reads its mapping from a pipe: until somebody writes it there, it is in its start.
    let pijp = regio.pad("mapping.pijp");
    assert!(Command::new("mkfifo").arg(&pijp).status().unwrap().success());
    std::fs::write(&config, tekst.replacen(&mapping, pijp.to_str().unwrap(), 1)).unwrap();
    let adapter = Begonnen::met(&config);
    let schrijver = {
        let pijp = pijp.clone();
        // Opens only when the other end is being read.
        tokio::task::spawn_blocking(move || std::fs::File::options().write(true).open(pijp).unwrap())
    };
    let mut schrijver = tokio::time::timeout(Duration::from_secs(180), schrijver).await.unwrap().unwrap();
    adapter.signaal("TERM");
    schrijver.write_all(&std::fs::read(mapping).unwrap()).unwrap();
    drop(schrijver);
    let einde = adapter.einde().await;
    assert!(einde.success(), "{einde:?}: it stopped by itself, and no signal ended it");
    // Closed in order, the store has no log beside it.
    let opslag = regio.pad(&format!("{}.db", Partner::Politie.slug()));
    assert!(opslag.is_file() && !opslag.with_extension("db-wal").exists(), "{}", opslag.display());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_a_clock_that_is_before_its_store_an_adapter_takes_nothing_until_somebody_has_looked() {
    let regio = Regio::nieuw().await;
    let mut proces = Proces::start(&regio, Partner::Politie).await;
    let mut mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    assert_eq!(proces.post(PAD, &mutatie).await, 202);
    proces.rust().await;
    proces.doden();
    // As if the clock went an hour back since.
    let opties = SqliteConnectOptions::new().filename(regio.pad(&format!("{}.db", Partner::Politie.slug())));
    let mut db = SqliteConnection::connect_with(&opties).await.unwrap();
    let later = db.execute("UPDATE uitgaand SET aangenomen_op = aangenomen_op + 3600000").await.unwrap();
    assert_eq!(later.rows_affected(), 1);
    db.close().await.unwrap();

    let poort = vrij();
    let config = regio.config_bestand(Partner::Politie, &proces.systeem, poort);
    let check = Command::new(env!("CARGO_BIN_EXE_inbreng-adapter"))
        .args(["check", "--json", "--zonder-netwerk", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    let gezegd: Value = serde_json::from_slice(&check.stdout).unwrap();
    let over_de_klok = gezegd["bevindingen"].as_array().unwrap().iter().find(|b| b["code"] == "klok-achter");
    assert!(!check.status.success() && over_de_klok.is_some_and(|b| b["ernst"] == "fout"), "{gezegd}");

    let adapter = Begonnen::met(&config);
    let (http, basis) = (client(GEHEIM), format!("http://127.0.0.1:{poort}"));
    let gereed = async || -> Option<Value> {
        let antwoord = http.get(format!("{basis}/readyz")).send().await.ok()?;
        let goed = antwoord.status() == 200;
        let stand: Value = serde_json::from_slice(&antwoord.bytes().await.ok()?).ok()?;
        assert_eq!(stand["gereed"], goed);
        Some(stand)
    };
    let stand = wachten_tot("it to answer", &gereed).await;
    assert!(stand["ontbreekt"].as_array().unwrap().contains(&"klok".into()), "{stand}");
    mutatie["registratienummer"] = "PL1500-2026-000002".into();
    let brengen = async || http.post(format!("{basis}{PAD}")).json(&mutatie).send().await.unwrap();
    let antwoord = brengen().await;
    assert_eq!(antwoord.status(), 503);
    assert!(antwoord.headers().contains_key("retry-after"));
    let probleem: Value = serde_json::from_slice(&antwoord.bytes().await.unwrap()).unwrap();
    assert!(probleem["detail"].as_str().unwrap().starts_with("De klok van deze machine loopt achter"), "{probleem}");

    // That it reads its files again says nothing of the clock, and neither does who says another time than the machine.
    adapter.signaal("HUP");
    let zeggen = |tijd: Tijdstip| {
        let mut opdracht = Command::new(env!("CARGO_BIN_EXE_inbreng-adapter"));
        opdracht.args(["klok", "bevestigen", "--tijd", &tijd.to_string(), "--config"]).arg(&config).output().unwrap()
    };
    let gezegd = zeggen(SystemClock.now().plus(time::Duration::HOUR));
    let waarom = String::from_utf8(gezegd.stderr).unwrap();
    assert!(!gezegd.status.success() && waarom.contains("scheelt meer dan een minuut"), "{waarom}");
    assert_eq!(brengen().await.status(), 503);

    let gezegd = zeggen(SystemClock.now());
    assert!(gezegd.status.success(), "{gezegd:?}");
    wachten_tot("it to be ready", async || gereed().await.filter(|stand| stand["gereed"] == true)).await;
    assert_eq!(brengen().await.status(), 202);
}

/// What it says is read again too; a configuration that cannot be read changes nothing, and says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_its_log_says_changes_while_it_runs() {
    const GELEZEN: &str = "configuratie opnieuw gelezen";
    let regio = Regio::nieuw().await;
    let poort = vrij();
    let config = regio.config_bestand(Partner::Politie, &EigenSysteem::start(), poort);
    let (goed, log) = (std::fs::read_to_string(&config).unwrap(), regio.pad("adapter.log"));
    assert!(!goed.contains("[log]"), "{goed}");
    let mut opdracht = Command::new(env!("CARGO_BIN_EXE_inbreng-adapter"));
    opdracht.arg("run").arg("--config").arg(&config).stderr(std::fs::File::create(&log).unwrap());
    let adapter = Begonnen(opdracht.spawn().unwrap());
    let regels = || -> Vec<Value> {
        let tekst = std::fs::read_to_string(&log).unwrap();
        tekst.lines().filter_map(|regel| serde_json::from_str(regel).ok()).collect()
    };
    let zegt = |wat: &str| regels().iter().filter(|regel| regel["message"] == wat).count();
    let http = client(GEHEIM);
    let gereed = async || http.get(format!("http://127.0.0.1:{poort}/healthz")).send().await.is_ok().then_some(());
    wachten_tot("it to answer", gereed).await;

    std::fs::write(&config, format!("{goed}\n[log]\nniveau = \"error\"\n")).unwrap();
    adapter.signaal("HUP");
    wachten_tot("less to be said", async || (zegt(GELEZEN) == 1).then_some(())).await;
    let tot = regels().len();
    std::fs::write(&config, format!("{goed}\n[log]\nniveau = \"alles\"\n")).unwrap();
    adapter.signaal("HUP");
    wachten_tot("a refusal", async || (zegt("configuratie niet opnieuw gelezen") == 1).then_some(())).await;
    // One line may have been on its way when the level changed.
    assert!(regels()[tot..].iter().filter(|regel| regel["niveau"] != "error").count() <= 1, "{:?}", regels());
    std::fs::write(&config, &goed).unwrap();
    wachten_tot("all to be said again", async || {
        adapter.signaal("HUP");
        (zegt(GELEZEN) >= 2).then_some(())
    })
    .await;
}
