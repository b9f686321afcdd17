//! The guard on what was done to a part since it was sent: recalled, corrected, frozen (R1, R31). It stands behind the covenant,
//! which no region can edit, and turns an allowance into a refusal, never the reverse.

use inbreng_domain::{Besluit, RegelId, Uitkomst, Uitleg, vocabulary::Stilgelegd};

use crate::Verzoek;

/// What the guard says of a request; nothing where nothing was done.
pub(crate) fn uitkomst(verzoek: &Verzoek) -> Option<Uitkomst> {
    verzoek.stilgelegd.map(|stil| match stil {
        Stilgelegd::Bevroren => Uitkomst::Aanhouden,
        Stilgelegd::Verbeterd | Stilgelegd::Teruggenomen => Uitkomst::Weigeren,
    })
}

/// The decision with the guard behind it. What the covenant refuses already keeps its reason: an outsider must not learn that
/// there was something to recall (R16). A way round what the covenant refuses would end at the guard, and is none.
pub(crate) fn toepassen(verzoek: &Verzoek, besluit: Besluit) -> Besluit {
    let (Some(stil), Some(uitkomst)) = (verzoek.stilgelegd, uitkomst(verzoek)) else { return besluit };
    if uitkomst <= besluit.uitkomst {
        return Besluit { alternatieven: Vec::new(), ..besluit };
    }
    let (regel, afzender, ontvanger) = zinnen(stil);
    Besluit {
        uitkomst,
        regels: RegelId::new(regel).into_iter().collect(),
        grondslag: None,
        verplichtingen: Vec::new(),
        uitleg: Uitleg { afzender: afzender.to_owned(), ontvanger: ontvanger.to_owned() },
        alternatieven: Vec::new(),
        ..besluit
    }
}

/// The rule, and the sentences for the owner and for who would receive it.
const fn zinnen(stil: Stilgelegd) -> (u8, &'static str, &'static str) {
    match stil {
        Stilgelegd::Bevroren => (
            1,
            "Over dit deel is gemeld dat het verkeerd is bezorgd of een verkeerd label heeft. Het gaat nergens heen tot de \
             inbrenger heeft besloten.",
            "Er is informatie die nu niet gedeeld kan worden. U hoort het als dat verandert.",
        ),
        Stilgelegd::Verbeterd => (
            31,
            "U heeft dit deel verbeterd. De oude versie wordt niet meer bezorgd.",
            "De inbrenger heeft deze informatie verbeterd. Gebruik vanaf nu alleen de nieuwe versie.",
        ),
        Stilgelegd::Teruggenomen => (
            1,
            "U heeft dit deel ingetrokken. Het wordt niet meer bezorgd.",
            "De inbrenger heeft deze informatie ingetrokken. Gebruik haar niet meer.",
        ),
    }
}
