//! `inbreng check` finds each mistake that is made on purpose, names its key and says how to mend it; and a hub that it says cannot
//! start does not start, with the same words.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use inbreng_certs::Certificaatsoort;
use inbreng_harness::{Hub, Regio, slug};
use serde_json::Value;
use sqlx::{Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};
use time::Duration;

use crate::{PROGRAMMA, check, starten};

/// A mistake: what it is called here, the key under which it must be found, whether the hub then cannot start, and how it is made.
struct Fout {
    naam: &'static str,
    sleutel: &'static str,
    erg: bool,
    maken: fn(&mut Regio),
}

/// One that stops the hub.
const fn erg(naam: &'static str, sleutel: &'static str, maken: fn(&mut Regio)) -> Fout {
    Fout { naam, sleutel, erg: true, maken }
}

/// One to look at.
const fn let_op(naam: &'static str, sleutel: &'static str, maken: fn(&mut Regio)) -> Fout {
    Fout { naam, sleutel, erg: false, maken }
}

fn config(regio: &Regio, van: &str, naar: &str) {
    let tekst = fs::read_to_string(regio.config()).unwrap();
    assert!(tekst.contains(van), "{van}");
    fs::write(regio.config(), tekst.replacen(van, naar, 1)).unwrap();
}

fn postgres(regio: &Regio, url: &str, meer: &str) {
    config(regio, "pad = \"hub.sqlite\"", &format!("soort = \"postgres\"\nurl = \"{url}\"\nsleutels = \"wissleutels\"\n{meer}"));
}

/// Several hubs, of which the broker is said to be so; before anyone looks whether the database is there.
fn makelaar(regio: &Regio, meer: &str) {
    postgres(regio, "postgres://inbreng@127.0.0.1:9/inbreng", "tls = false");
    config(regio, "[gids]", &format!("[bus]\nsoort = \"rabbitmq\"\n{meer}\n[gids]"));
}

