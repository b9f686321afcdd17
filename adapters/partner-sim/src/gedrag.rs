//! What a system does by itself after a message came in.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, Value};

use crate::{
    gezicht::{Ontvangst, Stap},
    nummers,
    opslag::Ontvangen,
    systeem::{Systeem, WACHT},
};

/// The longest pause between two attempts.
const LANGSTE_PAUZE: Duration = Duration::from_secs(2);

/// Does what follows on a message.
pub(crate) fn na(systeem: &Arc<Systeem>, ontvangst: &Ontvangst, ontvangen: Ontvangen) {
    if !systeem.automatisch {
        return;
    }
    let Some(daarna) = ontvangst.daarna.iter().find(|d| d.wanneer.iter().all(|v| v.geldt(&ontvangen.bericht))) else { return };
    let (systeem, stappen) = (Arc::clone(systeem), daarna.stuur.clone());
    tokio::spawn(async move {
        for (i, stap) in stappen.iter().enumerate() {
            tokio::time::sleep(Duration::from_millis(stap.na_ms)).await;
            zet_stap(&systeem, stap, &ontvangen, i).await;
        }
    });
}

/// Does what a restart left undone.
pub(crate) fn hervat(systeem: &Arc<Systeem>) {
    for ontvangen in systeem.ontvangen() {
        if let Some(ontvangst) = systeem.gezicht.ontvangst(&ontvangen.pad) {
            na(systeem, ontvangst, ontvangen);
        }
    }
}

async fn zet_stap(systeem: &Systeem, stap: &Stap, ontvangen: &Ontvangen, nummer: usize) {
    let aanleiding = (ontvangen.nr, nummer);
    if systeem.verzonden().iter().any(|v| v.aanleiding == Some(aanleiding)) {
        return;
    }
    let vul = |vorm: &String| {
        Value::String(nummers::vul(vorm, &|naam| nummers::gegeven(naam, &ontvangen.bericht, &ontvangen.antwoord)))
    };
    let zet: Map<String, Value> = stap.zet.iter().map(|(pad, vorm)| (pad.clone(), vul(vorm))).collect();
    let mut pauze = Duration::from_millis(100);
    while !systeem.is_dicht() {
        match systeem.stuur(&stap.bericht, &zet, WACHT, Some(aanleiding)).await {
            // The neighbour took it, or said why it will not: both are the end. Its own number makes a repeat harmless.
            Ok(antwoord) if antwoord.status < 500 => return,
            Ok(_) => {}
            Err(crate::Fout::Buur(_)) => {}
            Err(fout) => {
                systeem.zeg(&format!("{} kan niet weg: {fout}", stap.bericht));
                return;
            }
        }
        tokio::time::sleep(pauze).await;
        pauze = (pauze * 2).min(LANGSTE_PAUZE);
    }
}
