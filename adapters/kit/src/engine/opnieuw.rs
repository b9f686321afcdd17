//! A dead letter of ours is brought again: somebody called its recipient, and says so under our signature.

use inbreng_domain::{Oin, Problem, ProblemCode, terugroep::Herbezorging, versie::Beheerfunctie};
use inbreng_proof::{Typ, jws};

use super::{Leesfout, Omgeving, Werkfout};
use crate::hub::Hubfout;

/// Has every dead letter of a message of ours brought again, or the one for this recipient. Gives for how many recipients.
pub(crate) async fn opnieuw(
    omgeving: &Omgeving,
    kenmerk: &str,
    functie: Beheerfunctie,
    ontvanger: Option<Oin>,
) -> Result<usize, Leesfout> {
    let onbekend = || Leesfout::Probleem(Box::new(Problem::new(ProblemCode::NietGevonden)));
    let eigen = omgeving.organisatie.oin;
    let bekend = omgeving.opslag.bericht(kenmerk).await.map_err(Werkfout::from)?;
    let bericht = bekend.filter(|b| b.van == eigen).ok_or_else(onbekend)?.id;
    let fout = |fout| match fout {
        Hubfout::Probleem(problem) | Hubfout::Straks(problem, _) => Leesfout::Probleem(problem),
        fout => Leesfout::Werk(fout.into()),
    };
    let (mut na, mut gedaan) = (None, 0);
    loop {
        let bladzij = omgeving.hub.dode_letters(na).await.map_err(fout)?;
        let raakt = |o: Oin| ontvanger.is_none_or(|gevraagd| gevraagd == o);
        for letter in bladzij.dode_letters.iter().filter(|l| l.bericht == bericht && l.van == eigen && raakt(l.ontvanger)) {
            let daad = Herbezorging { levering: letter.levering, door: eigen, functie, tijd: omgeving.clock.now() };
            let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Herbezorging, &daad).map_err(Werkfout::intern)?;
            omgeving.hub.herbezorgen(letter.levering, jws).await.map_err(fout)?;
            gedaan += 1;
        }
        match bladzij.verder {
            Some(verder) => na = Some(verder),
            None => break,
        }
    }
    if gedaan == 0 { Err(onbekend()) } else { Ok(gedaan) }
}
