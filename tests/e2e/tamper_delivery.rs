//! Tamper, and attack test 8 at the receiving end: a hub that was taken over changes a delivery in every place, one at a
//! time. The recipient's adapter refuses each with a signed refusal; nothing of it reaches the own system.

use std::collections::BTreeMap;

use inbreng_domain::{
    Clock, LeveringId,
    clock::SystemClock,
    receipts::{Weigering, Weigeringscode},
};
use inbreng_harness::{Adapter, Brief, Deelnemer, Regio, wachten_tot};
use inbreng_proof::{SystemRandomness, Typ, encoding::encode, jws};
use serde_json::{Value, json};

use crate::{PROGRAMMA, hub, lying_hub::LyingHub};

/// Every place in a value, as JSON Pointer.
fn plaatsen(waarde: &Value, hier: &str, gevonden: &mut Vec<String>) {
    gevonden.push(hier.to_owned());
    match waarde {
        Value::Object(leden) => leden.iter().for_each(|(naam, lid)| plaatsen(lid, &format!("{hier}/{naam}"), gevonden)),
        Value::Array(leden) => leden.iter().enumerate().for_each(|(i, lid)| plaatsen(lid, &format!("{hier}/{i}"), gevonden)),
        _ => {}
    }
}

/// Another character of the same kind, so that the text keeps its form as far as it can.
fn ander_teken(teken: char) -> char {
    match teken {
        'z' => 'a',
        'Z' => 'A',
        '9' => '0',
        'a'..='y' | 'A'..='Y' | '0'..='8' => char::from_u32(u32::from(teken) + 1).unwrap(),
        _ => 'x',
    }
}

fn met_ander_teken(tekst: &str, plaats: usize) -> String {
    tekst.chars().enumerate().map(|(i, c)| if i == plaats { ander_teken(c) } else { c }).collect()
}

/// One change each. What the hub says in its own name (the delivery's number and moment, its decisions, and which system of
/// the sender it came from) nobody else signed, so it is not tried.
fn veranderd(goed: &Value) -> Vec<(String, Value)> {
    let mut alle = Vec::new();
    plaatsen(&goed["bericht"], "/bericht", &mut alle);
    let mut uit = Vec::new();
    let mut zet = |wat: String, pad: &str, waarde: Option<Value>| {
        let mut anders = goed.clone();
        let (ouder, naam) = pad.rsplit_once('/').unwrap();
        match (anders.pointer_mut(ouder).unwrap(), waarde) {
            (Value::Object(leden), Some(waarde)) => drop(leden.insert(naam.to_owned(), waarde)),
            (Value::Object(leden), None) => drop(leden.shift_remove(naam)),
            (Value::Array(leden), Some(waarde)) => leden[naam.parse::<usize>().unwrap()] = waarde,
            (Value::Array(leden), None) => drop(leden.remove(naam.parse().unwrap())),
            _ => unreachable!("a parent holds members"),
        }
        uit.push((wat, anders));
    };
    for pad in alle.iter().filter(|pad| pad.as_str() != "/bericht" && !pad.starts_with("/bericht/source")) {
        let waarde = goed.pointer(pad).unwrap().clone();
        if let Value::String(tekst) = &waarde {
            let lengte = tekst.chars().count();
            let mut waar = vec![0, lengte / 2, lengte - 1];
            if pad == "/bericht/id" {
                // Elsewhere it is no number any more, and a refusal could not name the message.
                waar = vec![lengte - 1];
            }
            if lengte > 400 {
                waar.extend((1..8).map(|i| i * lengte / 8));
            }
            waar.sort_unstable();
            waar.dedup();
            for plaats in waar {
                zet(format!("{pad} at {plaats}"), pad, Some(met_ander_teken(tekst, plaats).into()));
            }
            if pad != "/bericht/id" {
                zet(format!("{pad} longer"), pad, Some(format!("{tekst}A").into()));
            }
        }
        if waarde.is_object() {
            zet(format!("{pad} with a member more"), &format!("{pad}/vreemd"), Some(json!("x")));
        }
        if let Value::Array(leden) = &waarde
            && let Some(eerste) = leden.first()
        {
            zet(format!("{pad} with its first twice"), pad, Some([&leden[..], std::slice::from_ref(eerste)].concat().into()));
        }
        // A part taken out is withheld, which a hub can always do; everything else is missed. Without a number of the
        // message no refusal can be signed.
        let is_deel = pad.strip_prefix("/bericht/data/delen/").is_some_and(|rest| !rest.contains('/'));
        if !is_deel && pad != "/bericht/id" {
            zet(format!("{pad} taken out"), pad, None);
        }
    }
    uit
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_a_delivery_is_refused_under_signature() {
    let regio = Regio::maken();
    let eerlijk = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &eerlijk, naam));
    let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    let goed = vt.postvak().await.remove(0);
    let mut gevallen = veranderd(&goed);
    gevallen.extend(vormen(&goed));
    assert!(gevallen.len() > 200, "{}", gevallen.len());

    let hub = LyingHub::starten(&regio);
    let adapter = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", hub.adres).await;
    let mut wat_is = BTreeMap::new();
    for (wat, levering) in &mut gevallen {
        let id = LeveringId::mint(SystemClock.now(), &SystemRandomness).to_string();
        levering["id"] = json!(id);
        wat_is.insert(id, wat.clone());
    }
    hub.levert(gevallen.into_iter().map(|(_, levering)| levering));
    wachten_tot("a word about every delivery", async || {
        let gezien = adapter.postbus().await;
        let getoond: Vec<_> =
            gezien.iter().filter(|l| l["lichaam"].is_object()).map(|l| &wat_is[l["levering"].as_str().unwrap()]).collect();
        assert!(getoond.is_empty(), "shown to the own system: {getoond:?}");
        (hub.open() == 0).then_some(())
    })
    .await;
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for (id, wat) in &wat_is {
        let (woord, jws) = hub.woord(id).unwrap();
        assert_eq!(woord, "weigering", "{wat}");
        let weigering: Weigering = jws::verify(&jws, Typ::Weigering, vt.partner.publiek()).unwrap();
        assert_eq!((weigering.levering.to_string(), weigering.ontvanger), (id.clone(), vt.partner.oin), "{wat}");
        *codes.entry(weigering.code.to_string()).or_default() += 1;
    }
    eprintln!("refusals by code: {codes:?}");
    for code in [Weigeringscode::HandtekeningOngeldig, Weigeringscode::ToegangOntbreekt, Weigeringscode::InhoudOngeldig] {
        assert!(codes.contains_key(&code.to_string()), "{codes:?}");
    }

    // What was not changed is handed on, after all of that.
    let id = LeveringId::mint(SystemClock.now(), &SystemRandomness).to_string();
    let mut heel = goed;
    heel["id"] = json!(id);
    hub.levert([heel]);
    let shown = async || adapter.postbus().await.into_iter().find(|l| l["levering"] == json!(id) && l["lichaam"].is_object());
    let getoond = wachten_tot("the honest delivery", shown).await;
    adapter.bevestigen(&getoond).await;
    assert_eq!(wachten_tot("its receipt", async || hub.woord(&id)).await.0, "ontvangst");
}

