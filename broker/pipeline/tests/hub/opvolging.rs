//! Attack test 6 at the hub: a new encryption key is proven by the one before it or confirmed; a frozen one is sealed for by nobody.

use inbreng_domain::{
    gids::{Bevriezing, Sleutelaanleiding},
    problem::ProblemCode,
    vocabulary::{Doel, Partnertype, Toegangswijze},
};
use inbreng_pipeline::Fout;
use inbreng_proof::gids::sign_bevriezing;

use crate::{
    reading::{inzagedeel, verzoek},
    terugval::wrap_als,
    wereld::{Organisatie, Wereld},
};

async fn plaatsen(w: &Wereld, wie: &Organisatie) -> Result<(), Fout> {
    w.hub.sleutels_plaatsen(wie.oin, wie.gids.sleutels.clone()).await
}

async fn bevriezen(w: &Wereld, van: &Organisatie, jws: &str) -> Result<(), Fout> {
    w.hub.sleutel_bevriezen(van.oin, w.vt.oin, jws.to_owned()).await
}

async fn soorten(w: &Wereld) -> Vec<String> {
    w.store.bladen(0, 200).await.unwrap().into_iter().map(|b| b.soort.to_string()).collect()
}

#[tokio::test]
async fn the_previous_key_proves_the_next_one_at_the_hub() {
    let mut w = Wereld::new().await;
    w.vt.bewezen_sleutel();
    w.vt.bewezen_sleutel();
    plaatsen(&w, &w.vt).await.unwrap();
    plaatsen(&w, &w.vt).await.unwrap();
    w.aangenomen(&w.melding().0).await;
}

/// What a stolen signing key can make: well signed, in its place in the row, and resting on nothing.
#[tokio::test]
async fn attack_6_a_key_without_proof_or_confirmation_is_not_placed() {
    let mut w = Wereld::new().await;
    let (echt, bladen) = (w.vt.clone(), w.store.hoofd().await.unwrap().0);
    w.vt.onbewezen_sleutel();
    let fout = plaatsen(&w, &w.vt).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::OpvolgingOnbewezen);
    // Proven by a key that is not the one before it.
    let mut ander = w.pki.organisatie(&w.vt.oin.to_string(), "Namaak", w.vt.partnertype, &w.beheerder);
    ander.bewezen_sleutel();
    w.vt.gids.sleutels[0].opvolging = ander.gids.sleutels[0].opvolging.clone();
    assert_eq!(plaatsen(&w, &w.vt).await.unwrap_err().code(), ProblemCode::OpvolgingOnbewezen);
    // With a new certificate, neither.
    let mut nieuw = w.vt.clone();
    nieuw.gids = echt.gids.clone();
    nieuw.sleutelverklaringen = echt.sleutelverklaringen.clone();
    nieuw.zegels = echt.zegels.clone();
    let mut gids = w.pki.heruitgeven(&mut nieuw, 2, &w.beheerder);
    gids.sleutels[0].medeondertekening = None;
    assert_eq!(w.hub.gids_plaatsen(w.vt.oin, gids).await.unwrap_err().code(), ProblemCode::OpvolgingOnbewezen);
    assert_eq!(w.store.hoofd().await.unwrap().0, bladen, "nothing was stored");
    w.vt = echt;
    w.aangenomen(&w.melding().0).await;
}

#[tokio::test]
async fn a_lost_key_is_replaced_by_the_word_of_the_covenant_manager() {
    let mut w = Wereld::new().await;
    w.vt.bevestigde_sleutel(&w.beheerder, Sleutelaanleiding::Verloren);
    plaatsen(&w, &w.vt).await.unwrap();
    w.aangenomen(&w.melding().0).await;
}

