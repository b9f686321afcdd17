//! A person logs in, reads, answers, asks and reports; and who gets nothing.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::{GEHEIM, MEDISCH, VRAGEN, gevraagd, gevraagd_door, medisch_beantwoord, veld, verzoek};
use crate::regio::{self, Partner, Regio, fixture};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_reads_answers_asks_and_reports() {
    let regio = Regio::nieuw().await;
    let (vt, ggz) = gevraagd(&regio).await;
    let bericht = ggz.berichten(1).await.remove(0);
    let pagina = ggz.get(&bericht).await;
    assert_eq!(pagina.status, 200);
    for tekst in ["Informatieverzoek", "Veilig Thuis Voorbeeldregio", "Guave", "Ontvangen en gelezen", "persoon 1"] {
        assert!(pagina.tekst.contains(tekst), "{tekst} in {}", pagina.tekst);
    }
    regio.nergens("Testpersoon Guave");

    // The form comes from the catalogue; asking first sends nothing.
    let pad = format!("{bericht}/antwoord/informatie-antwoord");
    let vel = ggz.get(&pad).await;
    assert!(vel.tekst.contains("Niet bekend") && vel.tekst.contains("Mag dit?"), "{}", vel.tekst);
    let (formulier, kenmerk) = (veld(&vel, "formulier").to_owned(), veld(&vel, "kenmerk").to_owned());
    let velden = |actie, antwoord| {
        [
            ("formulier", formulier.as_str()),
            ("kenmerk", kenmerk.as_str()),
            ("antwoord", antwoord),
            ("nietGedeeld.0.categorie", "medisch"),
            ("nietGedeeld.0.reden", "geen-toestemming"),
            ("actie", actie),
        ]
    };
    let vraag = ggz.post(&pad, &velden("toets", "niet-gedeeld")).await;
    assert_eq!(vraag.status, 200, "{vraag:?}");
    assert!(vraag.tekst.contains("Er is nog niets verstuurd") && vraag.tekst.contains("Toegestaan"), "{}", vraag.tekst);
    let fout = ggz.post(&pad, &velden("stuur", "zomaar")).await;
    assert!(fout.status == 200 && fout.tekst.contains("Kijk nog eens naar"), "{}", fout.tekst);
    assert_eq!(vt.systeem.aantal(), 0);

    // Sending twice is sending once.
    for _ in 0..2 {
        let verstuurd = ggz.post(&pad, &velden("stuur", "niet-gedeeld")).await;
        assert_eq!(verstuurd.status, 303, "{verstuurd:?}");
        let uitslag = ggz.get(verstuurd.naar.as_deref().unwrap()).await;
        assert!(uitslag.tekst.contains("Verstuurd"), "{}", uitslag.tekst);
    }
    let binnen = vt.systeem.ontvangt("/informatie/antwoorden").await;
    assert!(binnen.to_string().contains("toestemming"), "{binnen}");
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), 1);

    // 43 and 59.
    for (soort, extra) in [("dossier-verzoek", None), ("misplaatsing", Some(("reden", "verkeerde-persoon")))] {
        let pad = format!("{bericht}/antwoord/{soort}");
        let vel = ggz.get(&pad).await;
        assert_eq!(vel.status, 200, "{vel:?}");
        let mut velden = vec![("formulier", veld(&vel, "formulier")), ("kenmerk", veld(&vel, "kenmerk")), ("actie", "stuur")];
        velden.extend(extra);
        if soort == "dossier-verzoek" {
            velden.push(("delen", veld(&vel, "delen")));
        }
        let verstuurd = ggz.post(&pad, &velden).await;
        assert_eq!(verstuurd.status, 303, "{}", verstuurd.tekst);
        let uitslag = ggz.get(verstuurd.naar.as_deref().unwrap()).await;
        assert!(uitslag.tekst.contains("<h1>Verstuurd"), "{soort}: {}", uitslag.tekst);
    }

    // Confirming: the sender sees when a person read it, and the content is gone.
    let pagina = ggz.get(&bericht).await;
    let bevestigd = ggz.post(&format!("{bericht}/bevestigen"), &[("formulier", veld(&pagina, "formulier"))]).await;
    assert_eq!(bevestigd.status, 303, "{}", bevestigd.tekst);
    let verzoek = verzoek(true);
    let kenmerk = verzoek["verzoeknummer"].as_str().unwrap();
    vt.tot(&format!("/verzonden/{kenmerk}"), |s| s["ontvangers"][0]["status"]["gelezenOp"].is_string()).await;
    let na = ggz.get(&bericht).await;
    assert!(na.tekst.contains("De inhoud is hier weg") && !na.tekst.contains("Guave"), "{}", na.tekst);
    assert!(na.tekst.contains("antwoord/informatie-antwoord"), "it can still be answered");
    ggz.stoppen().await;
}

