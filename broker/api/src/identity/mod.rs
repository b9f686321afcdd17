//! Who asks: the certificate of the connection, the access token of the request, and the scope it gives.

mod bereik;
mod certificaat;
mod partner;
mod toegang;
mod verbinding;

pub use bereik::{Bereik, Bereiken};
pub use certificaat::Clientcertificaat;
pub(crate) use partner::{Nieuwkomer, Partner};
pub(crate) use toegang::{Beheer, Berichten, Gids, Logboek, Ongeteld, Postvak, Toegang};
pub(crate) use verbinding::{Verbinding, partner_van};
