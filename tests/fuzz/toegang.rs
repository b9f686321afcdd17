//! What is fuzzed of access: how a partner asks for a token, and what it shows with a request. Nothing passes but what the hub issued to
//! this partner, and what this partner signed for this hub at this moment.

use std::{path::Path, sync::LazyLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_api::{
    identity::{Bereiken, Clientcertificaat},
    token::{Clientverklaring, Klokrechter, Tokenverzoek, Uitgever, klokwoord as klok_zeggen, urn},
};
use inbreng_domain::{Clock, Oin, Tijdstip, antwoorden::Aangeslotene, clock::SystemClock};
use inbreng_harness::Regio;
use inbreng_proof::{SystemRandomness, certificate::thumbprint};
use jsonwebtoken::{Algorithm, EncodingKey};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};

/// A hub that issues tokens, and a partner that asks for one.
pub struct Toegang {
    hub: Oin,
    uitgever: Uitgever,
    /// The hub's signing key: nothing that it signs but a token is one.
    hubsleutel: EncodingKey,
    hubkid: String,
    partner: Aangeslotene,
    sleutel: EncodingKey,
    tls: Vec<u8>,
    /// What the hub takes for somebody's word that its clock is right; what was said, and when.
    klokrechter: Klokrechter,
    klokwoord: String,
    klokstand: Tijdstip,
}

fn der(pad: &Path) -> Vec<u8> {
    let pem = std::fs::read(pad).expect("a file of the PKI");
    CertificateDer::from_pem_slice(&pem).expect("a certificate of the PKI").to_vec()
}

pub static TOEGANG: LazyLock<Toegang> = LazyLock::new(|| {
    let regio = Regio::maken();
    let politie = regio.partner("politie");
    let (hub, nu, knooppunt) = (regio.knooppunt(), SystemClock.now(), regio.pki.knooppuntmap());
    let pem = |pad: &Path| std::fs::read_to_string(pad).expect("a key of the PKI");
    let codering = |pem: &str| EncodingKey::from_ec_pem(pem.as_bytes()).expect("a P-256 key");
    let hub_pem = pem(&knooppunt.ondertekening_key());
    let hubcertificaat = der(&knooppunt.ondertekening_pem());
    let certificaat = der(&politie.map.ondertekening_pem());
    let uitgever = Uitgever::new(&hub_pem, &hubcertificaat, hub, std::sync::Arc::new(SystemRandomness), nu);
    Toegang {
        klokrechter: Klokrechter::van(&hubcertificaat).expect("the hub's own certificate"),
        klokwoord: klok_zeggen(&hub_pem, nu).expect("the hub's own key"),
        klokstand: nu,
        hub,
        uitgever: uitgever.expect("the hub's own key"),
        hubsleutel: codering(&hub_pem),
        hubkid: thumbprint(&hubcertificaat),
        partner: Aangeslotene {
            oin: politie.oin,
            naam: "Organisatie politie (test)".to_owned(),
            partnertype: inbreng_domain::vocabulary::Partnertype::Politie,
            kid: thumbprint(&certificaat),
            certificaat,
            geldig_tot: nu.plus(time::Duration::days(1)),
        },
        sleutel: codering(&pem(&politie.map.ondertekening_key())),
        tls: der(&politie.map.tls_pem()),
    }
});

impl Toegang {
    /// A token as it is issued; and header and claims, which the hub's own key signs.
    pub fn tokens(&self) -> Vec<Vec<u8>> {
        let echt = self.uitgever.uitgeven(self.partner.oin, &thumbprint(&self.tls), Bereiken::alle(), SystemClock.now());
        let kop = |typ: &str| json!({"typ": typ, "alg": "ES256", "kid": self.hubkid});
        let hub = urn(self.hub);
        let claims = format!(
            r#"{{"iss":"{hub}","aud":"{hub}","sub":"{}","cnf":{{"x5t#S256":"{}"}},"scope":"berichten postvak","exp":@300,"nbf":@0,"iat":@0,"jti":"AAECAwQFBgcICQoLDA0ODw"}}"#,
            self.partner.oin,
            thumbprint(&self.tls),
        );
        let getekend = ["at+jwt", "JWT"].map(|typ| format!("{}\n{claims}", kop(typ)).into_bytes());
        getekend.into_iter().chain([echt.expect("a token").access_token.into_bytes()]).collect()
    }

    /// Assertions: header and claims that the partner's key signs, and one that is signed.
    pub fn verklaringen(&self) -> Vec<Vec<u8>> {
        let wie = self.partner.oin;
        let claims = format!(
            r#"{{"iss":"{wie}","sub":"{wie}","aud":"{}","jti":"AAECAwQFBgcICQoLDA0ODw","iat":@0,"exp":@50}}"#,
            urn(self.hub)
        );
        let kop = json!({"typ": "JWT", "alg": "ES256", "kid": self.partner.kid});
        let los = format!("{kop}\n{claims}");
        vec![ondertekend(&los, &self.sleutel).expect("a header and claims").0.into_bytes(), los.into_bytes()]
    }

