//! What a night stands on, and what can befall it: one hub with a store of its own, or two that share a PostgreSQL and a RabbitMQ
//! over lines that can be cut, with partners who reach either.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::Duration,
};

use inbreng_domain::{
    Clock,
    clock::SystemClock,
    terugroep::{Bestemming, Bezorgschema},
};
use inbreng_harness::{
    Adapter, Hub, Klok, Regio,
    postgres::{self, SOCKET, Server},
    rabbitmq::Makelaar,
    slug, wachten_tot,
};

use crate::{
    lijn::{Lijn, Stand},
    storing::{Hoe, Storing, Tempo, Wie},
};

/// The program of this build.
pub const PROGRAMMA: &str = env!("CARGO_BIN_EXE_inbreng");
/// What two hubs are called.
const NAMEN: [&str; 2] = ["eerste", "tweede"];
/// Who has an adapter.
pub const PARTNERS: [&str; 4] = ["politie", "veilig-thuis", "ggz", "school"];
/// To whom the hub brings, beside what it fetches itself: whoever gets most, in cases and in both lanes.
pub const GEBRACHT: &str = "veilig-thuis";
/// The hub may call this machine.
const HIER: &str = "[bezorgen]\nnetten = [\"127.0.0.0/8\", \"::1/128\"]\n";
/// A single node of RabbitMQ 3.10 that is killed within a second or two of making a queue elects no leader for it afterwards
/// (docs/operations/rabbitmq.md): that is not what this is about.
const NA_HET_MAKEN: Duration = Duration::from_secs(5);

/// Whatever runs. Ends when dropped.
pub struct Grond {
    /// The hubs.
    pub hubs: Vec<Hub>,
    /// The adapters, as in [`PARTNERS`].
    pub adapters: Vec<Adapter>,
    /// How fast things go wrong on it.
    pub tempo: Tempo,
    /// What runs as adapters, and where their mappings lie.
    adapterprogramma: (PathBuf, PathBuf),
    hubadres: SocketAddr,
    /// Of each hub, where one can be had.
    klokken: Vec<Klok>,
    diensten: Option<Diensten>,
    /// Certificates and policy.
    pub regio: Regio,
}

/// What two hubs share.
struct Diensten {
    database: Server,
    makelaar: Makelaar,
    /// Where the store is, past all lines.
    url: String,
    naar_database: Vec<Lijn>,
    naar_makelaar: Vec<Lijn>,
    /// What stands before the hubs: divides connections, without ending TLS.
    verdeler: Lijn,
}

impl Grond {
    /// One hub.
    pub fn een() -> Self {
        let regio = Regio::maken();
        let klokken = klokken(&regio, &["hub"]);
        Self::een_op(&programma(Path::new(PROGRAMMA), &klokken, 0), regio, klokken, dit())
    }

    /// One hub of this program, with adapters of another.
    pub fn een_op(programma: &Path, regio: Regio, klokken: Vec<Klok>, adapterprogramma: (PathBuf, PathBuf)) -> Self {
        let hub = Hub::in_kamer(programma, &regio, "hub", HIER);
        let tempo = Tempo { tussen: Duration::from_millis(900), weg: Duration::from_millis(250), lang: 0 };
        let (hubadres, hubs, adapters) = (hub.adres, vec![hub], Vec::new());
        Self { tempo, adapterprogramma, hubadres, hubs, adapters, klokken, diensten: None, regio }
    }

    /// Two hubs, and what they need.
    pub async fn twee() -> Self {
        let regio = Regio::maken();
        let klokken = klokken(&regio, &NAMEN);
        Self::twee_op(Path::new(PROGRAMMA), regio, klokken, dit()).await
    }

