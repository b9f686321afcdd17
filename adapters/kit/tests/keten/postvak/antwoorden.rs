//! Answers that are nothing without a part, filled in on the page and received by the system of who asked: the care advice and the
//! decision of the prosecution, input for a case conference, and advice with and without a name.

use serde_json::{Value, json};

use super::{Postvak, gevraagd_door, personen, verzoek};
use crate::regio::{Draaiend, Partner, Regio, fixture};

/// What the other's system gets of a type for which its mapping has no words of its own.
fn terug(soort: &str) -> String {
    format!(
        "\n[[inkomend]]\nsoort = \"{soort}\"\npad = \"/proef/{soort}\"\nrest = \"rest\"\n[inkomend.lichaam]\n\
         over = {{ veld = \"/antwoordOp/eigen\", verplicht = false }}\nvariant = {{ veld = \"/variant\", verplicht = false }}\n\
         inzage = {{ per = \"/terInzage\", waarde = \"./labels/id\", verplicht = false }}\n"
    )
}

/// Reads what came view-only, each part once.
async fn inzien(wie: &Draaiend, binnen: &Value, functie: &str, doel: &str) -> Vec<Value> {
    let mut uit = Vec::new();
    for deel in binnen["inzage"].as_array().unwrap() {
        let gelezen = wie.post(&format!("/inzage/{}", deel.as_str().unwrap()), &json!({"functie": functie, "doel": doel})).await;
        assert_eq!(gelezen.status, 200, "{gelezen:?}");
        uit.push(gelezen.json["inhoud"].clone());
    }
    uit
}

/// 16: the officer asks, Veilig Thuis advises from the page.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_care_advice_is_filled_in_and_reaches_the_prosecution() {
    let regio = Regio::met(&[Partner::Om]).await;
    let om = regio.partner(Partner::Om).await;
    let mut vt = regio.postvak(Partner::VeiligThuis).await;
    vt.aanmelden("gedragswetenschapper").await;
    let vraag = fixture("om/fixtures/adviesaanvragen/guave-zsm.json");
    assert_eq!(om.post("/adviesaanvragen?wacht=20", &vraag).await.status, 202);
    let bericht = vt.berichten(1).await.remove(0);
    let gelezen = vt.get(&bericht).await.tekst;
    for tekst in [
        "Guus Testpersoon Guave (persoon 1",
        "Bedreiging met een mes",
        "21 november 2026",
        "Contactverbod",
        "Wat de officier wil weten",
    ] {
        assert!(gelezen.contains(tekst), "{tekst} in {gelezen}");
    }
    let pad = format!("{bericht}/antwoord/zorgadvies");
    assert!(gelezen.contains(&pad), "{gelezen}");
    let wie = personen(&vt.get(&pad).await).remove(0);
    let velden = [
        ("deel.hulp", "ja"),
        ("over.hulp", &wie),
        ("grond.hulp", "wettelijke-taak"),
        ("deel.hulp.advies", "hulp-als-voorwaarde"),
        ("deel.hulp.bron.zekerheid", "feit"),
        ("deel.hulp.bron.functie", "gedragswetenschapper"),
        ("deel.hulp.vormen.0.soort", "Verzonnen behandeling"),
        ("deel.hulp.vormen.0.stand", "aangeboden"),
        ("deel.hulp.vormen.0.voorWie", &wie),
        ("deel.hulp.beschikbaarVanaf", "2026-12-01"),
        ("deel.plan", "ja"),
        ("over.plan", &wie),
        ("grond.plan", "wettelijke-taak"),
        ("deel.plan.voorwaarden.0.voorwaarde", "Geen verzonnen contact."),
        ("deel.plan.voorwaarden.0.bewaker.functie", "casusregisseur"),
        ("deel.plan.voorwaarden.0.tot", "2027-02-22"),
    ];
    // Half a condition is told at its field, two levels down.
    let half: Vec<(&str, &str)> = velden
        .iter()
        .copied()
        .filter(|(n, _)| !n.ends_with("bewaker.functie"))
        .chain([("deel.plan.voorwaarden.0.bewaker.telefoon", "070 0000000")])
        .collect();
    let fout = vt.invullen(&pad, &[half.as_slice(), &[("actie", "stuur")]].concat()).await;
    assert!(fout.status == 200 && fout.tekst.contains("id=\"fout-deel.plan.voorwaarden.0.bewaker.functie\""), "{}", fout.tekst);

    let uitslag = vt.sturen(&pad, &velden).await;
    assert!(uitslag.tekst.contains("<h1>Verstuurd"), "{}", uitslag.tekst);
    let binnen = om.systeem.ontvangt("/adviezen").await;
    assert_eq!(binnen["aanvraagnummer"], vraag["aanvraagnummer"], "{binnen}");
    let advies = &binnen["advies"][0];
    assert_eq!((&advies["advies"], &advies["kan_beginnen_op"]), (&json!("HULP ALS VOORWAARDE"), &json!("2026-12-01")));
    assert_eq!(
        advies["passende_hulp"][0]["ketennummers"],
        json!(["SKN-9990001"]),
        "the person by the number of who asked: {binnen}"
    );
    let voorwaarde = &binnen["veiligheidsvoorwaarden"][0]["voorwaarden"][0];
    assert_eq!((&voorwaarde["voorwaarde"], &voorwaarde["tot"]), (&json!("Geen verzonnen contact."), &json!("2027-02-22")));
    regio.nergens("Verzonnen behandeling");
    vt.stoppen().await;
}

