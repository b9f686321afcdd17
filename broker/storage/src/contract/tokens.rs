//! Client assertions count once (RFC 7523 §3).

use std::sync::Arc;

use inbreng_domain::Tijdstip;
use time::Duration;
use tokio::task::JoinSet;

use super::{
    Plek,
    bouw::{Proef, oin},
};

/// Also when it is offered many times at once, and after a restart.
pub async fn a_token_counts_once_also_after_reopening(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (nu, straks) = (proef.nu(), proef.nu().plus(Duration::seconds(60)));
    let mut taken = JoinSet::new();
    for _ in 0..20 {
        let store = Arc::clone(&store);
        taken.spawn(async move { store.jti_gebruiken(oin(1), "een".to_owned(), straks, nu).await.expect("write") });
    }
    assert_eq!(taken.join_all().await.into_iter().filter(|nieuw| *nieuw).count(), 1);
    drop(store);
    let store = plek.openen().await;
    assert!(!store.jti_gebruiken(oin(1), "een".to_owned(), straks, nu).await.expect("write"));
    assert!(store.jti_gebruiken(oin(1), "twee".to_owned(), straks, nu).await.expect("write"));
}

/// Partners do not take each other's numbers; what has expired is of no use, and forgotten.
pub async fn a_token_counts_per_partner_and_until_it_expires(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let nu = proef.nu();
    let na = |seconden| nu.plus(Duration::seconds(seconden));
    let gebruik = async |partner, verloopt: Tijdstip, nu: Tijdstip| {
        store.jti_gebruiken(oin(partner), "een".to_owned(), verloopt, nu).await.expect("write")
    };
    assert!(gebruik(1, na(60), nu).await);
    assert!(gebruik(2, na(60), nu).await);
    assert!(!gebruik(1, na(120), na(59)).await, "still remembered");
    assert!(!gebruik(3, nu, nu).await, "expired when it came");
    assert!(gebruik(1, na(120), na(60)).await, "its first use has expired");
}
