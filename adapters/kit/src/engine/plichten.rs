//! What a duty asks of an adapter itself, beside telling its user: the sender is asked for the steps of the reporting code (R14) and
//! for safe contact at a transfer (R38), never refused for it; a role belongs to one incident and to no person (R29); what a school
//! gets ends after five school days (R27).

use inbreng_domain::{Code, Tijdstip, TypeNaam, Verplichting, vocabulary::Categorie};
use inbreng_policy::Beleid;
use serde_json::Value;

use super::vrijetekst;

/// The steps of the reporting code.
const STAPPEN: std::ops::RangeInclusive<u64> = 1..=5;
/// The duty that says that a school keeps it for so many school days (R27).
const VERWIJDEREN: &str = "verwijderen-na-vijf-schooldagen";

/// What the sender of a report under the reporting code is asked for: the steps that it does not name, and whether it was talked
/// about with the client.
pub(super) fn meldcode(soort: &TypeNaam, variant: Option<&Code>, verklaring: &Value) -> Vec<String> {
    if soort.as_str() != "zorgmelding" || variant.is_none_or(|v| v.as_str() != "meldcode-stap-5") {
        return Vec::new();
    }
    let gezet = |stap: u64| {
        let stappen = verklaring.get("meldcodestappen").and_then(Value::as_array);
        stappen.is_some_and(|s| s.iter().any(|v| v.as_u64() == Some(stap)))
    };
    let mist: Vec<String> = STAPPEN.filter(|stap| !gezet(*stap)).map(|stap| stap.to_string()).collect();
    let mut vragen = Vec::new();
    if !mist.is_empty() {
        vragen.push(format!(
            "Leg de stappen van de meldcode vast. Nog niet genoemd: stap {}. De melding gaat wel door.",
            mist.join(", ")
        ));
    }
    if verklaring.get("besproken").is_none() {
        vragen.push("Heeft u er met de cliënt over gesproken? Zo nee, leg uit waarom dat niet veilig was.".to_owned());
    }
    vragen
}

/// What the sender of a transfer is asked for: each person of whom no safe contact goes along.
pub(super) fn veilig_contact(soort: &TypeNaam, categorie: Categorie, deel: usize, inhoud: &Value) -> Option<String> {
    if soort.as_str() != "overdracht" || categorie != Categorie::Persoon {
        return None;
    }
    let refs = |lijst: &str| -> Vec<&str> {
        let leden = inhoud.get(lijst).and_then(Value::as_array);
        leden.into_iter().flatten().filter_map(|lid| lid.get("ref").and_then(Value::as_str)).collect()
    };
    let bekend = refs("veiligContact");
    let zonder = refs("personen").into_iter().filter(|persoon| !bekend.contains(persoon)).count();
    (zonder > 0).then(|| {
        format!(
            "In deel {} staat van {zonder} van de personen geen veilig contact. Ga bij elke overdracht opnieuw na hoe iemand veilig is \
             te bereiken, en wie nooit bericht mag krijgen.",
            deel + 1
        )
    })
}

/// Parts that say who somebody is, and go along for ever.
const OVER_PERSONEN: [Categorie; 3] = [Categorie::Persoon, Categorie::Gezin, Categorie::Kind];
/// Words that make of a role in an incident what somebody is.
const ROLLEN: [&str; 7] = ["dader", "daders", "pleger", "plegers", "slachtoffer", "slachtoffers", "mishandelaar"];

/// What the sender is asked who gives a person a role outside an incident: a role has a date, and may be another in another incident
/// (R29). Names the place, never the text.
pub(super) fn vaste_rol(categorie: Categorie, deel: usize, inhoud: &Value) -> Option<String> {
    if !OVER_PERSONEN.contains(&categorie) {
        return None;
    }
    let mut gevonden = false;
    vrijetekst::teksten(inhoud, &mut |tekst| {
        gevonden |= tekst.split(|c: char| !c.is_alphanumeric()).any(|woord| ROLLEN.contains(&woord.to_lowercase().as_str()));
    });
    gevonden.then(|| {
        format!(
            "In deel {} ({categorie}) lijkt een rol als pleger of slachtoffer vast te staan. Een rol hoort bij één incident: iemand kan \
             in een ander incident een andere rol hebben. Zet haar in een deel 'incident'.",
            deel + 1
        )
    })
}

/// Until when a part may be kept that has such a duty, by the calendar of the covenant; else as its owner says.
pub(super) fn bewaren_tot(
    eigenaar: Option<Tijdstip>,
    verplichtingen: &[Verplichting],
    beleid: Option<&Beleid>,
    aangenomen_op: Tijdstip,
) -> Option<Tijdstip> {
    let plicht = verplichtingen.iter().any(|v| v.soort.as_str() == VERWIJDEREN);
    let einde = beleid.filter(|_| plicht).map(|b| b.schoolbericht_tot(aangenomen_op));
    einde.into_iter().chain(eigenaar).min()
}

#[cfg(test)]
mod tests {
    use inbreng_catalogue::Catalogus;
    use inbreng_domain::{Digest, RegelId};
    use inbreng_policy::{Bundel, Convenantbron};
    use serde_json::json;

    use super::*;

    fn naam(naam: &str) -> TypeNaam {
        TypeNaam::parse(naam).unwrap()
    }

