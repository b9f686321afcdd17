//! What an adapter does of a rule itself: it asks its user for what is missing and sends all the same (R14, R38), asks about a role that
//! seems to be fixed (R29), and hands on from when a part is old (R30) and until when it may be kept (R27).

use inbreng_catalogue::Catalogus;
use inbreng_domain::{Clock, Tijdstip, clock::SystemClock};
use inbreng_policy::Beleid;
use inbreng_proof::{digest_of, jws};
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

/// The policy of this region, ready to decide.
fn beleid(regio: &Regio) -> Beleid {
    let bundel: Value = jws::unverified_payload(&regio.bundel).unwrap();
    let digest = digest_of(&bundel).unwrap();
    Beleid::laden(serde_json::from_value(bundel).unwrap(), digest, &Catalogus::ingebouwd().unwrap()).unwrap()
}

/// An instant as `JJJJ-MM-DD uu:mm` in Dutch time. When summer time begins and ends, from the Staatscourant.
fn hier(tijd: Tijdstip) -> String {
    const ZOMERS: [(&str, &str); 5] = [
        ("2026-03-29T01", "2026-10-25T01"),
        ("2027-03-28T01", "2027-10-31T01"),
        ("2028-03-26T01", "2028-10-29T01"),
        ("2029-03-25T01", "2029-10-28T01"),
        ("2030-03-31T01", "2030-10-27T01"),
    ];
    let utc = tijd.to_string();
    assert!(utc.as_str() < "2031", "the covenant of this region ends, and so does this table");
    let zomer = ZOMERS.iter().any(|(van, tot)| *van <= utc.as_str() && utc.as_str() < *tot);
    tijd.plus(time::Duration::hours(if zomer { 2 } else { 1 })).to_string()[..16].replace('T', " ")
}

/// `DD-MM-JJJJ uu:mm` with the year in front.
fn sorteerbaar(tekst: &str) -> String {
    let (dag, uur) = tekst.split_once(' ').unwrap();
    let [dag, maand, jaar]: [&str; 3] = dag.split('-').collect::<Vec<_>>().try_into().unwrap();
    format!("{jaar}-{maand}-{dag} {uur}")
}

/// Five school days on the calendar of the region, counted by hand: over a weekend, over Christmas, over Easter with the change to
/// summer time, over King's Day.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_school_days_are_counted_on_the_calendar_of_the_region() {
    let beleid = beleid(&Regio::nieuw().await);
    for (aangenomen, tot, in_nederland) in [
        ("2026-11-20T15:10:00.000Z", "2026-11-27T15:10:00.000Z", "2026-11-27 16:10"),
        ("2026-11-22T08:00:00.000Z", "2026-11-27T08:00:00.000Z", "2026-11-27 09:00"),
        ("2026-12-21T09:00:00.000Z", "2026-12-29T09:00:00.000Z", "2026-12-29 10:00"),
        ("2027-03-26T22:30:00.000Z", "2027-04-05T22:30:00.000Z", "2027-04-06 00:30"),
        ("2027-04-26T07:45:00.000Z", "2027-05-04T07:45:00.000Z", "2027-05-04 09:45"),
    ] {
        let gerekend = beleid.schoolbericht_tot(Tijdstip::parse(aangenomen).unwrap());
        assert_eq!((gerekend.to_string().as_str(), hier(gerekend).as_str()), (tot, in_nederland), "{aangenomen}");
    }
}

/// R27: what a school gets ends after five school days, and its system is told when; in the inbox page its reader is.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_school_is_told_until_when_it_may_keep_what_it_got() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let school = regio.partner(Partner::School).await;
    let melding = fixture("politie/fixtures/handle-with-care/cas.json");
    let voor = SystemClock.now();
    assert_eq!(politie.post("/handle-with-care?wacht=20", &melding).await.status, 202);
    let signaal = school.systeem.ontvangt("/signalen").await;
    let na = SystemClock.now();
    // The term runs from when the hub took it, which is between these two, to the same time of day five school days later.
    let beleid = beleid(&regio);
    let weg = signaal["weghalen_voor"].as_str().unwrap_or_else(|| panic!("{signaal}"));
    let mogelijk = [voor, na].map(|t| hier(beleid.schoolbericht_tot(t)));
    let weg = sorteerbaar(weg);
    assert!(mogelijk[0] <= weg && weg <= mogelijk[1], "{mogelijk:?}: {signaal}");
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