    /// Two hubs of this program, with adapters of another.
    pub async fn twee_op(hubprogramma: &Path, regio: Regio, klokken: Vec<Klok>, adapterprogramma: (PathBuf, PathBuf)) -> Self {
        let (database, makelaar) = (Server::starten(), Makelaar::starten());
        let (url, tabel) = (database.basis(), makelaar.tabel());
        let (mut hubs, mut naar_database, mut naar_makelaar) = (Vec::new(), Vec::new(), Vec::new());
        for (n, naam) in NAMEN.into_iter().enumerate() {
            let sokkel = regio.pad(&format!("lijn-{naam}"));
            fs::create_dir(&sokkel).unwrap();
            naar_database.push(Lijn::van_pad(&sokkel.join(SOCKET), database.socket()));
            let (lijn, adres) = Lijn::naar(vec![([127, 0, 0, 1], makelaar.poort()).into()]).await;
            naar_makelaar.push(lijn);
            let map = postgres::kamer(&regio, naam, &Server::url_via(&url, &sokkel));
            let bus = tabel.replace(&format!(":{}/", makelaar.poort()), &format!(":{}/", adres.port()));
            let config = map.join("hub.toml");
            fs::write(&config, format!("{}{bus}{HIER}", fs::read_to_string(&config).unwrap())).unwrap();
            hubs.push(Hub::in_map(&programma(hubprogramma, &klokken, n), &map));
        }
        for hub in &hubs {
            wachten_tot("the bus", async || (hub.readyz().await["bus"]["verbonden"] == true).then_some(())).await;
        }
        tokio::time::sleep(NA_HET_MAKEN).await;
        let (verdeler, hubadres) = Lijn::naar(hubs.iter().map(|hub| hub.adres).collect()).await;
        let diensten = Diensten { database, makelaar, url, naar_database, naar_makelaar, verdeler };
        let tempo = Tempo { tussen: Duration::from_millis(1500), weg: Duration::from_millis(3000), lang: 6 };
        Self { tempo, adapterprogramma, hubadres, hubs, adapters: Vec::new(), klokken, diensten: Some(diensten), regio }
    }

    /// Starts the adapters; the own system of each is at this address, under its name.
    pub async fn adapters_starten(&mut self, eigen: SocketAddr) {
        for naam in PARTNERS {
            let terugroep = if naam == GEBRACHT { self.terugroep(naam) } else { String::new() };
            let tabellen = format!("[eigen_systeem]\nadres = \"http://{eigen}/{naam}\"\ngeheim = \"geheim\"\n{terugroep}");
            let (programma, mappen) = &self.adapterprogramma;
            self.adapters.push(Adapter::starten_uit(programma, &self.regio, naam, self.hubadres, &tabellen, mappen).await);
        }
    }

    /// Where the hub brings to this adapter, in each of its lives, and the statement that says so.
    fn terugroep(&self, naam: &str) -> String {
        let poort = vaste_poort();
        // Tried again within a second, and for longer than any night lasts.
        let schema = Bezorgschema::new(vec![1], 5, 1_000, 259_200).unwrap();
        let adres = format!("https://localhost:{poort}/leveringen").parse().unwrap();
        let verzoek = self.regio.pki.terugroep(&slug(naam), 1, Some(Bestemming { adres, schema })).unwrap();
        let verklaring = self.regio.pad("terugroep.json");
        fs::write(&verklaring, serde_json::to_vec(&verzoek).unwrap()).unwrap();
        format!("[terugroep]\nluister = \"127.0.0.1:{poort}\"\nverklaring = \"{}\"\n", verklaring.display())
    }

    /// How much was brought to whom the hub brings, as its adapter says.
    pub fn gebracht(&self) -> usize {
        let adapter = PARTNERS.iter().position(|naam| *naam == GEBRACHT).and_then(|n| self.adapters.get(n));
        adapter.map_or(0, |adapter| adapter.logtekst().matches("levering bezorgd").count())
    }

    /// Everyone whom something can befall.
    pub fn allen(&self) -> Vec<Wie> {
        let mut allen: Vec<Wie> = (0..PARTNERS.len()).map(Wie::Adapter).collect();
        for hub in 0..self.hubs.len() {
            allen.push(Wie::Hub(hub));
            if self.klokken.is_empty() {
                eprintln!("not tried: the clock of hub {hub}, since libfaketime is not here");
            } else {
                allen.push(Wie::Klok(hub));
            }
            if self.diensten.is_some() {
                allen.extend([Wie::LijnDatabase(hub), Wie::LijnMakelaar(hub)]);
            }
        }
        if self.diensten.is_some() {
            allen.extend([Wie::Database, Wie::Makelaar, Wie::LijnAdapters]);
        }
        if self.diensten.as_ref().is_none_or(|diensten| diensten.database.heeft_schijf()) {
            allen.push(Wie::Schijf);
        } else {
            eprintln!("not tried: a full disk under PostgreSQL, since none can be mounted here");
        }
        allen
    }

