//! What an earlier version wrote, read by this one.

use inbreng_domain::{DeelId, LeveringId, Oin, Tijdstip, vocabulary::Toegangswijze};
use inbreng_storage::{
    Berichten, Leveringen, Leveringsbericht, Leveringsuitslag,
    contract::{Bouw, Proef, oin},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, migrate::Migrator, sqlite::SqliteConnectOptions};

use super::{super::openen::SCHEMA, contract::Map};

/// A store as it was before this migration.
async fn voor(map: &Map, migratie: i64) -> SqliteConnection {
    let mut oud = SqliteConnectOptions::new().filename(map.bestand()).create_if_missing(true).connect().await.unwrap();
    let eerder = SCHEMA.migrations.iter().filter(|m| m.version < migratie).cloned().collect::<Vec<_>>();
    Migrator { migrations: eerder.into(), ..Migrator::DEFAULT }.run_direct(None, &mut oud, false).await.unwrap();
    oud
}

async fn alle(verbinding: &mut SqliteConnection, opdrachten: &[String]) {
    for sql in opdrachten {
        sqlx::query(AssertSqlSafe(sql.as_str())).execute(&mut *verbinding).await.unwrap();
    }
}

/// The way from a case to its messages holds for what was accepted before.
#[tokio::test]
async fn a_message_belongs_to_its_case() {
    let map = Map::nieuw();
    let mut oud = voor(&map, 55).await;
    let opdrachten = [
        "INSERT INTO zaak (nr, casus, geopend_door, geopend_op, stand) VALUES (7, 'een', 'x', 0, 1), (8, 'twee', 'x', 0, 1)",
        "INSERT INTO bericht (nr, van, id, digest, berichttype, casus, urgentie, convenant, bron, aangenomen_op, bericht, \
         ontvangstbewijs, kop) SELECT n, 'x', n, '', '', c, '', '', '', 0, '', '', '' FROM \
         (SELECT 1 AS n, 'twee' AS c UNION ALL SELECT 2, NULL UNION ALL SELECT 3, 'een')",
    ];
    alle(&mut oud, &opdrachten.map(str::to_owned)).await;
    oud.close().await.unwrap();
    map.store().await.sluiten().await.unwrap();
    let mut naast = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    let zaken: Vec<Option<i64>> = sqlx::query_scalar("SELECT zaak FROM bericht ORDER BY nr").fetch_all(&mut naast).await.unwrap();
    assert_eq!(zaken, [Some(8), None, Some(7)]);
}

/// A message in one part, as a version before 56 wrote it: with one open delivery for `een`, and one for `twee`, who may look.
async fn bericht_van_toen(oud: &mut SqliteConnection, proef: &Proef, [eigenaar, een, twee]: [Oin; 3]) -> (DeelId, LeveringId) {
    let (bericht, deel, levering) = (proef.bericht(), proef.deel(), proef.levering());
    alle(
        oud,
        &[
            format!(
                "INSERT INTO bericht (nr, van, id, digest, berichttype, urgentie, convenant, bron, aangenomen_op, bericht, \
                 ontvangstbewijs, kop) VALUES (1, '{eigenaar}', '{bericht}', '', 'nl.inbreng.incidentmelding.v1', 'normaal', \
                 'voorbeeldregio', '', 0, '{{}}', '', '')"
            ),
            format!(
                "INSERT INTO deel (nr, id, bericht, eigenaar, categorie, doel, digest, wacht, labels, eigenaarsbewijs) \
                 VALUES (1, '{deel}', 1, '{eigenaar}', 'incident', 'beoordelen', '', 0, '{{}}', '')"
            ),
            "INSERT INTO inhoud (deel, jwe) VALUES (1, 'jwe')".to_owned(),
            format!(
                "INSERT INTO wrap (deel, ontvanger, wijze, wrap, toegang) VALUES \
                 (1, '{eigenaar}', 'meegeleverd', '{{\"van\":\"eigenaar\"}}', NULL), \
                 (1, '{een}', 'meegeleverd', '{{\"van\":\"een\"}}', 'toegang-een'), (1, '{twee}', 'inzage', 'wrap-twee', 'toegang-twee')"
            ),
            format!(
                "INSERT INTO levering (nr, id, bericht, ontvanger, baan, staat, omvang, besluiten) VALUES \
                 (1, '{levering}', 1, '{een}', 1, 0, 9, '[]'), (2, '{}', 1, '{twee}', 1, 1, 9, '[]')",
                proef.levering()
            ),
            "INSERT INTO leveringsdeel (levering, volgorde, deel, wijze) VALUES (1, 0, 1, 'meegeleverd'), (2, 0, 1, 'inzage')".to_owned(),
            "UPDATE stand SET bericht = 1, deel = 1, levering = 2".to_owned(),
            "INSERT INTO telling (soort, sleutel, aantal) VALUES ('open', '', 1)".to_owned(),
        ],
    )
    .await;
    (deel, levering)
}

