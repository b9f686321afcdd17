//! The hub, as the adapter calls it: mutual TLS, a token bound to the certificate, and the calls of the partner API.

mod aanroep;
mod beheer;
mod fout;
mod herhalen;
mod tls;
mod token;

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use inbreng_domain::{
    BerichtId, Clock, DeelId, LeveringId, Oin, Problem, ProblemCode, Randomness,
    antwoorden::{
        Aannameantwoord, Checkpointantwoord, Convenanten, Inzageantwoord, Partners, Plichten, Samenhangbewijs, Sleutelverzoek,
        Statusantwoord, Toegangsverzoek, Verklaringverzoek, Vermeldingverzoek,
    },
    gids::Sleutelvermelding,
    overzicht::Overzicht,
    terugroep::{Dodeletters, Terugroepverzoek},
    toets::{Toetsantwoord, Toetsverzoek},
};
use serde_json::Value;

pub use beheer::{Activeringsplan, Indiening, Simulatieverzoek};
pub use fout::Hubfout;
pub use herhalen::{pas_na, pauze, pauze_na};
pub use tls::{TlsFout, Tlsbron, client_config};
pub use token::Tokenantwoord;

use aanroep::{Aanroep, Lichaam};
use token::Tokens;

/// What a token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Bereik {
    Berichten,
    Postvak,
    Gids,
    Logboek,
    Beheer,
}

impl Bereik {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Berichten => "berichten",
            Self::Postvak => "postvak",
            Self::Gids => "gids",
            Self::Logboek => "logboek",
            Self::Beheer => "beheer",
        }
    }
}

/// Largest answer that is read, in bytes: a mailbox of many messages.
const GROOTSTE_ANTWOORD: usize = 64 * 1024 * 1024;
/// Nesting of an answer: a message may have 32 levels, a mailbox puts it four deeper.
const NESTING: usize = 40;

/// One look into the mailbox. A delivery that cannot be read is one all the same: it must be refused.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bladzij {
    /// The deliveries, as received.
    pub leveringen: Vec<Value>,
    /// The place behind them.
    pub verder: String,
}

/// Who calls, and whom.
#[derive(Debug)]
pub struct Verbinding {
    /// Base address of the hub, without `/v1`.
    pub adres: String,
    /// The hub's OIN: audience of the client assertion.
    pub knooppunt: Oin,
    /// The own OIN.
    pub eigen: Oin,
    /// TLS with the own certificate and the pinned root.
    pub tls: rustls::ClientConfig,
    /// `kid` of the own signing certificate.
    pub kid: String,
    /// Its private key, PKCS#8 PEM.
    pub ondertekening_pem: zeroize::Zeroizing<String>,
}

/// A client of one hub. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct Knooppunt {
    http: ArcSwap<reqwest::Client>,
    basis: String,
    tokens: Tokens,
    random: Arc<dyn Randomness>,
}

impl Knooppunt {
    /// Prepares the client; connects to nothing yet.
    ///
    /// # Errors
    /// [`Hubfout::Instelling`] when TLS or the signing key cannot be used.
    pub fn new(verbinding: Verbinding, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> Result<Self, Hubfout> {
        let http = client(verbinding.tls)?;
        let tokens = Tokens::new(
            verbinding.eigen,
            verbinding.knooppunt,
            verbinding.kid,
            &verbinding.ondertekening_pem,
            clock,
            Arc::clone(&random),
        )?;
        Ok(Self {
            http: ArcSwap::from_pointee(http),
            basis: format!("{}/v1", verbinding.adres.trim_end_matches('/')),
            tokens,
            random,
        })
    }

    /// Goes on with other TLS material; tokens are bound to the certificate, so they are asked again.
    ///
    /// # Errors
    /// [`Hubfout::Instelling`]; then what was in use stays so.
    pub fn vernieuwen(&self, tls: rustls::ClientConfig) -> Result<(), Hubfout> {
        self.http.store(Arc::new(client(tls)?));
        Ok(())
    }

    /// Asks for tokens with this signing key from now on.
    ///
    /// # Errors
    /// [`Hubfout::Instelling`]; then what was in use stays so.
    pub async fn ondertekenen_met(&self, kid: &str, pem: &str) -> Result<(), Hubfout> {
        self.tokens.ondertekenen_met(kid, pem).await
    }

    /// Publishes the own key statements, newest first.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn sleutels_plaatsen(&self, eigen: Oin, sleutels: Vec<Sleutelvermelding>) -> Result<(), Hubfout> {
        let lichaam =
            serde_json::to_vec(&Sleutelverzoek { sleutels }).map_err(|_| Hubfout::Antwoord("request cannot be written"))?;
        self.doen(&Aanroep::put(Bereik::Gids, format!("/partners/{eigen}/sleutels"), Lichaam::Json(lichaam))).await.map(drop)
    }

