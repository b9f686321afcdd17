//! Accepting: the receipt, idempotence, what a recipient then finds.

use std::time::Duration;

use inbreng_domain::{
    Envelope,
    levering::Postvak,
    limits::Limits,
    problem::ProblemCode,
    receipts::{Ontvangerstand, Ontvangstbewijs},
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze},
};
use inbreng_pipeline::Hub;
use inbreng_proof::{Typ, bericht::verify_bericht, deel::verify_deel, jws};
use serde_json::Value;

use crate::wereld::{
    Brief, Stuk, Wereld,
    brief::{naar, ondertekenen_kop},
};

#[tokio::test]
async fn a_report_is_accepted_and_waits_for_its_recipient() {
    let w = Wereld::new().await;
    let (melding, casus) = w.melding();
    let antwoord = w.aangenomen(&melding).await;

    let bewijs: Ontvangstbewijs =
        jws::verify(&antwoord.ontvangstbewijs, Typ::Ontvangstbewijs, w.hub_sleutel.verifying_key()).unwrap();
    assert_eq!((bewijs.bericht, bewijs.van, bewijs.beleid), (melding.id, w.politie.oin, w.beleid()));
    assert_eq!(bewijs.besluiten, antwoord.besluiten);
    assert_eq!(antwoord.besluiten.len(), 1);
    assert!(matches!(antwoord.besluiten[0].stand, Ontvangerstand::Toegestaan | Ontvangerstand::ToegestaanMetPlicht));

    let leveringen = w.postvak(&w.vt).await;
    let [levering] = leveringen.as_slice() else { panic!("{leveringen:?}") };
    assert_eq!((levering.bericht.id, levering.bericht.subject), (melding.id, Some(casus)));
    let data = &levering.bericht.data;
    verify_bericht(&serde_json::to_value(&data.bericht).unwrap(), w.politie.sleutel.verifying_key()).unwrap();
    let deel = &data.delen[0];
    verify_deel(deel, w.politie.sleutel.verifying_key()).unwrap();
    assert_eq!(deel.inhoud.recipients.len(), 1);
    assert_eq!(deel.inhoud.recipients[0].header.kid, w.vt.kid());
    assert_eq!(deel.toegang.iter().map(|t| t.oin).collect::<Vec<_>>(), [w.vt.oin]);
    assert!(w.postvak(&w.om).await.is_empty());
    assert!(w.postvak(&w.politie).await.is_empty());
}

#[tokio::test]
async fn nothing_of_the_kop_reaches_a_recipient() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    let tekst = w.postvaktekst(&w.vt).await;
    let opening = melding.opening.unwrap().to_string();
    for geheim in ["\"kop\"", "geadresseerden", "\"opening\"", &opening, &w.politie.kid()] {
        assert!(!tekst.contains(geheim), "{geheim}");
    }
}

#[tokio::test]
async fn the_same_message_gives_the_same_receipt_and_one_delivery() {
    let w = Wereld::new().await;
    let tekst = w.melding().0.tekst();
    let eerste = w.hub.aannemen(w.politie.oin, &tekst).await.unwrap();
    w.clock.advance(time::Duration::minutes(3));
    assert_eq!(w.hub.aannemen(w.politie.oin, &tekst).await.unwrap(), eerste);
    // The same value in another spelling is the same message.
    let anders = serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(&tekst).unwrap()).unwrap();
    assert_eq!(w.hub.aannemen(w.politie.oin, &anders).await.unwrap(), eerste);
    assert_eq!(w.postvak(&w.vt).await.len(), 1);
    assert_eq!(w.hub.tellingen().await.unwrap().berichten, 1);
}

#[tokio::test]
async fn the_same_message_at_the_same_time_is_accepted_once() {
    let w = Wereld::new().await;
    let tekst = w.melding().0.tekst();
    let alle = futures_util::future::join_all((0..8).map(|_| w.hub.aannemen(w.politie.oin, &tekst))).await;
    let eerste = alle[0].as_ref().unwrap();
    assert!(alle.iter().all(|a| a.as_ref().unwrap() == eerste));
    assert_eq!(w.postvak(&w.vt).await.len(), 1);
}

#[tokio::test]
async fn what_was_accepted_keeps_its_receipt_whatever_would_refuse_it_now() {
    let w = Wereld::new().await;
    let (melding, casus) = w.melding();
    let tekst = melding.tekst();
    let eerste = w.hub.aannemen(w.politie.oin, &tekst).await.unwrap();
    // Smaller limits, and an answer in the case meanwhile: the facts have moved, and the message is too large.
    w.vraag(casus, &w.ggz).await;
    assert_eq!(w.hub.aannemen(w.politie.oin, &tekst).await.unwrap(), eerste);
    let klein = w.hub_op(w.store.clone(), Limits { header_bytes: 1, ..Limits::default() }).await;
    assert_eq!(klein.aannemen(w.politie.oin, &tekst).await.unwrap(), eerste);
    // Another message under the same number is told so, and not what else is wrong with it.
    let mut ander = w.melding().0;
    ander.id = melding.id;
    assert_eq!(klein.aannemen(w.politie.oin, &ander.tekst()).await.unwrap_err().code(), ProblemCode::BerichtBestaatAnders);
    assert_eq!(w.hub.tellingen().await.unwrap().berichten, 2);
}

