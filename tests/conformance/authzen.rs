//! The AuthZEN 1.0 certification scenario (Basic, Batch, Discovery; `openid/authzen` e287920,
//! `certification/authorization-api-1_0-scenario.md`), in our own words, with our own subjects, resources and policy. The numbers
//! are those of its sections. Search is not offered: it would enumerate what an outsider may not know (R16).

use inbreng_domain::{CasusRef, Clock, DeelId, Oin, Opening, clock::SystemClock};
use inbreng_harness::{Antwoord, Client, Hub, Regio};
use inbreng_proof::{SystemRandomness, casus::casus_ref};
use reqwest::Method;
use serde_json::{Value, json};

use crate::starten;

const EEN: &str = "/access/v1/evaluation";
const MEER: &str = "/access/v1/evaluations";

/// The police, which may tell Veilig Thuis what it saw on its statutory task, and not without a ground.
struct Toneel {
    _regio: Regio,
    _hub: Hub,
    client: Client,
    token: String,
    casus: (Opening, CasusRef),
}

impl Toneel {
    async fn opbouwen() -> Self {
        let regio = Regio::maken();
        let hub = starten(&regio);
        let client = Client::partner(&regio, &hub, "politie");
        let token = client.token("berichten").await;
        let opening = Opening::from_bytes([7; 32]);
        let casus = (opening, casus_ref(client.oin, opening));
        Self { _regio: regio, _hub: hub, client, token, casus }
    }

    fn onderwerp(&self) -> Value {
        json!({ "type": "partner", "id": self.client.oin })
    }

    fn context(&self) -> Value {
        let vt: Oin = "00000099000000004000".parse().unwrap();
        json!({
            "type": "nl.inbreng.incidentmelding.v1", "convenant": "voorbeeldregio", "gemeente": "0518",
            "opening": self.casus.0, "casus": self.casus.1, "geadresseerden": [{ "oin": vt }],
        })
    }

    /// A question that is a yes.
    fn ja(&self) -> Value {
        json!({ "subject": self.onderwerp(), "action": mag(), "resource": melding(), "context": self.context() })
    }

    /// One that differs in its properties, and is a no.
    fn nee(&self) -> Value {
        json!({ "subject": self.onderwerp(), "action": mag(), "resource": zonder_grond(), "context": self.context() })
    }

    async fn sturen(&self, pad: &str, body: impl Into<Vec<u8>>, koppen: &[(&str, &str)]) -> Antwoord {
        let mut aanroep = self.client.aanroep(Method::POST, pad).token(&self.token);
        for (naam, waarde) in koppen {
            aanroep = aanroep.kop(naam, waarde);
        }
        Antwoord::lezen(aanroep.lijf(body.into()).sturen().await).await.unwrap()
    }

    async fn vragen(&self, pad: &str, body: &Value) -> Antwoord {
        self.sturen(pad, body.to_string(), &[("content-type", "application/json")]).await
    }

    /// A decision, in the form that 2.3 asks.
    async fn beslissing(&self, body: &Value) -> bool {
        vorm(&self.goed(EEN, body).await)
    }

    async fn reeks(&self, body: &Value) -> Vec<bool> {
        let antwoord = self.goed(MEER, body).await;
        assert!(antwoord.get("decision").is_none(), "3.3.4");
        antwoord["evaluations"].as_array().unwrap().iter().map(vorm).collect()
    }

    async fn goed(&self, pad: &str, body: &Value) -> Value {
        let antwoord = self.vragen(pad, body).await.met_status(200);
        assert_eq!(antwoord.koppen["content-type"], "application/json", "5.2");
        antwoord.json()
    }

    /// A request that is refused as a whole.
    async fn fout(&self, pad: &str, body: &Value, bij: &str) {
        let antwoord = self.vragen(pad, body).await;
        assert_eq!(antwoord.status, 400, "{bij}: {}", antwoord.tekst());
        assert_eq!(antwoord.probleem().code.status(), 400, "{bij}");
    }
}

fn vorm(antwoord: &Value) -> bool {
    assert!(antwoord["context"].is_object(), "2.3.2: {antwoord}");
    antwoord["decision"].as_bool().unwrap_or_else(|| panic!("2.3.1: {antwoord}"))
}

fn mag() -> Value {
    json!({ "name": "ontvangen" })
}

fn melding() -> Value {
    deel(json!({
        "categorie": "incident", "doel": "beoordelen", "grondslagen": ["wettelijke-taak"], "noodzaak": "toegelicht",
        "afgeschermd": "nee",
    }))
}

fn zonder_grond() -> Value {
    deel(json!({ "categorie": "incident", "doel": "beoordelen" }))
}

fn deel(eigenschappen: Value) -> Value {
    json!({ "type": "deel", "id": DeelId::mint(SystemClock.now(), &SystemRandomness), "properties": eigenschappen })
}

fn zonder(vraag: &Value, pad: &str) -> Value {
    let mut vraag = vraag.clone();
    let (ouder, lid) = pad.rsplit_once('/').unwrap();
    vraag.pointer_mut(ouder).unwrap().as_object_mut().unwrap().remove(lid).unwrap();
    vraag
}

