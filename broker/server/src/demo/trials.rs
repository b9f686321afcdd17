//! Trials that need keys of their own, or a false hub: what an intruder would try, and who must refuse it.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_adapter::hub::{Hubfout, Knooppunt, Verbinding, client_config};
use inbreng_adapter::sealing::Zegelsleutel;
use inbreng_certs::{Certificaatsoort, Pki};
use inbreng_domain::clock::SystemClock;
use inbreng_domain::receipts::Inzageverzoek;
use inbreng_domain::vocabulary::Doel;
use inbreng_domain::{BerichtId, Clock, Code, DeelId, Oin, ProblemCode, Randomness};
use inbreng_proof::bericht::sign_kop;
use inbreng_proof::{SigningKey, SystemRandomness, Typ, jws};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde_json::Value;

use super::layout::KNOOPPUNT;
use super::liar;
use super::setup::Region;
use super::{fixtures, letter};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A partner with its keys, as a thief or a colleague would hold them.
pub struct Keys {
    /// Its number.
    pub oin: Oin,
    /// Its signing key.
    pub ondertekening: SigningKey,
    /// Its sealing key.
    pub zegel: Zegelsleutel,
}

impl Keys {
    /// A signed request to read this part, as an adapter makes it.
    fn reading(&self, deel: DeelId) -> Outcome<String> {
        let mut nonce = [0; 16];
        SystemRandomness.fill(&mut nonce);
        let verzoek = Inzageverzoek {
            deel,
            ontvanger: self.oin,
            functie: Code::parse("onderzoeker")?,
            doel: Doel::Beoordelen,
            nonce: URL_SAFE_NO_PAD.encode(nonce),
            tijd: SystemClock.now(),
        };
        Ok(jws::sign(&self.ondertekening, Typ::Inzage, &verzoek)?)
    }
}

/// The trials, with what they need.
#[derive(Debug)]
pub struct Trials {
    region: Region,
    partners: String,
}

impl Trials {
    /// Trials in this region, against the hub at this address.
    pub const fn new(region: Region, partners: String) -> Self {
        Self { region, partners }
    }

    /// Where partners connect.
    pub fn partners(&self) -> &str {
        &self.partners
    }

    /// Runs a trial; says what was found, or why it failed.
    ///
    /// # Errors
    /// When the intruder got in, or the trial could not be held.
    pub async fn run(&self, name: &str, about: &BTreeMap<String, String>) -> Result<String, String> {
        let outcome = match name {
            "vervalste-afzender" => self.forged_sender().await,
            "vervalste-handtekening" => self.forged_signature().await,
            "deel-van-een-ander" => self.part_of_another().await,
            "ingetrokken-certificaat" => self.revoked().await,
            "liegend-knooppunt" => self.lying_hub().await,
            "zelfde-bericht-twee-keer" => self.same_twice().await,
            "niets-te-merken" => self.nothing_to_notice(about).await,
            _ => return Err(format!("there is no trial {name}")),
        };
        outcome.map_err(|e| e.to_string())
    }

    /// The GGZ sends, on its own connection, what names the police as sender.
    async fn forged_sender(&self) -> Outcome<String> {
        let ggz = self.connect("ggz")?;
        let envelope = letter::incident(&self.keys("politie")?, &self.keys("veilig-thuis")?, self.beleid(&ggz).await?)?;
        refused(ggz.versturen(&serde_json::to_string(&envelope)?).await, ProblemCode::BronNietEigen)
    }

    /// On the connection of the police, a header that the GGZ signed.
    async fn forged_signature(&self) -> Outcome<String> {
        let police = self.connect("politie")?;
        let mut envelope = letter::incident(&self.keys("politie")?, &self.keys("veilig-thuis")?, self.beleid(&police).await?)?;
        sign_kop(&self.keys("ggz")?.ondertekening, &mut envelope.data.kop)?;
        refused(police.versturen(&serde_json::to_string(&envelope)?).await, ProblemCode::HandtekeningOngeldig)
    }

    /// Veilig Thuis passes on to the OM what the GGZ owns, as if it were its own to give.
    async fn part_of_another(&self) -> Outcome<String> {
        let veilig_thuis = self.connect("veilig-thuis")?;
        let (owner, from, to) = (self.keys("ggz")?, self.keys("veilig-thuis")?, self.keys("om")?);
        let envelope = letter::with_part_of(&owner, &from, &to, self.beleid(&veilig_thuis).await?)?;
        refused(veilig_thuis.versturen(&serde_json::to_string(&envelope)?).await, ProblemCode::EigenaarNietAfzender)
    }

