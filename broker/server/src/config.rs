//! The configuration of a hub: one closed TOML file. Relative paths count from the file itself.

mod bewaren;
mod sporen;
mod vertalen;

use std::{
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use figment::{
    Figment,
    providers::{Format, Toml},
};
use inbreng_api::{
    Grenzen, Netwerk,
    bezorgen::{Net, NetOngeldig, Netten},
    drempels::Maten,
};
use inbreng_domain::{limits::Limits, noodgebruik::Nooddrempel};
use inbreng_pipeline::bezorgen::Ruimte;
use inbreng_telemetry::Log;
use serde::Deserialize;

use self::vertalen::vertalen;
pub use self::{bewaren::Bewaren, sporen::Sporen};
use crate::{bevinding::Bevinding, bus::Bus, opslag::Opslag};

/// The whole file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where partners connect.
    pub partners: Partners,
    /// Where operators look.
    #[serde(default)]
    pub beheer: Beheer,
    /// Certificates and keys.
    pub pki: Pki,
    /// The store.
    pub opslag: Opslag,
    /// What ties several processes together.
    #[serde(default)]
    pub bus: Bus,
    /// The policy.
    pub beleid: Beleid,
    /// The directory to start from.
    #[serde(default)]
    pub gids: Gids,
    /// Bringing deliveries to callbacks.
    #[serde(default)]
    pub bezorgen: Bezorgen,
    /// How long things are kept.
    #[serde(default)]
    pub bewaren: Bewaren,
    /// How much is accepted.
    #[serde(default)]
    pub grenzen: Limits,
    /// How often each partner may ask.
    #[serde(default)]
    pub drempels: Drempels,
    /// The log lines.
    #[serde(default)]
    pub log: Log,
    /// Traces for a collector; absent: none.
    #[serde(default)]
    pub sporen: Option<Sporen>,
}

/// The partner listener.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partners {
    /// Address and port; port 0 takes a free one.
    pub adres: SocketAddr,
    /// File in which the bound address is written.
    #[serde(default)]
    pub adres_bestand: Option<PathBuf>,
    /// The base URL by which partners know the hub (`https://…`, nothing after the port); absent: the name they use.
    #[serde(default)]
    pub basis: Option<Basis>,
    /// Threads; absent: one per core.
    #[serde(default)]
    pub werkers: Option<u16>,
    /// Longest wait of a mailbox request, in seconds.
    #[serde(default = "wachten")]
    pub wachten_seconden: u16,
    /// Longest time for a body to arrive, in seconds.
    #[serde(default = "inlezen")]
    pub inlezen_seconden: u16,
    /// Time for requests in progress when the hub stops, in seconds.
    #[serde(default = "afronden")]
    pub afronden_seconden: u16,
    /// MiB of bodies of requests in progress; of one organisation at most a quarter.
    #[serde(default = "mebibytes")]
    pub mebibytes: u16,
}

/// A base URL: `https`, a host, perhaps a port, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Basis(pub String);

impl TryFrom<String> for Basis {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let host = text.strip_prefix("https://").unwrap_or_default();
        if !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b)) {
            Ok(Self(text))
        } else {
            Err("een adres als https://hub.example:8443, zonder iets erachter")
        }
    }
}

const fn wachten() -> u16 {
    60
}
const fn inlezen() -> u16 {
    30
}
const fn afronden() -> u16 {
    10
}
const fn mebibytes() -> u16 {
    128
}

/// The operations listener.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Beheer {
    /// Address and port; loopback unless told otherwise, since it has no login.
    pub adres: SocketAddr,
    /// File in which the bound address is written.
    pub adres_bestand: Option<PathBuf>,
}

impl Default for Beheer {
    fn default() -> Self {
        Self { adres: SocketAddr::from(([127, 0, 0, 1], 9090)), adres_bestand: None }
    }
}

/// Certificates and keys, all PEM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pki {
    /// Trust anchors.
    pub wortel: PathBuf,
    /// Intermediate certificates.
    pub tussen: PathBuf,
    /// Revocation lists of every issuer.
    pub crl: PathBuf,
    /// The hub's TLS chain, leaf first.
    pub tls_certificaat: PathBuf,
    /// Its key.
    pub tls_sleutel: PathBuf,
    /// The hub's signing chain, leaf first.
    pub ondertekening_certificaat: PathBuf,
    /// Its key.
    pub ondertekening_sleutel: PathBuf,
    /// The covenant manager's signing certificate.
    pub convenantbeheerder: PathBuf,
}

