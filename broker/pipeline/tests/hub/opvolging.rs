//! Attack test 6 at the hub: a new encryption key is proven by the one before it or confirmed; a frozen one is sealed for by nobody.

use inbreng_domain::{
    Deel,
    antwoorden::Inzageantwoord,
    gids::{Bevriezing, Gidsvermelding, Sleutelaanleiding, Sleutelverklaring, Vermelding},
    limits::Limits,
    problem::ProblemCode,
    vocabulary::{Doel, Partnertype, Toegangswijze},
};
use inbreng_pipeline::{Fout, herstel::merken};
use inbreng_proof::{
    SystemRandomness,
    gids::{medeonderteken, opvolgen, sign_bevriezing, sign_sleutel, sign_vermelding, verklaring_digest},
};

use crate::{
    reading::{inzagedeel, verzoek},
    terugval::wrap_als,
    wereld::{Organisatie, Wereld, dagen, nu},
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

/// Everyone keeps a freeze for ever: who signs the same over and over adds nothing, to the directory and to the log.
#[tokio::test]
async fn attack_6_who_freezes_the_same_over_and_over_adds_nothing() {
    let mut w = Wereld::new().await;
    w.vt.bewezen_sleutel();
    w.vt.bewezen_sleutel();
    plaatsen(&w, &w.vt).await.unwrap();
    // A freeze of the key of statement 2, with what stands up to statement `tot`.
    let eigen = |tot: usize, ms: i64| {
        let tijd = nu().plus(time::Duration::milliseconds(-ms));
        Bevriezing { tijd, ..w.vt.bevriezing(1, 3 - tot) }
    };
    let getekend = |b: &Bevriezing| sign_bevriezing(&w.vt.sleutel, b).unwrap();
    let van_beheerder = |ms| {
        let bevriezing = Bevriezing { certificaten: Vec::new(), ..eigen(3, ms) };
        sign_bevriezing(&w.beheerder, &bevriezing).unwrap()
    };
    let aantal = async || {
        let getoond = w.hub.partners().partners.into_iter().find(|p| p.oin == w.vt.oin).unwrap();
        let bladen = soorten(&w).await.iter().filter(|s| *s == "bevriezing").count();
        assert_eq!(getoond.gids.bevriezingen.len(), bladen);
        bladen
    };
    for ms in 0..5 {
        bevriezen(&w, &w.vt, &getekend(&eigen(3, ms))).await.unwrap();
        assert_eq!(aantal().await, 1);
    }
    // The word of the covenant manager stands beside that of the organisation: each outlasts the other's certificate.
    for ms in 0..5 {
        bevriezen(&w, &w.om, &van_beheerder(ms)).await.unwrap();
        assert_eq!(aantal().await, 2);
    }
    w.aangenomen(&w.melding().0).await;
    // One that takes more away counts: what stands is 2, and 3 came after it. Then there is nothing more to take.
    for (ms, tot) in [(0, 2), (1, 2), (2, 1), (3, 3)] {
        bevriezen(&w, &w.vt, &getekend(&eigen(tot, ms))).await.unwrap();
        assert_eq!(aantal().await, 3, "up to {tot}");
        assert_eq!(w.code(&w.melding().0).await, ProblemCode::SleutelBevroren);
    }
    // Nor does one bring along more than it needs.
    let keten = w.vt.bevriezing(0, 0).certificaten;
    let lang = Bevriezing { certificaten: keten.iter().cycle().take(5).cloned().collect(), ..w.vt.bevriezing(0, 0) };
    let groot = Bevriezing { certificaten: keten.iter().cloned().chain(["A".repeat(24 * 1024)]).collect(), ..lang.clone() };
    for vals in [lang, groot] {
        assert_eq!(bevriezen(&w, &w.vt, &getekend(&vals)).await.unwrap_err().code(), ProblemCode::HandtekeningOngeldig);
    }
    assert_eq!(aantal().await, 3);
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

/// A part of the police that Veilig Thuis may only view, as it was sent and received.
async fn alleen_inzage(w: &Wereld) -> Deel {
    let (mut melding, _) = w.melding();
    melding.delen[0].voor[0].1 = Toegangswijze::Inzage;
    let envelop = melding.envelop();
    w.hub.aannemen(w.politie.oin, &serde_json::to_vec(&envelop).unwrap()).await.unwrap();
    w.ontvangt(&w.vt).await;
    envelop.data.delen[0].clone()
}

/// Its owner wraps it for the present key.
async fn geven(w: &Wereld, deel: &Deel, wijze: Toegangswijze) {
    let wrap = wrap_als(&w.politie, deel, &w.vt, Doel::Beoordelen, wijze);
    let mut met_deel: serde_json::Value = serde_json::from_slice(&wrap).unwrap();
    met_deel["deel"] = serde_json::to_value(deel).unwrap();
    w.hub.toegang_geven(w.politie.oin, deel.labels.id, met_deel.to_string().as_bytes()).await.unwrap();
}

async fn lezen(w: &Wereld, deel: &Deel) -> Result<Inzageantwoord, Fout> {
    w.hub.inzage(w.vt.oin, deel.labels.id, &verzoek(&w.vt, deel.labels.id, Doel::Beoordelen)).await
}

/// A thief of all of an organisation's keys placed a successor, and others sealed for it what may only be viewed. The freeze takes that
/// away too, and the owner wraps it for who it was meant for.
#[tokio::test]
async fn attack_6_what_was_sealed_for_the_successor_of_a_thief_is_read_by_nobody_and_wrapped_again() {
    let mut w = Wereld::new().await;
    w.vt.bewezen_sleutel();
    plaatsen(&w, &w.vt).await.unwrap();
    let deel = alleen_inzage(&w).await;
    assert_eq!(lezen(&w, &deel).await.unwrap().wrap.header.kid, w.vt.kid(), "nobody could know yet");
    let jws = w.vt.bevroren(1, 1);
    bevriezen(&w, &w.vt, &jws).await.unwrap();
    assert_eq!(lezen(&w, &deel).await.unwrap_err().code(), ProblemCode::SleutelBevroren);
    w.vt.bevestigde_sleutel(&w.beheerder, Sleutelaanleiding::Bevroren);
    plaatsen(&w, &w.vt).await.unwrap();
    assert_eq!(lezen(&w, &deel).await.unwrap_err().code(), ProblemCode::SleutelBevroren);
    geven(&w, &deel, Toegangswijze::Inzage).await;
    assert_eq!(lezen(&w, &deel).await.unwrap().wrap.header.kid, w.vt.kid());
}

/// A row that no longer shows the successor of a thief, under a new certificate or behind a confirmed key, makes it no key like any that was
/// retired: it is frozen by its own name first. So nobody reads under it, and its owner wraps anew.
#[tokio::test]
async fn attack_6_a_new_row_does_not_forget_the_successor_of_a_thief() {
    for certificaat in [true, false] {
        let mut w = Wereld::new().await;
        w.vt.bewezen_sleutel();
        plaatsen(&w, &w.vt).await.unwrap();
        let deel = alleen_inzage(&w).await;
        let [jws, bij_naam] = [w.vt.bevroren(1, 1), w.vt.bevroren(0, 0)];
        bevriezen(&w, &w.vt, &jws).await.unwrap();
        let nieuw = if certificaat {
            w.pki.heruitgeven(&mut w.vt, 2, &w.beheerder)
        } else {
            w.vt.bevestigde_sleutel(&w.beheerder, Sleutelaanleiding::Bevroren);
            plaatsen(&w, &w.vt).await.unwrap();
            let mut nieuw = w.vt.bewezen_sleutel();
            nieuw.sleutels.truncate(2);
            nieuw
        };
        let plaatsen = async || match certificaat {
            true => w.hub.gids_plaatsen(w.vt.oin, nieuw.clone()).await,
            false => w.hub.sleutels_plaatsen(w.vt.oin, nieuw.sleutels.clone()).await,
        };
        let bladen = w.store.hoofd().await.unwrap().0;
        let fout = plaatsen().await.unwrap_err();
        assert_eq!((fout.code(), fout.pad()), (ProblemCode::SleutelBevroren, Some("/sleutels")));
        assert_eq!(w.store.hoofd().await.unwrap().0, bladen, "nothing was stored");
        bevriezen(&w, &w.vt, &bij_naam).await.unwrap();
        plaatsen().await.unwrap();
        assert_eq!(lezen(&w, &deel).await.unwrap_err().code(), ProblemCode::SleutelBevroren, "{certificaat}");
        geven(&w, &deel, Toegangswijze::Inzage).await;
        assert_eq!(lezen(&w, &deel).await.unwrap().wrap.header.kid, w.vt.kid());
    }
}

/// After a leak the certificate is revoked first, and what comes in its place comes with the installation: with the freeze.
#[tokio::test]
async fn attack_6_nor_does_what_comes_with_the_installation() {
    let mut w = Wereld::new().await;
    w.vt.bewezen_sleutel();
    plaatsen(&w, &w.vt).await.unwrap();
    let [jws, bij_naam] = [w.vt.bevroren(1, 1), w.vt.bevroren(0, 0)];
    bevriezen(&w, &w.vt, &jws).await.unwrap();
    w.hub.ankers_vervangen(w.pki.anchors(std::slice::from_ref(&w.vt.serial)));
    let mut nieuw = w.pki.heruitgeven(&mut w.vt, 2, &w.beheerder);
    assert_eq!(w.hub.gids_vullen(vec![nieuw.clone()]).await.unwrap_err().code(), ProblemCode::SleutelBevroren);
    nieuw.bevriezingen = vec![bij_naam];
    assert_eq!(w.hub.gids_vullen(vec![nieuw]).await.unwrap(), 1);
    w.aangenomen(&w.melding().0).await;
}

/// Nobody shows that it has the private key of what it publishes: a partner that publishes the key of another, proven by its own, is refused.
#[tokio::test]
async fn attack_6_a_key_of_another_is_not_placed_under_a_second_name() {
    let mut w = Wereld::new().await;
    w.vt.bewezen_sleutel();
    plaatsen(&w, &w.vt).await.unwrap();
    let bladen = w.store.hoofd().await.unwrap().0;
    // The present one and the one before it.
    for welke in [0, 1] {
        let mut sleutels = w.om.gids.sleutels.clone();
        let vorige = sleutels[0].verklaring.clone();
        let verklaring = Sleutelverklaring {
            oin: w.om.oin,
            volgnummer: 2,
            vorige: Some(verklaring_digest(&vorige)),
            ..w.vt.sleutelverklaringen[welke].clone()
        };
        let jws = sign_sleutel(&w.om.sleutel, &verklaring).unwrap();
        sleutels.insert(0, opvolgen(&w.om.zegels[0], &vorige, jws).unwrap());
        let fout = w.hub.sleutels_plaatsen(w.om.oin, sleutels).await.unwrap_err();
        assert_eq!((fout.code(), fout.pad()), (ProblemCode::NietGelijk, Some("/sleutels")));
    }
    assert_eq!(w.store.hoofd().await.unwrap().0, bladen, "nothing was stored");
    w.om.bewezen_sleutel();
    plaatsen(&w, &w.om).await.unwrap();
}

/// The same while the other's entry does not verify: it has expired, or its certificate was revoked. It comes back with the key that it has.
#[tokio::test]
async fn attack_6_a_key_of_one_that_lapsed_is_not_placed_under_a_second_name() {
    let w = Wereld::new().await;
    let vermelding = |volgnummer, tot| {
        let vermelding = Vermelding { geldig_tot: tot, ..w.vt.vermelding(volgnummer) };
        medeonderteken(&w.beheerder, sign_vermelding(&w.vt.sleutel, &vermelding).unwrap(), nu()).unwrap()
    };
    w.hub.vermelding_plaatsen(w.vt.oin, vermelding(2, dagen(1))).await.unwrap();
    let mut sleutels = w.om.gids.sleutels.clone();
    let vorige = sleutels[0].verklaring.clone();
    let verklaring = Sleutelverklaring {
        oin: w.om.oin,
        volgnummer: 2,
        vorige: Some(verklaring_digest(&vorige)),
        ..w.vt.sleutelverklaringen[0].clone()
    };
    let jws = sign_sleutel(&w.om.sleutel, &verklaring).unwrap();
    sleutels.insert(0, opvolgen(&w.om.zegels[0], &vorige, jws).unwrap());
    let bladen = w.store.hoofd().await.unwrap().0;
    let proberen = async || {
        let fout = w.hub.sleutels_plaatsen(w.om.oin, sleutels.clone()).await.unwrap_err();
        assert_eq!((fout.code(), fout.pad()), (ProblemCode::NietGelijk, Some("/sleutels")));
        // With its entry, as who comes in brings both, too.
        let eigen = medeonderteken(&w.beheerder, sign_vermelding(&w.om.sleutel, &w.om.vermelding(2)).unwrap(), nu()).unwrap();
        let gids = Gidsvermelding { vermelding: eigen, sleutels: sleutels.clone(), bevriezingen: Vec::new() };
        let fout = w.hub.gids_plaatsen(w.om.oin, gids.clone()).await.unwrap_err();
        assert_eq!((fout.code(), fout.pad()), (ProblemCode::NietGelijk, Some("/sleutels")));
        assert_eq!(w.hub.gids_vullen(vec![gids]).await.unwrap_err().code(), ProblemCode::NietGelijk);
    };
    proberen().await;
    w.hub.ankers_vervangen(w.pki.anchors(std::slice::from_ref(&w.vt.serial)));
    assert_eq!(w.code(&w.melding().0).await, ProblemCode::OntvangerOnbekend, "revoked");
    proberen().await;
    w.hub.ankers_vervangen(w.pki.anchors(&[]));
    w.clock.advance(time::Duration::days(2));
    assert_eq!(w.code(&w.melding().0).await, ProblemCode::OntvangerOnbekend, "expired");
    proberen().await;
    assert_eq!(w.store.hoofd().await.unwrap().0, bladen, "nothing was stored");
    w.hub.vermelding_plaatsen(w.vt.oin, vermelding(3, dagen(300))).await.unwrap();
    w.aangenomen(&w.melding().0).await;
}

/// What may only be viewed lies under the frozen key. Its owner wraps it for the next; a wrap under a good key stays what it is.
#[tokio::test]
async fn the_owner_wraps_a_view_only_part_again_for_the_next_key() {
    let mut w = Wereld::new().await;
    let deel = alleen_inzage(&w).await;
    let geven = async |w: &Wereld, wijze| geven(w, &deel, wijze).await;
    let lezen = async |w: &Wereld| lezen(w, &deel).await;
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

/// A hub that was put back and knows the freeze again: what was written before it goes to its recipient, as what lay here then did.
#[tokio::test]
async fn what_was_written_before_a_freeze_comes_again_after_it() {
    let w = Wereld::new().await;
    let tekst = w.melding().0.tekst();
    for (naam, seconden, komt) in [("erna", 1, true), ("ervoor", -1, false)] {
        let store = w.lege_opslag(naam).await;
        merken(store.as_ref(), w.clock.as_ref(), &SystemRandomness).await.unwrap();
        let terug = w.hub_op(store.clone(), Limits::default()).await;
        let tijd = nu().plus(time::Duration::seconds(seconden));
        let bevriezing = Bevriezing { tijd, ..w.vt.bevriezing(0, 0) };
        let jws = sign_bevriezing(&w.vt.sleutel, &bevriezing).unwrap();
        terug.sleutel_bevriezen(w.vt.oin, w.vt.oin, jws).await.unwrap();
        let uit = terug.aannemen(w.politie.oin, &tekst).await;
        assert_eq!(uit.map_err(|fout| fout.code()).err(), (!komt).then_some(ProblemCode::SleutelBevroren), "{naam}");
    }
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
