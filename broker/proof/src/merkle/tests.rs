//! The tree against its definition, another implementation and tampering.

use std::collections::HashMap;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use inbreng_domain::Digest;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;

type Stored = HashMap<(u8, u64), [u8; 32]>;

fn data(i: u64) -> [u8; 8] {
    i.to_be_bytes()
}

/// Grows a tree in batches of these sizes, reading only the nodes that were announced.
fn grow(batches: &[u64]) -> (Stored, u64) {
    let (mut stored, mut size) = (Stored::new(), 0);
    for batch in batches {
        let leaves: Vec<_> = (size..size + batch).map(|i| *leaf_hash(&data(i)).as_bytes()).collect();
        let announced: Stored = nodes_for_append(size).into_iter().map(|at| (at, stored[&at])).collect();
        for node in append(&announced, size, &leaves).unwrap() {
            assert!(stored.insert((node.level, node.index), node.hash).is_none(), "a node is stored once");
        }
        size += batch;
    }
    (stored, size)
}

/// The tree as the RFC defines it, from the leaves.
fn by_definition(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => *empty_root().as_bytes(),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(1 << (more.len() - 1).ilog2());
            node_hash(&by_definition(left), &by_definition(right))
        }
    }
}

fn oracle(size: u64) -> MemoryBackedTree<Sha256, [u8; 8]> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|i| tree.push(data(i)));
    tree
}

fn joined(proof: &[Digest]) -> Vec<u8> {
    proof.iter().flat_map(|d| *d.as_bytes()).collect()
}

fn only(stored: &Stored, announced: Vec<(u8, u64)>) -> Stored {
    announced.into_iter().map(|at| (at, stored[&at])).collect()
}

