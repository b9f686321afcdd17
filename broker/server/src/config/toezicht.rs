//! What whoever looks after a hub gets of it: log lines, and traces for a collector.

use serde::Deserialize;

/// The log lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// From which level.
    pub niveau: Niveau,
}

impl Default for Log {
    fn default() -> Self {
        Self { niveau: Niveau::Info }
    }
}

/// Traces for a collector.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sporen {
    /// Where the collector takes them: OTLP over HTTP, protobuf.
    pub otlp: Ontvangadres,
    /// Of how many requests in a hundred a trace is kept.
    #[serde(default = "honderd")]
    pub procent: Procent,
}

const fn honderd() -> Procent {
    Procent(100)
}

/// A whole number from 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub struct Procent(pub u8);

impl TryFrom<u8> for Procent {
    type Error = &'static str;

    fn try_from(getal: u8) -> Result<Self, Self::Error> {
        if (1..=100).contains(&getal) { Ok(Self(getal)) } else { Err("een heel getal van 1 tot en met 100") }
    }
}

/// The address of a collector: `https`, or `http` on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Ontvangadres(pub String);

impl TryFrom<String> for Ontvangadres {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let adres = reqwest::Url::parse(&text).ok();
        let goed = adres.is_some_and(|a| {
            let hier = matches!(a.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
            (a.scheme() == "https" || a.scheme() == "http" && hier) && a.username().is_empty() && a.password().is_none()
        });
        if goed { Ok(Self(text)) } else { Err("een adres als http://127.0.0.1:4318/v1/traces; buiten deze machine alleen https") }
    }
}

/// A level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Niveau {
    /// Only what failed.
    Error,
    /// And what looks wrong.
    Warn,
    /// And what happened.
    Info,
    /// And how.
    Debug,
}
