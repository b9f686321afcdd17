//! Tokens and client assertions, bent one thing at a time.

use std::fs;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_harness::{Client, Regio, Tokenaanvraag, blad, nu, slug};
use inbreng_proof::certificate::thumbprint;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{probleem, starten};

/// Makes tokens with the hub's own key: what a thief of the key, or a mistake, could make.
pub struct Smederij {
    sleutel: EncodingKey,
    partner_sleutel: EncodingKey,
    kop: Header,
    claims: Value,
}

impl Smederij {
    pub fn new(regio: &Regio, client: &Client) -> Self {
        let hub = regio.pki.knooppuntmap();
        let partner = regio.pki.partnermap(&slug("politie")).unwrap();
        let pem = |pad| EncodingKey::from_ec_pem(&fs::read(pad).unwrap()).unwrap();
        let mut kop = Header::new(Algorithm::ES256);
        kop.typ = Some("at+jwt".into());
        kop.kid = Some(thumbprint(&blad(&hub.ondertekening_pem())));
        let urn = format!("urn:nld:oin:{}", fs::read_to_string(hub.oin()).unwrap().trim());
        let claims = json!({
            "iss": urn, "aud": urn, "sub": client.oin, "cnf": { "x5t#S256": thumbprint(&blad(&partner.tls_pem())) },
            "scope": "berichten postvak gids logboek", "exp": nu() + 200, "nbf": nu() - 1, "iat": nu() - 1, "jti": "smederij",
        });
        Self { sleutel: pem(hub.ondertekening_key()), partner_sleutel: pem(partner.ondertekening_key()), kop, claims }
    }

    fn smeden(&self, verander: impl FnOnce(&mut Header, &mut Value)) -> String {
        let (mut kop, mut claims) = (self.kop.clone(), self.claims.clone());
        verander(&mut kop, &mut claims);
        encode(&kop, &claims, &self.sleutel).unwrap()
    }

    /// A token that is right in all respects: the forge itself works.
    pub fn goed(&self) -> String {
        self.smeden(|_, _| {})
    }

    /// Tokens that are wrong in one respect each.
    pub fn vals(&self) -> Vec<(&'static str, String)> {
        let goed = self.goed();
        let (kop, rest) = goed.split_once('.').unwrap();
        let (claims, handtekening) = rest.split_once('.').unwrap();
        let ander = URL_SAFE_NO_PAD.encode(self.claims.to_string().replace("postvak", "postvuk"));
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt"}"#);
        vec![
            ("other issuer", self.smeden(|_, c| c["iss"] = json!("urn:nld:oin:00000099000000009999"))),
            ("other audience", self.smeden(|_, c| c["aud"] = json!("urn:nld:oin:00000099000000009999"))),
            ("not yet valid", self.smeden(|_, c| c["nbf"] = json!(nu() + 120))),
            ("expired", self.smeden(|_, c| c["exp"] = json!(nu() - 60))),
            ("without expiry", self.smeden(|_, c| drop(c.as_object_mut().unwrap().remove("exp")))),
            ("without binding", self.smeden(|_, c| drop(c.as_object_mut().unwrap().remove("cnf")))),
            ("without audience", self.smeden(|_, c| drop(c.as_object_mut().unwrap().remove("aud")))),
            ("unknown scope", self.smeden(|_, c| c["scope"] = json!("berichten alles"))),
            ("unknown claim", self.smeden(|_, c| c["rol"] = json!("beheerder"))),
            ("another kind of JWT", self.smeden(|k, _| k.typ = Some("JWT".into()))),
            ("another key id", self.smeden(|k, _| k.kid = Some("iets".into()))),
            ("signed by a partner", encode(&self.kop, &self.claims, &self.partner_sleutel).unwrap()),
            ("claims replaced", format!("{kop}.{ander}.{handtekening}")),
            ("algorithm none", format!("{none}.{claims}.")),
            ("no signature", format!("{kop}.{claims}.")),
            ("very long", format!("{goed}{}", "A".repeat(4000))),
        ]
    }
}

/// A token of the hub that has expired.
pub fn verlopen(regio: &Regio, client: &Client) -> String {
    geldig_nog(regio, client, -1)
}

