//! What an earlier version wrote, read by this one.

use inbreng_domain::{LeveringId, Oin};
use inbreng_proof::blad::OVERGANG;
use inbreng_storage::{
    Berichten, Leveringen, Leveringsbericht, Leveringsuitslag, Logboek,
    contract::{Bouw, Proef, oin},
};
use sqlx::{AssertSqlSafe, migrate::Migrator};

use super::{super::openen::SCHEMA, contract::Basis};

/// Brings a database to this version of the schema.
async fn tot(basis: &Basis, versie: i64) {
    let eerder = SCHEMA.migrations.iter().filter(|m| m.version <= versie).cloned().collect::<Vec<_>>();
    Migrator { migrations: eerder.into(), ..Migrator::DEFAULT }.run(&mut basis.naast().await).await.unwrap();
}

/// A message in one part, as the first version on PostgreSQL wrote it: with one open delivery for `een`, whose wrap travels along.
async fn bericht_van_toen(basis: &Basis, proef: &Proef, [eigenaar, een]: [Oin; 2]) -> LeveringId {
    let (bericht, deel, levering) = (proef.bericht(), proef.deel(), proef.levering());
    let zin = format!(
        "INSERT INTO bericht (nr, van, id, digest, berichttype, urgentie, convenant, bron, aangenomen_op, bericht, ontvangstbewijs, kop) \
             VALUES (1, '{eigenaar}', '{bericht}', '', 'nl.inbreng.incidentmelding.v1', 'normaal', 'voorbeeldregio', '', 0, '{{}}', '', '');
         INSERT INTO deel (nr, id, bericht, eigenaar, categorie, doel, digest, wacht, labels, eigenaarsbewijs) \
             VALUES (1, '{deel}', 1, '{eigenaar}', 'incident', 'beoordelen', '', 0, '{{}}', '');
         INSERT INTO inhoud (deel, jwe, wraps) VALUES (1, 'jwe', '[[\"{een}\",\"wrap-een\",\"toegang-een\"]]');
         INSERT INTO levering (nr, id, bericht, ontvanger, baan, staat, omvang, besluiten) \
             VALUES (1, '{levering}', 1, '{een}', 1, 0, 9, '[]');
         INSERT INTO leveringsdeel (levering, volgorde, deel, wijze) VALUES (1, 0, 1, 'meegeleverd');
         INSERT INTO telling (soort, sleutel, aantal) VALUES ('berichten', '', 1), ('leveringen', '', 1), ('open', '', 1);
         UPDATE stand SET bericht = 1, deel = 1, levering = 1"
    );
    sqlx::raw_sql(AssertSqlSafe(zin)).execute(&mut basis.naast().await).await.unwrap();
    levering
}

/// From every earlier shape on: what was accepted then is there now, what waited then is delivered now, and what comes is accepted.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn every_earlier_schema_is_brought_here() {
    let begin = SCHEMA.iter().map(|m| m.version).min().unwrap();
    for versie in SCHEMA.iter().map(|m| m.version) {
        let (basis, proef) = (Basis::nieuw().await, Proef::default());
        let [eigenaar, een, twee] = [oin(1), oin(2), oin(3)];
        tot(&basis, begin).await;
        let levering = bericht_van_toen(&basis, &proef, [eigenaar, een]).await;
        tot(&basis, versie).await;
        // A leaf of which the hash does not cover its kind: the log goes over (ADR 19).
        let oud = versie < 105;
        if oud {
            let blad = "INSERT INTO blad (nr, hash, zout, soort, tijd, record) VALUES (0, decode(repeat('01', 32), 'hex'), \
                decode(repeat('02', 32), 'hex'), 'toets', 7, '{}'); UPDATE stand SET blad = 1";
            sqlx::raw_sql(blad).execute(&mut basis.naast().await).await.unwrap();
        }
        let store = basis.store().await;
        assert_eq!(store.soort_vanaf().await.unwrap(), u64::from(oud), "from {versie}");
        let soorten: Vec<_> = store.bladen(0, 9).await.unwrap().iter().map(|b| b.soort.to_string()).collect();
        assert_eq!(soorten, if oud { vec!["toets", OVERGANG] } else { Vec::new() }, "from {versie}");

        let open = store.open_leveringen(een, 9).await.unwrap();
        let sleutels: Vec<_> = open.iter().flat_map(|l| &l.delen).map(|d| d.sleutel.clone().unwrap()).collect();
        let sleutels: Vec<_> = sleutels.iter().map(|s| (s.wrap.as_str(), s.toegang.as_str())).collect();
        assert_eq!((open.len(), sleutels), (1, vec![("wrap-een", "toegang-een")]), "from {versie}");
        let woord = store.leveringsbericht(een, levering, Leveringsbericht::Ontvangen, "jws".to_owned(), proef.blad("ontvangst"));
        assert_eq!(woord.await.unwrap(), Leveringsuitslag::Vastgelegd, "from {versie}");
        store.aannemen(Bouw::van(&proef, eigenaar).naar(twee).af()).await.unwrap();
        assert_eq!(store.open_leveringen(twee, 9).await.unwrap().len(), 1, "from {versie}");
        let tellingen = store.tellingen().await.unwrap();
        assert_eq!((tellingen.berichten, tellingen.open), (2, 1), "from {versie}");
    }
}
