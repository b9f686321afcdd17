//! A partner as the hub meets it: a TLS identity, a signing key, a token.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use inbreng_certs::Partnermap;
use inbreng_domain::{Clock, Oin, clock::SystemClock};
use inbreng_proof::certificate::thumbprint;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::{
    Certificate, Identity, Method, Response,
    header::{AUTHORIZATION, HeaderValue},
};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};

use crate::{Hub, Regio, slug};

/// How long any answer may take: more than the longest long poll. A hang is a failure, not a wait.
const HOOGSTENS: Duration = Duration::from_secs(120);

/// A partner's connection to a hub.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    adres: String,
    hub_oin: String,
    /// Whose keys it signs with.
    pub oin: Oin,
    ondertekening: Partnermap,
}

/// What goes into a token request; a test bends one thing at a time.
#[derive(Debug, Clone)]
pub struct Tokenaanvraag {
    /// Form parameters beside the assertion.
    pub velden: Vec<(&'static str, String)>,
    /// JOSE header.
    pub kop: Header,
    /// Claims.
    pub claims: Value,
}

/// A request that is being put together.
#[derive(Debug)]
pub struct Aanroep(reqwest::RequestBuilder);

impl Client {
    /// A partner of the region, over HTTP/2, with its own TLS and signing keys.
    pub fn partner(regio: &Regio, hub: &Hub, naam: &str) -> Self {
        let map = regio.pki.partnermap(&slug(naam)).unwrap();
        Self::met(regio, hub, Some(&map), &map)
    }

    /// A partner of the region, over HTTP/2, that takes this many bytes of an answer until it reads them.
    pub fn met_venster(regio: &Regio, hub: &Hub, naam: &str, bytes: u32) -> Self {
        let map = regio.pki.partnermap(&slug(naam)).unwrap();
        let bouwen = reqwest::Client::builder().http2_initial_stream_window_size(bytes);
        Self::gebouwd(bouwen, regio, hub, Some((map.tls_pem(), map.tls_key())), &map)
    }

    /// Connects with the TLS identity of one folder (or none) and signs with the keys of another.
    pub fn met(regio: &Regio, hub: &Hub, tls: Option<&Partnermap>, ondertekening: &Partnermap) -> Self {
        let paar = tls.map(|map| (map.tls_pem(), map.tls_key()));
        Self::gebouwd(reqwest::Client::builder(), regio, hub, paar, ondertekening)
    }

    /// As [`Self::met`], over HTTP/1.1, for one whom TLS will refuse: the request of an HTTP/2 client that
    /// is refused while it greets may wait for ever (<https://github.com/seanmonstar/reqwest/issues/1323>).
    pub fn zal_worden_geweigerd(regio: &Regio, hub: &Hub, tls: (PathBuf, PathBuf), ondertekening: &Partnermap) -> Self {
        Self::gebouwd(reqwest::Client::builder().http1_only(), regio, hub, Some(tls), ondertekening)
    }

    /// Connects with any chain and key (or none) and signs with the keys of a folder.
    fn gebouwd(
        bouwen: reqwest::ClientBuilder,
        regio: &Regio,
        hub: &Hub,
        tls: Option<(PathBuf, PathBuf)>,
        ondertekening: &Partnermap,
    ) -> Self {
        let root = Certificate::from_pem(&fs::read(regio.pki.dir().join("root.pem")).unwrap()).unwrap();
        let mut builder = bouwen.tls_certs_only([root]).https_only(true).timeout(HOOGSTENS);
        if let Some((keten, sleutel)) = tls {
            let mut pem = fs::read(keten).unwrap();
            pem.extend(fs::read(sleutel).unwrap());
            builder = builder.identity(Identity::from_pem(&pem).unwrap());
        }
        let lezen = |map: &Partnermap| fs::read_to_string(map.oin()).unwrap().trim().to_owned();
        Self {
            http: builder.build().unwrap(),
            adres: format!("https://localhost:{}", hub.adres.port()),
            hub_oin: lezen(&regio.pki.knooppuntmap()),
            oin: lezen(ondertekening).parse().unwrap(),
            ondertekening: ondertekening.clone(),
        }
    }

