//! A log in two forms, and what whoever keeps the hub could make of it (ADR 19).

use inbreng_domain::{Code, Oin, Tijdstip};
use inbreng_proof::{blad::blad_hash, canonical_string};

use super::*;

fn tijd(nr: u64) -> Tijdstip {
    Tijdstip::from_unix_millis(1_795_000_000_000 + i64::try_from(nr).unwrap() * 1000)
}

fn soort(tekst: &str) -> Code {
    Code::parse(tekst).unwrap()
}

fn oud(index: u64, welke: &str) -> Blad {
    let (zout, record) = ([u8::try_from(index).unwrap() + 1; 32], format!(r#"{{"nr":{index}}}"#));
    let hash = hash_zonder_soort(&zout, record.as_bytes());
    Blad { index, soort: soort(welke), tijd: tijd(index), record, zout, hash }
}

fn nieuw(index: u64, welke: &str) -> Blad {
    let mut blad = oud(index, welke);
    blad.hash = blad_hash(welke, blad.tijd, &blad.zout, blad.record.as_bytes());
    blad
}

/// The leaf with which the second form begins behind these, as a store writes it.
fn overgang(ervoor: &[Blad]) -> Blad {
    let mut soorten = Soortenreeks::nieuw();
    ervoor.iter().for_each(|b| soorten.bij(&b.soort.as_str(), b.tijd));
    let vanaf = ervoor.len() as u64;
    let record = canonical_string(&Overgang { soorten: soorten.digest(), vanaf }).unwrap();
    let (tijd, zout) = (ervoor.last().unwrap().tijd, [0; 32]);
    let hash = blad_hash(OVERGANG, tijd, &zout, record.as_bytes());
    Blad { index: vanaf, soort: soort(OVERGANG), tijd, record, zout, hash }
}

/// As a sweep leaves a leaf.
fn gesnoeid(blad: &Blad, is_oud: bool) -> Blad {
    let zout = if is_oud { [0; 32] } else { kern(&blad.zout, blad.record.as_bytes()) };
    Blad { record: String::new(), zout, ..blad.clone() }
}

const SOORTEN: [&str; 4] = ["bericht", "versie", "besluit", "partij"];

/// Four leaves of the first form, the leaf between, and four of the second.
fn overgegaan() -> Vec<Blad> {
    let mut bladen: Vec<Blad> = (0..).zip(SOORTEN).map(|(nr, welke)| oud(nr, welke)).collect();
    bladen.push(overgang(&bladen));
    bladen.extend((5..).zip(SOORTEN).map(|(nr, welke)| nieuw(nr, welke)));
    bladen
}

fn narekenen(bladen: &[Blad]) -> Result<Narekening, Logfout> {
    let mut narekening = Narekening::met([bladen.len() as u64], [])?;
    narekening.bladen(bladen)?;
    Ok(narekening)
}

fn kop(bladen: &[Blad], soort_vanaf: Option<u64>) -> Checkpoint {
    let narekening = narekenen(bladen).unwrap();
    let hub = Oin::parse("00000001999999990000").unwrap();
    Checkpoint {
        hub,
        omvang: bladen.len() as u64,
        wortel: narekening.wortel().unwrap(),
        tijd: tijd(0),
        soort_vanaf,
        hersteld: None,
    }
}

#[test]
fn old_leaves_keep_holding_and_both_forms_end_as_a_sweep_leaves_them() {
    let heel = overgegaan();
    let wortel = narekenen(&heel).unwrap().wortel().unwrap();
    for tot in 0..=heel.len() {
        let geveegd = |(nr, blad): (usize, &Blad)| {
            if nr < tot && blad.is_snoeibaar() { gesnoeid(blad, nr < 4) } else { blad.clone() }
        };
        let bladen: Vec<Blad> = heel.iter().enumerate().map(geveegd).collect();
        let narekening = narekenen(&bladen).unwrap();
        assert_eq!(narekening.wortel().unwrap(), wortel);
        assert_eq!(narekening.gesnoeid(), bladen.iter().filter(|b| b.is_gesnoeid()).count() as u64);
        assert!(narekening.soort_vanaf(4).is_ok() && narekening.soort_vanaf(3).is_err() && narekening.soort_vanaf(5).is_err());
    }
    // An export of before has no moments, and no leaf between.
    let zonder: Vec<Blad> = heel[..4].iter().map(|b| Blad { tijd: Tijdstip::from_unix_millis(0), ..b.clone() }).collect();
    assert!(narekenen(&zonder).unwrap().soort_vanaf(0).is_err());
    // A new log has the second form from its first leaf.
    let nieuwe: Vec<Blad> = (0..).zip(SOORTEN).map(|(nr, welke)| nieuw(nr, welke)).collect();
    assert!(narekenen(&nieuwe).unwrap().soort_vanaf(0).is_ok());
    assert!(Narekening::default().soort_vanaf(0).is_ok());
}

/// Every kind and moment, of old leaves and new ones, with record and without.
#[test]
fn a_kind_or_moment_that_was_changed_is_found() {
    let heel = overgegaan();
    for nr in 0..heel.len() {
        for anders in ["bericht", "versie", "ontvangst", OVERGANG] {
            if *heel[nr].soort.as_str() == *anders {
                continue;
            }
            let mut bladen = heel.clone();
            bladen[nr].soort = soort(anders);
            assert!(narekenen(&bladen).is_err(), "leaf {nr} as {anders}");
            // Passed off as a record whose term was over, with the older ones gone too.
            for leeg in [[0; 32], kern(&heel[nr].zout, heel[nr].record.as_bytes()), heel[nr].zout] {
                let mut bladen: Vec<Blad> = heel.clone();
                for (eerder, blad) in bladen.iter_mut().enumerate().take(nr).filter(|(_, b)| b.is_snoeibaar()) {
                    *blad = gesnoeid(blad, eerder < 4);
                }
                bladen[nr] = Blad { soort: soort(anders), record: String::new(), zout: leeg, ..heel[nr].clone() };
                assert!(narekenen(&bladen).is_err(), "leaf {nr} as {anders}, empty, {leeg:?}");
            }
        }
        let mut bladen = heel.clone();
        bladen[nr].tijd = tijd(99);
        assert!(narekenen(&bladen).is_err(), "moment of leaf {nr}");
    }
}

/// A leaf of the second form as one of the first: one of them, and all of them up to a second beginning.
#[test]
fn a_new_leaf_is_no_old_one() {
    let heel = overgegaan();
    for nr in 5..heel.len() {
        // Emptied as a sweep leaves an old one, under a kind that has a term: with everything that may end before it.
        let mut bladen = heel.clone();
        for (eerder, blad) in bladen.iter_mut().enumerate().take(nr).filter(|(_, b)| b.is_snoeibaar()) {
            *blad = gesnoeid(blad, eerder < 4);
        }
        bladen[nr] = Blad { soort: soort("bericht"), record: String::new(), zout: [0; 32], ..heel[nr].clone() };
        assert!(matches!(narekenen(&bladen), Err(Logfout::Hash(n)) if n == nr as u64), "leaf {nr}");
    }
    // One that was written in the old form behind the beginning.
    let mut bladen = heel.clone();
    bladen.push(oud(9, "bericht"));
    assert!(matches!(narekenen(&bladen), Err(Logfout::Vorm(9))));
    // Without the leaf between, and with another one.
    let mut zonder: Vec<Blad> = heel[..4].to_vec();
    zonder.push(nieuw(4, "versie"));
    assert!(matches!(narekenen(&zonder), Err(Logfout::Overgang(4))));
    let mut tweede = heel.clone();
    tweede.push(overgang(&heel));
    assert!(matches!(narekenen(&tweede), Err(Logfout::Overgang(9))));
    let mut elders = heel[..4].to_vec();
    let record = heel[4].record.replace("\"vanaf\":4", "\"vanaf\":3");
    let hash = blad_hash(OVERGANG, heel[4].tijd, &heel[4].zout, record.as_bytes());
    elders.push(Blad { record, hash, ..heel[4].clone() });
    assert!(matches!(narekenen(&elders), Err(Logfout::Overgang(4))));
    let mut aan_het_begin = vec![overgang(&heel[..1])];
    aan_het_begin[0].index = 0;
    assert!(matches!(narekenen(&aan_het_begin), Err(Logfout::Overgang(0))));
}

/// Whoever keeps the hub begins again further on, and shows what stands between as old leaves of which the records ended. By itself
/// that log holds; against the store's own word, a head or another's head it does not.
#[test]
fn a_beginning_that_was_moved_is_found_by_who_kept_a_head() {
    let heel = overgegaan();
    let echt = kop(&heel, Some(4));
    assert!(narekenen(&heel).unwrap().past_bij(&echt).is_ok());
    let leeg = |blad: &Blad| Blad { soort: soort("bericht"), record: String::new(), zout: [0; 32], ..blad.clone() };
    let mut bladen: Vec<Blad> = heel.iter().map(leeg).collect();
    bladen.push(overgang(&bladen));
    bladen.push(nieuw(10, "bericht"));
    let mut narekening = Narekening::met([9, 11], []).unwrap();
    narekening.bladen(&bladen).unwrap();
    assert_eq!(narekening.wortel_bij(9), Some(echt.wortel), "no hash was changed");
    assert!(matches!(narekening.past_bij(&echt), Err(Logfout::SoortVanaf { bewaard: 4 })));
    assert!(narekening.soort_vanaf(4).is_err());
    // A head of before the leaf between; and one that says that it was before, of a log in which it was not.
    let (vroeg, laat) = (kop(&heel[..4], None), kop(&heel, None));
    let bij = |omvang, kop: &Checkpoint| {
        let mut narekening = Narekening::met([omvang], []).unwrap();
        narekening.bladen(&heel).unwrap();
        narekening.past_bij(kop)
    };
    assert!(bij(4, &vroeg).is_ok());
    assert!(matches!(bij(9, &laat), Err(Logfout::SoortVanaf { .. })));
    let anders = Checkpoint { wortel: vroeg.wortel, ..echt.clone() };
    assert!(matches!(bij(9, &anders), Err(Logfout::Kop { kop: 9, omvang: None })));
    let groter = Checkpoint { omvang: 12, ..echt };
    assert!(matches!(bij(12, &groter), Err(Logfout::Kop { kop: 12, omvang: Some(9) })));
}

/// Five years and a day after the first leaf.
fn laat() -> Tijdstip {
    tijd(0).plus(BEWIJS + Duration::days(1))
}

/// The leaf of a sweep at this moment that says this.
fn veeg(index: u64, op: Tijdstip, record: &str) -> Blad {
    let mut blad = Blad { tijd: op, record: record.to_owned(), ..nieuw(index, "opgeruimd") };
    blad.hash = blad_hash("opgeruimd", blad.tijd, &blad.zout, blad.record.as_bytes());
    blad
}

fn veeg_tot(index: u64, op: Tijdstip, tot: Tijdstip) -> Blad {
    veeg(index, op, &format!(r#"{{"bewijsTot":"{tot}","tijd":"{op}"}}"#))
}

/// These leaves emptied, and then those.
fn leeg_en_dan(leeg: u64, dan: Vec<Blad>) -> Vec<Blad> {
    let bladen = (0..4).map(|nr| nieuw(nr, "ontvangst"));
    let mut bladen: Vec<Blad> = bladen.map(|b| if b.index < leeg { gesnoeid(&b, false) } else { b }).collect();
    bladen.extend(dan);
    bladen
}

/// An empty record is vouched for by a sweep behind it whose limit it is under, and whose term was over by then.
#[test]
fn a_record_is_gone_only_by_a_sweep_that_stands_in_the_log() {
    let gedekt = |bladen: Vec<Blad>, nu| narekenen(&bladen).unwrap().gedekt(nu);
    let grens = |nr| tijd(nr).plus(BEWIJS);
    let goed: [(&str, u64, Vec<Blad>); 5] = [
        ("nothing is gone", 0, vec![]),
        ("a sweep up to the last of them", 2, vec![veeg_tot(4, grens(1), tijd(1))]),
        (
            "as it says at its end, with counts",
            2,
            vec![veeg(4, laat(), &format!(r#"{{"berichten":1,"bewijsTot":"{}"}}"#, tijd(3)))],
        ),
        ("a first sweep, and a second", 4, vec![veeg_tot(4, grens(1), tijd(1)), veeg_tot(5, grens(3), tijd(3))]),
        ("a sweep that emptied nothing more", 2, vec![veeg_tot(4, grens(1), tijd(1)), veeg_tot(5, grens(0), tijd(0))]),
    ];
    for (wat, leeg, dan) in goed {
        assert!(gedekt(leeg_en_dan(leeg, dan), laat()).is_ok(), "{wat}");
    }
    let fout: [(&str, u64, Vec<Blad>, u64); 8] = [
        ("no sweep", 1, vec![], 0),
        ("no sweep, all of them", 4, vec![nieuw(4, "versie")], 3),
        ("a sweep up to before it", 2, vec![veeg_tot(4, grens(0), tijd(0))], 1),
        ("one more than the sweep was to", 3, vec![veeg_tot(4, grens(1), tijd(1))], 2),
        ("whose term was not over", 2, vec![veeg_tot(4, grens(1).plus(-Duration::milliseconds(1)), tijd(1))], 1),
        ("which says more than its moment allows", 2, vec![veeg_tot(4, tijd(9), laat())], 1),
        ("that says no limit", 2, vec![veeg(4, laat(), "{}")], 1),
        ("that is of another kind", 2, vec![Blad { index: 4, ..nieuw(4, "versie") }, nieuw(5, "herstel")], 1),
    ];
    for (wat, leeg, dan, welk) in fout {
        let uitslag = gedekt(leeg_en_dan(leeg, dan), laat());
        assert!(matches!(uitslag, Err(Logfout::Ongedekt(nr)) if nr == welk), "{wat}: {uitslag:?}");
    }
    // What is emptied behind a sweep is not covered by it, however old it says to be.
    let mut achter = vec![veeg_tot(0, laat(), tijd(9))];
    achter.extend((1..4).map(|nr| gesnoeid(&nieuw(nr, "bericht"), false)));
    assert!(matches!(gedekt(achter, laat()), Err(Logfout::Ongedekt(3))));
    // A sweep of a moment that has not come.
    let straks = || leeg_en_dan(2, vec![veeg_tot(4, laat(), tijd(1))]);
    assert!(gedekt(straks(), laat().plus(-VOORUIT)).is_ok(), "clocks run apart");
    let te_vroeg = laat().plus(-VOORUIT - Duration::milliseconds(1));
    assert!(matches!(gedekt(straks(), te_vroeg), Err(Logfout::Ongedekt(1))));
}
