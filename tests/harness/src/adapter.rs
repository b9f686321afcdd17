//! An adapter as its own process, with the partner's real mapping; the test is the partner's own system.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Instant,
};

use reqwest::Method;
use serde_json::Value;

use crate::{
    Antwoord, Regio,
    hub::{self, GEDULD},
    wachten_tot,
};

/// What the test shows the adapter, as its own system would.
const GEHEIM: &str = "geheim-van-de-adapter-0123456789abcdef";

/// An adapter that runs. Killed when dropped.
#[derive(Debug)]
pub struct Adapter {
    programma: PathBuf,
    map: PathBuf,
    child: Child,
    ingang: Ingang,
}

/// Where the own system reaches an adapter, in each of its lives. Cheap to clone, so that an own system goes on sending while
/// its adapter is killed.
#[derive(Debug, Clone)]
pub struct Ingang {
    http: reqwest::Client,
    adres: Arc<Mutex<SocketAddr>>,
}

impl Ingang {
    fn url(&self, pad: &str) -> String {
        format!("http://{}{pad}", self.adres.lock().unwrap())
    }

    /// Posts in the partner's own format.
    ///
    /// # Errors
    /// When no whole answer came back.
    pub async fn proberen(&self, pad: &str, lichaam: &Value) -> Result<(u16, Value), reqwest::Error> {
        let antwoord = self.http.request(Method::POST, self.url(pad)).json(lichaam).send().await?;
        let status = antwoord.status().as_u16();
        let bytes = antwoord.bytes().await?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
    }

    /// Asks with these headers and this body, and follows nothing.
    pub async fn vragen(&self, methode: Method, pad: &str, koppen: &[(&str, &str)], lichaam: Option<Vec<u8>>) -> Antwoord {
        let verzoek = self.http.request(methode, self.url(pad));
        let verzoek = koppen.iter().fold(verzoek, |verzoek, (naam, waarde)| verzoek.header(*naam, *waarde));
        let verzoek = lichaam.into_iter().fold(verzoek, |verzoek, lichaam| verzoek.body(lichaam));
        Antwoord::lezen(verzoek.send().await.unwrap()).await.unwrap()
    }

    /// Asks the adapter something.
    pub async fn ophalen(&self, pad: &str) -> (u16, Value) {
        let antwoord = self.http.get(self.url(pad)).send().await.unwrap();
        (antwoord.status().as_u16(), antwoord.json().await.unwrap())
    }
}

impl Adapter {
    /// Starts the adapter of a partner towards a hub, and waits until it knows directory and policy. It has no own system
    /// to hand on to: what comes in waits in its mailbox (`/postbus`) until [`Self::bevestigen`].
    pub async fn starten(programma: &Path, regio: &Regio, naam: &str, hub: SocketAddr) -> Self {
        Self::starten_met(programma, regio, naam, hub, "").await
    }

    /// The same, with further tables in its configuration.
    pub async fn starten_met(programma: &Path, regio: &Regio, naam: &str, hub: SocketAddr, tabellen: &str) -> Self {
        // The own folder of each kind of partner lies beside the tests.
        let mappen = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../adapters");
        Self::starten_uit(programma, regio, naam, hub, tabellen, &mappen).await
    }

