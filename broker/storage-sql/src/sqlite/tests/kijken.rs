//! Looks into mailboxes, which read much, and everything else, which reads little: the first leave a reader for the second.

use futures_util::FutureExt as _;
use inbreng_domain::{CasusRef, Oin};
use inbreng_storage::{Leveringen as _, Postvakplek, Zaken as _};

use super::contract::Map;

#[tokio::test]
async fn looks_into_mailboxes_leave_a_reader_for_an_acute_message() {
    let map = Map::nieuw();
    let store = map.store().await;
    // As many looks as there can be, each with the reader that it reads by.
    let mut onderweg = Vec::new();
    while let Ok(plaats) = store.kijken.try_acquire() {
        onderweg.push((plaats, store.lezers.begin().await.unwrap()));
    }
    assert_eq!(onderweg.len(), 3, "of four readers");
    let oin = Oin::parse("00000099000000003000").unwrap();
    let mut kijkt: Vec<_> = (0..20).map(|_| Box::pin(store.open_leveringen_na(oin, Postvakplek::default(), 3))).collect();
    // What accepting a message asks is answered, while all of those wait.
    for nummer in 0..20 {
        assert!(kijkt.iter_mut().all(|een| een.now_or_never().is_none()));
        store.zaakstand(CasusRef::from_bytes([nummer; 32])).await.unwrap();
    }
    drop(onderweg);
    for een in kijkt {
        assert!(een.await.unwrap().is_empty());
    }
}
