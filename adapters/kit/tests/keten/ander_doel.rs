//! What a child said, asked for a criminal case (R28): the owner's own system explains why, and the system of the public prosecution
//! reads that beside the part. The hub never has its text.

use serde_json::{Value, json};

use crate::{
    eigenaar::in_postbus,
    regio::{Draaiend, Partner, Regio, fixture, oin},
};

const UITLEG: &str = "De officier moet weten wat het kind die avond hoorde.";
const GEZEGD: &str = "Ik was boven en hoorde geschreeuw.";

/// A meeting, as the systems of this test say it; the rest of their words is in their own mappings.
const INBRENG: &str = r#"
[[uitgaand]]
pad = "/proef/inbreng"
soort = "inbreng-casusoverleg"
kenmerk = "/nummer"
urgentie = { veld = "/urgentie", tabel = { "acuut" = "acuut", "*" = "normaal" } }
peildatum = "/overleg"
casus = { eigen = "/huishoudnummer" }
gemeente = { veld = "/gemeente", tabel = "gemeente" }
functie = { sjabloon = "functie" }
geadresseerden = [{ rol = "veilig-thuis" }]
[uitgaand.verklaring]
overlegOp = "/overleg"
[[uitgaand.delen]]
categorie = "kind"
doel = "analyse"
grondslagen = ["convenant"]
noodzaak_toegelicht = { veld = "/waarom", aanwezig = true }
betrokkenen = [{ per = "/kinderen", sleutel = "./nummer", leeftijdsgroep = { sjabloon = "leeftijd" } }]
[uitgaand.delen.inhoud]
kinderen = { per = "/kinderen", waarde = { ref = { "$persoon" = "./nummer" }, naam = { achternaam = "./achternaam", voornamen = "./voornaam" }, geboortedatum = { veld = "./geboren", als = "datum", vorm = "DD/MM/JJJJ" } } }
uitspraken = { per = "/kinderen", waarde = { ref = { "$persoon" = "./nummer" }, uitspraak = { veld = "./gezegd", hoogstens = 400 }, gezegdOp = "./op" } }
bron = { zekerheid = "feit", functie = { sjabloon = "functie" } }
verantwoording = { noodzaak = { veld = "/waarom", hoogstens = 400 } }
"#;
/// Somebody is added to a case (56).
pub(crate) const ERBIJ: &str = r#"
[[uitgaand]]
pad = "/proef/deelname"
soort = "deelname"
kenmerk = "/nummer"
casus = { eigen = "/dossier" }
[uitgaand.verklaring]
partner = "/partner"
actie = "toevoegen"
rol = "deelnemer"
volgnummer = { "$volgnummer" = "/dossier" }
"#;
const TERUG: &str = r#"
[[inkomend]]
soort = "inbreng-casusoverleg"
pad = "/proef/inbreng"
rest = "rest"
antwoord = { kenmerk = "/nummer" }
[inkomend.lichaam]
inzage = { per = "/terInzage", waarde = "./labels/id", verplicht = false }

[[inkomend]]
soort = "deelname"
pad = "/proef/deelname"
rest = "rest"
[inkomend.lichaam]
casus = "/casus/verwijzing"
"#;

/// Says yes to the request, with this beside it.
async fn ja(wijkteam: &Draaiend, kenmerk: &str, erbij: Value) -> (u16, Value) {
    let mut lichaam = json!({"kenmerk": kenmerk, "antwoordOp": "V-7", "verklaring": {"besluit": "ja"}});
    lichaam.as_object_mut().unwrap().extend(erbij.as_object().unwrap().clone());
    let antwoord = wijkteam.post("/eigenaar/eigenaar-besluit?wacht=20", &lichaam).await;
    (antwoord.status, antwoord.json)
}

/// A case in which the public prosecution takes part, and what the child said in it.
struct Zaak {
    regio: Regio,
    wijkteam: Draaiend,
    vt: Draaiend,
    om: Draaiend,
}

