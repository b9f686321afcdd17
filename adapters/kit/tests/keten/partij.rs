//! A party by the hands of its privacy officer: `inbreng-adapter partij`. It joins, is seen in the list, leaves, and joins again; who
//! was overtaken is told; and a hub that shows a party by a forged signature makes none.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use inbreng_domain::{Clock, clock::SystemClock, gids::Medeondertekend};
use inbreng_proof::{digest_of, jws};
use serde_json::{Value, json};

use crate::{
    beleid::{Officer, Uit, opdracht},
    regio::{Partner, Regio, bestand, oin},
};

const CONVENANT: &str = "voorbeeldregio";

/// The covenant manager countersigns what lies in a file.
async fn meetekenen(regio: &Regio, toetreding: &Path, uit: &Path, getypt: &'static str) -> Uit {
    let (map, pki) = (regio.pki.beheerdersmap(), regio.pki.dir());
    let paden = [
        ("--certificaat", map.ondertekening_pem()),
        ("--sleutel", map.ondertekening_key()),
        ("--root", pki.join("root.pem")),
        ("--tussen", pki.join("tussen.pem")),
        ("--crl", pki.join("crl.pem")),
        ("--uit", uit.to_owned()),
    ];
    let mut alle = vec!["meetekenen".to_owned(), toetreding.display().to_string()];
    alle.extend(paden.into_iter().flat_map(|(optie, pad)| [optie.to_owned(), pad.display().to_string()]));
    opdracht("partij", alle, getypt).await
}

/// The lines of one organisation in the list.
async fn regels(officer: &Officer, wie: Partner) -> Vec<String> {
    let lijst = officer.partij(&["lijst", "--convenant", CONVENANT], "").await.gelukt();
    lijst.gezegd.lines().filter(|r| r.contains(&oin(wie))).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_party_joins_is_seen_leaves_and_joins_again() {
    let regio = Regio::nieuw().await;
    let [vt, politie, school] = [Partner::VeiligThuis, Partner::Politie, Partner::School].map(|wie| Officer::bij(&regio, wie));
    let [getekend, mee] = ["toetreding.json", "mee.json"].map(|naam| regio.pad(naam));
    let (getekend_tekst, mee_tekst) = (getekend.to_str().unwrap(), mee.to_str().unwrap());
    let toetreden = ["toetreden", "--convenant", CONVENANT, "--functie", "bestuurder", "--uit", getekend_tekst];
    let uittreden = ["uittreden", "--convenant", CONVENANT, "--functie", "fg"];

    // As it is: everyone to whom it is open has signed, and a school has not.
    let begin = politie.partij(&["lijst", "--json"], "").await.gelukt().json();
    assert_eq!((&begin[0]["convenant"], &begin[0]["geweigerd"]), (&json!(CONVENANT), &json!([])));
    assert_eq!(begin[0]["partijen"].as_array().unwrap().len(), regio.toetredingen.len());
    assert_eq!(regels(&politie, Partner::VeiligThuis).await.len(), 1);
    assert!(regels(&politie, Partner::School).await.is_empty());
    school.partij(&toetreden, "ja\n").await.mislukt("Het convenant staat niet open voor uw organisatie.");
    school.partij(&uittreden, "ja\n").await.mislukt("Uw organisatie is geen partij bij dit convenant.");
    politie.partij(&["lijst", "--convenant", "elders"], "").await.mislukt("niet-gevonden");

    // It leaves; a no sends nothing.
    vt.partij(&uittreden, "nee\n").await.mislukt("U zei geen ja. Er is niets verstuurd.");
    let weg = vt.partij(&uittreden, "ja\n").await.gelukt();
    assert!(weg.klacht.contains("Uw verklaring 1: toetreding vanaf"), "{}", weg.klacht);
    assert!(weg.gezegd.contains("Uitgetreden vanaf") && weg.gezegd.contains("Uw verklaring 2: uittreding"), "{}", weg.gezegd);
    let na = regels(&politie, Partner::VeiligThuis).await;
    assert!(na.len() == 1 && na[0].ends_with("(nu niet)"), "{na:?}");

    // It joins again: it signs what it sees, the covenant manager countersigns, and it brings that itself.
    let nee = vt.partij(&toetreden, "\n").await.mislukt("U zei geen ja.");
    for zin in [
        "Convenant voorbeeldregio: Convenant gegevensdeling huiselijk geweld",
        "Geldt van 2026-01-01 tot 2031-01-01",
        "Erbuiten vallen: medisch",
        "De regels: versie 1 (actief)",
        "Uw verklaring 2: uittreding",
        "Nummer 3, als bestuurder",
    ] {
        assert!(nee.klacht.contains(zin), "`{zin}`: {}", nee.klacht);
    }
    assert!(!getekend.exists());
    vt.partij(&toetreden, "ja\n").await.gelukt();
    vt.partij(&["brengen", getekend_tekst], "").await.mislukt("medeondertekening");
    let gezien = meetekenen(&regio, &getekend, &mee, "nee\n").await.mislukt("U zei geen ja.");
    assert!(gezien.klacht.contains(&format!("Veilig Thuis Voorbeeldregio ({})", oin(Partner::VeiligThuis))), "{}", gezien.klacht);
    meetekenen(&regio, &getekend, &mee, "ja\n").await.gelukt();
    politie.partij(&["brengen", mee_tekst], "").await.mislukt("Dit is de toetreding van een andere organisatie.");
    let terug = vt.partij(&["brengen", mee_tekst], "").await.gelukt();
    assert!(
        terug.gezegd.contains("Toegetreden vanaf") && terug.gezegd.contains("Uw verklaring 3: toetreding"),
        "{}",
        terug.gezegd
    );
    let na = regels(&politie, Partner::VeiligThuis).await;
    assert!(na.len() == 2 && na[0].ends_with("(nu niet)") && !na[1].ends_with("(nu niet)"), "{na:?}");
    vt.partij(&["brengen", mee_tekst], "").await.mislukt("niet-nieuwer");

    // What somebody changed on its way is countersigned by nobody.
    let mut veranderd: Value = serde_json::from_slice(&std::fs::read(&getekend).unwrap()).unwrap();
    let jws = veranderd["verklaring"].as_str().unwrap().to_owned();
    let [kop, _, handtekening]: [&str; 3] = jws.split('.').collect::<Vec<_>>().try_into().unwrap();
    let mut inhoud: Value = jws::unverified_payload(&jws).unwrap();
    inhoud["volgnummer"] = json!(9);
    let inhoud = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, inhoud.to_string());
    veranderd["verklaring"] = json!(format!("{kop}.{inhoud}.{handtekening}"));
    std::fs::write(&getekend, veranderd.to_string()).unwrap();
    meetekenen(&regio, &getekend, &regio.pad("anders.json"), "ja\n")
        .await
        .mislukt("Dit is niet mee te tekenen: een verklaring van 00000001000000000030: de handtekening klopt niet.");
    assert!(!regio.pad("anders.json").exists());
}

