//! The configuration file: who we are, where the hub is, whom we trust, which keys we have.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use inbreng_domain::{Code, ConvenantId, Oin, vocabulary::Partnertype};
use serde::Deserialize;
use time::Duration;

use crate::terugroep::Terugroepconfig;

/// The configuration of one adapter. Relative paths count from the directory of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The mapping file.
    pub mapping: PathBuf,
    /// Who we are.
    pub organisatie: Organisatie,
    /// The hub.
    pub knooppunt: Knooppunt,
    /// Whom we trust.
    pub vertrouwen: Vertrouwen,
    /// Our keys.
    pub sleutels: Sleutels,
    /// Our store.
    pub opslag: Opslag,
    /// Where the own system reaches us.
    pub luister: Luister,
    /// Where we reach the own system; absent: it fetches from `GET /postbus` and confirms.
    #[serde(default)]
    pub eigen_systeem: Option<EigenSysteem>,
    /// The inbox page, for people whose system cannot take messages; absent: there is none.
    #[serde(default)]
    pub inbox: Option<Inbox>,
    /// The file that this was read from: which keys there are is read again from it while the adapter runs.
    #[serde(skip)]
    pub bestand: Option<PathBuf>,
    /// Where the hub brings our deliveries; absent: we only fetch them.
    #[serde(default)]
    pub terugroep: Option<Terugroepconfig>,
    /// When a human is told that something waits.
    #[serde(default)]
    pub termijnen: Termijnen,
}

/// When a human is told that something waits, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Termijnen {
    /// What is acute came in, and nobody took it.
    pub acuut_ongelezen: u32,
    /// What is acute was sent, and its recipient does not come for it.
    pub acuut_niet_opgehaald: u32,
    /// The same of what is not acute.
    pub normaal_niet_opgehaald: u32,
}

impl Default for Termijnen {
    fn default() -> Self {
        Self { acuut_ongelezen: 5, acuut_niet_opgehaald: 15, normaal_niet_opgehaald: 24 * 60 }
    }
}

impl Termijnen {
    /// How long what is acute may lie here.
    #[must_use]
    pub fn acuut_ongelezen(&self) -> Duration {
        Duration::minutes(i64::from(self.acuut_ongelezen))
    }

    /// How long what was sent may lie at the hub.
    #[must_use]
    pub fn niet_opgehaald(&self, acuut: bool) -> Duration {
        Duration::minutes(i64::from(if acuut { self.acuut_niet_opgehaald } else { self.normaal_niet_opgehaald }))
    }
}

/// Who we are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisatie {
    /// Our OIN.
    pub oin: Oin,
    /// Our name.
    pub naam: String,
    /// What kind of organisation we are.
    pub partnertype: Partnertype,
    /// The name of our system, for `source`.
    pub systeem: Code,
    /// The covenant that we send under; absent: the one that the hub serves, where that is one.
    #[serde(default)]
    pub convenant: Option<ConvenantId>,
}

/// The hub.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knooppunt {
    /// Base address, without `/v1`.
    pub adres: String,
    /// Its OIN.
    pub oin: Oin,
    /// Its signing certificate (PEM, leaf first): what receipts and log heads are verified with.
    pub certificaat: PathBuf,
}

/// Whom we trust.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vertrouwen {
    /// Root certificate (PEM).
    pub root: PathBuf,
    /// Intermediates (PEM).
    pub tussen: PathBuf,
    /// Revocation lists of root and intermediate (PEM). Read again every minute.
    pub crl: PathBuf,
    /// Signing certificate of the covenant manager (PEM, leaf first): pinned.
    pub convenantbeheerder: PathBuf,
}

