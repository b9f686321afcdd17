//! Whoever has the hub's database empties a record of the log and says that its term was over (R40). `inbreng log verify` asks for the
//! sweep that did it: it stands in the log, and its term must have been over.

use std::path::{Path, PathBuf};

use inbreng_domain::{Clock, Tijdstip, clock::SystemClock};
use inbreng_harness::{Brief, Deelnemer, Hub, Regio, postgres};
use inbreng_proof::blad::{blad_hash, kern};
use inbreng_storage::SNOEIBARE_BLADEN;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use time::Duration;

use crate::{PROGRAMMA, hub, log_verify, tamper_log::herschrijven};

/// The term of evidence, and a year.
const LANG_GELEDEN: Duration = Duration::days(1826 + 365);

async fn met_berichten(regio: &Regio, hub: &Hub) {
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(regio, hub, naam));
    for _ in 0..4 {
        let brief = Brief::incidentmelding(regio, &politie.partner, &vt.partner, "Er was ruzie.");
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    }
}

async fn openen(db: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(db)).await.unwrap()
}

/// A leaf that may lose its record: number, salt and record.
type Snoeibaar = (i64, Vec<u8>, String);

/// As a sweep does it: the kernel in the place of the salt. Of the last leaf its number comes back.
fn leegmaken(bladen: &[Snoeibaar], tekst: impl Fn(&str) -> String) -> (Vec<String>, i64) {
    let mut opdrachten = Vec::new();
    for (nr, zout, record) in bladen {
        let kern: String = kern(zout[..].try_into().unwrap(), record.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        opdrachten.push(format!("UPDATE blad SET record = '', opening = {} WHERE nr = {nr}", tekst(&kern)));
    }
    (opdrachten, bladen.last().unwrap().0)
}

/// The kinds that have a term, for a statement.
fn soorten() -> String {
    SNOEIBARE_BLADEN.map(|soort| format!("'{soort}'")).join(", ")
}

fn lezen() -> String {
    format!("SELECT nr, opening, record FROM blad WHERE soort IN ({}) ORDER BY nr", soorten())
}

fn ongedekt((klopt, uitslag): (bool, serde_json::Value), blad: i64, wat: &str) {
    let genoemd = format!("blad {blad} is leeg, en geen opruiming");
    assert!(!klopt && uitslag["reden"].as_str().unwrap().contains(&genoemd), "{wat}: {uitslag}, not {genoemd}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_no_sweep_ended_is_found() {
    let regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    met_berichten(&regio, &hub).await;
    hub.kill_9();
    let db = hub.opslag_kopieren("eerlijk");
    let (klopt, uitslag) = log_verify(&db, None);
    assert!(klopt && uitslag["gesnoeid"] == 0, "{uitslag}");

    let mut verbinding = openen(&db).await;
    let bladen: Vec<Snoeibaar> = sqlx::query_as(AssertSqlSafe(lezen())).fetch_all(&mut verbinding).await.unwrap();
    verbinding.close().await.unwrap();
    assert!(bladen.len() > 4, "{bladen:?}");
    let nu = SystemClock.now();
    // Nothing added; a sweep that says all; one of a moment at which the term would be over.
    for (wat, veeg) in [
        ("nothing added", None),
        ("a sweep of now that says too much", Some((nu, nu))),
        ("a sweep of later", Some((nu.plus(LANG_GELEDEN), nu.plus(Duration::days(1))))),
    ] {
        for hoeveel in [1, bladen.len() / 2, bladen.len()] {
            let db = hub.opslag_kopieren("veranderd");
            let mut verbinding = openen(&db).await;
            let (opdrachten, laatste) = leegmaken(&bladen[..hoeveel], |kern| format!("x'{kern}'"));
            if let Some((tijd, bewijs_tot)) = veeg {
                let record = format!(r#"{{"bewijsTot":"{bewijs_tot}","tijd":"{tijd}"}}"#);
                let eind = sqlx::query_scalar("SELECT blad FROM stand").fetch_one(&mut verbinding).await.unwrap();
                toevoegen(&mut verbinding, eind, tijd, &record).await;
                herschrijven(&mut verbinding, blad_hash).await;
            }
            for opdracht in opdrachten {
                let gedaan = sqlx::query(AssertSqlSafe(opdracht)).execute(&mut verbinding).await.unwrap();
                assert_eq!(gedaan.rows_affected(), 1);
            }
            verbinding.close().await.unwrap();
            ongedekt(log_verify(&db, None), laatste, wat);
            std::fs::remove_dir_all(db.parent().unwrap()).unwrap();
        }
    }
}

/// A leaf of a sweep at the end, of which tree and counts are still to be made.
async fn toevoegen(verbinding: &mut SqliteConnection, nr: i64, tijd: Tijdstip, record: &str) {
    let hash = blad_hash("opgeruimd", tijd, &[9; 32], record.as_bytes());
    let zin = "INSERT INTO blad (nr, hash, opening, soort, tijd, record) VALUES (?1, ?2, ?3, 'opgeruimd', ?4, ?5)";
    let zet = sqlx::query(zin).bind(nr).bind(hash.as_bytes().as_slice()).bind([9; 32].as_slice());
    zet.bind(tijd.unix_millis()).bind(record).execute(verbinding).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_record_that_no_sweep_ended_is_found_on_postgres() {
    let regio = Regio::maken();
    let url = postgres::basis();
    let mut hub = Hub::in_map(Path::new(PROGRAMMA), &postgres::kamer(&regio, "hub", &url));
    met_berichten(&regio, &hub).await;
    hub.kill_9();
    let db = PathBuf::from(&url);
    let (klopt, uitslag) = log_verify(&db, None);
    assert!(klopt && uitslag["gesnoeid"] == 0, "{uitslag}");
    let mut verbinding = PgConnection::connect(&url).await.unwrap();
    let bladen: Vec<Snoeibaar> = sqlx::query_as(AssertSqlSafe(lezen())).fetch_all(&mut verbinding).await.unwrap();
    let (opdrachten, laatste) = leegmaken(&bladen, |kern| format!("'\\x{kern}'"));
    for opdracht in opdrachten {
        let gedaan = sqlx::query(AssertSqlSafe(opdracht)).execute(&mut verbinding).await.unwrap();
        assert_eq!(gedaan.rows_affected(), 1);
    }
    verbinding.close().await.unwrap();
    ongedekt(log_verify(&db, None), laatste, "all of them");
}
