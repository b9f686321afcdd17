//! Makes a region in one directory: PKI, signed policy bundle, and a configuration for every process.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use inbreng_adapter::geheim::Geheim;
use inbreng_catalogue::Catalogus;
use inbreng_certs::{Organisatiespec, Partnerspec, Pki, PkiSpec};
use inbreng_domain::clock::SystemClock;
use inbreng_domain::terugroep::{Bestemming, Bezorgschema, SchemaOngeldig};
use inbreng_domain::{Clock, Code, GemeenteCode, Oin};
use inbreng_policy::{Bundel, Convenantbron, Deelpartij};
use inbreng_proof::SystemRandomness;

use super::layout::{CONVENANTBEHEERDER, DEELNEMERS, Deelnemer, KNOOPPUNT, WORDT_BEZORGD};

/// Why the region could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A file.
    #[error("{}", pad.display())]
    File {
        /// Which.
        pad: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A name or number of the layout.
    #[error(transparent)]
    Layout(#[from] inbreng_domain::ids::InvalidId),
    /// The schedule of a callback.
    #[error(transparent)]
    Schema(#[from] SchemaOngeldig),
    /// Certificates.
    #[error(transparent)]
    Pki(#[from] inbreng_certs::PkiFout),
    /// The policy.
    #[error(transparent)]
    Beleid(#[from] inbreng_policy::BeleidFout),
    /// The catalogue.
    #[error(transparent)]
    Catalogus(#[from] inbreng_catalogue::CatalogusFout),
}

/// The directory of a region, and what lies where.
#[derive(Debug, Clone)]
pub struct Region {
    dir: PathBuf,
}

impl Region {
    /// Makes everything below `dir`.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn create(dir: &Path) -> Result<Self, SetupError> {
        let region = Self { dir: dir.to_owned() };
        for below in ["hub", "adapters", "systemen", "logs"] {
            let pad = region.dir.join(below);
            std::fs::create_dir_all(&pad).map_err(|source| SetupError::File { pad, source })?;
        }
        let pki = Pki::create(&region.pki(), &pki_spec()?, Arc::new(SystemClock))?;
        let bundel = Bundel::genereren(&Convenantbron::voorbeeldregio()?, &Catalogus::ingebouwd()?)?;
        region.write(&region.dir.join("hub/beleid.jws"), &pki.beleid_ondertekenen(&bundel)?)?;
        // Every organisation to whom the covenant is open has signed it, before the night begins.
        let nu = SystemClock.now();
        let open = |p: &Partnerspec| bundel.staat_open(&Deelpartij { oin: p.oin, partnertype: p.partnertype }, nu);
        let toetredingen = pki.allen_toetreden(&bundel.tekst(), bundel.versie, open)?;
        region.write(&region.dir.join("hub/toetredingen.json"), &serde_json::json!(toetredingen).to_string())?;
        region.write(&region.hub_config(), &region.hub_toml())?;
        for deelnemer in DEELNEMERS.iter().filter(|d| d.draait) {
            let map = region.adapter_dir(deelnemer);
            for pad in [&map, &region.system_dir(deelnemer)] {
                std::fs::create_dir_all(pad).map_err(|source| SetupError::File { pad: pad.clone(), source })?;
            }
            region.write(&map.join("mapping.toml"), super::fixtures::mapping(deelnemer.map).unwrap_or_default())?;
            for pad in [region.adapter_secret(deelnemer), region.system_secret(deelnemer)] {
                region.write_secret(&pad, &Geheim::maken(&SystemRandomness))?;
            }
        }
        Ok(region)
    }

    /// Where certificates and keys lie.
    pub fn pki(&self) -> PathBuf {
        self.dir.join("pki")
    }

    /// The hub's own files: all that its disk would give away.
    pub fn hub(&self) -> PathBuf {
        self.dir.join("hub")
    }

    /// The processes' logs.
    pub fn logs(&self) -> PathBuf {
        self.dir.join("logs")
    }

    /// The hub's configuration.
    pub fn hub_config(&self) -> PathBuf {
        self.dir.join("hub/inbreng.toml")
    }

    /// File with the address on which partners connect.
    pub fn hub_address(&self) -> PathBuf {
        self.dir.join("hub/partners.adres")
    }

    /// File with the address on which operators look.
    pub fn hub_operations(&self) -> PathBuf {
        self.dir.join("hub/beheer.adres")
    }

    /// An adapter's folder.
    pub fn adapter_dir(&self, deelnemer: &Deelnemer) -> PathBuf {
        self.dir.join("adapters").join(deelnemer.slug)
    }

    /// An own system's folder.
    pub fn system_dir(&self, deelnemer: &Deelnemer) -> PathBuf {
        self.dir.join("systemen").join(deelnemer.slug)
    }

    /// A head of the log, as a partner keeps it.
    pub fn held_checkpoint(&self) -> PathBuf {
        self.dir.join("adapters/politie/logboek-vroeg-in-de-nacht.jws")
    }

    /// The hub's store.
    pub fn hub_database(&self) -> PathBuf {
        self.dir.join("hub/inbreng.db")
    }

    /// File with the address of an own system.
    pub fn system_address(&self, deelnemer: &Deelnemer) -> PathBuf {
        self.system_dir(deelnemer).join("adres")
    }

    /// File with the address of an adapter's local side.
    pub fn adapter_address(&self, deelnemer: &Deelnemer) -> PathBuf {
        self.adapter_dir(deelnemer).join("adres")
    }

    /// File with what an own system shows to its adapter.
    pub fn adapter_secret(&self, deelnemer: &Deelnemer) -> PathBuf {
        self.adapter_dir(deelnemer).join("geheim")
    }

    /// File with what an adapter shows to the own system.
    pub fn system_secret(&self, deelnemer: &Deelnemer) -> PathBuf {
        self.system_dir(deelnemer).join("geheim")
    }

    /// Name and arguments of an own system's process.
    pub fn system_process(&self, deelnemer: &Deelnemer) -> (String, Vec<String>) {
        let path = |p: PathBuf| p.to_string_lossy().into_owned();
        let args = [
            "partnersysteem".to_owned(),
            "--gezicht".to_owned(),
            deelnemer.map.to_owned(),
            "--naam".to_owned(),
            deelnemer.naam.to_owned(),
            "--opslag".to_owned(),
            path(self.system_dir(deelnemer)),
            "--adres-bestand".to_owned(),
            path(self.system_address(deelnemer)),
            "--buur-bestand".to_owned(),
            path(self.adapter_address(deelnemer)),
            "--buur-geheim".to_owned(),
            path(self.adapter_secret(deelnemer)),
            "--geheim".to_owned(),
            path(self.system_secret(deelnemer)),
        ];
        (format!("systeem-{}", deelnemer.slug), args.into())
    }

    /// Name and arguments of an adapter's process.
    pub fn adapter_process(&self, deelnemer: &Deelnemer) -> (String, Vec<String>) {
        let path = |p: PathBuf| p.to_string_lossy().into_owned();
        let args = [
            "adapter".to_owned(),
            "--config".to_owned(),
            path(self.adapter_dir(deelnemer).join("adapter.toml")),
            "--adres-bestand".to_owned(),
            path(self.adapter_address(deelnemer)),
        ];
        (format!("adapter-{}", deelnemer.slug), args.into())
    }

    /// Writes an adapter's configuration, now that it is known where hub and own system are.
    ///
    /// # Errors
    /// [`SetupError::File`].
    pub fn configure_adapter(&self, deelnemer: &Deelnemer, hub: &str, systeem: &str) -> Result<(), SetupError> {
        let mut text = self.adapter_toml(deelnemer, hub, Some(systeem));
        if deelnemer.slug == WORDT_BEZORGD {
            // The local side too: it stays where it is when the adapter comes back.
            let [port, local] = free_ports()?;
            text = text.replace("adres = \"127.0.0.1:0\"", &format!("adres = \"127.0.0.1:{local}\""));
            text.push_str(&format!("\n[terugroep]\nluister = \"127.0.0.1:{port}\"\nverklaring = \"terugroep.json\"\n"));
            self.write(&self.adapter_dir(deelnemer).join("terugroep.json"), &self.callback(deelnemer, port)?)?;
        }
        self.write(&self.adapter_dir(deelnemer).join("adapter.toml"), &text)
    }

    /// Where a partner has its deliveries brought, signed by it and by the covenant manager.
    fn callback(&self, deelnemer: &Deelnemer, port: u16) -> Result<String, SetupError> {
        let schema = Bezorgschema::new(vec![1, 2, 4], 5, 100, 3_600)?;
        let destination = Bestemming { adres: format!("https://localhost:{port}/leveringen").parse()?, schema };
        let pki = Pki::open(&self.pki(), Arc::new(SystemClock))?;
        let statement = pki.terugroep(&Code::parse(deelnemer.slug)?, 1, Some(destination))?;
        Ok(serde_json::json!(statement).to_string())
    }

    /// An adapter's configuration.
    pub fn adapter_toml(&self, deelnemer: &Deelnemer, hub: &str, systeem: Option<&str>) -> String {
        let pki = self.pki();
        let (pki, slug) = (pki.display(), deelnemer.slug);
        let port = hub.rsplit_once(':').map_or(hub, |(_, port)| port);
        let (geheim, eigen_geheim) = (self.adapter_secret(deelnemer), self.system_secret(deelnemer));
        let eigen = systeem.map_or_else(String::new, |adres| {
            format!("\n[eigen_systeem]\nadres = \"http://{adres}\"\ngeheim = \"{}\"\n", eigen_geheim.display())
        });
        format!(
            r#"# De adapter van {naam}.
mapping = "mapping.toml"

[organisatie]
oin = "{oin}"
naam = "{naam}"
partnertype = "{soort}"
systeem = "{map}"

[knooppunt]
adres = "https://localhost:{port}"
oin = "{KNOOPPUNT}"
certificaat = "{pki}/knooppunt/ondertekening.pem"

[vertrouwen]
root = "{pki}/root.pem"
tussen = "{pki}/tussen.pem"
crl = "{pki}/crl.pem"
convenantbeheerder = "{pki}/convenantbeheerder/ondertekening.pem"

[sleutels]
tls_certificaat = "{pki}/partners/{slug}/tls.pem"
tls_sleutel = "{pki}/partners/{slug}/tls.key"
ondertekening_certificaat = "{pki}/partners/{slug}/ondertekening.pem"
ondertekening_sleutel = "{pki}/partners/{slug}/ondertekening.key"
verzegeling = ["{pki}/partners/{slug}/verzegeling-1.key"]

[opslag]
pad = "adapter.db"

[luister]
adres = "127.0.0.1:0"
geheim = "{geheim}"
{eigen}"#,
            geheim = geheim.display(),
            naam = deelnemer.naam,
            oin = deelnemer.oin,
            soort = deelnemer.soort,
            map = deelnemer.map,
        )
    }

    fn hub_toml(&self) -> String {
        let pki = self.pki();
        let pki = pki.display();
        format!(
            r#"# The hub of the demo.
[partners]
adres = "127.0.0.1:0"
adres_bestand = "partners.adres"

[beheer]
adres = "127.0.0.1:0"
adres_bestand = "beheer.adres"

[pki]
wortel = "{pki}/root.pem"
tussen = "{pki}/tussen.pem"
crl = "{pki}/crl.pem"
tls_certificaat = "{pki}/knooppunt/tls.pem"
tls_sleutel = "{pki}/knooppunt/tls.key"
ondertekening_certificaat = "{pki}/knooppunt/ondertekening.pem"
ondertekening_sleutel = "{pki}/knooppunt/ondertekening.key"
convenantbeheerder = "{pki}/convenantbeheerder/ondertekening.pem"

[opslag]
pad = "inbreng.db"

# Partners are brought to on this machine too, which a hub that is not told does not do.
[bezorgen]
netten = ["127.0.0.0/8", "::1/128"]

[beleid]
bundels = ["beleid.jws"]
toetredingen = "toetredingen.json"

[gids]
bestand = "{pki}/gids.json"
"#
        )
    }

    /// Readable for its owner alone.
    fn write_secret(&self, pad: &Path, text: &str) -> Result<(), SetupError> {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = std::fs::OpenOptions::new();
        let file = options.create(true).write(true).truncate(true).mode(0o600).open(pad);
        let written = file.and_then(|mut file| writeln!(file, "{text}"));
        written.map_err(|source| SetupError::File { pad: pad.to_owned(), source })
    }

    fn write(&self, pad: &Path, text: &str) -> Result<(), SetupError> {
        std::fs::write(pad, text).map_err(|source| SetupError::File { pad: pad.to_owned(), source })
    }
}

/// Two ports that nobody has now: one stands in a signed statement before anyone listens there.
fn free_ports() -> Result<[u16; 2], SetupError> {
    let bind = || std::net::TcpListener::bind("127.0.0.1:0");
    let ports = || Ok([bind()?, bind()?].map(|l| l.local_addr().map(|a| a.port())));
    let [one, two] = ports().map_err(|source| SetupError::File { pad: "127.0.0.1:0".into(), source })?;
    let port = |found: std::io::Result<u16>| found.map_err(|source| SetupError::File { pad: "127.0.0.1:0".into(), source });
    Ok([port(one)?, port(two)?])
}

fn pki_spec() -> Result<PkiSpec, SetupError> {
    let organisatie =
        |oin: &str, naam: &str| Ok::<_, SetupError>(Some(Organisatiespec { oin: Oin::parse(oin)?, naam: naam.to_owned() }));
    Ok(PkiSpec {
        knooppunt: organisatie(KNOOPPUNT, "Inbreng Voorbeeldregio")?,
        convenantbeheerder: organisatie(CONVENANTBEHEERDER, "Convenantbeheerder Voorbeeldregio")?,
        partners: DEELNEMERS.iter().map(partnerspec).collect::<Result<_, _>>()?,
        ..PkiSpec::default()
    })
}

fn partnerspec(deelnemer: &Deelnemer) -> Result<Partnerspec, SetupError> {
    Ok(Partnerspec {
        slug: Code::parse(deelnemer.slug)?,
        naam: deelnemer.naam.to_owned(),
        oin: Oin::parse(deelnemer.oin)?,
        partnertype: deelnemer.soort,
        gebied: deelnemer.gebied.iter().map(|g| GemeenteCode::parse(g)).collect::<Result<_, _>>()?,
        functies: deelnemer.functies.iter().map(|f| Code::parse(f)).collect::<Result<_, _>>()?,
        noodontvanger: deelnemer.noodontvanger,
        namen: if deelnemer.slug == WORDT_BEZORGD { vec!["localhost".to_owned()] } else { Vec::new() },
    })
}
