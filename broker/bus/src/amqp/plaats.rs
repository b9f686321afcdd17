//! Where a node of the broker is: over TLS, or on this machine.

use std::{fmt, net::IpAddr};

use lapin::{
    tcp::OwnedTLSConfig,
    uri::{AMQPScheme, AMQPUri},
};

/// How often either side says that it lives, in seconds: a peer that stands still is given up after two of them.
const HARTSLAG: u16 = 10;

/// A node that can be reached safely.
#[derive(Clone)]
pub struct Knoop {
    uri: AMQPUri,
    wortel: Option<String>,
}

/// Without what opens it.
impl fmt::Debug for Knoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AMQPUri { authority, vhost, .. } = &self.uri;
        f.debug_tuple("Knoop").field(&authority.host).field(&authority.port).field(vhost).finish()
    }
}

/// Why an address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KnoopFout {
    /// It is no address.
    #[error("not an address such as amqps://user@host:5671/vhost")]
    Ongeldig,
    /// Passwords stand in a file of their own.
    #[error("a password in the address; it belongs in a file of its own")]
    Wachtwoord,
    /// Nothing else may stand in it.
    #[error("settings in the address; they belong in keys of their own")]
    Instelling,
    /// Over a network only TLS.
    #[error("without TLS only an address of this machine is reached")]
    ZonderTls,
    /// The authority of the broker's certificate must be known.
    #[error("no certificate from which that of the broker comes")]
    ZonderWortel,
}

impl Knoop {
    /// The node at this address. `wortel` is PEM of the certificates of which that of the broker must come; nobody else is
    /// believed.
    ///
    /// # Errors
    /// [`KnoopFout`] where the address says what it should not.
    pub fn nieuw(url: &str, wachtwoord: &str, wortel: Option<String>) -> Result<Self, KnoopFout> {
        if url.contains(['?', '#']) {
            return Err(KnoopFout::Instelling);
        }
        let (_, rest) = url.split_once("://").ok_or(KnoopFout::Ongeldig)?;
        let (gebruiker, plek) = rest.rsplit_once('@').ok_or(KnoopFout::Ongeldig)?;
        if gebruiker.contains(':') {
            return Err(KnoopFout::Wachtwoord);
        }
        // The client would take `guest`, and the empty virtual host, for what is left out.
        if gebruiker.is_empty() || plek.split_once('/').is_none_or(|(_, vhost)| vhost.is_empty()) {
            return Err(KnoopFout::Ongeldig);
        }
        let mut uri: AMQPUri = url.parse().map_err(|_| KnoopFout::Ongeldig)?;
        let host = uri.authority.host.trim_matches(['[', ']']);
        let hier = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        match uri.scheme {
            AMQPScheme::AMQPS if wortel.is_none() => return Err(KnoopFout::ZonderWortel),
            AMQPScheme::AMQP if !hier => return Err(KnoopFout::ZonderTls),
            AMQPScheme::AMQPS | AMQPScheme::AMQP => {}
        }
        wachtwoord.clone_into(&mut uri.authority.userinfo.password);
        uri.query.heartbeat = Some(HARTSLAG);
        Ok(Self { uri, wortel })
    }

    pub(super) fn uri(&self) -> AMQPUri {
        self.uri.clone()
    }

    /// Nobody else is believed: the client has no roots of its own.
    pub(super) fn tls(&self) -> OwnedTLSConfig {
        OwnedTLSConfig { identity: None, cert_chain: self.wortel.clone() }
    }
}

/// What every name at the broker begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naam(String);

impl Naam {
    /// Small letters, digits and hyphens, at most 40: rights are given by it, in a pattern.
    #[must_use]
    pub fn nieuw(naam: &str) -> Option<Self> {
        let goed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        (!naam.is_empty() && naam.len() <= 40 && naam.bytes().all(goed)).then(|| Self(naam.to_owned()))
    }

    pub(super) fn met(&self, rest: &str) -> String {
        format!("{}.{rest}", self.0)
    }
}

impl Default for Naam {
    fn default() -> Self {
        Self("inbreng".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_reached_safely_or_not_at_all() {
        let wortel = || Some("pem".to_owned());
        for (goed, wortel) in [
            ("amqps://inbreng@mq.example:5671/inbreng", wortel()),
            ("amqps://inbreng@mq.example/%2f", wortel()),
            ("amqp://inbreng@127.0.0.1:5672/inbreng", None),
            ("amqp://inbreng@[::1]:5672/inbreng", None),
            ("amqp://inbreng@localhost/inbreng", None),
        ] {
            let knoop = Knoop::nieuw(goed, "kanarie-wachtwoord", wortel).unwrap();
            assert!(!format!("{knoop:?}").contains("kanarie"), "{knoop:?}");
            assert_eq!(knoop.uri().authority.userinfo.password, "kanarie-wachtwoord");
        }
        for (slecht, wortel, fout) in [
            ("amqp://inbreng@mq.example/inbreng", None, KnoopFout::ZonderTls),
            ("amqps://inbreng@mq.example/inbreng", None, KnoopFout::ZonderWortel),
            ("amqps://inbreng:geheim@mq.example/inbreng", wortel(), KnoopFout::Wachtwoord),
            ("amqps://inbreng@mq.example/inbreng?heartbeat=0", wortel(), KnoopFout::Instelling),
            ("amqps://mq.example/inbreng", wortel(), KnoopFout::Ongeldig),
            ("amqps://inbreng@mq.example", wortel(), KnoopFout::Ongeldig),
            ("https://inbreng@mq.example/inbreng", wortel(), KnoopFout::Ongeldig),
        ] {
            assert_eq!(Knoop::nieuw(slecht, "x", wortel).unwrap_err(), fout, "{slecht}");
        }
    }

    #[test]
    fn a_name_is_safe_in_a_pattern() {
        assert!(Naam::nieuw("inbreng-proef2").is_some());
        for slecht in ["", "Inbreng", "in.breng", "in breng", ".*", &"x".repeat(41)] {
            assert!(Naam::nieuw(slecht).is_none(), "{slecht}");
        }
    }
}