/// At once, at every process, for what is sealed and for what is read; and logged.
#[tokio::test]
async fn attack_6_a_frozen_key_is_sealed_for_and_read_under_by_nobody() {
    let mut w = Wereld::new().await;
    let elders = w.hub_erbij(w.clock.clone()).await;
    let (_, deel) = inzagedeel(&w).await;
    let melding = w.melding().0;
    let jws = w.vt.bevroren(0, 0);
    bevriezen(&w, &w.vt, &jws).await.unwrap();
    bevriezen(&w, &w.vt, &jws).await.unwrap();
    assert_eq!(soorten(&w).await.iter().filter(|s| *s == "bevriezing").count(), 1);
    let fout = w.geweigerd(&w.politie, &melding.tekst()).await;
    assert_eq!((fout.code(), fout.pad()), (ProblemCode::SleutelBevroren, Some("/data/delen/0/toegang/0/oin")));
    let fout = elders.aannemen(w.politie.oin, &melding.tekst()).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::SleutelBevroren, "another process on the same store");
    let fout = w.hub.inzage(w.vt.oin, deel, &verzoek(&w.vt, deel, Doel::Beoordelen)).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::SleutelBevroren);
    let getoond = w.hub.partners().partners.into_iter().find(|p| p.oin == w.vt.oin).unwrap();
    assert_eq!(getoond.gids.bevriezingen, [jws], "whoever asks sees it");

    // The frozen key proves nothing, and does not come back under the word of the covenant manager either.
    let mut bewezen = w.vt.clone();
    bewezen.bewezen_sleutel();
    assert_eq!(plaatsen(&w, &bewezen).await.unwrap_err().code(), ProblemCode::SleutelBevroren);
    w.vt.bevestigde_sleutel(&w.beheerder, Sleutelaanleiding::Bevroren);
    plaatsen(&w, &w.vt).await.unwrap();
    w.aangenomen(&w.melding().0).await;
    let gids = w.hub.partners().partners.into_iter().find(|p| p.oin == w.vt.oin).unwrap().gids;
    assert_eq!(gids.bevriezingen.len(), 1, "new statements take no freeze away");
}

/// A thief with both keys was first. The freeze names what stood, and takes the thief's key away with it.
#[tokio::test]
async fn attack_6_a_successor_that_a_thief_placed_ends_with_the_freeze() {
    let mut w = Wereld::new().await;
    w.vt.bewezen_sleutel();
    plaatsen(&w, &w.vt).await.unwrap();
    let melding = w.melding().0;
    let jws = w.vt.bevroren(1, 1);
    bevriezen(&w, &w.vt, &jws).await.unwrap();
    assert_eq!(w.geweigerd(&w.politie, &melding.tekst()).await.code(), ProblemCode::SleutelBevroren);
    w.vt.bevestigde_sleutel(&w.beheerder, Sleutelaanleiding::Bevroren);
    plaatsen(&w, &w.vt).await.unwrap();
    w.aangenomen(&w.melding().0).await;
}

#[tokio::test]
async fn a_key_is_frozen_by_its_organisation_and_by_the_covenant_manager_alone() {
    let w = Wereld::new().await;
    let bladen = w.store.hoofd().await.unwrap().0;
    let eigen = w.vt.bevroren(0, 0);
    let door = |wie: &Organisatie, b: &Bevriezing| sign_bevriezing(&wie.sleutel, b).unwrap();
    let basis = w.vt.bevriezing(0, 0);
    let zonder_keten = Bevriezing { certificaten: Vec::new(), ..basis.clone() };
    let onbekend = Bevriezing { kid: w.om.kid(), ..basis.clone() };
    let ander_slot = Bevriezing { laatste: w.om.bevriezing(0, 0).laatste, ..basis.clone() };
    for (van, jws, code) in [
        (&w.om, eigen.clone(), ProblemCode::BronNietEigen),
        (&w.vt, w.om.bevroren(0, 0), ProblemCode::NietGelijk),
        (&w.vt, door(&w.om, &basis), ProblemCode::HandtekeningOngeldig),
        (&w.vt, door(&w.vt, &zonder_keten), ProblemCode::HandtekeningOngeldig),
        (&w.vt, door(&w.vt, &onbekend), ProblemCode::NietGevonden),
        (&w.vt, door(&w.vt, &ander_slot), ProblemCode::NietGevonden),
        (&w.vt, "geen.jws.dit".to_owned(), ProblemCode::HandtekeningOngeldig),
    ] {
        assert_eq!(bevriezen(&w, van, &jws).await.unwrap_err().code(), code);
    }
    assert_eq!(w.store.hoofd().await.unwrap().0, bladen);
    w.aangenomen(&w.melding().0).await;
    // What the covenant manager signed comes by whoever is connected.
    bevriezen(&w, &w.om, &sign_bevriezing(&w.beheerder, &zonder_keten).unwrap()).await.unwrap();
    assert_eq!(w.code(&w.melding().0).await, ProblemCode::SleutelBevroren);
}

