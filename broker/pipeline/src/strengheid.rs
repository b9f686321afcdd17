//! Over-strictness made visible (R34): counted from the decision log, per closed month, organisation and rule.
//!
//! Protected as R43 asks: no person, no case, no worker; whole months that are over, with the term in which their yeses could still
//! be followed, so that a report does not change and two of them leave nothing to subtract; small counts left out, as the covenants set
//! it, zero among them. A decision on which an embargo lay is not counted: an embargo covers the parts of its setter (R20), and what
//! others decide in the same case counts as in any.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use inbreng_domain::{
    Alternatief, DeelId, Oin, RegelId, Tijdstip, Uitkomst,
    problem::ProblemCode,
    strengheid::{Maand, Strengheid, Strengheidsregel, Strengheidssoort},
    vocabulary::Grondslag,
};
use inbreng_storage::{Store, StoreResult, Zending};
use serde::Deserialize;
use serde_json::Value;
use time::Duration;
use tokio::sync::Mutex;

use crate::{
    Fout, Hub,
    adl::{Beslissingenlog, Gebeurtenis, Logregel, begin},
};

/// How long after a yes something may still be sent before it counts as not shared.
pub const TERMIJN: Duration = Duration::days(7);
/// The kind of leaf that notes what was kept back.
const NIET_GEDEELD: [&str; 1] = ["niet-gedeeld"];
/// Leaves read at a time.
const BLADZIJDE: u32 = 512;

/// Months that were counted before.
#[derive(Debug, Default)]
pub(crate) struct Maanden(Mutex<BTreeMap<Maand, Arc<Strengheid>>>);

/// Months kept at hand.
const ONTHOUDEN: usize = 24;

/// One organisation's own counts of a month.
pub(crate) async fn van(hub: &Hub, organisatie: Oin, maand: Maand) -> Result<Strengheid, Fout> {
    let nog_niet = || Fout::new(ProblemCode::VeldOngeldig).at("/maand");
    let termijn = hub.termijn.get().copied().unwrap_or(TERMIJN);
    // One at a time: the second who asks finds it counted.
    let mut maanden = hub.maanden.0.lock().await;
    let geteld = match maanden.get(&maand) {
        Some(geteld) => Arc::clone(geteld),
        None => {
            let nu = hub.clock.now();
            let ondergrens = hub.beleid.ondergrens(hub.store(), nu).await;
            let geteld = tellen(hub.store(), maand, termijn, ondergrens, nu).await?.ok_or_else(nog_niet)?;
            let geteld = Arc::new(geteld);
            if maanden.len() >= ONTHOUDEN {
                maanden.pop_first();
            }
            maanden.insert(maand, Arc::clone(&geteld));
            geteld
        }
    };
    Ok(geteld.van(organisatie))
}

/// Counts a month, without the numbers below `ondergrens`; `None` while it is not over, or something decided in it may still be sent
/// in time.
///
/// # Errors
/// When the store does not answer.
pub async fn tellen<S: Store + ?Sized>(
    store: &S,
    maand: Maand,
    termijn: Duration,
    ondergrens: u64,
    nu: Tijdstip,
) -> StoreResult<Option<Strengheid>> {
    if nu < maand.einde().plus(termijn) {
        return Ok(None);
    }
    let mut telling = Telling { termijn, ..Telling::default() };
    let mut log = Beslissingenlog::lezen(store, Some(maand.begin()), Some(maand.einde()), None);
    while let Some(regels) = log.bladzijde().await? {
        regels.iter().for_each(|regel| telling.lezen(regel));
        telling.nagaan(store).await?;
    }
    telling.achtergehouden(store, maand).await?;
    Ok(Some(telling.rapport(maand, ondergrens)))
}

/// One decision, as far as it counts.
#[derive(Debug, Deserialize)]
struct Besloten {
    uitkomst: Uitkomst,
    regels: Vec<RegelId>,
    #[serde(default)]
    grondslag: Option<Grondslag>,
    #[serde(default)]
    alternatieven: Vec<Alternatief>,
}

/// A yes that was not followed yet.
#[derive(Debug, Clone, Copy)]
struct Ja {
    zending: Zending,
    regel: RegelId,
    uiterlijk: Tijdstip,
}

#[derive(Debug, Default)]
struct Telling {
    termijn: Duration,
    aantallen: BTreeMap<(Oin, Strengheidssoort, RegelId), u64>,
    /// Refused pairs, each counted once however often it was asked.
    geweigerd: HashSet<Zending>,
    /// Allowed on this page.
    ja: Vec<Ja>,
    /// Allowed and not sent in time.
    niet_gedeeld: HashMap<Zending, RegelId>,
}

