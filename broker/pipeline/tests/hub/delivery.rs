//! Deliveries: long poll, order, and what a recipient signs about them.

use std::time::Duration;

use inbreng_domain::{
    Code, LeveringId,
    antwoorden::Leveringstand,
    levering::Postvak,
    problem::ProblemCode,
    receipts::{Gelezen, Ontvangst, Weigering, Weigeringscode},
    vocabulary::Urgentie,
};
use inbreng_proof::{SystemRandomness, Typ, digest_of, jws};

use crate::wereld::{Wereld, nu, ontvangst};

#[tokio::test]
async fn who_waits_is_woken_by_a_message() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let (wakker, aangenomen) = tokio::join!(w.hub.postvak(w.vt.oin, Duration::from_secs(60)), async {
        tokio::task::yield_now().await;
        w.aangenomen(&melding).await
    });
    assert!(wakker.unwrap().contains(&melding.id.to_string()));
    assert_eq!(aangenomen.besluiten.len(), 1);
}

#[tokio::test]
async fn an_empty_mailbox_answers_when_the_wait_is_over() {
    let w = Wereld::new().await;
    let leeg = w.hub.postvak(w.vt.oin, Duration::from_millis(5)).await.unwrap();
    let leeg: Postvak = serde_json::from_str(&leeg).unwrap();
    assert!(leeg.leveringen.is_empty());
}

#[tokio::test]
async fn what_stays_open_does_not_hold_up_what_comes_after() {
    let w = Wereld::new().await;
    // More than one answer holds.
    let mut ids = Vec::new();
    for _ in 0..70 {
        let (melding, _) = w.melding();
        w.aangenomen(&melding).await;
        ids.push(melding.id);
    }
    let bladzij = async |wie: &crate::wereld::Organisatie, na: Option<&str>| -> Postvak {
        serde_json::from_str(&w.hub.postvak_na(wie.oin, na, Duration::from_millis(5)).await.unwrap()).unwrap()
    };
    let berichten = |p: &Postvak| p.leveringen.iter().map(|l| l.bericht.id).collect::<Vec<_>>();
    let eerste = bladzij(&w.vt, None).await;
    assert_eq!(berichten(&eerste), ids[..64]);
    let tweede = bladzij(&w.vt, Some(&eerste.verder)).await;
    assert_eq!(berichten(&tweede), ids[64..]);
    // Who waits behind the last is woken by the next, though seventy are open.
    let (nieuw, _) = w.melding();
    let (later, _) = tokio::join!(w.hub.postvak_na(w.vt.oin, Some(&tweede.verder), Duration::from_secs(60)), async {
        tokio::task::yield_now().await;
        w.aangenomen(&nieuw).await
    });
    let later: Postvak = serde_json::from_str(&later.unwrap()).unwrap();
    assert_eq!(berichten(&later), [nieuw.id]);
    // A place is of one recipient, is never given twice, and says nothing to another.
    assert_ne!(bladzij(&w.vt, None).await.verder, bladzij(&w.vt, None).await.verder);
    let (vreemd, geen) = (bladzij(&w.om, Some(&eerste.verder)).await, bladzij(&w.om, None).await);
    assert_eq!((berichten(&vreemd), vreemd.verder.len()), (berichten(&geen), geen.verder.len()));
    assert_eq!(berichten(&bladzij(&w.vt, Some("bestaat-niet")).await), ids[..64], "what is not ours is the beginning");
}

#[tokio::test]
async fn what_is_acute_comes_first() {
    let w = Wereld::new().await;
    let (gewoon, _) = w.melding();
    let (mut acuut, _) = w.melding();
    acuut.urgentie = Urgentie::Acuut;
    w.aangenomen(&gewoon).await;
    w.aangenomen(&acuut).await;
    let ids: Vec<_> = w.postvak(&w.vt).await.iter().map(|l| (l.bericht.id, l.baan)).collect();
    assert_eq!(ids, [(acuut.id, Urgentie::Acuut), (gewoon.id, Urgentie::Normaal)]);
}

#[tokio::test]
async fn a_receipt_ends_a_delivery_and_the_sender_sees_it() {
    let w = Wereld::new().await;
    let (_, melding) = w.zaak().await;
    let stand = async || w.hub.status(w.politie.oin, melding).await.unwrap().ontvangers[0].stand;
    assert_eq!(stand().await, Leveringstand::Onderweg);

    let levering = w.postvak(&w.vt).await.remove(0);
    let jws = ontvangst(&w.vt, &levering);
    w.hub.ontvangst(w.vt.oin, levering.id, &jws).await.unwrap();
    let bladen = w.store.hoofd().await.unwrap().0;
    w.hub.ontvangst(w.vt.oin, levering.id, &jws).await.unwrap();
    assert_eq!(w.store.hoofd().await.unwrap().0, bladen, "the same word again leaves no leaf");
    assert!(w.postvak(&w.vt).await.is_empty());
    assert_eq!(stand().await, Leveringstand::Ontvangen);
    assert_eq!(w.hub.status(w.politie.oin, melding).await.unwrap().ontvangers[0].ontvangst, Some(jws));

    let gelezen = Gelezen { levering: levering.id, functie: Code::parse("triagist").unwrap(), ontvanger: w.vt.oin, tijd: nu() };
    let jws = jws::sign(&w.vt.sleutel, Typ::Gelezen, &gelezen).unwrap();
    w.hub.gelezen(w.vt.oin, levering.id, &jws).await.unwrap();
    w.hub.gelezen(w.vt.oin, levering.id, &jws).await.unwrap();
    assert_eq!(stand().await, Leveringstand::Gelezen);
}

