//! Deciding: the same code for a message and for a check. A part and a recipient in, a decision out; only what is decided
//! here can be delivered.

pub(crate) mod answer;
pub(crate) mod case;
pub(crate) mod doorgifte;
pub(crate) mod feiten;
pub(crate) mod gemeld;
pub(crate) mod reference;
pub(crate) mod routing;
pub(crate) mod view;

use std::borrow::Cow;

use inbreng_catalogue::Definitie;
use inbreng_domain::{
    Besluit, Code, ConvenantId, DeelId, Labels, Oin, Tijdstip, Verplichting,
    convenant::Partijen,
    levering::Leveringsbesluit,
    problem::ProblemCode,
    receipts::Bewijsbesluit,
    vocabulary::{Deelname, Eigenaarsbesluit, Partnertype, Toegangswijze},
};
use inbreng_policy::{
    Beleid, Deelpartij, Feiten, Organisatienamen, Toestemmingsbron, Vastlegging, Verzoek, feiten::Verklaringkop,
};
use inbreng_proof::{Gids, Partner, canonical_string};
use inbreng_storage::{Aangehouden, NieuwBesluit};

use crate::Fout;
use case::Zaak;
use routing::Ontvanger;

/// What is decided upon.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situatie<'a> {
    pub(crate) soort: &'a Definitie,
    pub(crate) variant: Option<&'a Code>,
    pub(crate) convenant: &'a ConvenantId,
    pub(crate) van: &'a Partner,
    pub(crate) zaak: &'a Zaak,
    pub(crate) beleid: &'a Beleid,
    /// Who signed the covenant.
    pub(crate) partijen: &'a Partijen,
    pub(crate) gids: &'a Gids,
    /// Whose place in the case the statement is about: that one is told of it, whatever it was (56).
    pub(crate) betreft: Option<Oin>,
    pub(crate) nu: Tijdstip,
}

impl Situatie<'_> {
    /// What a partner is.
    pub(crate) fn soort_van(&self, oin: Oin) -> Option<Partnertype> {
        self.gids.partner(oin).map(|p| p.vermelding.partnertype)
    }

    /// The recipient's part in the case. To one who thinks along an opening message is the decision to let it take part, as to
    /// one who takes no part yet.
    fn deelname_van(&self, ontvanger: Oin) -> Deelname {
        match self.zaak.deelname(ontvanger) {
            _ if self.betreft == Some(ontvanger) => Deelname::Ja,
            Deelname::Deskundige if self.zaak.opent => Deelname::Nee,
            rol => rol,
        }
    }
}

/// A part, and for whom it is.
#[derive(Debug)]
pub(crate) struct Deelvraag<'a> {
    pub(crate) labels: &'a Labels,
    pub(crate) voor: Vec<Voor>,
}

/// One recipient of a part, as the owner says it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voor {
    pub(crate) oin: Oin,
    pub(crate) wijze: Toegangswijze,
    pub(crate) genoemd: bool,
}

/// One decision with the request that it answers.
#[derive(Debug)]
pub(crate) struct Beslissing {
    pub(crate) deel: Option<DeelId>,
    pub(crate) ontvanger: Oin,
    pub(crate) wijze: Toegangswijze,
    pub(crate) verzoek: Verzoek,
    pub(crate) besluit: Besluit,
    namen: Organisatienamen,
}

impl Beslissing {
    /// Asks the policy.
    pub(crate) fn nemen(
        situatie: &Situatie<'_>,
        ontvanger: &Ontvanger,
        deel: Option<DeelId>,
        wijze: Toegangswijze,
        verzoek: Verzoek,
    ) -> Self {
        let namen = Organisatienamen {
            eigenaar: situatie.van.vermelding.naam.clone(),
            ontvanger: ontvanger.partner.vermelding.naam.clone(),
        };
        let besluit = situatie.beleid.beslissen(&verzoek, &namen.namen());
        Self { deel, ontvanger: ontvanger.oin(), wijze, verzoek, besluit, namen }
    }

    /// In the name of its owner, where another passes it on.
    pub(crate) fn nemen_namens(
        situatie: &Situatie<'_>,
        eigenaar: &Partner,
        ontvanger: &Ontvanger,
        (deel, wijze): (DeelId, Toegangswijze),
        verzoek: Verzoek,
    ) -> Self {
        let namen =
            Organisatienamen { eigenaar: eigenaar.vermelding.naam.clone(), ontvanger: ontvanger.partner.vermelding.naam.clone() };
        let besluit = situatie.beleid.beslissen(&verzoek, &namen.namen());
        Self { deel: Some(deel), ontvanger: ontvanger.oin(), wijze, verzoek, besluit, namen }
    }

    /// For who would read: the recipient's sentence, no reason and no way round.
    pub(crate) fn voor_lezer(&self) -> Bewijsbesluit {
        view::voor_lezer(self.ontvanger, self.deel, &self.besluit)
    }