#[tokio::test]
async fn what_was_frozen_comes_with_the_installation_too() {
    let w = Wereld::new().await;
    let melding = w.melding().0;
    let mut gids = w.vt.gids.clone();
    gids.bevriezingen = vec![w.vt.bevroren(0, 0)];
    w.hub.gids_vullen(vec![gids.clone()]).await.unwrap();
    w.hub.gids_vullen(vec![gids]).await.unwrap();
    assert_eq!(w.geweigerd(&w.politie, &melding.tekst()).await.code(), ProblemCode::SleutelBevroren);
    assert_eq!(soorten(&w).await.iter().filter(|s| *s == "bevriezing").count(), 1);
}

/// What may only be viewed lies under the frozen key. Its owner wraps it for the next; a wrap under a good key stays what it is.
#[tokio::test]
async fn the_owner_wraps_a_view_only_part_again_for_the_next_key() {
    let mut w = Wereld::new().await;
    let (mut melding, _) = w.melding();
    melding.delen[0].voor[0].1 = Toegangswijze::Inzage;
    let envelop = melding.envelop();
    w.hub.aannemen(w.politie.oin, &serde_json::to_vec(&envelop).unwrap()).await.unwrap();
    w.ontvangt(&w.vt).await;
    let deel = &envelop.data.delen[0];
    let id = deel.labels.id;
    let geven = async |w: &Wereld, wijze| {
        let wrap = wrap_als(&w.politie, deel, &w.vt, Doel::Beoordelen, wijze);
        let mut met_deel: serde_json::Value = serde_json::from_slice(&wrap).unwrap();
        met_deel["deel"] = serde_json::to_value(deel).unwrap();
        w.hub.toegang_geven(w.politie.oin, id, met_deel.to_string().as_bytes()).await.unwrap();
    };
    let lezen = async |w: &Wereld| w.hub.inzage(w.vt.oin, id, &verzoek(&w.vt, id, Doel::Beoordelen)).await;
    let eerst = lezen(&w).await.unwrap().wrap;
    geven(&w, Toegangswijze::Inzage).await;
    assert_eq!(lezen(&w).await.unwrap().wrap, eerst, "under a good key nothing is replaced");

    let jws = w.vt.bevroren(0, 0);
    bevriezen(&w, &w.vt, &jws).await.unwrap();
    w.vt.bevestigde_sleutel(&w.beheerder, Sleutelaanleiding::Bevroren);
    plaatsen(&w, &w.vt).await.unwrap();
    assert_eq!(lezen(&w).await.unwrap_err().code(), ProblemCode::SleutelBevroren);
    geven(&w, Toegangswijze::Meegeleverd).await;
    assert_eq!(lezen(&w).await.unwrap_err().code(), ProblemCode::SleutelBevroren, "it stays what may only be viewed");
    let bladen = soorten(&w).await.iter().filter(|s| *s == "toegang").count();
    for _ in 0..2 {
        geven(&w, Toegangswijze::Inzage).await;
    }
    assert_eq!(lezen(&w).await.unwrap().wrap.header.kid, w.vt.kid());
    assert_eq!(soorten(&w).await.iter().filter(|s| *s == "toegang").count(), bladen + 1, "logged, once");
    assert!(w.postvak(&w.vt).await.is_empty(), "no further delivery");
}

