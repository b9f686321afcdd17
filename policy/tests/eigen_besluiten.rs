//! A past decision as the organisation that sent may read it: it comes out the same, and holds nothing of the case that its answer
//! does not say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use std::borrow::Cow;

use inbreng_domain::{
    Digest,
    vocabulary::{Deelname, JaNee},
};
use inbreng_policy::{Beleid, Naspel, Organisatienamen, Vastlegging, Verzoek};
use samen::toeval::{Toeval, verzoek};

fn namen() -> Organisatienamen {
    Organisatienamen { eigenaar: "A".to_owned(), ontvanger: "B".to_owned() }
}

fn vastlegging(beleid: &Beleid, verzoek: Verzoek) -> Vastlegging<'static> {
    let besluit = beleid.beslissen(&verzoek, &namen().namen());
    Vastlegging { besluit: Cow::Owned(besluit), namen: Cow::Owned(namen()), overzicht: None, verzoek: Cow::Owned(verzoek) }
}

/// A request with the facts that a case may hide from who sends in it as they are when there is nothing to hide.
fn zonder(v: &Verzoek) -> Verzoek {
    Verzoek { scheiding: Vec::new(), naar_deelnemer: Deelname::Ja, bevestigd: JaNee::Ja, ..v.clone() }
}

#[test]
fn what_an_organisation_reads_of_its_own_decisions_comes_out_the_same_and_hides_the_rest() {
    let beleid = samen::voorbeeldregio().0;
    let (catalogus, mut t) = (samen::catalogus(), Toeval::met(29));
    let (mut hidden, mut told) = (0, 0);
    for _ in 0..3_000 {
        let asked = verzoek(&mut t, &catalogus);
        let was = vastlegging(&beleid, asked.clone());
        let own = beleid.voor_afzender(&was).unwrap();
        assert_eq!(own.besluit, was.besluit);
        assert_eq!(beleid.naspelen(&own), Naspel::Gelijk, "{own:?}");
        // What is left of the hidden facts, the answer depends on.
        if beleid.beslissen(&zonder(&asked), &namen().namen()) == *was.besluit {
            assert_eq!(
                (&own.verzoek.scheiding, own.verzoek.naar_deelnemer, own.verzoek.bevestigd),
                (&Vec::new(), Deelname::Ja, JaNee::Ja)
            );
            hidden += usize::from(*own.verzoek != asked);
        } else {
            told += 1;
        }
    }
    assert!(hidden > 500 && told > 50, "{hidden} {told}");
}

#[test]
fn what_another_version_decided_is_not_read_with_this_one() {
    let beleid = samen::voorbeeldregio().0;
    let (catalogus, mut t) = (samen::catalogus(), Toeval::met(3));
    let mut was = vastlegging(&beleid, verzoek(&mut t, &catalogus));
    was.besluit.to_mut().beleid = Digest::from_bytes([8; 32]);
    assert_eq!(beleid.voor_afzender(&was), None);
}