/// Two at once: who was looking while another left is told so, and nothing of it is written.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_was_overtaken_is_told_and_looks_again() {
    let regio = Regio::nieuw().await;
    let [vt, ggz] = [Partner::VeiligThuis, Partner::Ggz].map(|wie| Officer::bij(&regio, wie));
    let mut kind = Command::new(env!("CARGO_BIN_EXE_inbreng-adapter"))
        .args(["partij", "uittreden", "--convenant", CONVENANT, "--functie", "fg", "--config"])
        .arg(&vt.config)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let scherm = kind.stderr.take().unwrap();
    // It has looked, and asks for a yes.
    let mut scherm = tokio::task::spawn_blocking(move || {
        let mut scherm = BufReader::new(scherm);
        let mut gelezen = String::new();
        while !gelezen.contains("U treedt uit vanaf") {
            assert_ne!(scherm.read_line(&mut gelezen).unwrap(), 0, "{gelezen}");
        }
        scherm
    })
    .await
    .unwrap();
    ggz.partij(&["uittreden", "--convenant", CONVENANT, "--functie", "fg", "--ja"], "").await.gelukt();
    kind.stdin.take().unwrap().write_all(b"ja\n").unwrap();
    let (klacht, goed) = tokio::task::spawn_blocking(move || {
        let mut klacht = String::new();
        scherm.read_to_string(&mut klacht).unwrap();
        (klacht, kind.wait().unwrap().success())
    })
    .await
    .unwrap();
    assert!(!goed && klacht.contains("versie-gewijzigd"), "{klacht}");
    assert!(klacht.contains("Iemand was u voor. Kijk opnieuw, en beslis dan opnieuw."), "{klacht}");
    let na = regels(&ggz, Partner::VeiligThuis).await;
    assert!(na.len() == 1 && !na[0].ends_with("(nu niet)"), "it is a party still: {na:?}");
    vt.partij(&["uittreden", "--convenant", CONVENANT, "--functie", "fg", "--ja"], "").await.gelukt();
}