/// A school that reads on the page: what it got has no case (Handle with Care), and may be for another.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_reports_what_has_no_case() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let mut school = regio.postvak(Partner::School).await;
    school.aanmelden("intern-begeleider").await;
    politie.systeem.antwoordt("/eigenaar/misplaatsing", json!({"kenmerk": "VB-1"}));
    let melding = fixture("politie/fixtures/handle-with-care/cas.json");
    assert_eq!(politie.post("/handle-with-care?wacht=20", &melding).await.status, 202);
    let bericht = school.berichten(1).await.remove(0);
    let pagina = school.get(&bericht).await;
    assert!(!pagina.tekst.contains("dossier-verzoek"), "no case, no file: {}", pagina.tekst);

    let pad = format!("{bericht}/antwoord/misplaatsing");
    assert!(pagina.tekst.contains(&pad), "{}", pagina.tekst);
    let vel = school.get(&pad).await;
    let velden = [
        ("formulier", veld(&vel, "formulier")),
        ("kenmerk", veld(&vel, "kenmerk")),
        ("reden", "verkeerde-ontvanger"),
        ("actie", "stuur"),
    ];
    let verstuurd = school.post(&pad, &velden).await;
    assert_eq!(verstuurd.status, 303, "{}", verstuurd.tekst);
    let uitslag = school.get(verstuurd.naar.as_deref().unwrap()).await;
    assert!(uitslag.tekst.contains("<h1>Verstuurd"), "{}", uitslag.tekst);
    let woord = politie.systeem.ontvangt("/eigenaar/misplaatsing").await;
    assert_eq!(woord["over"]["kenmerk"], melding["registratienummer"], "{woord}");
    school.stoppen().await;
}

