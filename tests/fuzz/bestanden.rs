//! Files as operators and privacy officers give them to `inbreng`: configuration, directory, what parties signed, sources and tables of a
//! policy, a copy of a store, an export. Bent, each is refused or taken: the program ends in order, and what it puts back holds.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use inbreng_harness::{Brief, Deelnemer, Hub, Regio};

use crate::mutaties::draaien;

const PROGRAMMA: &str = env!("CARGO_BIN_EXE_inbreng");
/// In every test run; each starts a process.
const RONDES: usize = 12;

/// A file of a region that is bent, and what reads it.
struct Bestand {
    wat: &'static str,
    /// Its name in the folder of the region.
    naam: &'static str,
    woorden: &'static [&'static str],
}

fn draait(argumenten: &[&str]) -> Output {
    Command::new(PROGRAMMA).args(argumenten).env_remove("RUST_BACKTRACE").output().unwrap()
}

/// It ended by itself, with a status that it has, and said why where it was not well.
fn ordelijk(wat: &str, bytes: &[u8], uit: &Output) -> bool {
    let gezegd = [uit.stdout.as_slice(), uit.stderr.as_slice()].concat();
    let gezegd = String::from_utf8_lossy(&gezegd).into_owned();
    let status = uit.status.code();
    let invoer = || String::from_utf8_lossy(bytes).chars().take(4_000).collect::<String>();
    assert!(matches!(status, Some(0..=2)), "{wat}: {:?}\n{gezegd}\n{}", uit.status, invoer());
    assert!(!gezegd.contains("panicked"), "{wat}: {gezegd}\n{}", invoer());
    assert!(status == Some(0) || !gezegd.trim().is_empty(), "{wat} is refused without a word\n{}", invoer());
    status == Some(0)
}

/// Everything that `inbreng check` reads, by name.
fn gecontroleerd(bestand: &Bestand) {
    let regio = Regio::maken();
    let pad = regio.pad(bestand.naam);
    let seed = fs::read(&pad).unwrap();
    let config = regio.config();
    let check = || draait(&["check", "--config", config.to_str().unwrap(), "--json"]);
    assert!(ordelijk(bestand.wat, &seed, &check()), "as it is, it is well");
    draaien(bestand.wat, &[seed], bestand.woorden, RONDES, |bytes| {
        fs::write(&pad, bytes).unwrap();
        let uit = check();
        let goed = ordelijk(bestand.wat, bytes, &uit);
        let json: serde_json::Value = serde_json::from_slice(&uit.stdout).unwrap_or_else(|e| panic!("{e}: {uit:?}"));
        // Whatever is wrong is named with its key and what to do.
        let bevindingen = json["bevindingen"].as_array().cloned().unwrap_or_default();
        assert!(goed || !bevindingen.is_empty(), "{json}");
        for bevinding in bevindingen {
            assert!(["sleutel", "oplossing"].iter().all(|v| bevinding[v].as_str().is_some_and(|t| !t.is_empty())), "{bevinding}");
        }
    });
}

#[test]
fn configurations_of_a_hub() {
    let woorden =
        &["127.0.0.1:0", "0.0.0.0:0", "pki/root.pem", "hub.sqlite", "voorbeeldregio.jws", "postgres", "", "../..", "/dev/null"];
    gecontroleerd(&Bestand { wat: "configurations of a hub", naam: "hub.toml", woorden });
}

#[test]
fn files_of_the_directory() {
    gecontroleerd(&Bestand { wat: "directory files", naam: "pki/gids.json", woorden: &["politie", "", "00000099000000003000"] });
}

#[test]
fn files_that_parties_signed() {
    gecontroleerd(&Bestand {
        wat: "what parties signed",
        naam: "toetredingen.json",
        woorden: &["verklaring", "", "voorbeeldregio"],
    });
}

#[test]
fn bundles_that_are_signed() {
    gecontroleerd(&Bestand { wat: "signed bundles", naam: "voorbeeldregio.jws", woorden: &[] });
}

