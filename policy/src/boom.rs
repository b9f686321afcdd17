//! A tree over the dimensions that leads to one small question: a lookup is one step per dimension that matters there,
//! whatever the number of rows.
//!
//! A node stands for a set of rows that may still hold. Values of its dimension that the same rows admit lead to the same
//! child, a dimension that tells no rows apart has no node, and equal sets exist once. So what is built is as large as the
//! rows are different, not as the dimensions are wide.

use std::collections::HashMap;

use crate::{
    BeleidFout,
    regelrij::{MATEN, Plaats, Regelrij, bit, heel},
};

/// Marks the number of a leaf, where a node is referred to by its place.
const BLAD: u32 = 1 << 31;

/// The most values of a dimension.
const BREEDSTE: usize = 32;

/// The nodes, one after the other: the dimension, then a reference per value.
#[derive(Debug, Default)]
pub(crate) struct Boom {
    knopen: Vec<u32>,
}

impl Boom {
    /// The leaf for a place, from a root.
    pub(crate) fn blad(&self, wortel: u32, plaats: Plaats) -> Option<usize> {
        let mut at = wortel;
        for _ in 0..=MATEN.len() {
            if at & BLAD != 0 {
                return usize::try_from(at & !BLAD).ok();
            }
            let node = usize::try_from(at).ok()?;
            let dimension = usize::try_from(*self.knopen.get(node)?).ok()?;
            at = *self.knopen.get(node + 1 + plaats.waarde(dimension)?)?;
        }
        None
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        self.knopen.capacity() * size_of::<u32>()
    }
}

/// Grows a tree.
#[derive(Debug, Default)]
pub(crate) struct Kweker {
    boom: Boom,
    /// Per dimension: the sets of rows that it tells apart, and the nodes that do.
    gezien: [HashMap<Box<[u32]>, u32>; MATEN.len()],
}

impl Kweker {
    /// The root for these rows (places in `alle`, ascending); `blad` gives the leaf of the rows that hold together.
    pub(crate) fn wortel(
        &mut self,
        alle: &[Regelrij],
        rijen: &[u32],
        blad: &mut impl FnMut(&[u32]) -> Result<u32, BeleidFout>,
    ) -> Result<u32, BeleidFout> {
        self.tak(alle, 0, rijen, blad)
    }

    pub(crate) fn klaar(mut self) -> Boom {
        self.boom.knopen.shrink_to_fit();
        self.boom
    }

    fn tak(
        &mut self,
        alle: &[Regelrij],
        vanaf: usize,
        open: &[u32],
        blad: &mut impl FnMut(&[u32]) -> Result<u32, BeleidFout>,
    ) -> Result<u32, BeleidFout> {
        let splits = MATEN.iter().enumerate().skip(vanaf).find_map(|(dimension, size)| {
            let classes = klassen(heel(*size), open.iter().filter_map(|r| Some(rij(alle, *r)?.maat(dimension))));
            (classes.len() > 1).then_some((dimension, *size, classes))
        });
        let Some((dimension, size, classes)) = splits else { return Ok(blad(open)? | BLAD) };
        if let Some(known) = self.gezien.get(dimension).and_then(|seen| seen.get(open)) {
            return Ok(*known);
        }
        let mut node = [0; BREEDSTE];
        let mut held = Vec::with_capacity(open.len());
        for class in classes {
            held.clear();
            held.extend(open.iter().copied().filter(|r| rij(alle, *r).is_some_and(|r| r.maat(dimension) & class != 0)));
            let child = self.tak(alle, dimension + 1, &held, blad)?;
            for (value, place) in node.iter_mut().enumerate() {
                if class & bit(value) != 0 {
                    *place = child;
                }
            }
        }
        // INVARIANT: below BLAD, as a bundle has at most 100,000 rows (`toetsen`).
        let reference = u32::try_from(self.boom.knopen.len()).unwrap_or(u32::MAX);
        self.boom.knopen.push(u32::try_from(dimension).unwrap_or(u32::MAX));
        self.boom.knopen.extend(node.iter().take(size));
        if let Some(seen) = self.gezien.get_mut(dimension) {
            seen.insert(open.into(), reference);
        }
        Ok(reference)
    }
}

fn rij(alle: &[Regelrij], place: u32) -> Option<&Regelrij> {
    alle.get(usize::try_from(place).ok()?)
}

/// The values in classes that none of the masks tells apart.
fn klassen(values: u32, masks: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut classes = vec![values];
    for mask in masks {
        for n in 0..classes.len() {
            let Some(class) = classes.get_mut(n) else { break };
            let (inside, outside) = (*class & mask, *class & !mask);
            if inside != 0 && outside != 0 {
                *class = inside;
                classes.push(outside);
            }
        }
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_what_no_mask_tells_apart() {
        assert_eq!(klassen(0b1111, std::iter::empty()), [0b1111]);
        assert_eq!(klassen(0b1111, [u32::MAX, 0b1111].into_iter()), [0b1111]);
        let mut classes = klassen(0b1_1111, [0b0_0011, 0b0_0110].into_iter());
        classes.sort_unstable();
        assert_eq!(classes, [0b0_0001, 0b0_0010, 0b0_0100, 0b1_1000]);
    }

    #[test]
    fn without_rows_there_is_one_leaf() {
        let mut kweker = Kweker::default();
        let root = kweker.wortel(&[], &[], &mut |_| Ok(7)).unwrap();
        let boom = kweker.klaar();
        assert_eq!((root, boom.knopen.len()), (7 | BLAD, 0));
    }
}
