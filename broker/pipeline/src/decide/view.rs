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

/// What a recipient hears when another ground carries what it got: which (R11).
pub(crate) fn andere_grond(gronden: &[Grondslag]) -> String {
    let naam = |grond: &Grondslag| match grond {
        Grondslag::Convenant => "het convenant",
        Grondslag::WettelijkeTaak => "een wettelijke taak",
        Grondslag::DoorbrekenBeroepsgeheim => "ernstig gevaar",
        Grondslag::ZonderToestemming => "open delen zonder toestemming",
        Grondslag::Toestemming | Grondslag::Geen => "geen",
    };
    let namen = gronden.iter().map(naam).collect::<Vec<_>>().join(" en ");
    format!("De cliënt heeft de toestemming ingetrokken. Voor wat u al heeft, is er nog een andere grond: {namen}.")
}

/// For the sender, who is the owner of what it sends (R1). What is held says why: an embargo covers parts of its setter alone, so
/// that nobody but the setter reads of one here (R20); else it is the recipient that has yet to read the rules (R44), or an owner that
/// has yet to answer (R28). What the sender itself must mend shows as refused, since nothing happens until it does.
pub(crate) fn voor_afzender(ontvanger: Oin, deel: Option<DeelId>, besluit: &Besluit) -> Bewijsbesluit {
    Bewijsbesluit {
        ontvanger,
        deel,
        stand: besluit.uitkomst.into(),
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

/// For a check by who would send: what is held keeps the reason that the sender of it would read, without the sentence of the
/// recipient, who hears nothing (R21).
pub(crate) fn voor_toets(besluit: Besluit) -> Besluit {
    if besluit.uitkomst != Uitkomst::Aanhouden {
        return besluit;
    }
    Besluit { uitleg: Uitleg { ontvanger: GEEN_INFORMATIE.to_owned(), ..besluit.uitleg }, ..besluit }
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
    fn what_is_held_tells_its_sender_why_and_its_recipient_nothing() {
        let oin = Oin::parse("00000001000000000010").unwrap();
        for regel in [20, 28, 44] {
            let held = Besluit { uitkomst: Uitkomst::Aanhouden, ..vraagt(&[regel]) };
            let told = voor_afzender(oin, None, &held);
            assert_eq!(
                (told.stand, told.regels, &told.zin),
                (Ontvangerstand::InBehandeling, held.regels.clone(), &held.uitleg.afzender)
            );
            let asked = voor_toets(held.clone());
            assert_eq!(
                (asked.uitkomst, &asked.regels, &asked.uitleg.afzender),
                (Uitkomst::Aanhouden, &held.regels, &held.uitleg.afzender)
            );
            assert_eq!(asked.uitleg.ontvanger, GEEN_INFORMATIE);
            let reader = voor_lezer(oin, None, &held);
            assert!(reader.regels.is_empty() && reader.alternatieven.is_empty(), "a reader learns no rule");
        }
    }

    #[test]
    fn what_is_asked_is_the_senders_to_answer_and_waits_for_nobody() {
        let oin = Oin::parse("00000001000000000010").unwrap();
        for regels in [&[7][..], &[9], &[19], &[22], &[28], &[36], &[28, 7]] {
            assert_eq!(voor_afzender(oin, None, &vraagt(regels)).stand, Ontvangerstand::Geweigerd, "{regels:?}");
        }
    }
}