fn uit_checkout(pad: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(pad)).unwrap()
}

/// A file that a command of `inbreng policy` takes.
fn beleid(wat: &str, seeds: &[Vec<u8>], woorden: &[&str], opdracht: &[&str]) {
    let map = tempfile::tempdir().unwrap();
    let pad = map.path().join("gebogen");
    draaien(wat, seeds, woorden, RONDES, |bytes| {
        fs::write(&pad, bytes).unwrap();
        let argumenten: Vec<&str> = opdracht.iter().map(|a| if *a == "{}" { pad.to_str().unwrap() } else { *a }).collect();
        ordelijk(wat, bytes, &draait(&argumenten));
    });
}

#[test]
fn sources_that_an_officer_gives() {
    let bron = uit_checkout("policy/convenanten/voorbeeldregio.toml");
    let woorden = ["medisch", "weigeren", "toelaten", "tegenhouden", "convenant", "politie", ""];
    beleid("sources of an officer", &[bron], &woorden, &["policy", "export", "--convenant", "{}", "--digest"]);
}

#[test]
fn tables_that_an_officer_gives() {
    let seeds = ["policy/tables/R08.toml", "policy/tables/R09.toml"].map(uit_checkout);
    let woorden = ["medisch", "weigeren", "toestaan", "politie", "ggz", ""];
    beleid("tables of an officer", &seeds, &woorden, &["policy", "test", "{}"]);
}

#[test]
fn requests_that_an_officer_gives() {
    let verzoek = b"van = \"ggz\"\nnaar = \"veilig-thuis\"\nsoort = \"informatie-antwoord\"\ncategorie = \"medisch\"\n\
        doel = \"beoordelen\"\ngrondslagen = [\"convenant\"]\n";
    let woorden = ["medisch", "politie", "huisarts", "convenant", "ja", "nee", ""];
    let opdracht = ["policy", "explain", "--gewone-zaak", "--verzoek", "{}"];
    beleid("requests of an officer", &[verzoek.to_vec()], &woorden, &opdracht);
}

/// A store with some messages, and what was taken of it: a copy, an export, its decisions, and a head that someone kept.
struct Kopieen {
    regio: Regio,
    kopie: Vec<u8>,
    export: Vec<u8>,
    besluiten: Vec<u8>,
    kop: Vec<u8>,
}

fn kopieen() -> Kopieen {
    let regio = Regio::maken();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let hub = Hub::in_kamer(Path::new(PROGRAMMA), &regio, "hub", "");
    let kop = runtime.block_on(async {
        let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
        for _ in 0..3 {
            let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
            let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
        }
        vt.checkpoint().await.into_bytes()
    });
    let db = hub.map().join("hub.sqlite");
    let naar = ["kopie.sqlite", "log.jsonl", "besluiten.jsonl"].map(|naam| regio.pad(naam));
    let [db, kopie, export, besluiten] = [&db, &naar[0], &naar[1], &naar[2]].map(|pad| pad.to_str().unwrap());
    for argumenten in [
        vec!["backup", "--db", db, kopie],
        vec!["log", "export", "--db", db, "--uit", export],
        vec!["log", "besluiten", "--db", db, "--uit", besluiten],
    ] {
        let uit = draait(&argumenten);
        assert!(uit.status.success(), "{uit:?}");
    }
    assert!(hub.stoppen());
    let [kopie, export, besluiten] = naar.map(|pad| fs::read(pad).unwrap());
    Kopieen { regio, kopie, export, besluiten, kop }
}

