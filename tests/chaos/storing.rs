//! What goes wrong in the night, and in which order: by seed the same.

use std::time::Duration;

use inbreng_domain::randomness::SeededRandomness;

use crate::{kans, kies};

/// Whom it befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wie {
    /// A hub, by its place.
    Hub(usize),
    /// An adapter, by its place.
    Adapter(usize),
    /// PostgreSQL.
    Database,
    /// RabbitMQ.
    Makelaar,
    /// The disk of the store: full, however.
    Schijf,
    /// The clock of a hub's machine, by its place.
    Klok(usize),
    /// The line from a hub, by its place, to PostgreSQL.
    LijnDatabase(usize),
    /// The line from a hub, by its place, to RabbitMQ.
    LijnMakelaar(usize),
    /// The line from all adapters to the hubs.
    LijnAdapters,
}

/// What befalls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hoe {
    /// `kill -9`; of a line: cut; of a clock: an hour ahead.
    Dood,
    /// It stands still (`SIGSTOP`) and goes on where it was; of a clock: a day back.
    Stil,
    /// Asked to end, and started again; of a line: it forgets its connections and tells nobody; of a clock: a minute back.
    Herstart,
}

/// What goes wrong at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storing {
    /// How long all went well before it.
    pub eerst: Duration,
    /// One, or two at once.
    pub wat: Vec<(Wie, Hoe)>,
    /// How long before it is mended.
    pub weg: Duration,
}

/// How long things take on a ground.
#[derive(Debug, Clone, Copy)]
pub struct Tempo {
    /// The longest pause between two.
    pub tussen: Duration,
    /// The longest that one lasts.
    pub weg: Duration,
    /// Of a hundred, how many last much longer: longer than any heartbeat.
    pub lang: u64,
}

/// Longer than RabbitMQ and the hub wait for a sign of life (twenty seconds).
const LANG: Duration = Duration::from_secs(12);
/// How long a disk is full and a clock wrong at least: so long that somebody notices.
const VOL: Duration = Duration::from_secs(2);
/// Of a hundred, how many come two at once.
const SAMEN: u64 = 25;

/// A round: everyone of a ground once, in an order and a way of its own.
pub fn ronde(toeval: &SeededRandomness, allen: &[Wie], tempo: &Tempo) -> Vec<Storing> {
    let mut over = allen.to_vec();
    let mut storingen = Vec::new();
    while !over.is_empty() {
        let mut wie = vec![over.swap_remove(kies(toeval, over.len()))];
        if wie != [Wie::Schijf] && !over.is_empty() && kans(toeval, SAMEN) {
            match over.swap_remove(kies(toeval, over.len())) {
                // Alone: what has no room may not start again.
                Wie::Schijf => over.push(Wie::Schijf),
                ook => wie.push(ook),
            }
        }
        let mut weg = tot(toeval, tempo.weg);
        if kans(toeval, tempo.lang) {
            weg += LANG + tot(toeval, LANG);
        }
        if wie.iter().any(|wie| matches!(wie, Wie::Schijf | Wie::Klok(_))) {
            weg += VOL;
        }
        let wat = wie.into_iter().map(|wie| (wie, hoe(toeval))).collect();
        storingen.push(Storing { eerst: tot(toeval, tempo.tussen), wat, weg });
    }
    storingen
}

fn hoe(toeval: &SeededRandomness) -> Hoe {
    match kies(toeval, 10) {
        0..5 => Hoe::Dood,
        5..8 => Hoe::Stil,
        _ => Hoe::Herstart,
    }
}

/// At most so long.
fn tot(toeval: &SeededRandomness, hoogstens: Duration) -> Duration {
    Duration::from_millis(kies(toeval, usize::try_from(hoogstens.as_millis()).unwrap()) as u64)
}

#[test]
fn a_round_is_the_same_by_its_seed_and_spares_nobody() {
    let tempo = Tempo { tussen: Duration::from_secs(1), weg: Duration::from_secs(1), lang: 10 };
    let allen = [
        Wie::Hub(0),
        Wie::Hub(1),
        Wie::Adapter(0),
        Wie::Database,
        Wie::Makelaar,
        Wie::Schijf,
        Wie::LijnMakelaar(1),
        Wie::LijnAdapters,
        Wie::Klok(1),
    ];
    let een = |seed| ronde(&SeededRandomness::new(seed), &allen, &tempo);
    assert_eq!(een(7), een(7));
    assert!((0..9).any(|seed| een(seed) != een(7)));
    let getroffen: Vec<Wie> = een(7).iter().flat_map(|s| s.wat.iter().map(|(wie, _)| *wie)).collect();
    assert!(getroffen.len() == allen.len() && allen.iter().all(|wie| getroffen.contains(wie)), "{getroffen:?}");
}
