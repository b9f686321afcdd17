//! What was issued and revoked, and the numbers that count up: `register.json`.

use std::path::Path;

use inbreng_domain::{Code, ConvenantId, Digest, Tijdstip};
use serde::{Deserialize, Serialize};

use crate::{
    PkiFout,
    bestanden::{self, Leesbaar},
    spec::{Organisatiespec, Partnerspec},
};

/// The two certificates of an organisation; neither can serve for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certificaatsoort {
    /// For connections.
    Tls,
    /// For signatures.
    Ondertekening,
}

impl Certificaatsoort {
    /// Both.
    pub const ALLE: [Self; 2] = [Self::Tls, Self::Ondertekening];
}

impl std::fmt::Display for Certificaatsoort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Tls => "tls",
            Self::Ondertekening => "ondertekening",
        })
    }
}

/// A certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Certificaatregel {
    /// Serial number, hexadecimal.
    pub serie: String,
    /// Whose: a slug, `knooppunt` or `convenantbeheerder`; `oin-<OIN>` of who asked and is no partner here.
    pub houder: Code,
    /// For which use.
    pub soort: Certificaatsoort,
    /// Until when.
    pub geldig_tot: Tijdstip,
    /// Since when it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingetrokken_op: Option<Tijdstip>,
}

/// A partner and the numbers of its newest statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Partnerregel {
    pub(crate) spec: Partnerspec,
    /// Number of its directory statement.
    pub(crate) vermelding: u32,
    /// Number of its newest key statement.
    pub(crate) sleutel: u32,
    /// Digest of that key statement, which the next one names.
    pub(crate) sleutel_digest: Option<Digest>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Register {
    pub(crate) knooppunt: Organisatiespec,
    pub(crate) convenantbeheerder: Organisatiespec,
    pub(crate) namen: Vec<String>,
    pub(crate) geldig_dagen: u32,
    pub(crate) crl_dagen: u32,
    /// The covenants whose rules every partner has confirmed.
    #[serde(default = "crate::spec::voorbeelden")]
    pub(crate) convenanten: Vec<ConvenantId>,
    /// Number of the newest revocation lists.
    pub(crate) crl_nummer: u32,
    pub(crate) certificaten: Vec<Certificaatregel>,
    pub(crate) partners: Vec<Partnerregel>,
}

impl Register {
    pub(crate) fn lezen(dir: &Path) -> Result<Self, PkiFout> {
        let pad = dir.join(bestanden::REGISTER);
        if !pad.exists() {
            return Err(PkiFout::GeenPki(dir.to_owned()));
        }
        serde_json::from_str(&bestanden::lezen(&pad)?).map_err(|e| PkiFout::inhoud(pad, e))
    }

    pub(crate) fn schrijven(&self, dir: &Path) -> Result<(), PkiFout> {
        let pad = dir.join(bestanden::REGISTER);
        let text = serde_json::to_vec_pretty(self).map_err(|e| PkiFout::inhoud(&pad, e))?;
        bestanden::schrijven(&pad, &text, Leesbaar::Ieder)
    }

    pub(crate) fn partner(&self, slug: &Code) -> Result<&Partnerregel, PkiFout> {
        self.partners.iter().find(|p| p.spec.slug == *slug).ok_or_else(|| PkiFout::Onbekend(slug.to_string()))
    }

    pub(crate) fn partner_mut(&mut self, slug: &Code) -> Result<&mut Partnerregel, PkiFout> {
        self.partners.iter_mut().find(|p| p.spec.slug == *slug).ok_or_else(|| PkiFout::Onbekend(slug.to_string()))
    }
}