    #[test]
    fn the_sender_of_a_report_is_asked_for_the_steps_it_does_not_name() {
        let stap_5 = Code::parse("meldcode-stap-5").unwrap();
        let gevraagd = |verklaring: Value| meldcode(&naam("zorgmelding"), Some(&stap_5), &verklaring);
        assert!(gevraagd(json!({"meldcodestappen": [1, 2, 3, 4, 5], "besproken": "ja"})).is_empty());
        let vragen = gevraagd(json!({"meldcodestappen": [1, 2, 5]}));
        assert_eq!(vragen.len(), 2);
        assert!(vragen[0].contains("stap 3, 4"), "{vragen:?}");
        assert_eq!(gevraagd(json!({})).len(), 2, "nothing named");
        let zonder = json!({});
        assert!(meldcode(&naam("zorgmelding"), Some(&Code::parse("politiezorg").unwrap()), &zonder).is_empty());
        assert!(meldcode(&naam("incidentmelding"), None, &zonder).is_empty());
    }

    #[test]
    fn the_sender_of_a_transfer_is_asked_for_safe_contact_of_each() {
        let twee = |veilig: Value| json!({"personen": [{"ref": "A"}, {"ref": "B"}], "veiligContact": veilig});
        let gevraagd = |inhoud: &Value| veilig_contact(&naam("overdracht"), Categorie::Persoon, 0, inhoud);
        assert_eq!(gevraagd(&twee(json!([{"ref": "A"}, {"ref": "B"}]))), None);
        assert!(gevraagd(&twee(json!([{"ref": "A"}]))).unwrap().contains("van 1 van de personen"));
        assert!(gevraagd(&json!({"personen": [{"ref": "A"}]})).is_some());
        let elders = twee(json!([]));
        assert_eq!(veilig_contact(&naam("verwijzing"), Categorie::Persoon, 0, &elders), None);
        assert_eq!(veilig_contact(&naam("overdracht"), Categorie::Risico, 0, &elders), None);
    }

    #[test]
    fn a_role_outside_an_incident_is_asked_about_and_one_in_it_is_not() {
        let vast = json!({"personen": [{"ref": "A"}], "toelichting": "Vader is de Pleger."});
        let vraag = vaste_rol(Categorie::Gezin, 1, &vast).unwrap();
        assert!(vraag.contains("deel 2") && !vraag.contains("Vader"), "{vraag}");
        for categorie in [Categorie::Incident, Categorie::Hulp] {
            assert_eq!(vaste_rol(categorie, 0, &vast), None, "{categorie}");
        }
        let gewoon = json!({"toelichting": "Heeft contact met slachtofferhulp."});
        assert_eq!(vaste_rol(Categorie::Persoon, 0, &gewoon), None);
    }

    /// No schema has a place for a role but an incident, which is dated; there a person can have both, and another in the next.
    #[test]
    fn the_same_person_has_another_role_in_another_incident() {
        let catalogus = Catalogus::ingebouwd().unwrap();
        let toets = |categorie, inhoud: &Value| catalogus.toets_inhoud(&naam("incidentmelding"), categorie, inhoud);
        let persoon = "AAECAwQFBgcICQoLDA0ODw";
        let op = |dag: &str, rollen: &[&str]| {
            let rollen: Vec<Value> = rollen.iter().map(|rol| json!({"ref": persoon, "rol": rol})).collect();
            json!({
                "soort": "incident", "aard": ["lichamelijk"], "plaatsgevondenOp": dag, "rollen": rollen,
                "bron": {"zekerheid": "feit", "functie": "wijkagent"},
            })
        };
        for (dag, rollen) in [
            ("2026-10-01T20:00:00.000Z", &["pleger"][..]),
            ("2026-11-01T20:00:00.000Z", &["slachtoffer"]),
            ("2026-11-02T20:00:00.000Z", &["pleger", "slachtoffer"]),
        ] {
            toets(Categorie::Incident, &op(dag, rollen)).unwrap();
        }
        let mut zonder_dag = op("2026-11-02T20:00:00.000Z", &["pleger"]);
        zonder_dag.as_object_mut().unwrap().remove("plaatsgevondenOp");
        assert!(toets(Categorie::Incident, &zonder_dag).is_err(), "a role has a date");
        let vast = json!({"personen": [{"ref": persoon, "naam": {"achternaam": "Testpersoon Appel"}, "geboortedatum": "1990-01-01", "rol": "pleger"}]});
        let los =
            json!({"personen": [{"ref": persoon, "naam": {"achternaam": "Testpersoon Appel"}, "geboortedatum": "1990-01-01"}]});
        assert!(toets(Categorie::Persoon, &vast).is_err() && toets(Categorie::Persoon, &los).is_ok());
    }

    #[test]
    fn what_a_school_gets_ends_after_five_school_days() {
        let catalogus = Catalogus::ingebouwd().unwrap();
        let bron = Convenantbron::meegeleverd().unwrap().remove(0);
        let beleid =
            Beleid::laden(Bundel::genereren(&bron, &catalogus).unwrap(), Digest::from_bytes([1; 32]), &catalogus).unwrap();
        let plicht =
            [Verplichting { soort: Code::parse(VERWIJDEREN).unwrap(), regel: RegelId::new(27).unwrap(), uiterlijk: None }];
        let tijd = |t: &str| Tijdstip::parse(t).unwrap();
        let vrijdag = tijd("2026-11-20T09:00:00.000Z");
        let einde = bewaren_tot(None, &plicht, Some(&beleid), vrijdag);
        assert_eq!(einde, Some(tijd("2026-11-27T09:00:00.000Z")));
        let eerder = tijd("2026-11-23T00:00:00.000Z");
        assert_eq!(bewaren_tot(Some(eerder), &plicht, Some(&beleid), vrijdag), Some(eerder), "never later than its owner says");
        assert_eq!(bewaren_tot(Some(eerder), &[], Some(&beleid), vrijdag), Some(eerder));
        assert_eq!(bewaren_tot(None, &[], Some(&beleid), vrijdag), None);
    }
}
