//! `inbreng-adapter check`: each mistake that is made on purpose is found, and comes with its mend; a good configuration gives nothing;
//! and there is nothing that `check` can find of which no mistake is made here.

mod fouten;
mod netwerk;

use std::{
    collections::BTreeSet,
    fs,
    ops::Deref,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use inbreng_adapter::check::{self, Verslag, controleren};
use inbreng_certs::{Partnerspec, Pki, PkiSpec};
use inbreng_domain::{Clock, Code, Oin, Tijdstip, clock::SystemClock, vocabulary::Partnertype};
use time::Duration;

use self::{fouten::FOUTEN, netwerk::OVER_HET_NETWERK};
use crate::regio::{Regio, bestand, clock, random};

fn slug(naam: &str) -> Code {
    Code::parse(naam).unwrap()
}

/// A folder with everything that the adapter of one partner needs.
struct Map(PathBuf);

impl Map {
    /// That of the mental health care, beside the folder of the PKI.
    fn vullen(basis: &Path, pki: &Pki) -> Self {
        let map = Self(basis.join("ggz-map"));
        fs::create_dir(&map.0).unwrap();
        map.van(pki, "ggz");
        for (van, naar) in [
            (pki.dir().join("root.pem"), "root.pem"),
            (pki.dir().join("tussen.pem"), "tussen.pem"),
            (pki.dir().join("crl.pem"), "crl.pem"),
            (pki.knooppuntmap().ondertekening_pem(), "knooppunt.pem"),
            (pki.beheerdersmap().ondertekening_pem(), "convenantbeheerder.pem"),
            (bestand("ggz/mapping.toml"), "mapping.toml"),
        ] {
            map.zetten(&van, naar);
        }
        for naam in ["geheim", "eigen-systeem.geheim"] {
            fs::write(map.pad(naam), "0123456789abcdef0123456789abcdef\n").unwrap();
            fs::set_permissions(map.pad(naam), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let oin = fs::read_to_string(pki.knooppuntmap().oin()).unwrap();
        let config = GOED.replace("00000001999999990000", oin.trim()).replace("[opslag]", GIDSVERMELDING);
        fs::write(map.pad("adapter.toml"), config + EIGEN_SYSTEEM).unwrap();
        map
    }

    /// With certificates, keys and entry of this partner.
    fn van(&self, pki: &Pki, wie: &str) {
        let bron = pki.partnermap(&slug(wie)).unwrap();
        for (van, naar) in [
            (bron.tls_pem(), "tls.pem"),
            (bron.tls_key(), "tls.key"),
            (bron.ondertekening_pem(), "ondertekening.pem"),
            (bron.ondertekening_key(), "ondertekening.key"),
            (bron.verzegeling_key(1), "verzegeling-1.key"),
            (bron.gids(), "gids.json"),
        ] {
            self.zetten(&van, naar);
        }
    }

    fn zetten(&self, van: &Path, naar: &str) {
        fs::copy(van, self.pad(naar)).unwrap();
    }

    fn pad(&self, naam: &str) -> PathBuf {
        self.0.join(naam)
    }

    fn config(&self, van: &str, naar: &str) {
        let tekst = fs::read_to_string(self.pad("adapter.toml")).unwrap();
        assert!(tekst.contains(van), "{van}");
        fs::write(self.pad("adapter.toml"), tekst.replace(van, naar)).unwrap();
    }

    /// What the command finds, in its order.
    async fn controleren(&self, klok: Arc<dyn Clock>, netwerk: bool) -> Verslag {
        let (mut verslag, config) = controleren(&self.pad("adapter.toml"), &*klok);
        if let Some(config) = &config {
            check::opslagtijd(&mut verslag, config, &*klok).await;
        }
        if let (Some(config), true) = (&config, netwerk) {
            assert_eq!(codes(&verslag), Vec::<&str>::new(), "only the hub has something to say");
            check::verbinden(&mut verslag, config, klok, random()).await;
        }
        verslag
    }
}

/// The map of a partner of a region that has no hub.
struct Opstelling {
    basis: tempfile::TempDir,
    map: Map,
    pki: Pki,
    /// How many days the clock of the adapter's machine is ahead.
    dagen: i64,
}

impl Deref for Opstelling {
    type Target = Map;

    fn deref(&self) -> &Map {
        &self.map
    }
}

impl Opstelling {
    fn goed() -> Self {
        let basis = tempfile::tempdir().unwrap();
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
        let pki = Pki::create(&basis.path().join("pki"), &PkiSpec { partners, ..PkiSpec::default() }, clock()).unwrap();
        let map = Map::vullen(basis.path(), &pki);
        Self { basis, map, pki, dagen: 0 }
    }

    /// A folder beside the adapter's.
    fn elders(&self, naam: &str) -> PathBuf {
        self.basis.path().join(naam)
    }

    /// Three days before its certificates end; with lists and keys that do not end before them.
    fn bijna_verlopen(&mut self) {
        self.dagen = i64::from(PkiSpec::default().geldig_dagen) - 3;
        self.pki.crl(Duration::days(self.dagen + 1)).unwrap();
        self.zetten(&self.pki.dir().join("crl.pem"), "crl.pem");
        self.config(GIDSVERMELDING, "[opslag]");
    }

    async fn controleren(&self) -> Verslag {
        self.map.controleren(Arc::new(Stil(SystemClock.now().plus(Duration::days(self.dagen)))), false).await
    }
}

const GOED: &str = include_str!("../../adapter.toml");

/// What this adapter has beside what every adapter must have.
const GIDSVERMELDING: &str = "gidsvermelding = \"gids.json\"\n[opslag]";
const EIGEN_SYSTEEM: &str = "[eigen_systeem]\nadres = \"http://127.0.0.1:8460\"\ngeheim = \"eigen-systeem.geheim\"\n";

/// A clock that stands still.
#[derive(Debug)]
struct Stil(Tijdstip);

impl Clock for Stil {
    fn now(&self) -> Tijdstip {
        self.0
    }
}

fn codes(verslag: &Verslag) -> Vec<&'static str> {
    verslag.bevindingen().iter().map(|b| b.code).collect()
}

/// What is sought stands in the report with its mend, and the report says of nothing else what it may not.
fn gevonden(verslag: &Verslag, code: &str, herstel: &str) {
    for bevinding in verslag.bevindingen() {
        assert!(bevinding.wat.ends_with('.') && bevinding.herstel.len() > 20, "{bevinding:?}");
        assert!(!bevinding.wat.contains("0123456789abcdef"), "a secret is never shown");
    }
    let met_herstel = verslag.bevindingen().iter().any(|b| b.code == code && b.herstel.contains(herstel));
    assert!(met_herstel, "{code} ({herstel}): {:?}", verslag.bevindingen());
}

#[tokio::test]
async fn a_good_configuration_gives_nothing() {
    assert_eq!(codes(&Opstelling::goed().controleren().await), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_seeded_mistake_is_found_with_its_mend() {
    for (code, herstel, maken) in FOUTEN {
        let mut opstelling = Opstelling::goed();
        maken(&mut opstelling);
        gevonden(&opstelling.controleren().await, code, herstel);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_mistake_that_only_the_hub_shows_is_found_with_its_mend() {
    for (code, herstel, maken) in OVER_HET_NETWERK {
        let mut regio = Regio::nieuw().await;
        let map = Map::vullen(regio.map.path(), &regio.pki);
        map.config("https://localhost:8443", regio.adres());
        assert_eq!(codes(&map.controleren(clock(), true).await), Vec::<&str>::new(), "before {code}");
        maken(&mut regio, &map);
        let verslag = map.controleren(clock(), true).await;
        gevonden(&verslag, code, herstel);
        assert_eq!(codes(&verslag), [*code]);
    }
}

/// A warning stops nobody; a certificate that is not valid yet does.
#[tokio::test]
async fn what_ends_soon_is_no_reason_not_to_start() {
    let mut opstelling = Opstelling::goed();
    opstelling.bijna_verlopen();
    let verslag = opstelling.controleren().await;
    assert!(verslag.is_goed() && !verslag.bevindingen().is_empty(), "{:?}", verslag.bevindingen());
    opstelling.dagen = -3;
    assert!(!opstelling.controleren().await.is_goed());
}

/// The sources of `check`.
const BRONNEN: [&str; 5] = [
    include_str!("../../../src/check/mod.rs"),
    include_str!("../../../src/check/bestanden.rs"),
    include_str!("../../../src/check/certificaten.rs"),
    include_str!("../../../src/check/klok.rs"),
    include_str!("../../../src/check/netwerk.rs"),
];

/// The codes in a source: what stands first where something is found, and every text that has the form of a code.
fn codes_in(bron: &str) -> BTreeSet<String> {
    let melding = |tekst: &str| tekst.trim_start().strip_prefix('"').and_then(|t| t.split('"').next()).map(str::to_owned);
    let eerste = [".fout(", ".waarschuwing("].into_iter().flat_map(|roep| bron.split(roep).skip(1)).filter_map(melding);
    let vorm = |tekst: &&str| {
        let woord = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase());
        tekst.contains('-') && tekst.split('-').all(woord)
    };
    // Every second piece between quotes is a text, where no comment has a quote of its own.
    let regels = bron.lines().filter(|regel| !regel.trim_start().starts_with("//"));
    let teksten = regels.flat_map(|regel| regel.split('"').skip(1).step_by(2)).filter(vorm).map(str::to_owned);
    eerste.chain(teksten).collect()
}

#[test]
fn nothing_can_be_found_of_which_no_mistake_is_made_here() {
    let bron: BTreeSet<String> = BRONNEN.iter().flat_map(|bron| codes_in(bron)).collect();
    let gemaakt = FOUTEN.iter().map(|f| f.0).chain(OVER_HET_NETWERK.iter().map(|f| f.0));
    let gemaakt: BTreeSet<String> = gemaakt.map(str::to_owned).collect();
    assert_eq!(bron, gemaakt);
    // And no source was forgotten.
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check");
    assert_eq!(fs::read_dir(map).unwrap().count(), BRONNEN.len());
}