/// 17: the decision, in the form for who advised; on a page of the prosecution.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_decision_is_filled_in_in_one_of_its_forms_and_reaches_who_advised() {
    let regio = Regio::met(&[Partner::Om]).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let mut om = regio.postvak(Partner::Om).await;
    om.aanmelden("officier-van-justitie").await;
    vt.systeem.antwoordt("/om/verzoeken", json!({"verzoeknummer": "VO-0001", "dossiernummer": "OMD-0001"}));
    vt.systeem.personen("clientnummer", &["C-20152"]);
    let vraag = fixture("om/fixtures/adviesaanvragen/guave-zsm.json");
    assert_eq!(om.rest("/adviesaanvragen?wacht=20", &vraag).await, 202);
    vt.systeem.ontvangt("/om/verzoeken").await;
    vt.rust().await;
    let advies = fixture("veilig-thuis/fixtures/om/adviezen/guave-zsm.json");
    let antwoord = vt.post("/om/adviezen?wacht=20", &advies).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");

    let bericht = om.berichten(1).await.remove(0);
    let pad = format!("{bericht}/antwoord/afdoeningsbericht");
    let vel = om.get(&pad).await;
    for tekst in
        ["Voor Veilig Thuis, politie en reclassering", "Voor de ondersteuning van het slachtoffer", "Voor wijkteam en GGZ"]
    {
        assert!(vel.tekst.contains(tekst), "{tekst} in {}", vel.tekst);
    }
    let wie = personen(&vel).remove(0);
    let velden = [
        ("hulpAlsVoorwaarde", "ja"),
        ("deel.straf-keten", "ja"),
        ("over.straf-keten", &wie),
        ("grond.straf-keten", "wettelijke-taak"),
        ("deel.straf-keten.uitkomst", "voorwaardelijk-sepot"),
        ("deel.straf-keten.beslotenOp", "2026-11-22"),
        ("deel.straf-keten.verdachte", &wie),
        ("deel.straf-keten.voorwaarden.0.soort", "contactverbod"),
        ("deel.straf-keten.voorwaarden.0.omschrijving", "Verzonnen verbod"),
        ("deel.straf-keten.voorwaarden.0.periode.vanaf", "2026-11-22"),
        ("deel.straf-keten.proeftijd.vanaf", "2026-11-22"),
        ("deel.straf-keten.proeftijd.tot", "2027-11-22"),
    ];
    // Without a statement, and with a period that has no beginning: both told.
    let mis: Vec<(&str, &str)> =
        velden.iter().copied().filter(|(n, _)| !n.ends_with("proeftijd.vanaf") && *n != "hulpAlsVoorwaarde").collect();
    let fout = om.invullen(&pad, &[mis.as_slice(), &[("actie", "stuur")]].concat()).await;
    for id in ["fout-hulpAlsVoorwaarde", "fout-deel.straf-keten.proeftijd.vanaf"] {
        assert!(fout.tekst.contains(&format!("id=\"{id}\"")), "{id} in {}", fout.tekst);
    }
    assert_eq!(vt.systeem.aantal(), 1, "only the question");

    let uitslag = om.sturen(&pad, &velden).await;
    assert!(uitslag.tekst.contains("<h1>Verstuurd"), "{}", uitslag.tekst);
    let binnen = vt.systeem.ontvangt("/om/afdoeningen").await;
    let beslissing = &binnen["beslissingen"][0];
    assert_eq!((&binnen["adviesnummer"], &binnen["hulp_als_voorwaarde"]), (&advies["adviesnummer"], &json!(true)), "{binnen}");
    assert_eq!(
        (&beslissing["beslissing"], &beslissing["proeftijd_tot"]),
        (&json!("voorwaardelijk-sepot"), &json!("2027-11-22")),
        "{binnen}"
    );
    assert_eq!(beslissing["verdachte"], "C-20152", "the person by the number of who advised: {binnen}");
    assert_eq!(beslissing["voorwaarden"][0]["omschrijving"], "Verzonnen verbod");
    om.stoppen().await;
}