    /// Forms that ask for a token.
    pub fn formulieren(&self) -> Vec<Vec<u8>> {
        let basis = "grant_type=client_credentials&scope=berichten+postvak&client_assertion_type=\
            urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c";
        [basis.to_owned(), format!("{basis}&client_id=00000099000000003000")].map(String::into_bytes).to_vec()
    }

    /// Words about the clock: as one is said; header and claims that the hub's key signs; and another word of the hub.
    pub fn klokwoorden(&self) -> Vec<Vec<u8>> {
        let los = |typ: &str, extra: &str| {
            let claims = format!(r#"{{"aud":"urn:inbreng:klok","tijd":"{}"{extra}}}"#, self.klokstand);
            format!("{}\n{claims}", json!({"typ": typ, "alg": "ES256"})).into_bytes()
        };
        vec![self.klokwoord.clone().into_bytes(), los("inbreng-klok+jwt", ""), los("at+jwt", r#","exp":@300"#)]
    }

    /// Whether the hub takes this, as it is or signed, for a word about its clock.
    pub fn neemt_klokwoord(&self, tekst: &str) -> bool {
        let jwt = ondertekend(tekst, &self.hubsleutel).map_or_else(|| tekst.to_owned(), |(jwt, _)| jwt);
        self.klokrechter.beoordelen(jwt.as_bytes(), self.klokstand).is_ok()
    }

    /// The certificate of a connection.
    pub fn certificaten(&self) -> Vec<Vec<u8>> {
        vec![self.tls.clone(), self.partner.certificaat.clone()]
    }
}

impl Toegang {
    /// Whether the hub takes this, as it is or signed, for a token.
    pub fn neemt_token(&self, tekst: &str) -> bool {
        let jwt = ondertekend(tekst, &self.hubsleutel).map_or_else(|| tekst.to_owned(), |(jwt, _)| jwt);
        self.uitgever.controleren(&jwt, SystemClock.now()).is_ok()
    }

    /// Whether the hub takes this, as it is or signed, for the partner's assertion.
    pub fn neemt_verklaring(&self, tekst: &str) -> bool {
        let jwt = ondertekend(tekst, &self.sleutel).map_or_else(|| tekst.to_owned(), |(jwt, _)| jwt);
        Clientverklaring::controleren(&jwt, &self.partner, self.hub, SystemClock.now()).is_ok()
    }
}

/// Header and claims, a line each, signed with this key as they stand: the JWT, and its claims. `@n` in them is `n` seconds from now, so
/// that a seed does not grow old.
fn ondertekend(tekst: &str, sleutel: &EncodingKey) -> Option<(String, String)> {
    let (kop, claims) = tekst.split_once('\n')?;
    let nu = SystemClock.now().unix_millis() / 1000;
    let mut stukken = claims.split('@');
    let mut klaar = stukken.next().unwrap_or_default().to_owned();
    for stuk in stukken {
        let cijfers = stuk.bytes().take_while(u8::is_ascii_digit).count();
        let (seconden, rest) = stuk.split_at(cijfers);
        klaar += &nu.saturating_add(seconden.parse().unwrap_or(i64::MAX)).to_string();
        klaar += rest;
    }
    let invoer = format!("{}.{}", URL_SAFE_NO_PAD.encode(kop), URL_SAFE_NO_PAD.encode(&klaar));
    let handtekening = jsonwebtoken::crypto::sign(invoer.as_bytes(), sleutel, Algorithm::ES256).expect("a signature");
    Some((format!("{invoer}.{handtekening}"), klaar))
}

/// What the claims of something that passed say, read by another reader than the hub's.
fn gezegd(claims: &str) -> Value {
    serde_json::from_str(claims).unwrap_or_else(|e| panic!("{e} of claims that passed: {claims}"))
}

/// An access token: a text; or its header and its claims on a line each, which the hub's own key then signs. Refused, or one that says
/// that the hub issued it to this partner.
pub fn toegangstoken(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    let (t, nu) = (&*TOEGANG, SystemClock.now());
    let Some((jwt, claims)) = ondertekend(tekst, &t.hubsleutel).filter(|_| tekst.starts_with('{')) else {
        if let Ok(geldig) = t.uitgever.controleren(tekst, nu) {
            assert_eq!((geldig.partner, geldig.vingerafdruk.as_str()), (t.partner.oin, thumbprint(&t.tls).as_str()));
        }
        return;
    };
    let Ok(geldig) = t.uitgever.controleren(&jwt, nu) else { return };
    assert!(tekst.contains("at+jwt") && tekst.contains(&t.hubkid), "another word of the hub is a token: {tekst}");
    let claims = gezegd(&claims);
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(urn(t.hub)), &json!(urn(t.hub))));
    assert_eq!((&claims["sub"], &claims["cnf"]["x5t#S256"]), (&json!(geldig.partner), &json!(geldig.vingerafdruk)));
    let bereiken: Bereiken = claims["scope"].as_str().expect("a scope").parse().expect("scopes");
    assert_eq!(bereiken, geldig.bereiken);
    let (exp, nu) = (claims["exp"].as_i64().unwrap_or(i64::MAX), nu.unix_millis() / 1000);
    assert!(exp.saturating_add(31) >= nu, "{exp} was before {nu}");
}

/// Somebody's word that the clock is right: bytes; or its header and its claims on a line each, which the hub's own key then signs.
/// Refused, or one that was meant for this, about this minute.
pub fn klokwoord(bytes: &[u8]) {
    let t = &*TOEGANG;
    let getekend = std::str::from_utf8(bytes).ok().filter(|tekst| tekst.starts_with('{'));
    let getekend = getekend.and_then(|tekst| ondertekend(tekst, &t.hubsleutel));
    let Some((jwt, claims)) = getekend else {
        if let Ok(gezegd) = t.klokrechter.beoordelen(bytes, t.klokstand) {
            assert_eq!(gezegd, t.klokstand, "nobody said this");
        }
        return;
    };
    let Ok(gelezen) = t.klokrechter.beoordelen(jwt.as_bytes(), t.klokstand) else { return };
    assert!(bytes.windows(16).any(|w| w == b"inbreng-klok+jwt"), "another word of the hub is one about its clock: {claims}");
    let claims = gezegd(&claims);
    assert_eq!((&claims["aud"], &claims["tijd"]), (&json!("urn:inbreng:klok"), &json!(gelezen)));
    assert!(gelezen.since(t.klokstand).abs() <= time::Duration::MINUTE, "{gelezen} at {}", t.klokstand);
}

/// A client assertion: a text; or its header and its claims on a line each, which the partner's key then signs. Refused, or one of this
/// partner, for this hub, of this moment, whose number needs to be kept no longer than minutes.
pub fn clientverklaring(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    let (t, nu) = (&*TOEGANG, SystemClock.now());
    let Some((jwt, claims)) = ondertekend(tekst, &t.sleutel).filter(|_| tekst.starts_with('{')) else {
        if let Ok(gelezen) = Clientverklaring::controleren(tekst, &t.partner, t.hub, nu) {
            assert_eq!(gelezen.jti, "AAECAwQFBgcICQoLDA0ODw", "nobody signed this: {tekst}");
        }
        return;
    };
    let Ok(gelezen) = Clientverklaring::controleren(&jwt, &t.partner, t.hub, nu) else { return };
    let claims = gezegd(&claims);
    let wie = json!(t.partner.oin);
    assert_eq!((&claims["iss"], &claims["sub"], &claims["aud"]), (&wie, &wie, &json!(urn(t.hub))));
    assert_eq!(claims["jti"], json!(gelezen.jti));
    assert!(gelezen.jti.len() <= 128 && tekst.contains(&t.partner.kid));
    assert!(gelezen.verloopt > nu && gelezen.verloopt < nu.plus(time::Duration::minutes(3)), "{claims}");
    let ander = Clientverklaring::controleren(&jwt, &t.partner, t.partner.oin, nu);
    assert!(ander.is_err(), "it is for another hub too");
}

/// A form that asks for a token: refused with the code of RFC 6749, or read as any reader of forms reads it.
pub fn tokenverzoek(bytes: &[u8]) {
    let Ok(verzoek) = Tokenverzoek::lezen(bytes) else { return };
    let velden: Vec<(String, String)> = url::form_urlencoded::parse(bytes).into_owned().collect();
    let een = |naam: &str| {
        let mut waarden = velden.iter().filter(|(n, _)| n == naam).map(|(_, w)| w.as_str());
        let eerste = waarden.next().unwrap_or_else(|| panic!("{naam} is not there"));
        assert!(waarden.next().is_none(), "{naam} twice");
        eerste
    };
    assert_eq!((een("grant_type"), een("client_assertion")), ("client_credentials", verzoek.verklaring.as_str()));
    assert_eq!(een("scope").parse::<Bereiken>().expect("scopes"), verzoek.bereiken);
}

/// The certificate of a connection, which TLS has verified: unreadable, or of at most one organisation.
pub fn clientcertificaat(bytes: &[u8]) {
    let keten = [CertificateDer::from(bytes.to_vec())];
    if let Some(gelezen) = Clientcertificaat::lezen(&keten) {
        assert_eq!(gelezen.vingerafdruk(), thumbprint(bytes));
        assert!(gelezen.oin().is_none_or(|oin| inbreng_proof::certificate::oin_of(bytes).is_ok_and(|o| o == oin)));
    }
}
