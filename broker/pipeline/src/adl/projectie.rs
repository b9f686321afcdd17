//! From a leaf of the log to a record of the standard. Pure: the same leaf gives the same record, its identifiers included,
//! so that a second export holds nothing twice.

use inbreng_domain::{Besluit, Code, DeelId, Digest, Oin, RegelId, Tijdstip, Uitkomst, vocabulary::Doel};
use inbreng_policy::{Vastlegging, Verzoek};
use inbreng_proof::hmac_sha256;
use inbreng_storage::Blad;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::regel::{Gebeurtenis, Inhoud, Kenmerken, Logregel, Status, verwijzing};
use crate::Spoor;

/// What a leaf about a decision may hold: each kind its own part of it.
#[derive(Debug, Deserialize)]
pub(super) struct Bladrecord {
    /// The caller's trace.
    #[serde(default)]
    spoor: Option<Spoor>,
    #[serde(default)]
    van: Option<Oin>,
    #[serde(default)]
    ontvanger: Option<Oin>,
    #[serde(default)]
    deel: Option<DeelId>,
    #[serde(default)]
    functie: Option<Code>,
    #[serde(default)]
    doel: Option<Doel>,
    #[serde(default)]
    beleid: Option<Digest>,
    #[serde(default)]
    uitkomst: Option<Uitkomst>,
    #[serde(default)]
    regels: Vec<RegelId>,
    #[serde(default)]
    fout: Option<Code>,
    /// Of a message: the digest of the record that the store has of the decision.
    #[serde(default)]
    pub(super) record: Option<Digest>,
    #[serde(rename = "type", default)]
    berichttype: Option<String>,
    #[serde(default)]
    semantiek: Option<Value>,
    /// Of a check.
    #[serde(default)]
    besluiten: Option<Vec<Regel>>,
    /// Of an AuthZEN call.
    #[serde(default)]
    evaluaties: Option<Vec<Bladrecord>>,
    /// Of a reading, and of an overview for a person.
    #[serde(default)]
    besluit: Option<Besluit>,
    #[serde(default)]
    verzoek: Option<Verzoek>,
    /// Of an overview: the digests of the records of what was decided on the deliveries.
    #[serde(default)]
    pub(super) verteld: Vec<Digest>,
}

#[derive(Debug, Deserialize)]
struct Regel {
    #[serde(default)]
    deel: Option<DeelId>,
    besluit: Besluit,
    verzoek: Verzoek,
}

/// One question with its answer.
struct Paar {
    vraag: Option<Value>,
    antwoord: Value,
    beleid: Option<(String, Digest)>,
}