/// Whoever the hub says is a party: only signatures make one, and what the adapter of this machine knows is not unsaid.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hub_makes_no_party_and_keeps_none() {
    let regio = Regio::nieuw().await;
    let vt = Officer::bij(&regio, Partner::VeiligThuis);
    let echt = &regio.toetredingen;
    let partij = |t: &Medeondertekend| jws::unverified_payload::<Value>(&t.verklaring).unwrap()["partij"].clone();
    let van_vt = echt.iter().find(|t| partij(t) == oin(Partner::VeiligThuis)).unwrap();
    let politie = echt.iter().find(|t| partij(t) == oin(Partner::Politie)).unwrap();
    // The GGZ writes the police's statement, and the covenant manager's word is that of another statement.
    let slug = |naam: &str| regio.pki.partnermap(&naam.parse().unwrap()).unwrap();
    let ggz = crate::beleid_liegend::sleutel(&slug("ggz"));
    let inhoud: Value = jws::unverified_payload(&politie.verklaring).unwrap();
    let vervalst = jws::sign(&ggz, inbreng_proof::Typ::Toetreding, &inhoud).unwrap();
    let beheerder = crate::beleid_liegend::sleutel(&regio.pki.beheerdersmap());
    let nu = SystemClock.now();
    let vervalst = inbreng_proof::gids::medeonderteken(&beheerder, vervalst, nu).unwrap();
    let verplaatst = Medeondertekend { medeondertekening: van_vt.medeondertekening.clone(), ..politie.clone() };
    for vals in [vervalst, verplaatst] {
        let dubbel = crate::beleid_liegend::Dubbel::start(&regio);
        dubbel.partijen(&[van_vt, &vals], &[]);
        let officer = Officer::bij_adres(&regio, Partner::Ggz, dubbel.adres());
        let lijst = officer.partij(&["lijst", "--convenant", CONVENANT], "").await.gelukt();
        assert!(lijst.gezegd.contains("1 partijen nu, door hun eigen handtekening"), "{}", lijst.gezegd);
        assert!(lijst.gezegd.contains(&oin(Partner::VeiligThuis)), "{}", lijst.gezegd);
        let telt_niet: Vec<_> = lijst.gezegd.lines().filter(|r| r.contains("telt niet:")).collect();
        assert!(telt_niet.len() == 1 && telt_niet[0].contains(&oin(Partner::Politie)), "{}", lijst.gezegd);
        let json = officer.partij(&["lijst", "--convenant", CONVENANT, "--json"], "").await.gelukt().json();
        assert_eq!(json[0]["partijen"].as_array().unwrap().len(), 1, "{json}");
    }

    // Its own adapter knows that it left; a hub that leaves that out is told of.
    vt.partij(&["uittreden", "--convenant", CONVENANT, "--functie", "fg", "--ja"], "").await.gelukt();
    let adapter = regio.partner(Partner::VeiligThuis).await;
    let dubbel = crate::beleid_liegend::Dubbel::start(&regio);
    dubbel.partijen(&[van_vt], &[]);
    let vt = Officer::bij_adres(&regio, Partner::VeiligThuis, dubbel.adres());
    let lijst = vt.partij(&["lijst", "--convenant", CONVENANT], "").await.gelukt();
    let rest = echt.len() - 1;
    let zin = format!("LET OP: het knooppunt toont {} verklaringen niet die uw adapter eerder kreeg.", rest + 1);
    assert!(lijst.gezegd.contains(&zin), "`{zin}`: {}", lijst.gezegd);
    assert!(lijst.gezegd.contains(&format!("{rest} partijen nu")), "{}", lijst.gezegd);
    adapter.stoppen().await;

    // Its own word is not among what the hub shows after it was brought.
    let uittreden = ["uittreden", "--convenant", CONVENANT, "--functie", "fg", "--ja"];
    let ggz = Officer::bij_adres(&regio, Partner::Ggz, dubbel.adres());
    let van_ggz = echt.iter().find(|t| partij(t) == oin(Partner::Ggz)).unwrap();
    dubbel.partijen(&[van_vt, van_ggz], &[]);
    ggz.partij(&uittreden, "").await.mislukt("uw verklaring staat niet bij die van het convenant");
    assert_eq!(dubbel.gekregen(), 1);

    // What is not so about a text is not signed.
    let uit = regio.pad("niets.json");
    let toetreden = ["toetreden", "--convenant", CONVENANT, "--functie", "fg", "--ja", "--uit", uit.to_str().unwrap()];
    let andere_titel = |c: &mut Value| c["teksten"][0]["tekst"]["titel"] = json!("Convenant over iets anders");
    type Leugen = Box<dyn Fn(&mut Value)>;
    let leugens: [(&str, Leugen); 6] = [
        ("de tekst is niet die van dit convenant of van zijn kenmerk", Box::new(andere_titel)),
        (
            "de regels horen niet bij deze tekst",
            Box::new(move |c| {
                andere_titel(c);
                c["teksten"][0]["digest"] = json!(digest_of(&c["teksten"][0]["tekst"]).unwrap());
            }),
        ),
        ("deze regels zijn niet die welke gelden", Box::new(|c| c["teksten"][0]["versies"][0]["staat"] = json!("actief"))),
        ("de tekst heeft geen regels", Box::new(|c| c["teksten"][0]["versies"] = json!([]))),
        ("het is een ander convenant", Box::new(|c| c["convenant"] = json!("andere-regio"))),
        ("Deze tekst is er niet om te tekenen.", Box::new(|c| c["teksten"] = json!([]))),
    ];
    for (zin, leugen) in leugens {
        dubbel.partijen(&[van_vt], &[]);
        dubbel.liegt(leugen);
        ggz.partij(&toetreden, "").await.mislukt(zin);
        assert!(!uit.exists(), "{zin}");
    }
    assert_eq!(dubbel.gekregen(), 1, "no more than the one");
    // Two texts: it is asked which, and each is shown by its digest.
    dubbel.partijen(&[van_vt], &[]);
    dubbel.liegt(|c| {
        let mut tweede = c["teksten"][0].clone();
        tweede["tekst"]["titel"] = json!("De tekst van later");
        tweede["digest"] = json!(digest_of(&tweede["tekst"]).unwrap());
        c["teksten"].as_array_mut().unwrap().push(tweede);
    });
    let welke = ggz.partij(&toetreden, "").await.mislukt("Er is meer dan een tekst te tekenen");
    assert!(welke.klacht.contains("(De tekst van later)") && welke.klacht.contains("--tekst"), "{}", welke.klacht);
    let kenmerk = dubbel.tekst();
    ggz.partij(&[&toetreden[..], &["--tekst", &kenmerk]].concat(), "").await.gelukt();
    assert!(uit.exists());
}

