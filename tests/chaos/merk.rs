//! A word in each message by which it is known again in any partner's format: letters alone, so that it also passes for a name.

/// What the word begins with. No other word in a message does.
const BEGIN: &str = "Chaosvogel";
/// Letters that stand for digits.
const LETTERS: &[u8; 10] = b"bcdfghjklm";
const LENGTE: usize = 5;

/// The word of a message.
pub fn van(nummer: usize) -> String {
    let cijfers = format!("{nummer:0LENGTE$}");
    BEGIN.chars().chain(cijfers.bytes().map(|c| char::from(LETTERS[usize::from(c - b'0')]))).collect()
}

/// The message whose word stands in a text.
pub fn zoeken(tekst: &str) -> Option<usize> {
    let begin = tekst.find(BEGIN)? + BEGIN.len();
    let letters = tekst.as_bytes().get(begin..begin + LENGTE)?;
    letters.iter().try_fold(0, |tot, letter| Some(tot * 10 + LETTERS.iter().position(|l| l == letter)?))
}

#[test]
fn a_word_is_found_again() {
    for nummer in [0, 7, 1999, 99_999] {
        assert_eq!(zoeken(&format!("{{\"a\":\"Er was {} aan de deur.\"}}", van(nummer))), Some(nummer));
    }
    assert_eq!(zoeken("Er was niemand aan de deur."), None);
}