/// Brings in what the child said, as this mapping of the wijkteam says for whom.
async fn ingebracht(urgentie: &str, mapping: &str) -> Zaak {
    let regio = Regio::met(&[Partner::Om]).await;
    let wijkteam = regio.partner_met_mapping(Partner::Wijkteam, mapping).await;
    let vt = regio.partner_met_mapping(Partner::VeiligThuis, &format!("{ERBIJ}{TERUG}")).await;
    let om = regio.partner_met_mapping(Partner::Om, TERUG).await;
    vt.systeem.antwoordt("/meldingen/professionals", json!({"meldingnummer": "M-1", "dossiernummer": "D-1"}));
    vt.systeem.antwoordt("/proef/inbreng", json!({"nummer": "OV-1"}));
    wijkteam.systeem.antwoordt("/eigenaar/doorverstrekking-verzoek", json!({"kenmerk": "V-7"}));

    // Shared for the meeting, and explained for that.
    let melding = fixture("wijkteam/fixtures/zorgen/zorgen-om-kind.json");
    let antwoord = wijkteam.post("/zorgen?wacht=20", &melding).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    vt.systeem.ontvangt("/meldingen/professionals").await;
    vt.rust().await;
    let erbij = json!({"nummer": "DN-1", "dossier": "D-1", "partner": oin(Partner::Om)});
    let antwoord = vt.post("/proef/deelname?wacht=20", &erbij).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    let inbreng = json!({
        "nummer": "IB-1", "huishoudnummer": melding["huishoudnummer"], "gemeente": "Rijswijk", "overleg": "2026-12-10", "urgentie": urgentie,
        "medewerker": {"functie": "jeugdconsulent"}, "waarom": "Nodig om samen te besluiten welke hulp er komt.",
        "kinderen": [{
            "nummer": 902, "voornaam": "Xander", "achternaam": "Testpersoon Walnoot", "geboren": "11/11/2015",
            "gezegd": GEZEGD, "op": "2026-11-20",
        }],
    });
    let antwoord = wijkteam.post("/proef/inbreng?wacht=20", &inbreng).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    vt.systeem.ontvangt("/proef/inbreng").await;
    vt.rust().await;
    Zaak { regio, wijkteam, vt, om }
}

/// The owner's yes for the criminal case, which Veilig Thuis asked for: what the system of the public prosecution got by that.
async fn gevraagd_en_gegeven(urgentie: &str) -> (Regio, Draaiend, Value) {
    let Zaak { regio, wijkteam, vt, om } = ingebracht(urgentie, INBRENG).await;
    // Veilig Thuis asks for the criminal case.
    let vraag = json!({
        "kenmerk": "DV-1", "over": "OV-1", "delen": [0], "variant": "ander-doel",
        "verklaring": {"ontvangers": [oin(Partner::Om)], "doel": "strafzaak"},
    });
    let antwoord = vt.post("/eigenaar/doorverstrekking-verzoek?wacht=20", &vraag).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    wijkteam.systeem.ontvangt("/eigenaar/doorverstrekking-verzoek").await;
    wijkteam.rust().await;

    // What does not fit, or says nothing, is not taken; a number of a person is asked about.
    for (lichaam, status) in [
        (json!({"toelichting": "  "}), 400),
        (json!({"toelichting": "x".repeat(1001)}), 400),
        (json!({"toelichting": UITLEG, "verklaring": {"besluit": "nee"}}), 400),
        (json!({"toelichting": "Het gaat om 999990019."}), 409),
    ] {
        let (gekregen, json) = ja(&wijkteam, "EB-0", lichaam).await;
        assert_eq!(gekregen, status, "{json}");
    }
    // Explained for the meeting is not explained for the criminal case: nothing is sealed, and a human is asked.
    assert_eq!(ja(&wijkteam, "EB-1", json!({})).await.0, 202);
    let gezondheid = wijkteam.tot("/gezondheid", |g| g["alarmen"].as_array().is_some_and(|a| !a.is_empty())).await;
    assert_eq!(gezondheid["alarmen"][0]["soort"], "toegang-niet-gegeven", "{gezondheid}");
    assert!(gezondheid["alarmen"][0]["uitleg"].as_str().unwrap().contains("leg uit waarom"), "{gezondheid}");

    let (status, json) = ja(&wijkteam, "EB-2", json!({"toelichting": UITLEG})).await;
    assert_eq!(status, 202, "{json}");
    let gekregen = om.systeem.ontvangt("/proef/inbreng").await;
    for tekst in [UITLEG, GEZEGD] {
        regio.nergens(tekst);
    }
    (regio, om, gekregen)
}