/// The record of a leaf. `besluit` is what the store has of the decision on a message, `verteld` what it has of those of an overview.
pub(super) fn regel(
    blad: &Blad,
    record: Bladrecord,
    besluit: Option<Vastlegging<'static>>,
    verteld: &[Vastlegging<'static>],
    resource: &Map<String, Value>,
) -> Logregel {
    let (trace_id, span_id, parent_span_id) = spoor(blad, record.spoor.as_ref());
    let soort = blad.soort.to_string();
    let semantiek = record.semantiek.clone();
    let meervoud = semantiek.is_some() || !verteld.is_empty() || record.besluiten.as_ref().is_some_and(|b| b.len() > 1);
    let (vrager, functie) = (record.ontvanger, record.functie.clone());
    let mut paren = paren(record, besluit);
    paren.extend(verteld.iter().map(|een| vertelpaar(vrager, functie.as_ref(), een)));
    let status = match &paren[..] {
        [een] if een.vraag.is_none() => Status::Error,
        _ => Status::Unset,
    };
    let beleid = paren.iter().filter_map(|p| p.beleid.as_ref()).map(|(naam, d)| (naam.clone(), json!(d))).collect();
    let body = if meervoud { samen(paren, semantiek) } else { alleen(paren) };
    Logregel {
        trace_id,
        span_id,
        parent_span_id,
        event_name: if meervoud { Gebeurtenis::Evaluaties } else { Gebeurtenis::Evaluatie },
        timestamp: u64::try_from(blad.tijd.unix_millis()).unwrap_or(0),
        status,
        attributes: Kenmerken { beleid, informatie: verwijzing(blad.index, blad.hash), soort },
        resource: resource.clone(),
        body,
    }
}

/// Trace and span: of the caller where it gave one. What is our own comes from the leaf's salt, which is random and in no
/// answer, so that nobody can link one record to another by it.
fn spoor(blad: &Blad, spoor: Option<&Spoor>) -> (String, String, Option<String>) {
    let eigen = hmac_sha256(&blad.zout, b"inbreng-adl-v1");
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let (trace, rest) = eigen.split_at(16);
    let (span, _) = rest.split_at(8);
    match spoor {
        Some(spoor) => (spoor.trace_id().to_owned(), hex(span), Some(spoor.parent_id().to_owned())),
        None => (hex(trace), hex(span), None),
    }
}

fn samen(paren: Vec<Paar>, semantiek: Option<Value>) -> Inhoud {
    let (vragen, antwoorden): (Vec<_>, Vec<_>) = paren.into_iter().map(|p| (p.vraag, p.antwoord)).unzip();
    let vragen: Vec<Value> = vragen.into_iter().map(|v| v.unwrap_or_else(|| json!({}))).collect();
    let mut vraag = json!({ "evaluations": vragen });
    if let (Some(semantiek), Some(vraag)) = (semantiek, vraag.as_object_mut()) {
        vraag.insert("options".into(), json!({ "evaluations_semantic": semantiek }));
    }
    Inhoud { vraag: Some(vraag), antwoord: json!({ "evaluations": antwoorden }) }
}

fn alleen(paren: Vec<Paar>) -> Inhoud {
    match paren.into_iter().next() {
        Some(Paar { vraag, antwoord, .. }) => Inhoud { vraag, antwoord },
        None => Inhoud { vraag: None, antwoord: json!({ "decision": false }) },
    }
}

/// Every decision of a leaf.
fn paren(record: Bladrecord, besluit: Option<Vastlegging<'static>>) -> Vec<Paar> {
    if let Some(evaluaties) = record.evaluaties {
        let van = record.van;
        return evaluaties
            .into_iter()
            .map(|een| {
                let een = Bladrecord { van: een.van.or(van), ..een };
                // Several recipients of one part are one question.
                samengenomen(paren(een, None))
            })
            .collect();
    }
    if let Some(code) = &record.fout {
        let antwoord = json!({ "decision": false, "context": { "error": { "code": code } } });
        return vec![Paar { vraag: None, antwoord, beleid: None }];
    }
    if let (Some(besluit), Some(verzoek)) = (&record.besluit, &record.verzoek) {
        // A reading: the reader asks.
        return vec![paar(record.ontvanger, record.functie.as_ref(), record.deel, besluit, verzoek)];
    }
    if let Some(vastlegging) = besluit {
        return vec![paar(record.van, None, record.deel, &vastlegging.besluit, &vastlegging.verzoek)];
    }
    match record.besluiten.as_deref() {
        Some([]) | None => vec![buitenstaander(&record)],
        Some(besluiten) => besluiten.iter().map(|b| paar(record.van, None, b.deel, &b.besluit, &b.verzoek)).collect(),
    }
}

/// A question of an overview, with which kinds of delivery it was about and what of them was told.
fn vertelpaar(vrager: Option<Oin>, functie: Option<&Code>, vastlegging: &Vastlegging<'_>) -> Paar {
    let mut paar = paar(vrager, functie, None, &vastlegging.besluit, &vastlegging.verzoek);
    if let (Some(overzicht), Some(context)) =
        (&vastlegging.overzicht, paar.antwoord.get_mut("context").and_then(Value::as_object_mut))
    {
        context.insert("overzicht".into(), json!(overzicht));
    }
    paar
}

fn samengenomen(mut paren: Vec<Paar>) -> Paar {
    if paren.len() == 1
        && let Some(een) = paren.pop()
    {
        return een;
    }
    let decision = !paren.is_empty() && paren.iter().all(|p| p.antwoord.get("decision") == Some(&Value::Bool(true)));
    let vraag = paren.first().and_then(|p| p.vraag.clone());
    let beleid = paren.first().and_then(|p| p.beleid.clone());
    let besluiten: Vec<Value> = paren.into_iter().map(|p| p.antwoord).collect();
    Paar { vraag, antwoord: json!({ "decision": decision, "context": { "besluiten": besluiten } }), beleid }
}

/// One decision: the request as the standard has it, without case and without any person; what it holds is enough to decide
/// again.
fn paar(van: Option<Oin>, functie: Option<&Code>, deel: Option<DeelId>, besluit: &Besluit, verzoek: &Verzoek) -> Paar {
    let Verzoek { soort, handeling, convenant, .. } = verzoek;
    let mut context = match serde_json::to_value(verzoek) {
        Ok(Value::Object(velden)) => velden,
        _ => Map::new(),
    };
    let eigen = ["categorie", "doel", "grondslag", "noodbesluit", "noodzaak", "afgeschermd", "briefing"];
    let eigenschappen: Map<String, Value> =
        eigen.iter().filter_map(|naam| Some(((*naam).to_owned(), context.shift_remove(*naam)?))).collect();
    context.shift_remove("handeling");
    if let Some(nu) = verzoek.nu {
        context.insert("time".into(), json!(nu));
    }
    let mut onderwerp = json!({ "type": "partner", "id": van });
    if let (Some(functie), Some(onderwerp)) = (functie, onderwerp.as_object_mut()) {
        onderwerp.insert("properties".into(), json!({ "functie": functie }));
    }
    let (bron, id) = match deel {
        Some(deel) => ("deel", json!(deel)),
        None => ("verklaring", json!(soort)),
    };
    let vraag = json!({
        "subject": onderwerp,
        "action": { "name": handeling },
        "resource": { "type": bron, "id": id, "properties": eigenschappen },
        "context": context,
    });
    let antwoord = json!({ "decision": besluit.uitkomst.levert(), "context": besluit });
    Paar { vraag: Some(vraag), antwoord, beleid: Some((convenant.to_string(), besluit.beleid)) }
}

/// What was asked of the policy, from a record's question: to decide it again.
#[must_use]
pub fn verzoek(vraag: &Value) -> Option<Verzoek> {
    let mut velden = vraag.get("context")?.as_object()?.clone();
    velden.remove("time");
    velden.extend(vraag.pointer("/resource/properties")?.as_object()?.clone());
    velden.insert("handeling".into(), vraag.pointer("/action/name")?.clone());
    serde_json::from_value(Value::Object(velden)).ok()
}

/// Someone asked about what it takes no part in, or what is not there: the same record for both (R16).
fn buitenstaander(record: &Bladrecord) -> Paar {
    let handeling = if record.doel.is_some() { "inzien" } else { "ontvangen" };
    let bron = match (record.deel, &record.berichttype) {
        (Some(deel), _) => json!({ "type": "deel", "id": deel }),
        (None, Some(soort)) => json!({ "type": "verklaring", "id": soort }),
        (None, None) => json!({ "type": "bericht", "id": "" }),
    };
    let mut context = json!({ "uitkomst": record.uitkomst.unwrap_or(Uitkomst::Weigeren), "regels": record.regels });
    if let (Some(beleid), Some(context)) = (record.beleid, context.as_object_mut()) {
        context.insert("beleid".into(), json!(beleid));
    }
    Paar {
        vraag: Some(json!({
            "subject": { "type": "partner", "id": record.van.or(record.ontvanger) },
            "action": { "name": handeling },
            "resource": bron,
        })),
        antwoord: json!({ "decision": record.uitkomst.is_some_and(Uitkomst::levert), "context": context }),
        beleid: record.beleid.map(|digest| ("inbreng.beleid".to_owned(), digest)),
    }
}

/// The moment of a leaf falls in a period.
pub(super) fn valt_in(tijd: Tijdstip, vanaf: Option<Tijdstip>, tot: Option<Tijdstip>) -> bool {
    vanaf.is_none_or(|v| tijd >= v) && tot.is_none_or(|t| tijd < t)
}