/// The policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beleid {
    /// Policy bundles, one per covenant, each signed by the covenant manager.
    pub bundels: Vec<PathBuf>,
    /// What the first parties of the covenants signed (JSON array), countersigned by the covenant manager; added where it is new.
    #[serde(default)]
    pub toetredingen: Option<PathBuf>,
    /// Days after a yes in which something may still be sent, before it counts as allowed and not shared (R34).
    #[serde(default = "strengheid_dagen")]
    pub strengheid_dagen: u16,
    /// Above how many messages in a month an organisation's use of the emergency path is reported (R35).
    #[serde(default)]
    pub nood_drempel: Nooddrempelgetal,
}

/// A threshold that lets no small number out (R43).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "u16")]
pub struct Nooddrempelgetal(pub Nooddrempel);

impl TryFrom<u16> for Nooddrempelgetal {
    type Error = &'static str;

    fn try_from(drempel: u16) -> Result<Self, Self::Error> {
        Nooddrempel::new(drempel).map(Self).ok_or("een getal vanaf 4, zodat geen aantal onder de vijf wordt gemeld")
    }
}

const fn strengheid_dagen() -> u16 {
    7
}

/// The directory to start from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gids {
    /// Statements of partners (JSON array); added to the store where they are newer.
    #[serde(default)]
    pub bestand: Option<PathBuf>,
}

/// How often each partner may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Drempels {
    /// Ordinary requests per second.
    pub per_seconde: NonZeroU32,
    /// How many may come at once.
    pub tegelijk: NonZeroU32,
    /// Messages about acute danger per second, in a lane of their own.
    pub acuut_per_seconde: NonZeroU32,
    /// How many may come at once.
    pub acuut_tegelijk: NonZeroU32,
    /// Misses per minute.
    pub missers_per_minuut: NonZeroU32,
}

impl Default for Drempels {
    fn default() -> Self {
        let Maten { per_seconde, tegelijk, acuut_per_seconde, acuut_tegelijk, missers_per_minuut } = Maten::default();
        Self { per_seconde, tegelijk, acuut_per_seconde, acuut_tegelijk, missers_per_minuut }
    }
}

/// Bringing deliveries to callbacks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bezorgen {
    /// Networks that may be called beside the public ones, such as `10.20.0.0/16`.
    pub netten: Vec<Netadres>,
    /// Deliveries under way at a time for one recipient, in each lane.
    pub per_ontvanger: u32,
    /// The same of all recipients together that did not fail last.
    pub gezond: u32,
    /// The same of all that did: room of their own, so that they take none of the others'.
    pub haperend: u32,
    /// MiB under way at a time, in each lane, of each of the three: those, and those that were not tried yet. Of one recipient a quarter of it.
    pub mebibytes: u32,
}

impl Default for Bezorgen {
    fn default() -> Self {
        let Ruimte { per_ontvanger, gezond, haperend, mebibytes } = Ruimte::default();
        Self { netten: Vec::new(), per_ontvanger, gezond, haperend, mebibytes }
    }
}

/// A network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Netadres(pub Net);

impl TryFrom<String> for Netadres {
    type Error = NetOngeldig;

    fn try_from(text: String) -> Result<Self, NetOngeldig> {
        text.parse().map(Self)
    }
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// Every finding names its key and says how to mend it.
    pub fn lezen(bestand: &Path) -> Result<Self, Vec<Bevinding>> {
        let text = std::fs::read_to_string(bestand).map_err(|error| {
            let wat = format!("het configuratiebestand {} is niet te lezen ({error})", bestand.display());
            vec![Bevinding::fout("--config", wat, "Geef het pad van een leesbaar TOML-bestand.")]
        })?;
        let mut config: Self =
            Figment::from(Toml::string(&text)).extract().map_err(|error| error.into_iter().map(vertalen).collect::<Vec<_>>())?;
        let map = bestand.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        for pad in config.paden() {
            *pad = map.join(&*pad);
        }
        Ok(config)
    }

    fn paden(&mut self) -> Vec<&mut PathBuf> {
        let pki = &mut self.pki;
        let mut paden = vec![
            &mut pki.wortel,
            &mut pki.tussen,
            &mut pki.crl,
            &mut pki.tls_certificaat,
            &mut pki.tls_sleutel,
            &mut pki.ondertekening_certificaat,
            &mut pki.ondertekening_sleutel,
            &mut pki.convenantbeheerder,
        ];
        paden.extend(self.opslag.paden());
        paden.extend(self.bus.paden());
        paden.extend(&mut self.beleid.bundels);
        paden.extend(&mut self.beleid.toetredingen);
        paden.extend(&mut self.gids.bestand);
        paden.extend(&mut self.partners.adres_bestand);
        paden.extend(&mut self.beheer.adres_bestand);
        paden
    }