/// View-only: the explanation comes with the key, at each reading, and lies nowhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_childs_words_go_to_the_public_prosecution_with_why_and_its_system_reads_that() {
    let (regio, om, gekregen) = gevraagd_en_gegeven("normaal").await;
    assert!(!gekregen.to_string().contains(UITLEG), "it comes with the key");
    let deel = gekregen["inzage"][0].as_str().unwrap();
    let lezen =
        async |doel: &str| om.post(&format!("/inzage/{deel}"), &json!({"functie": "officier-van-justitie", "doel": doel})).await;
    let gelezen = lezen("strafzaak").await;
    assert_eq!(gelezen.status, 200, "{gelezen:?}");
    assert_eq!((&gelezen.json["doel"], &gelezen.json["toelichting"]), (&json!("strafzaak"), &json!(UITLEG)));
    assert_eq!(gelezen.json["inhoud"]["uitspraken"][0]["uitspraak"], GEZEGD);
    assert_eq!(lezen("analyse").await.status, 403, "what it was first shared for");
    om.rust().await;
    assert_eq!(om.get("/gezondheid").await.json["alarmen"], json!([]), "by its owner's word nothing deviates");
    regio.nergens(UITLEG);
}

/// Acute: it comes with its key, and the explanation beside it in the body, for which the mapping has no words.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_comes_with_its_key_has_the_explanation_beside_it() {
    let (regio, om, gekregen) = gevraagd_en_gegeven("acuut").await;
    let [uitleg] = gekregen["toelichtingen"].as_array().unwrap().as_slice() else { panic!("{gekregen}") };
    assert_eq!(
        (&uitleg["categorie"], &uitleg["doel"], &uitleg["tekst"]),
        (&json!("kind"), &json!("strafzaak"), &json!(UITLEG)),
        "{gekregen}"
    );
    assert!(gekregen["rest"].to_string().contains(GEZEGD), "{gekregen}");
    om.rust().await;
    assert_eq!(om.get("/gezondheid").await.json["alarmen"], json!([]));
    regio.nergens(UITLEG);
}

/// The public prosecution has it for the meeting, and asks for it for the criminal case. By the owner's yes it is given for that too, on the
/// record; its system hears that, and its adapter says for what it may be used.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_has_it_for_the_meeting_is_given_it_for_the_criminal_case_too() {
    let ook_om = INBRENG.replace("[{ rol = \"veilig-thuis\" }]", "[{ rol = \"veilig-thuis\" }, { rol = \"om\" }]");
    let Zaak { regio, wijkteam, om, .. } = ingebracht("acuut", &ook_om).await;
    let eerst = om.systeem.ontvangt("/proef/inbreng").await;
    assert!(eerst["toelichtingen"].is_null() && eerst.to_string().contains(GEZEGD), "{eerst}");
    let doelen = |p: &Value| {
        let inbreng = p["leveringen"].as_array().unwrap().iter().find(|l| l["soort"] == "inbreng-casusoverleg").cloned();
        let doelen = inbreng.map_or_else(Vec::new, |l| l["doelen"].as_array().unwrap().clone());
        doelen.iter().map(|d| d["doel"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    om.tot("/postbus", |p| doelen(p) == ["analyse"]).await;
    let levering = in_postbus(&om, "inbreng-casusoverleg", "gemeld").await;

    let vraag = json!({
        "kenmerk": "DV-9", "over": levering["bericht"], "delen": [0], "variant": "ander-doel",
        "verklaring": {"ontvangers": [oin(Partner::Om)], "doel": "strafzaak"},
    });
    let antwoord = om.post("/eigenaar/doorverstrekking-verzoek?wacht=20", &vraag).await;
    assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
    wijkteam.systeem.ontvangt("/eigenaar/doorverstrekking-verzoek").await;
    wijkteam.rust().await;
    assert_eq!(regio.bladen("toegang").await, 0);
    let (status, json) = ja(&wijkteam, "EB-9", json!({"toelichting": UITLEG})).await;
    assert_eq!(status, 202, "{json}");

    let [een, twee] = [eerst, om.systeem.ontvangt("/proef/inbreng").await];
    assert!(een != twee && twee.to_string().contains(GEZEGD), "{twee}");
    let [uitleg] = twee["toelichtingen"].as_array().unwrap().as_slice() else { panic!("{twee}") };
    assert_eq!((&uitleg["doel"], &uitleg["tekst"]), (&json!("strafzaak"), &json!(UITLEG)), "{twee}");
    om.tot("/postbus", |p| doelen(p) == ["analyse", "strafzaak"]).await;
    assert_eq!(regio.bladen("toegang").await, 1, "on the record, once");
    om.rust().await;
    for partner in [&om, &wijkteam] {
        assert_eq!(partner.get("/gezondheid").await.json["alarmen"], json!([]));
    }
    regio.nergens(UITLEG);
}
