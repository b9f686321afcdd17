//! Whoever has the hub's disk changes its log: `inbreng log verify` finds it. A log that was rewritten with care, as only the
//! hub's keeper could, is found by whoever kept an earlier head.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use inbreng_harness::{Brief, Deelnemer, Hub, Regio};
use inbreng_proof::merkle::{self, blad_hash};
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{hub, log_verify};

/// A store with some messages in its log, the head that a partner kept, and the certificate to read it with.
struct Bewijsstuk {
    _regio: Regio,
    hub: Hub,
    kop: PathBuf,
    certificaat: PathBuf,
    bladen: i64,
}

impl Bewijsstuk {
    async fn nieuw() -> Self {
        let regio = Regio::maken();
        let mut hub = hub(&regio, "hub", "");
        let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
        for _ in 0..6 {
            let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
            let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
        }
        let kop = regio.pad("kop.jws");
        std::fs::write(&kop, vt.checkpoint().await).unwrap();
        let bladen = hub.tellingen().await["bladen"].as_i64().unwrap();
        assert!(bladen >= 12, "{bladen}");
        hub.kill_9();
        let certificaat = regio.pki.knooppuntmap().ondertekening_pem();
        Self { _regio: regio, hub, kop, certificaat, bladen }
    }

    /// A copy to change.
    async fn kopie(&self, naam: &str) -> (PathBuf, SqliteConnection) {
        let db = self.hub.opslag_kopieren(naam);
        let verbinding = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&db)).await.unwrap();
        (db, verbinding)
    }

    fn met_kop(&self, db: &Path) -> (bool, serde_json::Value) {
        log_verify(db, Some((&self.kop, &self.certificaat)))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_or_leaf_that_was_changed_is_found() {
    let stuk = Bewijsstuk::nieuw().await;
    let (db, verbinding) = stuk.kopie("eerlijk").await;
    verbinding.close().await.unwrap();
    let (klopt, uitslag) = stuk.met_kop(&db);
    assert!(klopt && uitslag["bladen"] == stuk.bladen, "{uitslag}");

    let laatste = stuk.bladen - 1;
    let mut gevallen = Vec::new();
    for nr in [0, 1, stuk.bladen / 2, laatste] {
        gevallen.push((format!("record {nr} changed"), vec![format!("UPDATE blad SET record = record || ' ' WHERE nr = {nr}")]));
        gevallen.push((format!("record {nr} emptied"), vec![format!("UPDATE blad SET record = '{{}}' WHERE nr = {nr}")]));
        gevallen.push((format!("salt {nr} changed"), vec![format!("UPDATE blad SET zout = zeroblob(32) WHERE nr = {nr}")]));
        gevallen.push((format!("hash {nr} changed"), vec![format!("UPDATE blad SET hash = zeroblob(32) WHERE nr = {nr}")]));
        gevallen.push((format!("leaf {nr} removed"), vec![format!("DELETE FROM blad WHERE nr = {nr}")]));
        if nr < laatste {
            let volgende = nr + 1;
            gevallen.push((
                format!("leaves {nr} and {volgende} in another order"),
                vec![
                    format!("UPDATE blad SET nr = -1 WHERE nr = {nr}"),
                    format!("UPDATE blad SET nr = {nr} WHERE nr = {volgende}"),
                    format!("UPDATE blad SET nr = {volgende} WHERE nr = -1"),
                ],
            ));
            gevallen.push((
                format!("leaf {nr} removed and the rest moved up"),
                vec![
                    format!("DELETE FROM blad WHERE nr = {nr}"),
                    format!("UPDATE blad SET nr = nr - 1000000 WHERE nr > {nr}"),
                    "UPDATE blad SET nr = nr + 999999 WHERE nr < 0".to_owned(),
                    "UPDATE stand SET blad = blad - 1".to_owned(),
                ],
            ));
        }
    }
    gevallen.push((
        "one leaf too many".to_owned(),
        vec![
            format!("INSERT INTO blad SELECT {}, zeroblob(32), zout, soort, tijd, record FROM blad WHERE nr = 0", stuk.bladen),
            "UPDATE stand SET blad = blad + 1".to_owned(),
        ],
    ));
    gevallen.push((
        "the end cut off".to_owned(),
        vec![format!("DELETE FROM blad WHERE nr >= {}", stuk.bladen - 3), "UPDATE stand SET blad = blad - 3".to_owned()],
    ));
    gevallen.push((
        "a node under the root changed".to_owned(),
        vec!["UPDATE knoop SET hash = zeroblob(32) WHERE niveau = (SELECT max(niveau) FROM knoop)".to_owned()],
    ));
    // Beside the way to the root, where no head can show it: a proof from it would fail at its recipient.
    gevallen.push((
        "an inner node changed".to_owned(),
        vec!["UPDATE knoop SET hash = zeroblob(32) WHERE niveau = 1 AND nr = 1".to_owned()],
    ));
    gevallen.push(("an inner node removed".to_owned(), vec!["DELETE FROM knoop WHERE niveau = 1 AND nr = 0".to_owned()]));

    for (i, (wat, opdrachten)) in gevallen.into_iter().enumerate() {
        let (db, mut verbinding) = stuk.kopie(&format!("kopie-{i}")).await;
        for opdracht in opdrachten {
            let gedaan = sqlx::query(sqlx::AssertSqlSafe(opdracht)).execute(&mut verbinding).await.unwrap();
            assert!(gedaan.rows_affected() > 0, "{wat}");
        }
        verbinding.close().await.unwrap();
        let (klopt, uitslag) = stuk.met_kop(&db);
        assert!(!klopt && uitslag["ok"] == false, "{wat}: {uitslag}");
        assert!(uitslag["reden"].as_str().is_some_and(|r| r.len() > 10), "{wat}: {uitslag}");
        std::fs::remove_dir_all(db.parent().unwrap()).unwrap();
    }
}

/// The bytes of the file itself, wherever a record of the log lies in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_byte_that_was_flipped_in_the_file_is_found() {
    let stuk = Bewijsstuk::nieuw().await;
    let (db, mut verbinding) = stuk.kopie("bron").await;
    // The write-ahead log into the file.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut verbinding).await.unwrap();
    verbinding.close().await.unwrap();
    let heel = std::fs::read(&db).unwrap();
    let (_, mut verbinding) = stuk.kopie("lezen").await;
    let records: Vec<String> =
        sqlx::query_scalar("SELECT record FROM blad ORDER BY nr").fetch_all(&mut verbinding).await.unwrap();
    verbinding.close().await.unwrap();
    for (nr, record) in records.iter().enumerate().step_by(3) {
        let plaats = heel.windows(record.len()).position(|w| w == record.as_bytes()).unwrap();
        let mut bytes = heel.clone();
        let midden = plaats + record.len() / 2;
        bytes[midden] ^= 1;
        std::fs::write(&db, bytes).unwrap();
        for rest in ["hub.sqlite-wal", "hub.sqlite-shm"] {
            let _was_not_there = std::fs::remove_file(db.with_file_name(rest));
        }
        let (klopt, uitslag) = stuk.met_kop(&db);
        assert!(!klopt, "record {nr}: {uitslag}");
    }
}