    /// Lets it happen, and mends it.
    pub async fn doorstaan(&mut self, storing: &Storing) {
        tokio::time::sleep(storing.eerst).await;
        // A hub is asked to end before what it needs is gone, and started after it is back; an adapter even so.
        let mut wat = storing.wat.clone();
        wat.sort_by_key(|(wie, _)| match wie {
            Wie::Adapter(_) => 0,
            Wie::Hub(_) => 1,
            Wie::LijnDatabase(_) | Wie::LijnMakelaar(_) | Wie::LijnAdapters => 2,
            Wie::Database | Wie::Makelaar | Wie::Schijf | Wie::Klok(_) => 3,
        });
        for (wie, hoe) in &wat {
            self.treffen(*wie, *hoe);
        }
        tokio::time::sleep(storing.weg).await;
        for (wie, hoe) in wat.iter().rev() {
            self.herstellen(*wie, *hoe).await;
        }
    }

    fn treffen(&mut self, wie: Wie, hoe: Hoe) {
        match (wie, hoe) {
            (Wie::Hub(n), Hoe::Dood) => self.hubs[n].kill_9(),
            (Wie::Hub(n), Hoe::Stil) => self.hubs[n].signaal("STOP"),
            (Wie::Hub(n), Hoe::Herstart) => assert!(self.hubs[n].ten_einde(), "hub {n} does not end well"),
            (Wie::Adapter(n), Hoe::Dood) => self.adapters[n].kill_9(),
            (Wie::Adapter(n), Hoe::Stil) => self.adapters[n].signaal("STOP"),
            (Wie::Adapter(n), Hoe::Herstart) => assert!(self.adapters[n].ten_einde(), "adapter {n} does not end well"),
            (Wie::Database, _) => self.diensten().database.doe(slecht(hoe)),
            (Wie::Makelaar, _) => self.diensten().makelaar.doe(slecht(hoe)),
            (Wie::Schijf, _) => self.schijf_vol(true),
            (Wie::Klok(n), _) => self.klokken[n].zetten(sprong(hoe)),
            (Wie::LijnDatabase(n), _) => self.diensten().naar_database[n].wordt(stand(hoe)),
            (Wie::LijnMakelaar(n), _) => self.diensten().naar_makelaar[n].wordt(stand(hoe)),
            (Wie::LijnAdapters, _) => self.diensten().verdeler.wordt(stand(hoe)),
        }
    }

    async fn herstellen(&mut self, wie: Wie, hoe: Hoe) {
        match (wie, hoe) {
            (Wie::Hub(n), Hoe::Stil) => self.hubs[n].signaal("CONT"),
            (Wie::Hub(n), _) => {
                self.hubs[n].herstarten();
                // What was written last may be of a clock that ran ahead. Who keeps it is told so, looks, and says that it is right now.
                if self.hubs[n].readyz().await["klok"] == false {
                    let gezegd = self.hubs[n].klok_bevestigen(&SystemClock.now().to_string());
                    assert!(gezegd.status.success(), "{gezegd:?}");
                }
            }
            (Wie::Adapter(n), Hoe::Stil) => self.adapters[n].signaal("CONT"),
            (Wie::Adapter(n), _) => self.adapters[n].herstarten().await,
            (Wie::Database, _) => self.diensten().database.doe(goed(hoe)),
            (Wie::Makelaar, _) => self.diensten().makelaar.doe(goed(hoe)),
            (Wie::Schijf, _) => self.schijf_vol(false),
            (Wie::Klok(n), _) => self.klokken[n].zetten(0),
            (Wie::LijnDatabase(n), _) => self.diensten().naar_database[n].wordt(Stand::Open),
            (Wie::LijnMakelaar(n), _) => self.diensten().naar_makelaar[n].wordt(Stand::Open),
            (Wie::LijnAdapters, _) => self.diensten().verdeler.wordt(Stand::Open),
        }
    }

