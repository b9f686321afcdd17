//! Whoever has the hub's disk changes its log: `inbreng log verify` finds it. A log that was rewritten with care, as only the
//! hub's keeper could, is found by whoever kept an earlier head.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use inbreng_domain::{Digest, Tijdstip, receipts::Checkpoint};
use inbreng_harness::{Brief, Deelnemer, Hub, Regio};
use inbreng_proof::{
    SigningKey, Typ,
    blad::{blad_hash, hash_zonder_soort},
    jws::{self, unverified_payload},
    merkle,
};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{hub, log_verify};

/// A store with some messages in its log, the head that a partner kept, and the certificate to read it with.
struct Bewijsstuk {
    regio: Regio,
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
        Self { regio, hub, kop, certificaat, bladen }
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

    for (i, Ingreep { wat, opdrachten, genoemd }) in ingrepen(stuk.bladen).into_iter().enumerate() {
        let (db, mut verbinding) = stuk.kopie(&format!("kopie-{i}")).await;
        for opdracht in opdrachten {
            let gedaan = sqlx::query(sqlx::AssertSqlSafe(opdracht)).execute(&mut verbinding).await.unwrap();
            assert!(gedaan.rows_affected() > 0, "{wat}");
        }
        verbinding.close().await.unwrap();
        let (klopt, uitslag) = stuk.met_kop(&db);
        assert!(!klopt && uitslag["ok"] == false, "{wat}: {uitslag}");
        assert!(uitslag["reden"].as_str().unwrap().contains(&genoemd), "{wat}: {uitslag}, not {genoemd}");
        std::fs::remove_dir_all(db.parent().unwrap()).unwrap();
    }
}

/// Something done to a log, and what the verdict must name.
struct Ingreep {
    wat: String,
    opdrachten: Vec<String>,
    genoemd: String,
}

/// Leaves, inner nodes, the nodes that the root and the next leaf rest on, and how far the log is.
fn ingrepen(bladen: i64) -> Vec<Ingreep> {
    let mut alle = Vec::new();
    let mut doe = |wat: String, opdrachten: &[String], genoemd: String| {
        alle.push(Ingreep { wat, opdrachten: opdrachten.to_vec(), genoemd });
    };
    let laatste = bladen - 1;
    for nr in [0, 1, bladen / 2, laatste] {
        for (wat, zet) in [
            ("record changed", "record = record || ' '"),
            ("record emptied", "record = '{}'"),
            ("salt changed", "opening = zeroblob(32)"),
            ("kind changed", "soort = iif(soort = 'besluit', 'bericht', 'besluit')"),
            ("moment changed", "tijd = tijd + 1"),
            ("hash changed", "hash = zeroblob(32)"),
        ] {
            let opdracht = format!("UPDATE blad SET {zet} WHERE nr = {nr}");
            doe(format!("{wat} of leaf {nr}"), &[opdracht], format!("blad {nr} past niet bij zijn hash"));
        }
        let weg = format!("DELETE FROM blad WHERE nr = {nr}");
        let volgende = nr + 1;
        if nr == laatste {
            doe(format!("leaf {nr} removed"), &[weg], format!("blad {nr} ontbreekt"));
            continue;
        }
        let plaats = format!("op de plaats van blad {nr} staat blad {volgende}");
        doe(format!("leaf {nr} removed"), std::slice::from_ref(&weg), plaats);
        let wissel = [
            format!("UPDATE blad SET nr = -1 WHERE nr = {nr}"),
            format!("UPDATE blad SET nr = {nr} WHERE nr = {volgende}"),
            format!("UPDATE blad SET nr = {volgende} WHERE nr = -1"),
        ];
        doe(format!("leaves {nr} and {volgende} in another order"), &wissel, format!("knoop {} van niveau 1 ", nr / 2));
        let opgeschoven = [
            weg,
            format!("UPDATE blad SET nr = nr - 1000000 WHERE nr > {nr}"),
            "UPDATE blad SET nr = nr + 999999 WHERE nr < 0".to_owned(),
            "UPDATE stand SET blad = blad - 1".to_owned(),
        ];
        doe(format!("leaf {nr} removed and the rest moved up"), &opgeschoven, format!("knoop {} van niveau 1 ", nr / 2));
    }
    // As a sweep leaves a leaf whose term is over; but the older ones still have theirs.
    let leeg = format!("UPDATE blad SET record = '', opening = zeroblob(32), soort = 'bericht' WHERE nr = {laatste}");
    doe(format!("record of leaf {laatste} gone"), &[leeg], format!("blad {laatste} is leeg"));
    let erbij = format!("INSERT INTO blad SELECT {bladen}, hash, opening, soort, tijd, record FROM blad WHERE nr = 0");
    let vooruit = "UPDATE stand SET blad = blad + 1".to_owned();
    let achter = format!("blad {bladen} staat achter het eind");
    doe("a leaf behind the end".to_owned(), std::slice::from_ref(&erbij), achter);
    doe("the end put one further".to_owned(), std::slice::from_ref(&vooruit), format!("blad {bladen} ontbreekt"));
    let terug = "UPDATE stand SET blad = blad - 1".to_owned();
    doe("the end put one back".to_owned(), &[terug], format!("blad {laatste} staat achter het eind"));
    let afgesneden = [format!("DELETE FROM blad WHERE nr >= {}", bladen - 3), "UPDATE stand SET blad = blad - 3".to_owned()];
    let korter = format!("de bewaarde kop telt {bladen} bladen, dit logboek maar {}", bladen - 3);
    doe("the end cut off".to_owned(), &afgesneden, korter);
    // Beside the way to the root too, where no head can show it: a proof from such a node would fail at its recipient.
    for niveau in 1..=bladen.ilog2() {
        let rij = bladen >> niveau;
        for nr in BTreeSet::from([0, rij / 2, rij - 1]) {
            let genoemd = format!("knoop {nr} van niveau {niveau} is een andere");
            let waar = format!("WHERE laag = {niveau} AND nr = {nr}");
            let anders = format!("UPDATE knoop SET hash = zeroblob(32) {waar}");
            doe(format!("node {nr} of level {niveau} changed"), &[anders], genoemd.clone());
            doe(format!("node {nr} of level {niveau} removed"), &[format!("DELETE FROM knoop {waar}")], genoemd);
        }
    }
    alle
}