/// What its recipient has not fetched yet, and what waits for its step: its owner wraps it for the next key, in the place of what lies there,
/// and it is given that once. Who has it has it, and nobody becomes a fallback afterwards.
#[tokio::test]
async fn the_owner_wraps_again_what_is_still_to_be_given() {
    for terugval in [false, true] {
        let mut w = Wereld::new().await;
        let crisis = w.pki.organisatie("00000001000000000007", "Crisisdienst Voorbeeld", Partnertype::Crisisdienst, &w.beheerder);
        w.hub.gids_vullen(vec![crisis.gids.clone()]).await.unwrap();
        let brief = crate::terugval::huisverbod(&w, &[&crisis]);
        let envelop = brief.envelop();
        w.hub.aannemen(w.politie.oin, &serde_json::to_vec(&envelop).unwrap()).await.unwrap();
        let mut wie = if terugval { crisis } else { w.wijkteam.clone() };
        let wijze = if terugval { Toegangswijze::Terugval } else { Toegangswijze::Meegeleverd };
        let deel = &envelop.data.delen[0];
        let geven = async |w: &Wereld, voor: &Organisatie, wijze, met_deel: bool| {
            let wrap = wrap_als(&w.politie, deel, voor, Doel::Huisverbod, wijze);
            let mut verzoek: serde_json::Value = serde_json::from_slice(&wrap).unwrap();
            if !met_deel {
                verzoek.as_object_mut().unwrap().remove("deel");
            }
            w.hub.toegang_geven(w.politie.oin, deel.labels.id, verzoek.to_string().as_bytes()).await.map_err(|fout| fout.code())
        };
        let toegangen = async |w: &Wereld| soorten(w).await.iter().filter(|s| *s == "toegang").count();
        assert_eq!(geven(&w, &w.vt, Toegangswijze::Terugval, false).await, Err(ProblemCode::VeldOngeldig));
        if terugval {
            assert_eq!(
                geven(&w, &wie, wijze, false).await,
                Err(ProblemCode::VeldOngeldig),
                "under a good key nothing is replaced"
            );
        } else {
            assert_eq!((geven(&w, &wie, wijze, false).await, toegangen(&w).await), (Ok(()), 0));
        }

        w.hub.sleutel_bevriezen(wie.oin, wie.oin, wie.bevroren(0, 0)).await.unwrap();
        wie.bevestigde_sleutel(&w.beheerder, Sleutelaanleiding::Bevroren);
        plaatsen(&w, &wie).await.unwrap();
        for _ in 0..2 {
            let _ = geven(&w, &wie, wijze, false).await;
        }
        assert_eq!(toegangen(&w).await, 1, "logged, once");
        if terugval {
            assert!(w.postvak(&wie).await.is_empty(), "it waits for its step as before");
            w.clock.advance(time::Duration::minutes(91));
            w.hub.beleid_bijhouden().await.unwrap();
        } else {
            w.wijkteam = wie.clone();
        }
        let [levering] = &w.ontvangt(&wie).await[..] else { panic!("one delivery") };
        let gekregen = &levering.bericht.data.delen[0];
        assert_eq!(gekregen.inhoud.recipients.iter().map(|r| r.header.kid.as_str()).collect::<Vec<_>>(), [wie.kid()]);
        // Received, there is nothing left to replace.
        let nog = geven(&w, &wie, wijze, false).await;
        assert!(if terugval { nog == Err(ProblemCode::VeldOngeldig) } else { nog.is_err() || w.postvak(&wie).await.is_empty() });
        assert_eq!(toegangen(&w).await, 1);
        assert!(w.postvak(&wie).await.is_empty());
    }
}
