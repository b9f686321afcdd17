//! `inbreng policy diff`.

use crate::{inbreng, map};

/// A draft of the example covenant: stricter about one type.
pub fn concept(map: &tempfile::TempDir) -> String {
    let bron = std::fs::read_to_string(crate::wortel().join("policy/convenanten/voorbeeldregio.toml")).unwrap();
    let rij = "\n[[rijen]]\nlaag = \"convenant\"\nstap = \"grond\"\neffect = \"tegenhouden\"\nregel = \"R6\"\nuitkomst = \"weigeren\"\n\
        soorten = [\"incidentmelding\"]\ncategorieen = [\"incident\"]\ndoelen = [\"beoordelen\"]\nnaar = [\"veilig-thuis\"]\n\
        toelichting = \"eerst overleggen\"\n";
    let pad = map.path().join("concept.toml");
    std::fs::write(&pad, bron.replacen("versie = 1", "versie = 2", 1) + rij).unwrap();
    pad.to_str().unwrap().to_owned()
}

#[test]
fn a_version_equals_itself_in_every_form() {
    let map = map();
    let bundel = map.path().join("bundel.json");
    inbreng(&["policy", "export", "--uit", bundel.to_str().unwrap()]).goed();
    let uit = inbreng(&["policy", "diff", "voorbeeldregio", bundel.to_str().unwrap(), "--json"]);
    assert_eq!((uit.status(), &uit.json()["gelijk"]), (0, &true.into()));
}

#[test]
fn a_stricter_row_shows_as_a_row_and_as_decisions() {
    let map = map();
    let concept = concept(&map);
    let vraag = ["policy", "diff", "voorbeeldregio", &concept, "--soort", "incidentmelding"];
    let uit = inbreng(&vraag);
    assert_eq!(uit.status(), 1, "{}", uit.klacht());
    let tekst = uit.tekst();
    for deel in
        ["Rijen: 1 erbij, 0 weg, 0 gewijzigd", "eerst overleggen", "versie: 1 → 2", "0 ruimer", "strenger: incidentmelding"]
    {
        assert!(tekst.contains(deel), "{deel}: {tekst}");
    }
    let json = inbreng(&[&vraag[..], &["--json"]].concat()).json();
    assert_eq!(json["rijen"]["erbij"][0]["regel"], "R6");
    let groep = &json["besluiten"]["groepen"][0];
    assert_eq!((&groep["richting"], &groep["wordt"]), (&"strenger".into(), &"weigeren".into()));
    assert_eq!(json["besluiten"]["ruimer"], 0);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let uit = inbreng(&["policy", "diff", "voorbeeldregio", "nergens.toml"]);
    assert_eq!(uit.status(), 2);
    assert!(uit.klacht().contains("nergens.toml") && uit.klacht().contains("Zo lost u dit op:"), "{}", uit.klacht());
    let uit = inbreng(&["policy", "diff", "voorbeeldregio", "voorbeeldregio", "--soort", "incidentmeldin"]);
    assert_eq!(uit.status(), 2);
    assert!(uit.klacht().contains("Bedoelt u `incidentmelding`?"), "{}", uit.klacht());
}