const FOUTEN: &[Fout] = &[
    // The file itself.
    erg("no file", "--config", |r| fs::remove_file(r.config()).unwrap()),
    erg("no TOML", "(bestand)", |r| fs::write(r.config(), "[partners\n").unwrap()),
    erg("unknown key", "opslag.map", |r| config(r, "[opslag]", "[opslag]\nmap = 1")),
    erg("missing key", "pki.crl", |r| config(r, "crl = \"pki/crl.pem\"\n", "")),
    erg("wrong kind of value", "partners.werkers", |r| config(r, "werkers = 1", "werkers = \"veel\"")),
    erg("unknown level", "log.niveau", |r| config(r, "[gids]", "[log]\nniveau = \"alles\"\n[gids]")),
    erg("base with a path", "partners.basis", |r| config(r, "werkers = 1", "werkers = 1\nbasis = \"https://hub.example/v1\"")),
    erg("traces that leave the machine in the clear", "sporen.otlp", |r| {
        config(r, "[gids]", "[sporen]\notlp = \"http://verzamelaar.example/v1/traces\"\n[gids]");
    }),
    // Addresses.
    erg("one address for both", "beheer.adres", |r| {
        let tekst = fs::read_to_string(r.config()).unwrap();
        fs::write(r.config(), tekst.replace("adres = \"127.0.0.1:0\"", "adres = \"127.0.0.1:9\"")).unwrap();
    }),
    let_op("operators' pages for everyone", "beheer.adres", |r| {
        let tekst = fs::read_to_string(r.config()).unwrap();
        let (voor, na) = tekst.split_once("[beheer]").unwrap();
        fs::write(r.config(), format!("{voor}[beheer]{}", na.replacen("127.0.0.1:0", "0.0.0.0:0", 1))).unwrap();
    }),
    erg("a callback network that is none", "bezorgen.netten.0", |r| {
        config(r, "[gids]", "[bezorgen]\nnetten = [\"10.20.0.0/40\"]\n[gids]");
    }),
    // Sizes.
    erg("a limit of nothing", "grenzen.parts", |r| config(r, "[gids]", "[grenzen]\nparts = 0\n[gids]")),
    let_op("header larger than message", "grenzen.message_bytes", |r| {
        config(r, "[gids]", "[grenzen]\nmessage_bytes = 1000\n[gids]");
    }),
    erg("no room for one message", "partners.mebibytes", |r| config(r, "werkers = 1", "werkers = 1\nmebibytes = 52")),
    erg("no room to bring", "bezorgen.gezond", |r| config(r, "[gids]", "[bezorgen]\ngezond = 0\n[gids]")),
    erg("no time to read", "partners.inlezen_seconden", |r| config(r, "inlezen_seconden = 2", "inlezen_seconden = 0")),
    let_op("polls that are cut off", "partners.wachten_seconden", |r| {
        config(r, "werkers = 1", "werkers = 1\nwachten_seconden = 3600");
    }),
    // Certificates and keys.
    erg("no revocation list", "pki.crl", |r| config(r, "pki/crl.pem", "pki/weg.pem")),
    erg("revocation list of one issuer only", "pki.crl", |r| {
        let pad = r.pki.dir().join("crl.pem");
        let tekst = fs::read_to_string(&pad).unwrap();
        let een = tekst.find("-----END X509 CRL-----").unwrap() + "-----END X509 CRL-----\n".len();
        assert!(tekst.len() > een, "two lists");
        fs::write(&pad, tekst.get(..een).unwrap()).unwrap();
    }),
    erg("revocation list has ended", "pki.crl", |r| r.pki.crl(Duration::days(-1)).unwrap()),
    let_op("revocation list ends soon", "pki.crl", |r| r.pki.crl(Duration::hours(3)).unwrap()),
    erg("empty trust anchor", "pki", |r| fs::write(r.pki.dir().join("root.pem"), "").unwrap()),
    erg("key of another certificate, signing", "pki.ondertekening_sleutel", |r| {
        config(r, "pki/knooppunt/ondertekening.key", "pki/knooppunt/tls.key");
    }),
    erg("key of another certificate, TLS", "pki.tls_certificaat", |r| {
        config(r, "pki/knooppunt/tls.key", "pki/knooppunt/ondertekening.key");
    }),
    erg("another organisation's TLS certificate", "pki.tls_certificaat", |r| {
        config(r, "pki/knooppunt/tls.pem", "pki/partners/ggz/tls.pem");
        config(r, "pki/knooppunt/tls.key", "pki/partners/ggz/tls.key");
    }),
    erg("revoked signing certificate", "pki.ondertekening_certificaat", |r| {
        let _serials = r.pki.intrekken(&slug("knooppunt"), &[Certificaatsoort::Ondertekening]).unwrap();
    }),
    erg("signing certificate has ended", "pki.ondertekening_certificaat", |r| {
        let map = r.pki.verlopen_certificaten(&slug("knooppunt"), &r.pad("oud")).unwrap();
        fs::copy(map.ondertekening_pem(), r.pki.knooppuntmap().ondertekening_pem()).unwrap();
        fs::copy(map.ondertekening_key(), r.pki.knooppuntmap().ondertekening_key()).unwrap();
    }),
    erg("a forger's signing certificate", "pki.ondertekening_certificaat", |r| {
        let vreemd = r.pki.vreemde_pki(&r.pad("vreemd")).unwrap();
        fs::copy(vreemd.knooppuntmap().ondertekening_pem(), r.pki.knooppuntmap().ondertekening_pem()).unwrap();
        fs::copy(vreemd.knooppuntmap().ondertekening_key(), r.pki.knooppuntmap().ondertekening_key()).unwrap();
    }),
    let_op("a key that others can read", "pki.tls_sleutel", |r| {
        fs::set_permissions(r.pki.knooppuntmap().tls_key(), fs::Permissions::from_mode(0o644)).unwrap();
    }),
    erg("no certificate of the covenant manager", "pki.convenantbeheerder", |r| {
        fs::write(r.pki.beheerdersmap().ondertekening_pem(), "").unwrap();
    }),
    // Policy and directory.
    erg("policy signed by another", "beleid.bundels", |r| {
        config(r, "pki/convenantbeheerder/ondertekening.pem", "pki/knooppunt/ondertekening.pem");
    }),
    erg("no policy", "beleid.bundels", |r| config(r, "\"voorbeeldregio.jws\"", "")),
    erg("policy that is not there", "beleid.bundels", |r| config(r, "voorbeeldregio.jws", "weg.jws")),
    erg("parties that cannot be read", "beleid.toetredingen", |r| fs::write(r.pad("toetredingen.json"), "{}").unwrap()),
    let_op("a party's signature that does not hold", "beleid.toetredingen", |r| {
        let vreemd = r.pki.vreemde_pki(&r.pad("vreemd")).unwrap();
        let anders = vreemd.allen_toetreden(&r.tekst, 1, |p| p.slug == slug("ggz")).unwrap();
        fs::write(r.pad("toetredingen.json"), serde_json::to_vec(&anders).unwrap()).unwrap();
    }),
    erg("directory that cannot be read", "gids.bestand", |r| config(r, "pki/gids.json", "voorbeeldregio.jws")),
    let_op("nobody is connected", "gids", |r| config(r, "bestand = \"pki/gids.json\"", "")),
    // The store.
    erg("store in a folder that is not there", "opslag.pad", |r| config(r, "hub.sqlite", "weg/hub.sqlite")),
    erg("store that is none", "opslag.pad", |r| fs::write(r.pad("hub.sqlite"), "dit is geen opslag ".repeat(400)).unwrap()),
    erg("database without a key store", "opslag", |r| {
        config(r, "pad = \"hub.sqlite\"", "soort = \"postgres\"\nurl = \"postgres://inbreng@db.example/inbreng\"");
    }),
    erg("password in the address", "opslag.url", |r| postgres(r, "postgres://inbreng:geheim@db.example/inbreng", "")),
    erg("database elsewhere without TLS", "opslag.url", |r| {
        postgres(r, "postgres://inbreng@db.example/inbreng", "tls = false");
    }),
    erg("no database there", "opslag.url", |r| postgres(r, "postgres://inbreng@127.0.0.1:9/inbreng", "tls = false")),
    erg("no password file", "opslag.wachtwoord_bestand", |r| {
        postgres(r, "postgres://inbreng@127.0.0.1:9/inbreng", "tls = false\nwachtwoord_bestand = \"weg\"");
    }),
    // Several hubs.
    erg("a bus between hubs that each have a file of their own", "bus.soort", |r| {
        let bus = "[bus]\nsoort = \"rabbitmq\"\nurls = [\"amqp://inbreng@localhost/inbreng\"]\nwachtwoord_bestand = \"hub.toml\"\n[gids]";
        config(r, "[gids]", bus);
    }),
    erg("settings of a broker that is not used", "bus", |r| config(r, "[gids]", "[bus]\naandelen = 16\n[gids]")),
    erg("a bus of a kind that is none", "bus.soort", |r| config(r, "[gids]", "[bus]\nsoort = \"kafka\"\n[gids]")),
    erg("no broker is named", "bus", |r| makelaar(r, "wachtwoord_bestand = \"hub.toml\"")),
    erg("no password for the broker", "bus", |r| makelaar(r, "urls = [\"amqp://inbreng@localhost/inbreng\"]")),
    erg("no password file for the broker", "bus.wachtwoord_bestand", |r| {
        makelaar(r, "urls = [\"amqp://inbreng@localhost/inbreng\"]\nwachtwoord_bestand = \"weg\"");
    }),
    erg("no shards", "bus", |r| {
        makelaar(r, "urls = [\"amqp://inbreng@localhost/inbreng\"]\nwachtwoord_bestand = \"hub.toml\"\naandelen = 0");
    }),
    erg("a broker elsewhere in the clear", "bus.urls", |r| {
        makelaar(r, "urls = [\"amqp://inbreng@mq.example/inbreng\"]\nwachtwoord_bestand = \"hub.toml\"");
    }),
    erg("password in the broker's address", "bus.urls", |r| {
        makelaar(r, "urls = [\"amqp://inbreng:geheim@localhost/inbreng\"]\nwachtwoord_bestand = \"hub.toml\"");
    }),
    erg("nobody says whose certificate the broker has", "bus.tls_wortel", |r| {
        makelaar(r, "urls = [\"amqps://inbreng@mq.example/inbreng\"]\nwachtwoord_bestand = \"hub.toml\"");
    }),
    erg("a name that opens other names at the broker", "bus.naam", |r| {
        makelaar(r, "urls = [\"amqp://inbreng@localhost/inbreng\"]\nwachtwoord_bestand = \"hub.toml\"\nnaam = \".*\"");
    }),
];