    /// Of a hub with a file: it may not grow any more; that is what `grootste_mib` says, after a restart.
    fn schijf_vol(&mut self, vol: bool) {
        if let Some(diensten) = &self.diensten {
            return diensten.database.vol(vol);
        }
        let hub = &mut self.hubs[0];
        hub.kill_9();
        let config = hub.map().join("hub.toml");
        let omvang = fs::metadata(hub.map().join("hub.sqlite")).unwrap().len();
        let tekst = fs::read_to_string(&config).unwrap();
        let zonder: String = tekst.lines().filter(|r| !r.starts_with("grootste_mib")).map(|r| format!("{r}\n")).collect();
        let grens = if vol { format!("[opslag]\ngrootste_mib = {}\n", (omvang >> 20).max(1)) } else { "[opslag]\n".to_owned() };
        fs::write(&config, zonder.replace("[opslag]\n", &grens)).unwrap();
        hub.herstarten();
    }

    fn diensten(&self) -> &Diensten {
        self.diensten.as_ref().unwrap()
    }

    /// Waits until every hub says that it is ready.
    pub async fn gereed(&self) {
        for n in 0..self.hubs.len() {
            self.hub_gereed(n).await;
        }
    }

    /// The same, of one.
    pub async fn hub_gereed(&self, n: usize) {
        let hub = &self.hubs[n];
        wachten_tot("a hub to be ready", async || (hub.readyz().await["gereed"] == true).then_some(())).await;
    }

    /// Ends the hubs, each by `kill -9`, and says where their log is.
    pub fn log(&mut self) -> String {
        for hub in &mut self.hubs {
            hub.kill_9();
        }
        match &self.diensten {
            Some(diensten) => diensten.url.clone(),
            None => self.hubs[0].opslag_kopieren("eind").to_str().unwrap().to_owned(),
        }
    }
}

/// A clock for each of these hubs; none where there is nothing to make them with.
fn klokken(regio: &Regio, namen: &[&str]) -> Vec<Klok> {
    let klok = |naam: &&str| Klok::voor(Path::new(PROGRAMMA), &regio.pad(&format!("klok-{naam}")));
    if Klok::is_er() { namen.iter().map(klok).collect() } else { Vec::new() }
}

/// What to start as this hub.
fn programma(hub: &Path, klokken: &[Klok], n: usize) -> PathBuf {
    klokken.get(n).map_or_else(|| hub.to_owned(), |klok| klok.programma().to_owned())
}

/// Adapters of this build.
fn dit() -> (PathBuf, PathBuf) {
    (PROGRAMMA.into(), Path::new(env!("CARGO_MANIFEST_DIR")).join("../../adapters"))
}

/// What went wrong at a hub is told together with what the test says.
impl Drop for Grond {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let staart = |wie: &str, log: &str, telt: fn(&str) -> bool| {
            let erg: Vec<&str> = log.lines().filter(|regel| telt(regel)).collect();
            eprintln!("{wie}, the last of {}:\n{}", erg.len(), erg[erg.len().saturating_sub(40)..].join("\n"));
        };
        for hub in &self.hubs {
            let wie = hub.map().display().to_string();
            staart(&wie, &hub.logtekst(), |r| {
                r.contains("\"niveau\":\"warn\"") || r.contains("\"niveau\":\"error\"") || !r.starts_with('{')
            });
        }
        if let Some(diensten) = &self.diensten {
            staart("PostgreSQL", &diensten.database.logtekst(), |r| !r.contains("shut"));
        }
    }
}

/// A port that nobody listens on, and that no connection of this machine gets by chance while its adapter is down: below those
/// (32,768 and on).
fn vaste_poort() -> u16 {
    let begin = u16::try_from(std::process::id() % 10_000).unwrap();
    let vrij = |poort: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *poort)).is_ok();
    (20_000 + begin..32_000).find(vrij).unwrap()
}

/// What the scripts of `compose/lokaal` call it.
const fn slecht(hoe: Hoe) -> &'static str {
    match hoe {
        Hoe::Dood => "kill",
        Hoe::Stil => "pause",
        Hoe::Herstart => "stop",
    }
}

/// By how many seconds a clock is wrong.
const fn sprong(hoe: Hoe) -> i64 {
    match hoe {
        Hoe::Dood => 3_600,
        Hoe::Stil => -86_400,
        Hoe::Herstart => -60,
    }
}

const fn goed(hoe: Hoe) -> &'static str {
    match hoe {
        Hoe::Stil => "resume",
        Hoe::Dood | Hoe::Herstart => "start",
    }
}

const fn stand(hoe: Hoe) -> Stand {
    match hoe {
        Hoe::Stil => Stand::Stil,
        Hoe::Dood => Stand::Weg,
        Hoe::Herstart => Stand::Kwijt,
    }
}