/// Our keys: PEM files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sleutels {
    /// TLS certificate, leaf first.
    pub tls_certificaat: PathBuf,
    /// Its key.
    pub tls_sleutel: PathBuf,
    /// Signing certificate, leaf first.
    pub ondertekening_certificaat: PathBuf,
    /// Its key.
    pub ondertekening_sleutel: PathBuf,
    /// Encryption keys, newest first. Old ones stay until what they open has ended.
    pub verzegeling: Vec<PathBuf>,
    /// The own directory entry (JSON: `vermelding` and `sleutels`), as the covenant manager countersigned it. A key statement in
    /// it that is newer than the directory's is published.
    #[serde(default)]
    pub gidsvermelding: Option<PathBuf>,
    /// A folder of the adapter's own. With it the adapter replaces its encryption key itself, in time, proven by the one before it, and
    /// keeps the keys that it made there.
    #[serde(default)]
    pub wisselmap: Option<PathBuf>,
}

/// Our store.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opslag {
    /// The SQLite file.
    pub pad: PathBuf,
}

/// Where the own system reaches us.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Luister {
    /// A loopback address; port 0 takes a free one.
    pub adres: SocketAddr,
    /// File with the secret that the own system must show.
    pub geheim: PathBuf,
}

/// After how many definite answers a delivery is refused, unless the configuration says otherwise: about two minutes.
pub const AFWIJZINGEN: u32 = 8;

/// The inbox page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    /// File with the secret that a person shows to log in.
    pub geheim: PathBuf,
}

/// Where we reach the own system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EigenSysteem {
    /// Base address.
    pub adres: String,
    /// File with the secret that we show to the own system.
    pub geheim: PathBuf,
    /// After how many definite answers (4xx, or a mapping that cannot say it) a delivery is refused. What may be otherwise
    /// later (5xx, no connection, no answer) is tried again without end.
    #[serde(default = "afwijzingen")]
    pub afwijzingen: u32,
}