    /// Limits of the API.
    pub fn api_grenzen(&self) -> Grenzen {
        Grenzen {
            inlezen: Duration::from_secs(self.partners.inlezen_seconden.into()),
            wachten: Duration::from_secs(self.partners.wachten_seconden.into()),
            ..Grenzen::default()
        }
    }

    /// How often each partner may ask.
    pub fn maten(&self) -> Maten {
        let Drempels { per_seconde, tegelijk, acuut_per_seconde, acuut_tegelijk, missers_per_minuut } = self.drempels;
        Maten { per_seconde, tegelijk, acuut_per_seconde, acuut_tegelijk, missers_per_minuut }
    }

    /// Bytes of bodies of requests in progress.
    pub fn lichamen(&self) -> usize {
        usize::from(self.partners.mebibytes) << 20
    }

    /// How much is brought at a time.
    pub const fn ruimte(&self) -> Ruimte {
        let Bezorgen { per_ontvanger, gezond, haperend, mebibytes, .. } = self.bezorgen;
        Ruimte { per_ontvanger, gezond, haperend, mebibytes }
    }

    /// Where callbacks may lead.
    pub fn netten(&self) -> Netten {
        Netten::openbaar_en(self.bezorgen.netten.iter().map(|n| n.0).collect())
    }

    /// Behaviour of the partner listener.
    pub fn netwerk(&self) -> Netwerk {
        Netwerk { werkers: self.partners.werkers.map(usize::from), ..Netwerk::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inbreng_storage_sql::postgres::Plaats;

    const GOED: &str = r#"
        [partners]
        adres = "127.0.0.1:0"
        [pki]
        wortel = "root.pem"
        tussen = "tussen.pem"
        crl = "crl.pem"
        tls_certificaat = "tls.pem"
        tls_sleutel = "tls.key"
        ondertekening_certificaat = "ondertekening.pem"
        ondertekening_sleutel = "ondertekening.key"
        convenantbeheerder = "beheerder.pem"
        [opslag]
        pad = "/var/lib/inbreng/hub.sqlite"
        [beleid]
        bundels = ["voorbeeldregio.jws"]
    "#;

    fn lezen(text: &str) -> Result<Config, Vec<Bevinding>> {
        let dir = tempfile::tempdir().unwrap();
        let bestand = dir.path().join("hub.toml");
        std::fs::write(&bestand, text).unwrap();
        Config::lezen(&bestand)
    }

    #[test]
    fn paths_count_from_the_file_and_defaults_are_safe() {
        let config = lezen(GOED).unwrap();
        assert!(config.pki.wortel.is_absolute() && config.pki.wortel.ends_with("root.pem"));
        let Opslag::Sqlite { pad, .. } = &config.opslag else { panic!("{:?}", config.opslag) };
        assert_eq!(pad, Path::new("/var/lib/inbreng/hub.sqlite"));
        assert!(config.beheer.adres.ip().is_loopback());
        assert_eq!(config.grenzen, Limits::default());
        assert!(config.netwerk().openhouden >= Duration::from_secs(75));
    }

    #[test]
    fn a_database_is_reached_safely_or_not_at_all() {
        let met = |tabel: &str| lezen(&GOED.replace("pad = \"/var/lib/inbreng/hub.sqlite\"", tabel));
        let sleutels = "sleutels = \"/var/lib/inbreng-sleutels/hub\"";
        let plaats = |tabel: &str| match met(&format!("soort = \"postgres\"\n{sleutels}\n{tabel}")).unwrap().opslag {
            Opslag::Postgres(database) => database.plaats().map(drop).map_err(|b| b.sleutel),
            anders => panic!("{anders:?}"),
        };
        for goed in [
            "url = \"postgres://inbreng@db.example:5432/inbreng\"",
            "url = \"postgres://inbreng@db.example/inbreng\"\ntls_wortel = \"wortel.pem\"\nlezers = 4",
            "url = \"postgres://inbreng@127.0.0.1/inbreng\"\ntls = false",
            "url = \"postgres://inbreng@[::1]/inbreng\"\ntls = false",
            "url = \"postgres://inbreng@localhost/inbreng?host=/run/postgresql\"",
        ] {
            assert_eq!(plaats(goed), Ok(()), "{goed}");
        }
        let plaats_met = Plaats::nieuw("postgres://inbreng@db.example/inbreng", Some("kanarie-wachtwoord"), None, true).unwrap();
        assert!(!format!("{plaats_met:?}").contains("kanarie"), "{plaats_met:?}");
        for (slecht, sleutel) in [
            ("url = \"postgres://inbreng@db.example/inbreng\"\ntls = false", "opslag.url"),
            ("url = \"postgres://inbreng:geheim@db.example/inbreng\"", "opslag.url"),
            ("url = \"postgres://inbreng@db.example/inbreng?sslmode=disable\"", "opslag.url"),
            ("url = \"mysql://inbreng@db.example/inbreng\"", "opslag.url"),
            ("url = \"postgres://inbreng@db.example/inbreng\"\nwachtwoord_bestand = \"is-er-niet\"", "opslag.wachtwoord_bestand"),
        ] {
            assert_eq!(plaats(slecht), Err(sleutel.to_owned()), "{slecht}");
        }
        for slecht in [
            "soort = \"postgres\"",
            "soort = \"postgres\"\nurl = \"postgres://x@y/z\"",
            "url = \"postgres://x@y/z\"",
            "soort = \"postgres\"\npad = \"x\"\nurl = \"postgres://x@y/z\"",
            "lezers = 3",
        ] {
            let bevindingen = met(slecht).unwrap_err();
            assert!(bevindingen[0].sleutel.starts_with("opslag") && bevindingen[0].is_fout(), "{slecht}: {bevindingen:?}");
        }
    }

    #[test]
    fn a_broker_is_named_whole_or_not_at_all() {
        let met = |tabel: &str| lezen(&format!("{GOED}\n[bus]\n{tabel}"));
        assert_eq!(lezen(GOED).unwrap().bus, Bus::Embedded);
        let goed =
            "soort = \"rabbitmq\"\nurls = [\"amqps://inbreng@mq.example:5671/inbreng\"]\nwachtwoord_bestand = \"mq.wachtwoord\"";
        let Bus::Rabbitmq(makelaar) = met(goed).unwrap().bus else { panic!("embedded") };
        assert!(makelaar.wachtwoord_bestand.is_absolute());
        assert_eq!((makelaar.aandelen, makelaar.venster, makelaar.naam.as_str()), (16, 256, "inbreng"));
        for slecht in [
            "soort = \"rabbitmq\"",
            "soort = \"rabbitmq\"\nurls = []\nwachtwoord_bestand = \"x\"",
            "soort = \"kafka\"",
            "aandelen = 8",
            &format!("{goed}\naandelen = 0"),
            &format!("{goed}\nvenster = 0"),
            &format!("{goed}\nbevestigen_seconden = 0"),
            &format!("{goed}\nwachtwoord = \"geheim\""),
        ] {
            let bevindingen = met(slecht).unwrap_err();
            assert!(bevindingen[0].sleutel.starts_with("bus") && bevindingen[0].is_fout(), "{slecht}: {bevindingen:?}");
        }
    }

    #[test]
    fn every_mistake_names_its_key_and_says_how_to_mend_it() {
        for (from, to, sleutel) in [
            ("crl = \"crl.pem\"", "", "pki.crl"),
            ("crl = \"crl.pem\"", "crl = 5", "pki.crl"),
            ("[opslag]", "[opslag]\nonbekend = 1", "opslag.onbekend"),
            ("[opslag]", "[vreemd]\nx = 1\n[opslag]", "vreemd"),
            ("127.0.0.1:0", "overal", "partners.adres"),
            ("[opslag]", "[log]\nniveau = \"alles\"\n[opslag]", "log.niveau"),
            ("[opslag]", "[grenzen]\nparts = -1\n[opslag]", "grenzen.parts"),
            ("[opslag]", "[bezorgen]\nnetten = [\"overal\"]\n[opslag]", "bezorgen.netten.0"),
        ] {
            let bevindingen = lezen(&GOED.replace(from, to)).unwrap_err();
            let first = bevindingen.first().unwrap();
            assert_eq!(first.sleutel, sleutel, "{first}");
            assert!(!first.oplossing.is_empty() && first.is_fout(), "{first}");
        }
        assert_eq!(Config::lezen(Path::new("/bestaat/niet.toml")).unwrap_err()[0].sleutel, "--config");
        assert!(lezen("geen toml [").unwrap_err()[0].sleutel.contains("bestand"));
    }
}
