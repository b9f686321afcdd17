//! Padding of plaintext to size classes, so that a length tells little.

use inbreng_domain::limits::SIZE_CLASSES;

const SPATIE: u8 = 0x20;

/// A content that no size class holds, or a padding that is not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Omvangfout {
    /// Larger than the largest class.
    #[error("content is larger than 4 MiB")]
    TeGroot,
    /// Not the smallest class that holds the content, or no class at all.
    #[error("padding is not that of the smallest size class")]
    Aanvulling,
}

fn klasse(lengte: usize) -> Option<usize> {
    SIZE_CLASSES.into_iter().find(|c| *c >= lengte)
}

/// The padded length of a content of this length.
pub(super) fn aangevuld(lengte: usize) -> Result<usize, Omvangfout> {
    klasse(lengte).ok_or(Omvangfout::TeGroot)
}

/// Pads in place. The caller has reserved the room, so that no copy of the plaintext stays behind in freed memory.
pub(super) fn aanvullen(tekst: &mut Vec<u8>) -> Result<(), Omvangfout> {
    tekst.resize(aangevuld(tekst.len())?, SPATIE);
    Ok(())
}

/// The text without its padding; refuses any other padding than [`aanvullen`] makes.
pub(super) fn zonder_aanvulling(tekst: &[u8]) -> Result<&[u8], Omvangfout> {
    let lengte = tekst.iter().rposition(|b| *b != SPATIE).map_or(0, |i| i + 1);
    if klasse(lengte) != Some(tekst.len()) {
        return Err(Omvangfout::Aanvulling);
    }
    tekst.get(..lengte).ok_or(Omvangfout::Aanvulling)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_smallest_class_that_holds_it() {
        for (lengte, klasse) in [(0, 1024), (1024, 1024), (1025, 4096), (4 << 20, 4 << 20)] {
            assert_eq!(aangevuld(lengte), Ok(klasse));
        }
        assert_eq!(aangevuld((4 << 20) + 1), Err(Omvangfout::TeGroot));
    }

    #[test]
    fn more_padding_than_needed_is_refused() {
        let mut te_veel = b"{}".to_vec();
        te_veel.resize(4096, b' ');
        assert_eq!(zonder_aanvulling(&te_veel), Err(Omvangfout::Aanvulling));
        assert_eq!(zonder_aanvulling(b"{}"), Err(Omvangfout::Aanvulling));
    }

    proptest! {
        #[test]
        fn what_does_not_end_in_a_space_comes_back(mut tekst in proptest::collection::vec(any::<u8>(), 0..5000)) {
            tekst.push(b'}');
            let mut vol = tekst.clone();
            aanvullen(&mut vol).unwrap();
            prop_assert!(SIZE_CLASSES.contains(&vol.len()));
            prop_assert_eq!(zonder_aanvulling(&vol).unwrap(), &tekst[..]);
        }
    }
}
