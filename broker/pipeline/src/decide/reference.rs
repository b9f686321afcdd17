//! The message that a statement refers to: some types go to its sender, or to who received it, and to nobody else. So a
//! correction reaches all holders of a part without a ground of its own, and no one new (R1, R3, R4, R31).

use std::collections::BTreeSet;

use inbreng_catalogue::{Definitie, Gevolg, Naar, NaarWoord};
use inbreng_domain::{BerichtId, CasusRef, DeelId, Labels, Oin, problem::ProblemCode, vocabulary::Categorie};
use inbreng_proof::Gids;
use inbreng_storage::{Deelhouders, Store};
use serde_json::Value;

use crate::{Fout, decide::gemeld};

/// A correction that takes nothing back: its owner does not agree, and adds what the person says of it.
const ZIENSWIJZE: &str = "zienswijze";

/// Whom a type may go to by what it refers to.
#[derive(Debug)]
pub(crate) struct Verwijzing {
    /// Nobody else.
    pub(crate) kring: Vec<Oin>,
    /// Those of them to whom it goes where its sender names nobody, and who are told of a recall whomever it names. By a word without
    /// a part nobody learns of what is held for it: only of what it has or can fetch.
    pub(crate) vanzelf: Vec<Oin>,
    /// The category of the part referred to.
    categorie: Option<Categorie>,
    /// Whether its sender owns what it refers to.
    eigen: bool,
    /// Whether it stands beside the part that it refers to, as the person's own view, and takes the place of nothing.
    ernaast: bool,
}

impl Verwijzing {
    /// Whether its owner can tell nobody: it is held for all to whom it was sent, or has lapsed, or who has it is connected no more.
    /// It is stopped all the same.
    pub(crate) fn heeft_niemand(&self, gids: &Gids) -> bool {
        self.eigen && !self.vanzelf.iter().any(|oin| gids.partner(*oin).is_some())
    }

    /// What takes the place of a part is of its category, or the view of the person concerned beside it; where there is nothing but that
    /// view, it is of that category (R31).
    ///
    /// # Errors
    /// `niet-gelijk` at the part that is about something else.
    pub(crate) fn past_bij<'l>(&self, delen: impl Iterator<Item = &'l Labels>, pad: &str) -> Result<(), Fout> {
        let Some(categorie) = self.categorie else { return Ok(()) };
        for (i, labels) in delen.enumerate() {
            let past = labels.categorie == Categorie::Mening || labels.categorie == categorie && !self.ernaast;
            if !past {
                return Err(Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/{i}/labels/categorie")));
            }
        }
        Ok(())
    }
}

/// Finds what the statement refers to; nothing for a type that needs no reference.
///
/// # Errors
/// `niet-gelijk` for an unknown message, another's message or part, or another case, without saying which of these.
pub(crate) async fn vinden(
    store: &dyn Store,
    soort: &Definitie,
    van: Oin,
    casus: Option<CasusRef>,
    verklaring: &Value,
    pad: &str,
) -> Result<Option<Verwijzing>, Fout> {
    let woord = |w: NaarWoord| soort.naar.contains(&Naar::Woord(w));
    let (naar_eigenaar, naar_houder) = (woord(NaarWoord::Eigenaar), woord(NaarWoord::Houder));
    if !naar_eigenaar && !naar_houder {
        return Ok(None);
    }
    let anders = || Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/bericht"));
    let id = veld(verklaring, "bericht").and_then(|t| BerichtId::parse(t).ok()).ok_or_else(anders)?;
    let zonder_deel = soort.delen.zonder_delen.is_some();
    let van_houders = |houders: Vec<Oin>, bereikt: Vec<Oin>, categorie| Verwijzing {
        vanzelf: if zonder_deel { bereikt } else { houders.clone() },
        kring: houders,
        categorie,
        eigen: true,
        ernaast: veld(verklaring, "soort") == Some(ZIENSWIJZE),
    };
    let van_ander = |eigenaar: Oin| {
        let kring = vec![eigenaar];
        Verwijzing { vanzelf: kring.clone(), kring, categorie: None, eigen: false, ernaast: false }
    };
    let eigen_deel = async |deel: DeelId| -> Result<Deelhouders, Fout> {
        let gevonden = store.deelhouders(deel).await?;
        gevonden.filter(|d| d.bericht == id && d.van == van && d.casus == casus).ok_or_else(anders)
    };
    if naar_houder && let Some(deel) = veld(verklaring, "deel") {
        let deel = eigen_deel(DeelId::parse(deel).map_err(|_| anders())?).await?;
        return Ok(Some(van_houders(deel.houders, deel.bereikt, Some(deel.categorie))));
    }
    let delen = delen(verklaring).ok_or_else(anders)?;
    for bericht in store.beantwoord(id).await? {
        if bericht.casus != casus {
            continue;
        }
        if naar_houder && bericht.van == van && delen.is_empty() {
            return Ok(Some(van_houders(bericht.ontvangers, bericht.bereikt, None)));
        }
        if naar_houder && bericht.van == van {
            // Of some parts nobody hears who has others of that message (R22, R23).
            let (mut houders, mut bereikt) = (BTreeSet::new(), BTreeSet::new());
            for deel in &delen {
                let deel = eigen_deel(*deel).await?;
                houders.extend(deel.houders);
                bereikt.extend(deel.bereikt);
            }
            return Ok(Some(van_houders(houders.into_iter().collect(), bereikt.into_iter().collect(), None)));
        }
        if naar_eigenaar && bericht.ontvangers.contains(&van) {
            if soort.gevolgen.contains(&Gevolg::DelenBevriezen) {
                let gemeld = gemeld::vinden(store, van, casus, id, &delen).await?.ok_or_else(anders)?;
                return Ok(Some(van_ander(gemeld.van)));
            }
            return Ok(Some(van_ander(bericht.van)));
        }
    }
    Err(anders())
}

/// The parts that a statement names; nothing where one is no part's number.
pub(crate) fn delen(verklaring: &Value) -> Option<Vec<DeelId>> {
    let genoemd = verklaring.get("delen").and_then(Value::as_array).into_iter().flatten();
    genoemd.map(|d| d.as_str().and_then(|id| DeelId::parse(id).ok())).collect()
}

fn veld<'v>(verklaring: &'v Value, naam: &str) -> Option<&'v str> {
    verklaring.get(naam).and_then(Value::as_str)
}
