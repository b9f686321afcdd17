//! Access tokens (RFC 8705, RFC 9068), the client assertions that ask for them (RFC 7523), and the word that the clock is right.

mod client;
mod getuigen;
mod klokwoord;
mod uitgever;
mod verzoek;

pub use client::{Clientfout, Clientverklaring};
pub use klokwoord::{Klokrechter, klokwoord};
pub use uitgever::{GEEN_LANGER_DAN, Geldig, Startfout, Token, Tokenfout, Uitgever};
pub use verzoek::Tokenverzoek;

use inbreng_domain::Oin;

/// How far clocks may differ, in seconds.
pub(crate) const SPELING: u64 = 30;

/// Issuer and audience of the hub: `urn:nld:oin:<OIN>`.
#[must_use]
pub fn urn(oin: Oin) -> String {
    format!("urn:nld:oin:{oin}")
}