    /// The name of its recipient, as its sentences have it.
    pub(crate) fn naam_ontvanger(&self) -> &str {
        &self.namen.ontvanger
    }

    pub(crate) fn voor_afzender(&self) -> Bewijsbesluit {
        view::voor_afzender(self.ontvanger, self.deel, &self.besluit)
    }

    /// All that is needed to take the decision again.
    pub(crate) const fn vastlegging(&self) -> Vastlegging<'_> {
        Vastlegging {
            besluit: Cow::Borrowed(&self.besluit),
            namen: Cow::Borrowed(&self.namen),
            overzicht: None,
            verzoek: Cow::Borrowed(&self.verzoek),
        }
    }

    /// What the store keeps of it.
    pub(crate) fn opslag(&self) -> Result<NieuwBesluit, Fout> {
        vastgelegd(self.deel, self.ontvanger, &self.vastlegging())
    }
}

/// The record of a decision, replayable: request, the names in its sentences, and decision; never sampled (R41).
pub(crate) fn vastgelegd(deel: Option<DeelId>, ontvanger: Oin, vastlegging: &Vastlegging<'_>) -> Result<NieuwBesluit, Fout> {
    let record = canonical_string(vastlegging).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    let besluit = &vastlegging.besluit;
    let regel = besluit.regels.first().map(|r| r.nummer());
    Ok(NieuwBesluit { deel, ontvanger, uitkomst: besluit.uitkomst, regel, record })
}

/// What one recipient may get. Made by [`Besluiten::toegelaten`] alone, so that nothing else can lead to a delivery.
#[derive(Debug)]
pub(crate) struct Toegelaten<'a> {
    ontvanger: &'a Ontvanger,
    delen: Vec<(DeelId, Toegangswijze)>,
    besluiten: Vec<Leveringsbesluit>,
}

impl Toegelaten<'_> {
    pub(crate) const fn ontvanger(&self) -> &Ontvanger {
        self.ontvanger
    }

    pub(crate) fn delen(&self) -> &[(DeelId, Toegangswijze)] {
        &self.delen
    }

    pub(crate) fn besluiten(&self) -> &[Leveringsbesluit] {
        &self.besluiten
    }

    /// Adds what only the hub knows: a sentence in the place of its own, and a duty.
    pub(crate) fn vertellen(&mut self, zin: &str, plicht: Option<Verplichting>) {
        for besluit in &mut self.besluiten {
            zin.clone_into(&mut besluit.zin);
            besluit.verplichtingen.extend(plicht.clone());
        }
    }
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Afloop {
    /// Someone gets something, or the hub alone is addressed.
    Aangenomen,
    /// Nobody yet: someone else must act first.
    Aangehouden,
    /// Nobody.
    Geweigerd,
}

/// All decisions on one message.
#[derive(Debug)]
pub(crate) struct Besluiten<'a> {
    ontvangers: &'a [Ontvanger],
    beslissingen: Vec<Beslissing>,
}

