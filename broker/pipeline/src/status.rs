//! The sender's view of its own message: per recipient how far it is, and who read a view-only part when.

use inbreng_domain::{
    BerichtId, Oin, Tijdstip,
    antwoorden::{
        Aannameantwoord, Inzageregel, Leveringstand, Ontvangerstatus, Plichten, Plichtregel, Plichtstand, Statusantwoord,
    },
    problem::ProblemCode,
    terugroep::Bezorging,
};
use inbreng_storage::{Berichtstatus, Inzage, Leveringsstaat, Leveringstatus, Plicht};

use crate::{Fout, Hub};

/// Reads it; another's message and none give the same answer.
pub(crate) async fn lezen(hub: &Hub, van: Oin, id: BerichtId) -> Result<Statusantwoord, Fout> {
    let status = hub.store.status(van, id).await?.ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
    let (nu, plichten) = (hub.clock.now(), hub.store.plichten_van(van, id).await?);
    weergave(status, plichten.into_iter().map(|p| plicht(p, nu)).collect())
}

fn weergave(status: Berichtstatus, plichten: Vec<Plichtregel>) -> Result<Statusantwoord, Fout> {
    let Aannameantwoord { ontvangstbewijs, besluiten, .. } =
        serde_json::from_str(&status.ontvangstbewijs).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    Ok(Statusantwoord {
        id: status.id,
        aangenomen_op: status.aangenomen_op,
        ontvangstbewijs,
        besluiten,
        ontvangers: status.leveringen.into_iter().map(ontvanger).collect(),
        plichten,
    })
}

/// How many open duties one look shows.
const HOOGSTENS: u32 = 500;

/// The open duties of a partner.
pub(crate) async fn plichten(hub: &Hub, van: Oin) -> Result<Plichten, Fout> {
    let nu = hub.clock.now();
    let alle = hub.store.open_plichten(van, HOOGSTENS).await?;
    Ok(Plichten { plichten: alle.into_iter().map(|p| plicht(p, nu)).collect() })
}

/// A duty as it shows: late is open beyond its term.
fn plicht(plicht: Plicht, nu: Tijdstip) -> Plichtregel {
    let Plicht { soort, regel, bericht, schuldenaar, uiterlijk, voldaan_op, voldaan_door, uitkomst } = plicht;
    let stand = match voldaan_op {
        Some(_) => Plichtstand::Voldaan,
        None if uiterlijk < nu => Plichtstand::TeLaat,
        None => Plichtstand::Open,
    };
    Plichtregel { soort, regel, bericht, schuldenaar, uiterlijk, stand, voldaan_op, voldaan_door, uitkomst }
}

fn ontvanger(levering: Leveringstatus) -> Ontvangerstatus {
    let stand = stand(&levering);
    let Leveringstatus { ontvanger, staat, afgehandeld_op, ontvangst, gelezen_op, weigering, beantwoord, inzagen, bezorging } =
        levering;
    let (antwoord, beantwoord_op) = beantwoord.unzip();
    Ontvangerstatus {
        ontvanger,
        stand,
        ontvangen_op: afgehandeld_op.filter(|_| staat == Leveringsstaat::Ontvangen),
        ontvangst,
        gelezen_op,
        beantwoord_op,
        antwoord,
        geweigerd_op: afgehandeld_op.filter(|_| staat == Leveringsstaat::Geweigerd),
        weigering,
        inzagen: inzagen
            .into_iter()
            .map(|Inzage { deel, functie, doel, tijd, .. }| Inzageregel { deel, functie, doel, tijd })
            .collect(),
        bezorging,
    }
}

/// The furthest that it has come.
const fn stand(levering: &Leveringstatus) -> Leveringstand {
    match (levering.staat, levering.beantwoord.is_some(), levering.gelezen_op.is_some()) {
        (Leveringsstaat::Geweigerd, _, _) => Leveringstand::Geweigerd,
        (_, true, _) => Leveringstand::Beantwoord,
        (_, false, true) => Leveringstand::Gelezen,
        (Leveringsstaat::Ontvangen, false, false) => Leveringstand::Ontvangen,
        (Leveringsstaat::Open, false, false) => match &levering.bezorging {
            Some(Bezorging { dood_op: Some(_), .. }) => Leveringstand::DodeLetter,
            _ => Leveringstand::Onderweg,
        },
        (Leveringsstaat::Aangehouden, false, false) => Leveringstand::InBehandeling,
        (Leveringsstaat::Vervallen, false, false) => Leveringstand::Vervallen,
        (Leveringsstaat::Verlopen, false, false) => Leveringstand::Verlopen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_furthest_state_is_shown() {
        let at = Tijdstip::from_unix_millis(1);
        let open = Leveringstatus {
            ontvanger: Oin::parse("00000001003214345000").unwrap(),
            staat: Leveringsstaat::Open,
            afgehandeld_op: None,
            ontvangst: None,
            gelezen_op: None,
            weigering: None,
            beantwoord: None,
            inzagen: Vec::new(),
            bezorging: None,
        };
        assert_eq!(stand(&open), Leveringstand::Onderweg);
        let ontvangen = Leveringstatus { staat: Leveringsstaat::Ontvangen, afgehandeld_op: Some(at), ..open.clone() };
        assert_eq!(stand(&ontvangen), Leveringstand::Ontvangen);
        assert_eq!(ontvanger(ontvangen.clone()).ontvangen_op, Some(at));
        assert_eq!(stand(&Leveringstatus { gelezen_op: Some(at), ..ontvangen }), Leveringstand::Gelezen);
        let geweigerd = Leveringstatus { staat: Leveringsstaat::Geweigerd, afgehandeld_op: Some(at), ..open };
        assert_eq!(ontvanger(geweigerd.clone()).ontvangen_op, None);
        assert_eq!(ontvanger(geweigerd).stand, Leveringstand::Geweigerd);
    }
}
