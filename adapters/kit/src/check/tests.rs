//! Each mistake that is made on purpose is found, and comes with its mend; a good configuration gives nothing.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use inbreng_certs::{Certificaatsoort, Partnerspec, Pki, PkiSpec};
use inbreng_domain::{Clock, Code, Oin, clock::SystemClock, vocabulary::Partnertype};
use time::Duration;

use super::*;

/// A partner with everything in its own folder, and nothing wrong.
struct Opstelling {
    map: tempfile::TempDir,
    pki: Pki,
}

fn slug(naam: &str) -> Code {
    Code::parse(naam).unwrap()
}

impl Opstelling {
    fn goed() -> Self {
        let map = tempfile::tempdir().unwrap();
        let spec = |naam: &str, oin: &str, partnertype| Partnerspec {
            slug: slug(naam),
            naam: format!("{naam} (test)"),
            oin: Oin::parse(oin).unwrap(),
            partnertype,
            gebied: vec![],
            functies: vec![],
            noodontvanger: false,
            namen: vec![],
        };
        let partners = vec![
            spec("ggz", "00000001000000000050", Partnertype::Ggz),
            spec("school", "00000001000000000120", Partnertype::School),
        ];
        let pki =
            Pki::create(&map.path().join("pki"), &PkiSpec { partners, ..PkiSpec::default() }, Arc::new(SystemClock)).unwrap();
        let ggz = map.path().join("ggz");
        fs::create_dir(&ggz).unwrap();
        let bron = pki.partnermap(&slug("ggz")).unwrap();
        for (van, naar) in [
            (bron.tls_pem(), "tls.pem"),
            (bron.tls_key(), "tls.key"),
            (bron.ondertekening_pem(), "ondertekening.pem"),
            (bron.ondertekening_key(), "ondertekening.key"),
            (bron.verzegeling_key(1), "verzegeling-1.key"),
            (bron.gids(), "gids.json"),
            (pki.dir().join("root.pem"), "root.pem"),
            (pki.dir().join("tussen.pem"), "tussen.pem"),
            (pki.dir().join("crl.pem"), "crl.pem"),
            (pki.knooppuntmap().ondertekening_pem(), "knooppunt.pem"),
            (pki.beheerdersmap().ondertekening_pem(), "convenantbeheerder.pem"),
        ] {
            fs::copy(van, ggz.join(naar)).unwrap();
        }
        for naam in ["geheim", "eigen-systeem.geheim"] {
            fs::write(ggz.join(naam), "0123456789abcdef0123456789abcdef\n").unwrap();
            fs::set_permissions(ggz.join(naam), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ggz/mapping.toml");
        fs::copy(mapping, ggz.join("mapping.toml")).unwrap();
        let oin = fs::read_to_string(pki.knooppuntmap().oin()).unwrap();
        let config = GOED.replace("00000001999999990000", oin.trim()).replace("[opslag]", GIDSVERMELDING);
        fs::write(ggz.join("adapter.toml"), config + EIGEN_SYSTEEM).unwrap();
        Self { map, pki }
    }

    fn pad(&self, naam: &str) -> PathBuf {
        self.map.path().join("ggz").join(naam)
    }

    fn config(&self, van: &str, naar: &str) {
        let tekst = fs::read_to_string(self.pad("adapter.toml")).unwrap();
        assert!(tekst.contains(van), "{van}");
        fs::write(self.pad("adapter.toml"), tekst.replace(van, naar)).unwrap();
    }

    fn codes(&self) -> Vec<&'static str> {
        let (verslag, _) = controleren(&self.pad("adapter.toml"), &SystemClock);
        for bevinding in verslag.bevindingen() {
            assert!(bevinding.wat.ends_with('.') && bevinding.herstel.len() > 20, "{bevinding:?}");
            assert!(!bevinding.wat.contains("0123456789abcdef"), "a secret is never shown");
        }
        verslag.bevindingen().iter().map(|b| b.code).collect()
    }
}

const GOED: &str = include_str!("../../tests/adapter.toml");

/// What this adapter has beside what every adapter must have.
const GIDSVERMELDING: &str = "gidsvermelding = \"gids.json\"\n[opslag]";
const EIGEN_SYSTEEM: &str = "[eigen_systeem]\nadres = \"http://127.0.0.1:8460\"\ngeheim = \"eigen-systeem.geheim\"\n";

type Fout = (&'static str, fn(&mut Opstelling));

const FOUTEN: &[Fout] = &[
    ("configuratie-ontbreekt", |o| fs::remove_file(o.pad("adapter.toml")).unwrap()),
    ("configuratie-onleesbaar", |o| o.config("systeem = \"epd\"", "systeem = \"epd\"\nkleur = \"rood\"")),
    ("configuratie-onleesbaar", |o| o.config("partnertype = \"ggz\"", "partnertype = \"brandweer\"")),
    ("luister-niet-lokaal", |o| o.config("127.0.0.1:0", "0.0.0.0:8450")),
    ("inbox-naast-systeem", |o| o.config("[eigen_systeem]", "[inbox]\ngeheim = \"geheim\"\n[eigen_systeem]")),
    ("geen-verzegelsleutel", |o| o.config("[\"verzegeling-1.key\"]", "[]")),
    ("mapping-ontbreekt", |o| fs::remove_file(o.pad("mapping.toml")).unwrap()),
    ("mapping-fout", |o| {
        let tekst = fs::read_to_string(o.pad("mapping.toml")).unwrap();
        fs::write(o.pad("mapping.toml"), tekst.replacen("informatie-antwoord", "informatie-antwoorden", 1)).unwrap();
    }),
    ("knooppunt-geen-https", |o| o.config("https://localhost", "http://localhost")),
    ("eigen-systeem-onversleuteld", |o| o.config("http://127.0.0.1:8460", "http://epd.example")),
    ("bestand-ontbreekt", |o| fs::remove_file(o.pad("knooppunt.pem")).unwrap()),
    ("sleutel-voor-anderen", |o| {
        fs::set_permissions(o.pad("ondertekening.key"), fs::Permissions::from_mode(0o644)).unwrap();
    }),
    ("geheim-ontbreekt", |o| fs::remove_file(o.pad("geheim")).unwrap()),
    ("geheim-te-zwak", |o| fs::write(o.pad("eigen-systeem.geheim"), "welkom01").unwrap()),
    ("verzegelsleutel-ongeldig", |o| fs::write(o.pad("verzegeling-1.key"), "geen sleutel").unwrap()),
    ("verzegelsleutel-dubbel", |o| o.config("[\"verzegeling-1.key\"]", "[\"verzegeling-1.key\", \"verzegeling-1.key\"]")),
    ("opslag-niet-schrijfbaar", |o| o.config("pad = \"adapter.db\"", "pad = \"bestaat/niet/adapter.db\"")),
    ("certificaat-onleesbaar", |o| fs::write(o.pad("tls.pem"), "geen certificaat").unwrap()),
    ("certificaat-verlopen", |o| {
        let map = o.pki.verlopen_certificaten(&slug("ggz"), &o.map.path().join("oud")).unwrap();
        fs::copy(map.tls_pem(), o.pad("tls.pem")).unwrap();
        fs::copy(map.tls_key(), o.pad("tls.key")).unwrap();
    }),
    ("certificaat-verlopen", |o| {
        let map = o.pki.verlopen_certificaten(&slug("ggz"), &o.map.path().join("oud")).unwrap();
        fs::copy(map.ondertekening_pem(), o.pad("ondertekening.pem")).unwrap();
        fs::copy(map.ondertekening_key(), o.pad("ondertekening.key")).unwrap();
    }),
    ("certificaat-ingetrokken", |o| {
        o.pki.intrekken(&slug("ggz"), &[Certificaatsoort::Tls]).unwrap();
        fs::copy(o.pki.dir().join("crl.pem"), o.pad("crl.pem")).unwrap();
    }),
    ("intrekkingslijst-verlopen", |o| {
        o.pki.crl(Duration::days(-1)).unwrap();
        fs::copy(o.pki.dir().join("crl.pem"), o.pad("crl.pem")).unwrap();
    }),
    ("certificaat-andere-uitgever", |o| {
        let vreemd = o.pki.vreemde_pki(&o.map.path().join("vreemd")).unwrap();
        let map = vreemd.partnermap(&slug("ggz")).unwrap();
        fs::copy(map.tls_pem(), o.pad("tls.pem")).unwrap();
        fs::copy(map.tls_key(), o.pad("tls.key")).unwrap();
    }),
    ("certificaat-andere-uitgever", |o| {
        let vreemd = o.pki.vreemde_pki(&o.map.path().join("vreemd")).unwrap();
        fs::copy(vreemd.beheerdersmap().ondertekening_pem(), o.pad("convenantbeheerder.pem")).unwrap();
    }),
    ("certificaat-ander-gebruik", |o| {
        for (een, ander) in [("tls.pem", "ondertekening.pem"), ("tls.key", "ondertekening.key")] {
            fs::rename(o.pad(een), o.pad("even")).unwrap();
            fs::rename(o.pad(ander), o.pad(een)).unwrap();
            fs::rename(o.pad("even"), o.pad(ander)).unwrap();
        }
    }),
    ("zelfde-certificaat", |o| {
        o.config("ondertekening_certificaat = \"ondertekening.pem\"", "ondertekening_certificaat = \"tls.pem\"");
    }),
    ("sleutel-past-niet", |o| {
        let school = o.pki.partnermap(&slug("school")).unwrap();
        fs::copy(school.ondertekening_key(), o.pad("ondertekening.key")).unwrap();
    }),
    ("ander-oin", |o| {
        let school = o.pki.partnermap(&slug("school")).unwrap();
        fs::copy(school.tls_pem(), o.pad("tls.pem")).unwrap();
        fs::copy(school.tls_key(), o.pad("tls.key")).unwrap();
    }),
    ("ander-oin", |o| {
        let school = o.pki.partnermap(&slug("school")).unwrap();
        fs::copy(school.gids(), o.pad("gids.json")).unwrap();
    }),
    ("verzegelsleutel-ontbreekt", |o| {
        o.pki.sleutel_vernieuwen(&slug("ggz")).unwrap();
        fs::copy(o.pki.partnermap(&slug("ggz")).unwrap().gids(), o.pad("gids.json")).unwrap();
    }),
    ("bestand-ontbreekt", |o| {
        o.config("[luister]", "[terugroep]\nluister = \"127.0.0.1:9\"\nverklaring = \"weg.json\"\n[luister]")
    }),
    ("terugroep-onleesbaar", |o| {
        fs::write(o.pad("terugroep.json"), "{}").unwrap();
        o.config("[luister]", "[terugroep]\nluister = \"127.0.0.1:9\"\nverklaring = \"terugroep.json\"\n[luister]");
    }),
    ("gidsvermelding-onleesbaar", |o| fs::write(o.pad("gids.json"), "{}").unwrap()),
];

#[test]
fn a_good_configuration_gives_nothing() {
    assert_eq!(Opstelling::goed().codes(), Vec::<&str>::new());
}

#[test]
fn each_seeded_mistake_is_found_with_its_mend() {
    assert!(FOUTEN.len() >= 15);
    for (code, maken) in FOUTEN {
        let mut opstelling = Opstelling::goed();
        maken(&mut opstelling);
        let gevonden = opstelling.codes();
        assert!(gevonden.contains(code), "{code}: {gevonden:?}");
    }
}

/// A clock that stands still.
#[derive(Debug)]
struct Stil(Tijdstip);

impl Clock for Stil {
    fn now(&self) -> Tijdstip {
        self.0
    }
}

#[test]
fn what_ends_soon_is_a_warning_and_what_has_not_begun_a_mistake() {
    let opstelling = Opstelling::goed();
    let bestand = opstelling.pad("adapter.toml");
    let bij = |dagen| {
        let klok = Stil(SystemClock.now().plus(Duration::days(dagen)));
        controleren(&bestand, &klok).0
    };
    let eerder = bij(-3);
    assert!(!eerder.is_goed() && eerder.bevindingen().iter().any(|b| b.code == "certificaat-nog-niet-geldig"));
    let dagen = i64::from(PkiSpec::default().geldig_dagen);
    let bijna = bij(dagen - 3);
    assert!(bijna.bevindingen().iter().any(|b| b.code == "certificaat-bijna-verlopen" || b.code == "intrekkingslijst-verlopen"));
}

#[tokio::test]
async fn a_hub_that_is_not_there_is_said_to_be_so() {
    let opstelling = Opstelling::goed();
    opstelling.config("https://localhost:8443", "https://localhost:9");
    let (mut verslag, config) = controleren(&opstelling.pad("adapter.toml"), &SystemClock);
    verbinden(&mut verslag, &config.unwrap(), Arc::new(SystemClock), Arc::new(inbreng_proof::SystemRandomness)).await;
    assert_eq!(verslag.bevindingen().iter().map(|b| b.code).collect::<Vec<_>>(), ["knooppunt-onbereikbaar"]);
}