/// What is put back was checked as it was put back: its log holds. What is not leaves nothing behind.
#[test]
fn copies_that_are_put_back() {
    let kopieen = kopieen();
    let (van, naar) = (kopieen.regio.pad("gebogen.sqlite"), kopieen.regio.pad("terug"));
    let db: PathBuf = naar.join("hub.sqlite");
    let woorden = ["bericht", "besluit", "blad", "CREATE TABLE", "stand"];
    draaien("copies that are put back", &[kopieen.kopie], &woorden, RONDES, |bytes| {
        fs::create_dir(&naar).unwrap();
        fs::write(&van, bytes).unwrap();
        let terug = draait(&["restore", van.to_str().unwrap(), "--db", db.to_str().unwrap(), "--json"]);
        if ordelijk("a copy", &bytes[..bytes.len().min(100)], &terug) {
            let klopt = draait(&["log", "verify", "--db", db.to_str().unwrap(), "--json"]);
            assert!(klopt.status.success(), "{klopt:?}");
        } else {
            assert_eq!(fs::read_dir(&naar).unwrap().count(), 0, "something is left of what was not put back");
        }
        fs::remove_dir_all(&naar).unwrap();
    });
}

#[test]
fn exports_that_are_checked() {
    let kopieen = kopieen();
    let pad = kopieen.regio.pad("gebogen.jsonl");
    draaien("exports that are checked", &[kopieen.export], &["bericht", "besluit", "versie", ""], RONDES, |bytes| {
        fs::write(&pad, bytes).unwrap();
        for soort in ["verify", "prove"] {
            let mut argumenten = vec!["log", soort, "--export", pad.to_str().unwrap(), "--json"];
            argumenten.extend(["--blad", "0"].iter().filter(|_| soort == "prove"));
            ordelijk(soort, bytes, &draait(&argumenten));
        }
    });
}

/// A head that someone kept, bent: it is not the hub's word, or it is the head that it was.
#[test]
fn heads_that_someone_kept() {
    let Kopieen { regio, export, kop, .. } = kopieen();
    let [log, bewaard] = ["log.jsonl", "gebogen.jws"].map(|naam| regio.pad(naam));
    fs::write(&log, export).unwrap();
    let certificaat = regio.pki.knooppuntmap().ondertekening_pem();
    let [log, gebogen, certificaat] = [&log, &bewaard, &certificaat].map(|pad| pad.to_str().unwrap());
    let echt = String::from_utf8(kop.clone()).unwrap();
    draaien("heads that someone kept", &[kop], &[], RONDES, |bytes| {
        fs::write(&bewaard, bytes).unwrap();
        for rest in [&["verify", "--checkpoint"][..], &["prove", "--blad", "0", "--checkpoint"], &["prove", "--eerder"]] {
            let (soort, opties) = rest.split_first().unwrap();
            let mut argumenten = vec!["log", soort, "--export", log, "--certificaat", certificaat, "--json"];
            argumenten.extend(opties.iter().chain([&gebogen]));
            let goed = ordelijk(soort, bytes, &draait(&argumenten));
            let zelfde = String::from_utf8(bytes.to_vec()).is_ok_and(|t| t.trim() == echt.trim());
            assert_eq!(goed, zelfde, "another head than the hub signed: {}", String::from_utf8_lossy(bytes));
        }
    });
}

/// Decisions that were written out, bent: replayed and simulated, or refused with their line.
#[test]
fn decisions_that_were_written_out() {
    let Kopieen { regio, besluiten, .. } = kopieen();
    let (log, jws) = (regio.pad("gebogen.jsonl"), regio.pad("voorbeeldregio.jws"));
    let [pad, bundel] = [&log, &jws].map(|pad| pad.to_str().unwrap());
    let woorden = ["toegestaan", "geweigerd", "medisch", "convenant", "nummer", "record", ""];
    draaien("decisions that were written out", &[besluiten], &woorden, RONDES, |bytes| {
        fs::write(&log, bytes).unwrap();
        let opdrachten = [
            vec!["policy", "replay", "--alles", "--json", "--log", pad, "--convenant", bundel],
            vec!["policy", "simulate", bundel, "--log", pad, "--json"],
            vec!["policy", "explain", "--nummer", "1", "--log", pad, "--json"],
        ];
        for argumenten in opdrachten {
            ordelijk(&argumenten.join(" "), bytes, &draait(&argumenten));
        }
    });
}