/// Forms of JOSE that are not ours (attack test 8): what a lenient reader would take.
fn vormen(goed: &Value) -> Vec<(String, Value)> {
    let deel = "/bericht/data/delen/0";
    let nul = |lengte: usize| json!(encode(&vec![0; lengte]));
    let kop = |json: &str| json!(encode(json.as_bytes()));
    let zonder_handtekening = |pad: &str, typ: &str| {
        let jws = goed.pointer(pad).unwrap().as_str().unwrap();
        let inhoud = jws.split('.').nth(1).unwrap();
        json!(format!("{}.{inhoud}.", encode(format!(r#"{{"alg":"none","typ":"{typ}"}}"#).as_bytes())))
    };
    let (bewijs, toegang) = (format!("{deel}/eigenaarsbewijs"), format!("{deel}/toegang/0/verklaring"));
    let gevallen = [
        ("tag of one byte", format!("{deel}/inhoud/tag"), nul(1)),
        ("iv of sixteen", format!("{deel}/inhoud/iv"), nul(16)),
        ("zip", format!("{deel}/inhoud/protected"), kop(r#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","zip":"DEF"}"#)),
        ("alg none", format!("{deel}/inhoud/protected"), kop(r#"{"alg":"none","enc":"A256GCM"}"#)),
        ("duplicate key", format!("{deel}/inhoud/protected"), kop(r#"{"alg":"ECDH-ES+A256KW","enc":"A128GCM","enc":"A256GCM"}"#)),
        ("aad of other labels", format!("{deel}/inhoud/aad"), kop("{}")),
        ("another label", format!("{deel}/labels/categorie"), json!("persoon")),
        ("unsigned proof", bewijs.clone(), zonder_handtekening(&bewijs, "inbreng-deel+jws")),
        ("unsigned access", toegang.clone(), zonder_handtekening(&toegang, "inbreng-toegang+jws")),
        ("proof of another typ", bewijs.clone(), goed.pointer(&toegang).unwrap().clone()),
        ("access of another typ", toegang, goed.pointer(&bewijs).unwrap().clone()),
    ];
    gevallen
        .into_iter()
        .map(|(wat, pad, waarde)| {
            let mut anders = goed.clone();
            *anders.pointer_mut(&pad).unwrap() = waarde;
            (wat.to_owned(), anders)
        })
        .collect()
}
