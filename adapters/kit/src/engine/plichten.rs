//! What a duty asks of an adapter itself, beside telling its user: the sender is asked for the steps of the reporting code (R14) and
//! for safe contact at a transfer (R38), never refused for it; what a school gets ends after five school days (R27).

use inbreng_domain::{Code, Tijdstip, TypeNaam, Verplichting, vocabulary::Categorie};
use inbreng_policy::Beleid;
use serde_json::Value;

/// The steps of the reporting code.
const STAPPEN: std::ops::RangeInclusive<u64> = 1..=5;
/// School days that a school keeps it (R27, PD).
const SCHOOLDAGEN: u16 = 5;
/// The duty that says so.
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

/// Until when a part may be kept that has such a duty, by the calendar of the covenant; else as its owner says.
pub(super) fn bewaren_tot(
    eigenaar: Option<Tijdstip>,
    verplichtingen: &[Verplichting],
    beleid: Option<&Beleid>,
    aangenomen_op: Tijdstip,
) -> Option<Tijdstip> {
    let plicht = verplichtingen.iter().any(|v| v.soort.as_str() == VERWIJDEREN);
    let einde = beleid.filter(|_| plicht).map(|b| b.werkdagen_na(aangenomen_op, SCHOOLDAGEN));
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
