//! The Authorization Decision Log: every decision once, whatever the door; in the standard's form; enough to decide again.

use std::collections::BTreeSet;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Uitkomst,
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Grondslag},
};
use inbreng_pipeline::{
    Spoor,
    adl::{Beslissingenlog, Gebeurtenis, Logregel, Status, verzoek as uit_vraag},
};
use inbreng_policy::{Beleid, Bundel, Namen};
use inbreng_proof::jws::unverified_payload;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    authzen::vraag,
    check::verzoek,
    reading::{self, inzagedeel},
    wereld::{Brief, Stuk, Wereld, over_minuten},
};

async fn alles(w: &Wereld) -> Vec<Logregel> {
    let mut log = Beslissingenlog::lezen(w.store.as_ref(), None, None, None);
    let mut regels = Vec::new();
    while let Some(bladzijde) = log.bladzijde().await.unwrap() {
        regels.extend(bladzijde);
    }
    regels
}

/// Every decision of a record: what was asked, what was answered.
fn besluiten(regel: &Logregel) -> Vec<(Value, Value)> {
    let vraag = regel.body.vraag.clone().unwrap_or_default();
    match regel.event_name {
        Gebeurtenis::Evaluatie => vec![(vraag, regel.body.antwoord.clone())],
        Gebeurtenis::Evaluaties => {
            let lijst = |waarde: &Value| waarde["evaluations"].as_array().unwrap().clone();
            let (vragen, antwoorden) = (lijst(&vraag), lijst(&regel.body.antwoord));
            assert_eq!(vragen.len(), antwoorden.len());
            vragen.into_iter().zip(antwoorden).collect()
        }
    }
}

/// Goes through every door, and says per door how many records and how many decisions that makes.
async fn alle_deuren(w: &Wereld) -> Vec<(&'static str, usize, usize)> {
    let mut verwacht = Vec::new();
    let (_, deel) = inzagedeel(w).await;
    verwacht.push(("a message", 1, 1));
    let (casus, _) = w.zaak().await;
    verwacht.push(("another", 1, 1));
    let gesteld = w.vraag(casus, &w.ggz).await;
    verwacht.push(("a question", 1, 1));

    let medisch = Brief::new(w, &w.ggz, "informatie-antwoord")
        .in_casus(casus)
        .antwoord(gesteld)
        .zegt(json!({"antwoord": "gedeeld"}))
        .met(Stuk::new(Categorie::Medisch, Doel::Beoordelen, Grondslag::Convenant, &[&w.vt]));
    assert_eq!(w.code(&medisch).await, ProblemCode::NietToegestaan);
    verwacht.push(("a refused message", 1, 1));

    let vreemd = Brief::new(w, &w.wijkteam, "veiligheidssignaal").in_casus(casus).aan(&[&w.vt]).met(Stuk::new(
        Categorie::Risico,
        Doel::Beoordelen,
        Grondslag::WettelijkeTaak,
        &[&w.vt],
    ));
    assert_eq!(w.code(&vreemd).await, ProblemCode::NietToegestaan);
    verwacht.push(("an outsider's message", 1, 1));
    assert!(w.hub.toetsen(w.wijkteam.oin, &verzoek(&vreemd)).await.is_err());
    verwacht.push(("an outsider's check", 1, 1));

    // Twice the same: nothing is cached that would have no record of its own.
    for _ in 0..2 {
        w.hub.toetsen(w.ggz.oin, &verzoek(&medisch)).await.unwrap();
        verwacht.push(("a check", 1, 1));
    }
    let mut huisverbod = Brief::new(w, &w.politie, "huisverbod-opgelegd")
        .zegt(json!({"opgelegdOp": "2026-11-22T00:30:00.000Z", "eindigtOp": "2026-12-02T00:30:00.000Z"}))
        .aan(&[&w.vt, &w.om])
        .opent()
        .0;
    let stuk = |voor: &[_]| Stuk::new(Categorie::Bestuur, Doel::Huisverbod, Grondslag::WettelijkeTaak, voor);
    huisverbod.delen = vec![stuk(&[&w.vt]), stuk(&[&w.vt, &w.om])];
    w.hub.toetsen(w.politie.oin, &verzoek(&huisverbod)).await.unwrap();
    verwacht.push(("a check of two parts", 1, 3));
    let tekst = huisverbod.tekst();
    let antwoord = w.hub.aannemen(w.politie.oin, &tekst).await.unwrap();
    verwacht.push(("a message of two parts", 3, 3));
    // The same message again is answered, and decided on no more.
    assert_eq!(w.hub.aannemen(w.politie.oin, &tekst).await.unwrap(), antwoord);

    w.hub.inzage(w.vt.oin, deel, &reading::verzoek(&w.vt, deel, Doel::Beoordelen)).await.unwrap();
    verwacht.push(("a reading", 1, 1));
    assert!(w.hub.inzage(w.vt.oin, deel, &reading::verzoek(&w.vt, deel, Doel::Verantwoording)).await.is_err());
    verwacht.push(("a refused reading", 1, 1));

    let (melding, _) = w.melding();
    let een = vraag(&melding, &w.politie);
    w.hub.evaluatie(w.politie.oin, &serde_json::to_vec(&een).unwrap()).await.unwrap();
    verwacht.push(("an evaluation", 1, 1));
    let fout = json!({"subject": {"type": "partner", "id": w.vt.oin}, "action": een["action"], "resource": een["resource"]});
    w.hub.evaluatie(w.politie.oin, &serde_json::to_vec(&fout).unwrap()).await.unwrap();
    verwacht.push(("an evaluation in another's name", 1, 1));
    let mut reeks = een.clone();
    reeks["evaluations"] = json!([{}, {"action": {"name": "can_read"}}, {}]);
    w.hub.evaluaties(w.politie.oin, &serde_json::to_vec(&reeks).unwrap()).await.unwrap();
    verwacht.push(("a batch", 1, 3));
    verwacht
}