/// 30: a subject each in a part of its own, each read once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn input_for_a_case_conference_is_filled_in_subject_by_subject() {
    let regio = Regio::nieuw().await;
    let vt = regio.partner_met_mapping(Partner::VeiligThuis, &terug("inbreng-casusoverleg")).await;
    let verzoek = verzoek(false);
    let ggz = gevraagd_door(&vt, &regio, &verzoek).await;
    let bericht = ggz.berichten(1).await.remove(0);
    let pad = format!("{bericht}/antwoord/inbreng-casusoverleg");
    let vel = ggz.get(&pad).await;
    for tekst in ["In welke vorm?", "Wat de cliënt zelf inbrengt", "Datum van het overleg"] {
        assert!(vel.tekst.contains(tekst), "{tekst} in {}", vel.tekst);
    }
    let wie = personen(&vel).remove(0);
    let velden = [
        ("overlegOp", "2026-12-10"),
        ("fase", "directe-veiligheid"),
        ("deel.mening", "ja"),
        ("over.mening", &wie),
        ("grond.mening", "wettelijke-taak"),
        ("deel.mening.uitspraken.0.ref", &wie),
        ("deel.mening.uitspraken.0.uitspraak", "Ik wil verzonnen rust."),
        ("deel.mening.uitspraken.0.gezegdOp", "2026-11-20"),
        ("deel.risico", "ja"),
        ("over.risico", &wie),
        ("grond.risico", "wettelijke-taak"),
        ("deel.risico.ernst", "zorgelijk"),
        ("deel.risico.bron.zekerheid", "vermoeden"),
        ("deel.risico.bron.functie", "behandelaar"),
        ("deel.risico.signalen", "middelen"),
        ("deel.risico.signalen", "wapen"),
    ];
    let vreemd = ggz.invullen(&pad, &[velden.as_slice(), &[("variant", "verzonnen"), ("actie", "stuur")]].concat()).await;
    assert!(vreemd.tekst.contains("id=\"fout-variant\"") && vreemd.tekst.contains("Ik wil verzonnen rust."), "{}", vreemd.tekst);
    let uitslag = ggz.sturen(&pad, &[velden.as_slice(), &[("variant", "clientinbreng")]].concat()).await;
    assert!(uitslag.tekst.contains("<h1>Verstuurd"), "{}", uitslag.tekst);
    let binnen = vt.systeem.ontvangt("/proef/inbreng-casusoverleg").await;
    assert_eq!((&binnen["over"], &binnen["variant"]), (&verzoek["verzoeknummer"], &json!("clientinbreng")), "{binnen}");
    let gelezen = inzien(&vt, &binnen, "gedragswetenschapper", "analyse").await;
    assert!(gelezen.iter().any(|i| i["uitspraken"][0]["uitspraak"] == "Ik wil verzonnen rust."), "{gelezen:?}");
    assert!(gelezen.iter().any(|i| i["ernst"] == "zorgelijk" && i["signalen"] == json!(["middelen", "wapen"])), "{gelezen:?}");
    assert_eq!(gelezen.len(), 2, "exactly what was sent");
    ggz.stoppen().await;
}

