//! An adapter as its own process, that can be killed.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::{
    eigen_systeem::EigenSysteem,
    regio::{GEHEIM, Partner, Regio, client},
};

pub struct Proces {
    wie: Partner,
    pub systeem: EigenSysteem,
    kind: Option<Child>,
    basis: String,
    http: reqwest::Client,
    log: Option<(PathBuf, String)>,
}

impl Proces {
    pub async fn start(regio: &Regio, wie: Partner) -> Self {
        Self::begin(regio, wie, None).await
    }

    /// Starts it with its log in a file, at this level.
    pub async fn start_met_log(regio: &Regio, wie: Partner, niveau: &str) -> Self {
        Self::begin(regio, wie, Some((regio.pad(&format!("{}.log", wie.slug())), niveau.to_owned()))).await
    }

    async fn begin(regio: &Regio, wie: Partner, log: Option<(PathBuf, String)>) -> Self {
        let http = client(GEHEIM);
        let mut proces = Self { wie, systeem: EigenSysteem::start(), kind: None, basis: String::new(), http, log };
        proces.weer(regio).await;
        proces
    }

    /// What it wrote.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log.as_ref().unwrap().0).unwrap()
    }

    /// Starts it again on the same store, and waits until it is ready.
    pub async fn weer(&mut self, regio: &Regio) {
        let poort = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = regio.config_bestand(self.wie, &self.systeem, poort);
        let mut opdracht = Command::new(env!("CARGO_BIN_EXE_inbreng-adapter"));
        opdracht.arg("run").arg("--config").arg(config).stderr(Stdio::null());
        if let Some((pad, niveau)) = &self.log {
            opdracht.env("INBRENG_ADAPTER_LOG__NIVEAU", niveau).stderr(std::fs::File::create(pad).unwrap());
        }
        self.kind = Some(opdracht.spawn().unwrap());
        self.basis = format!("http://127.0.0.1:{poort}");
        self.tot(|g| g["gereed"] == true).await;
    }

    /// SIGKILL: no chance to finish anything.
    pub fn doden(&mut self) {
        let mut kind = self.kind.take().unwrap();
        kind.kill().unwrap();
        kind.wait().unwrap();
    }

    /// What its memory holds that it may write to (Linux).
    pub fn geheugen(&self) -> Vec<u8> {
        inbreng_harness::geheugen::van(self.kind.as_ref().unwrap().id())
    }

    /// The number of its organisation.
    pub fn oin(&self) -> String {
        self.wie.type_en_oin().1.to_string()
    }

    /// A connection on which this was sent, and nothing else will be.
    pub fn ruw(&self, bytes: &[u8]) -> std::net::TcpStream {
        use std::io::Write as _;
        let mut verbinding = std::net::TcpStream::connect(self.basis.strip_prefix("http://").unwrap()).unwrap();
        verbinding.set_read_timeout(Some(Duration::from_secs(180))).unwrap();
        verbinding.write_all(bytes).unwrap();
        verbinding
    }

    /// A connection on which so many bytes are announced for a path, and none have come.
    pub fn verbinding(&self, pad: &str, lengte: usize) -> std::net::TcpStream {
        use std::io::Write as _;
        let adres = self.basis.strip_prefix("http://").unwrap();
        let mut verbinding = std::net::TcpStream::connect(adres).unwrap();
        let kop = format!(
            "POST {pad} HTTP/1.1\r\nhost: {adres}\r\nauthorization: Bearer {GEHEIM}\r\ncontent-type: application/json\r\n\
             content-length: {lengte}\r\n\r\n"
        );
        verbinding.write_all(kop.as_bytes()).unwrap();
        verbinding
    }

    pub async fn post(&self, pad: &str, lichaam: &Value) -> u16 {
        self.http.post(format!("{}{pad}", self.basis)).json(lichaam).send().await.unwrap().status().as_u16()
    }

    pub async fn post_json(&self, pad: &str, lichaam: &Value) -> Value {
        let antwoord = self.http.post(format!("{}{pad}", self.basis)).json(lichaam).send().await.unwrap();
        serde_json::from_slice(&antwoord.bytes().await.unwrap()).unwrap()
    }

    /// Waits until nothing is on its way here.
    pub async fn rust(&self) {
        self.tot(|g| g["teVersturen"] == 0 && g["afTeLeveren"] == 0).await;
    }

    async fn tot(&self, goed: impl Fn(&Value) -> bool) {
        for _ in 0..3600 {
            if let Ok(antwoord) = self.http.get(format!("{}/gezondheid", self.basis)).send().await {
                let json = serde_json::from_slice(&antwoord.bytes().await.unwrap_or_default()).unwrap_or(Value::Null);
                if goed(&json) {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} does not get there", self.wie.slug());
    }
}

impl Drop for Proces {
    fn drop(&mut self) {
        if self.kind.is_some() {
            self.doden();
        }
    }
}