    /// A request.
    pub fn aanroep(&self, methode: Method, pad: &str) -> Aanroep {
        Aanroep(self.http.request(methode, format!("{}{pad}", self.adres)))
    }

    /// A good token request for these scopes.
    pub fn aanvraag(&self, bereik: &str) -> Tokenaanvraag {
        let nu = nu();
        let mut kop = Header::new(Algorithm::ES256);
        kop.kid = Some(thumbprint(&blad(&self.ondertekening.ondertekening_pem())));
        Tokenaanvraag {
            velden: vec![
                ("grant_type", "client_credentials".into()),
                ("scope", bereik.into()),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".into()),
            ],
            kop,
            claims: json!({
                "iss": self.oin, "sub": self.oin, "aud": format!("urn:nld:oin:{}", self.hub_oin),
                "jti": uuid::Builder::from_random_bytes(willekeurig()).into_uuid(), "iat": nu, "exp": nu + 50,
            }),
        }
    }

    /// Sends a token request, signed with the partner's signing key.
    pub async fn aanvragen(&self, aanvraag: &Tokenaanvraag) -> Response {
        self.proberen_aan_te_vragen(aanvraag).await.unwrap()
    }

    /// As [`Self::aanvragen`], to a hub that may go away.
    ///
    /// # Errors
    /// When there is no connection.
    pub async fn proberen_aan_te_vragen(&self, aanvraag: &Tokenaanvraag) -> Result<Response, reqwest::Error> {
        let sleutel = EncodingKey::from_ec_pem(&fs::read(self.ondertekening.ondertekening_key()).unwrap()).unwrap();
        let assertion = encode(&aanvraag.kop, &aanvraag.claims, &sleutel).unwrap();
        let mut velden = aanvraag.velden.clone();
        velden.push(("client_assertion", assertion));
        self.formulier_aanroep(&velden).proberen().await
    }

    /// Sends a form to the token endpoint.
    pub async fn formulier(&self, velden: &[(&str, String)]) -> Response {
        self.formulier_aanroep(velden).sturen().await
    }

    fn formulier_aanroep(&self, velden: &[(&str, String)]) -> Aanroep {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(velden);
        self.aanroep(Method::POST, "/v1/token").kop("content-type", "application/x-www-form-urlencoded").lijf(form.finish())
    }

    /// A token for these scopes.
    pub async fn token(&self, bereik: &str) -> String {
        let antwoord = self.aanvragen(&self.aanvraag(bereik)).await;
        assert_eq!(antwoord.status(), 200, "{}", antwoord.text().await.unwrap());
        antwoord.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
    }
}

impl Aanroep {
    /// With this token.
    pub fn token(self, token: &str) -> Self {
        self.kop(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// With this header.
    pub fn kop(self, naam: &str, waarde: &str) -> Self {
        Self(self.0.header(naam, waarde))
    }

    /// With this header, whose value need not be text.
    pub fn kop_bytes(self, naam: &str, waarde: HeaderValue) -> Self {
        Self(self.0.header(naam, waarde))
    }

    /// With this body.
    pub fn lijf(self, lijf: impl Into<reqwest::Body>) -> Self {
        Self(self.0.body(lijf))
    }

    /// Sends it; a connection that fails fails the test.
    pub async fn sturen(self) -> Response {
        self.proberen().await.unwrap()
    }

    /// Sends it.
    ///
    /// # Errors
    /// When there is no connection, as after a TLS alert.
    pub async fn proberen(self) -> Result<Response, reqwest::Error> {
        self.0.send().await
    }
}

/// Seconds since 1970.
pub fn nu() -> i64 {
    SystemClock.now().unix_millis() / 1000
}

/// The first certificate of a PEM file.
pub fn blad(pad: &Path) -> Vec<u8> {
    CertificateDer::from_pem_slice(&fs::read(pad).unwrap()).unwrap().to_vec()
}

fn willekeurig() -> [u8; 16] {
    use inbreng_domain::Randomness;
    let mut bytes = [0; 16];
    inbreng_proof::SystemRandomness.fill(&mut bytes);
    bytes
}