/// How a school's system asks for advice: in a case of its own, or without a name.
fn vraag(pad: &str, zaak: &str) -> String {
    format!(
        "\n[[uitgaand]]\npad = \"/proef/{pad}\"\nsoort = \"advies-verzoek\"\n{zaak}\nkenmerk = \"/nummer\"\nfunctie = \"intern-begeleider\"\n\
         gemeente = \"0518\"\ngeadresseerden = [{{ rol = \"veilig-thuis\" }}]\n[[uitgaand.delen]]\ncategorie = \"vraag\"\n\
         doel = \"beoordelen\"\ngrondslagen = [\"geen\"]\ninhoud = {{ vraag = \"/vraag\" }}\n"
    )
}

/// A school asks for advice and gets it from a page of Veilig Thuis.
async fn advies(zaak: &str, gevraagd: &Value, velden: &[(&str, &str)]) -> (Regio, Draaiend, Postvak, Value) {
    let regio = Regio::nieuw().await;
    let erbij = format!("{}{}", vraag("adviesvraag", zaak), terug("advies"));
    let school = regio.partner_met_mapping(Partner::School, &erbij).await;
    let mut vt = regio.postvak(Partner::VeiligThuis).await;
    vt.aanmelden("vertrouwensarts").await;
    let antwoord = school.post("/proef/adviesvraag?wacht=20", gevraagd).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    let bericht = vt.berichten(1).await.remove(0);
    let pad = format!("{bericht}/antwoord/advies");
    let vel = vt.get(&pad).await;
    let gekozen = vel.tekst.contains("<option value=\"anoniem\" selected");
    assert_eq!(gekozen, zaak.contains("anoniem"), "as it was asked: {}", vel.tekst);
    let variant: &[(&str, &str)] = if gekozen { &[("variant", "anoniem")] } else { &[] };
    let uitslag = vt.sturen(&pad, &[velden, variant].concat()).await;
    assert!(uitslag.tekst.contains("<h1>Verstuurd"), "{}", uitslag.tekst);
    let binnen = school.systeem.ontvangt("/proef/advies").await;
    assert_eq!(binnen["over"], gevraagd["nummer"], "{binnen}");
    (regio, school, vt, binnen)
}

/// 4, with and without a case: the answer belongs where the question does (R39).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn advice_is_filled_in_with_its_steps_also_where_nobody_was_named() {
    let velden = [
        ("deel.proces", "ja"),
        ("grond.proces", "geen"),
        ("doel.proces", "beoordelen"),
        ("deel.proces.advies", "Bespreek het verzonnen plan eerst."),
        ("deel.proces.stappen.0.wat", "Gesprek met de leerling."),
        ("deel.proces.stappen.0.uiterlijk", "2026-11-25"),
        ("deel.proces.stappen.1.wat", "Gesprek met de ouders."),
        ("deel.proces.meldenAangeraden", "nee"),
    ];
    for (zaak, gevraagd, variant) in [
        ("casus = { eigen = \"/dossier\" }", json!({"nummer": "AV-1", "dossier": "LD-1", "vraag": "Wat nu?"}), Value::Null),
        ("variant = \"anoniem\"\ncasus = \"geen\"", json!({"nummer": "AV-2", "vraag": "Wat nu?"}), json!("anoniem")),
    ] {
        let (regio, school, vt, binnen) = advies(zaak, &gevraagd, &velden).await;
        assert_eq!(binnen["variant"], variant, "{binnen}");
        let gelezen = inzien(&school, &binnen, "intern-begeleider", "beoordelen").await;
        assert_eq!(
            gelezen,
            [json!({
                "advies": "Bespreek het verzonnen plan eerst.",
                "stappen": [{"wat": "Gesprek met de leerling.", "uiterlijk": "2026-11-25"}, {"wat": "Gesprek met de ouders."}],
                "meldenAangeraden": false,
            })]
        );
        regio.nergens("Bespreek het verzonnen plan eerst.");
        vt.stoppen().await;
    }
}
