//! AuthZEN questions and answers. Questions are open, as the standard asks; answers are ours, and closed.

use serde_json::{Value, json};

use super::{Component, DIGEST, OIN, UUID, erbij, lijst, mag, met_voorbeeld, moet, naar, object, tekst};

/// A question's object: what must be there, and anything beside it.
fn open(uitleg: &str, required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "description": uitleg, "required": required, "properties": properties })
}

fn eigenschappen(uitleg: &str) -> Value {
    json!({ "type": "object", "description": uitleg })
}

pub(super) fn components() -> Vec<Component> {
    [vragen(), antwoorden()].into_iter().flatten().collect()
}

fn vragen() -> Vec<Component> {
    let onderwerp = open(
        "Wie vraagt: de organisatie van het certificaat.",
        &["type", "id"],
        json!({
            "type": tekst("`partner`."),
            "id": tekst("Het OIN van de vragende organisatie."),
            "properties": eigenschappen("Wordt genegeerd: wie iemand is, weet het knooppunt uit certificaat en gids."),
        }),
    );
    let handeling = open(
        "Wat de ontvanger ermee zou doen.",
        &["name"],
        json!({
            "name": tekst("`ontvangen` of `inzien`."),
            "properties": eigenschappen(
                "Wordt genegeerd; een verwijzing naar een verwerkingsactiviteit of algoritme hoort binnen de eigen organisatie te \
                 blijven.",
            ),
        }),
    );
    let bron = open(
        "Waarover het gaat.",
        &["type", "id"],
        json!({
            "type": tekst(
                "`deel`: een deel van een bericht. `verklaring`: een bericht zonder delen.",
            ),
            "id": tekst("Het nummer van het deel (UUID versie 7), of het berichttype van de verklaring."),
            "properties": eigenschappen(
                "De labels van het deel: `categorie` en `doel`, en waar van toepassing `grondslagen`, `betrokkenen`, \
                 `noodbesluit`, `noodzaak`, `afgeschermd`, `briefing`, `functie`, `namens`, `status`, `waargenomenOp`, `overlegdeel`. \
                 Ontbreken zij bij `inzien`, dan gaat de vraag over een deel dat bij de vrager ligt.",
            ),
        }),
    );
    let context = open(
        "De rest van het bericht: `type`, `convenant`, en waar van toepassing `variant`, `casus`, `opening`, `urgentie`, \
         `antwoordOp`, `gemeente`, `geadresseerden`, `verklaring`, `genoemd`. Bij inzien van een liggend deel: `doel`. Van het NL \
         GOV-profiel: `traceparent` komt in het logboek; `time`, `mim` en `ld-context` worden genegeerd.",
        &[],
        json!({ "traceparent": tekst("W3C Trace Context, §3.2.2.") }),
    );
    let voorbeeld = json!({
        "subject": { "type": "partner", "id": OIN },
        "action": { "name": "ontvangen" },
        "resource": {
            "type": "deel",
            "id": UUID,
            "properties": {
                "categorie": "incident", "doel": "beoordelen", "grondslagen": ["wettelijke-taak"], "noodzaak": "toegelicht",
                "afgeschermd": "nee",
            },
        },
        "context": {
            "type": "nl.inbreng.incidentmelding.v1", "convenant": "voorbeeldregio", "gemeente": "0518",
            "verklaring": {}, "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        },
    });
    let leden = json!({
        "subject": naar("EvaluatieOnderwerp"),
        "action": naar("EvaluatieHandeling"),
        "resource": naar("EvaluatieBron"),
        "context": naar("EvaluatieContext"),
    });
    let verzoek = open("Eén vraag.", &["subject", "action", "resource"], leden.clone());
    let vragen = json!({
        "type": "array",
        "maxItems": 64,
        "description": "De vragen; wat een vraag niet noemt, komt van hierboven.",
        "items": { "type": "object", "description": "Een vraag." },
    });
    let opties = open(
        "Hoe de reeks wordt uitgevoerd.",
        &[],
        json!({ "evaluations_semantic": {
            "type": "string",
            "enum": ["execute_all", "deny_on_first_deny", "permit_on_first_permit"],
            "default": "execute_all",
            "description": "Alles, tot de eerste `false`, of tot de eerste `true`.",
        } }),
    );
    let reeks = open("Een of meer vragen.", &[], erbij(leden, [("evaluations", vragen), ("options", opties)]));
    let opties = json!({ "evaluations_semantic": "deny_on_first_deny" });
    let vragen = json!([{}, { "action": { "name": "inzien" } }]);
    let reeksvoorbeeld = erbij(voorbeeld.clone(), [("options", opties), ("evaluations", vragen)]);
    vec![
        ("EvaluatieOnderwerp", onderwerp),
        ("EvaluatieHandeling", handeling),
        ("EvaluatieBron", bron),
        ("EvaluatieContext", context),
        ("EvaluatieVerzoek", met_voorbeeld(verzoek, voorbeeld)),
        ("EvaluatiesVerzoek", met_voorbeeld(reeks, reeksvoorbeeld)),
    ]
}

fn antwoorden() -> Vec<Component> {
    let besluit = object(
        "Waarom, en wat erbij hoort.",
        vec![
            moet("uitkomst", naar("Uitkomst")),
            moet("reden", tekst("De reden, in gewone taal.")),
            moet("regels", lijst("RegelId")),
            mag("grondslag", naar("Grondslag")),
            moet("verplichtingen", lijst("Verplichting")),
            moet("alternatieven", lijst("Alternatief")),
            mag("beleid", naar("Digest")),
            mag("ontvangers", lijst("Oin")),
        ],
    );
    let fout = object(
        "Waarom er niet beslist kon worden.",
        vec![moet(
            "error",
            object(
                "De fout.",
                vec![
                    moet(
                        "status",
                        json!({ "type": "integer", "description": "De HTTP-status die de vraag alleen zou krijgen." }),
                    ),
                    moet("message", tekst("Wat er mis is, in gewone taal.")),
                    moet("code", naar("Probleemcode")),
                    mag("pad", tekst("JSON Pointer naar de plaats in de vraag.")),
                ],
            ),
        )],
    );
    let evaluatie = object(
        "Een beslissing.",
        vec![
            moet("decision", json!({ "type": "boolean", "description": "Alleen `true` als er geleverd mag worden." })),
            moet("context", json!({ "anyOf": [naar("EvaluatieBesluit"), naar("EvaluatieFout")] })),
        ],
    );
    let voorbeeld = json!({
        "decision": true,
        "context": {
            "uitkomst": "toestaan-met-plicht",
            "reden": "Dit mag: het is uw wettelijke taak.",
            "regels": ["R5"],
            "grondslag": "wettelijke-taak",
            "verplichtingen": [{ "soort": "transparantiebericht", "regel": "R32" }],
            "alternatieven": [],
            "beleid": DIGEST,
            "ontvangers": [OIN],
        },
    });
    let nee = json!({
        "decision": false,
        "context": { "error": {
            "status": 403, "message": "De afzender in het bericht is een andere organisatie dan die van uw certificaat.",
            "code": "bron-niet-eigen", "pad": "/subject",
        } },
    });
    let reeks = object("De beslissingen.", vec![moet("evaluations", lijst("Evaluatie"))]);
    let vindplaats = object(
        "De adressen.",
        vec![
            moet("policy_decision_point", tekst("Het adres van het knooppunt.")),
            moet("access_evaluation_endpoint", tekst("Voor één vraag.")),
            moet("access_evaluations_endpoint", tekst("Voor een reeks.")),
        ],
    );
    vec![
        ("EvaluatieBesluit", besluit),
        ("EvaluatieFout", fout),
        ("Evaluatie", met_voorbeeld(evaluatie, voorbeeld.clone())),
        ("Evaluaties", met_voorbeeld(reeks, json!({ "evaluations": [voorbeeld, nee] }))),
        (
            "EvaluatiesAntwoord",
            json!({
                "description": "De beslissingen; zonder reeks één beslissing.",
                "anyOf": [naar("Evaluaties"), naar("Evaluatie")],
            }),
        ),
        (
            "AuthzenVindplaats",
            met_voorbeeld(
                vindplaats,
                json!({
                    "policy_decision_point": "https://hub.example:8443",
                    "access_evaluation_endpoint": "https://hub.example:8443/access/v1/evaluation",
                    "access_evaluations_endpoint": "https://hub.example:8443/access/v1/evaluations",
                }),
            ),
        ),
    ]
}
