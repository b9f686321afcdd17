//! One delivery over HTTPS, to the recipient and nobody else.

use std::{
    collections::HashMap,
    error::Error,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use async_trait::async_trait;
use inbreng_domain::Oin;
use inbreng_pipeline::bezorgen::{Antwoord, Bezorger, Bezorgfout, Zending};
use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER},
};

use super::{Netten, resolver::Gefilterd, resolver::NietToegestaan};
use crate::tls::{AndereOrganisatie, Vertrouwen};

/// Largest answer that is read, in bytes: one signed statement, with room.
const GROOTSTE_ANTWOORD: usize = 64 * 1024;
/// How long connecting may take. The attempt as a whole has the recipient's own time.
const VERBINDEN: Duration = Duration::from_secs(10);
/// How long an idle connection stays: a revoked certificate must not live on in one.
const OPENHOUDEN: Duration = Duration::from_secs(30);

/// Brings deliveries over mutual TLS.
#[derive(Debug)]
pub struct HttpsBezorger {
    vertrouwen: Arc<Vertrouwen>,
    netten: ArcSwap<Netten>,
    /// A client per recipient, made under the TLS material with this number: each believes one organisation.
    clients: Mutex<HashMap<Oin, (u64, reqwest::Client)>>,
}

impl HttpsBezorger {
    /// Shows the hub's certificate and believes the roots of the partner listener.
    #[must_use]
    pub fn new(vertrouwen: Arc<Vertrouwen>, netten: Netten) -> Self {
        Self { vertrouwen, netten: ArcSwap::from_pointee(netten), clients: Mutex::default() }
    }

    /// Calls where these allow it, from the next attempt on. What is under way ends as it began; a connection that rests is not used again.
    pub fn netten_vervangen(&self, netten: Netten) {
        self.netten.store(Arc::new(netten));
        // After the store: who makes a client holds the lock while it looks which networks there are.
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn client(&self, ontvanger: Oin) -> Result<reqwest::Client, Bezorgfout> {
        let nummer = self.vertrouwen.nummer();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((onder, client)) = clients.get(&ontvanger)
            && *onder == nummer
        {
            return Ok(client.clone());
        }
        let tls = self.vertrouwen.client_config(ontvanger).map_err(|_| Bezorgfout::Tls)?;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(Gefilterd(self.netten.load_full())))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .https_only(true)
            // One delivery on a connection at a time. Over HTTP/2 who is refused by the other end's TLS while it greets may
            // wait for ever, and would count as a recipient that is slow (<https://github.com/seanmonstar/reqwest/issues/1323>).
            .http1_only()
            .connect_timeout(VERBINDEN)
            .referer(false)
            .tcp_nodelay(true)
            .pool_idle_timeout(OPENHOUDEN)
            .build()
            .map_err(|_| Bezorgfout::Tls)?;
        clients.insert(ontvanger, (nummer, client.clone()));
        Ok(client)
    }
}

#[async_trait]
impl Bezorger for HttpsBezorger {
    async fn bezorgen(&self, zending: Zending) -> Result<Antwoord, Bezorgfout> {
        let Zending { ontvanger, adres, levering, poging, antwoordtijd, inhoud } = zending;
        let url = Url::parse(&adres.as_str()).map_err(|_| Bezorgfout::AdresNietToegestaan)?;
        // A number in the place of a name never passes the resolver.
        let getal = url.host_str().and_then(|h| h.trim_matches(['[', ']']).parse::<IpAddr>().ok());
        if getal.is_some_and(|ip| !self.netten.load().mag(ip)) {
            return Err(Bezorgfout::AdresNietToegestaan);
        }
        let verzoek = self
            .client(ontvanger)?
            .post(url)
            .timeout(antwoordtijd)
            .header(CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", levering.to_string())
            .header("Inbreng-Poging", poging)
            .body(inhoud);
        lezen(verzoek.send().await.map_err(|e| fout(&e))?).await
    }
}

async fn lezen(mut antwoord: reqwest::Response) -> Result<Antwoord, Bezorgfout> {
    let status = antwoord.status();
    let pas_na = antwoord.headers().get(RETRY_AFTER).cloned();
    let mut lichaam = Vec::new();
    // Of what is not taken nothing more is needed than that.
    if status.is_success() && status != StatusCode::NO_CONTENT {
        while let Some(stuk) = antwoord.chunk().await.map_err(|e| fout(&e))? {
            if lichaam.len().saturating_add(stuk.len()) > GROOTSTE_ANTWOORD {
                return Err(Bezorgfout::Onleesbaar);
            }
            lichaam.extend_from_slice(&stuk);
        }
    }
    Ok(Antwoord::gelezen(status.as_u16(), pas_na.as_ref().map(HeaderValue::as_bytes), lichaam))
}

/// What went wrong, from the innermost cause.
fn fout(fout: &reqwest::Error) -> Bezorgfout {
    let mut oorzaak: Option<&(dyn Error + 'static)> = Some(fout);
    while let Some(een) = oorzaak {
        if een.is::<NietToegestaan>() {
            return Bezorgfout::AdresNietToegestaan;
        }
        if let Some(tls) = van_tls(een) {
            return if AndereOrganisatie::is_oorzaak(tls) { Bezorgfout::AndereOrganisatie } else { Bezorgfout::Tls };
        }
        oorzaak = een.source();
    }
    if fout.is_timeout() {
        Bezorgfout::TeTraag
    } else if fout.is_connect() {
        Bezorgfout::Onbereikbaar
    } else {
        Bezorgfout::Onleesbaar
    }
}

/// An error of TLS travels inside one of I/O, or inside several: each names as its source what is behind the one that it holds.
fn van_tls<'a>(fout: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    fout.downcast_ref::<rustls::Error>().or_else(|| van_tls(fout.downcast_ref::<std::io::Error>()?.get_ref()?))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn an_error_of_tls_is_found_however_deep_it_is_wrapped() {
        let tls = || rustls::Error::HandshakeNotComplete;
        assert!(van_tls(&tls()).is_some());
        assert!(van_tls(&io::Error::other(tls())).is_some());
        assert!(van_tls(&io::Error::other(io::Error::other(tls()))).is_some());
        assert!(van_tls(&io::Error::other("iets anders")).is_none());
    }
}
