//! From a file to a database: all of it, or nothing.

use inbreng_domain::{
    Uitkomst,
    vocabulary::Toegangswijze::{Inzage, Meegeleverd},
};
use inbreng_storage::{
    Aannameuitslag, Berichten, Bezorgingen, Gidsen, Leveringen, Leveringsbericht, Leveringsuitslag, Logboek, OpenLevering,
    Terugroepregel, Zaken,
    contract::{Bouw, Proef, oin},
};

use super::contract::{Basis, klok};
use crate::{Kastplaats, OverzetFout, overzetten, sqlite};

fn zelfde(een: &impl std::fmt::Debug, ander: &impl std::fmt::Debug) {
    assert_eq!(format!("{een:?}"), format!("{ander:?}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn everything_is_carried_over_and_goes_on() {
    let (map, basis, proef) = (tempfile::tempdir().unwrap(), Basis::nieuw().await, Proef::default());
    let bestand = map.path().join("hub.db");
    let oud = sqlite::open(&bestand, klok()).await.unwrap();
    let regel = Terugroepregel { oin: oin(3), volgnummer: 1, actief: true, record: "{}".to_owned() };
    oud.terugroep_plaatsen(regel, proef.blad("terugroep")).await.unwrap();
    let casus = proef.casus();
    oud.aannemen(Bouw::van(&proef, oin(1)).opent(casus).af()).await.unwrap();
    let mut eerste = None;
    for n in 0..30 {
        let (deel, twee) = (proef.deel(), proef.deel());
        let stand = oud.zaakstand(casus).await.unwrap().stand;
        let bericht = Bouw::van(&proef, oin(1))
            .in_casus(casus)
            .op_feiten(stand, 0)
            .deel(deel, &format!("verzegeld {n} met aanhaling \" en é"))
            .deel(twee, "tweede")
            .geeft(deel, oin(2), Meegeleverd)
            .geeft(deel, oin(3), Meegeleverd)
            .geeft(twee, oin(2), Inzage)
            .besluit(None, oin(4), Uitkomst::Weigeren, Some(3))
            .af();
        eerste.get_or_insert_with(|| bericht.clone());
        assert_eq!(oud.aannemen(bericht).await.unwrap(), Aannameuitslag::Aangenomen);
    }
    // Enough leaves for runs of their hashes.
    let veel: Vec<_> = (0..9_000).map(|_| proef.blad("toets")).collect();
    let gezocht = veel[4_321].hash;
    oud.bladen_toevoegen(veel).await.unwrap();
    let levering = oud.open_leveringen(oin(2), 1).await.unwrap().remove(0).id;
    let woord =
        oud.leveringsbericht(oin(2), levering, Leveringsbericht::Ontvangen, "jws".to_owned(), proef.blad("ontvangst")).await;
    assert_eq!(woord.unwrap(), Leveringsuitslag::Vastgelegd);
    oud.sluiten().await.unwrap();

    let gedaan = overzetten(&bestand, &basis.hier(), klok()).await.unwrap();
    let (Kastplaats::Bestand(van), Kastplaats::Bestand(naar)) = (sqlite::naast(&bestand), basis.kast()) else { panic!() };
    std::fs::copy(van, naar).unwrap();
    let oud = sqlite::open(&bestand, klok()).await.unwrap();
    let nieuw = basis.store().await;
    assert_eq!((gedaan.bladen, gedaan.wortel), oud.hoofd().await.unwrap());
    assert_eq!(nieuw.hoofd().await.unwrap(), oud.hoofd().await.unwrap());
    let berichten = gedaan.tabellen.iter().find(|(naam, _)| naam == "bericht").unwrap();
    assert_eq!(berichten.1, 31);
    assert_eq!(nieuw.tellingen().await.unwrap(), oud.tellingen().await.unwrap());
    zelfde(&nieuw.zaakstand(casus).await.unwrap(), &oud.zaakstand(casus).await.unwrap());
    zelfde(&nieuw.gids().await.unwrap(), &oud.gids().await.unwrap());
    assert_eq!(nieuw.besluiten(0, 1_000).await.unwrap(), oud.besluiten(0, 1_000).await.unwrap());
    assert_eq!(nieuw.bladindex(gezocht).await.unwrap(), oud.bladindex(gezocht).await.unwrap());
    assert_eq!(nieuw.terugroepen().await.unwrap(), oud.terugroepen().await.unwrap());
    let bladen = oud.bladen(0, u32::MAX).await.unwrap();
    assert_eq!(nieuw.bladen(0, u32::MAX).await.unwrap(), bladen);
    for ontvanger in [2, 3].map(oin) {
        let (hier, daar) =
            (nieuw.open_leveringen(ontvanger, 99).await.unwrap(), oud.open_leveringen(ontvanger, 99).await.unwrap());
        assert!(!hier.is_empty());
        zelfde(&hier, &daar);
        let inhoud = |alle: &[OpenLevering]| {
            let delen = alle.iter().flat_map(|l| &l.delen);
            delen
                .map(|d| (d.inhoud.clone(), d.labels.clone(), d.sleutel.as_ref().map(|s| (s.wrap.clone(), s.toegang.clone()))))
                .collect::<Vec<_>>()
        };
        assert_eq!(inhoud(&hier), inhoud(&daar));
    }

    // It goes on where the other ended.
    let eerste = eerste.unwrap();
    assert!(matches!(nieuw.aannemen(eerste).await.unwrap(), Aannameuitslag::AlAanwezig { .. }), "known already");
    let stand = nieuw.zaakstand(casus).await.unwrap().stand;
    let deel = proef.deel();
    let bericht =
        Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(stand, 0).deel(deel, "later").geeft(deel, oin(3), Meegeleverd);
    let bericht = bericht.besluit(None, oin(4), Uitkomst::Weigeren, Some(3)).af();
    assert_eq!(nieuw.aannemen(bericht).await.unwrap(), Aannameuitslag::Aangenomen);
    assert_eq!(nieuw.hoofd().await.unwrap().0, gedaan.bladen + 1);
    let nummers: Vec<_> = nieuw.besluiten(0, 1_000).await.unwrap().iter().map(|b| b.nummer).collect();
    assert!(nummers.is_sorted_by(|a, b| a < b));
    nieuw.sluiten().await.unwrap();

    let fout = overzetten(&bestand, &basis.hier(), klok()).await.unwrap_err();
    assert!(matches!(fout, OverzetFout::NietLeeg(_)), "{fout:?}");
    let fout = overzetten(&map.path().join("is-er-niet.db"), &basis.hier(), klok()).await.unwrap_err();
    assert!(matches!(fout, OverzetFout::GeenBron(_)), "{fout:?}");
}

/// A log that does not follow from its leaves is not carried over, and nothing else is.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_log_that_is_wrong_stays_behind() {
    let (map, basis, proef) = (tempfile::tempdir().unwrap(), Basis::nieuw().await, Proef::default());
    let bestand = map.path().join("hub.db");
    let oud = sqlite::open(&bestand, klok()).await.unwrap();
    oud.bladen_toevoegen((0..8).map(|_| proef.blad("toets")).collect()).await.unwrap();
    oud.sluiten().await.unwrap();
    let mut naast = sqlx::ConnectOptions::connect(&sqlx::sqlite::SqliteConnectOptions::new().filename(&bestand)).await.unwrap();
    sqlx::query("UPDATE blad SET hash = zeroblob(32) WHERE nr = 3").execute(&mut naast).await.unwrap();
    let fout = overzetten(&bestand, &basis.hier(), klok()).await.unwrap_err();
    assert!(matches!(fout, OverzetFout::Wortel), "{fout:?}");
    assert_eq!(basis.store().await.hoofd().await.unwrap().0, 0, "nothing is there");
}