/// Keys are given as they would have been, and leave with their ciphertext; who may look keeps its own (R40).
#[tokio::test]
async fn keys_open_what_they_opened() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let [eigenaar, een, twee] = [oin(1), oin(2), oin(3)];
    let mut oud = voor(&map, 56).await;
    let (deel, levering) = bericht_van_toen(&mut oud, &proef, [eigenaar, een, twee]).await;
    oud.close().await.unwrap();

    let store = map.store().await;
    let open = store.open_leveringen(een, 9).await.unwrap();
    let sleutel = open[0].delen[0].sleutel.clone().unwrap();
    assert_eq!((sleutel.wrap.as_str(), sleutel.toegang.as_str()), (r#"{"van":"een"}"#, "toegang-een"));
    assert_eq!(open[0].aangenomen_op, Tijdstip::from_unix_millis(0));
    let inzage = store.inzagedeel(twee, deel).await.unwrap().unwrap();
    assert_eq!((inzage.wijze, inzage.sleutel.wrap.as_str()), (Toegangswijze::Inzage, "wrap-twee"));
    let mee = store.inzagedeel(een, deel).await.unwrap().unwrap();
    assert_eq!((mee.wijze, mee.sleutel), (Toegangswijze::Meegeleverd, sleutel));
    assert!(store.inzagedeel(eigenaar, deel).await.unwrap().is_none());

    let woord = store.leveringsbericht(een, levering, Leveringsbericht::Ontvangen, "jws".to_owned(), proef.blad("ontvangst"));
    assert_eq!(woord.await.unwrap(), Leveringsuitslag::Vastgelegd);
    assert!(store.inzagedeel(een, deel).await.unwrap().is_none(), "gone with the ciphertext");
    assert!(store.inzagedeel(twee, deel).await.unwrap().is_some(), "who may look keeps its key");
    store.sluiten().await.unwrap();
    let mut naast = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    let over: (i64, i64) =
        sqlx::query_as("SELECT (SELECT count(*) FROM inhoud), (SELECT count(*) FROM wrap)").fetch_one(&mut naast).await.unwrap();
    assert_eq!(over, (0, 1));
}

/// From every earlier shape on: what waited then is delivered now, and what comes is accepted.
#[tokio::test]
async fn every_earlier_schema_is_brought_here() {
    for versie in SCHEMA.iter().map(|m| m.version) {
        let (map, proef) = (Map::nieuw(), Proef::default());
        let [eigenaar, een, twee] = [oin(1), oin(2), oin(3)];
        let mut oud = voor(&map, versie.min(55) + 1).await;
        // Of before that the rows had other columns.
        let wachtend = if versie >= 55 { Some(bericht_van_toen(&mut oud, &proef, [eigenaar, een, twee]).await.1) } else { None };
        oud.close().await.unwrap();
        voor(&map, versie + 1).await.close().await.unwrap();

        let store = map.store().await;
        if let Some(levering) = wachtend {
            let open = store.open_leveringen(een, 9).await.unwrap();
            let wraps: Vec<_> = open[0].delen.iter().map(|d| d.sleutel.as_ref().unwrap().wrap.as_str()).collect();
            assert_eq!((open.len(), wraps), (1, vec![r#"{"van":"een"}"#]), "from {versie}");
            let woord =
                store.leveringsbericht(een, levering, Leveringsbericht::Ontvangen, "jws".to_owned(), proef.blad("ontvangst"));
            assert_eq!(woord.await.unwrap(), Leveringsuitslag::Vastgelegd, "from {versie}");
        }
        store.aannemen(Bouw::van(&proef, eigenaar).naar(twee).af()).await.unwrap();
        assert_eq!(store.open_leveringen(twee, 9).await.unwrap().len(), 1, "from {versie}");
    }
}
