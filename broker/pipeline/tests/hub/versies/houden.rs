//! What a version holds back comes when another is in force: nobody has to ask for it.

use inbreng_domain::vocabulary::JaNee;
use inbreng_policy::{Handhaving, Rij};

use super::{Concept, TABEL, geldende_bundel, tegen_incidenten, zet};
use crate::{
    feiten::op_zaak,
    wereld::{Brief, Wereld, over_minuten},
};

/// A version that holds incidents back, in force from the next minute on.
async fn houdende_versie(w: &Wereld) -> Concept {
    let mut bundel = geldende_bundel(w);
    bundel.versie = 2;
    let houdt_aan = bundel.rijen.iter().find(|r| r.uitkomst == Some(Handhaving::Aanhouden)).unwrap().regel;
    let rij = Rij { uitkomst: Some(Handhaving::Aanhouden), regel: houdt_aan, ..tegen_incidenten(&bundel) };
    bundel.rijen.push(rij);
    let houdend = Concept::maken(&bundel, &TABEL.replace("VERWACHT", "aanhouden"));
    let stand = houdend.goedgekeurd(w).await;
    houdend.plannen(w, stand, 1, over_minuten(1), JaNee::Nee).await.unwrap();
    zet(&w.clock, over_minuten(1));
    w.hub.beleid_bijhouden().await.unwrap();
    houdend
}

/// What a version holds back is looked at again when another is in force: nobody has to ask for it.
#[tokio::test]
async fn what_was_held_comes_when_another_version_is_in_force() {
    let w = Wereld::new().await;
    let houdend = houdende_versie(&w).await;
    let (mut melding, _) = w.melding();
    melding.beleid = houdend.versie;
    let antwoord = w.aangenomen(&melding).await;
    assert_eq!(antwoord.besluiten[0].stand, inbreng_domain::receipts::Ontvangerstand::InBehandeling);

    let ruimer = Concept::gelijk(&w, 3);
    let stand = ruimer.goedgekeurd(&w).await;
    ruimer.plannen(&w, stand, 2, over_minuten(5), JaNee::Nee).await.unwrap();
    w.hub.beleid_bijhouden().await.unwrap();
    let open = async || w.store.open_leveringen(w.vt.oin, 9).await.unwrap().len();
    assert_eq!(open().await, 0, "planned is not in force");
    zet(&w.clock, over_minuten(5));
    w.hub.beleid_bijhouden().await.unwrap();
    assert_eq!(open().await, 1);
    let [levering] = w.ontvangt(&w.vt).await.try_into().unwrap();
    assert_eq!((levering.bericht.id, levering.besluiten[0].beleid), (melding.id, ruimer.versie));
}

/// So is a delivery that was accepted before, and that the version keeps since the facts moved.
#[tokio::test]
async fn a_delivery_that_a_version_keeps_comes_when_another_is_in_force() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    let open = async || w.store.open_leveringen(w.vt.oin, 9).await.unwrap().len();
    let houdend = houdende_versie(&w).await;
    assert_eq!(open().await, 1, "it was accepted under the version of then");
    for (actie, volgnummer) in [("zetten", 1), ("opheffen", 2)] {
        w.aangenomen(&Brief { beleid: houdend.versie, ..op_zaak(&w, casus, actie, volgnummer) }).await;
    }
    assert_eq!(open().await, 0, "the embargo is gone, and the version of now keeps it");

    let ruimer = Concept::gelijk(&w, 3);
    let stand = ruimer.goedgekeurd(&w).await;
    ruimer.plannen(&w, stand, 2, over_minuten(5), JaNee::Nee).await.unwrap();
    w.hub.beleid_bijhouden().await.unwrap();
    assert_eq!(open().await, 0, "planned is not in force");
    zet(&w.clock, over_minuten(5));
    w.hub.beleid_bijhouden().await.unwrap();
    let [levering] = w.ontvangt(&w.vt).await.try_into().unwrap();
    assert_eq!((levering.bericht.id, levering.besluiten[0].beleid), (melding, ruimer.versie));
}