#[tokio::test]
async fn a_refused_delivery_says_why_and_stays_refused() {
    let w = Wereld::new().await;
    let (_, melding) = w.zaak().await;
    let levering = w.postvak(&w.vt).await.remove(0);
    let woord = Weigering {
        levering: levering.id,
        bericht: melding,
        // Not what the hub has: it is the recipient's word about what reached it.
        digest: Some(inbreng_proof::sha256(b"something else")),
        code: Weigeringscode::NietTeOpenen,
        ontvanger: w.vt.oin,
        tijd: nu(),
    };
    let jws = jws::sign(&w.vt.sleutel, Typ::Weigering, &woord).unwrap();
    w.hub.weigering(w.vt.oin, levering.id, &jws).await.unwrap();
    let status = w.hub.status(w.politie.oin, melding).await.unwrap();
    assert_eq!(status.ontvangers[0].stand, Leveringstand::Geweigerd);
    assert_eq!(status.ontvangers[0].weigering, Some(Weigeringscode::NietTeOpenen));
    let fout = w.hub.ontvangst(w.vt.oin, levering.id, &ontvangst(&w.vt, &levering)).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::LeveringAfgesloten);
}

#[tokio::test]
async fn a_word_counts_only_from_the_recipient_about_this_delivery() {
    let w = Wereld::new().await;
    w.zaak().await;
    let levering = w.postvak(&w.vt).await.remove(0);
    let goed = Ontvangst {
        levering: levering.id,
        bericht: levering.bericht.id,
        digest: digest_of(&levering.bericht.data.bericht).unwrap(),
        delen: levering.bericht.data.delen.iter().map(|d| d.labels.id).collect(),
        ontvanger: w.vt.oin,
        tijd: nu(),
    };
    let code = async |wie: &crate::wereld::Organisatie, id: LeveringId, jws: &str| {
        w.hub.ontvangst(wie.oin, id, jws).await.unwrap_err().code()
    };
    let getekend = |wie: &crate::wereld::Organisatie, woord: &Ontvangst| jws::sign(&wie.sleutel, Typ::Ontvangst, woord).unwrap();

    assert_eq!(code(&w.vt, levering.id, &getekend(&w.politie, &goed)).await, ProblemCode::HandtekeningOngeldig);
    let verkeerd_gebruik = jws::sign(&w.vt.sleutel, Typ::Gelezen, &goed).unwrap();
    assert_eq!(code(&w.vt, levering.id, &verkeerd_gebruik).await, ProblemCode::HandtekeningOngeldig);
    assert_eq!(code(&w.vt, levering.id, "geen jws").await, ProblemCode::HandtekeningOngeldig);
    let ander = LeveringId::mint(nu(), &SystemRandomness);
    assert_eq!(code(&w.vt, ander, &getekend(&w.vt, &goed)).await, ProblemCode::NietGelijk);
    let onbekend = Ontvangst { levering: ander, ..goed.clone() };
    assert_eq!(code(&w.vt, ander, &getekend(&w.vt, &onbekend)).await, ProblemCode::NietGevonden);
    let ander_bericht = Ontvangst { bericht: w.melding().0.id, ..goed.clone() };
    assert_eq!(code(&w.vt, levering.id, &getekend(&w.vt, &ander_bericht)).await, ProblemCode::NietGelijk);
    // Over another text, or over fewer parts than came: evidence for nobody.
    for vals in [Ontvangst { digest: w.beleid(), ..goed.clone() }, Ontvangst { delen: Vec::new(), ..goed.clone() }] {
        assert_eq!(code(&w.vt, levering.id, &getekend(&w.vt, &vals)).await, ProblemCode::NietGelijk);
    }
    // Another partner that names the same delivery, truthfully signed.
    let door_om = Ontvangst { ontvanger: w.om.oin, ..goed.clone() };
    assert_eq!(code(&w.om, levering.id, &getekend(&w.om, &door_om)).await, ProblemCode::NietGevonden);
    assert_eq!(w.postvak(&w.vt).await.len(), 1);
}

#[tokio::test]
async fn an_answer_shows_in_the_status_of_what_it_answers() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    let besluit = crate::wereld::Brief::new(&w, &w.vt, "triagebesluit")
        .in_casus(casus)
        .antwoord(melding)
        .zegt(serde_json::json!({"uitkomst": "directe-overdracht"}));
    w.aangenomen(&besluit).await;
    let status = w.hub.status(w.politie.oin, melding).await.unwrap();
    assert_eq!(status.ontvangers[0].stand, Leveringstand::Beantwoord);
    assert_eq!(status.ontvangers[0].antwoord, Some(besluit.id));
    // Without addressee an answer goes to who asked.
    assert_eq!(w.postvak(&w.politie).await[0].bericht.id, besluit.id);
}
