//! Directory statements: placed by their owner, numbered upwards, withdrawn with the certificate.

use inbreng_domain::{
    gids::{Gidsvermelding, Vermelding},
    problem::ProblemCode,
    vocabulary::Partnertype,
};
use inbreng_pipeline::Fout;
use inbreng_proof::gids::{medeonderteken, sign_vermelding};

use crate::wereld::{Wereld, dagen, nu};

#[tokio::test]
async fn a_newer_statement_replaces_and_an_older_does_not() {
    let w = Wereld::new().await;
    let plaats = |nr: u32, naam: &str| {
        let mut vermelding = w.vt.vermelding(nr);
        vermelding.naam = naam.to_owned();
        medeonderteken(&w.beheerder, sign_vermelding(&w.vt.sleutel, &vermelding).unwrap(), nu()).unwrap()
    };
    let nieuw = plaats(2, "Veilig Thuis Nieuwe Naam");
    w.hub.vermelding_plaatsen(w.vt.oin, nieuw.clone()).await.unwrap();
    assert_eq!(w.hub.partner(w.vt.oin).unwrap().naam, "Veilig Thuis Nieuwe Naam");
    let bladen = w.store.hoofd().await.unwrap().0;
    w.hub.vermelding_plaatsen(w.vt.oin, nieuw).await.unwrap();
    assert_eq!(w.store.hoofd().await.unwrap().0, bladen);
    for nr in [1, 2] {
        let fout = w.hub.vermelding_plaatsen(w.vt.oin, plaats(nr, "Oud")).await.unwrap_err();
        assert_eq!(fout.code(), ProblemCode::NietGelijk);
    }
    // The keys stay.
    w.aangenomen(&w.melding().0).await;
}

/// People read the name before they sign: a line of its own in it would read as the program's.
#[tokio::test]
async fn a_name_that_does_not_read_as_what_it_is_is_not_placed() {
    let mut w = Wereld::new().await;
    let bladen = w.store.hoofd().await.unwrap().0;
    for naam in ["Wijkteam\nGecontroleerd: ja", "Wijkteam\u{202e}", "\u{200b}", "", &"x".repeat(201)] {
        let vermelding = Vermelding { naam: naam.to_owned(), ..w.vt.vermelding(2) };
        let beide = medeonderteken(&w.beheerder, sign_vermelding(&w.vt.sleutel, &vermelding).unwrap(), nu()).unwrap();
        let fout = w.hub.vermelding_plaatsen(w.vt.oin, beide.clone()).await.unwrap_err();
        assert_eq!((fout.code(), fout.pad()), (ProblemCode::VeldOngeldig, Some("/verklaring")), "{naam:?}");
        let gids = Gidsvermelding { vermelding: beide, ..w.vt.gids.clone() };
        assert_eq!(w.hub.gids_plaatsen(w.vt.oin, gids).await.unwrap_err().code(), ProblemCode::VeldOngeldig, "{naam:?}");
    }
    assert_eq!(w.store.hoofd().await.unwrap().0, bladen, "nothing was stored");
    // One that stands from before is read, and its organisation goes on.
    let naam = "Veilig Thuis\nvan vroeger";
    let vermelding = Vermelding { naam: naam.to_owned(), ..w.vt.vermelding(2) };
    let beide = medeonderteken(&w.beheerder, sign_vermelding(&w.vt.sleutel, &vermelding).unwrap(), nu()).unwrap();
    w.hub.gids_vullen(vec![Gidsvermelding { vermelding: beide, ..w.vt.gids.clone() }]).await.unwrap();
    assert_eq!(w.hub.partner(w.vt.oin).unwrap().naam, naam);
    w.aangenomen(&w.melding().0).await;
    let sleutels = w.vt.nieuwe_sleutel(&w.beheerder).sleutels;
    w.hub.sleutels_plaatsen(w.vt.oin, sleutels).await.unwrap();
}

#[tokio::test]
async fn only_ones_own_and_only_countersigned() {
    let w = Wereld::new().await;
    let vermelding = sign_vermelding(&w.vt.sleutel, &w.vt.vermelding(2)).unwrap();
    let goed = medeonderteken(&w.beheerder, vermelding.clone(), nu()).unwrap();
    assert_eq!(w.hub.vermelding_plaatsen(w.om.oin, goed).await.unwrap_err().code(), ProblemCode::BronNietEigen);
    let zelf = medeonderteken(&w.vt.sleutel, vermelding, nu()).unwrap();
    assert_eq!(w.hub.vermelding_plaatsen(w.vt.oin, zelf).await.unwrap_err().code(), ProblemCode::HandtekeningOngeldig);
    let mut ander_soort = w.vt.vermelding(2);
    ander_soort.partnertype = Partnertype::Om;
    let door_ander = sign_vermelding(&w.om.sleutel, &ander_soort).unwrap();
    let door_ander = medeonderteken(&w.beheerder, door_ander, nu()).unwrap();
    assert_eq!(w.hub.vermelding_plaatsen(w.vt.oin, door_ander).await.unwrap_err().code(), ProblemCode::HandtekeningOngeldig);
}

