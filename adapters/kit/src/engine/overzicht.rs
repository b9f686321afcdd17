//! What was shared about a person, for that person (R33): asked of the hub by who answers for the case, signed. Nothing of the answer is
//! kept. That it was asked is, until the person was told: a hub that was put back from a copy may have lost it.

use inbreng_domain::{
    Bericht, BerichtId, Code, Datum, LeveringId, PersoonRef, Problem, ProblemCode,
    overzicht::{Overzicht, Overzichtverzoek},
    receipts::Herstelpunt,
};
use inbreng_proof::{Typ, jws};
use serde::Deserialize;

use super::{Leesfout, Omgeving, Werkfout, herstel};
use crate::{hub::Hubfout, store::Transactie};

/// In which type, and in which words, it is said that a person was told (50).
const VERTELD: (&str, &str) = ("transparantiebericht", "verteld");

/// What the person asked, in the own system's numbers.
#[derive(Debug)]
pub(crate) struct Gevraagd<'a> {
    /// The own key of the case.
    pub zaak: &'a str,
    /// The own key of the person.
    pub persoon: &'a str,
    /// On which day.
    pub op: Datum,
    /// The function of the professional who tells it.
    pub functie: Code,
    /// Where an earlier answer ended.
    pub na: Option<LeveringId>,
}

/// Signs the request and gives what the hub has. Neither case nor person is made for a key that is not known here.
pub(crate) async fn overzicht(omgeving: &Omgeving, gevraagd: Gevraagd<'_>) -> Result<Overzicht, Leesfout> {
    let onbekend = || Leesfout::Probleem(Box::new(Problem::new(ProblemCode::NietGevonden)));
    let zaak = omgeving.opslag.zaak_van(gevraagd.zaak).await.map_err(Werkfout::from)?.ok_or_else(onbekend)?;
    let casus = zaak.verwijzing;
    let persoon = omgeving.opslag.persoon_van(casus, gevraagd.persoon).await.map_err(Werkfout::from)?;
    let convenant = omgeving.convenant().ok_or_else(|| Werkfout::intern("no covenant is known here"))?;
    let nu = omgeving.clock.now();
    let mut verzoek = Overzichtverzoek {
        verzoek: BerichtId::mint(nu, &*omgeving.random),
        casus,
        persoon: persoon.ok_or_else(onbekend)?,
        convenant,
        gevraagd_op: gevraagd.op,
        organisatie: omgeving.organisatie.oin,
        functie: gevraagd.functie,
        tijd: nu,
        na: gevraagd.na,
    };
    let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Overzicht, &verzoek).map_err(Werkfout::intern)?;
    let uit = omgeving.hub.overzicht(jws).await;
    if heeft(&uit) {
        verzoek.na = None;
        omgeving.opslag.overzicht_gevraagd(&verzoek).await.map_err(Werkfout::from)?;
    }
    uit.map_err(|fout| match fout {
        Hubfout::Probleem(problem) | Hubfout::Straks(problem, _) => Leesfout::Probleem(problem),
        fout => Leesfout::Werk(fout.into()),
    })
}

/// Whether the hub has written that it was asked: also where nothing may be told.
fn heeft(uit: &Result<Overzicht, Hubfout>) -> bool {
    match uit {
        Ok(_) => true,
        Err(Hubfout::Probleem(problem)) => problem.code == ProblemCode::NietToegestaan,
        Err(_) => false,
    }
}

/// After the hub took our word that a person was told (50): what it asked is answered.
pub(super) async fn verteld(tx: &mut Transactie, bericht: &Bericht) -> Result<(), Werkfout> {
    #[derive(Deserialize)]
    struct Verklaring {
        persoon: PersoonRef,
        stand: String,
    }
    let Some(casus) = bericht.casus.filter(|_| bericht.berichttype.naam().as_str() == VERTELD.0) else { return Ok(()) };
    match Verklaring::deserialize(&bericht.verklaring) {
        Ok(v) if v.stand == VERTELD.1 => Ok(tx.overzicht_verteld(casus, v.persoon, bericht.tijd).await?),
        _ => Ok(()),
    }
}

/// Brings again to a hub that was put back what persons asked since its copy and were not told; the request as it was, under our present
/// key. What it rests on may still have to come from another partner, so it is offered again and again; in the end a human must know.
pub(super) async fn opnieuw(omgeving: &Omgeving, punt: &Herstelpunt, naam: &str) -> Result<(), Werkfout> {
    for (verzoek, pogingen) in omgeving.opslag.overzichten_opnieuw(naam, punt.tot.plus(-herstel::MARGE)).await? {
        let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Overzicht, &verzoek).map_err(Werkfout::intern)?;
        let uit = omgeving.hub.overzicht(jws).await;
        if heeft(&uit) {
            omgeving.opslag.overzicht_klaar(verzoek.verzoek, naam).await?;
            tracing::info!(verzoek = %verzoek.verzoek, "vraag van een betrokkene is nagezonden");
            continue;
        }
        match uit {
            Err(Hubfout::Probleem(problem)) if (400..500).contains(&problem.status) && pogingen >= herstel::POGINGEN => {
                let uitleg = format!(
                    "Een betrokkene vroeg wat er over hem is gedeeld. Het knooppunt werd daarna teruggezet uit een kopie, en neemt \
                     die vraag niet meer aan ({}). U antwoordt toch voor {}; het knooppunt volgt dat niet meer.",
                    problem.code,
                    verzoek.uiterlijk()
                );
                omgeving.alarm("nazending-geweigerd", verzoek.verzoek, &uitleg).await?;
                omgeving.opslag.overzicht_klaar(verzoek.verzoek, naam).await?;
            }
            Err(Hubfout::Probleem(problem)) if (400..500).contains(&problem.status) => {
                omgeving.opslag.overzicht_later(verzoek.verzoek).await?;
            }
            // Closed still, or not there.
            _ => return Ok(()),
        }
    }
    Ok(())
}