/// What was found under this key.
fn gevonden<'a>(uitslag: &'a Value, sleutel: &str, erg: bool) -> Option<&'a Value> {
    let ernst = if erg { "fout" } else { "let" };
    uitslag["bevindingen"].as_array().unwrap().iter().find(|b| b["sleutel"] == sleutel && b["ernst"] == ernst)
}

#[test]
fn each_seeded_mistake_is_found_with_its_mend() {
    let (goed, uitslag) = check(&Regio::maken());
    assert!(goed && uitslag["bevindingen"].as_array().is_some_and(Vec::is_empty), "{uitslag}");
    assert!(FOUTEN.len() >= 20);
    // Four at a time: each makes a region and starts the program twice.
    let mis: Vec<String> = std::thread::scope(|s| {
        let rijen: Vec<_> = (0..4)
            .map(|n| s.spawn(move || FOUTEN.iter().skip(n).step_by(4).filter_map(|f| gevolgen(f).err()).collect::<Vec<_>>()))
            .collect();
        rijen.into_iter().flat_map(|rij| rij.join().unwrap()).collect()
    });
    assert!(mis.is_empty(), "{}", mis.join("\n"));
}

/// Makes one mistake, and looks at what is said of it.
fn gevolgen(Fout { naam, sleutel, erg, maken }: &Fout) -> Result<(), String> {
    let mut regio = Regio::maken();
    maken(&mut regio);
    let (goed, uitslag) = check(&regio);
    let bevinding = gevonden(&uitslag, sleutel, *erg).ok_or_else(|| format!("{naam}: not found: {uitslag}"))?;
    let lang = |veld: &str| bevinding[veld].as_str().is_some_and(|t| t.len() > 10);
    if !lang("wat") || !lang("oplossing") {
        return Err(format!("{naam}: says too little: {bevinding}"));
    }
    if uitslag.to_string().contains("PRIVATE KEY") || goed == *erg {
        return Err(format!("{naam}: {goed}: {uitslag}"));
    }
    if *erg {
        let serve = Hub::uitvoeren(Path::new(PROGRAMMA), &["serve", "--config", regio.config().to_str().unwrap()]);
        if serve.status.success() || !String::from_utf8_lossy(&serve.stderr).contains(sleutel) {
            return Err(format!("{naam}: serve says otherwise: {serve:?}"));
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_was_changed_and_a_store_of_a_later_version_are_found() {
    let regio = Regio::maken();
    assert!(starten(&regio).stoppen());
    let open = || async {
        let opties = SqliteConnectOptions::new().filename(regio.pad("hub.sqlite"));
        SqliteConnection::connect_with(&opties).await.unwrap()
    };
    assert!(check(&regio).0);
    let heel = fs::read(regio.pad("hub.sqlite")).unwrap();

    let mut db = open().await;
    let gewijzigd = db.execute("UPDATE blad SET record = record || ' ' WHERE nr = 0").await.unwrap();
    assert_eq!(gewijzigd.rows_affected(), 1);
    db.close().await.unwrap();
    let (goed, uitslag) = check(&regio);
    let bevinding = gevonden(&uitslag, "opslag.pad", true).unwrap_or_else(|| panic!("{uitslag}"));
    assert!(!goed && bevinding["wat"].as_str().is_some_and(|w| w.contains("logboek")), "{bevinding}");

    for rest in ["hub.sqlite-wal", "hub.sqlite-shm"] {
        let _gone = fs::remove_file(regio.pad(rest));
    }
    fs::write(regio.pad("hub.sqlite"), heel).unwrap();
    let mut db = open().await;
    db.execute("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)")
        .await
        .unwrap();
    db.close().await.unwrap();
    let (goed, uitslag) = check(&regio);
    let later = gevonden(&uitslag, "opslag.pad", true).unwrap_or_else(|| panic!("{uitslag}"));
    assert!(!goed && later["wat"].as_str().is_some_and(|w| w.contains("9999")), "{later}");
}

#[test]
fn what_is_scarce_is_said_before_it_runs_out() {
    let regio = Regio::maken();
    assert!(starten(&regio).stoppen());
    config(&regio, "pad = \"hub.sqlite\"", "pad = \"hub.sqlite\"\ngrootste_mib = 0");
    let uit = Command::new("sh")
        .args(["-c", "ulimit -n 256 && exec \"$0\" check --json --config \"$1\"", PROGRAMMA])
        .arg(regio.config())
        .output()
        .unwrap();
    let uitslag: Value = serde_json::from_slice(&uit.stdout).unwrap_or_else(|e| panic!("{e}: {uit:?}"));
    assert!(gevonden(&uitslag, "opslag.grootste_mib", false).is_some(), "{uitslag}");
    let bestanden = gevonden(&uitslag, "(systeem)", false).unwrap_or_else(|| panic!("{uitslag}"));
    assert!(bestanden["wat"].as_str().is_some_and(|w| w.contains("256")), "{bestanden}");
}