/// A partner without a system informs: two categories filled in on the page, received in their fields by the system of who asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_answers_with_content_in_two_categories() {
    let regio = Regio::nieuw().await;
    let (vt, ggz) = gevraagd(&regio).await;
    let bericht = ggz.berichten(1).await.remove(0);
    let pad = format!("{bericht}/antwoord/informatie-antwoord");
    let vel = ggz.get(&pad).await;
    for tekst in ["Gevaar en veiligheid", "Medische gegevens", "Dit onderdeel gaat mee", "Geen direct gevaar", "persoon 1"] {
        assert!(vel.tekst.contains(tekst), "{tekst} in {}", vel.tekst);
    }
    let persoon = vel.tekst.split("name=\"over.hulp\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (formulier, kenmerk) = (veld(&vel, "formulier").to_owned(), veld(&vel, "kenmerk").to_owned());
    let velden = |anders: &[(&'static str, &'static str)]| {
        let mut velden: Vec<(&str, String)> = [
            ("antwoord", "deels-gedeeld"),
            ("deel.hulp", "ja"),
            ("grond.hulp", "wettelijke-taak"),
            ("doel.hulp", "beoordelen"),
            ("deel.hulp.vormen.0.soort", "Verzonnen gesprekken"),
            ("deel.hulp.vormen.0.stand", "loopt"),
            ("deel.hulp.vormen.0.periode.vanaf", "2026-09-01"),
            ("deel.hulp.bron.zekerheid", "feit"),
            ("deel.hulp.bron.functie", "behandelaar"),
            ("deel.hulp.bron.waargenomenOp", "2026-11-20"),
            ("deel.hulp.toelichting", "Komt zijn verzonnen afspraken na."),
            ("deel.risico", "ja"),
            ("grond.risico", "wettelijke-taak"),
            ("doel.risico", "beoordelen"),
            ("deel.risico.ernst", "zorgelijk"),
            ("deel.risico.signalen", "middelen"),
            ("deel.risico.bron.zekerheid", "vermoeden"),
            ("deel.risico.bron.functie", "behandelaar"),
            ("actie", "stuur"),
        ]
        .map(|(n, w)| (n, w.to_owned()))
        .to_vec();
        velden.push(("formulier", formulier.clone()));
        velden.push(("kenmerk", kenmerk.clone()));
        velden.extend(["over.hulp", "over.risico", "deel.hulp.vormen.0.voorWie"].map(|n| (n, persoon.clone())));
        for (naam, waarde) in anders {
            velden.retain(|(n, _)| n != naam);
            velden.push((naam, (*waarde).to_owned()));
        }
        velden
    };
    let sturen = async |anders: &[(&'static str, &'static str)]| {
        let velden = velden(anders);
        let velden: Vec<(&str, &str)> = velden.iter().map(|(n, w)| (*n, w.as_str())).collect();
        ggz.post(&pad, &velden).await
    };

    // Filled in wrong: each told beside its field, and everything else still there.
    let fout = sturen(&[("deel.hulp.vormen.0.stand", ""), ("deel.risico.bron.functie", "De Dokter"), ("over.risico", "")]).await;
    assert_eq!(fout.status, 200, "{}", fout.tekst);
    for tekst in [
        "id=\"fout-deel.hulp.vormen.0.stand\"",
        "id=\"fout-deel.risico.bron.functie\"",
        "id=\"fout-over.risico\"",
        "Verzonnen gesprekken",
    ] {
        assert!(fout.tekst.contains(tekst), "{tekst} in {}", fout.tekst);
    }
    assert!(fout.tekst.contains("value=\"De Dokter\"") && fout.tekst.contains("Er is nog niets verstuurd"), "{}", fout.tekst);
    let vergeten = sturen(&[("deel.risico", "")]).await;
    assert!(vergeten.tekst.contains("id=\"fout-deel.risico\""), "{}", vergeten.tekst);
    let meer = sturen(&[("actie", "regels")]).await;
    assert!(meer.tekst.contains("Verzonnen gesprekken") && !meer.tekst.contains("class=\"veldfout\""), "{}", meer.tekst);

    // A category that may not go on this ground: the sentence, and what would be possible.
    let medisch = [MEDISCH.as_slice(), &[("actie", "toets")]].concat();
    let zonder_persoon = sturen(&medisch).await;
    assert!(zonder_persoon.tekst.contains("id=\"fout-over.medisch\""), "{}", zonder_persoon.tekst);
    let met_persoon: Vec<(&'static str, &'static str)> =
        medisch.iter().copied().chain([("over.medisch", &*persoon.clone().leak())]).collect();
    let vraag = sturen(&met_persoon).await;
    for tekst in ["Geweigerd", "Toegestaan", "Wel mogelijk:", "Er is nog niets verstuurd"] {
        assert!(vraag.tekst.contains(tekst), "{tekst} in {}", vraag.tekst);
    }
    assert_eq!(vt.systeem.aantal(), 0);

    // Sending twice is sending once; nothing of it lies open on disk.
    for _ in 0..2 {
        let verstuurd = sturen(&[]).await;
        assert_eq!(verstuurd.status, 303, "{}", verstuurd.tekst);
        let uitslag = ggz.get(verstuurd.naar.as_deref().unwrap()).await;
        assert!(uitslag.tekst.contains("<h1>Verstuurd"), "{}", uitslag.tekst);
    }
    let binnen = vt.systeem.ontvangt("/informatie/antwoorden").await;
    assert_eq!(binnen["antwoord"], "Deels gedeeld");
    let (hulp, veiligheid) = (&binnen["hulp"][0], &binnen["veiligheid"][0]);
    assert_eq!((&hulp["hulp"][0]["hulp"], &hulp["hulp"][0]["sinds"]), (&json!("Verzonnen gesprekken"), &json!("2026-09-01")));
    assert_eq!(hulp["hulp"][0]["voor_wie"], json!(["C-20152"]), "the person by the number of who asked: {binnen}");
    assert_eq!(hulp["toelichting"], "Komt zijn verzonnen afspraken na.");
    assert!(veiligheid["oordeel"].is_string() && veiligheid["signalen"].as_array().is_some_and(|s| s.len() == 1), "{binnen}");
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), 1);
    regio.nergens("Verzonnen gesprekken");
    ggz.stoppen().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_view_only_part_is_read_from_the_page_each_time_asked() {
    let regio = Regio::nieuw().await;
    let mut vt = regio.postvak(Partner::VeiligThuis).await;
    vt.aanmelden("gedragswetenschapper").await;
    let ggz = regio.partner(Partner::Ggz).await;
    let dossier = medisch_beantwoord(&vt, &ggz).await;

    let bericht = vt.berichten(1).await.remove(0);
    let pagina = vt.get(&bericht).await;
    assert!(pagina.tekst.contains("Nu inzien") && !pagina.tekst.contains("Ambulante behandeling"), "{}", pagina.tekst);
    let formulier = veld(&pagina, "formulier").to_owned();
    let inzage =
        pagina.tekst.split("action=\"").filter_map(|s| s.split('"').next()).find(|p| p.contains("/inzage/")).unwrap().to_owned();
    for _ in 0..2 {
        let gelezen = vt.post(&inzage, &[("formulier", &formulier), ("doel", "beoordelen")]).await;
        assert_eq!(gelezen.status, 200, "{}", gelezen.tekst);
        assert!(
            gelezen.tekst.contains("Ambulante behandeling agressie") && gelezen.tekst.contains("nergens bewaard"),
            "{}",
            gelezen.tekst
        );
    }
    let kenmerk = dossier["antwoordnummer"].as_str().unwrap();
    let gelezen = |s: &serde_json::Value| s["ontvangers"][0]["status"]["inzagen"].as_array().is_some_and(|i| i.len() == 2);
    let status = ggz.tot(&format!("/verzonden/{kenmerk}"), gelezen).await;
    assert_eq!(status["ontvangers"][0]["status"]["inzagen"][0]["functie"], "gedragswetenschapper");
    regio.nergens("Ambulante behandeling agressie");
    vt.stoppen().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_not_logged_in_or_comes_from_elsewhere_gets_nothing() {
    let regio = Regio::nieuw().await;
    let (_vt, mut ggz) = gevraagd(&regio).await;
    let bericht = ggz.berichten(1).await.remove(0);
    let pagina = ggz.get(&bericht).await;
    let formulier = veld(&pagina, "formulier").to_owned();
    for naam in ["content-security-policy", "cache-control", "referrer-policy", "x-content-type-options", "x-frame-options"] {
        assert!(pagina.koppen.contains_key(naam), "{naam}");
    }
    let beleid = pagina.koppen["content-security-policy"].to_str().unwrap();
    assert!(beleid.starts_with("default-src 'none'") && !beleid.contains("unsafe"), "{beleid}");
    for pad in ["/inbox", bericht.as_str(), "/inbox/aanmelden"] {
        let tekst = ggz.get(pad).await.tekst;
        // In a text may stand what it likes; no element runs anything.
        let elementen = tekst.split('<').skip(1).filter_map(|e| e.split('>').next());
        let loopt =
            |e: &str| e.starts_with("script") || e.split(' ').skip(1).any(|a| a.starts_with("on") || a.starts_with("style="));
        assert_eq!(elementen.filter(|e| loopt(e)).collect::<Vec<_>>(), Vec::<&str>::new(), "{pad}: nothing to run");
    }

    // A form from elsewhere, or without the token of this session.
    let bevestigen = format!("{bericht}/bevestigen");
    for velden in [vec![], vec![("formulier", "")], vec![("formulier", "verzonnen")]] {
        assert_eq!(ggz.post(&bevestigen, &velden).await.status, 401, "{velden:?}");
    }
    let echt = [("formulier", formulier.as_str())];
    for koppen in [
        vec![("Origin", "http://kwaad.example")],
        vec![("Origin", "null")],
        vec![("Sec-Fetch-Site", "cross-site")],
        vec![("Sec-Fetch-Site", "same-site")],
    ] {
        let antwoord = ggz.vraag(Method::POST, &bevestigen, Some(&echt), &koppen).await;
        assert_eq!(antwoord.status, 403, "{koppen:?}");
    }
    let vreemd = ggz.vraag(Method::GET, "/inbox", None, &[("Host", "kwaad.example")]).await;
    assert_eq!(vreemd.status, 404);
    assert_eq!(ggz.vraag(Method::DELETE, &bericht, None, &[]).await.status, 405);
    assert!(ggz.get(&bericht).await.tekst.contains("Guave"), "nothing was confirmed");

    // The cookie is no secret for the REST, and the secret of the REST no cookie.
    assert_eq!(ggz.get("/postbus").await.status, 401);
    let koekje = ggz.koekje.take();
    for pad in ["/inbox", bericht.as_str(), "/inbox/verzonden/x"] {
        let bearer = format!("Bearer {}", regio::GEHEIM);
        let antwoord = ggz.vraag(Method::GET, pad, None, &[("Authorization", &bearer)]).await;
        assert_eq!((antwoord.status, antwoord.naar.as_deref()), (303, Some("/inbox/aanmelden")), "{pad}");
        assert!(antwoord.tekst.is_empty());
    }
    for (geheim, functie) in [("", "arts"), (regio::GEHEIM, "arts"), (GEHEIM, ""), (GEHEIM, "Jan de Vries!")] {
        let antwoord = ggz.post("/inbox/aanmelden", &[("geheim", geheim), ("functie", functie)]).await;
        assert_eq!((antwoord.status, antwoord.koekje), (403, None), "{functie}");
    }

    // Logged out is out.
    ggz.koekje = koekje;
    assert_eq!(ggz.post("/inbox/afmelden", &[]).await.status, 401);
    assert_eq!(ggz.post("/inbox/afmelden", &echt).await.naar.as_deref(), Some("/inbox/aanmelden"));
    assert_eq!(ggz.get("/inbox").await.status, 303);
    ggz.stoppen().await;

    // Without a table in the configuration there is no page.
    let school = regio.partner(Partner::School).await;
    assert_eq!(school.als("GET", "/inbox", None).await.status, 401);
    assert_eq!(school.als("GET", "/inbox", Some(&format!("Bearer {}", regio::GEHEIM))).await.status, 404);
}

/// What is acute looks acute, stands on top of what came later, is told nobody's name in the title, and its answer goes in its lane;
/// what its sender takes back cannot be opened any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_acute_stands_on_top_and_what_is_taken_back_is_not_opened() {
    let regio = Regio::nieuw().await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let genummerd = |nummer: &str, spoed: bool| {
        let mut verzoek = verzoek(spoed);
        verzoek["verzoeknummer"] = json!(nummer);
        verzoek
    };
    let ggz = gevraagd_door(&vt, &regio, &genummerd("V-1", true)).await;
    assert_eq!(vt.post(VRAGEN, &genummerd("V-2", false)).await.status, 202);
    let berichten = ggz.berichten(2).await;
    let pagina = ggz.get("/inbox").await;
    let lijst = pagina.tekst;
    assert!(lijst.contains("<title>(1 acuut) Berichten") && !lijst.contains("<script"), "{lijst}");
    // By itself, until a person stops that.
    assert_eq!(pagina.koppen["refresh"], "30; url=/inbox?vanzelf");
    assert!(lijst.contains("href=\"/inbox?stil\""), "{lijst}");
    assert!(!ggz.get("/inbox?stil").await.koppen.contains_key("refresh"));
    let eerste = lijst.split("<tr class=\"nieuw\">").nth(1).unwrap();
    assert!(eerste.split("</tr>").next().unwrap().contains("stand acuut"), "{lijst}");
    assert!(!lijst.split("</title>").next().unwrap().contains("Guave"));
    assert_eq!(ggz.get("/inbox?vanzelf").await.status, 200);

    // The answer goes in the lane of the question.
    let pad = format!("{}/antwoord/informatie-antwoord", berichten[0]);
    let vel = ggz.get(&pad).await;
    let velden = [
        ("formulier", veld(&vel, "formulier")),
        ("kenmerk", veld(&vel, "kenmerk")),
        ("antwoord", "niet-gedeeld"),
        ("nietGedeeld.0.categorie", "medisch"),
        ("nietGedeeld.0.reden", "geen-toestemming"),
        ("actie", "stuur"),
    ];
    assert_eq!(ggz.post(&pad, &velden).await.status, 303);
    vt.systeem.ontvangt("/informatie/antwoorden").await;
    let baan = |p: &serde_json::Value| {
        let antwoord = |l: &&serde_json::Value| l["soort"] == "informatie-antwoord";
        p["leveringen"].as_array().unwrap().iter().find(antwoord).map(|l| l["baan"].clone())
    };
    assert_eq!(baan(&vt.get("/postbus").await.json), Some(json!("acuut")));

    // Taken back: the page says so, and shows nothing of it.
    let terug = json!({"kenmerk": "T-1", "over": "V-1", "verklaring": {"reden": "verkeerde-ontvanger"}});
    assert_eq!(vt.post("/eigenaar/intrekking?wacht=20", &terug).await.status, 202);
    let woord = ggz.berichten(3).await;
    let mut pagina = ggz.get(&berichten[0]).await;
    for _ in 0..3600 {
        if pagina.tekst.contains("nam dit bericht terug") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        pagina = ggz.get(&berichten[0]).await;
    }
    assert!(pagina.tekst.contains("nam dit bericht terug") && !pagina.tekst.contains("Testpersoon"), "{}", pagina.tekst);
    assert!(!ggz.get("/inbox").await.tekst.contains("acuut) Berichten"), "nothing acute is left to read");
    // The word names it.
    let woord = woord.iter().find(|p| !berichten.contains(p)).unwrap();
    let pagina = ggz.get(woord).await;
    assert!(pagina.tekst.contains("Gebruik het niet meer") && pagina.tekst.contains(&berichten[0]), "{}", pagina.tekst);
    ggz.stoppen().await;
}