const fn afwijzingen() -> u32 {
    AFWIJZINGEN
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Configfout {
    /// The file cannot be read, or a field is missing, unknown or wrong.
    #[error("configuration cannot be read: {0}")]
    Lezen(#[source] Box<figment::Error>),
    /// The local API speaks plain HTTP: it listens on loopback only.
    #[error("luister.adres must be a loopback address")]
    GeenLoopback,
    /// Opened parts would cross a network in the clear.
    #[error("eigen_systeem.adres must be https, or http to a loopback address")]
    Onversleuteld,
    /// A delivery goes to the own system or to a person: not to whoever comes first.
    #[error("inbox and eigen_systeem exclude each other")]
    InboxNaastSysteem,
    /// A list that may not be empty.
    #[error("sleutels.verzegeling must name at least one key")]
    GeenSleutel,
}

impl Config {
    /// Reads a TOML file; environment variables `INBRENG_ADAPTER_<TABLE>__<FIELD>` take precedence.
    ///
    /// # Errors
    /// [`Configfout`] names what is wrong.
    pub fn lezen(bestand: &Path) -> Result<Self, Configfout> {
        let figment = Figment::new().merge(Toml::file_exact(bestand)).merge(Env::prefixed("INBRENG_ADAPTER_").split("__"));
        let mut config: Self = figment.extract().map_err(|e| Configfout::Lezen(Box::new(e)))?;
        config.bestand = Some(bestand.to_owned());
        config.vanaf(bestand.parent().unwrap_or(Path::new("."))).toetsen()
    }

    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// [`Configfout`].
    pub fn toetsen(self) -> Result<Self, Configfout> {
        if !self.luister.adres.ip().is_loopback() {
            return Err(Configfout::GeenLoopback);
        }
        if self.eigen_systeem.as_ref().is_some_and(|e| !blijft_hier_of_versleuteld(&e.adres)) {
            return Err(Configfout::Onversleuteld);
        }
        if self.inbox.is_some() && self.eigen_systeem.is_some() {
            return Err(Configfout::InboxNaastSysteem);
        }
        if self.sleutels.verzegeling.is_empty() {
            return Err(Configfout::GeenSleutel);
        }
        Ok(self)
    }

    fn vanaf(mut self, map: &Path) -> Self {
        let paden = [
            &mut self.mapping,
            &mut self.knooppunt.certificaat,
            &mut self.vertrouwen.root,
            &mut self.vertrouwen.tussen,
            &mut self.vertrouwen.crl,
            &mut self.vertrouwen.convenantbeheerder,
            &mut self.sleutels.tls_certificaat,
            &mut self.sleutels.tls_sleutel,
            &mut self.sleutels.ondertekening_certificaat,
            &mut self.sleutels.ondertekening_sleutel,
            &mut self.opslag.pad,
            &mut self.luister.geheim,
        ];
        let eigen = self
            .eigen_systeem
            .as_mut()
            .map(|e| &mut e.geheim)
            .into_iter()
            .chain(&mut self.sleutels.gidsvermelding)
            .chain(&mut self.sleutels.wisselmap);
        let eigen = eigen.chain(self.inbox.as_mut().map(|i| &mut i.geheim));
        let terugroep = self.terugroep.as_mut().and_then(|t| t.verklaring.as_mut());
        for pad in paden.into_iter().chain(&mut self.sleutels.verzegeling).chain(eigen).chain(terugroep) {
            *pad = map.join(&*pad);
        }
        self
    }
}

/// Whether what is sent to this address stays on the machine or is encrypted. A name other than `localhost` may resolve to
/// anything, so it needs https.
fn blijft_hier_of_versleuteld(adres: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(adres) else { return false };
    match (url.scheme(), url.host_str()) {
        ("https", Some(_)) | ("http", Some("localhost")) => true,
        // An IPv6 address stands between brackets in a URL.
        ("http", Some(host)) => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOED: &str = include_str!("../tests/adapter.toml");

    fn lezen(tekst: &str) -> Result<Config, Configfout> {
        let map = tempfile::tempdir().unwrap();
        let bestand = map.path().join("adapter.toml");
        std::fs::write(&bestand, tekst.replace("\"root.pem\"", "\"/pki/root.pem\"")).unwrap();
        let config = Config::lezen(&bestand)?;
        assert_eq!(config.vertrouwen.root, Path::new("/pki/root.pem"));
        assert_eq!(config.sleutels.verzegeling, [map.path().join("verzegeling-1.key")]);
        Ok(config)
    }

    #[test]
    fn paths_count_from_the_file() {
        let config = lezen(GOED).unwrap();
        assert!(config.eigen_systeem.is_none());
    }

    #[test]
    fn what_was_opened_crosses_no_network_in_the_clear() {
        let met = |adres: &str| lezen(&format!("{GOED}[eigen_systeem]\nadres = \"{adres}\"\ngeheim = \"g\"\n"));
        for goed in
            ["http://127.0.0.1:8080", "http://127.9.9.9/pad", "http://[::1]:8080", "http://localhost:80", "https://ecd.test"]
        {
            met(goed).unwrap();
        }
        for fout in [
            "http://10.0.0.5",
            "http://0.0.0.0:80",
            "http://ecd.test",
            "http://localhost.ecd.test",
            "http://127.0.0.1@10.0.0.5/",
            "http://[2001:db8::1]",
            "ftp://127.0.0.1",
            "127.0.0.1:8080",
            "",
        ] {
            assert!(matches!(met(fout), Err(Configfout::Onversleuteld)), "{fout}");
        }
    }

    #[test]
    fn a_callback_is_a_table_of_its_own() {
        let met = format!("{GOED}\n[terugroep]\nluister = \"0.0.0.0:9443\"\nverklaring = \"terugroep.json\"\n");
        let terugroep = lezen(&met).unwrap().terugroep.unwrap();
        assert!(terugroep.verklaring.unwrap().is_absolute());
        assert!(lezen(&met.replace("verklaring", "verklaringen")).is_err());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (van, naar, woord) in [
            ("127.0.0.1:0", "0.0.0.0:80", "loopback"),
            ("[\"verzegeling-1.key\"]", "[]", "verzegeling"),
            ("systeem = \"epd\"", "systeem = \"epd\"\nkleur = 1", "kleur"),
            ("ggz\"\nsysteem", "brandweer\"\nsysteem", "partnertype"),
        ] {
            let fout = lezen(&GOED.replace(van, naar)).unwrap_err().to_string();
            assert!(fout.contains(woord), "{fout}");
        }
    }
}
