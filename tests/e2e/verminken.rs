//! A signed statement on its way, and everything that can be done to it there: what has no effect then, in [`crate::tamper_statements`]
//! and [`crate::tamper_acts`].

use std::collections::BTreeSet;

use inbreng_domain::antwoorden::Verklaringverzoek;
use inbreng_harness::{Antwoord, Deelnemer, Partner};
use inbreng_proof::{Typ, encoding, jws};
use reqwest::Method;
use serde_json::{Value, json};

/// How the text lies in the body.
pub type Inpakken = Box<dyn Fn(&str) -> Value>;

/// A statement on its way: where to, and under which scope.
pub struct Verklaring {
    pub wat: &'static str,
    pub methode: Method,
    pub pad: String,
    pub bereik: &'static str,
    /// The number of the last step that was seen, where it must be said.
    pub gezien: Option<u64>,
    pub jws: String,
    pub inpakken: Inpakken,
}

impl Verklaring {
    /// One that is posted as it is.
    pub fn los(wat: &'static str, bereik: &'static str, pad: String, jws: String) -> Self {
        let inpakken = Box::new(|jws: &str| json!(Verklaringverzoek { verklaring: jws.to_owned() }));
        Self { wat, methode: Method::POST, pad, bereik, gezien: None, jws, inpakken }
    }

    /// One in a body of its own.
    pub fn in_lijf(self, inpakken: impl Fn(&str) -> Value + 'static) -> Self {
        Self { inpakken: Box::new(inpakken), ..self }
    }

    /// One whose sender says what it saw last.
    pub fn gezien(self, gezien: u64) -> Self {
        Self { gezien: Some(gezien), ..self }
    }

    /// Sends this text in its place.
    pub async fn sturen(&self, wie: &Deelnemer, jws: &str) -> Antwoord {
        self.sturen_lijf(wie, &(self.inpakken)(jws)).await
    }

    /// Sends this body in its place.
    pub async fn sturen_lijf(&self, wie: &Deelnemer, lijf: &Value) -> Antwoord {
        let token = wie.token(self.bereik).await.unwrap();
        let aanroep = wie.client.aanroep(self.methode.clone(), &format!("/v1{}", self.pad)).token(&token);
        let aanroep = match self.gezien {
            Some(gezien) => aanroep.kop("if-match", &format!("\"{gezien}\"")),
            None => aanroep,
        };
        Antwoord::lezen(aanroep.kop("content-type", "application/json").lijf(lijf.to_string()).sturen().await).await.unwrap()
    }

    /// The use that it was signed for.
    pub fn typ(&self) -> Typ {
        let kop = encoding::decode(self.jws.split('.').next().unwrap()).unwrap();
        let kop: Value = serde_json::from_slice(&kop).unwrap();
        *Typ::ALL.iter().find(|t| kop["typ"] == t.as_str()).unwrap()
    }

    /// Changed in every way that leaves its signature out of step, and signed whole by `ander` or for another use: refused each time as
    /// a signature that does not fit. Gives how many were tried.
    pub async fn verminkt_wordt_geweigerd(&self, wie: &Deelnemer, zelf: &Partner, ander: &Partner) -> usize {
        let inhoud: Value = jws::unverified_payload(&self.jws).unwrap();
        let vreemd = jws::sign(&ander.sleutel, self.typ(), &inhoud).unwrap();
        let lang = (self.inpakken)(&self.jws).to_string().len() > LANG;
        let mut alle = veranderd(&self.jws, &[&vreemd], if lang { WEINIG } else { PLAATSEN });
        let gebruiken = Typ::ALL.iter().filter(|t| **t != self.typ());
        alle.extend(gebruiken.map(|t| (format!("as {t}"), jws::sign(&zelf.sleutel, *t, &inhoud).unwrap())));
        for (wat, jws) in &alle {
            let antwoord = self.sturen(wie, jws).await;
            let bij = || format!("{}: {wat}: {} {}", self.wat, antwoord.status, antwoord.tekst());
            assert!(antwoord.status == 422 && antwoord.json()["code"] == "handtekening-ongeldig", "{}", bij());
        }
        alle.len()
    }

    /// The same statement about something else, signed well.
    pub fn anders(&self, door: &Partner, pad: &str, waarde: impl Into<Value>) -> String {
        let mut inhoud: Value = jws::unverified_payload(&self.jws).unwrap();
        let (plek, waarde) = (inhoud.pointer_mut(pad).unwrap(), waarde.into());
        assert_ne!(*plek, waarde, "{}: {pad}", self.wat);
        *plek = waarde;
        jws::sign(&door.sleutel, self.typ(), &inhoud).unwrap()
    }

    /// Signed well and sent where it does not belong: refused with this code.
    pub async fn geweigerd(&self, wie: &Deelnemer, wat: &str, jws: &str, code: &str) {
        let antwoord = self.sturen(wie, jws).await;
        assert_eq!(antwoord.probleem().code.as_str(), code, "{}: {wat}: {}", self.wat, antwoord.tekst());
    }

