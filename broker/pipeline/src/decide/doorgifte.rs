//! A part that goes further than its message did, by its owner's word (R4, R28): passed on for who asked it, used for another
//! purpose, or given by its owner to one more recipient. The owner delivers it, never who asked.

use inbreng_catalogue::Catalogus;
use inbreng_domain::{Labels, Oin, TypeNaam, convenant::Partijen, part::Toegangsverklaring, problem::ProblemCode};
use inbreng_policy::{Beleid, Feiten, Verzoek, feiten::Toegangsdoel};
use inbreng_proof::Gids;

use crate::{
    Fout,
    decide::{Beslissing, Situatie, Voor, case::Zaak, feiten, routing::Ontvanger},
};

/// In whose hands it goes further, in which type of message, for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doorgifte {
    /// Who passes it on; the owner itself where it does.
    van: Oin,
    soort: TypeNaam,
    doel: Toegangsdoel,
}

impl Doorgifte {
    /// By the owner's word: in answer to a request, or of its own accord and then for nothing else than what it came for.
    ///
    /// # Errors
    /// `niet-gelijk` for a request that the owner did not answer, or not about this part, recipient and purpose.
    pub(crate) fn van_eigenaar(zaak: &Zaak, labels: &Labels, verklaring: &Toegangsverklaring) -> Result<Self, Fout> {
        let (ontvanger, doel) = (verklaring.ontvanger, Toegangsdoel::van(verklaring));
        let anders = |veld: &str| Fout::new(ProblemCode::NietGelijk).at(format!("/toegang/verklaring{veld}"));
        let eigen = Self { van: labels.eigenaar, soort: labels.berichttype.naam().clone(), doel };
        let Some(verzoek) = verklaring.verzoek else {
            return if doel.doel == labels.doel { Ok(eigen) } else { Err(anders("/doel")) };
        };
        let uitspraak = zaak.feiten().uitspraak(labels.eigenaar, verzoek).ok_or_else(|| anders("/verzoek"))?;
        let past = uitspraak.delen.contains(&labels.id)
            && uitspraak.ontvangers.contains(&ontvanger)
            && uitspraak.doel == Some(doel.doel);
        if !past {
            return Err(anders("/verzoek"));
        }
        if uitspraak.vrager == ontvanger {
            return Ok(eigen);
        }
        Ok(Self { van: uitspraak.vrager, soort: uitspraak.soort.clone().unwrap_or(eigen.soort), doel })
    }

    /// As it was decided before, with the owner's statement by which it went; nothing for a part that goes where its message went.
    pub(crate) fn van_eerder(labels: &Labels, eerder: &Verzoek, verklaring: Option<&Toegangsverklaring>) -> Option<Self> {
        let van = eerder.van_oin.unwrap_or(labels.eigenaar);
        let zelf = van == labels.eigenaar && eerder.soort == *labels.berichttype.naam() && eerder.doel == labels.doel;
        let toegelicht = verklaring.is_some_and(|v| v.toelichting.is_some());
        (!zelf).then(|| Self { van, soort: eerder.soort.clone(), doel: Toegangsdoel { doel: eerder.doel, toegelicht } })
    }

    /// Whether the owner passes it on itself, in the type in which it came.
    fn is_eigen(&self, labels: &Labels) -> bool {
        self.van == labels.eigenaar
    }

    /// The decision.
    ///
    /// # Errors
    /// `beleid-verouderd` where who passes it on, or the type, has gone: then nobody can decide.
    pub(crate) fn beslissen(
        &self,
        labels: &Labels,
        kader: &Kader<'_>,
        ontvanger: &Ontvanger,
        voor: Voor,
    ) -> Result<Beslissing, Fout> {
        let weg = || Fout::new(ProblemCode::BeleidVerouderd);
        let soort = kader.catalogus.definitie(&self.soort).ok_or_else(weg)?;
        let van = kader.gids.partner(self.van).ok_or_else(weg)?;
        let eigenaar = kader.gids.partner(labels.eigenaar).ok_or_else(weg)?;
        let variant = labels.variant.clone().filter(|_| self.is_eigen(labels));
        let gevraagd = Labels { doel: self.doel.doel, variant, ..labels.clone() };
        let situatie = Situatie {
            soort,
            variant: gevraagd.variant.as_ref(),
            convenant: &labels.convenant,
            van,
            zaak: kader.zaak,
            beleid: kader.beleid,
            partijen: kader.partijen,
            gids: kader.gids,
            betreft: None,
            nu: kader.nu,
        };
        // What is held or was said of it is looked up for the purpose that is asked; what its labels claim is read as it was sealed.
        let bekend = feiten(&situatie, ontvanger, voor, Some(&gevraagd));
        let verzegeld = Labels { doel: labels.doel, ..gevraagd.clone() };
        let verzoek = Verzoek::van_deel(&verzegeld, soort, &Feiten { doel: Some(self.doel), ..bekend });
        Ok(Beslissing::nemen_namens(&situatie, eigenaar, ontvanger, (labels.id, voor.wijze), verzoek))
    }
}

/// What a decision on passing on rests on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kader<'a> {
    pub(crate) catalogus: &'a Catalogus,
    pub(crate) gids: &'a Gids,
    pub(crate) beleid: &'a Beleid,
    pub(crate) partijen: &'a Partijen,
    pub(crate) zaak: &'a Zaak,
    pub(crate) nu: inbreng_domain::Tijdstip,
}
