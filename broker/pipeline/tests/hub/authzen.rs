//! AuthZEN: the same decisions as a check and as a message, in the standard's words; a no for everything else.

use inbreng_domain::{
    CasusRef, DeelId, Uitkomst,
    authzen::{Antwoord, Evaluatie, Evaluatiebesluit, Evaluatiecontext, Foutmelding},
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze},
};
use serde_json::{Value, json};

use crate::{
    check::verzoek,
    reading::inzagedeel,
    wereld::{Brief, Organisatie, Stuk, Wereld},
};

/// The first part of a message, as a question; for the first of those it is for.
pub fn vraag(brief: &Brief, van: &Organisatie) -> Value {
    let stuk = &brief.delen[0];
    let mut eigenschappen = serde_json::to_value(brief.labels(stuk)).unwrap();
    for elders in ["bericht", "type", "variant", "antwoordOp", "urgentie", "convenant", "id", "casus", "eigenaar"] {
        eigenschappen.as_object_mut().unwrap().remove(elders);
    }
    let toets: Value = serde_json::from_slice(&verzoek(brief)).unwrap();
    let mut context = toets.as_object().unwrap().clone();
    context.remove("delen");
    let handeling = if stuk.voor.first().is_some_and(|(_, w)| *w == Toegangswijze::Inzage) { "inzien" } else { "ontvangen" };
    json!({
        "subject": {"type": "partner", "id": van.oin},
        "action": {"name": handeling},
        "resource": {"type": "deel", "id": stuk.id, "properties": eigenschappen},
        "context": context,
    })
}

async fn een(w: &Wereld, van: &Organisatie, vraag: &Value) -> Evaluatie {
    w.hub.evaluatie(van.oin, &serde_json::to_vec(vraag).unwrap()).await.unwrap()
}

async fn meer(w: &Wereld, van: &Organisatie, vraag: &Value) -> Vec<Evaluatie> {
    match w.hub.evaluaties(van.oin, &serde_json::to_vec(vraag).unwrap()).await.unwrap() {
        Antwoord::Meer(antwoord) => antwoord.evaluations,
        Antwoord::Een(een) => panic!("a batch gets a batch: {een:?}"),
    }
}

fn besluit(evaluatie: &Evaluatie) -> &Evaluatiebesluit {
    match &evaluatie.context {
        Evaluatiecontext::Besluit(besluit) => besluit,
        Evaluatiecontext::Fout(fout) => panic!("{fout:?}"),
    }
}

fn fout(evaluatie: &Evaluatie) -> &Foutmelding {
    assert!(!evaluatie.decision, "{evaluatie:?}");
    match &evaluatie.context {
        Evaluatiecontext::Fout(fout) => &fout.error,
        Evaluatiecontext::Besluit(besluit) => panic!("{besluit:?}"),
    }
}

/// What the GGZ would answer, with medical data under the covenant: refused (R8), with a way out.
async fn medisch(w: &Wereld) -> (CasusRef, Brief) {
    let (casus, _) = w.zaak().await;
    let gesteld = w.vraag(casus, &w.ggz).await;
    let antwoord = Brief::new(w, &w.ggz, "informatie-antwoord")
        .in_casus(casus)
        .antwoord(gesteld)
        .zegt(json!({"antwoord": "gedeeld"}))
        .met(Stuk::new(Categorie::Medisch, Doel::Beoordelen, Grondslag::Convenant, &[&w.vt]));
    (casus, antwoord)
}

#[tokio::test]
async fn it_is_the_decision_of_the_check() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let (_, antwoord) = medisch(&w).await;
    for (van, brief) in [(&w.politie, &melding), (&w.ggz, &antwoord)] {
        let toets = w.hub.toetsen(van.oin, &verzoek(brief)).await.unwrap();
        let evaluatie = een(&w, van, &vraag(brief, van)).await;
        let (onze, hunne) = (&toets.besluiten[0], besluit(&evaluatie));
        assert_eq!(evaluatie.decision, onze.besluit.uitkomst.levert());
        assert_eq!(hunne.uitkomst, onze.besluit.uitkomst);
        assert_eq!((&hunne.reden, &hunne.regels), (&onze.besluit.uitleg.afzender, &onze.besluit.regels));
        assert_eq!((&hunne.verplichtingen, &hunne.alternatieven), (&onze.besluit.verplichtingen, &onze.besluit.alternatieven));
        assert_eq!((hunne.beleid, &hunne.ontvangers[..]), (Some(w.beleid()), &[onze.ontvanger][..]));
    }
    let evaluatie = een(&w, &w.ggz, &vraag(&antwoord, &w.ggz)).await;
    assert!(!evaluatie.decision);
    assert!(besluit(&evaluatie).alternatieven.iter().any(|a| a.grondslag == Some(Grondslag::Toestemming)));
}

