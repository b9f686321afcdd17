//! A region for tests: development PKI, the real hub in this process, adapters with their stores in one directory.

mod draaiend;

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use actix_web::web;
use inbreng_adapter::{Config, config, start};
use inbreng_api::{
    Knooppunt, Netwerk,
    tls::{TlsMateriaal, Vertrouwen},
    token::Uitgever,
};
use inbreng_bus::embedded::EmbeddedBus;
use inbreng_catalogue::Catalogus;
use inbreng_certs::{Certificaatsoort, Partnerspec, Pki, PkiSpec};
use inbreng_domain::{
    Clock, Code, Oin, Randomness, clock::SystemClock, gids::Medeondertekend, limits::Limits, vocabulary::Partnertype,
};
use inbreng_pipeline::{Hub, Onderdelen};
use inbreng_policy::{Bundel, Convenantbron, Deelpartij};
use inbreng_proof::{SigningKey, SystemRandomness};
use inbreng_storage_sql::sqlite;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::watch;

pub use self::draaiend::{Antwoord, Draaiend};
use crate::{eigen_systeem::EigenSysteem, postvak::Postvak};

/// What an own system shows its adapter, and the other way round.
pub const GEHEIM: &str = "geheim-van-de-adapter-0123456789abcdef";
pub const EIGEN_GEHEIM: &str = "geheim-van-het-systeem-0123456789abcdef";

pub const ONBEKEND_DEEL: &str = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partner {
    Politie,
    VeiligThuis,
    Ggz,
    School,
    Huisarts,
    Wijkteam,
    Vrouwenopvang,
    Zvh,
    Om,
    Crisisdienst,
}

impl Partner {
    /// Who is in every region; the public prosecution and the crisis service only where a test asks for them.
    const ALLE: [Self; 8] = [
        Self::Politie,
        Self::VeiligThuis,
        Self::Ggz,
        Self::School,
        Self::Huisarts,
        Self::Wijkteam,
        Self::Vrouwenopvang,
        Self::Zvh,
    ];

    pub const fn slug(self) -> &'static str {
        match self {
            Self::Politie => "politie",
            Self::VeiligThuis => "veilig-thuis",
            Self::Ggz => "ggz",
            Self::School => "school",
            Self::Huisarts => "huisarts",
            Self::Wijkteam => "wijkteam",
            Self::Vrouwenopvang => "vrouwenopvang",
            Self::Zvh => "zvh",
            Self::Om => "om",
            Self::Crisisdienst => "crisisdienst",
        }
    }

    pub const fn type_en_oin(self) -> (Partnertype, &'static str, &'static str) {
        match self {
            Self::Politie => (Partnertype::Politie, "00000001000000000010", "Politie Voorbeeldregio"),
            Self::VeiligThuis => (Partnertype::VeiligThuis, "00000001000000000030", "Veilig Thuis Voorbeeldregio"),
            Self::Ggz => (Partnertype::Ggz, "00000001000000000050", "GGZ Voorbeeldregio"),
            Self::School => (Partnertype::School, "00000001000000000120", "Voorbeeldschool De Regenboog"),
            Self::Huisarts => (Partnertype::Huisarts, "00000001000000000130", "Huisartsenpraktijk Voorbeeld"),
            Self::Wijkteam => (Partnertype::Wijkteam, "00000001000000000062", "Wijkteam Rijswijk"),
            Self::Vrouwenopvang => (Partnertype::Vrouwenopvang, "00000001000000000140", "Vrouwenopvang Voorbeeldregio"),
            Self::Zvh => (Partnertype::Zvh, "00000001000000000110", "Zorg- en Veiligheidshuis Voorbeeldregio"),
            Self::Om => (Partnertype::Om, "00000001000000000020", "Openbaar Ministerie Voorbeeldregio"),
            Self::Crisisdienst => (Partnertype::Crisisdienst, "00000001000000000150", "Crisisdienst Voorbeeldregio"),
        }
    }

    fn spec(self) -> Partnerspec {
        let (partnertype, oin, naam) = self.type_en_oin();
        Partnerspec {
            slug: Code::parse(self.slug()).unwrap(),
            naam: naam.to_owned(),
            oin: Oin::parse(oin).unwrap(),
            partnertype,
            gebied: vec![],
            functies: if self == Self::School { vec![Code::parse("aandachtsfunctionaris").unwrap()] } else { vec![] },
            noodontvanger: matches!(partnertype, Partnertype::Politie | Partnertype::VeiligThuis),
            namen: Vec::new(),
        }
    }
}

