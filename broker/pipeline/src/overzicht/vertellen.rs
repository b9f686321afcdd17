//! What of the deliveries about a person may be told to it: per delivery, by what the covenant says of telling and by what it was.

use std::collections::BTreeMap;

use inbreng_domain::{
    CasusRef, ConvenantId, Labels, Oin, PersoonRef, RegelId, Tijdstip, TypeNaam,
    problem::ProblemCode,
    vocabulary::{Categorie, Deelname, Doel, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort, Partnertype},
};
use inbreng_policy::{Beleid, Organisatienamen, Vertelgroep, Verzoek};
use inbreng_proof::{Gids, Partner};

use super::boek::{Beslist, Boek};
use crate::{Fout, Hub, decide::case::Zaak, policies::InKracht};

/// The type in which a person is told what was shared. Whether it may be told is what the covenant says of that (R20–R26, R32).
const VERTELD: &str = "transparantiebericht";
/// How the person is named in the sentences of a decision.
const PERSOON: &str = "de betrokkene";
/// No covenant in force: nobody can say what may be told (R6). A sender that is in the directory no more may be a shelter (R24).
const GEEN_CONVENANT: u8 = 6;
const ONBEKEND: u8 = 24;

/// The person who asked, in one case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vertelvraag<'a> {
    /// What was stated about the case.
    pub(super) zaak: &'a Zaak,
    pub(super) casus: CasusRef,
    /// The person, by the reference by which it asked: of this case, or of one that counts as one with it.
    pub(super) persoon: PersoonRef,
    pub(super) gids: &'a Gids,
    pub(super) nu: Tijdstip,
}

impl Vertelvraag<'_> {
    /// That this organisation shared something. What is known of the case is set as it is; who tells it takes part.
    fn verzoek(&self, convenant: &ConvenantId, van: (Partnertype, Oin), embargo: bool) -> Result<Verzoek, Fout> {
        let soort = TypeNaam::parse(VERTELD).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
        let naar = (van.0.into(), Ontvangersoort::Betrokkene);
        Ok(Verzoek {
            van_oin: Some(van.1),
            grondslagen: vec![Grondslag::WettelijkeTaak],
            ondertekend: Ondertekend::Beide,
            van_deelnemer: Deelname::Ja,
            naar_deelnemer: Deelname::Ja,
            noodzaak: Noodzaak::Toegelicht,
            embargo: JaNee::from(embargo),
            scheiding: self.zaak.feiten().vlaggen_over(self.casus, self.persoon),
            afgeschermd: JaNee::Nee,
            bevestigd: JaNee::Ja,
            nu: Some(self.nu),
            ..Verzoek::strengste(convenant.clone(), soort, naar, Categorie::Proces, Doel::Verantwoording, Handeling::Ontvangen)
        })
    }

    /// Whether this partner may tell this person, on paper, that it shared something.
    pub(super) fn vragen(
        &self,
        beleid: &Beleid,
        convenant: &ConvenantId,
        partner: &Partner,
        embargo: bool,
    ) -> Result<Beslist, Fout> {
        let verzoek = self.verzoek(convenant, (partner.vermelding.partnertype, partner.vermelding.oin), embargo)?;
        let namen = Organisatienamen { eigenaar: partner.vermelding.naam.clone(), ontvanger: PERSOON.to_owned() };
        let besluit = beleid.beslissen(&verzoek, &namen.namen());
        Ok(Beslist::nieuw(verzoek, besluit, namen))
    }

    /// Whether it may be told that this part was shared; what is decided goes into the book.
    pub(super) fn mag_verteld(
        &self,
        beleid: Option<&Beleid>,
        labels: &Labels,
        ontvanger: Oin,
        boek: &mut Boek,
    ) -> Result<bool, Fout> {
        let feiten = self.zaak.feiten();
        let groep = Vertelgroep {
            ontvanger: Some(ontvanger),
            naar: self.gids.partner(ontvanger).map(|p| p.vermelding.partnertype),
            categorie: labels.categorie,
            afgeschermd: labels.afgeschermd,
            ander: JaNee::from(feiten.over_gescheidene(self.casus, self.persoon, labels)),
            regel: None,
        };
        let zonder = |regel| RegelId::new(regel).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error));
        let Some(beleid) = beleid else {
            boek.zonder(labels.eigenaar, zonder(GEEN_CONVENANT)?, groep);
            return Ok(false);
        };
        let Some(eigenaar) = self.gids.partner(labels.eigenaar) else {
            boek.zonder(labels.eigenaar, zonder(ONBEKEND)?, groep);
            return Ok(false);
        };
        // What went to who set one is not shown either: it says with whom the setter is in touch (R20).
        let embargo = [labels.eigenaar, ontvanger].into_iter().any(|oin| feiten.embargo(oin, Some(labels)));
        let sleutel = (self.casus, labels.convenant.clone(), labels.eigenaar, embargo);
        boek.beslissen(sleutel, groep, || self.vragen(beleid, &labels.convenant, eigenaar, embargo))
    }
}

/// The covenants under which was shared: of one that is no more, nobody can say what may be told.
#[derive(Debug, Default)]
pub(super) struct Convenanten(BTreeMap<ConvenantId, Option<InKracht>>);

impl Convenanten {
    pub(super) async fn beleid(&mut self, hub: &Hub, convenant: &ConvenantId, nu: Tijdstip) -> Result<Option<&Beleid>, Fout> {
        if !self.0.contains_key(convenant) {
            let geldend = match hub.beleid.geldend(hub.store(), convenant, nu, "").await {
                Ok(geldend) => Some(geldend),
                Err(fout) if [ProblemCode::VeldOngeldig, ProblemCode::BeleidVerouderd].contains(&fout.code()) => None,
                Err(fout) => return Err(fout),
            };
            self.0.insert(convenant.clone(), geldend);
        }
        Ok(self.0.get(convenant).and_then(Option::as_ref).map(|g| &g.beleid))
    }
}
