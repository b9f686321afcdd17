//! AuthZEN as the wrong partner: a no that is the same for what exists and for what does not, bytes, headers and leaves.

use inbreng_domain::DeelId;
use inbreng_harness::{Antwoord, Deelnemer};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Toneel, gezien, toneel::munten};

pub(super) async fn vragen(wie: &Deelnemer, pad: &str, vraag: &Value) -> Antwoord {
    let token = wie.token("berichten").await.unwrap();
    let aanroep = wie.client.aanroep(Method::POST, pad).token(&token).kop("content-type", "application/json");
    Antwoord::lezen(aanroep.lijf(vraag.to_string()).sturen().await).await.unwrap()
}

/// A question of the third partner about sending into a case.
fn in_zaak(toneel: &Toneel, casus: &Value) -> Value {
    json!({
        "subject": { "type": "partner", "id": toneel.derde.partner.oin },
        "action": { "name": "ontvangen" },
        "resource": {
            "type": "deel",
            "id": munten(DeelId::mint),
            "properties": { "categorie": "straf", "doel": "beoordelen", "grondslagen": ["convenant"], "afgeschermd": "nee" },
        },
        "context": {
            "type": "nl.inbreng.veiligheidssignaal.v1", "convenant": "voorbeeldregio", "casus": casus,
            "geadresseerden": [{ "oin": toneel.vt.partner.oin }],
        },
    })
}

/// A question of the third partner about viewing a part.
fn over_deel(toneel: &Toneel, deel: DeelId) -> Value {
    json!({
        "subject": { "type": "partner", "id": toneel.derde.partner.oin },
        "action": { "name": "inzien" },
        "resource": { "type": "deel", "id": deel },
        "context": { "doel": "beoordelen" },
    })
}

/// The questions of the third partner about a case and a part that are there, and about such as are not.
pub(super) fn paren(toneel: &Toneel) -> [(Value, Value); 2] {
    let (echt, nooit) = (json!(toneel.brief.casus), json!(toneel.nooit_verzonden().casus));
    assert!(echt.is_string() && nooit.is_string());
    [
        (in_zaak(toneel, &echt), in_zaak(toneel, &nooit)),
        (over_deel(toneel, toneel.inzagedeel()), over_deel(toneel, munten(DeelId::mint))),
    ]
}

async fn niets_te_merken(toneel: &Toneel) {
    for (echt, niets) in paren(toneel) {
        let mut antwoorden = Vec::new();
        for vraag in [&echt, &niets] {
            let voor = toneel.tellingen().await["bladen"].as_u64().unwrap();
            let een = vragen(&toneel.derde, "/access/v1/evaluation", vraag).await.met_status(200);
            assert_eq!(een.json()["decision"], false, "{}", een.tekst());
            assert_eq!(een.json()["context"]["reden"], "Er is geen informatie beschikbaar.", "{}", een.tekst());
            let meer = json!({ "evaluations": [vraag, vraag] });
            let meer = vragen(&toneel.derde, "/access/v1/evaluations", &meer).await.met_status(200);
            assert_eq!(meer.json()["evaluations"], json!([een.json(), een.json()]));
            let bladen = toneel.tellingen().await["bladen"].as_u64().unwrap() - voor;
            antwoorden.push((gezien(&een), gezien(&meer), bladen));
        }
        assert_eq!(antwoorden[0], antwoorden[1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evaluation_tells_an_outsider_nothing() {
    let toneel = Toneel::opbouwen().await;
    niets_te_merken(&toneel).await;
    // In another's name it is nobody's question, whoever asks.
    let mut vermomd = over_deel(&toneel, toneel.inzagedeel());
    vermomd["subject"]["id"] = json!(toneel.vt.partner.oin);
    let antwoord = vragen(&toneel.derde, "/access/v1/evaluation", &vermomd).await.met_status(200).json();
    assert_eq!((&antwoord["decision"], &antwoord["context"]["error"]["code"]), (&json!(false), &json!("bron-niet-eigen")));
    // The one it concerns hears yes.
    let mut eigen = over_deel(&toneel, toneel.inzagedeel());
    eigen["subject"]["id"] = json!(toneel.vt.partner.oin);
    let antwoord = vragen(&toneel.vt, "/access/v1/evaluation", &eigen).await.met_status(200).json();
    assert_eq!(antwoord["decision"], true, "{antwoord}");
    toneel.embargo().await;
    niets_te_merken(&toneel).await;
}