    /// The log's newest head, as the police would keep it.
    ///
    /// # Errors
    /// When the hub does not give it.
    pub async fn checkpoint(&self) -> Result<String, String> {
        let police = self.connect("politie").map_err(|e| e.to_string())?;
        police.checkpoint().await.map_err(|e| e.to_string())
    }

    /// The same bytes twice: one message, one receipt.
    async fn same_twice(&self) -> Outcome<String> {
        let police = self.connect("politie")?;
        let envelope = letter::incident(&self.keys("politie")?, &self.keys("veilig-thuis")?, self.beleid(&police).await?)?;
        let bytes = serde_json::to_string(&envelope)?;
        let (first, second) = (police.versturen(&bytes).await?, police.versturen(&bytes).await?);
        if first == second {
            Ok("hetzelfde ontvangstbewijs, byte voor byte".to_owned())
        } else {
            Err("het tweede ontvangstbewijs is een ander".into())
        }
    }

    /// A partner of the case and one outside it ask, with their own keys, after a message and a part that are held; and after a
    /// message and a part that never were. Not a byte may differ (R21).
    async fn nothing_to_notice(&self, about: &BTreeMap<String, String>) -> Outcome<String> {
        let held = |what: &str| about.get(what).ok_or_else(|| format!("which {what}?"));
        let (message, part) = (held("bericht")?.parse()?, held("deel")?.parse()?);
        let now = SystemClock.now();
        let unknown = (BerichtId::mint(now, &SystemRandomness), DeelId::mint(now, &SystemRandomness));
        let mut told = Vec::new();
        for slug in ["veilig-thuis", "ggz"] {
            let partner = self.connect(slug)?;
            let keys = self.keys(slug)?;
            let asked = (partner.status_zoals_het_kwam(message).await?, partner.status_zoals_het_kwam(unknown.0).await?);
            same(&asked.0, &asked.1)?;
            let read = (
                partner.inzage_zoals_het_kwam(part, keys.reading(part)?).await?,
                partner.inzage_zoals_het_kwam(unknown.1, keys.reading(unknown.1)?).await?,
            );
            same(&read.0, &read.1)?;
            told.push(format!("{slug} {} en {}", asked.0.0, read.0.0));
        }
        Ok(format!("zelfde antwoord als op wat er nooit was, byte voor byte: {}", told.join(", ")))
    }

