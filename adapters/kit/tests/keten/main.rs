//! Two and three adapters with the real hub between them, over real TLS with real certificates: what one partner's system
//! posts, another's receives; and what a hub that lies, a restart or a dead system does to it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test ends where it fails")]

mod ander_doel;
mod beginnen;
mod beleid;
mod beleid_liegend;
mod controle;
mod drukte;
mod eigen_systeem;
mod eigenaar;
mod geheugen;
mod gesmokkeld;
mod klaargezet;
mod liegend;
mod luisteren;
mod nieuw;
mod onverwerkt;
mod overzicht;
mod partij;
mod plichten;
mod postvak;
mod proces;
mod regio;
mod rondom;
mod sleutels;
mod terugroep;
mod terugval;
mod toezicht;
mod verbeterd;
mod zonder_uitleg;

use regio::{Partner, Regio, fixture};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_report_reaches_veilig_thuis_and_its_answer_comes_back() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    vt.systeem.antwoordt("/meldingen/politie", json!({"meldingnummer": "M-0001", "dossiernummer": "D-1"}));

    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    let antwoord = politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    assert_eq!(antwoord.json["stand"], "bevestigd");
    assert!(
        antwoord.json["besluiten"].as_array().unwrap().iter().all(|b| b["stand"].as_str().unwrap().starts_with("toegestaan"))
    );

    let melding = vt.systeem.ontvangt("/meldingen/politie").await;
    assert_eq!(melding["incident"][0]["kenmerk_politie"], mutatie["registratienummer"]);
    assert!(melding.to_string().contains("Testpersoon Olijf"));

    // The answer names the own number of Veilig Thuis, and comes out under the own number of the police.
    let besluit = fixture("veilig-thuis/fixtures/meldingen/triage/onderzoek.json");
    let antwoord = vt.post("/meldingen/triage?wacht=20", &besluit).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    let afloop = politie.systeem.ontvangt("/afloop/veilig-thuis").await;
    assert_eq!(afloop["registratienummer"], mutatie["registratienummer"]);
    assert_eq!(afloop["huishoudnummer"], mutatie["huishoudnummer"]);

    // The sender sees that it was received, and after a reading who read it.
    let kenmerk = mutatie["registratienummer"].as_str().unwrap();
    let status = politie.tot(&format!("/verzonden/{kenmerk}"), |s| s["ontvangers"][0]["status"]["ontvangenOp"].is_string()).await;
    assert_eq!(status["ontvangers"][0]["naam"], "Veilig Thuis Voorbeeldregio");
    assert_eq!(status["ontvangers"][0]["bewijs"], "klopt", "{status}");
    for partner in [&politie, &vt] {
        assert_eq!(partner.get("/gezondheid").await.json["alarmen"], json!([]));
    }

    // Nothing readable rests at either side, nor at the hub.
    politie.rust().await;
    vt.rust().await;
    for geheim in ["Testpersoon Olijf", "controleert haar post"] {
        regio.nergens(geheim);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn medical_data_on_the_covenant_are_not_even_sealed_and_the_rest_is_view_only() {
    let regio = Regio::nieuw().await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let ggz = regio.partner(Partner::Ggz).await;
    ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-77"}));
    ggz.systeem.personen("patientnummer", &["PT-55012"]);

    let verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
    let antwoord = vt.post("/informatie/verzoeken?wacht=20", &verzoek).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    ggz.systeem.ontvangt("/verzoeken").await;
    ggz.rust().await;

    // Asking first gives the same decision as sending.
    let dossier = fixture("ggz/fixtures/antwoorden/1-medisch-op-convenant.json");
    let vraag = ggz.post("/toets/antwoorden", &dossier).await;
    assert_eq!(vraag.status, 200, "{vraag:?}");
    let antwoord = ggz.post("/antwoorden?wacht=20", &dossier).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    for uitslag in [&vraag.json, &antwoord.json] {
        let besluiten = uitslag["besluiten"].as_array().unwrap();
        let geweigerd: Vec<_> = besluiten.iter().filter(|b| b["stand"] == "geweigerd").collect();
        assert_eq!(geweigerd.len(), 1, "{uitslag}");
        assert_eq!(geweigerd[0]["regels"][0], "R8");
        assert!(!geweigerd[0]["alternatieven"].as_array().unwrap().is_empty());
        assert!(besluiten.len() > 1);
    }

    // What came is view-only: its number, not its content.
    let binnen = vt.systeem.ontvangt("/informatie/antwoorden").await;
    let ter_inzage = binnen["alleen_inzage"].as_array().unwrap();
    assert!(!binnen.to_string().contains("impulsbeheersing") && !binnen.to_string().contains("Verslavingszorg"));
    let deel = ter_inzage[0]["inzagenummer"].as_str().unwrap();
    vt.rust().await;

    // Read twice, each time asked; the owner sees both readings.
    for _ in 0..2 {
        let gelezen = vt.post(&format!("/inzage/{deel}"), &json!({"functie": "vertrouwensarts", "doel": "beoordelen"})).await;
        assert_eq!(gelezen.status, 200, "{gelezen:?}");
        assert!(gelezen.json["inhoud"].is_object());
    }
    let kenmerk = dossier["antwoordnummer"].as_str().unwrap();
    let status = ggz
        .tot(&format!("/verzonden/{kenmerk}"), |s| {
            s["ontvangers"][0]["status"]["inzagen"].as_array().is_some_and(|i| i.len() == 2)
        })
        .await;
    assert_eq!(status["ontvangers"][0]["status"]["inzagen"][0]["functie"], "vertrouwensarts");
    let onbekend = vt.post(&format!("/inzage/{}", regio::ONBEKEND_DEEL), &json!({"functie": "arts", "doel": "beoordelen"})).await;
    assert_eq!(onbekend.status, 404);

    ggz.rust().await;
    for partner in [&vt, &ggz] {
        assert_eq!(partner.get("/gezondheid").await.json["alarmen"], json!([]));
    }
    for geheim in ["impulsbeheersing", "Verslavingszorg", "Testpersoon Guave"] {
        regio.nergens(geheim);
    }
}

/// The hub's register of consent is the hub's word. What an owner seals on consent rests on a statement that it sent or
/// received itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn consent_that_only_the_hub_knows_of_is_none() {
    let regio = Regio::nieuw().await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let ggz = regio.partner(Partner::Ggz).await;
    ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-0001"}));
    ggz.systeem.personen("patientnummer", &["PT-55012"]);
    let verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
    assert_eq!(vt.post("/informatie/verzoeken?wacht=20", &verzoek).await.status, 202);
    ggz.systeem.ontvangt("/verzoeken").await;
    ggz.rust().await;
    let toestemming = fixture("ggz/fixtures/toestemmingen/guave.json");
    let antwoord = ggz.post("/toestemmingen?wacht=20", &toestemming).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");

    let dossier = fixture("ggz/fixtures/antwoorden/2-medisch-op-toestemming.json");
    let vraag = ggz.post("/toets/antwoorden", &dossier).await;
    let medisch = |json: &serde_json::Value| {
        let besluiten = json["besluiten"].as_array().unwrap().clone();
        besluiten.into_iter().find(|b| b["stand"] == "geweigerd")
    };
    assert_eq!((vraag.status, medisch(&vraag.json)), (200, None), "{vraag:?}");

    // The hub still says that she consents; this adapter has no evidence of it any more.
    let ggz = ggz.herstart_zonder(&regio, "DELETE FROM toestemming").await;
    for pad in ["/toets/antwoorden", "/antwoorden?wacht=20"] {
        let antwoord = ggz.post(pad, &dossier).await;
        let geweigerd = medisch(&antwoord.json).unwrap_or_else(|| panic!("{antwoord:?}"));
        assert!(geweigerd["zin"].as_str().unwrap().contains("zelf geen geldige toestemming"), "{geweigerd}");
    }
    // Told again, it counts again.
    let mut opnieuw = toestemming.clone();
    opnieuw["formuliernummer"] = json!("TF-2026-0502");
    let antwoord = ggz.post("/toestemmingen?wacht=20", &opnieuw).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    let vraag = ggz.post("/toets/antwoorden", &dossier).await;
    assert_eq!(medisch(&vraag.json), None, "{vraag:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_school_gets_one_sentence() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let school = regio.partner(Partner::School).await;
    let melding = fixture("politie/fixtures/handle-with-care/cas.json");
    let antwoord = politie.post("/handle-with-care?wacht=20", &melding).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    let signaal = school.systeem.ontvangt("/signalen").await;
    assert_eq!(signaal["signaal"], "Cas Testpersoon Appel heeft mogelijk steun nodig. Meer informatie kunnen wij niet geven.");

    // More cannot be said: not in a field of its own, and not in the name. The user hears why.
    for (poging, pad) in [("fout-te-veel", "/wat_er_gebeurde"), ("fout-in-naam", "/delen/0/inhoud/naam/achternaam")] {
        let melding = fixture(&format!("politie/fixtures/handle-with-care/{poging}.json"));
        let geweigerd = politie.post("/handle-with-care?wacht=20", &melding).await;
        assert_eq!((geweigerd.status, &geweigerd.json["code"]), (400, &json!("veld-ongeldig")), "{geweigerd:?}");
        assert_eq!(geweigerd.json["pad"], pad);
        let zin = "Handle with Care: de school krijgt alleen de naam van het kind en één vaste zin. Meer kan er niet bij.";
        assert_eq!(geweigerd.json["detail"], zin);
    }
    // Nor does it go before the police wrote down why the school must know (R7, R12).
    let mut zonder = fixture("politie/fixtures/handle-with-care/cas.json");
    zonder["registratienummer"] = json!("PL1500-2026-HWC-0009");
    zonder["afweging_vastgelegd"] = json!(false);
    let geweigerd = politie.post("/handle-with-care?wacht=20", &zonder).await;
    assert!(geweigerd.status >= 400 && geweigerd.json.to_string().contains("R7"), "{geweigerd:?}");
    // Asked first, it is the same answer: what its sender must mend waits for nobody.
    let vraag = politie.post("/toets/handle-with-care", &zonder).await;
    assert_eq!(vraag.status, 200, "{vraag:?}");
    for antwoord in [&vraag.json, &geweigerd.json] {
        let besluiten = antwoord["besluiten"].as_array().unwrap();
        assert!(!besluiten.is_empty() && besluiten.iter().all(|b| b["stand"] == "geweigerd"), "{antwoord}");
    }
    politie.rust().await;
    assert_eq!(school.systeem.aantal(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_message_twice_arrives_once() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    let een = politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    let twee = politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    assert_eq!((een.status, twee.status), (202, 202));
    assert_eq!(een.json["bericht"], twee.json["bericht"]);
    let mut anders = mutatie.clone();
    anders["toedracht"] = json!("Een ander verhaal.");
    assert_eq!(politie.post("/mutaties/huiselijk-geweld", &anders).await.status, 409);
    vt.systeem.ontvangt("/meldingen/politie").await;
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_when_systems_are_down_and_adapters_restart() {
    let regio = Regio::nieuw().await;
    let mut politie = regio.partner(Partner::Politie).await;
    let mut vt = regio.partner(Partner::VeiligThuis).await;
    vt.systeem.kapot(true);
    let nummers = ["01-olijf", "02-citroen", "03-kers", "04-appel"];
    for naam in nummers {
        let mutatie = fixture(&format!("politie/fixtures/mutaties/huiselijk-geweld/{naam}.json"));
        assert_eq!(politie.post("/mutaties/huiselijk-geweld", &mutatie).await.status, 202);
        // Stopped in the middle of whatever it does.
        politie = politie.herstart(&regio).await;
    }
    vt.tot("/gezondheid", |g| g["afTeLeveren"] == nummers.len()).await;
    assert_eq!(vt.systeem.aantal(), 0);
    vt = vt.herstart(&regio).await;
    vt.systeem.kapot(false);
    for _ in nummers {
        vt.systeem.ontvangt("/meldingen/politie").await;
    }
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), nummers.len());
}

/// What an adapter has taken, from its own system or from the hub, survives `kill -9` at any moment, and arrives once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kill_9_of_both_adapters_loses_and_doubles_nothing() {
    let regio = Regio::nieuw().await;
    let mut politie = proces::Proces::start(&regio, Partner::Politie).await;
    let mut vt = proces::Proces::start(&regio, Partner::VeiligThuis).await;
    let nummers = ["01-olijf", "02-citroen", "03-kers", "04-appel", "05-framboos", "06-druif"];
    let mut kenmerken = std::collections::BTreeSet::new();
    for (i, naam) in nummers.iter().enumerate() {
        let mutatie = fixture(&format!("politie/fixtures/mutaties/huiselijk-geweld/{naam}.json"));
        kenmerken.insert(mutatie["registratienummer"].as_str().unwrap().to_owned());
        assert_eq!(politie.post("/mutaties/huiselijk-geweld", &mutatie).await, 202);
        // At another point of its work each time.
        tokio::time::sleep(std::time::Duration::from_millis(40 * i as u64)).await;
        politie.doden();
        if i % 2 == 1 {
            vt.doden();
            vt.weer(&regio).await;
        }
        politie.weer(&regio).await;
    }
    let mut aangekomen = std::collections::BTreeSet::new();
    for _ in nummers {
        let melding = vt.systeem.ontvangt("/meldingen/politie").await;
        aangekomen.insert(melding["incident"][0]["kenmerk_politie"].as_str().unwrap().to_owned());
    }
    assert_eq!(aangekomen, kenmerken);
    politie.rust().await;
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), nummers.len());
}