fn met(vraag: &Value, pad: &str, waarde: Value) -> Value {
    let mut vraag = vraag.clone();
    let (ouder, lid) = pad.rsplit_once('/').unwrap();
    vraag.pointer_mut(ouder).unwrap()[lid] = waarde;
    vraag
}

#[tokio::test(flavor = "multi_thread")]
async fn basic() {
    let t = Toneel::opbouwen().await;
    let (ja, nee) = (t.ja(), t.nee());
    // 2.2.1 to 2.2.7: both decisions, by properties; 2.6: the same each time.
    for _ in 0..3 {
        assert!(t.beslissing(&ja).await);
        assert!(!t.beslissing(&nee).await);
    }
    // 2.2.3, 2.2.8, 2.2.9: what is more than needed changes nothing.
    let mut meer = met(&ja, "/context/time", json!("2025-06-27T18:03-07:00"));
    meer["context"]["ip"] = json!("192.168.1.1");
    meer["subject"]["properties"] = json!({ "department": "Sales", "role": "manager" });
    meer["action"]["properties"] = json!({ "method": "GET", "soft": true });
    meer["resource"]["properties"]["owner"] = json!("bob");
    meer["foo"] = json!("bar");
    meer["futureField"] = json!({ "nested": true });
    assert!(t.beslissing(&meer).await);

    // What nobody knows here is a no, and no error (1.6).
    for (pad, waarde) in [
        ("/subject", json!({ "type": "user", "id": "alice" })),
        ("/action", json!({ "name": "read" })),
        ("/resource", json!({ "type": "record", "id": "record-1" })),
    ] {
        assert!(!t.beslissing(&met(&ja, pad, waarde)).await, "{pad}");
    }

    // 2.4.1, 2.4.2: what must be there.
    for pad in
        ["/subject", "/action", "/resource", "/subject/type", "/subject/id", "/action/name", "/resource/type", "/resource/id"]
    {
        t.fout(EEN, &zonder(&ja, pad), pad).await;
    }
    // 2.4.6: of what kind.
    for (pad, waarde) in [
        ("/subject", json!("alice")),
        ("/action", json!(null)),
        ("/resource", json!([])),
        ("/context", json!("nu")),
        ("/subject/id", json!(7)),
        ("/action/name", json!(123)),
        ("/resource/properties", json!("x")),
    ] {
        t.fout(EEN, &met(&ja, pad, waarde), pad).await;
    }
    // 2.4.3 to 2.4.5: media type, malformed, empty.
    let tekst = ja.to_string();
    for koppen in [&[("content-type", "text/plain")][..], &[("content-type", "application/xml")], &[]] {
        let antwoord = t.sturen(EEN, tekst.clone(), koppen).await;
        assert_eq!(antwoord.status, 400, "{koppen:?}");
        assert_eq!(antwoord.json()["status"], 400);
    }
    for body in ["{", "", "[]", "\"x\"", "{}{}", r#"{"subject":{},"subject":{}}"#] {
        let antwoord = t.sturen(EEN, body, &[("content-type", "application/json")]).await;
        assert_eq!(antwoord.status, 400, "{body}");
    }
    let met_tekenset = t.sturen(EEN, tekst, &[("content-type", "application/json; charset=utf-8")]).await;
    assert_eq!(met_tekenset.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_number_comes_back_on_every_answer() {
    let t = Toneel::opbouwen().await;
    let nummer = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716";
    let json = ("content-type", "application/json");
    for (pad, body, status) in [(EEN, t.ja(), 200), (MEER, t.nee(), 200), (EEN, json!({}), 400), (MEER, json!([]), 400)] {
        let antwoord = t.sturen(pad, body.to_string(), &[json, ("x-request-id", nummer)]).await.met_status(status);
        assert_eq!(antwoord.koppen["x-request-id"], nummer, "2.5.1");
        let antwoord = t.sturen(pad, body.to_string(), &[json]).await.met_status(status);
        assert!(!antwoord.koppen.contains_key("x-request-id"), "2.5.2");
    }
    // Without a token too.
    let aanroep = t.client.aanroep(Method::POST, EEN).kop("x-request-id", nummer).lijf("{}");
    let antwoord = aanroep.sturen().await;
    assert_eq!((antwoord.status().as_u16(), antwoord.headers()["x-request-id"].to_str().unwrap()), (401, nummer));
}

#[tokio::test(flavor = "multi_thread")]
async fn batch() {
    let t = Toneel::opbouwen().await;
    let (ja, nee) = (t.ja(), t.nee());
    let boven = |evaluations: Value| met(&zonder(&ja, "/resource"), "/evaluations", evaluations);
    // 3.2.1 to 3.2.4, 3.3: one answer per question, in order, each by its own properties.
    let reeks = boven(json!([{ "resource": melding() }, { "resource": zonder_grond() }, { "resource": melding() }]));
    assert_eq!(t.reeks(&reeks).await, [true, false, true]);
    // 3.2.5: nothing by default.
    assert_eq!(t.reeks(&json!({ "evaluations": [nee, ja] })).await, [false, true]);
    // 3.2.6: the context of above, unless a question has its own; it is replaced whole.
    let eigen_context = json!({ "resource": melding(), "context": { "time": "2025-06-27T19:00-07:00" } });
    assert_eq!(t.reeks(&boven(json!([{ "resource": melding() }, eigen_context]))).await, [true, false]);
    // 3.2.7: an empty question is the default; an entity replaces it whole and is never mixed with it.
    let standaard = met(&ja, "/evaluations", json!([{}, { "resource": zonder_grond() }, { "resource": { "type": "deel" } }]));
    assert_eq!(t.reeks(&standaard).await, [true, false, false]);

    // 3.4.1: what is wrong with one question is its own no.
    let mut een_fout = boven(json!([{ "resource": melding() }, {}, { "resource": "x" }, 5]));
    een_fout["options"] = json!({ "evaluations_semantic": "execute_all", "another_option": "value" });
    let antwoord = t.goed(MEER, &een_fout).await;
    assert_eq!(t.reeks(&een_fout).await, [true, false, false, false]);
    assert_eq!(antwoord["evaluations"][1]["context"]["error"]["status"], 400);
    assert_eq!(antwoord["evaluations"][1]["context"]["error"]["pad"], "/resource");
    // 3.4.2, 3.4.3: no questions, one question.
    for een in [ja.clone(), met(&ja, "/evaluations", json!([]))] {
        assert!(vorm(&t.goed(MEER, &een).await));
    }
    assert!(!vorm(&t.goed(MEER, &nee).await));
    // The request as a whole.
    for (pad, waarde) in [
        ("/evaluations", json!({})),
        ("/options", json!("x")),
        ("/options", json!({ "evaluations_semantic": "first_come" })),
        ("/evaluations", json!(vec![json!({}); 65])),
    ] {
        t.fout(MEER, &met(&reeks, pad, waarde), pad).await;
    }
    t.fout(MEER, &zonder(&ja, "/subject"), "a single question without subject").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_three_semantics() {
    let t = Toneel::opbouwen().await;
    let (ja, nee) = (json!({ "resource": melding() }), json!({ "resource": zonder_grond() }));
    let fout = json!({ "resource": {} });
    for (semantiek, vragen, verwacht) in [
        ("execute_all", json!([ja, nee, ja]), vec![true, false, true]),
        ("deny_on_first_deny", json!([ja, nee, ja]), vec![true, false]),
        ("deny_on_first_deny", json!([ja, fout, ja]), vec![true, false]),
        ("deny_on_first_deny", json!([ja, ja]), vec![true, true]),
        ("permit_on_first_permit", json!([nee, fout, ja, nee]), vec![false, false, true]),
        ("permit_on_first_permit", json!([nee, nee]), vec![false, false]),
    ] {
        let mut reeks = met(&zonder(&t.ja(), "/resource"), "/evaluations", vragen);
        reeks["options"] = json!({ "evaluations_semantic": semantiek });
        assert_eq!(t.reeks(&reeks).await, verwacht, "{semantiek}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn discovery() {
    let t = Toneel::opbouwen().await;
    let antwoord = t.client.aanroep(Method::GET, "/.well-known/authzen-configuration").sturen().await;
    let antwoord = Antwoord::lezen(antwoord).await.unwrap().met_status(200);
    assert_eq!(antwoord.koppen["content-type"], "application/json", "6.2");
    let adressen = antwoord.json();
    // 6.3, 6.5: the base by which it was asked, and addresses that work.
    let basis = adressen["policy_decision_point"].as_str().unwrap().to_owned();
    let host = basis.strip_prefix("https://").unwrap();
    assert!(host.starts_with("localhost:") && !host.contains(['/', '?', '#']), "{basis}");
    for (naam, pad) in [("access_evaluation_endpoint", EEN), ("access_evaluations_endpoint", MEER)] {
        assert_eq!(adressen[naam].as_str().unwrap().strip_prefix(&basis), Some(pad));
        assert!(vorm(&t.goed(pad, &t.ja()).await));
    }
    assert_eq!(adressen.as_object().unwrap().len(), 3, "what is not there is not offered: search");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_carries_its_duties_and_a_no_its_reason() {
    let t = Toneel::opbouwen().await;
    let (ja, nee) = (t.goed(EEN, &t.ja()).await, t.goed(EEN, &t.nee()).await);
    for antwoord in [&ja, &nee] {
        let context = &antwoord["context"];
        let levert = ["toestaan", "toestaan-met-plicht"].contains(&context["uitkomst"].as_str().unwrap());
        assert_eq!(antwoord["decision"], levert);
        assert!(context["reden"].as_str().is_some_and(|r| r.ends_with('.')), "{antwoord}");
        assert!(context["beleid"].as_str().is_some_and(|b| b.starts_with("sha-256:")));
        assert!(!context["regels"].as_array().unwrap().is_empty());
        assert!(context["verplichtingen"].is_array() && context["ontvangers"].as_array().is_some_and(|o| o.len() == 1));
    }
    assert!(!nee["context"]["alternatieven"].as_array().unwrap().is_empty(), "{nee}");
}
