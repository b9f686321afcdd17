//! Where the database is, and how it is reached: over TLS that is verified in full, or on this machine.

use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// A database that can be reached safely.
#[derive(Clone)]
pub struct Plaats(pub(super) PgConnectOptions);

/// Without what opens it.
impl fmt::Debug for Plaats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Plaats").field(&self.0.get_host()).field(&self.0.get_database()).finish()
    }
}

/// Why an address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlaatsFout {
    /// It is no address.
    #[error("not an address such as postgres://user@host:5432/database")]
    Ongeldig,
    /// Passwords stand in a file of their own.
    #[error("a password in the address; it belongs in a file of its own")]
    Wachtwoord,
    /// Only what is given apart may say how TLS is verified.
    #[error("settings in the address that are none: only `host`, for a socket, may stand there")]
    Instelling,
    /// Over a network only TLS.
    #[error("without TLS only a socket or a loopback address is reached")]
    ZonderTls,
}

/// How many read at a time, and how long a write waits for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grenzen {
    /// Connections that read, of this process; one more writes.
    pub lezers: u32,
    /// How long a write waits for the processes beside this one.
    pub slot: Duration,
}

impl Default for Grenzen {
    fn default() -> Self {
        Self { lezers: 8, slot: Duration::from_secs(5) }
    }
}

impl Plaats {
    /// The database at this URL. `wortel` is the certificate that its certificate must come from; without one TLS is verified
    /// by the public authorities. `tls: false` is for an address of this machine alone; a socket has none.
    ///
    /// # Errors
    /// [`PlaatsFout`] where the address says what it should not.
    pub fn nieuw(url: &str, wachtwoord: Option<&str>, wortel: Option<PathBuf>, tls: bool) -> Result<Self, PlaatsFout> {
        let (adres, vraag) = url.split_once('?').unwrap_or((url, ""));
        let Some(rest) = adres.strip_prefix("postgres://") else { return Err(PlaatsFout::Ongeldig) };
        let gebruiker = rest.rsplit_once('@').map_or("", |(gebruiker, _)| gebruiker);
        if gebruiker.contains(':') {
            return Err(PlaatsFout::Wachtwoord);
        }
        if !vraag.split('&').all(|deel| deel.is_empty() || deel.starts_with("host=/")) {
            return Err(PlaatsFout::Instelling);
        }
        let mut opties = PgConnectOptions::from_str(url).map_err(|_| PlaatsFout::Ongeldig)?;
        let host = opties.get_host().trim_matches(['[', ']']).to_owned();
        let hier = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        opties = if opties.get_socket().is_some() || host.starts_with('/') {
            opties.ssl_mode(PgSslMode::Disable)
        } else if tls {
            opties.ssl_mode(PgSslMode::VerifyFull)
        } else if hier {
            opties.ssl_mode(PgSslMode::Disable)
        } else {
            return Err(PlaatsFout::ZonderTls);
        };
        if let Some(wortel) = wortel {
            opties = opties.ssl_root_cert(wortel);
        }
        if let Some(wachtwoord) = wachtwoord {
            opties = opties.password(wachtwoord);
        }
        Ok(Self(opties))
    }
}