/// A token of the hub that counts for so many seconds more: half a minute past its end, for clocks that run apart.
pub fn geldig_nog(regio: &Regio, client: &Client, seconden: i64) -> String {
    Smederij::new(regio, client).smeden(|_, c| {
        let einde = nu() - 30 + seconden;
        c["exp"] = json!(einde);
        c["iat"] = json!(einde - 300);
        c["nbf"] = json!(einde - 300);
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_on_the_certificate_it_was_asked_with_and_on_no_other() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let antwoord = politie.aanvragen(&politie.aanvraag("gids logboek")).await;
    assert_eq!(antwoord.status(), 200);
    assert_eq!(antwoord.headers()["cache-control"], "no-store");
    assert_eq!(antwoord.headers()["api-version"], "1.0.0");
    let token: Value = antwoord.json().await.unwrap();
    assert_eq!(
        (&token["token_type"], &token["expires_in"], &token["scope"]),
        (&json!("Bearer"), &json!(300), &json!("gids logboek"))
    );
    let token = token["access_token"].as_str().unwrap();
    let vragen = |client: &Client, token: &str| client.aanroep(Method::GET, "/v1/partners").token(token);
    for _ in 0..2 {
        // The second time from memory.
        assert_eq!(vragen(&politie, token).sturen().await.status(), 200);
    }
    // The same partner, another certificate.
    let mut regio = regio;
    regio.pki.heruitgeven(&slug("politie")).unwrap();
    let nieuw = Client::partner(&regio, &hub, "politie");
    probleem(vragen(&nieuw, token).sturen().await, 401, "token-niet-gebonden", "new certificate").await;
    // And over HTTP/1.1 as over HTTP/2 the forge's good token passes: what the matrix refuses, it refuses for its reason.
    let smederij = Smederij::new(&regio, &nieuw);
    assert_eq!(vragen(&nieuw, &smederij.goed()).sturen().await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_assertion_is_refused_for_each_thing_that_is_wrong_with_it() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    type Verander = fn(&mut Tokenaanvraag);
    let gevallen: &[(&str, Verander, u16, &str)] = &[
        ("other audience", |a| a.claims["aud"] = json!("urn:nld:oin:00000099000000009999"), 401, "invalid_client"),
        ("two audiences", |a| a.claims["aud"] = json!([a.claims["aud"], "x"]), 401, "invalid_client"),
        ("other issuer", |a| a.claims["iss"] = json!("00000099000000005000"), 401, "invalid_client"),
        ("other subject", |a| a.claims["sub"] = json!("00000099000000005000"), 401, "invalid_client"),
        ("expired", |a| a.claims["exp"] = json!(nu() - 31), 401, "invalid_client"),
        ("too far ahead", |a| a.claims["exp"] = json!(nu() + 120), 401, "invalid_client"),
        ("made long ago", |a| a.claims["iat"] = json!(nu() - 300), 401, "invalid_client"),
        ("made in the future", |a| a.claims["iat"] = json!(nu() + 60), 401, "invalid_client"),
        ("not yet valid", |a| a.claims["nbf"] = json!(nu() + 120), 401, "invalid_client"),
        ("without jti", |a| drop(a.claims.as_object_mut().unwrap().remove("jti")), 401, "invalid_client"),
        ("empty jti", |a| a.claims["jti"] = json!(""), 401, "invalid_client"),
        ("long jti", |a| a.claims["jti"] = json!("x".repeat(129)), 401, "invalid_client"),
        ("without iat", |a| drop(a.claims.as_object_mut().unwrap().remove("iat")), 401, "invalid_client"),
        ("without exp", |a| drop(a.claims.as_object_mut().unwrap().remove("exp")), 401, "invalid_client"),
        ("huge exp", |a| a.claims["exp"] = json!(u64::MAX), 401, "invalid_client"),
        ("unknown claim", |a| a.claims["admin"] = json!(true), 401, "invalid_client"),
        ("without kid", |a| a.kop.kid = None, 401, "invalid_client"),
        ("other kid", |a| a.kop.kid = Some("x".into()), 401, "invalid_client"),
        ("an access token's typ", |a| a.kop.typ = Some("at+jwt".into()), 401, "invalid_client"),
        ("critical header", |a| a.kop.crit = Some(vec!["b64".into()]), 401, "invalid_client"),
        ("key by address", |a| a.kop.jku = Some("https://elders.example/jwks".into()), 401, "invalid_client"),
        ("other grant", |a| a.velden[0].1 = "authorization_code".into(), 400, "unsupported_grant_type"),
        ("unknown scope", |a| a.velden[1].1 = "alles".into(), 400, "invalid_scope"),
        ("no scope", |a| drop(a.velden.remove(1)), 400, "invalid_scope"),
        ("other assertion type", |a| a.velden[2].1 = "urn:x".into(), 400, "invalid_request"),
        ("scope twice", |a| a.velden.push(("scope", "gids".into())), 400, "invalid_request"),
    ];
    for (wat, verander, status, error) in gevallen {
        let mut aanvraag = politie.aanvraag("gids");
        verander(&mut aanvraag);
        let code = if *status == 400 { "tokenverzoek-ongeldig" } else { "client-ongeldig" };
        let body = probleem(politie.aanvragen(&aanvraag).await, *status, code, wat).await;
        assert_eq!(body["error"], *error, "{wat}");
    }
    // The good assertion of one partner on the connection of another.
    let [politie_map, ggz_map] = ["politie", "ggz"].map(|naam| regio.pki.partnermap(&slug(naam)).unwrap());
    let gemengd = Client::met(&regio, &hub, Some(&ggz_map), &politie_map);
    probleem(gemengd.aanvragen(&gemengd.aanvraag("gids")).await, 401, "client-ongeldig", "another's assertion").await;
    // Signed with the TLS key instead of the signing key.
    let mut aanvraag = politie.aanvraag("gids");
    aanvraag.velden.push(("client_assertion", {
        let sleutel = EncodingKey::from_ec_pem(&fs::read(politie_map.tls_key()).unwrap()).unwrap();
        encode(&aanvraag.kop, &aanvraag.claims, &sleutel).unwrap()
    }));
    probleem(politie.formulier(&aanvraag.velden).await, 401, "client-ongeldig", "signed with the TLS key").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assertion_counts_once_also_after_a_restart() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let aanvraag = politie.aanvraag("gids");
    assert_eq!(politie.aanvragen(&aanvraag).await.status(), 200);
    probleem(politie.aanvragen(&aanvraag).await, 401, "client-ongeldig", "again").await;
    assert!(hub.stoppen());
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    probleem(politie.aanvragen(&aanvraag).await, 401, "client-ongeldig", "after a restart").await;
    assert_eq!(politie.aanvragen(&politie.aanvraag("gids")).await.status(), 200);
}