pub struct Regio {
    pub map: TempDir,
    pub pki: Pki,
    pub bundel: String,
    /// What everyone signed to whom the covenant is open.
    pub toetredingen: Vec<Medeondertekend>,
    /// The hub, past its API.
    hub: Arc<Hub>,
    adres: String,
    _stop: watch::Sender<bool>,
}

pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

pub fn random() -> Arc<dyn Randomness> {
    Arc::new(SystemRandomness)
}

/// A file below `adapters/`.
pub fn bestand(pad: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(pad)
}

pub fn fixture(pad: &str) -> Value {
    serde_json::from_slice(&std::fs::read(bestand(pad)).unwrap()).unwrap()
}

impl Regio {
    pub async fn nieuw() -> Self {
        Self::met(&[]).await
    }

    /// A region with these partners too.
    pub async fn met(erbij: &[Partner]) -> Self {
        Self::van(Partner::ALLE.iter().chain(erbij).copied().collect()).await
    }

    /// A region in which this partner is in nothing: no certificate, no key, no entry.
    pub async fn zonder(wie: Partner) -> Self {
        Self::van(Partner::ALLE.into_iter().filter(|p| *p != wie).collect()).await
    }

    async fn van(partners: Vec<Partner>) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let _ = tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).try_init();
        let map = tempfile::tempdir().unwrap();
        let partners = partners.into_iter().map(Partner::spec).collect();
        let pki = Pki::create(&map.path().join("pki"), &PkiSpec { partners, ..PkiSpec::default() }, clock()).unwrap();
        let catalogus = Arc::new(Catalogus::ingebouwd().unwrap());
        let bron = std::fs::read_to_string(bestand("../policy/convenanten/voorbeeldregio.toml")).unwrap();
        let bundel = Bundel::genereren(&Convenantbron::lezen(&bron).unwrap(), &catalogus).unwrap();
        let nu = SystemClock.now();
        let open = |p: &Partnerspec| bundel.staat_open(&Deelpartij { oin: p.oin, partnertype: p.partnertype }, nu);
        let toetredingen = pki.allen_toetreden(&bundel.tekst(), bundel.versie, open).unwrap();
        let bundel = pki.beleid_ondertekenen(&bundel).unwrap();
        let (stop, stopt) = watch::channel(false);
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let adres = format!("https://localhost:{}", socket.local_addr().unwrap().port());
        let knooppunt = knooppunt(map.path(), &pki, catalogus, &bundel, stopt).await;
        knooppunt.hub.partijen_vullen(toetredingen.clone()).await.unwrap();
        let hub = Arc::clone(&knooppunt.hub);
        let netwerk = Netwerk { werkers: Some(1), ..Netwerk::default() };
        tokio::spawn(inbreng_api::luisteren(web::Data::new(knooppunt), socket, netwerk).unwrap());
        Self { map, pki, bundel, toetredingen, hub, adres, _stop: stop }
    }

    /// Starts a partner: its own system and its adapter.
    pub async fn partner(&self, wie: Partner) -> Draaiend {
        self.partner_bij(wie, &self.adres).await
    }

    /// Starts a partner whose mapping has these lines too.
    pub async fn partner_met_mapping(&self, wie: Partner, erbij: &str) -> Draaiend {
        let systeem = EigenSysteem::start();
        let mapping = self.pad(&format!("{}-mapping.toml", wie.slug()));
        let eigen = std::fs::read_to_string(bestand(wie.slug()).join("mapping.toml")).unwrap();
        std::fs::write(&mapping, format!("{eigen}\n{erbij}")).unwrap();
        let config = Config { mapping, ..self.config(wie, &systeem, self.adres.clone()) };
        self.draaien(wie, systeem, config, self.adres.clone()).await
    }

    /// Starts a partner with this mapping alone.
    pub async fn partner_volgens(&self, wie: Partner, mapping: &str) -> Draaiend {
        let (systeem, bestand) = (EigenSysteem::start(), self.pad(&format!("{}-mapping.toml", wie.slug())));
        std::fs::write(&bestand, mapping).unwrap();
        let config = Config { mapping: bestand, ..self.config(wie, &systeem, self.adres.clone()) };
        self.draaien(wie, systeem, config, self.adres.clone()).await
    }

    /// What the hub keeps for a later step may go now: its instant is moved, since no test waits so long.
    pub async fn stap_nu(&self) {
        let nu = clock().now().unix_millis();
        let gedaan = sqlite_doet(&self.pad("hub.db"), &format!("UPDATE aangehouden SET vanaf = {nu} WHERE vanaf > {nu}")).await;
        assert!(gedaan > 0, "nothing is kept");
    }

    /// Leaves of this kind in the log of the hub.
    pub async fn bladen(&self, soort: &str) -> i64 {
        sqlite_telt(&self.pad("hub.db"), &format!("SELECT count(*) FROM blad WHERE soort = '{soort}'")).await
    }

    /// A partner leaves: its certificates are revoked, and the hub has heard of it.
    pub fn vertrekt(&mut self, wie: Partner) {
        let soorten = [Certificaatsoort::Tls, Certificaatsoort::Ondertekening];
        self.pki.intrekken(&Code::parse(wie.slug()).unwrap(), &soorten).unwrap();
        self.hub.ankers_vervangen(self.pki.anchors().unwrap());
    }

    /// Starts a partner whose adapter calls another hub.
    pub async fn partner_bij(&self, wie: Partner, adres: &str) -> Draaiend {
        self.aan(wie, EigenSysteem::start(), adres.to_owned()).await
    }

    async fn aan(&self, wie: Partner, systeem: EigenSysteem, hub: String) -> Draaiend {
        let config = self.config(wie, &systeem, hub.clone());
        self.draaien(wie, systeem, config, hub).await
    }

    async fn draaien(&self, wie: Partner, systeem: EigenSysteem, config: Config, hub: String) -> Draaiend {
        let handle = start(config, clock(), random()).await.unwrap();
        let http = client(GEHEIM);
        let basis = format!("http://{}", handle.adres());
        let draaiend = Draaiend { wie, systeem, handle, http, basis, hub };
        draaiend.tot("/gezondheid", |g| g["gereed"] == true).await;
        draaiend
    }

    /// Starts a partner whose people read in the inbox page.
    pub async fn postvak(&self, wie: Partner) -> Postvak {
        let systeem = EigenSysteem::start();
        let geheim = self.geheim("postvak", crate::postvak::GEHEIM);
        let inbox = Some(config::Inbox { geheim });
        let config = Config { eigen_systeem: None, inbox, ..self.config(wie, &systeem, self.adres.clone()) };
        Postvak::new(start(config, clock(), random()).await.unwrap()).await
    }

    fn config(&self, wie: Partner, systeem: &EigenSysteem, adres: String) -> Config {
        let (partnertype, oin, naam) = wie.type_en_oin();
        let (pki, hub, beheer) = (self.pki.dir(), self.pki.knooppuntmap(), self.pki.beheerdersmap());
        let eigen = self.pki.partnermap(&Code::parse(wie.slug()).unwrap()).unwrap();
        Config {
            mapping: self.mapping_van(wie),
            organisatie: config::Organisatie {
                oin: Oin::parse(oin).unwrap(),
                naam: naam.to_owned(),
                partnertype,
                systeem: Code::parse("eigen").unwrap(),
                convenant: None,
            },
            knooppunt: config::Knooppunt { adres, oin: oin_van(hub.pad()), certificaat: hub.ondertekening_pem() },
            vertrouwen: config::Vertrouwen {
                root: pki.join("root.pem"),
                tussen: pki.join("tussen.pem"),
                crl: pki.join("crl.pem"),
                convenantbeheerder: beheer.ondertekening_pem(),
            },
            sleutels: config::Sleutels {
                tls_certificaat: eigen.tls_pem(),
                tls_sleutel: eigen.tls_key(),
                ondertekening_certificaat: eigen.ondertekening_pem(),
                ondertekening_sleutel: eigen.ondertekening_key(),
                verzegeling: vec![eigen.verzegeling_key(1)],
                gidsvermelding: None,
                wisselmap: None,
            },
            opslag: config::Opslag { pad: self.map.path().join(format!("{}.db", wie.slug())) },
            luister: config::Luister { adres: "127.0.0.1:0".parse().unwrap(), geheim: self.geheim("adapter", GEHEIM) },
            inbox: None,
            bestand: None,
            terugroep: None,
            termijnen: config::Termijnen::default(),
            log: Default::default(),
            eigen_systeem: Some(config::EigenSysteem {
                adres: format!("http://{}", systeem.adres),
                geheim: self.geheim("systeem", EIGEN_GEHEIM),
                afwijzingen: 2,
            }),
        }
    }

    fn geheim(&self, naam: &str, tekst: &str) -> PathBuf {
        let pad = self.map.path().join(format!("geheim-{naam}"));
        std::fs::write(&pad, tekst).unwrap();
        pad
    }

    /// Starts a partner from a configuration file, with these encryption keys.
    pub async fn partner_uit_bestand(&self, wie: Partner, zegels: &[u32], gids: bool) -> Draaiend {
        let systeem = EigenSysteem::start();
        self.schrijven(wie, &systeem, zegels, gids);
        self.uit_bestand(wie, systeem, self.adres.clone()).await
    }

    /// The same with this mapping alone.
    pub async fn partner_uit_bestand_volgens(&self, wie: Partner, mapping: &str) -> Draaiend {
        let (systeem, eigen) = (EigenSysteem::start(), self.pad(&format!("{}-mapping.toml", wie.slug())));
        std::fs::write(&eigen, mapping).unwrap();
        self.schrijven(wie, &systeem, &[1], false);
        let bestand = self.pad(&format!("{}.toml", wie.slug()));
        let tekst = std::fs::read_to_string(&bestand).unwrap();
        let pad = |p: &Path| format!("mapping = {:?}", p.display().to_string());
        std::fs::write(&bestand, tekst.replacen(&pad(&self.mapping_van(wie)), &pad(&eigen), 1)).unwrap();
        self.uit_bestand(wie, systeem, self.adres.clone()).await
    }

    fn mapping_van(&self, wie: Partner) -> PathBuf {
        bestand(wie.slug()).join("mapping.toml")
    }

    /// Writes the configuration of a running partner anew.
    pub fn config_herschrijven(&self, partner: &Draaiend, zegels: &[u32], gids: bool) {
        self.schrijven(partner.wie, &partner.systeem, zegels, gids);
    }

    fn schrijven(&self, wie: Partner, systeem: &EigenSysteem, zegels: &[u32], gids: bool) {
        let bestand = self.config_bestand(wie, systeem, 0);
        let map = self.pki.partnermap(&Code::parse(wie.slug()).unwrap()).unwrap();
        let lijst: Vec<_> = zegels.iter().map(|n| format!("{:?}", map.verzegeling_key(*n).display().to_string())).collect();
        let gids = if gids { format!("gidsvermelding = {:?}\n", map.gids().display().to_string()) } else { String::new() };
        let tekst = std::fs::read_to_string(&bestand).unwrap();
        let oud = format!("verzegeling = [{:?}]\n", map.verzegeling_key(1).display().to_string());
        assert!(tekst.contains(&oud), "{tekst}");
        std::fs::write(bestand, tekst.replace(&oud, &format!("verzegeling = [{}]\n{gids}", lijst.join(", ")))).unwrap();
    }

    async fn uit_bestand(&self, wie: Partner, systeem: EigenSysteem, hub: String) -> Draaiend {
        let config = Config::lezen(&self.map.path().join(format!("{}.toml", wie.slug()))).unwrap();
        let handle = start(config, clock(), random()).await.unwrap();
        let basis = format!("http://{}", handle.adres());
        let draaiend = Draaiend { wie, systeem, handle, http: client(GEHEIM), basis, hub };
        draaiend.tot("/gezondheid", |g| g["gereed"] == true).await;
        draaiend
    }

    /// Where the hub is.
    pub fn adres(&self) -> &str {
        &self.adres
    }

    /// A file of this test.
    pub fn pad(&self, naam: &str) -> PathBuf {
        self.map.path().join(naam)
    }

    /// The thumbprint of a partner's encryption key.
    pub fn kid(&self, wie: Partner) -> String {
        let map = self.pki.partnermap(&Code::parse(wie.slug()).unwrap()).unwrap();
        let pem = std::fs::read(map.verzegeling_key(1)).unwrap();
        inbreng_adapter::sealing::Zegelsleutel::from_pem(&pem).unwrap().kid().to_owned()
    }

    /// The configuration file of a partner whose adapter runs as its own process.
    pub fn config_bestand(&self, wie: Partner, systeem: &EigenSysteem, poort: u16) -> PathBuf {
        let c = self.config(wie, systeem, self.adres.clone());
        let pad = |p: &Path| format!("{:?}", p.display().to_string());
        let tekst = format!(
            "mapping = {}\n[organisatie]\noin = \"{}\"\nnaam = \"{}\"\npartnertype = \"{}\"\nsysteem = \"{}\"\n\
             [knooppunt]\nadres = \"{}\"\noin = \"{}\"\ncertificaat = {}\n\
             [vertrouwen]\nroot = {}\ntussen = {}\ncrl = {}\nconvenantbeheerder = {}\n\
             [sleutels]\ntls_certificaat = {}\ntls_sleutel = {}\nondertekening_certificaat = {}\nondertekening_sleutel = {}\n\
             verzegeling = [{}]\n[opslag]\npad = {}\n[luister]\nadres = \"127.0.0.1:{poort}\"\ngeheim = {}\n\
             [eigen_systeem]\nadres = \"http://{}\"\ngeheim = {}\nafwijzingen = 2\n",
            pad(&c.mapping),
            c.organisatie.oin,
            c.organisatie.naam,
            c.organisatie.partnertype,
            c.organisatie.systeem,
            c.knooppunt.adres,
            c.knooppunt.oin,
            pad(&c.knooppunt.certificaat),
            pad(&c.vertrouwen.root),
            pad(&c.vertrouwen.tussen),
            pad(&c.vertrouwen.crl),
            pad(&c.vertrouwen.convenantbeheerder),
            pad(&c.sleutels.tls_certificaat),
            pad(&c.sleutels.tls_sleutel),
            pad(&c.sleutels.ondertekening_certificaat),
            pad(&c.sleutels.ondertekening_sleutel),
            pad(&c.sleutels.verzegeling[0]),
            pad(&c.opslag.pad),
            pad(&c.luister.geheim),
            systeem.adres,
            pad(&c.eigen_systeem.as_ref().unwrap().geheim),
        );
        let bestand = self.map.path().join(format!("{}.toml", wie.slug()));
        std::fs::write(&bestand, tekst).unwrap();
        bestand
    }

    /// No file of hub or adapters holds this text.
    pub fn nergens(&self, geheim: &str) {
        for item in std::fs::read_dir(self.map.path()).unwrap() {
            let pad = item.unwrap().path();
            if pad.is_file() {
                let bytes = std::fs::read(&pad).unwrap();
                let staat_er = bytes.windows(geheim.len()).any(|w| w == geheim.as_bytes());
                assert!(!staat_er, "{geheim} in {}", pad.display());
            }
        }
    }
}