/// The head that a partner kept: another key's, with a byte changed, or over another tree under the hub's own key.
#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_was_changed_is_found() {
    let stuk = Bewijsstuk::nieuw().await;
    let (db, verbinding) = stuk.kopie("eerlijk").await;
    verbinding.close().await.unwrap();
    let echt = std::fs::read_to_string(&stuk.kop).unwrap();
    let kop: Checkpoint = unverified_payload(echt.trim()).unwrap();
    let map = stuk.regio.pki.knooppuntmap();
    let sleutel = |sleutel: PathBuf, certificaat: PathBuf| {
        let der = CertificateDer::from_pem_file(certificaat).unwrap();
        SigningKey::from_pem(&std::fs::read_to_string(sleutel).unwrap(), &der).unwrap()
    };
    let hub = sleutel(map.ondertekening_key(), map.ondertekening_pem());
    let ander = stuk.regio.partner("ggz").sleutel;
    let teken = |sleutel: &SigningKey, kop: &Checkpoint| jws::sign(sleutel, Typ::Checkpoint, kop).unwrap();
    let andere_wortel = Checkpoint { wortel: Digest::from_bytes([7; 32]), ..kop.clone() };
    let eerder = Checkpoint { omvang: kop.omvang - 1, ..kop.clone() };
    let later = Checkpoint { omvang: kop.omvang + 1, ..kop.clone() };
    let mut gevallen = vec![
        ("of another key", teken(&ander, &kop), "niet door dit certificaat ondertekend".to_owned()),
        (
            "with another root",
            teken(&hub, &andere_wortel),
            format!("een andere wortel dan dit logboek bij {} bladen", kop.omvang),
        ),
        ("of a smaller log", teken(&hub, &eerder), format!("een andere wortel dan dit logboek bij {} bladen", eerder.omvang)),
        ("of a larger log", teken(&hub, &later), format!("de bewaarde kop telt {} bladen", later.omvang)),
        ("of another kind", jws::sign(&hub, Typ::Ontvangst, &kop).unwrap(), "niet door dit certificaat ondertekend".to_owned()),
    ];
    // The last character of a signature holds four bits only, and any other value of the rest is another text.
    for plaats in (0..echt.trim().len() - 1).step_by(37) {
        let mut bytes = echt.trim().as_bytes().to_vec();
        bytes[plaats] = if bytes[plaats] == b'A' { b'B' } else { b'A' };
        let gewijzigd = String::from_utf8(bytes).unwrap();
        gevallen.push(("with a byte changed", gewijzigd, "niet door dit certificaat ondertekend".to_owned()));
    }
    let (klopt, uitslag) = stuk.met_kop(&db);
    assert!(klopt, "{uitslag}");
    for (wat, jws, genoemd) in gevallen {
        std::fs::write(&stuk.kop, &jws).unwrap();
        let (klopt, uitslag) = stuk.met_kop(&db);
        assert!(!klopt && uitslag["reden"].as_str().unwrap().contains(&genoemd), "{wat}: {uitslag}\n{jws}");
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

/// A store as it was before the hash of a leaf covered its kind (ADR 19): goes over by itself, and from then on what the old leaves are is
/// fixed too. A leaf of after is no leaf of before.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_before_goes_over_and_no_leaf_is_passed_off_as_another() {
    let mut stuk = Bewijsstuk::nieuw().await;
    let db = stuk.hub.map().join("hub.sqlite");
    let mut verbinding = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&db)).await.unwrap();
    herschrijven(&mut verbinding, |_, _, zout, record| hash_zonder_soort(zout, record)).await;
    for opdracht in [
        "ALTER TABLE blad RENAME COLUMN opening TO zout",
        "ALTER TABLE knoop RENAME COLUMN laag TO niveau",
        "ALTER TABLE stand DROP COLUMN soort_vanaf",
        "DROP TABLE bevriezing",
        "DROP INDEX wrap_sleutel",
        "ALTER TABLE wrap DROP COLUMN doel",
        "CREATE UNIQUE INDEX wrap_sleutel ON wrap (deel, ontvanger)",
        "ALTER TABLE leveringsdeel DROP COLUMN doel",
        "DELETE FROM _sqlx_migrations WHERE version >= 105",
    ] {
        sqlx::query(opdracht).execute(&mut verbinding).await.unwrap();
    }
    verbinding.close().await.unwrap();
    stuk.hub.herstarten();
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&stuk.regio, &stuk.hub, naam));
    for _ in 0..3 {
        let brief = Brief::incidentmelding(&stuk.regio, &politie.partner, &vt.partner, "Er was weer ruzie.");
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    }
    let kop = vt.checkpoint().await;
    std::fs::write(&stuk.kop, &kop).unwrap();
    let kop: Checkpoint = unverified_payload(kop.trim()).unwrap();
    assert_eq!(kop.soort_vanaf, Some(u64::try_from(stuk.bladen).unwrap()));
    stuk.hub.kill_9();
    let (vanaf, eind) = (stuk.bladen, i64::try_from(kop.omvang).unwrap());
    assert!(eind > vanaf + 3, "{kop:?}");
    let (db, verbinding) = stuk.kopie("eerlijk").await;
    verbinding.close().await.unwrap();
    let (klopt, uitslag) = stuk.met_kop(&db);
    assert!(klopt && uitslag["bladen"] == eind, "{uitslag}");

    let leeg = "record = '', opening = zeroblob(32)";
    let alles_ervoor = |nr: i64| format!("UPDATE blad SET soort = 'bericht', {leeg} WHERE nr < {nr}");
    let soort_van = |nr: i64| format!("soort = iif(soort = 'besluit', 'bericht', 'besluit') WHERE nr = {nr}");
    let mut ingrepen: Vec<(String, Vec<String>)> = Vec::new();
    for nr in [0, vanaf - 1, vanaf, vanaf + 1, eind - 1] {
        ingrepen.push((format!("kind of leaf {nr}"), vec![format!("UPDATE blad SET {}", soort_van(nr))]));
        ingrepen.push((format!("moment of leaf {nr}"), vec![format!("UPDATE blad SET tijd = tijd - 1 WHERE nr = {nr}")]));
        let ook = format!("UPDATE blad SET {leeg}, {}", soort_van(nr));
        ingrepen.push((format!("leaf {nr} of another kind, without its record"), vec![alles_ervoor(nr), ook]));
    }
    ingrepen.push(("all leaves of before, and the one between".to_owned(), vec![alles_ervoor(vanaf + 1)]));
    ingrepen.push(("all but the last as leaves of before".to_owned(), vec![alles_ervoor(eind - 1)]));
    ingrepen.push(("the beginning put elsewhere".to_owned(), vec!["UPDATE stand SET soort_vanaf = soort_vanaf + 1".to_owned()]));
    for (i, (wat, opdrachten)) in ingrepen.into_iter().enumerate() {
        let (db, mut verbinding) = stuk.kopie(&format!("soort-{i}")).await;
        for opdracht in opdrachten {
            sqlx::query(sqlx::AssertSqlSafe(opdracht)).execute(&mut verbinding).await.unwrap();
        }
        verbinding.close().await.unwrap();
        // By the log alone, and by who kept a head.
        for (klopt, uitslag) in [log_verify(&db, None), stuk.met_kop(&db)] {
            assert!(!klopt && uitslag["ok"] == false, "{wat}: {uitslag}");
        }
        std::fs::remove_dir_all(db.parent().unwrap()).unwrap();
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
        herschrijven(&mut verbinding, blad_hash).await;
        verbinding.close().await.unwrap();
        let (klopt, uitslag) = log_verify(&db, None);
        assert!(klopt, "{naam}: {uitslag}");
        let (klopt, uitslag) = stuk.met_kop(&db);
        assert!(!klopt && uitslag["reden"].as_str().unwrap().contains("bewaarde kop"), "{naam}: {uitslag}");
    }
}

