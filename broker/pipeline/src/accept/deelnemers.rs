//! The smallest group that can act (R17): who adds to a case in which many take part already is asked to think about it.

use std::collections::BTreeSet;

use inbreng_domain::{Code, Oin, RegelId, antwoorden::Waarschuwing, vocabulary::Deelname};
use inbreng_storage::Zaakgevolg;

use crate::decide::case::Zaak;

/// What the sender hears where this message adds somebody and there are then many, as the covenant sets it (R17, PD).
pub(crate) fn waarschuwen(is_veel: impl Fn(usize) -> bool, zaak: &Zaak, gevolgen: &[Zaakgevolg]) -> Vec<Waarschuwing> {
    let eerst: BTreeSet<Oin> = zaak.deelnemers().collect();
    let mut straks = eerst.clone();
    for gevolg in gevolgen {
        if let Zaakgevolg::Deelnemer { deelnemer, .. } = gevolg {
            if deelnemer.rol == Deelname::Nee {
                straks.remove(&deelnemer.partner)
            } else {
                straks.insert(deelnemer.partner)
            };
        }
    }
    if !is_veel(straks.len()) || straks.is_subset(&eerst) {
        return Vec::new();
    }
    let zin = format!(
        "Er doen nu {} organisaties mee aan deze zaak. Is iedereen nog nodig? Kies zo weinig mogelijk mensen die samen genoeg \
         kunnen doen.",
        straks.len()
    );
    let waarschuwing = |soort, regel| Waarschuwing { soort, regel, zin };
    Code::parse("veel-deelnemers")
        .ok()
        .zip(RegelId::new(17).ok())
        .map(|(soort, regel)| waarschuwing(soort, regel))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{CasusRef, Tijdstip, zaak::Deelnemer};

    use super::*;
    use crate::decide::case;

    /// In one message, so many are added to a case with nobody.
    fn erbij(ruim: u16, aantal: u64, rol: Deelname) -> Vec<Waarschuwing> {
        let casus = CasusRef::from_bytes([1; 32]);
        let oin = |n: u64| Oin::parse(&format!("{:020}", 1_000_000_000_000 + n)).unwrap();
        let plek = |n| Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(oin(n), rol) };
        let gevolgen: Vec<_> = (1..=aantal).map(plek).collect();
        waarschuwen(|n| n > usize::from(ruim), &case::geen(Some(casus), oin(99), Tijdstip::from_unix_millis(0)), &gevolgen)
    }

    #[test]
    fn above_what_the_covenant_sets_the_sender_is_asked_to_think() {
        assert!(erbij(8, 8, Deelname::Ja).is_empty());
        assert_eq!(erbij(6, 8, Deelname::Ja).len(), 1, "a region that is stricter");
        let [waarschuwing] = erbij(8, 9, Deelname::Ja).try_into().unwrap();
        assert_eq!((waarschuwing.soort.to_string(), waarschuwing.regel.nummer()), ("veel-deelnemers".to_owned(), 17));
        assert!(waarschuwing.zin.contains('9'));
        assert!(erbij(8, 9, Deelname::Nee).is_empty(), "who leaves makes it no larger");
    }
}
