//! A region in a folder: development PKI, the example covenant signed by its manager, the hub's configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use inbreng_catalogue::Catalogus;
use inbreng_certs::{Partnerspec, Pki, PkiSpec};
use inbreng_domain::vocabulary::Partnertype;
use inbreng_domain::{Code, Digest, Oin, clock::SystemClock};
use inbreng_policy::{Bundel, Convenantbron};

use crate::Outcome;

/// Who sends in every figure.
pub const SENDER: &str = "politie";

/// Slug, number, kind: of the example covenant's fictitious organisations those that take part here.
const PARTNERS: [(&str, &str, Partnertype); 4] = [
    (SENDER, "00000001000000000010", Partnertype::Politie),
    ("veilig-thuis", "00000001000000000030", Partnertype::VeiligThuis),
    ("wijkteam", "00000001000000000061", Partnertype::Wijkteam),
    ("om", "00000001000000000020", Partnertype::Om),
];

/// What hubs share, instead of a file of their own.
#[derive(Debug, Clone)]
pub struct Shared {
    /// URL of an empty PostgreSQL database on this machine.
    pub postgres: String,
    /// Folder of a RabbitMQ that `compose/lokaal/rabbitmq.sh` started.
    pub rabbitmq: PathBuf,
}

impl Shared {
    /// What everything that is made at the broker begins with.
    pub const NAME: &str = "proef-meting";

    /// How the broker is reached: URL, and password.
    pub fn broker(&self) -> Outcome<(String, String)> {
        let read = |name: &str| fs::read_to_string(self.rabbitmq.join(name)).map(|text| text.trim().to_owned());
        Ok((read("url")?, read("wachtwoord")?))
    }

    /// Where the broker's certificate comes from.
    pub fn broker_root(&self) -> PathBuf {
        self.rabbitmq.join("ca.pem")
    }

    fn tables(&self) -> Outcome<String> {
        let (url, _) = self.broker()?;
        let (password, root) = (self.rabbitmq.join("wachtwoord"), self.broker_root());
        Ok(format!(
            "[opslag]\nsoort = \"postgres\"\nurl = \"{}\"\nsleutels = \"hub.sleutels\"\n\n\
             [bus]\nsoort = \"rabbitmq\"\nurls = [\"{url}\"]\nwachtwoord_bestand = \"{}\"\ntls_wortel = \"{}\"\nnaam = \"{}\"\n",
            self.postgres,
            password.display(),
            root.display(),
            Self::NAME
        ))
    }
}

/// A hub's own file.
const OWN_STORE: &str = "[opslag]\npad = \"hub.sqlite\"\n";

/// A region, ready for a hub.
#[derive(Debug)]
pub struct Region {
    folder: PathBuf,
    store: String,
    shares: bool,
    /// Digest of the policy: what messages say they were checked against.
    pub policy: Digest,
}

impl Region {
    /// Writes everything that hubs read. Without anything shared there is one hub, with a store of its own.
    pub fn make(folder: &Path, shared: Option<&Shared>) -> Outcome<Self> {
        let partner = |(slug, oin, partnertype): (&str, &str, Partnertype)| -> Outcome<Partnerspec> {
            Ok(Partnerspec {
                slug: Code::parse(slug)?,
                naam: format!("Organisatie {slug} (meting)"),
                oin: Oin::parse(oin)?,
                partnertype,
                gebied: Vec::new(),
                functies: Vec::new(),
                noodontvanger: false,
                namen: vec!["localhost".to_owned()],
            })
        };
        let partners = PARTNERS.into_iter().map(partner).collect::<Outcome<_>>()?;
        let spec = PkiSpec { partners, ..PkiSpec::default() };
        let pki = Pki::create(&folder.join("pki"), &spec, Arc::new(SystemClock))?;
        let bundle = Bundel::genereren(&Convenantbron::voorbeeldregio()?, &Catalogus::ingebouwd()?)?;
        fs::write(folder.join("voorbeeldregio.jws"), pki.beleid_ondertekenen(&bundle)?)?;
        let signed = pki.allen_toetreden(&bundle.tekst(), bundle.versie, |_| true)?;
        fs::write(folder.join("toetredingen.json"), serde_json::to_vec(&signed)?)?;
        let store = shared.map_or_else(|| Ok(OWN_STORE.to_owned()), Shared::tables)?;
        let shares = shared.is_some();
        Ok(Self { folder: folder.to_owned(), store, shares, policy: inbreng_proof::digest_of(&bundle)? })
    }

    /// Whether its hubs share what they stand on.
    pub const fn shares(&self) -> bool {
        self.shares
    }

    /// Messages along the whole path that are aimed for.
    pub const fn rate_bar(&self) -> &'static str {
        if self.shares { "≥ 3,000 /s" } else { "≥ 2,000 /s" }
    }

    /// Writes the configuration of a hub with this name; its address goes to `NAME.adres`.
    pub fn config(&self, name: &str) -> Outcome<PathBuf> {
        let path = self.path(&format!("{name}.toml"));
        fs::write(&path, format!("{}{}", CONFIG.replace("HUB", name), self.store))?;
        Ok(path)
    }

    /// A file of the region.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder of the PKI.
    pub fn pki(&self) -> PathBuf {
        self.path("pki")
    }

    /// The folder of a partner's keys and certificates.
    pub fn partner(&self, slug: &str) -> PathBuf {
        self.pki().join("partners").join(slug)
    }
}

/// As in production, but for the free ports, callbacks on this machine, and thresholds that nobody reaches.
const CONFIG: &str = r#"
[partners]
adres = "127.0.0.1:0"
adres_bestand = "HUB.adres"

[beheer]
adres = "127.0.0.1:0"

[pki]
wortel = "pki/root.pem"
tussen = "pki/tussen.pem"
crl = "pki/crl.pem"
tls_certificaat = "pki/knooppunt/tls.pem"
tls_sleutel = "pki/knooppunt/tls.key"
ondertekening_certificaat = "pki/knooppunt/ondertekening.pem"
ondertekening_sleutel = "pki/knooppunt/ondertekening.key"
convenantbeheerder = "pki/convenantbeheerder/ondertekening.pem"

[beleid]
bundels = ["voorbeeldregio.jws"]
toetredingen = "toetredingen.json"

[gids]
bestand = "pki/gids.json"

[bezorgen]
netten = ["127.0.0.0/8", "::1/128"]

[drempels]
per_seconde = 1000000
tegelijk = 1000000
acuut_per_seconde = 1000000
acuut_tegelijk = 1000000
missers_per_minuut = 1000000

"#;