/// Numbers, hashes, nodes and counts anew, over the records that are left.
pub(crate) async fn herschrijven(verbinding: &mut SqliteConnection, hash: fn(&str, Tijdstip, &[u8; 32], &[u8]) -> Digest) {
    let rijen =
        sqlx::query("SELECT nr, opening, soort, tijd, record FROM blad ORDER BY nr").fetch_all(&mut *verbinding).await.unwrap();
    let mut hashes = Vec::new();
    for (nieuw, rij) in (0i64..).zip(&rijen) {
        let zout: [u8; 32] = rij.get::<Vec<u8>, _>("opening").try_into().unwrap();
        let (soort, tijd) = (rij.get::<String, _>("soort"), Tijdstip::from_unix_millis(rij.get("tijd")));
        let hash = *hash(&soort, tijd, &zout, rij.get::<String, _>("record").as_bytes()).as_bytes();
        hashes.push(hash);
        let zet = sqlx::query("UPDATE blad SET nr = ?1, hash = ?2 WHERE nr = ?3").bind(nieuw).bind(hash.as_slice());
        zet.bind(rij.get::<i64, _>("nr")).execute(&mut *verbinding).await.unwrap();
    }
    sqlx::query("DELETE FROM knoop").execute(&mut *verbinding).await.unwrap();
    knopen_schrijven(verbinding, &hashes).await;
    let omvang = i64::try_from(hashes.len()).unwrap();
    sqlx::query("UPDATE stand SET blad = ?1").bind(omvang).execute(verbinding).await.unwrap();
}

/// The nodes above these leaves.
async fn knopen_schrijven(verbinding: &mut SqliteConnection, hashes: &[[u8; 32]]) {
    for knoop in merkle::append(&HashMap::new(), 0, hashes).unwrap().into_iter().filter(|k| k.level > 0) {
        let zet = sqlx::query("INSERT INTO knoop (laag, nr, hash) VALUES (?1, ?2, ?3)").bind(i64::from(knoop.level));
        let nr = i64::try_from(knoop.index).unwrap();
        zet.bind(nr).bind(knoop.hash.as_slice()).execute(&mut *verbinding).await.unwrap();
    }
}