/// Every leaf, node and count made to fit again: by itself such a log holds. Against a kept head it does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_rewritten_with_care_is_found_by_who_kept_a_head() {
    let stuk = Bewijsstuk::nieuw().await;
    for (naam, opdracht) in [
        ("anders", "UPDATE blad SET record = replace(record, '{', '{\"extra\":true,') WHERE nr = 7"),
        ("korter", "DELETE FROM blad WHERE nr >= 10"),
        ("zonder", "DELETE FROM blad WHERE nr = 5"),
    ] {
        let (db, mut verbinding) = stuk.kopie(naam).await;
        sqlx::query(opdracht).execute(&mut verbinding).await.unwrap();
        herschrijven(&mut verbinding).await;
        verbinding.close().await.unwrap();
        let (klopt, uitslag) = log_verify(&db, None);
        assert!(klopt, "{naam}: {uitslag}");
        let (klopt, uitslag) = stuk.met_kop(&db);
        assert!(!klopt && uitslag["reden"].as_str().unwrap().contains("bewaarde kop"), "{naam}: {uitslag}");
    }
}

/// Numbers, hashes, nodes and counts anew, over the records that are left.
async fn herschrijven(verbinding: &mut SqliteConnection) {
    let rijen = sqlx::query("SELECT nr, zout, record FROM blad ORDER BY nr").fetch_all(&mut *verbinding).await.unwrap();
    let mut hashes = Vec::new();
    for (nieuw, rij) in (0i64..).zip(&rijen) {
        let zout: [u8; 32] = rij.get::<Vec<u8>, _>("zout").try_into().unwrap();
        let hash = *blad_hash(&zout, rij.get::<String, _>("record").as_bytes()).as_bytes();
        hashes.push(hash);
        let zet = sqlx::query("UPDATE blad SET nr = ?1, hash = ?2 WHERE nr = ?3").bind(nieuw).bind(hash.as_slice());
        zet.bind(rij.get::<i64, _>("nr")).execute(&mut *verbinding).await.unwrap();
    }
    sqlx::query("DELETE FROM knoop").execute(&mut *verbinding).await.unwrap();
    for knoop in merkle::append(&HashMap::new(), 0, &hashes).unwrap().into_iter().filter(|k| k.level > 0) {
        let zet = sqlx::query("INSERT INTO knoop (niveau, nr, hash) VALUES (?1, ?2, ?3)").bind(i64::from(knoop.level));
        let nr = i64::try_from(knoop.index).unwrap();
        zet.bind(nr).bind(knoop.hash.as_slice()).execute(&mut *verbinding).await.unwrap();
    }
    let omvang = i64::try_from(hashes.len()).unwrap();
    sqlx::query("UPDATE stand SET blad = ?1").bind(omvang).execute(verbinding).await.unwrap();
}
