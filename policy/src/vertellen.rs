//! What of past deliveries is told to a person concerned (R33), beside what the covenant says of telling: by what a delivery was, and
//! to whom. Pure, so that what was left out once is decided the same again (R41).

use inbreng_domain::{
    Digest, Oin, RegelId,
    vocabulary::{Categorie, JaNee, Ontvangersoort, Partnertype, Scheiding},
};
use serde::{Deserialize, Serialize};

/// What one overview decided on the deliveries of one owner. For the supervisor of the hub: no partner and no person reads it (R21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vertelling {
    /// The digest of the signed request, as the leaf has it.
    pub verklaring: Digest,
    /// Whose deliveries, where the policy was not asked; else it is the sender of what was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eigenaar: Option<Oin>,
    /// What was delivered, each kind once.
    pub groepen: Vec<Vertelgroep>,
}

/// Deliveries that are alike in all that telling depends on: no number of them, and nobody whom they are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vertelgroep {
    /// Who received them; absent for those of many more recipients than a record names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ontvanger: Option<Oin>,
    /// What the recipient is; absent: it is in the directory no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naar: Option<Partnertype>,
    /// What the parts hold.
    pub categorie: Categorie,
    /// Whether a child told them for professionals alone (R26).
    pub afgeschermd: JaNee,
    /// Whether they are also about somebody who is kept apart from another, and is not the one who asked (R23).
    pub ander: JaNee,
    /// By which rule they are left out; absent: told, where the policy lets them be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regel: Option<RegelId>,
}

impl Vertelgroep {
    /// By which rule these deliveries of this kind of owner are left out, under these flags; nothing where none does.
    #[must_use]
    pub fn verzwegen(&self, van: Ontvangersoort, vlaggen: &[Scheiding]) -> Option<RegelId> {
        let is = |soort: Partnertype| van == soort.into() || self.naar == Some(soort);
        // Neither that there is a secret address, nor by its name which shelter knows of somebody. Of who is in the directory no more
        // nobody can say that it is none.
        let geheim = self.categorie == Categorie::AdresGeheim || is(Partnertype::Vrouwenopvang) || self.naar.is_none();
        // What the prosecution says of a case never goes to a client; in a divided one, nor what goes to its part.
        let van_om = van == Partnertype::Om.into() && self.categorie == Categorie::Straf
            || self.naar == Some(Partnertype::Om) && vlaggen.contains(&Scheiding::OmClient);
        let regel = match () {
            () if van_om => 22,
            () if self.ander.is_ja() => 23,
            () if geheim => 24,
            // What a child told for professionals alone is not shown to who asks in its name.
            () if self.afgeschermd.is_ja() => 26,
            () => return None,
        };
        RegelId::new(regel).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groep(naar: Option<Partnertype>, categorie: Categorie) -> Vertelgroep {
        Vertelgroep { ontvanger: None, naar, categorie, afgeschermd: JaNee::Nee, ander: JaNee::Nee, regel: None }
    }

    #[test]
    fn each_reason_to_leave_out_has_its_rule() {
        let (vt, wt) = (Partnertype::VeiligThuis, Partnertype::Wijkteam);
        let regel = |van: Partnertype, groep: &Vertelgroep, vlaggen: &[Scheiding]| {
            groep.verzwegen(van.into(), vlaggen).map(RegelId::nummer)
        };
        let gewoon = groep(Some(vt), Categorie::Hulp);
        assert_eq!(regel(wt, &gewoon, &[Scheiding::OmClient, Scheiding::PlegerSlachtoffer]), None);
        assert_eq!(regel(Partnertype::Vrouwenopvang, &gewoon, &[]), Some(24));
        assert_eq!(regel(wt, &groep(Some(Partnertype::Vrouwenopvang), Categorie::Hulp), &[]), Some(24));
        assert_eq!(regel(wt, &groep(None, Categorie::Hulp), &[]), Some(24), "in the directory no more");
        assert_eq!(regel(wt, &groep(Some(vt), Categorie::AdresGeheim), &[]), Some(24));
        assert_eq!(regel(Partnertype::Om, &groep(Some(vt), Categorie::Straf), &[]), Some(22));
        assert_eq!(regel(Partnertype::Om, &gewoon, &[]), None, "not of the case against somebody");
        let naar_om = groep(Some(Partnertype::Om), Categorie::Hulp);
        assert_eq!(
            (regel(wt, &naar_om, &[]), regel(wt, &naar_om, &[Scheiding::OmClient])),
            (None, Some(22)),
            "to its part of a divided case"
        );
        assert_eq!(regel(wt, &Vertelgroep { afgeschermd: JaNee::Ja, ..gewoon.clone() }, &[]), Some(26));
        assert_eq!(regel(wt, &Vertelgroep { ander: JaNee::Ja, ..gewoon }, &[]), Some(23));
    }
}
