//! What an adapter does of a rule itself: it asks its user for what is missing and sends all the same (R14, R38), asks about a role that
//! seems to be fixed (R29), and hands on from when a part is old (R30) and until when it may be kept (R27).

use inbreng_domain::{Clock, Datum, clock::SystemClock};
use serde_json::{Value, json};

use crate::regio::{Antwoord, Partner, Regio, fixture};

fn waarschuwingen(antwoord: &Antwoord) -> Vec<&str> {
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    assert_eq!(antwoord.json["stand"], "bevestigd", "it goes all the same: {antwoord:?}");
    antwoord.json["waarschuwingen"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect()
}

/// R14: step five of the reporting code without its steps.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_report_without_the_steps_of_the_reporting_code_goes_and_its_sender_is_asked_for_them() {
    let regio = Regio::nieuw().await;
    let school = regio.partner(Partner::School).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let heel = fixture("school/fixtures/zorgmeldingen/stap-5.json");
    let mut half = heel.clone();
    half["meldcode_stappen"] = json!([1, 2]);
    half["meldingsnummer"] = json!("SCH-2026-0008");
    for (melding, vragen) in [(&heel, vec![]), (&half, vec!["Nog niet genoemd: stap 3, 4, 5. De melding gaat wel door."])] {
        let gevraagd = school.post("/toets/zorgmeldingen", melding).await;
        let antwoord = school.post("/zorgmeldingen?wacht=20", melding).await;
        let gekregen = waarschuwingen(&antwoord);
        let over_stappen: Vec<_> = gekregen.iter().filter(|w| w.contains("meldcode")).collect();
        assert_eq!(over_stappen.len(), vragen.len(), "{gekregen:?}");
        assert!(over_stappen.iter().zip(&vragen).all(|(w, zin)| w.ends_with(zin)), "{gekregen:?}");
        assert_eq!(gevraagd.json["waarschuwingen"], antwoord.json["waarschuwingen"], "asked before, the same is said");
        vt.systeem.ontvangt("/meldingen/professionals").await;
    }
}

/// R38: a transfer of somebody of whom nobody says how to reach them safely; R30: what the recipient's system is given with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_transfer_without_safe_contact_goes_and_its_sender_is_asked_for_it() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let wijkteam = regio.partner(Partner::Wijkteam).await;
    vt.systeem.antwoordt("/meldingen/politie", json!({"meldingnummer": "M-1", "dossiernummer": "D-3109"}));
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    assert_eq!(politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await.status, 202);
    let melding = vt.systeem.ontvangt("/meldingen/politie").await;
    // Seen on the twentieth of November: old six months later, and the own system is told from which day.
    assert_eq!(melding["incident"][0]["oud_vanaf"], "2027-05-20", "{melding}");
    vt.rust().await;

    let zonder = fixture("veilig-thuis/fixtures/overdrachten/olijf-rijswijk.json");
    let antwoord = vt.post("/overdrachten?wacht=20", &zonder).await;
    let veilig = |w: &&&str| w.contains("geen veilig contact");
    let gekregen = waarschuwingen(&antwoord);
    let zinnen: Vec<_> = gekregen.iter().filter(veilig).collect();
    assert_eq!(zinnen.len(), 1, "{gekregen:?}");
    assert!(zinnen[0].starts_with("In deel 1 staat van 1 van de personen geen veilig contact."), "{zinnen:?}");
    wijkteam.systeem.ontvangt("/aanmeldingen").await;

    let mut met = zonder.clone();
    met["overdrachtnummer"] = json!("OV-2026-0103");
    met["clienten"][1]["veilig_contact"] = met["clienten"][0]["veilig_contact"].clone();
    let antwoord = vt.post("/overdrachten?wacht=20", &met).await;
    assert_eq!(waarschuwingen(&antwoord).iter().filter(veilig).count(), 0);
    wijkteam.systeem.ontvangt("/aanmeldingen").await;
}

/// R27: what a school gets ends after five school days, and its system is told when; in the inbox page its reader is.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_school_is_told_until_when_it_may_keep_what_it_got() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let school = regio.partner(Partner::School).await;
    let melding = fixture("politie/fixtures/handle-with-care/cas.json");
    assert_eq!(politie.post("/handle-with-care?wacht=20", &melding).await.status, 202);
    let signaal = school.systeem.ontvangt("/signalen").await;
    let weg = signaal["weghalen_voor"].as_str().unwrap_or_else(|| panic!("{signaal}"));
    // `DD-MM-JJJJ uu:mm`; five school days are at least seven days, and at most two weeks and a holiday of two more.
    let [dag, maand, jaar]: [&str; 3] = weg[..10].split('-').collect::<Vec<_>>().try_into().unwrap();
    let weg = Datum::parse(&format!("{jaar}-{maand}-{dag}")).unwrap().date();
    let vandaag = Datum::parse(&SystemClock.now().to_string()[..10]).unwrap().date();
    assert!((5..=28).contains(&(weg - vandaag).whole_days()), "{signaal}");
    assert_ne!(signaal, Value::Null);
}

/// R29: a role that a person would keep for ever is asked about.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_role_in_a_part_about_persons_is_asked_about_and_goes() {
    let regio = Regio::nieuw().await;
    let school = regio.partner(Partner::School).await;
    let _vt = regio.partner(Partner::VeiligThuis).await;
    let mut melding = fixture("school/fixtures/zorgmeldingen/stap-5.json");
    melding["toelichting"] = json!("De dader is de buurman, zegt de leerling.");
    let antwoord = school.post("/zorgmeldingen?wacht=20", &melding).await;
    let gekregen = waarschuwingen(&antwoord);
    assert!(gekregen.iter().any(|w| w.contains("Een rol hoort bij één incident")), "{gekregen:?}");
    assert!(gekregen.iter().all(|w| !w.contains("buurman")), "the place, never the text");
}
