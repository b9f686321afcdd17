//! What the partners' clocks say of ours. A hub that was started by a clock that is ahead sees no jump and finds nothing in its log; but
//! every partner signs the moment at which it asks for a token. One whose moment is another has a wrong clock, or sends an old word
//! again. Several in a row, and nobody in between whose moment is ours: then it is our clock that is in doubt.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use inbreng_domain::Oin;

/// So many partners in a row are more than chance.
const TWIJFEL: usize = 3;

/// The partners that signed another moment than ours since the last one that signed ours.
#[derive(Debug, Default)]
pub(crate) struct Klokgetuigen(Mutex<BTreeSet<Oin>>);

impl Klokgetuigen {
    /// This partner signed our moment.
    pub(crate) fn gelijk(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// This partner signed another moment. Whether that is the one by which our clock came in doubt.
    pub(crate) fn anders(&self, partner: Oin) -> bool {
        let mut anderen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        anderen.insert(partner) && anderen.len() == TWIJFEL
    }

    /// How many partners in a row.
    pub(crate) fn aantal(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_partners_in_a_row_say_that_it_is_our_clock() {
        let oin = |n: u8| Oin::parse(&format!("000000010000000000{n:02}")).unwrap();
        let getuigen = Klokgetuigen::default();
        assert!(
            !getuigen.anders(oin(1)) && !getuigen.anders(oin(1)) && !getuigen.anders(oin(2)),
            "one that repeats itself is one"
        );
        getuigen.gelijk();
        assert_eq!(getuigen.aantal(), 0, "somebody's moment is ours");
        assert!(!getuigen.anders(oin(1)) && !getuigen.anders(oin(2)) && getuigen.anders(oin(3)));
        assert!(!getuigen.anders(oin(4)), "said once");
        assert_eq!(getuigen.aantal(), 4);
    }
}
