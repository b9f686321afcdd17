//! `inbreng policy export`.

use inbreng_proof::sha256;
use serde_json::Value;

use crate::{inbreng, map};

#[test]
fn the_digest_is_that_of_the_bytes_and_the_bundle_decides_alike() {
    let map = map();
    let bestand = map.path().join("bundel.json");
    let pad = bestand.to_str().unwrap();
    inbreng(&["policy", "export", "--uit", pad]).goed();
    let bytes = std::fs::read(&bestand).unwrap();
    let digest = inbreng(&["policy", "export", "--digest"]).goed();
    assert_eq!(sha256(&bytes).to_string(), digest.trim());
    // Out again from what was exported: the same bytes.
    assert_eq!(inbreng(&["policy", "export", "--convenant", pad]).goed().as_bytes(), bytes);
    assert_eq!(inbreng(&["policy", "test", "policy/tables/R08.toml", "--convenant", pad]).status(), 0);
    let niet = inbreng(&["policy", "export", "--ondertekend"]);
    assert_eq!(niet.status(), 2);
    assert!(niet.klacht().contains("geen handtekening"), "{}", niet.klacht());
}

#[test]
fn the_rows_as_a_table() {
    let json = inbreng(&["policy", "export", "--rijen", "json"]).json();
    let rijen = json.as_array().unwrap();
    let bundel: Value = inbreng(&["policy", "export"]).json();
    assert_eq!(rijen.len(), bundel["rijen"].as_array().unwrap().len());
    let r8 = rijen.iter().find(|r| r["regel"] == "R8").unwrap();
    assert_eq!((&r8["effect"], &r8["categorieen"]), (&"tegenhouden".into(), &"medisch".into()));
    let csv = inbreng(&["policy", "export", "--rijen", "csv"]).goed();
    assert!(csv.starts_with("\u{feff}nummer;laag;stap;effect;"));
    assert_eq!(csv.lines().count(), rijen.len() + 1);
}

/// For tools: which version it is with its digest, and beside it what was asked for; the content is the same as without.
#[test]
fn as_json_the_version_stands_beside_the_content() {
    let digest = inbreng(&["policy", "export", "--digest"]).goed();
    for (opties, los) in [
        (&["--json"][..], &[][..]),
        (&["--json", "--tekst"], &["--tekst"]),
        (&["--json", "--rijen", "json"], &["--rijen", "json"]),
    ] {
        let [met, zonder] = [opties, los].map(|o| inbreng(&[&["policy", "export"][..], o].concat()).json());
        assert_eq!(met["versie"]["digest"], digest.trim(), "{opties:?}");
        assert_eq!(met["versie"]["convenant"], "voorbeeldregio");
        assert!(met["aantalRijen"].as_u64().unwrap() > 100);
        assert_eq!(met["inhoud"], zonder, "{opties:?}");
    }
    let alleen = inbreng(&["policy", "export", "--json", "--digest"]).json();
    assert_eq!((&alleen["versie"]["digest"], &alleen["inhoud"]), (&digest.trim().into(), &Value::Null));
    let niet = inbreng(&["policy", "export", "--json", "--rijen", "csv"]);
    assert_eq!(niet.status(), 2);
    assert!(niet.klacht().contains("csv"), "{}", niet.klacht());
}

#[test]
fn what_parties_sign_is_shown_with_the_digest_of_its_document() {
    for naam in ["voorbeeldregio", "voorbeeldregio-noord"] {
        let tekst: Value = inbreng(&["policy", "export", "--convenant", naam, "--tekst"]).json();
        let document = std::fs::read(crate::wortel().join(format!("policy/convenanten/{naam}.md"))).unwrap();
        assert_eq!(tekst["document"], sha256(&document).to_string(), "{naam}: the document has changed, its digest has not");
        assert_eq!((&tekst["convenant"], &tekst["geldigVanaf"]), (&naam.into(), &"2026-01-01T00:00:00.000Z".into()));
        assert!(tekst["buitenConvenant"].as_array().unwrap().contains(&"medisch".into()), "{tekst}");
        assert!(tekst.get("rijen").is_none(), "rows are no part of it");
    }
}