    /// The same to another address.
    pub async fn geweigerd_op(&self, wie: &Deelnemer, pad: String, code: &str) {
        let Self { wat, bereik, gezien, .. } = *self;
        let lijf = (self.inpakken)(&self.jws);
        let daar = Self { gezien, methode: self.methode.clone(), ..Self::los(wat, bereik, pad, String::new()) };
        let antwoord = daar.sturen_lijf(wie, &lijf).await;
        assert_eq!(antwoord.probleem().code.as_str(), code, "{wat} at {}: {}", daar.pad, antwoord.tekst());
    }

    /// Unchanged it is taken: what was refused was the change.
    pub async fn wordt_aangenomen(&self, wie: &Deelnemer) -> Antwoord {
        let antwoord = self.sturen(wie, &self.jws).await;
        assert!(antwoord.status < 300, "{}: {} {}", self.wat, antwoord.status, antwoord.tekst());
        antwoord
    }
}

/// The uses of these statements.
pub fn typen<'v>(alle: impl IntoIterator<Item = &'v Verklaring>) -> BTreeSet<&'static str> {
    alle.into_iter().map(|v| v.typ().as_str()).collect()
}

/// So many characters of a statement are tried at most, and so many of its members, spread over it. (That each character counts is
/// proven where signatures are verified: `broker/proof/src/jws/tests.rs`.)
pub const PLAATSEN: usize = 300;
/// The same where a whole policy comes along each time.
const WEINIG: usize = 20;
/// From how many bytes that is.
const LANG: usize = 64 * 1024;

/// Another letter or digit, so that the text keeps its form.
pub fn met_ander_teken(jws: &str, plaats: usize) -> String {
    let ander = |c: char| if c == 'A' { 'B' } else { 'A' };
    jws.chars().enumerate().map(|(i, c)| if i == plaats { ander(c) } else { c }).collect()
}

/// Every place of a value, as JSON Pointer.
pub fn plaatsen(waarde: &Value, hier: &str, gevonden: &mut Vec<String>) {
    match waarde {
        Value::Object(leden) => leden.iter().for_each(|(naam, lid)| plaatsen(lid, &format!("{hier}/{naam}"), gevonden)),
        Value::Array(leden) => leden.iter().enumerate().for_each(|(i, lid)| plaatsen(lid, &format!("{hier}/{i}"), gevonden)),
        _ => gevonden.push(hier.to_owned()),
    }
}

/// A character changed everywhere, a member of the payload changed or taken out under the old signature, parts put together from
/// two statements, no signature, and one more.
pub fn veranderd(jws: &str, anderen: &[&str], hoogstens: usize) -> Vec<(String, String)> {
    let stap = |lengte: usize| lengte.div_ceil(hoogstens).max(1);
    let mut alle: Vec<_> =
        (0..jws.len()).step_by(stap(jws.len())).map(|i| (format!("character {i}"), met_ander_teken(jws, i))).collect();
    let [kop, inhoud, handtekening] = jws.split('.').collect::<Vec<_>>().try_into().unwrap();
    let waarde: Value = jws::unverified_payload(jws).unwrap();
    let mut leden = Vec::new();
    plaatsen(&waarde, "", &mut leden);
    let weer = |waarde: &Value| format!("{kop}.{}.{handtekening}", encoding::encode(&inbreng_proof::canonical(waarde).unwrap()));
    for pad in leden.iter().step_by(stap(leden.len())) {
        let mut anders = waarde.clone();
        let plek = anders.pointer_mut(pad).unwrap();
        *plek = match &*plek {
            Value::String(tekst) => json!(met_ander_teken(tekst, tekst.len().saturating_sub(1))),
            Value::Number(_) => json!(7),
            Value::Bool(ja) => json!(!ja),
            _ => json!("x"),
        };
        if anders != waarde {
            alle.push((format!("{pad} changed"), weer(&anders)));
        }
    }
    for naam in waarde.as_object().unwrap().keys() {
        let mut anders = waarde.clone();
        anders.as_object_mut().unwrap().shift_remove(naam);
        alle.push((format!("{naam} taken out"), weer(&anders)));
    }
    let mut erbij = waarde.clone();
    erbij.as_object_mut().unwrap().insert("vreemd".to_owned(), json!("x"));
    alle.push(("a member more".to_owned(), weer(&erbij)));
    for ander in anderen.iter().filter(|a| **a != jws) {
        let [hun_kop, hun_inhoud, hun_handtekening] = ander.split('.').collect::<Vec<_>>().try_into().unwrap();
        alle.push(("another statement".to_owned(), (*ander).to_owned()));
        alle.push(("another's header".to_owned(), format!("{hun_kop}.{inhoud}.{handtekening}")));
        alle.push(("another's payload".to_owned(), format!("{kop}.{hun_inhoud}.{handtekening}")));
        alle.push(("another's signature".to_owned(), format!("{kop}.{inhoud}.{hun_handtekening}")));
    }
    alle.push(("no signature".to_owned(), format!("{kop}.{inhoud}.")));
    alle.push(("a signature more".to_owned(), format!("{jws}.{handtekening}")));
    alle.push(("padding".to_owned(), format!("{jws}==")));
    // Two statements of one signer and kind have one header, and two of one payload have one payload.
    alle.retain(|(_, anders)| anders != jws);
    alle
}