impl Telling {
    fn lezen(&mut self, regel: &Logregel) {
        // What a person may be told of (R33) is no sharing, and its owner does not know that somebody asked.
        if regel.attributes.soort == "overzicht" {
            return;
        }
        let antwoord = &regel.body.antwoord;
        let leeg = Value::Null;
        let vraag = regel.body.vraag.as_ref().unwrap_or(&leeg);
        let toets = regel.attributes.soort == "toets";
        let tijd = Tijdstip::from_unix_millis(i64::try_from(regel.timestamp).unwrap_or(0));
        match regel.event_name {
            Gebeurtenis::Evaluatie => self.een(vraag, antwoord, toets, tijd),
            Gebeurtenis::Evaluaties => {
                let lijst = |v: &Value| v.get("evaluations").and_then(Value::as_array).cloned().unwrap_or_default();
                for (vraag, antwoord) in lijst(vraag).iter().zip(&lijst(antwoord)) {
                    self.een(vraag, antwoord, toets, tijd);
                }
            }
        }
    }

    fn een(&mut self, vraag: &Value, antwoord: &Value, toets: bool, tijd: Tijdstip) {
        let tekst = |pad: &str| vraag.pointer(pad).and_then(Value::as_str);
        let (Some(eigenaar), Some(ontvanger), Some(deel)) = (
            tekst("/context/van_oin").and_then(|t| t.parse::<Oin>().ok()),
            tekst("/context/naar_oin").and_then(|t| t.parse::<Oin>().ok()),
            tekst("/resource/id").and_then(|t| t.parse::<DeelId>().ok()),
        ) else {
            return;
        };
        // Who would read what lies with it is no one that would share.
        if tekst("/subject/id").is_none_or(|s| *s != *eigenaar.as_str()) || tekst("/context/embargo") != Some("nee") {
            return;
        }
        let Some(Ok(besloten)) = antwoord.get("context").map(Besloten::deserialize) else { return };
        let Some(regel) = besloten.regels.first().copied() else { return };
        let zending = Zending { eigenaar, deel, ontvanger };
        if besloten.uitkomst == Uitkomst::Weigeren {
            if !besloten.alternatieven.is_empty() && self.geweigerd.insert(zending) {
                self.erbij(eigenaar, Strengheidssoort::GeweigerdMetAlternatief, regel);
            }
        } else if toets && besloten.uitkomst.levert() && besloten.grondslag != Some(Grondslag::DoorbrekenBeroepsgeheim) {
            // Never pressure on a professional's own judgement (R9).
            self.ja.push(Ja { zending, regel, uiterlijk: tijd.plus(self.termijn) });
        }
    }

    fn erbij(&mut self, organisatie: Oin, soort: Strengheidssoort, regel: RegelId) {
        *self.aantallen.entry((organisatie, soort, regel)).or_default() += 1;
    }

    /// Which of the yeses of this page were followed.
    async fn nagaan<S: Store + ?Sized>(&mut self, store: &S) -> StoreResult<()> {
        let ja = std::mem::take(&mut self.ja);
        let zendingen: Vec<Zending> = ja.iter().map(|j| j.zending).collect();
        let verzonden = store.verzonden(&zendingen).await?;
        for (ja, verzonden) in ja.into_iter().zip(verzonden) {
            if verzonden.is_some_and(|op| op <= ja.uiterlijk) {
                self.niet_gedeeld.remove(&ja.zending);
            } else {
                self.niet_gedeeld.entry(ja.zending).or_insert(ja.regel);
            }
        }
        Ok(())
    }

    /// What answers kept back.
    async fn achtergehouden<S: Store + ?Sized>(&mut self, store: &S, maand: Maand) -> StoreResult<()> {
        #[derive(Deserialize)]
        struct Record {
            van: Oin,
            regel: RegelId,
        }
        let tijd_na = async |na| Ok(store.bladen_van(&NIET_GEDEELD, na, 1).await?.first().map(|b| b.tijd));
        let mut volgende = begin::zoeken(maand.begin(), tijd_na).await?;
        loop {
            let bladen = store.bladen_van(&NIET_GEDEELD, volgende, BLADZIJDE).await?;
            let Some(laatste) = bladen.last() else { return Ok(()) };
            volgende = laatste.index + 1;
            for blad in bladen.iter().filter(|b| b.tijd >= maand.begin() && b.tijd < maand.einde()) {
                if let Ok(record) = serde_json::from_str::<Record>(&blad.record) {
                    self.erbij(record.van, Strengheidssoort::NietGedeeldMetReden, record.regel);
                }
            }
            if laatste.tijd >= maand.einde().plus(begin::SPELING) {
                return Ok(());
            }
        }
    }

    fn rapport(mut self, maand: Maand, ondergrens: u64) -> Strengheid {
        for (zending, regel) in std::mem::take(&mut self.niet_gedeeld) {
            self.erbij(zending.eigenaar, Strengheidssoort::ToegestaanNietGedeeld, regel);
        }
        let regels = self.aantallen.into_iter().filter(|(_, aantal)| *aantal >= ondergrens);
        let regels =
            regels.map(|((organisatie, soort, regel), aantal)| Strengheidsregel { organisatie, soort, regel, aantal }).collect();
        Strengheid { maand, ondergrens, regels }
    }
}