#[tokio::test]
async fn what_is_left_out_takes_its_strictest_value() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let goed = vraag(&melding, &w.politie);
    assert!(een(&w, &w.politie, &goed).await.decision);
    let mut zonder = goed.clone();
    zonder["resource"]["properties"].as_object_mut().unwrap().remove("grondslagen");
    assert!(!een(&w, &w.politie, &zonder).await.decision, "without a ground");
    // A fact that only the hub knows is not the caller's to give, and what nobody knows is ignored.
    let mut extra = goed.clone();
    extra["resource"]["properties"]["toestemming"] = json!("gegeven");
    extra["context"]["embargo"] = json!("nee");
    extra["context"]["time"] = json!("1985-10-26T01:22-07:00");
    extra["subject"]["properties"] = json!({"department": "Sales"});
    extra["action"]["properties"] = json!({"processing_activity_id": "https://register.example/1"});
    extra["toekomst"] = json!({"diep": true});
    assert_eq!(een(&w, &w.politie, &extra).await, een(&w, &w.politie, &goed).await);
}

#[tokio::test]
async fn nobody_asks_in_anothers_name_and_nothing_unknown_is_a_yes() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let goed = vraag(&melding, &w.politie);
    assert_eq!(fout(&een(&w, &w.vt, &goed).await).code, ProblemCode::BronNietEigen);
    for (pad, waarde, code, wijst) in [
        ("/subject/type", json!("user"), ProblemCode::BronNietEigen, "/subject"),
        ("/subject/id", json!("alice"), ProblemCode::BronNietEigen, "/subject"),
        ("/subject/id", json!(w.vt.oin), ProblemCode::BronNietEigen, "/subject"),
        ("/action/name", json!("can_read"), ProblemCode::VeldOngeldig, "/action/name"),
        ("/action/name", json!("opnemen-in-dossier"), ProblemCode::VeldOngeldig, "/action/name"),
        ("/resource/type", json!("record"), ProblemCode::VeldOngeldig, "/resource/type"),
        ("/resource/id", json!("record-1"), ProblemCode::VeldOngeldig, "/resource/id"),
        ("/resource/properties/categorie", json!("alles"), ProblemCode::VeldOngeldig, "/resource/properties/categorie"),
        ("/resource/properties/eigenaar", json!(w.vt.oin), ProblemCode::EigenaarNietAfzender, "/resource/properties/eigenaar"),
        ("/context/type", json!("nl.inbreng.bestaat-niet.v1"), ProblemCode::TypeOnbekend, "/context/type"),
        ("/context/convenant", json!("elders"), ProblemCode::VeldOngeldig, "/context/convenant"),
        ("/context/verklaring", json!({"naam": "Testpersoon Appel"}), ProblemCode::VerklaringOngeldig, "/context/verklaring"),
        (
            "/context/geadresseerden",
            json!([{"oin": "00000009999999999999"}]),
            ProblemCode::OntvangerOnbekend,
            "/context/geadresseerden/0",
        ),
    ] {
        let mut anders = goed.clone();
        let (ouder, lid) = pad.rsplit_once('/').unwrap();
        anders.pointer_mut(ouder).unwrap()[lid] = waarde;
        let evaluatie = een(&w, &w.politie, &anders).await;
        let fout = fout(&evaluatie);
        assert_eq!((fout.code, fout.status), (code, code.status()), "{pad}");
        assert!(fout.pad.as_deref().unwrap_or_default().starts_with(wijst), "{pad}: {fout:?}");
        assert!(!serde_json::to_string(&evaluatie).unwrap().contains("Appel"));
    }
}

#[tokio::test]
async fn a_batch_stops_where_its_semantics_say() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let mut reeks = vraag(&melding, &w.politie);
    let nee = json!({"action": {"name": "can_read"}});
    reeks["evaluations"] = json!([{}, nee, {}, {"resource": {"type": "deel"}}]);
    for (semantiek, verwacht) in [
        (None, &[true, false, true, false][..]),
        (Some("execute_all"), &[true, false, true, false]),
        (Some("deny_on_first_deny"), &[true, false]),
        (Some("permit_on_first_permit"), &[true]),
    ] {
        if let Some(semantiek) = semantiek {
            reeks["options"] = json!({"evaluations_semantic": semantiek});
        }
        let besloten: Vec<bool> = meer(&w, &w.politie, &reeks).await.iter().map(|e| e.decision).collect();
        assert_eq!(besloten, verwacht, "{semantiek:?}");
    }
    // Without questions of its own it is one question.
    for zonder in [json!([]), Value::Null] {
        let mut een = vraag(&melding, &w.politie);
        if zonder.is_array() {
            een["evaluations"] = zonder;
        }
        let antwoord = w.hub.evaluaties(w.politie.oin, &serde_json::to_vec(&een).unwrap()).await.unwrap();
        assert!(matches!(antwoord, Antwoord::Een(Evaluatie { decision: true, .. })));
    }
    for (wat, code) in [
        (json!({"evaluations": {}}), ProblemCode::VeldOngeldig),
        (json!({"options": {"evaluations_semantic": "anders"}, "evaluations": [{}]}), ProblemCode::VeldOngeldig),
        (json!({"evaluations": vec![json!({}); 65]}), ProblemCode::TeVeel),
        (json!({}), ProblemCode::VeldOngeldig),
    ] {
        let fout = w.hub.evaluaties(w.politie.oin, &serde_json::to_vec(&wat).unwrap()).await.unwrap_err();
        assert_eq!(fout.code(), code, "{wat}");
    }
}

