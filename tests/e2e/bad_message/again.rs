//! The same message again, another under its number, and a case of others.

use inbreng_domain::{Code, DeelId, ProblemCode, vocabulary::Doel};
use inbreng_harness::{Brief, Deelnemer, Stuk};

use super::Proef;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_again_and_something_else_under_the_same_number() {
    let p = Proef::new();
    let brief = p.brief();
    let bytes = brief.bytes();
    let eerste = p.afzender.sturen(bytes.clone()).await.met_status(202);
    let begin = p.hub.tellingen().await;
    for _ in 0..3 {
        assert_eq!(p.afzender.sturen(bytes.clone()).await.met_status(202).inhoud, eerste.inhoud, "the receipt, byte for byte");
    }
    // On a connection of its own too, and from the status.
    let ander = Deelnemer::new(&p.regio, &p.hub, "politie");
    assert_eq!(ander.sturen(bytes).await.met_status(202).inhoud, eerste.inhoud);
    let status = p.afzender.ophalen("berichten", &format!("/berichten/{}", brief.id)).await.met_status(200).json();
    assert_eq!(status["ontvangstbewijs"], eerste.json()["ontvangstbewijs"]);

    let bestaat = ProblemCode::BerichtBestaatAnders;
    // Sealed anew under the same numbers: other bytes.
    let opnieuw = p.afzender.sturen(brief.bytes()).await.met_status(409).probleem();
    assert_eq!((opnieuw.code, opnieuw.pad), (bestaat, None));
    let ander_onder_nummer = p.geschreven(|b| b.id = brief.id);
    assert_eq!(p.afzender.sturen(ander_onder_nummer).await.met_status(409).probleem().code, bestaat);
    // The number of a part counts once too.
    let deel = p.afzender.sturen(p.geschreven(|b| b.delen[1].id = brief.delen[0].id)).await.met_status(409).probleem();
    assert_eq!((deel.code, deel.pad.as_deref()), (bestaat, Some("/data/delen/1/labels/id")));
    // Two parts under one number within a message.
    let dubbel: DeelId = brief.delen[0].id;
    let twee = p.afzender.sturen(p.geschreven(|b| b.delen.iter_mut().for_each(|d| d.id = dubbel))).await.probleem();
    assert_eq!((twee.code, twee.pad.as_deref()), (ProblemCode::NietGelijk, Some("/data/delen/1/labels/id")));

    assert_eq!(p.hub.tellingen().await, begin);
    let vt = Deelnemer::new(&p.regio, &p.hub, "veilig-thuis");
    assert_eq!(vt.postvak().await.len(), 1, "delivered once");
    p.geen_persoon();
}

/// What the hub may not pass on under the name of whoever asks: an unknown case and a case of others are one answer (R16).
#[tokio::test(flavor = "multi_thread")]
async fn a_case_of_others_and_no_case_are_told_apart_by_nothing() {
    let p = Proef::new();
    let van_anderen = p.brief();
    assert_eq!(p.afzender.sturen(van_anderen.bytes()).await.status, 202);
    let om = Deelnemer::new(&p.regio, &p.hub, "om");
    let vraag = |casus| {
        let stuk = Stuk::incident(Doel::Strafzaak, "Er was ruzie.", &[&p.vt]);
        let mut brief = Brief::new(&p.regio, &p.om, "zorgadvies-verzoek").aan(&[&p.vt]).met(stuk);
        brief.variant = Some(Code::parse("zsm").unwrap());
        brief.casus = casus;
        brief
    };
    let bestaand = vraag(van_anderen.casus);
    let onbekend = vraag(p.brief().casus);
    let (een, twee) = (om.sturen(bestaand.bytes()).await, om.sturen(onbekend.bytes()).await);
    assert_eq!(een.status, twee.status);
    assert_eq!(een.tekst(), twee.tekst());
    assert_eq!(een.vaste_koppen(), twee.vaste_koppen());
}