#[tokio::test]
async fn keys_go_on_from_the_keys_that_stood() {
    let mut w = Wereld::new().await;
    let eerste = w.vt.gids.sleutels.clone();
    let tweede = w.vt.nieuwe_sleutel(&w.beheerder).sleutels;
    w.hub.sleutels_plaatsen(w.vt.oin, tweede.clone()).await.unwrap();
    w.hub.sleutels_plaatsen(w.vt.oin, tweede.clone()).await.unwrap();
    assert_eq!(w.hub.sleutels_plaatsen(w.vt.oin, eerste).await.unwrap_err().code(), ProblemCode::NietGelijk);
    // A chain of its own beside the one that stands.
    let vreemd = w.pki.organisatie(&w.vt.oin.to_string(), "Namaak", Partnertype::VeiligThuis, &w.beheerder);
    let fout = w.hub.sleutels_plaatsen(w.vt.oin, vreemd.gids.sleutels).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::HandtekeningOngeldig);
    let fout = w.hub.sleutels_plaatsen(w.om.oin, tweede).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::HandtekeningOngeldig);
}

/// Key statements are signed with the certificate in the directory statement: neither can be placed before the other.
#[tokio::test]
async fn a_new_certificate_comes_with_its_keys() {
    let mut w = Wereld::new().await;
    let oud = w.vt.clone();
    let nieuw = w.pki.heruitgeven(&mut w.vt, 2, &w.beheerder);
    let code = |uitslag: Result<(), Fout>| uitslag.unwrap_err().code();
    let los = w.hub.vermelding_plaatsen(w.vt.oin, nieuw.vermelding.clone()).await;
    assert_eq!(code(los), ProblemCode::HandtekeningOngeldig);
    let los = w.hub.sleutels_plaatsen(w.vt.oin, nieuw.sleutels.clone()).await;
    assert_eq!(code(los), ProblemCode::HandtekeningOngeldig);
    assert_eq!(code(w.hub.gids_plaatsen(w.om.oin, nieuw.clone()).await), ProblemCode::BronNietEigen);

    // A chain of its own beside the one that stands, and the end of one that was never placed.
    let mut ander = w.pki.organisatie(&w.vt.oin.to_string(), &w.vt.naam, w.vt.partnertype, &w.beheerder);
    let eigen_keten = w.pki.heruitgeven(&mut ander, 2, &w.beheerder);
    assert_eq!(code(w.hub.gids_plaatsen(w.vt.oin, eigen_keten).await), ProblemCode::NietGelijk);
    let mut verder = w.vt.clone();
    let overgeslagen = w.pki.heruitgeven(&mut verder, 3, &w.beheerder);
    assert_eq!(code(w.hub.gids_plaatsen(w.vt.oin, overgeslagen).await), ProblemCode::NietGelijk);
    assert_eq!(w.hub.partner(w.vt.oin).unwrap().kid, oud.sleutel.kid());

    w.hub.gids_plaatsen(w.vt.oin, nieuw.clone()).await.unwrap();
    assert_eq!(w.hub.partner(w.vt.oin).unwrap().kid, w.vt.sleutel.kid());
    w.hub.gids_plaatsen(w.vt.oin, nieuw).await.unwrap();
    w.aangenomen(&w.melding().0).await;
    assert_eq!(code(w.hub.gids_plaatsen(w.vt.oin, oud.gids.clone()).await), ProblemCode::NietGelijk);
    // The next key, under the new certificate.
    let sleutels = w.vt.nieuwe_sleutel(&w.beheerder).sleutels;
    w.hub.sleutels_plaatsen(w.vt.oin, sleutels).await.unwrap();
}

