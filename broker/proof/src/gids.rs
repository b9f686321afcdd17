//! The directory (gids): who the partners are, which certificate each signs with, which key each is sealed for.
//!
//! A statement counts only with two signatures: the partner's own and the covenant manager's (convenantbeheerder). The hub
//! that serves them can leave one out; it can neither make nor change one.

mod build;
mod sign;
mod sleutels;
mod vries;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use inbreng_domain::{
    GemeenteCode, Oin, Tijdstip,
    gids::{Bevriezing, Gidsvermelding, Sleutelverklaring, Vermelding},
    vocabulary::Partnertype,
};

pub use build::{Gidsfout, Gidsfoutsoort, check_medeondertekening, verify_gidsvermelding};
pub use sign::{
    bevestigen, certificaatketen, medeonderteken, opvolgen, sign_bevriezing, sign_sleutel, sign_vermelding, verklaring_digest,
};
pub use sleutels::{kids_in, vervallen_in};
pub use vries::{bevriest_meer, verify_bevriezing};

use crate::certificate::SigningCertificate;

/// A partner whose statements were verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// What it says of itself.
    pub vermelding: Vermelding,
    /// The certificate it signs with.
    pub certificaat: SigningCertificate,
    /// Its encryption keys, newest first: past, future and frozen ones too.
    pub sleutels: Vec<Sleutelverklaring>,
    /// Numbers of the key statements that count for nothing, since they rest on a key that was frozen before them.
    pub vervallen: BTreeSet<u32>,
    /// Numbers of the key statements that the covenant manager confirmed.
    pub bevestigd: BTreeSet<u32>,
    /// The keys that are frozen.
    pub bevriezingen: Vec<Bevriezing>,
    /// The statements as they were signed.
    pub gids: Gidsvermelding,
}

impl Partner {
    /// The key to seal for at this instant: the newest in force. Where that one is frozen there is none: what it replaced does not come
    /// back.
    #[must_use]
    pub fn sleutel(&self, nu: Tijdstip) -> Option<&Sleutelverklaring> {
        self.nieuwste_in(nu).filter(|s| !self.is_bevroren(&s.kid))
    }

    /// The newest key statement in force, frozen or not.
    #[must_use]
    pub fn nieuwste_in(&self, nu: Tijdstip) -> Option<&Sleutelverklaring> {
        let mut tellend = self.sleutels.iter().filter(|s| !self.vervallen.contains(&s.volgnummer));
        tellend.find(|s| s.geldig_vanaf <= nu && nu < s.geldig_tot)
    }

    /// Whether this key is frozen.
    #[must_use]
    pub fn is_bevroren(&self, kid: &str) -> bool {
        self.bevriezingen.iter().any(|b| b.kid == kid)
    }

    /// Whether nobody seals for this key or reads under it any more: it is frozen, or stands in no statement but such as rest on a key that
    /// was frozen before them. Whoever made those has it too.
    #[must_use]
    pub fn telt_niet(&self, kid: &str) -> bool {
        self.is_bevroren(kid) || self.vervallen_kids().any(|k| k == kid)
    }

    /// The keys that stand in no statement but such as count for nothing ([`Self::vervallen`]), by thumbprint.
    pub fn vervallen_kids(&self) -> impl Iterator<Item = &str> {
        let telt = |kid: &str| self.sleutels.iter().any(|s| s.kid == kid && !self.vervallen.contains(&s.volgnummer));
        self.sleutels.iter().map(|s| s.kid.as_str()).filter(move |kid| !telt(kid))
    }

    /// A key by its thumbprint, in force or not.
    #[must_use]
    pub fn sleutel_met_kid(&self, kid: &str) -> Option<&Sleutelverklaring> {
        self.sleutels.iter().find(|s| s.kid == kid)
    }

    /// Whether it serves this municipality: it names it, or names none and serves the whole region.
    #[must_use]
    pub fn bedient(&self, gemeente: GemeenteCode) -> bool {
        self.vermelding.gebied.is_empty() || self.vermelding.gebied.contains(&gemeente)
    }
}

/// The verified directory. Immutable: a new statement makes a new value.
#[derive(Debug, Clone, Default)]
pub struct Gids {
    partners: BTreeMap<Oin, Arc<Partner>>,
}

impl Gids {
    /// A partner.
    #[must_use]
    pub fn partner(&self, oin: Oin) -> Option<&Arc<Partner>> {
        self.partners.get(&oin)
    }

    /// Who fills a role, for a municipality where one is given; by OIN.
    #[must_use]
    pub fn rol(&self, rol: Partnertype, gemeente: Option<GemeenteCode>) -> Vec<&Arc<Partner>> {
        self.partners().filter(|p| p.vermelding.partnertype == rol && gemeente.is_none_or(|g| p.bedient(g))).collect()
    }

    /// All partners, by OIN.
    pub fn partners(&self) -> impl Iterator<Item = &Arc<Partner>> {
        self.partners.values()
    }

    /// Whose signing certificate this is.
    #[must_use]
    pub fn ondertekenaar(&self, kid: &str) -> Option<&Arc<Partner>> {
        self.partners().find(|p| p.certificaat.thumbprint == kid)
    }
}

#[cfg(test)]
mod tests;
