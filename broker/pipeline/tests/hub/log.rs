//! Evidence: signed heads, proofs, and the check of the whole log.

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Uitkomst,
    problem::ProblemCode,
    receipts::{Checkpoint, Ontvangstbewijs},
    vocabulary::{Categorie, Doel, Grondslag},
};
use inbreng_policy::{Beleid, Naspel, Vastlegging};
use inbreng_proof::{
    Typ,
    blad::blad_hash,
    canonical, canonical_string, digest_of, encoding, jws,
    merkle::{verify_consistency, verify_inclusion},
    ontvangstbewijs::opent_blad,
};
use serde_json::{Value, json};

use crate::wereld::{Brief, Stuk, Wereld};

fn hoofd(w: &Wereld, jws: &str) -> Checkpoint {
    jws::verify(jws, Typ::Checkpoint, w.hub_sleutel.verifying_key()).unwrap()
}

#[tokio::test]
async fn who_holds_a_receipt_can_prove_that_the_log_holds_it() {
    let w = Wereld::new().await;
    let antwoord = w.aangenomen(&w.melding().0).await;
    for _ in 0..5 {
        w.zaak().await;
    }
    let bewijs: Ontvangstbewijs =
        jws::verify(&antwoord.ontvangstbewijs, Typ::Ontvangstbewijs, w.hub_sleutel.verifying_key()).unwrap();
    assert!(opent_blad(&bewijs).unwrap());
    // The record follows from the receipt alone.
    let record = json!({
        "bericht": bewijs.bericht, "van": bewijs.van, "digest": bewijs.digest, "aangenomenOp": bewijs.aangenomen_op,
        "beleid": bewijs.beleid, "besluiten": digest_of(&bewijs.besluiten).unwrap(),
    });
    let zout = encoding::decode_array(&bewijs.blad.zout).unwrap();
    assert_eq!(blad_hash("bericht", bewijs.aangenomen_op, &zout, &canonical(&record).unwrap()), bewijs.blad.hash);

    let checkpoint = hoofd(&w, &w.hub.checkpoint().await.unwrap().checkpoint);
    let insluiting = w.hub.insluitingsbewijs(bewijs.blad.hash, Some(checkpoint.omvang)).await.unwrap();
    verify_inclusion(&bewijs.blad.hash, insluiting.index, insluiting.omvang, &insluiting.pad, &checkpoint.wortel).unwrap();
    assert_eq!(w.hub.insluitingsbewijs(bewijs.blad.hash, None).await.unwrap(), insluiting);
    let fout = w.hub.insluitingsbewijs(w.beleid(), None).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::NietGevonden);
}

#[tokio::test]
async fn heads_follow_on_each_other_and_are_signed_once_per_size() {
    let w = Wereld::new().await;
    let eerste = w.hub.checkpoint().await.unwrap();
    assert_eq!(w.hub.checkpoint().await.unwrap(), eerste);
    w.zaak().await;
    let tweede = w.hub.checkpoint().await.unwrap();
    let (een, twee) = (hoofd(&w, &eerste.checkpoint), hoofd(&w, &tweede.checkpoint));
    assert!(twee.omvang > een.omvang);
    assert_eq!((een.soort_vanaf, twee.soort_vanaf), (Some(0), Some(0)));
    let samenhang = w.hub.samenhangbewijs(een.omvang, twee.omvang).await.unwrap();
    verify_consistency(een.omvang, &een.wortel, twee.omvang, &twee.wortel, &samenhang.pad).unwrap();
    let fout = w.hub.samenhangbewijs(een.omvang, twee.omvang + 1).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::NietGevonden);
}

#[tokio::test]
async fn the_whole_log_follows_from_its_records() {
    let w = Wereld::new().await;
    w.zaak().await;
    w.ontvangt(&w.vt).await;
    let controle = w.hub.controleer_logboek().await.unwrap();
    let (omvang, wortel) = w.store.hoofd().await.unwrap();
    assert!(controle.klopt, "{controle:?}");
    assert_eq!((controle.bladen, controle.wortel), (omvang, wortel));
    assert_eq!(omvang, w.hub.tellingen().await.unwrap().bladen);
}

/// Replayable (R41): record, request, names and version are enough to take a decision again, byte for byte.
#[tokio::test]
async fn every_decision_can_be_taken_again_byte_for_byte() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let geweigerd = Brief::new(&w, &w.ggz, "informatie-antwoord")
        .in_casus(casus)
        .antwoord(vraag)
        .zegt(json!({"antwoord": "gedeeld"}))
        .met(Stuk::new(Categorie::Medisch, Doel::Beoordelen, Grondslag::Convenant, &[&w.vt]));
    w.geweigerd(&w.ggz, &geweigerd.tekst()).await;

    let bundel: Value = jws::verify(&w.bundels[0], Typ::Beleid, w.beheerder.verifying_key()).unwrap();
    let catalogus = Catalogus::ingebouwd().unwrap();
    let beleid = Beleid::laden(serde_json::from_value(bundel).unwrap(), w.beleid(), &catalogus).unwrap();
    let besluiten = w.store.besluiten(0, 1000).await.unwrap();
    assert!(besluiten.iter().any(|b| b.uitkomst == Uitkomst::Weigeren) && besluiten.iter().any(|b| b.uitkomst.levert()));
    for besluit in besluiten {
        let toen: Vastlegging<'_> = serde_json::from_str(&besluit.record).unwrap();
        assert_eq!(beleid.naspelen(&toen), Naspel::Gelijk);
        assert_eq!(canonical_string(&toen).unwrap(), besluit.record);
    }
}

#[tokio::test]
async fn no_record_of_the_log_holds_persons_cases_or_sealed_text() {
    let w = Wereld::new().await;
    let (melding, casus) = w.melding();
    let envelop = melding.envelop();
    w.hub.aannemen(w.politie.oin, &serde_json::to_vec(&envelop).unwrap()).await.unwrap();
    w.ontvangt(&w.vt).await;
    let deel = &envelop.data.delen[0];
    for blad in w.store.bladen(0, 1000).await.unwrap() {
        for geheim in [&deel.labels.betrokkenen[0].persoon.to_string(), &casus.to_string(), &deel.inhoud.ciphertext] {
            assert!(!blad.record.contains(geheim.as_str()), "{}: {}", blad.soort, blad.record);
        }
    }
}

#[tokio::test]
async fn a_client_assertion_counts_once() {
    let w = Wereld::new().await;
    let verloopt = crate::wereld::over_minuten(1);
    assert!(w.hub.jti_gebruiken(w.vt.oin, "een", verloopt).await.unwrap());
    assert!(!w.hub.jti_gebruiken(w.vt.oin, "een", verloopt).await.unwrap());
    assert!(w.hub.jti_gebruiken(w.om.oin, "een", verloopt).await.unwrap());
}
