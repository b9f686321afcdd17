//! The binary, as people and scripts call it.

use std::{fs, path::Path, process::Command};

use super::gemeen::{POLITIE, nu, slug};
use inbreng_certs::Pki;
use inbreng_domain::{Clock, clock::SystemClock};
use inbreng_proof::{Gids, Typ, jws};
use serde_json::{Value, json as waarde};

const PARTNERS: &str = r#"
[[partner]]
slug = "politie"
naam = "Politie Voorbeeldregio"
oin = "00000099000000003000"
partnertype = "politie"
gebied = ["0518"]
functies = ["piketdesk"]
noodontvanger = true
"#;

fn run(dir: &Path, args: &[&str]) -> (bool, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_inbreng-certs")).current_dir(dir).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

fn json(dir: &Path, args: &[&str]) -> Value {
    let (ok, out, err) = run(dir, &[args, &["--json"]].concat());
    assert!(ok, "{args:?}: {err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn a_region_from_first_to_last_command() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    fs::write(dir.join("partners.toml"), PARTNERS).unwrap();

    let made = json(dir, &["init", "--partners", "partners.toml", "--naam", "hub.voorbeeld.test"]);
    assert_eq!(made["organisaties"][2]["naam"], "politie");
    assert_eq!(made["organisaties"][2]["oin"], POLITIE);
    assert_eq!(made["organisaties"][2]["verzegeling"]["volgnummer"], 1);

    let flags = ["--naam", "GGZ Testdal", "--oin", "00000099000000004000", "--partnertype", "ggz", "--gemeente", "0518"];
    let added = json(dir, &[&["partner", "add", "ggz"], &flags[..]].concat());
    assert_eq!(added["map"], "pki/partners/ggz");
    assert_eq!(json(dir, &["sleutel", "ggz"])["volgnummer"], 2);
    assert_eq!(json(dir, &["revoke", "politie", "--tls"])["ingetrokken"].as_array().unwrap().len(), 1);
    let shown = json(dir, &["show"]);
    assert_eq!(shown["organisaties"][2]["tls"]["stand"], "ingetrokken");
    assert_eq!(shown["organisaties"][2]["ondertekening"]["stand"], "geldig");
    json(dir, &["reissue", "politie"]);
    assert_eq!(json(dir, &["show"])["organisaties"][2]["tls"]["stand"], "geldig");
    json(dir, &["crl", "--geldig-dagen", "-1"]);
    assert_eq!(json(dir, &["show"])["intrekkingslijsten"], "verlopen");
    let (ok, out, _) = run(dir, &["show"]);
    assert!(ok && out.contains("inbreng-certs crl") && out.contains("politie  OIN"), "{out}");
    json(dir, &["crl", "--geldig-dagen", "7"]);

    fs::write(dir.join("bundel.json"), r#"{ "versie": 1, "rijen": [] }"#).unwrap();
    let (ok, compact, _) = run(dir, &["sign-beleid", "--bundel", "bundel.json"]);
    assert!(ok);
    let pki = Pki::open(&dir.join("pki"), std::sync::Arc::new(SystemClock)).unwrap();
    let bundle: Value = jws::verify(compact.trim(), Typ::Beleid, &pki.beheerder().unwrap()).unwrap();
    assert_eq!(bundle["versie"], 1);
    let signed = json(dir, &["sign-beleid", "--bundel", "bundel.json"]);
    assert_eq!(signed["digest"], inbreng_proof::digest_of(&bundle).unwrap().to_string());

    let (gids, fouten) = Gids::build(&pki.gids().unwrap(), &pki.anchors().unwrap(), &pki.beheerder().unwrap(), nu());
    assert_eq!((gids.partners().count(), fouten.len()), (2, 0));
    assert_eq!(pki.sleutelnummer(&slug("politie")).unwrap(), 2);
}

#[test]
fn what_is_wrong_is_said_and_ends_in_failure() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    fs::write(dir.join("partners.toml"), PARTNERS).unwrap();
    fs::write(dir.join("fout.toml"), PARTNERS.replace("functies", "funkties")).unwrap();
    fs::write(dir.join("dubbel.json"), r#"{"a":1,"a":2}"#).unwrap();
    let wrong = |args: &[&str], expected: &str| {
        let (ok, out, err) = run(dir, args);
        assert!(!ok && out.is_empty() && err.contains(expected), "{args:?}: {out}{err}");
    };
    wrong(&["show"], "inbreng-certs init");
    wrong(&["init", "--partners", "weg.toml"], "weg.toml");
    wrong(&["init", "--partners", "fout.toml"], "funkties");
    assert!(!dir.join("pki").exists(), "a wrong specification leaves nothing behind");
    json(dir, &["init", "--partners", "partners.toml"]);
    wrong(&["init"], "staat al een PKI");
    wrong(&["revoke", "niemand"], "onbekende organisatie");
    wrong(&["sleutel", "../politie"], "code");
    wrong(&["partner", "add", "ggz", "--naam", "GGZ", "--oin", "123", "--partnertype", "ggz"], "20 cijfers");
    wrong(&["sign-beleid", "--bundel", "dubbel.json"], "twice");
    let (ok, _, err) = run(dir, &["reissue", "niemand", "--json"]);
    let answer: Value = serde_json::from_str(&err).unwrap();
    assert!(!ok && answer["ok"] == false && answer["fout"].as_str().unwrap().contains("niemand"));
}

#[test]
fn acts_and_activations_are_signed_by_whom_they_should() {
    use inbreng_domain::versie::{Activering, Beheerhandeling};
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    fs::write(dir.join("partners.toml"), PARTNERS).unwrap();
    json(dir, &["init", "--partners", "partners.toml"]);
    fs::write(dir.join("tabellen.json"), "[ ]").unwrap();
    let leeg = json(dir, &["digest", "tabellen.json"])["digest"].as_str().unwrap().to_owned();
    assert_eq!(leeg, inbreng_proof::sha256(b"[]").to_string());
    let pki = Pki::open(&dir.join("pki"), std::sync::Arc::new(SystemClock)).unwrap();

    let over = ["--convenant", "voorbeeldregio", "--versie", &leeg];
    let daad = ["sign-handeling", "politie", "--handeling", "testen", "--tabellen", &leeg, "--functie", "fg"];
    let getekend = json(dir, &[&daad[..], &over].concat());
    let sleutel = pki.ondertekensleutel(&slug("politie")).unwrap();
    let gelezen: Beheerhandeling =
        jws::verify(getekend["verklaring"].as_str().unwrap(), Typ::Beheer, sleutel.verifying_key()).unwrap();
    assert_eq!((gelezen.door.to_string(), gelezen.versie.to_string()), (POLITIE.to_owned(), leeg.clone()));

    let daad = ["sign-activering", "--volgnummer", "3", "--ingang", "2026-12-01T00:00:00.000Z", "--terug"];
    let getekend = json(dir, &[&daad[..], &over].concat());
    let gelezen: Activering =
        jws::verify(getekend["activering"].as_str().unwrap(), Typ::Activering, &pki.beheerder().unwrap()).unwrap();
    assert_eq!((gelezen.volgnummer, gelezen.terug.is_ja()), (3, true));
    let (ok, _, fout) = run(
        dir,
        &[&["sign-handeling", "niemand", "--handeling", "testen", "--tabellen", &leeg][..], &["--functie", "fg"], &over].concat(),
    );
    assert!(!ok && fout.contains("niemand"), "{fout}");
}

#[test]
fn parties_join_and_leave_by_their_own_signature() {
    use inbreng_domain::gids::Medeondertekend;
    use inbreng_proof::partijen::partijen;
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    fs::write(dir.join("partners.toml"), PARTNERS).unwrap();
    json(dir, &["init", "--partners", "partners.toml"]);
    let bundel = waarde!({
        "convenant": "regio-aan-zee", "titel": "Convenant Regio aan Zee", "versie": 3, "rijen": [],
        "geldig_vanaf": "2026-01-01T00:00:00.000Z", "geldig_tot": "2036-01-01T00:00:00.000Z",
        "buiten_convenant": ["medisch", "financieel", "medisch"],
    });
    fs::write(dir.join("bundel.json"), bundel.to_string()).unwrap();
    let pki = Pki::open(&dir.join("pki"), std::sync::Arc::new(SystemClock)).unwrap();
    let tekst = serde_json::from_value::<inbreng_domain::convenant::Bundelkop>(bundel).unwrap().tekst();
    assert_eq!(tekst.buiten_convenant.len(), 2, "one agreement has one spelling");
    let (anchors, beheerder) = (pki.anchors().unwrap(), pki.beheerder().unwrap());
    let leden = |toe: &[Medeondertekend], uit: &[String]| {
        let nu = SystemClock.now();
        let (leden, fouten) = partijen(&tekst.convenant, toe, uit, &anchors, &beheerder, nu);
        assert!(fouten.is_empty(), "{fouten:?}");
        let wie = leden.perioden().filter(|(oin, _)| leden.lid(&tekst, *oin, nu).is_some());
        wie.map(|(oin, p)| (oin.to_string(), p[0].afspraken)).collect::<Vec<_>>()
    };
    let een = json(dir, &["sign-toetreding", "politie", "--bundel", "bundel.json"]);
    let een: Medeondertekend = serde_json::from_value(een["toetreding"].clone()).unwrap();
    assert_eq!(leden(std::slice::from_ref(&een), &[]), [(POLITIE.to_owned(), 3)]);
    let alle = json(dir, &["sign-toetredingen", "--bundel", "bundel.json"]);
    let alle: Vec<Medeondertekend> = serde_json::from_value(alle["toetredingen"].clone()).unwrap();
    assert_eq!(alle.len(), pki.partners().count());
    assert_eq!(leden(&alle, &[]).len(), alle.len());
    let zonder = json(dir, &["sign-toetredingen", "--bundel", "bundel.json", "--behalve", POLITIE]);
    assert_eq!(zonder["toetredingen"].as_array().unwrap().len(), alle.len() - 1);
    let weg = json(dir, &["sign-uittreding", "politie", "--convenant", "regio-aan-zee", "--volgnummer", "2"]);
    assert_eq!(leden(&[een], &[weg["uittreding"].as_str().unwrap().to_owned()]), []);
    let (ok, _, fout) = run(dir, &["sign-toetreding", "niemand", "--bundel", "bundel.json"]);
    assert!(!ok && fout.contains("niemand"), "{fout}");
}