#[test]
fn known_roots() {
    // RFC 6962 §2.1 test tree as published with Certificate Transparency (leaves "", 00, 10, 2021, 3031, 40414243, …).
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let hashes: Vec<_> = leaves.iter().map(|l| *leaf_hash(l).as_bytes()).collect();
    let stored: Stored = append(&Stored::new(), 0, &hashes).unwrap().into_iter().map(|n| ((n.level, n.index), n.hash)).collect();
    let hex = |d: Digest| d.as_bytes().iter().map(|b| format!("{b:02x}")).collect::<String>();
    assert_eq!(hex(root(&stored, 0).unwrap()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(hex(root(&stored, 1).unwrap()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assert_eq!(hex(root(&stored, 8).unwrap()), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

#[test]
fn every_small_tree_and_proof_agrees_with_the_definition_and_the_oracle() {
    let (stored, size) = grow(&[1, 1, 2, 3, 5, 1, 8, 12]);
    let leaves: Vec<_> = (0..size).map(|i| *leaf_hash(&data(i)).as_bytes()).collect();
    for to in 1..=size {
        let root_to = root(&only(&stored, nodes_for_root(to)), to).unwrap();
        let tree = oracle(to);
        assert_eq!(root_to.as_bytes(), &by_definition(&leaves[..usize::try_from(to).unwrap()]));
        assert_eq!(root_to.as_bytes().as_slice(), tree.root().as_bytes().as_slice());
        for index in 0..to {
            let proof = inclusion_proof(&only(&stored, nodes_for_inclusion(index, to).unwrap()), index, to).unwrap();
            assert_eq!(joined(&proof), tree.prove_inclusion(usize::try_from(index).unwrap()).as_bytes());
            verify_inclusion(&leaf_hash(&data(index)), index, to, &proof, &root_to).unwrap();
        }
        for from in 0..=to {
            let root_from = root(&stored, from).unwrap();
            let proof = consistency_proof(&only(&stored, nodes_for_consistency(from, to).unwrap()), from, to).unwrap();
            if from > 0 && from < to {
                assert_eq!(joined(&proof), tree.prove_consistency(usize::try_from(to - from).unwrap()).as_bytes());
            }
            verify_consistency(from, &root_from, to, &root_to, &proof).unwrap();
        }
    }
}

#[test]
fn outside_the_tree_there_is_no_proof() {
    let (stored, size) = grow(&[5]);
    assert_eq!(inclusion_proof(&stored, size, size), Err(MerkleError::Range));
    assert_eq!(inclusion_proof(&stored, 0, 0), Err(MerkleError::Range));
    assert_eq!(consistency_proof(&stored, 6, 5), Err(MerkleError::Range));
    assert_eq!(root(&stored, 6), Err(MerkleError::Missing { level: 1, index: 2 }));
    assert_eq!(append(&Stored::new(), 1, &[[0; 32]]), Err(MerkleError::Missing { level: 0, index: 0 }));
    assert_eq!(append(&Stored::new(), u64::MAX, &[[0; 32]]), Err(MerkleError::Range));
    assert!(append(&Stored::new(), 3, &[]).unwrap().is_empty());
    assert!(nodes_for_inclusion(0, u64::MAX).unwrap().len() <= 64 * 64);
}

#[test]
fn leaf_and_node_are_kept_apart() {
    assert_ne!(*leaf_hash(&[0; 64]).as_bytes(), node_hash(&[0; 32], &[0; 32]));
}

fn flipped(d: Digest) -> Digest {
    let mut bytes = *d.as_bytes();
    bytes[17] ^= 4;
    Digest::from_bytes(bytes)
}

/// All ways in which one element of a proof can be changed, lost, doubled or moved.
fn tampered(proof: &[Digest]) -> Vec<Vec<Digest>> {
    let mut all = Vec::new();
    for i in 0..proof.len() {
        let mut changed = proof.to_vec();
        changed[i] = flipped(changed[i]);
        all.push(changed);
        let mut lost = proof.to_vec();
        lost.remove(i);
        all.push(lost);
        let mut doubled = proof.to_vec();
        doubled.insert(i, proof[i]);
        all.push(doubled);
    }
    if proof.len() > 1 {
        let mut moved = proof.to_vec();
        moved.reverse();
        all.push(moved);
    }
    let mut longer = proof.to_vec();
    longer.push(Digest::from_bytes([0; 32]));
    all.push(longer);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn proofs_hold_for_any_size_and_nothing_else_does(batches in prop::collection::vec(1u64..200, 1..6), a in any::<u64>(), b in any::<u64>()) {
        let (stored, size) = grow(&batches);
        let (index, from) = (a % size, 1 + b % size);
        let (root_from, root_to) = (root(&stored, from).unwrap(), root(&stored, size).unwrap());
        let leaf = leaf_hash(&data(index));

        let proof = inclusion_proof(&stored, index, size).unwrap();
        verify_inclusion(&leaf, index, size, &proof, &root_to).unwrap();
        for wrong in tampered(&proof) {
            prop_assert!(verify_inclusion(&leaf, index, size, &wrong, &root_to).is_err());
        }
        prop_assert!(verify_inclusion(&flipped(leaf), index, size, &proof, &root_to).is_err());
        prop_assert!(verify_inclusion(&leaf, index, size, &proof, &flipped(root_to)).is_err());
        for other in [index ^ 1, index + 1, size, u64::MAX] {
            prop_assert!(other == index || verify_inclusion(&leaf, other, size, &proof, &root_to).is_err());
        }

        let proof = consistency_proof(&stored, from, size).unwrap();
        verify_consistency(from, &root_from, size, &root_to, &proof).unwrap();
        prop_assert!(verify_consistency(from, &flipped(root_from), size, &root_to, &proof).is_err());
        prop_assert!(verify_consistency(from, &root_from, size, &flipped(root_to), &proof).is_err());
        for wrong in tampered(&proof) {
            prop_assert!(verify_consistency(from, &root_from, size, &root_to, &wrong).is_err());
        }
    }

    #[test]
    fn batches_do_not_matter(batches in prop::collection::vec(0u64..40, 0..8)) {
        let (stored, size) = grow(&batches);
        let (at_once, _) = grow(&[size]);
        prop_assert_eq!(stored, at_once);
    }

    #[test]
    fn no_numbers_make_it_panic(index in any::<u64>(), size in any::<u64>(), n in 0usize..70) {
        let zero = Digest::from_bytes([0; 32]);
        let proof = vec![zero; n];
        let _ = (
            verify_inclusion(&zero, index, size, &proof, &zero),
            verify_consistency(index, &zero, size, &zero, &proof),
            inclusion_proof(&Stored::new(), index, size),
            consistency_proof(&Stored::new(), index, size),
            nodes_for_root(size),
        );
    }
}

/// Grown in any batches: the same nodes as are stored, the same root, and proofs from what was kept alone.
#[test]
fn an_accumulator_is_the_tree_in_bounded_memory() {
    for size in [1u64, 2, 7, 33, 64, 100] {
        let (stored, _) = grow(&[size]);
        for batch in [1u64, 3, 64, 100] {
            let wanted: Vec<(u8, u64)> = nodes_for_inclusion(size / 2, size)
                .unwrap()
                .into_iter()
                .chain(nodes_for_consistency(size / 3, size).unwrap())
                .collect();
            let mut tree = Accumulator::keeping(wanted);
            let mut made = Stored::new();
            let mut at = 0;
            while at < size {
                let to = (at + batch).min(size);
                let leaves: Vec<_> = (at..to).map(|i| *leaf_hash(&data(i)).as_bytes()).collect();
                made.extend(tree.grow(&leaves).unwrap().into_iter().map(|n| ((n.level, n.index), n.hash)));
                at = to;
                assert_eq!(tree.root().unwrap(), root(&stored, at).unwrap());
            }
            assert_eq!(made, stored);
            assert_eq!(tree.size(), size);
            let proof = |nodes: &Stored| inclusion_proof(nodes, size / 2, size).unwrap();
            assert_eq!(proof(tree.kept()), proof(&stored));
            let proof = |nodes: &Stored| consistency_proof(nodes, size / 3, size).unwrap();
            assert_eq!(proof(tree.kept()), proof(&stored));
        }
    }
    assert_eq!(Accumulator::default().root().unwrap(), empty_root());
}
