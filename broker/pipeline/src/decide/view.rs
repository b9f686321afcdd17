//! A decision as its sender and as its recipient may see it.

use inbreng_domain::{
    Besluit, DeelId, Oin, RegelId, Uitkomst, Uitleg,
    levering::Leveringsbesluit,
    receipts::{Bewijsbesluit, Ontvangerstand},
    vocabulary::Grondslag,
};

/// What an outsider hears, whatever there is (R16).
pub(crate) const GEEN_INFORMATIE: &str = "Er is geen informatie beschikbaar.";
/// What who may know of an embargo hears (R21).
pub(crate) const NU_NIET: &str = "Er is informatie die nu niet gedeeld kan worden. U hoort het als dat verandert.";
/// What a reader hears of a part that its owner gave for another purpose.
pub(crate) const ANDER_DOEL: &str =
    "De eigenaar gaf dit deel voor een ander doel. Vraag het de eigenaar opnieuw als u het hiervoor nodig heeft.";
/// What a recipient hears when consent was the only ground of what it got (R11).
pub(crate) const NIET_MEER_GEBRUIKEN: &str =
    "De cliënt heeft de toestemming ingetrokken. U mag deze informatie niet meer gebruiken. Bevestig dat u ermee stopt.";

/// What a recipient hears when another ground carries what it got (R11).
pub(crate) fn andere_grond(grond: Grondslag) -> String {
    let naam = match grond {
        Grondslag::Convenant => "het convenant",
        Grondslag::WettelijkeTaak => "een wettelijke taak",
        Grondslag::DoorbrekenBeroepsgeheim => "ernstig gevaar",
        Grondslag::ZonderToestemming => "open delen zonder toestemming",
        Grondslag::Toestemming | Grondslag::Geen => "geen",
    };
    format!("De cliënt heeft de toestemming ingetrokken. Voor wat u al heeft, noemde de eigenaar nog een andere grond: {naam}.")
}

/// What a sender hears of a decision that is held, whatever the reason (R16, R21).
pub(crate) const IN_BEHANDELING: &str = "Dit is in behandeling. U krijgt bericht zodra er is besloten.";

/// For the sender. What is held shows nothing of its reason; what the sender itself must mend shows as refused, since
/// nothing happens until it does.
pub(crate) fn voor_afzender(ontvanger: Oin, deel: Option<DeelId>, besluit: &Besluit) -> Bewijsbesluit {
    if besluit.uitkomst == Uitkomst::Aanhouden {
        return Bewijsbesluit {
            ontvanger,
            deel,
            stand: Ontvangerstand::InBehandeling,
            regels: Vec::new(),
            zin: IN_BEHANDELING.to_owned(),
            verplichtingen: Vec::new(),
            alternatieven: Vec::new(),
        };
    }
    let stand = match besluit.uitkomst {
        Uitkomst::Toestaan => Ontvangerstand::Toegestaan,
        Uitkomst::ToestaanMetPlicht => Ontvangerstand::ToegestaanMetPlicht,
        _ if wacht_op_ander(besluit) => Ontvangerstand::InBehandeling,
        _ => Ontvangerstand::Geweigerd,
    };
    Bewijsbesluit {
        ontvanger,
        deel,
        stand,
        regels: besluit.regels.clone(),
        zin: besluit.uitleg.afzender.clone(),
        verplichtingen: besluit.verplichtingen.clone(),
        alternatieven: besluit.alternatieven.clone(),
    }
}

/// For the recipient: its own sentence and duties, nothing else.
pub(crate) fn voor_ontvanger(deel: Option<DeelId>, besluit: &Besluit) -> Leveringsbesluit {
    Leveringsbesluit {
        deel,
        zin: besluit.uitleg.ontvanger.clone(),
        verplichtingen: besluit.verplichtingen.clone(),
        beleid: besluit.beleid,
    }
}

/// For a recipient that asks for a key and does not get it.
pub(crate) fn voor_lezer(ontvanger: Oin, deel: Option<DeelId>, besluit: &Besluit) -> Bewijsbesluit {
    Bewijsbesluit {
        ontvanger,
        deel,
        stand: Ontvangerstand::Geweigerd,
        regels: Vec::new(),
        zin: besluit.uitleg.ontvanger.clone(),
        verplichtingen: Vec::new(),
        alternatieven: Vec::new(),
    }
}