/// The number of a partner.
pub fn oin(wie: Partner) -> String {
    wie.type_en_oin().1.to_owned()
}

pub fn oin_van(map: &Path) -> Oin {
    Oin::parse(std::fs::read_to_string(map.join("oin.txt")).unwrap().trim()).unwrap()
}

async fn knooppunt(map: &Path, pki: &Pki, catalogus: Arc<Catalogus>, bundel: &str, stopt: watch::Receiver<bool>) -> Knooppunt {
    let hub = pki.knooppuntmap();
    let oin = oin_van(hub.pad());
    let lees = |pad: PathBuf| std::fs::read_to_string(pad).unwrap();
    let pem = lees(hub.ondertekening_key());
    let certificaat = CertificateDer::from_pem_slice(lees(hub.ondertekening_pem()).as_bytes()).unwrap();
    let tls = TlsMateriaal::uit_pem(
        lees(hub.tls_pem()).as_bytes(),
        lees(hub.tls_key()).as_bytes(),
        lees(pki.dir().join("root.pem")).as_bytes(),
        lees(pki.dir().join("crl.pem")).as_bytes(),
    )
    .unwrap();
    let tokens = Uitgever::new(&pem, &certificaat, oin, random(), clock().now()).unwrap();
    let store = sqlite::open(map.join("hub.db"), clock()).await.unwrap();
    let hub = Hub::new(Onderdelen {
        store: Arc::new(store),
        bus: Arc::new(EmbeddedBus::new()),
        clock: clock(),
        random: random(),
        catalogus,
        anchors: pki.anchors().unwrap(),
        beheerder: pki.beheerder().unwrap(),
        beleid: vec![bundel.to_owned()],
        sleutel: SigningKey::from_pem(&pem, &certificaat).unwrap(),
        oin,
        limits: Limits::default(),
    })
    .await
    .unwrap();
    hub.gids_vullen(pki.gids().unwrap()).await.unwrap();
    Knooppunt {
        oin,
        hub,
        tokens,
        vertrouwen: Vertrouwen::new(tls),
        clock: clock(),
        grenzen: inbreng_api::Grenzen::default(),
        stopt,
        onderhanden: inbreng_api::Onderhanden::default(),
        ruimte: inbreng_api::Ruimte::new(128 << 20),
        antwoorden: inbreng_api::Ruimte::new(128 << 20),
        metrieken: inbreng_api::Metrieken::default(),
        drempels: inbreng_api::drempels::Drempels::new(inbreng_api::drempels::Maten::default()),
        basis: None,
    }
}

/// Changes a store behind the back of whose it is; how many rows.
async fn sqlite_doet(pad: &Path, sql: &str) -> u64 {
    let opties = sqlx::sqlite::SqliteConnectOptions::new().filename(pad);
    let pool = sqlx::SqlitePool::connect_with(opties).await.unwrap();
    let gedaan = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&pool).await.unwrap().rows_affected();
    pool.close().await;
    gedaan
}

/// The number that this question gives.
async fn sqlite_telt(pad: &Path, sql: &str) -> i64 {
    let opties = sqlx::sqlite::SqliteConnectOptions::new().filename(pad).read_only(true);
    let pool = sqlx::SqlitePool::connect_with(opties).await.unwrap();
    let aantal = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(&pool).await.unwrap();
    pool.close().await;
    aantal
}

/// A client that shows a secret with every request.
pub fn client(geheim: &str) -> reqwest::Client {
    let mut koppen = reqwest::header::HeaderMap::new();
    koppen.insert("authorization", format!("Bearer {geheim}").parse().unwrap());
    reqwest::Client::builder().no_proxy().default_headers(koppen).timeout(Duration::from_secs(60)).build().unwrap()
}