#[tokio::test]
async fn an_outsider_hears_the_same_of_an_unknown_case() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let onbekend: CasusRef = CasusRef::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let bladen = || async { w.hub.tellingen().await.unwrap().bladen };
    let mut gehoord = Vec::new();
    for zaak in [casus, onbekend] {
        let brief = Brief::new(&w, &w.wijkteam, "veiligheidssignaal").in_casus(zaak).aan(&[&w.vt]).met(Stuk::new(
            Categorie::Risico,
            Doel::Beoordelen,
            Grondslag::WettelijkeTaak,
            &[&w.vt],
        ));
        let voor = bladen().await;
        let evaluatie = een(&w, &w.wijkteam, &vraag(&brief, &w.wijkteam)).await;
        assert!(!evaluatie.decision);
        assert_eq!(besluit(&evaluatie).reden, "Er is geen informatie beschikbaar.");
        assert!(besluit(&evaluatie).alternatieven.is_empty() && besluit(&evaluatie).ontvangers.is_empty());
        gehoord.push((serde_json::to_string(&evaluatie).unwrap(), bladen().await - voor));
    }
    assert_eq!(gehoord[0], gehoord[1]);
}

#[tokio::test]
async fn a_part_that_lies_with_the_reader_is_judged_as_a_reading_and_gives_no_key() {
    let w = Wereld::new().await;
    let (_, deel) = inzagedeel(&w).await;
    let vraag = |van: &Organisatie, deel: DeelId| {
        json!({
            "subject": {"type": "partner", "id": van.oin}, "action": {"name": "inzien"},
            "resource": {"type": "deel", "id": deel}, "context": {"doel": "beoordelen"},
        })
    };
    let mag = een(&w, &w.vt, &vraag(&w.vt, deel)).await;
    assert!(mag.decision && besluit(&mag).regels.is_empty(), "{mag:?}");
    assert!(!serde_json::to_string(&mag).unwrap().contains("wrap"));
    // Who has no such part hears the same of one that exists and of one that does not.
    let vreemd: DeelId = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a".parse().unwrap();
    let gehoord =
        [een(&w, &w.wijkteam, &vraag(&w.wijkteam, deel)).await, een(&w, &w.wijkteam, &vraag(&w.wijkteam, vreemd)).await];
    assert_eq!(gehoord[0], gehoord[1]);
    assert_eq!((gehoord[0].decision, besluit(&gehoord[0]).uitkomst), (false, Uitkomst::Weigeren));
    assert_eq!(besluit(&gehoord[0]).reden, "Er is geen informatie beschikbaar.");
}

#[tokio::test]
async fn every_call_is_one_leaf_that_holds_every_answer_and_no_words_of_the_question() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let mut reeks = vraag(&melding, &w.politie);
    reeks["context"]["opmerking"] = json!("Testpersoon Appel");
    let voor = w.hub.tellingen().await.unwrap();
    een(&w, &w.politie, &reeks).await;
    reeks["evaluations"] = json!([{}, {"action": {"name": "Testpersoon Peer"}}]);
    meer(&w, &w.politie, &reeks).await;
    let na = w.hub.tellingen().await.unwrap();
    assert_eq!((na.bladen, na.berichten, na.leveringen), (voor.bladen + 2, 0, 0));
    let bladen = w.store.bladen(voor.bladen, 2).await.unwrap();
    let aantallen: Vec<usize> = bladen
        .iter()
        .map(|blad| {
            assert_eq!(blad.soort.to_string(), "toets");
            assert!(!blad.record.contains("Appel") && !blad.record.contains("Peer"));
            let record: Value = serde_json::from_str(&blad.record).unwrap();
            record["evaluaties"].as_array().unwrap().len()
        })
        .collect();
    assert_eq!(aantallen, [1, 2]);
}