    /// The same, with the mapping of a partner of its kind in another folder of partners.
    pub async fn starten_uit(
        programma: &Path,
        regio: &Regio,
        naam: &str,
        hub: SocketAddr,
        tabellen: &str,
        mappen: &Path,
    ) -> Self {
        let map = regio.pad(&format!("adapter-{naam}"));
        fs::create_dir_all(&map).unwrap();
        fs::write(map.join("adapter.toml"), format!("{}{tabellen}", config(regio, naam, hub, mappen))).unwrap();
        fs::write(map.join("geheim"), GEHEIM).unwrap();
        let (child, adres) = draaien(programma, &map);
        let mut koppen = reqwest::header::HeaderMap::new();
        koppen.insert("authorization", format!("Bearer {GEHEIM}").parse().unwrap());
        let http = reqwest::Client::builder()
            .no_proxy()
            .default_headers(koppen)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(120))
            .build()
            .unwrap();
        let ingang = Ingang { http, adres: Arc::new(Mutex::new(adres)) };
        let adapter = Self { programma: programma.to_owned(), map, child, ingang };
        adapter.gereed().await;
        adapter
    }

    /// `kill -9`.
    pub fn kill_9(&mut self) {
        self.child.kill().unwrap();
        let _signal = self.child.wait().unwrap();
    }

    /// Sends a signal.
    pub fn signaal(&self, naam: &str) {
        hub::signaal(&self.child, naam);
    }

    /// Asks it to stop and waits; true when it ended well. [`Self::herstarten`] starts it again.
    pub fn ten_einde(&mut self) -> bool {
        self.signaal("TERM");
        hub::eindigt_goed(&mut self.child)
    }

    /// Starts again on the same store.
    pub async fn herstarten(&mut self) {
        self.weer_aan();
        self.gereed().await;
    }

    /// The same without waiting until it is ready: of one whose own key is frozen that never comes.
    pub fn weer_aan(&mut self) {
        let (child, adres) = draaien(&self.programma, &self.map);
        self.child = child;
        *self.ingang.adres.lock().unwrap() = adres;
    }

    /// Asks it to stop, waits, and starts this program on its store. True when it ended well.
    pub async fn vervangen(&mut self, programma: &Path) -> bool {
        let goed = self.ten_einde();
        self.programma = programma.to_owned();
        self.herstarten().await;
        goed
    }

    /// Where its own system reaches it.
    pub fn ingang(&self) -> Ingang {
        self.ingang.clone()
    }

    async fn gereed(&self) {
        wachten_tot("the adapter to know directory and policy", async || {
            (self.ophalen("/gezondheid").await.0 == 200).then_some(())
        })
        .await;
    }

    /// The folder with its configuration, store and log.
    pub fn map(&self) -> &Path {
        &self.map
    }

    /// What its memory holds that it may write to (Linux).
    pub fn geheugen(&self) -> Vec<u8> {
        crate::geheugen::van(self.child.id())
    }

    /// What it has logged.
    pub fn logtekst(&self) -> String {
        fs::read_to_string(self.map.join("adapter.log")).unwrap_or_default()
    }

    /// Posts in the partner's own format.
    ///
    /// # Errors
    /// When no whole answer came back.
    pub async fn proberen(&self, pad: &str, lichaam: &Value) -> Result<(u16, Value), reqwest::Error> {
        self.ingang.proberen(pad, lichaam).await
    }

    /// Posts in the partner's own format to an adapter that is there.
    pub async fn sturen(&self, pad: &str, lichaam: &Value) -> (u16, Value) {
        self.proberen(pad, lichaam).await.unwrap()
    }

    /// Asks the adapter something.
    pub async fn ophalen(&self, pad: &str) -> (u16, Value) {
        self.ingang.ophalen(pad).await
    }

    /// Everything in its mailbox, newest too.
    pub async fn postbus(&self) -> Vec<Value> {
        let (status, mut antwoord) = self.ophalen("/postbus").await;
        assert_eq!(status, 200, "{antwoord}");
        serde_json::from_value(antwoord["leveringen"].take()).unwrap()
    }

    /// Says, as the own system, that it has a delivery.
    pub async fn bevestigen(&self, levering: &Value) {
        let pad = format!("/postbus/{}/ontvangen", levering["levering"].as_str().unwrap());
        let (status, antwoord) = self.sturen(&pad, &serde_json::json!({})).await;
        assert_eq!(status, 204, "{antwoord}");
    }

    /// Waits until nothing is on its way.
    pub async fn rust(&self) {
        wachten_tot("the adapter to be done", async || {
            let (_, gezondheid) = self.ophalen("/gezondheid").await;
            (gezondheid["teVersturen"] == 0 && gezondheid["afTeLeveren"] == 0).then_some(())
        })
        .await;
    }
}

impl Drop for Adapter {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn draaien(programma: &Path, map: &Path) -> (Child, SocketAddr) {
    let (adres, logbestand) = (map.join("adres"), map.join("adapter.log"));
    let _none = fs::remove_file(&adres);
    let log = fs::OpenOptions::new().create(true).append(true).open(&logbestand).unwrap();
    let mut child = Command::new(programma)
        .args(["adapter", "--config"])
        .arg(map.join("adapter.toml"))
        .arg("--adres-bestand")
        .arg(&adres)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let begin = Instant::now();
    loop {
        if let Some(adres) = fs::read_to_string(&adres).ok().and_then(|t| t.trim().parse().ok()) {
            return (child, adres);
        }
        let ended = child.try_wait().unwrap().is_some();
        let log = || fs::read_to_string(&logbestand).unwrap_or_default();
        assert!(!ended && begin.elapsed() < GEDULD, "adapter does not start:\n{}", log());
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// The configuration of the adapter of a partner towards a hub, for who starts none.
pub fn adapterconfig(regio: &Regio, naam: &str, hub: SocketAddr) -> String {
    config(regio, naam, hub, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../adapters"))
}

fn config(regio: &Regio, naam: &str, hub: SocketAddr, mappen: &Path) -> String {
    let partner = regio.partner(naam);
    let (pki, knooppunt) = (regio.pki.dir().display(), regio.knooppunt());
    let mapping = mappen.join(naam).join("mapping.toml");
    let (eigen, mapping) = (partner.map.pad().display(), mapping.display());
    let (oin, poort) = (partner.oin, hub.port());
    format!(
        r#"
mapping = "{mapping}"
[organisatie]
oin = "{oin}"
naam = "Organisatie {naam} (test)"
partnertype = "{naam}"
systeem = "eigen"
[knooppunt]
adres = "https://localhost:{poort}"
oin = "{knooppunt}"
certificaat = "{pki}/knooppunt/ondertekening.pem"
[vertrouwen]
root = "{pki}/root.pem"
tussen = "{pki}/tussen.pem"
crl = "{pki}/crl.pem"
convenantbeheerder = "{pki}/convenantbeheerder/ondertekening.pem"
[sleutels]
tls_certificaat = "{eigen}/tls.pem"
tls_sleutel = "{eigen}/tls.key"
ondertekening_certificaat = "{eigen}/ondertekening.pem"
ondertekening_sleutel = "{eigen}/ondertekening.key"
verzegeling = ["{eigen}/verzegeling-1.key"]
[opslag]
pad = "adapter.sqlite"
[luister]
adres = "127.0.0.1:0"
geheim = "geheim"
"#
    )
}