/// Attack test 1: the hub answers with a valid organisation in the wrong role: nothing is sealed, nothing is sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_1_a_recipient_in_the_wrong_role_gets_nothing() {
    let regio = Regio::nieuw().await;
    let liegend = liegend::Liegend::start(&regio, Partner::Ggz).await;
    let politie = regio.partner_bij(Partner::Politie, &liegend.adres).await;
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    let antwoord = politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    assert_eq!(antwoord.status, 422, "{antwoord:?}");
    assert_eq!(antwoord.json["code"], "ontvanger-onbekend");
    assert!(antwoord.json["detail"].as_str().unwrap().contains("niets verzegeld"));
    assert!(liegend.verstuurd().is_empty());
    let gezondheid = politie.tot("/gezondheid", |g| !g["alarmen"].as_array().unwrap().is_empty()).await;
    assert_eq!(gezondheid["alarmen"][0]["soort"], "verkeerde-ontvanger");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_does_not_fit_is_refused_at_once() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    assert_eq!(politie.post("/bestaat-niet", &json!({})).await.status, 404);
    assert_eq!(politie.post("/mutaties/huiselijk-geweld", &json!({})).await.status, 400);
    let ruw = politie.post_tekst("/mutaties/huiselijk-geweld", "{\"a\":1,\"a\":2}").await;
    assert_eq!((ruw.status, ruw.json["code"].as_str().unwrap()), (400, "geen-json"));
    assert_eq!(politie.get("/verzonden/bestaat-niet").await.status, 404);

    // A page in a browser on the same machine is not the own system.
    let formulier = politie.post_als("/mutaties/huiselijk-geweld", "text/plain", "localhost").await;
    assert_eq!((formulier.status, formulier.json["code"].as_str().unwrap()), (415, "mediatype-onbekend"));
    assert_eq!(politie.post_als("/mutaties/huiselijk-geweld", "application/json", "evil.example").await.status, 404);

    // What an address cannot be asked, and what it cannot be asked with, is a problem as any other.
    let goed = format!("Bearer {}", regio::GEHEIM);
    for (methode, pad) in [
        ("PUT", "/postbus"),
        ("POST", "/plichten"),
        ("GET", "/mutaties/huiselijk-geweld"),
        ("DELETE", "/toets/mutaties/huiselijk-geweld"),
    ] {
        let antwoord = politie.als(methode, pad, Some(&goed)).await;
        assert_eq!((antwoord.status, &antwoord.json["code"]), (405, &json!("methode-onbekend")), "{methode} {pad}");
    }
    for wacht in ["lang", "-1", "61"] {
        let antwoord = politie.post(&format!("/mutaties/huiselijk-geweld?wacht={wacht}"), &json!({})).await;
        assert_eq!((antwoord.status, &antwoord.json["code"]), (400, &json!("veld-ongeldig")), "{wacht}: {antwoord:?}");
        assert_eq!(antwoord.json.get("pad"), None, "it is not about the body: {antwoord:?}");
    }
    let pad = format!("/postbus/{}/ontvangen", regio::ONBEKEND_DEEL);
    for (lichaam, status) in [(json!(7), 400), (json!([]), 400), (json!({}), 404)] {
        assert_eq!(politie.post(&pad, &lichaam).await.status, status, "{lichaam}");
    }
}