/// Every command of the page about parties is one that the program takes, and every command stands in the page; `--ja` only where a
/// yes is asked for.
#[test]
fn the_page_about_parties_shows_commands_that_are_there() {
    use clap::Subcommand as _;
    let pagina = std::fs::read_to_string(bestand("../docs/privacy-officers/partijen.md")).unwrap();
    let opdrachten = inbreng_adapter::beleid::Partijopdracht::augment_subcommands(clap::Command::new("partij"));
    let mut getoond = Vec::new();
    for regel in pagina.lines().filter_map(|r| r.strip_prefix("inbreng-adapter ")) {
        let gelezen = opdrachten.clone().try_get_matches_from(regel.split_whitespace());
        let gelezen = gelezen.unwrap_or_else(|e| panic!("{regel}: {e}"));
        getoond.push(gelezen.subcommand_name().unwrap().to_owned());
    }
    getoond.sort();
    let mut alle: Vec<_> = opdrachten.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    alle.sort();
    assert_eq!(getoond, alle);
    let ja = opdrachten.get_subcommands().filter(|c| c.get_opts().any(|o| o.get_long() == Some("ja")));
    let ja: Vec<_> = ja.map(clap::Command::get_name).collect();
    assert_eq!(ja, ["toetreden", "meetekenen", "uittreden"]);
}