/// For a reader that asks for another purpose than its owner gave the part for (R2).
pub(crate) fn ander_doel(ontvanger: Oin, deel: DeelId) -> Bewijsbesluit {
    Bewijsbesluit {
        ontvanger,
        deel: Some(deel),
        stand: Ontvangerstand::Geweigerd,
        regels: Vec::new(),
        zin: ANDER_DOEL.to_owned(),
        verplichtingen: Vec::new(),
        alternatieven: Vec::new(),
    }
}

/// For a reader inside the circle that may know of an embargo: that it is, and nothing more (R21).
pub(crate) fn later(ontvanger: Oin, deel: DeelId) -> Bewijsbesluit {
    Bewijsbesluit {
        ontvanger,
        deel: Some(deel),
        stand: Ontvangerstand::InBehandeling,
        regels: Vec::new(),
        zin: NU_NIET.to_owned(),
        verplichtingen: Vec::new(),
        alternatieven: Vec::new(),
    }
}

/// For a check: `aanhouden` shows as `vragen`, without a reason (R16, R21).
pub(crate) fn voor_toets(besluit: Besluit) -> Besluit {
    if besluit.uitkomst != Uitkomst::Aanhouden {
        return besluit;
    }
    Besluit {
        uitkomst: Uitkomst::Vragen,
        regels: Vec::new(),
        grondslag: None,
        verplichtingen: Vec::new(),
        uitleg: Uitleg { afzender: IN_BEHANDELING.to_owned(), ontvanger: GEEN_INFORMATIE.to_owned() },
        alternatieven: Vec::new(),
        beleid: besluit.beleid,
    }
}

/// The one sentence for an outsider.
pub(crate) fn geen_informatie(van: Oin) -> Bewijsbesluit {
    Bewijsbesluit {
        ontvanger: van,
        deel: None,
        stand: Ontvangerstand::Geweigerd,
        regels: RegelId::new(super::case::REGEL).into_iter().collect(),
        zin: GEEN_INFORMATIE.to_owned(),
        verplichtingen: Vec::new(),
        alternatieven: Vec::new(),
    }
}

/// Another purpose than the part was shared for: after the owner's yes a human being looks as well.
const DOELWIJZIGING: u8 = 28;

/// Whether someone else must act first: held, or a change of purpose that a human being looks at (R28). Every other question
/// is the sender's own to answer (its secret R9 and R36, necessity R7 and R19, which part of the meeting R22): held, it would
/// wait for nobody.
pub(crate) fn wacht_op_ander(besluit: &Besluit) -> bool {
    match besluit.uitkomst {
        Uitkomst::Aanhouden => true,
        Uitkomst::Vragen => !besluit.regels.is_empty() && besluit.regels.iter().all(|r| r.nummer() == DOELWIJZIGING),
        Uitkomst::Toestaan | Uitkomst::ToestaanMetPlicht | Uitkomst::Weigeren => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use inbreng_domain::Digest;

    use super::*;

    fn vraagt(regels: &[u8]) -> Besluit {
        Besluit {
            uitkomst: Uitkomst::Vragen,
            regels: regels.iter().map(|n| RegelId::new(*n).unwrap()).collect(),
            grondslag: None,
            verplichtingen: Vec::new(),
            uitleg: Uitleg { afzender: "?".to_owned(), ontvanger: "?".to_owned() },
            alternatieven: Vec::new(),
            beleid: Digest::from_bytes([0; 32]),
        }
    }

    #[test]
    fn only_a_change_of_purpose_waits_for_another() {
        assert!(wacht_op_ander(&vraagt(&[28])));
        for own in [&[7][..], &[9], &[19], &[22], &[36], &[9, 36], &[28, 7]] {
            assert!(!wacht_op_ander(&vraagt(own)), "{own:?} is the sender's to answer");
        }
        assert!(wacht_op_ander(&Besluit { uitkomst: Uitkomst::Aanhouden, ..vraagt(&[20]) }));
    }
}