/// Its answer was lost; when it is sent again the sender has another certificate. Signed anew it would be another message.
#[tokio::test]
async fn what_was_accepted_under_the_certificate_of_before_was_accepted() {
    let mut w = Wereld::new().await;
    let (eerste, ander) = (w.melding().0.tekst(), w.melding().0.tekst());
    let bewijs = w.hub.aannemen(w.politie.oin, &eerste).await.unwrap();
    let nieuw = w.pki.heruitgeven(&mut w.politie, 2, &w.beheerder);
    w.hub.gids_plaatsen(w.politie.oin, nieuw).await.unwrap();
    assert_eq!(w.hub.aannemen(w.politie.oin, &eerste).await.unwrap(), bewijs);
    assert_eq!(w.geweigerd(&w.politie, &ander).await.code(), ProblemCode::HandtekeningOngeldig);
    let mut veranderd: serde_json::Value = serde_json::from_slice(&eerste).unwrap();
    veranderd["data"]["kop"]["gemeente"] = "0518".into();
    let veranderd = veranderd.to_string().into_bytes();
    assert_eq!(w.geweigerd(&w.politie, &veranderd).await.code(), ProblemCode::HandtekeningOngeldig);
}

/// After a leak: revoked first, so that nothing of what stands verifies any more, and then issued anew.
#[tokio::test]
async fn what_replaces_a_revoked_certificate_comes_with_the_installation() {
    let mut w = Wereld::new().await;
    w.hub.ankers_vervangen(w.pki.anchors(std::slice::from_ref(&w.vt.serial)));
    let oud = w.vt.gids.clone();
    let nieuw = w.pki.heruitgeven(&mut w.vt, 2, &w.beheerder);
    assert_eq!(w.hub.gids_vullen(vec![nieuw]).await.unwrap(), 1);
    w.aangenomen(&w.melding().0).await;
    w.hub.gids_vullen(vec![oud]).await.unwrap_err();
    w.aangenomen(&w.melding().0).await;
}

#[tokio::test]
async fn a_revoked_signer_is_heard_no_more() {
    let w = Wereld::new().await;
    w.hub.ankers_vervangen(w.pki.anchors(std::slice::from_ref(&w.politie.serial)));
    assert_eq!(w.code(&w.melding().0).await, ProblemCode::PartnerOnbekend);
    let fout = w.hub.postvak(w.politie.oin, std::time::Duration::ZERO).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::PartnerOnbekend);
    // Nor is anything sealed for a revoked recipient accepted.
    w.hub.ankers_vervangen(w.pki.anchors(std::slice::from_ref(&w.vt.serial)));
    assert_eq!(w.code(&w.melding().0).await, ProblemCode::OntvangerOnbekend);
    w.hub.ankers_vervangen(w.pki.anchors(&[]));
    w.aangenomen(&w.melding().0).await;
}

/// It asked while it was connected; what comes for it while it waits is no longer for it.
#[tokio::test]
async fn who_is_revoked_while_it_waits_gets_no_delivery() {
    let w = Wereld::new().await;
    let elders = w.hub_op_klok(w.clock.clone()).await;
    let (hub, oin) = (w.hub.clone(), w.vt.oin);
    let wacht = tokio::spawn(async move { hub.postvak(oin, std::time::Duration::from_secs(1)).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    w.hub.ankers_vervangen(w.pki.anchors(std::slice::from_ref(&w.vt.serial)));
    // By a process that has not read the new list yet.
    elders.aannemen(w.politie.oin, &w.melding().0.tekst()).await.unwrap();
    assert_eq!(wacht.await.unwrap().unwrap_err().code(), ProblemCode::PartnerOnbekend);
}

#[tokio::test]
async fn an_expired_revocation_list_stops_everyone() {
    let w = Wereld::new().await;
    w.hub.ankers_vervangen(w.pki.anchors_tot(&[], dagen(-1)));
    assert_eq!(w.code(&w.melding().0).await, ProblemCode::PartnerOnbekend);
    // And one that expires while the hub runs.
    w.hub.ankers_vervangen(w.pki.anchors_tot(&[], dagen(1)));
    w.aangenomen(&w.melding().0).await;
    w.clock.advance(time::Duration::days(2));
    assert_eq!(w.code(&w.melding().0).await, ProblemCode::PartnerOnbekend);
}

#[tokio::test]
async fn what_comes_with_the_installation_is_placed_once() {
    let mut w = Wereld::new().await;
    assert_eq!(w.hub.gids_vullen(vec![w.vt.gids.clone(), w.om.gids.clone()]).await.unwrap(), 0);
    let nieuw = w.vt.nieuwe_sleutel(&w.beheerder);
    assert_eq!(w.hub.gids_vullen(vec![nieuw, w.om.gids.clone()]).await.unwrap(), 1);
    assert_eq!(w.hub.partners().partners.len(), 6);
    assert_eq!(w.hub.partner(w.vt.oin).unwrap().kid, w.vt.sleutel.kid());
    let routering = w.hub.routering("0518".parse().unwrap());
    let vt = routering.rollen.iter().find(|r| r.rol == Partnertype::VeiligThuis).unwrap();
    assert_eq!(vt.partners, [w.vt.oin]);
}