    /// Works, is revoked, and is refused: on the connection that stands, and on a new one.
    async fn revoked(&self) -> Outcome<String> {
        let practice = self.connect("huisarts")?;
        practice.partners().await?;
        let mut pki = Pki::open(&self.region.pki(), Arc::new(SystemClock))?;
        pki.intrekken(&Code::parse("huisarts")?, &[Certificaatsoort::Tls])?;
        let since = Instant::now();
        let standing = loop {
            match practice.partners().await {
                Err(Hubfout::Probleem(p)) if p.code == ProblemCode::CertificaatIngetrokken => break p.code,
                Err(Hubfout::Onbereikbaar(e)) => return Err(format!("the standing connection broke: {e}").into()),
                _ if since.elapsed() > Duration::from_secs(15) => return Err("the revoked certificate still works".into()),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        };
        match self.connect("huisarts")?.partners().await {
            Err(Hubfout::Onbereikbaar(_)) => {
                Ok(format!("knooppunt: {standing} op de open verbinding, een TLS-alert bij een nieuwe"))
            }
            other => Err(format!("a new connection was not refused: {other:?}").into()),
        }
    }

    /// An adapter of the police, its own store and keys, at a hub that names the school where Veilig Thuis was asked.
    async fn lying_hub(&self) -> Outcome<String> {
        let police = super::layout::deelnemer("politie").ok_or("no police")?;
        let truth = self.connect("politie")?;
        let liar = liar::start(&self.region.pki(), truth.partners().await?, truth.convenanten().await?, "00000001000000000120")?;
        let dir = self.region.adapter_dir(police).join("bij-leugenaar");
        std::fs::create_dir_all(&dir)?;
        std::fs::write(dir.join("mapping.toml"), fixtures::mapping("politie").ok_or("no mapping")?)?;
        std::fs::write(dir.join("adapter.toml"), self.region.adapter_toml(police, &liar.address, None))?;
        let config = inbreng_adapter::Config::lezen(&dir.join("adapter.toml"))?;
        let adapter = inbreng_adapter::start(config, Arc::new(SystemClock), Arc::new(SystemRandomness)).await?;
        let report: Value = serde_json::from_str(
            fixtures::text("politie/fixtures/mutaties/huiselijk-geweld/04-appel.json").ok_or("no fixture")?,
        )?;
        let outcome =
            offer(&format!("http://{}", adapter.adres()), &std::fs::read_to_string(self.region.adapter_secret(police))?, &report)
                .await;
        adapter.stoppen().await;
        let (status, problem) = outcome?;
        if liar.received() > 0 {
            return Err("de adapter verzegelde en verstuurde".into());
        }
        let detail = problem.get("detail").and_then(Value::as_str).unwrap_or_default();
        if status < 400 || status == 503 {
            return Err(format!("de adapter weigerde niet: {status} {problem}").into());
        }
        Ok(format!("adapter van de politie, {status}: {detail}"))
    }

    fn keys(&self, slug: &str) -> Outcome<Keys> {
        let dir = self.region.pki().join("partners").join(slug);
        Ok(Keys {
            oin: Oin::parse(std::fs::read_to_string(dir.join("oin.txt"))?.trim())?,
            ondertekening: signing_key(&dir)?,
            zegel: Zegelsleutel::from_pem(&std::fs::read(dir.join("verzegeling-1.key"))?)?,
        })
    }

    fn connect(&self, slug: &str) -> Outcome<Knooppunt> {
        let pki = self.region.pki();
        let dir = pki.join("partners").join(slug);
        let text = |path: &Path| std::fs::read_to_string(path);
        let tls = client_config(
            &text(&pki.join("root.pem"))?,
            &text(&pki.join("crl.pem"))?,
            &text(&dir.join("tls.pem"))?,
            &text(&dir.join("tls.key"))?,
        )?;
        let port = self.partners.rsplit_once(':').map_or("", |(_, port)| port);
        let verbinding = Verbinding {
            adres: format!("https://localhost:{port}"),
            knooppunt: Oin::parse(KNOOPPUNT)?,
            eigen: self.keys(slug)?.oin,
            tls,
            kid: signing_key(&dir)?.kid().to_owned(),
            ondertekening_pem: text(&dir.join("ondertekening.key"))?.into(),
        };
        Ok(Knooppunt::new(verbinding, Arc::new(SystemClock), Arc::new(SystemRandomness))?)
    }

    async fn beleid(&self, hub: &Knooppunt) -> Outcome<inbreng_domain::Digest> {
        Ok(hub.convenanten().await?.convenanten.first().ok_or("the hub serves no covenant")?.beleid)
    }
}

/// Offers a report to an adapter as soon as it has fetched directory and covenant; status and body of the answer.
async fn offer(adapter: &str, secret: &str, report: &Value) -> Outcome<(u16, Value)> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?;
    let since = Instant::now();
    loop {
        let answer = client
            .post(format!("{adapter}/mutaties/huiselijk-geweld?wacht=10"))
            .bearer_auth(secret.trim())
            .json(report)
            .send()
            .await?;
        let status = answer.status().as_u16();
        let body = answer.json().await?;
        if status != 503 || since.elapsed() > Duration::from_secs(10) {
            return Ok((status, body));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn signing_key(dir: &Path) -> Outcome<SigningKey> {
    let certificate = CertificateDer::from_pem_file(dir.join("ondertekening.pem"))?;
    Ok(SigningKey::from_pem(&std::fs::read_to_string(dir.join("ondertekening.key"))?, certificate.as_ref())?)
}

/// Both answers are one, to the byte, and refuse.
fn same(held: &(u16, Vec<u8>), unknown: &(u16, Vec<u8>)) -> Outcome<()> {
    if held != unknown {
        let text = |(status, bytes): &(u16, Vec<u8>)| format!("{status} {}", String::from_utf8_lossy(bytes));
        return Err(format!("{} is not {}", text(held), text(unknown)).into());
    }
    if held.0 < 400 { Err(format!("answered {}", held.0).into()) } else { Ok(()) }
}

/// It must be refused, with this code.
fn refused<T: std::fmt::Debug>(outcome: Result<T, Hubfout>, code: ProblemCode) -> Outcome<String> {
    match outcome {
        Err(Hubfout::Probleem(p)) if p.code == code => Ok(format!("knooppunt, {} {}: {}", p.status, p.code, p.detail)),
        other => Err(format!("expected {code}, got {other:?}").into()),
    }
}