/// Whoever else runs on that machine, an own system or not, neither sends nor reads nor learns what there is.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_does_not_show_the_secret_gets_nothing() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let bijna = format!("Bearer {}", &regio::GEHEIM[..regio::GEHEIM.len() - 1]);
    let ander = format!("Bearer {}", regio::EIGEN_GEHEIM);
    for geheim in [None, Some("Bearer "), Some(bijna.as_str()), Some(ander.as_str()), Some("Basic Z2VoZWlt")] {
        for (methode, pad) in [
            ("GET", "/gezondheid"),
            ("GET", "/postbus"),
            ("GET", "/verzonden/bestaat-niet"),
            ("POST", "/mutaties/huiselijk-geweld"),
            ("POST", "/toets/mutaties/huiselijk-geweld"),
            ("POST", "/inzage/x"),
            ("GET", "/plichten"),
            ("POST", "/verzonden/x/toets-achteraf"),
            ("POST", "/bestaat-niet"),
            ("DELETE", "/bestaat-niet"),
        ] {
            let antwoord = politie.als(methode, pad, geheim).await;
            assert_eq!((antwoord.status, &antwoord.json["code"]), (401, &json!("token-ongeldig")), "{methode} {pad} {geheim:?}");
            assert!(antwoord.json["detail"].as_str().unwrap().contains("Authorization: Bearer"), "{antwoord:?}");
        }
    }
    let goed = format!("Bearer {}", regio::GEHEIM);
    assert_eq!(politie.als("GET", "/gezondheid", Some(&goed)).await.status, 200);
}
