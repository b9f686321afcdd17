//! `inbreng policy explain`.

use serde_json::{Value, json};

use crate::{inbreng, map};

/// GGZ wants to give something medical to Veilig Thuis.
const MEDISCH: [&str; 16] = [
    "policy",
    "explain",
    "--gewone-zaak",
    "--van",
    "ggz",
    "--naar",
    "veilig-thuis",
    "--soort",
    "informatie-antwoord",
    "--categorie",
    "medisch",
    "--doel",
    "beoordelen",
    "--handeling",
    "ontvangen",
    "--grondslag",
];

fn medisch(rest: &[&str]) -> crate::Uit {
    inbreng(&[&MEDISCH[..], rest].concat())
}

#[test]
fn a_refusal_says_why_and_what_can_be_done() {
    let tekst = medisch(&["convenant"]).goed();
    for deel in
        ["Besluit: weigeren", "R8 Medische gegevens", "Mag niet, maar zo wel", "Vraag toestemming", "rij ", "001:2589-2595"]
    {
        assert!(tekst.contains(deel), "{deel}: {tekst}");
    }
    assert!(tekst.lines().all(|l| l.chars().count() <= 100), "{tekst}");
}

#[test]
fn tools_get_the_same() {
    let json = medisch(&["convenant", "--json"]).json();
    assert_eq!(json["besluit"]["uitkomst"], "weigeren");
    assert_eq!(json["regels"][0]["regel"], "R8");
    assert_eq!(json["beleid"]["convenant"], "voorbeeldregio");
    assert_eq!(json["beleid"]["digest"], json["besluit"]["beleid"]);
    let grond: Vec<&Value> = json["stappen"].as_array().unwrap().iter().filter(|s| s["stap"] == "grond").collect();
    assert_eq!(grond.len(), 1);
    assert!(grond[0]["rijen"].as_array().unwrap().iter().any(|r| r["telt"] == true && r["rij"]["regel"] == "R8"), "{grond:?}");
}

#[test]
fn a_term_is_in_working_days_or_a_date() {
    let vraag = ["zonder-toestemming", "--categorie", "risico"];
    let twee_keer = medisch(&vraag);
    assert_eq!(twee_keer.status(), 2);
    assert!(twee_keer.klacht().contains("--categorie staat er meer dan eens"), "{}", twee_keer.klacht());

    let map = map();
    let bestand = map.path().join("vraag.toml");
    std::fs::write(
        &bestand,
        "van = \"wijkteam\"\nnaar = \"ggz\"\nsoort = \"verwijzing\"\ncategorie = \"hulp\"\n\
        doel = \"hulp-starten\"\nhandeling = \"ontvangen\"\ngrondslag = [\"zonder-toestemming\", \"toestemming\"]\n",
    )
    .unwrap();
    let vraag = |rest: &[&str]| {
        inbreng(&[&["policy", "explain", "--gewone-zaak", "--verzoek", bestand.to_str().unwrap()], rest].concat())
    };
    assert!(vraag(&[]).los().contains("transparantiebericht (R12)"));
    assert!(vraag(&[]).los().contains("Binnen 10 werkdagen."));
    // Friday 20 November 2026 and ten working days, none of them free.
    assert!(vraag(&["--nu", "2026-11-20T10:00:00.000Z"]).los().contains("Uiterlijk 2026-12-04."));
    // What is typed goes before what stands in the file; each ground is shown.
    let json = vraag(&["--naar", "school", "--json"]).json();
    assert_eq!(json["verzoek"]["naar"], "school");
    let gronden: Vec<_> =
        json["stappen"].as_array().unwrap().iter().filter(|s| s["stap"] == "grond").map(|s| &s["grondslag"]).collect();
    assert_eq!(gronden, [&json!("zonder-toestemming"), &json!("toestemming")]);
}

#[test]
fn what_is_left_out_counts_as_most_restrictive() {
    let tekst = inbreng(&[&["policy", "explain"], &MEDISCH[3..], &["toestemming"]].concat()).goed();
    assert!(tekst.contains("Er is geen informatie beschikbaar."), "an outsider: {tekst}");
    assert!(tekst.contains("Zo streng mogelijk:") && tekst.contains("van_deelnemer=nee"), "{tekst}");
}

#[test]
fn wrong_input_says_what_it_could_be() {
    let map = map();
    let bestand = map.path().join("vraag.json");
    let uit_bestand = |tekst: &str| {
        std::fs::write(&bestand, tekst).unwrap();
        inbreng(&["policy", "explain", "--verzoek", bestand.to_str().unwrap()])
    };
    let klachten = [
        (inbreng(&["policy", "explain"]), "u heeft nog niets gevraagd"),
        (inbreng(&["policy", "explain", "--van", "ggzz"]), "Bedoelt u `ggz`?"),
        (inbreng(&["policy", "explain", "--van", "ggz"]), "`naar` ontbreekt"),
        (medisch(&["convenant", "--soort", "roddel"]), "meer dan eens"),
        (inbreng(&["policy", "explain", "--convenant", "nergens", "--van", "ggz"]), "ook geen bestand"),
        (inbreng(&["policy", "explain", "--convenant", "README.md", "--van", "ggz"]), "TOML"),
        (uit_bestand(r#"{"vann": "ggz"}"#), "Bedoelt u `van`?"),
        (uit_bestand(r#"{"van": 7}"#), "geen tekst"),
        (uit_bestand("[1]"), "geen veld `1`"),
        (uit_bestand("van ="), "TOML"),
        (
            uit_bestand(r#"{"van":"ggz","naar":"om","soort":"roddel","categorie":"kind","doel":"plan","handeling":"inzien"}"#),
            "geen soort bericht",
        ),
        (
            uit_bestand(
                r#"{"van":"ggz","naar":"om","soort":"overdracht","variant":"x","categorie":"kind","doel":"plan","handeling":"inzien"}"#,
            ),
            "geen variant",
        ),
    ];
    for (uit, deel) in klachten {
        assert_eq!(uit.status(), 2, "{deel}: {}", uit.tekst());
        assert!(uit.klacht().contains(deel) && uit.klacht().contains("Zo lost u dit op:"), "{deel}: {}", uit.klacht());
        assert!(uit.tekst().is_empty());
    }
}
