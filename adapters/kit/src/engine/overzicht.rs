//! What was shared about a person, for that person (R33): asked of the hub by who answers for the case, signed. Nothing of it is kept.

use inbreng_domain::{
    BerichtId, Code, Datum, Problem, ProblemCode,
    overzicht::{Overzicht, Overzichtverzoek},
};
use inbreng_proof::{Typ, jws};

use super::{Leesfout, Omgeving, Werkfout};
use crate::hub::Hubfout;

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
}

/// Signs the request and gives what the hub has. Neither case nor person is made for a key that is not known here.
pub(crate) async fn overzicht(omgeving: &Omgeving, gevraagd: Gevraagd<'_>) -> Result<Overzicht, Leesfout> {
    let onbekend = || Leesfout::Probleem(Box::new(Problem::new(ProblemCode::NietGevonden)));
    let zaak = omgeving.opslag.zaak_van(gevraagd.zaak).await.map_err(Werkfout::from)?.ok_or_else(onbekend)?;
    let casus = zaak.verwijzing;
    let persoon = omgeving.opslag.persoon_van(casus, gevraagd.persoon).await.map_err(Werkfout::from)?;
    let convenant = omgeving.convenant().ok_or_else(|| Werkfout::intern("no covenant is known here"))?;
    let nu = omgeving.clock.now();
    let verzoek = Overzichtverzoek {
        verzoek: BerichtId::mint(nu, &*omgeving.random),
        casus,
        persoon: persoon.ok_or_else(onbekend)?,
        convenant,
        gevraagd_op: gevraagd.op,
        organisatie: omgeving.organisatie.oin,
        functie: gevraagd.functie,
        tijd: nu,
    };
    let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Overzicht, &verzoek).map_err(Werkfout::intern)?;
    omgeving.hub.overzicht(jws).await.map_err(|fout| match fout {
        Hubfout::Probleem(problem) => Leesfout::Probleem(problem),
        fout => Leesfout::Werk(fout.into()),
    })
}