    /// Brings the own entry. Who is not in the directory yet has no token, and brings it under its certificate alone.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn vermelding_plaatsen(&self, eigen: Oin, verzoek: &Vermeldingverzoek) -> Result<(), Hubfout> {
        let lichaam = serde_json::to_vec(verzoek).map_err(|_| Hubfout::Antwoord("request cannot be written"))?;
        let aanroep = Aanroep::put(Bereik::Gids, format!("/partners/{eigen}/vermelding"), Lichaam::Json(lichaam));
        match self.doen(&aanroep).await {
            Err(Hubfout::Probleem(p)) if p.code == ProblemCode::PartnerOnbekend => {
                aanroep.zonder_token(&self.http.load_full(), &self.basis).await.map(drop)
            }
            uitslag => uitslag.map(drop),
        }
    }

    /// Brings a freeze of a key of this organisation.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn sleutel_bevriezen(&self, van: Oin, verklaring: String) -> Result<(), Hubfout> {
        let lichaam =
            serde_json::to_vec(&Verklaringverzoek { verklaring }).map_err(|_| Hubfout::Antwoord("request cannot be written"))?;
        self.doen(&Aanroep::post(Bereik::Gids, format!("/partners/{van}/bevriezingen"), Lichaam::Json(lichaam))).await.map(drop)
    }

    /// "Mag dit?".
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn toetsen(&self, verzoek: &Toetsverzoek) -> Result<Toetsantwoord, Hubfout> {
        let lichaam = serde_json::to_vec(verzoek).map_err(|_| Hubfout::Antwoord("request cannot be written"))?;
        self.lezen(Aanroep::post(Bereik::Berichten, "/toetsen".to_owned(), Lichaam::Json(lichaam))).await
    }

    /// Sends a message: exactly these bytes.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn versturen(&self, envelop: &str) -> Result<Aannameantwoord, Hubfout> {
        self.lezen(Aanroep::post(Bereik::Berichten, "/berichten".to_owned(), Lichaam::CloudEvent(envelop.as_bytes().to_vec())))
            .await
    }

    /// The sender's view of an own message.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn status(&self, bericht: BerichtId) -> Result<Statusantwoord, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Berichten, format!("/berichten/{bericht}"))).await
    }

    /// What the own organisation still has to do.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn plichten(&self) -> Result<Plichten, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Berichten, "/plichten".to_owned())).await
    }

    /// Hands in what the own privacy officer found of a decision in an emergency.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn toets_achteraf(&self, bericht: BerichtId, jws: String) -> Result<(), Hubfout> {
        let aanroep = Aanroep::post(Bereik::Berichten, format!("/berichten/{bericht}/toets-achteraf"), verklaring(jws)?);
        self.doen(&aanroep).await.map(drop)
    }

    /// A page of our dead letters, behind this one.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn dode_letters(&self, na: Option<LeveringId>) -> Result<Dodeletters, Hubfout> {
        let na = na.map_or_else(String::new, |na| format!("?na={na}"));
        self.lezen(Aanroep::get(Bereik::Beheer, format!("/beheer/dode-letters{na}"))).await
    }

    /// Hands in that a dead letter is to be brought again.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn herbezorgen(&self, levering: LeveringId, jws: String) -> Result<(), Hubfout> {
        let aanroep = Aanroep::post(Bereik::Beheer, format!("/beheer/dode-letters/{levering}/opnieuw"), verklaring(jws)?);
        self.doen(&aanroep).await.map(drop)
    }

    /// What the hub answers about a message, status and bytes as they came: for who compares answers.
    ///
    /// # Errors
    /// [`Hubfout`], where there is no answer.
    pub async fn status_zoals_het_kwam(&self, bericht: BerichtId) -> Result<(u16, Vec<u8>), Hubfout> {
        self.zoals_het_kwam(&Aanroep::get(Bereik::Berichten, format!("/berichten/{bericht}"))).await
    }

    /// What the hub answers to the reading of a part, status and bytes as they came: for who compares answers.
    ///
    /// # Errors
    /// [`Hubfout`], where there is no answer.
    pub async fn inzage_zoals_het_kwam(&self, deel: DeelId, jws: String) -> Result<(u16, Vec<u8>), Hubfout> {
        self.zoals_het_kwam(&Aanroep::post(Bereik::Postvak, format!("/delen/{deel}/inzage"), verklaring(jws)?)).await
    }

    /// The open deliveries behind a place in the mailbox, as received; waits at most `wacht` for a first one.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn postvak(&self, na: Option<&str>, wacht: Duration) -> Result<Bladzij, Hubfout> {
        let mut pad = format!("/postvak?wacht={}", wacht.as_secs());
        // A place goes into an address only in the form that it must have.
        if let Some(na) = na.filter(|na| na.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')) {
            pad.push_str("&na=");
            pad.push_str(na);
        }
        let aanroep = Aanroep::get(Bereik::Postvak, pad).binnen(wacht.saturating_add(Duration::from_secs(20)));
        serde_json::from_value(self.waarde(aanroep).await?).map_err(|_| Hubfout::Antwoord("mailbox has another form"))
    }

    /// Hands in a signed receipt.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn ontvangst(&self, levering: LeveringId, jws: String) -> Result<(), Hubfout> {
        self.verklaren(levering, "ontvangst", jws).await
    }

    /// Hands in that a human has read it.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn gelezen(&self, levering: LeveringId, jws: String) -> Result<(), Hubfout> {
        self.verklaren(levering, "gelezen", jws).await
    }

    /// Hands in a signed refusal.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn weigering(&self, levering: LeveringId, jws: String) -> Result<(), Hubfout> {
        self.verklaren(levering, "weigering", jws).await
    }

    /// Asks the key of a view-only part, for one reading. Never repeated: each reading is one signed request.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn inzage(&self, deel: DeelId, jws: String) -> Result<Inzageantwoord, Hubfout> {
        let lichaam = verklaring(jws)?;
        self.lezen(Aanroep::post(Bereik::Postvak, format!("/delen/{deel}/inzage"), lichaam).eenmaal()).await
    }

    /// What was shared about a person, for that person. Never repeated: each is one signed request.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn overzicht(&self, jws: String) -> Result<Overzicht, Hubfout> {
        let lichaam = verklaring(jws)?;
        self.lezen(Aanroep::post(Bereik::Berichten, "/overzichten".to_owned(), lichaam).eenmaal()).await
    }

    /// Gives a part of ours to a further recipient. The same again changes nothing.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn toegang_geven(&self, deel: DeelId, verzoek: &Toegangsverzoek) -> Result<(), Hubfout> {
        let lichaam = serde_json::to_vec(verzoek).map_err(|_| Hubfout::Antwoord("request cannot be written"))?;
        let aanroep = Aanroep::post(Bereik::Berichten, format!("/delen/{deel}/toegang"), Lichaam::Json(lichaam));
        self.doen(&aanroep).await.map(|_| ())
    }

    /// The directory.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn partners(&self) -> Result<Partners, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Gids, "/partners".to_owned())).await
    }

    /// The covenants in force, with their policy bundles.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn convenanten(&self) -> Result<Convenanten, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Gids, "/convenanten".to_owned())).await
    }

    /// Places where our deliveries are brought.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn terugroep_plaatsen(&self, eigen: Oin, verzoek: &Terugroepverzoek) -> Result<(), Hubfout> {
        let lichaam = serde_json::to_vec(verzoek).map_err(|_| Hubfout::Antwoord("request cannot be written"))?;
        let aanroep = Aanroep::put(Bereik::Gids, format!("/partners/{eigen}/terugroep"), Lichaam::Json(lichaam));
        self.doen(&aanroep).await.map(drop)
    }

    /// Where our deliveries are brought, as we placed it.
    ///
    /// # Errors
    /// [`Hubfout`]; `niet-gevonden` where we never placed it.
    pub async fn terugroep(&self, eigen: Oin) -> Result<Terugroepverzoek, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Gids, format!("/partners/{eigen}/terugroep"))).await
    }

    /// The newest log head: compact JWS.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn checkpoint(&self) -> Result<String, Hubfout> {
        let antwoord: Checkpointantwoord = self.lezen(Aanroep::get(Bereik::Logboek, "/logboek/checkpoint".to_owned())).await?;
        Ok(antwoord.checkpoint)
    }

    /// Hands in that we sent again what the copy, that the hub was put back from, cannot have.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn nagezonden(&self, jws: String) -> Result<(), Hubfout> {
        let aanroep = Aanroep::post(Bereik::Logboek, "/logboek/nazending".to_owned(), verklaring(jws)?);
        self.doen(&aanroep).await.map(drop)
    }

    /// Proof that the log of `naar` leaves continues that of `van`.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn samenhang(&self, van: u64, naar: u64) -> Result<Samenhangbewijs, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Logboek, format!("/logboek/bewijzen/samenhang?van={van}&naar={naar}"))).await
    }

    async fn verklaren(&self, levering: LeveringId, wat: &str, jws: String) -> Result<(), Hubfout> {
        let aanroep = Aanroep::post(Bereik::Postvak, format!("/leveringen/{levering}/{wat}"), verklaring(jws)?);
        self.doen(&aanroep).await.map(|_| ())
    }

    async fn lezen<T: serde::de::DeserializeOwned>(&self, aanroep: Aanroep) -> Result<T, Hubfout> {
        serde_json::from_value(self.waarde(aanroep).await?).map_err(|_| Hubfout::Antwoord("answer has another form"))
    }

    async fn waarde(&self, aanroep: Aanroep) -> Result<Value, Hubfout> {
        let bytes = self.doen(&aanroep).await?;
        inbreng_proof::parse_strict(&bytes, NESTING).map_err(|_| Hubfout::Antwoord("answer is not strict JSON"))
    }

    /// One call, its answer unread.
    async fn zoals_het_kwam(&self, aanroep: &Aanroep) -> Result<(u16, Vec<u8>), Hubfout> {
        let http = self.http.load_full();
        let token = self.tokens.geldig(&http, &self.basis, aanroep.bereik).await?;
        let antwoord = aanroep.ongelezen(&http, &self.basis, Some(&token)).await?;
        Ok((antwoord.status, antwoord.bytes))
    }

    /// Calls, a few times where trying again soon can help; a token that the hub no longer takes is renewed once.
    async fn doen(&self, aanroep: &Aanroep) -> Result<Vec<u8>, Hubfout> {
        let mut vernieuwd = false;
        let mut poging = 0;
        loop {
            let http = self.http.load_full();
            let uitslag = match self.tokens.geldig(&http, &self.basis, aanroep.bereik).await {
                Ok(token) => aanroep.eenmalig(&http, &self.basis, &token).await,
                Err(fout) => Err(fout),
            };
            match uitslag {
                Err(Hubfout::Probleem(p))
                    if matches!(p.code, ProblemCode::TokenOngeldig | ProblemCode::TokenNietGebonden) && !vernieuwd =>
                {
                    vernieuwd = true;
                    self.tokens.vergeten(aanroep.bereik).await;
                }
                Err(fout) if fout.is_kortstondig() && !aanroep.eenmaal && poging < herhalen::SNEL => {
                    poging += 1;
                    tokio::time::sleep(pauze(poging, &*self.random)).await;
                }
                uitslag => return uitslag,
            }
        }
    }
}

fn client(tls: rustls::ClientConfig) -> Result<reqwest::Client, Hubfout> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .tcp_nodelay(true)
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(60))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .https_only(true)
        .build()
        .map_err(|e| Hubfout::Instelling(Box::new(e)))
}

fn verklaring(jws: String) -> Result<Lichaam, Hubfout> {
    let verzoek = Verklaringverzoek { verklaring: jws };
    serde_json::to_vec(&verzoek).map(Lichaam::Json).map_err(|_| Hubfout::Antwoord("request cannot be written"))
}

/// The problem in an answer that is not the one hoped for; a made-up one where it holds none.
fn probleem(status: u16, bytes: &[u8]) -> Problem {
    inbreng_proof::parse_strict_as(bytes, NESTING).unwrap_or_else(|_| {
        let mut problem = Problem::new(ProblemCode::InterneFout);
        problem.status = status;
        problem
    })
}
