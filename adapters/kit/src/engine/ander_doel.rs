//! The recipient's own check on what was shared to help and comes to be used for something else (R28): what a human had to explain for
//! that purpose is explained, or the part is not taken. Hub and owner ask the same before; a hub could let it through, and an owner's
//! adapter can be left out.

use inbreng_catalogue::{Catalogus, Definitie};
use inbreng_domain::{
    Labels, Oin, Tijdstip,
    vocabulary::{Deelname, Eigenaarsbesluit, Ondertekend, Partnertype, Toegangswijze},
};
use inbreng_policy::{Beleid, Deelpartij, Feiten, Toestemmingsbron, Verzoek, feiten::Toegangsdoel};

/// Between whom, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kader<'a> {
    pub(super) catalogus: &'a Catalogus,
    pub(super) beleid: &'a Beleid,
    pub(super) eigenaar: Deelpartij,
    pub(super) wij: Deelpartij,
    pub(super) nu: Tijdstip,
}

/// Whether a part that its owner gave for this purpose lacks the explanation that the policy asks for it.
///
/// Who asked for it, and in which type of message it goes on, only hub and owner know. So every type and every asker is tried: it is
/// refused where it may come with an explanation, and by no way without.
pub(super) fn mist_uitleg(kader: &Kader<'_>, labels: &Labels, voor: Toegangsdoel) -> bool {
    if voor.doel == labels.doel || voor.toegelicht {
        return false;
    }
    let met = Toegangsdoel { toegelicht: true, ..voor };
    let mut met_uitleg = false;
    for weg in wegen(kader, labels) {
        if weg.levert(kader, labels, voor) {
            return false;
        }
        met_uitleg = met_uitleg || weg.levert(kader, labels, met);
    }
    met_uitleg
}

/// In whose hands it may have gone on, in which type of message.
struct Weg<'a> {
    soort: &'a Definitie,
    van: Partnertype,
    eigen: bool,
}

/// By the owner itself in the type in which it came; or for anyone who asked, in any type that may go for that.
fn wegen<'a>(kader: &Kader<'a>, labels: &Labels) -> impl Iterator<Item = Weg<'a>> + use<'a> {
    let eigen = kader.catalogus.definitie(labels.berichttype.naam());
    let eigen = eigen.map(|soort| Weg { soort, van: kader.eigenaar.partnertype, eigen: true });
    let ander = |soort| Partnertype::ALL.iter().map(move |van| Weg { soort, van: *van, eigen: false });
    eigen.into_iter().chain(kader.catalogus.definities().flat_map(ander))
}

impl Weg<'_> {
    fn levert(&self, kader: &Kader<'_>, labels: &Labels, voor: Toegangsdoel) -> bool {
        // In another type than that in which it came, its variant says nothing.
        let zelfde = self.soort.naam == *labels.berichttype.naam();
        let labels = Labels { variant: labels.variant.clone().filter(|_| zelfde && self.eigen), ..labels.clone() };
        // All that only hub and owner know is taken as it would be where it may go.
        let feiten = Feiten {
            van: self.van,
            van_oin: if self.eigen { kader.eigenaar.oin } else { vrager(kader) },
            naar: kader.wij.partnertype.into(),
            naar_oin: kader.wij.oin,
            van_deelnemer: Deelname::Ja,
            naar_deelnemer: Deelname::Ja,
            regisseur: true,
            toestemmingen: Toestemmingsbron::OordeelKnooppunt,
            toestemming_maanden: kader.beleid.bundel().instellingen.toestemming_maanden,
            ondertekend: Ondertekend::Beide,
            embargo: false,
            scheiding: &[],
            eigenaarsbesluit: Eigenaarsbesluit::Ja,
            bevestigd: true,
            stilgelegd: None,
            genoemd: true,
            wijze: Toegangswijze::Meegeleverd,
            doel: Some(voor),
            nu: kader.nu,
        };
        kader.beleid.uitkomst(&Verzoek::van_deel(&labels, self.soort, &feiten)).levert()
    }
}

/// Whoever asked is another than its owner; which other makes no difference here.
const fn vrager(kader: &Kader<'_>) -> Oin {
    kader.wij.oin
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{
        Berichttype, Digest,
        vocabulary::{Categorie, Doel, Grondslag, Noodzaak},
    };
    use inbreng_policy::{Bundel, Convenantbron};

    use super::*;
    use crate::testsleutels::{GGZ, VEILIG_THUIS, labels, nu, oin};

    #[test]
    fn what_had_to_be_explained_and_is_not_is_not_taken() {
        let catalogus = Catalogus::ingebouwd().unwrap();
        let bron = include_str!("../../../../policy/convenanten/voorbeeldregio.toml");
        let bundel = Bundel::genereren(&Convenantbron::lezen(bron).unwrap(), &catalogus).unwrap();
        let beleid = Beleid::laden(bundel, Digest::from_bytes([1; 32]), &catalogus).unwrap();
        let mist = |soort: &str, categorie, grond, doel, toegelicht| {
            let labels = Labels {
                berichttype: Berichttype::parse(&format!("nl.inbreng.{soort}.v1")).unwrap(),
                categorie,
                doel: Doel::Analyse,
                grondslagen: vec![grond],
                // Explained for the meeting, which is not this.
                noodzaak: Noodzaak::Toegelicht,
                ..labels(GGZ)
            };
            let kader = Kader {
                catalogus: &catalogus,
                beleid: &beleid,
                eigenaar: Deelpartij { oin: oin(GGZ), partnertype: Partnertype::Wijkteam },
                wij: Deelpartij { oin: oin(VEILIG_THUIS), partnertype: Partnertype::Om },
                nu: nu(),
            };
            mist_uitleg(&kader, &labels, Toegangsdoel { doel, toegelicht })
        };
        let inbreng = "inbreng-casusoverleg";
        for categorie in [Categorie::Kind, Categorie::Mening] {
            assert!(mist(inbreng, categorie, Grondslag::Convenant, Doel::Strafzaak, false), "{categorie}");
            assert!(!mist(inbreng, categorie, Grondslag::Convenant, Doel::Strafzaak, true), "{categorie}: explained");
            assert!(!mist(inbreng, categorie, Grondslag::Convenant, Doel::Analyse, false), "{categorie}: what it was shared for");
        }
        // What nobody has to explain comes by the owner's yes alone.
        assert!(!mist(inbreng, Categorie::Hulp, Grondslag::Convenant, Doel::Strafzaak, false));
    }
}