impl<'a> Besluiten<'a> {
    /// Decides on every part for each of its recipients, and on the statement itself for whoever gets no part.
    ///
    /// # Errors
    /// `niet-gelijk` at the part that is meant for someone who is not addressed.
    pub(crate) fn nemen(situatie: &Situatie<'_>, ontvangers: &'a [Ontvanger], delen: &[Deelvraag<'_>]) -> Result<Self, Fout> {
        let mut beslissingen = Vec::new();
        for deel in delen {
            for voor in &deel.voor {
                let ontvanger =
                    ontvangers.iter().find(|o| o.oin() == voor.oin).ok_or_else(|| Fout::new(ProblemCode::NietGelijk))?;
                let feiten = feiten(situatie, ontvanger, *voor, Some(deel.labels));
                let verzoek = Verzoek::van_deel(deel.labels, situatie.soort, &feiten);
                beslissingen.push(Beslissing::nemen(situatie, ontvanger, Some(deel.labels.id), voor.wijze, verzoek));
            }
        }
        for ontvanger in ontvangers {
            if delen.iter().any(|d| d.voor.iter().any(|v| v.oin == ontvanger.oin())) {
                continue;
            }
            let voor = Voor { oin: ontvanger.oin(), wijze: Toegangswijze::Meegeleverd, genoemd: false };
            let kop =
                Verklaringkop { convenant: situatie.convenant, variant: situatie.variant, casus: situatie.zaak.casus.as_ref() };
            if let Some(verzoek) = Verzoek::van_verklaring(&kop, situatie.soort, &feiten(situatie, ontvanger, voor, None)) {
                beslissingen.push(Beslissing::nemen(situatie, ontvanger, None, voor.wijze, verzoek));
            }
        }
        Ok(Self { ontvangers, beslissingen })
    }

    pub(crate) fn alle(&self) -> &[Beslissing] {
        &self.beslissingen
    }

    pub(crate) fn into_alle(self) -> Vec<Beslissing> {
        self.beslissingen
    }

    /// Who is addressed.
    pub(crate) fn ontvangers(&self) -> Vec<Oin> {
        self.ontvangers.iter().map(Ontvanger::oin).collect()
    }

    pub(crate) fn voor_afzender(&self) -> Vec<Bewijsbesluit> {
        self.beslissingen.iter().map(Beslissing::voor_afzender).collect()
    }

    /// Whether anything is decided for this recipient.
    pub(crate) fn betreft(&self, ontvanger: Oin) -> bool {
        self.beslissingen.iter().any(|b| b.ontvanger == ontvanger)
    }

    pub(crate) fn afloop(&self) -> Afloop {
        let mut alle = self.beslissingen.iter().map(|b| &b.besluit);
        if self.beslissingen.is_empty() || alle.clone().any(|b| b.uitkomst.levert()) {
            Afloop::Aangenomen
        } else if alle.any(|b| b.uitkomst.wacht()) {
            Afloop::Aangehouden
        } else {
            Afloop::Geweigerd
        }
    }

    /// What someone else must decide first: it may be delivered later, when the facts move.
    pub(crate) fn aangehouden(&self) -> Vec<Aangehouden> {
        let wacht = self.beslissingen.iter().filter(|b| b.besluit.uitkomst.wacht());
        wacht
            .map(|b| Aangehouden {
                deel: b.deel,
                ontvanger: b.ontvanger,
                functie: self.ontvangers.iter().find(|o| o.oin() == b.ontvanger).and_then(|o| o.functie.clone()),
                wijze: b.wijze,
                vanaf: None,
            })
            .collect()
    }

    /// Per recipient what it may get: the parts that are allowed to it and the sentences about those, nothing of the rest.
    pub(crate) fn toegelaten(&self) -> Vec<Toegelaten<'a>> {
        self.ontvangers
            .iter()
            .filter_map(|ontvanger| {
                let eigen: Vec<&Beslissing> =
                    self.beslissingen.iter().filter(|b| b.ontvanger == ontvanger.oin() && b.besluit.uitkomst.levert()).collect();
                if eigen.is_empty() {
                    return None;
                }
                Some(Toegelaten {
                    ontvanger,
                    delen: eigen.iter().filter_map(|b| b.deel.map(|deel| (deel, b.wijze))).collect(),
                    besluiten: eigen.iter().map(|b| view::voor_ontvanger(b.deel, &b.besluit)).collect(),
                })
            })
            .collect()
    }
}

/// The facts around one part and one recipient, as the hub knows them.
pub(crate) fn feiten<'a>(situatie: &Situatie<'a>, ontvanger: &Ontvanger, voor: Voor, labels: Option<&Labels>) -> Feiten<'a> {
    let partij = |p: &Partner| Deelpartij { oin: p.vermelding.oin, partnertype: p.vermelding.partnertype };
    Feiten {
        van: situatie.van.vermelding.partnertype,
        van_oin: situatie.van.vermelding.oin,
        naar: ontvanger.partner.vermelding.partnertype.into(),
        naar_oin: ontvanger.oin(),
        van_deelnemer: situatie.zaak.deelname(situatie.van.vermelding.oin),
        naar_deelnemer: situatie.deelname_van(ontvanger.oin()),
        regisseur: situatie.zaak.is_regisseur(ontvanger.oin()),
        toestemmingen: Toestemmingsbron::Gekoppeld {
            register: situatie.zaak.toestemmingen(),
            paren: situatie.zaak.feiten().zelfde_personen(),
        },
        toestemming_maanden: situatie.beleid.bundel().instellingen.toestemming_maanden,
        ondertekend: situatie.beleid.ondertekend(
            situatie.partijen,
            &partij(situatie.van),
            &partij(&ontvanger.partner),
            situatie.nu,
        ),
        // Of the owner, who may be another than who passes it on (R20).
        embargo: situatie.zaak.feiten().embargo(labels.map_or(situatie.van.vermelding.oin, |l| l.eigenaar), labels),
        scheiding: situatie.zaak.feiten().vlaggen(),
        eigenaarsbesluit: labels
            .map_or(Eigenaarsbesluit::Geen, |l| situatie.zaak.feiten().eigenaarsbesluit(l, ontvanger.oin(), situatie.nu)),
        bevestigd: situatie.beleid.is_bevestigd(
            situatie.partijen,
            ontvanger.oin(),
            &ontvanger.partner.vermelding.bevestigd,
            situatie.nu,
        ),
        stilgelegd: labels.and_then(|l| situatie.zaak.feiten().stilgelegd(l, ontvanger.oin())),
        genoemd: voor.genoemd,
        wijze: voor.wijze,
        doel: None,
        nu: situatie.nu,
    }
}