#[tokio::test]
async fn every_decision_through_every_door_is_there_once() {
    let w = Wereld::new().await;
    let verwacht = alle_deuren(&w).await;
    let regels = alles(&w).await;
    let mut over = regels.iter();
    for (deur, records, aantal) in &verwacht {
        let hier: Vec<_> = over.by_ref().take(*records).collect();
        let geteld: usize = hier.iter().map(|r| besluiten(r).len()).sum();
        assert_eq!((hier.len(), geteld), (*records, *aantal), "{deur}: {hier:#?}");
    }
    assert_eq!(over.next(), None, "a record too many");
    // As many as the leaves that record a decision: one record for each, and none without.
    let bladen = w.store.bladen(0, 1000).await.unwrap();
    let soorten = bladen.iter().filter(|b| ["besluit", "toets", "inzage"].contains(&b.soort.to_string().as_str()));
    assert_eq!(soorten.count(), regels.len());
    // A second reading holds nothing twice: the same records, identifiers included.
    assert_eq!(alles(&w).await, regels);
}

#[tokio::test]
async fn each_record_has_the_fields_of_the_standard() {
    let w = Wereld::new().await;
    alle_deuren(&w).await;
    let (mut spans, mut fouten) = (BTreeSet::new(), 0);
    for regel in alles(&w).await {
        let json = serde_json::to_value(&regel).unwrap();
        let hex = |naam: &str, lengte: usize| {
            let text = json[naam].as_str().unwrap();
            assert!(text.len() == lengte && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{naam}: {text}");
            text.to_owned()
        };
        assert!(spans.insert((hex("trace_id", 32), hex("span_id", 16))), "an identifier twice");
        assert!(json.get("parent_span_id").is_none(), "a root has no parent");
        assert!(["adl.access_evaluation", "adl.access_evaluations"].contains(&json["event_name"].as_str().unwrap()));
        assert!(json["timestamp"].as_u64().unwrap() > 1_600_000_000_000);
        assert_eq!(json["resource"]["service.name"], "inbreng");
        assert!(json["attributes"]["adl.core.information"]["inbreng.logboek"]["hash"].is_string());
        for veld in ["adl.core.request", "adl.core.response"] {
            assert!(json["attributes"].get(veld).is_none(), "in one place only");
        }
        match regel.status {
            Status::Unset => assert!(json["body"]["adl.core.request"].is_object(), "{json}"),
            Status::Error => {
                fouten += 1;
                assert!(json["body"].get("adl.core.request").is_none());
            }
        }
        for (vraag, antwoord) in besluiten(&regel) {
            assert!(antwoord["decision"].is_boolean());
            if vraag.as_object().is_some_and(|v| !v.is_empty()) {
                assert_eq!(vraag["subject"]["type"], "partner");
                assert!(vraag["subject"]["id"].is_string() && vraag["action"]["name"].is_string(), "{vraag}");
                assert!(vraag["resource"]["type"].is_string() && vraag["resource"]["id"].is_string(), "{vraag}");
            }
        }
        // It reads back as it was written, and no case and no person is in it.
        assert_eq!(serde_json::from_value::<Logregel>(json.clone()).unwrap(), regel);
        assert!(!json.to_string().contains("casus") && !json.to_string().contains("betrokkenen"));
    }
    assert_eq!(fouten, 1, "what could not be decided is said to be so");
}

#[tokio::test]
async fn a_record_is_enough_to_decide_again() {
    let w = Wereld::new().await;
    alle_deuren(&w).await;
    let catalogus = Catalogus::ingebouwd().unwrap();
    let bundel: Bundel = unverified_payload(&w.bundels[0]).unwrap();
    let beleid = Beleid::laden(bundel, w.beleid(), &catalogus).unwrap();
    let (mut ja, mut nee) = (0, 0);
    for regel in alles(&w).await {
        for (vraag, antwoord) in besluiten(&regel) {
            let Some(verzoek) = uit_vraag(&vraag) else { continue };
            let opnieuw = beleid.beslissen(&verzoek, &Namen::default());
            let toen: Uitkomst = serde_json::from_value(antwoord["context"]["uitkomst"].clone()).unwrap();
            assert_eq!(opnieuw.uitkomst, toen);
            assert_eq!(serde_json::to_value(&opnieuw.regels).unwrap(), antwoord["context"]["regels"]);
            assert_eq!(regel.attributes.beleid["voorbeeldregio"], json!(w.beleid()));
            assert_eq!(antwoord["decision"], toen.levert());
            *(if toen.levert() { &mut ja } else { &mut nee }) += 1;
        }
    }
    assert!(ja >= 10 && nee >= 3, "{ja} {nee}");
}

#[tokio::test]
async fn the_callers_trace_is_kept_and_goes_no_further() {
    let w = Wereld::new().await;
    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let (melding, _) = w.melding();
    let spoor = Spoor::lezen(traceparent);
    Spoor::volgen(spoor.clone(), w.hub.toetsen(w.politie.oin, &verzoek(&melding))).await.unwrap();
    Spoor::volgen(spoor, w.aangenomen(&melding)).await;
    // A question names its own.
    let mut vraag = vraag(&melding, &w.politie);
    vraag["context"]["traceparent"] = json!(traceparent.replace("00f067aa", "11f067aa"));
    w.hub.evaluatie(w.politie.oin, &serde_json::to_vec(&vraag).unwrap()).await.unwrap();
    let regels = alles(&w).await;
    let ouders: Vec<_> = regels.iter().map(|r| r.parent_span_id.as_deref().unwrap()).collect();
    assert_eq!(ouders, ["00f067aa0ba902b7", "00f067aa0ba902b7", "11f067aa0ba902b7"]);
    assert!(regels.iter().all(|r| r.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"));
    assert_eq!(regels.iter().map(|r| &r.span_id).collect::<BTreeSet<_>>().len(), 3);
    let postvak = w.postvaktekst(&w.vt).await;
    assert!(postvak.contains("incidentmelding") && !postvak.contains("4bf92f3577b34da6a3ce929d0e0e4736"));
}

#[tokio::test]
async fn a_period_is_cut_out_of_the_log() {
    let w = Wereld::new().await;
    let toets = async || {
        let (melding, _) = w.melding();
        w.hub.toetsen(w.politie.oin, &verzoek(&melding)).await.unwrap();
    };
    toets().await;
    w.clock.advance(Duration::minutes(10));
    w.zaak().await;
    w.clock.advance(Duration::minutes(10));
    toets().await;
    let aantal = async |vanaf, tot| {
        let mut log = Beslissingenlog::lezen(w.store.as_ref(), vanaf, tot, Some(w.vt.oin));
        let mut regels = Vec::new();
        while let Some(bladzijde) = log.bladzijde().await.unwrap() {
            regels.extend(bladzijde);
        }
        assert!(regels.iter().all(|r| r.resource["inbreng.knooppunt.oin"] == json!(w.vt.oin)));
        regels.len()
    };
    assert_eq!(aantal(None, None).await, 3);
    assert_eq!(aantal(Some(over_minuten(10)), None).await, 2);
    assert_eq!(aantal(None, Some(over_minuten(10))).await, 1);
    assert_eq!(aantal(Some(over_minuten(10)), Some(over_minuten(20))).await, 1);
    assert_eq!(aantal(Some(over_minuten(21)), None).await, 0);
}