#[tokio::test]
async fn another_sender_may_use_the_same_number() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    let (mut ander, _) = Brief::new(&w, &w.ggz, "zorgmelding")
        .aan(&[&w.vt])
        .met(Stuk::new(Categorie::Hulp, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]))
        .opent();
    ander.id = melding.id;
    w.aangenomen(&ander).await;
    assert_eq!(w.postvak(&w.vt).await.len(), 2);
}

#[tokio::test]
async fn without_addressee_the_covenant_chooses() {
    let w = Wereld::new().await;
    let (mut melding, _) = w.melding();
    melding.geadresseerden.clear();
    w.aangenomen(&melding).await;
    let (mut op_rol, _) = w.melding();
    op_rol.geadresseerden = vec![serde_json::from_str(r#"{"rol":"veilig-thuis"}"#).unwrap()];
    w.aangenomen(&op_rol).await;
    assert_eq!(w.postvak(&w.vt).await.len(), 2);
}

#[tokio::test]
async fn a_view_only_part_comes_without_its_key() {
    let w = Wereld::new().await;
    let (mut melding, _) = w.melding();
    melding.delen[0].voor[0].1 = Toegangswijze::Inzage;
    w.aangenomen(&melding).await;
    let leveringen = w.postvak(&w.vt).await;
    let deel = &leveringen[0].bericht.data.delen[0];
    assert!(deel.inhoud.recipients.is_empty() && deel.toegang.is_empty());
    assert!(!w.postvaktekst(&w.vt).await.contains(&w.vt.kid()));
}

/// A huisverbod goes to several; each has parts of its own.
fn huisverbod(w: &Wereld, met_verborgen_deel: bool) -> Brief {
    let voor = |wie| Stuk::new(Categorie::Bestuur, Doel::Huisverbod, Grondslag::WettelijkeTaak, &[wie]);
    let mut brief = Brief::new(w, &w.politie, "huisverbod-opgelegd")
        .zegt(serde_json::json!({"opgelegdOp": "2026-11-22T00:30:00.000Z", "eindigtOp": "2026-12-02T00:30:00.000Z"}))
        .opent()
        .0;
    brief.delen = vec![voor(&w.vt), voor(&w.om), voor(&w.om)];
    brief.geadresseerden = vec![naar(w.vt.oin), naar(w.om.oin)];
    if !met_verborgen_deel {
        brief.delen.truncate(1);
        brief.geadresseerden.truncate(1);
    }
    brief
}

#[tokio::test]
async fn two_recipients_get_their_own_parts_and_neither_sees_that_there_was_more() {
    let w = Wereld::new().await;
    let brief = huisverbod(&w, true);
    w.aangenomen(&brief).await;
    let (bij_vt, bij_om) = (w.postvak(&w.vt).await, w.postvak(&w.om).await);
    assert_eq!(bij_vt[0].bericht.data.delen.len(), 1);
    assert_eq!(bij_om[0].bericht.data.delen.len(), 2);
    assert_eq!(bij_vt[0].besluiten.len(), 1);
    let tekst = w.postvaktekst(&w.vt).await;
    for ander in [w.om.oin.to_string(), w.om.kid(), brief.delen[1].id.to_string(), brief.delen[2].id.to_string()] {
        assert!(!tekst.contains(&ander), "{ander}");
    }
}

#[tokio::test]
async fn the_bytes_of_a_recipient_do_not_depend_on_what_it_does_not_get() {
    let w = Wereld::new().await;
    // Two hubs over two stores that share everything else, and the very same `bericht` and part towards Veilig Thuis: once
    // with parts for another beside it, once without.
    let tweede = w.tweede_hub().await;
    let alles = huisverbod(&w, true).envelop();
    let mut alleen = alles.clone();
    alleen.data.delen.truncate(1);
    alleen.data.kop.geadresseerden.truncate(1);
    ondertekenen_kop(&mut alleen, &w.politie.sleutel);

    let bytes = async |hub: &Hub, envelop: &Envelope| {
        hub.aannemen(w.politie.oin, &serde_json::to_vec(envelop).unwrap()).await.unwrap();
        let tekst = hub.postvak(w.vt.oin, Duration::ZERO).await.unwrap();
        let postvak: Postvak = serde_json::from_str(&tekst).unwrap();
        // The hub's own number of the delivery is random, and so is the place behind it; both are always equally long.
        tekst.replace(&postvak.leveringen[0].id.to_string(), "").replace(&postvak.verder, &"-".repeat(postvak.verder.len()))
    };
    assert_eq!(bytes(&w.hub, &alles).await, bytes(&tweede, &alleen).await);
}
