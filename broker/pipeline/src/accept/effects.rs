//! What an accepted message changes: the case, its participants, responsibility, the register of consent.

use inbreng_catalogue::Gevolg;
use inbreng_domain::{
    Bericht, CasusRef, Oin, PersoonRef, Tijdstip, Toestemming,
    problem::ProblemCode,
    vocabulary::{Categorie, Deelname, Doel, Toestemmingsstand},
    zaak::Deelnemer,
};
use inbreng_storage::Zaakgevolg;
use serde::Deserialize;

use crate::{
    Fout,
    decide::{Situatie, Toegelaten},
};

/// Effects on the case and on the register of consent.
#[derive(Debug, Default)]
pub(crate) struct Gevolgen {
    pub(crate) zaak: Vec<Zaakgevolg>,
    pub(crate) toestemmingen: Vec<Toestemming>,
}

/// The effects of this message, in order.
pub(crate) fn bepalen(situatie: &Situatie<'_>, bericht: &Bericht, toegelaten: &[Toegelaten<'_>]) -> Result<Gevolgen, Fout> {
    let mut gevolgen = Gevolgen::default();
    let zaak = situatie.zaak;
    let Some(casus) = zaak.casus else { return Ok(gevolgen) };
    let van = bericht.van;
    if zaak.nieuw {
        gevolgen.zaak.push(Zaakgevolg::Openen { casus, door: van });
        gevolgen.zaak.push(Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(van, Deelname::Ja) });
    }
    if zaak.opent {
        let nieuwkomers = toegelaten.iter().map(|t| t.ontvanger().oin()).filter(|oin| zaak.deelname(*oin) == Deelname::Nee);
        gevolgen.zaak.extend(
            nieuwkomers.map(|partner| Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(partner, Deelname::Ja) }),
        );
    }
    for gevolg in &situatie.soort.gevolgen {
        match gevolg {
            Gevolg::ToestemmingRegistreren => gevolgen.toestemmingen.push(toestemming(bericht, casus)?),
            // Only a message that answers an overdracht which its sender received comes this far.
            Gevolg::VerantwoordelijkheidVerplaatsen => {
                gevolgen.zaak.push(Zaakgevolg::Verantwoordelijk {
                    casus,
                    partner: van,
                    bericht: bericht.id,
                    overdracht: bericht.antwoord_op.unwrap_or(bericht.id),
                });
            }
        }
    }
    Ok(gevolgen)
}

/// The members of the statement that the register keeps; its schema has judged the whole.
#[derive(Debug, Deserialize)]
struct Verklaring {
    persoon: PersoonRef,
    stand: Toestemmingsstand,
    eigenaar: Oin,
    ontvangers: Vec<Oin>,
    categorieen: Vec<Categorie>,
    doelen: Vec<Doel>,
    volgnummer: u32,
    vanaf: Tijdstip,
    tot: Tijdstip,
}

/// Consent of one person, for one owner (R10).
fn toestemming(bericht: &Bericht, casus: CasusRef) -> Result<Toestemming, Fout> {
    let ongeldig = || Fout::new(ProblemCode::VerklaringOngeldig).at("/data/bericht/verklaring");
    let Verklaring { persoon, stand, eigenaar, ontvangers, categorieen, doelen, volgnummer, vanaf, tot } =
        Verklaring::deserialize(&bericht.verklaring).map_err(|_| ongeldig())?;
    if tot <= vanaf {
        return Err(ongeldig());
    }
    Ok(Toestemming {
        casus,
        persoon,
        stand,
        eigenaar,
        ontvangers,
        categorieen,
        doelen,
        volgnummer,
        vanaf,
        tot,
        geregistreerd_door: bericht.van,
        bericht: bericht.id,
    })
}
