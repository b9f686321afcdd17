//! Decisions as an enforcement point may see them: what a check shows, and no more.

use inbreng_domain::{
    Besluit, Digest, Oin, Uitkomst,
    authzen::{Evaluatie, Evaluatiebesluit, Evaluatiecontext, Evaluatiefout, Foutmelding},
    problem::ProblemCode,
    toets::{Toetsantwoord, Toetsbesluit},
};

use crate::{Fout, decide::view};

/// What a question gets that is decided for nobody: the hub alone is addressed.
const NIETS_TE_LEVEREN: &str = "Dit gaat alleen naar het knooppunt. Er wordt niets gedeeld, dus er valt niets te besluiten.";

/// True only when every recipient that was asked about gets it; the strictest answer gives the reason.
pub(super) fn van_toets(antwoord: Toetsantwoord) -> Evaluatie {
    let Toetsantwoord { beleid, besluiten, .. } = antwoord;
    let ontvangers: Vec<Oin> = besluiten.iter().map(|b| b.ontvanger).collect();
    let Some(strengste) = besluiten.iter().max_by_key(|b| b.besluit.uitkomst).map(|b| b.besluit.clone()) else {
        return nee(Evaluatiebesluit { reden: NIETS_TE_LEVEREN.to_owned(), beleid: Some(beleid), ..weigering() });
    };
    let mut verplichtingen = Vec::new();
    for Toetsbesluit { besluit, .. } in besluiten {
        for verplichting in besluit.verplichtingen {
            if !verplichtingen.contains(&verplichting) {
                verplichtingen.push(verplichting);
            }
        }
    }
    let Besluit { uitkomst, regels, grondslag, uitleg, alternatieven, .. } = strengste;
    besloten(Evaluatiebesluit {
        uitkomst,
        reden: uitleg.afzender,
        regels,
        grondslag,
        verplichtingen,
        alternatieven,
        beleid: Some(beleid),
        ontvangers,
    })
}

/// The neutral answer for an outsider (R16): the same for an unknown case and for one that it may not know.
pub(super) fn van_weigering(fout: &Fout, beleid: Digest) -> Evaluatie {
    let zin = fout.besluiten().first();
    nee(Evaluatiebesluit {
        reden: zin.map_or_else(|| view::GEEN_INFORMATIE.to_owned(), |b| b.zin.clone()),
        regels: zin.map(|b| b.regels.clone()).unwrap_or_default(),
        beleid: Some(beleid),
        ..weigering()
    })
}

/// For who would read: its own sentence and duties; of a no, no reason and no way round.
pub(super) fn van_inzage(lezer: Oin, besluit: &Besluit) -> Evaluatie {
    if !besluit.uitkomst.levert() {
        let zin = view::voor_lezer(lezer, None, besluit).zin;
        return nee(Evaluatiebesluit { reden: zin, beleid: Some(besluit.beleid), ..weigering() });
    }
    besloten(Evaluatiebesluit {
        uitkomst: besluit.uitkomst,
        reden: besluit.uitleg.ontvanger.clone(),
        verplichtingen: besluit.verplichtingen.clone(),
        beleid: Some(besluit.beleid),
        ..weigering()
    })
}

/// For a part that is not there for the reader.
pub(super) fn geen_informatie() -> Evaluatie {
    nee(Evaluatiebesluit { reden: view::GEEN_INFORMATIE.to_owned(), ..weigering() })
}

/// A question that cannot be decided is a no.
pub(super) fn van_fout(fout: &Fout) -> Evaluatie {
    let code: ProblemCode = fout.code();
    let error =
        Foutmelding { status: code.status(), message: code.detail().to_owned(), code, pad: fout.pad().map(str::to_owned) };
    Evaluatie { decision: false, context: Evaluatiecontext::Fout(Evaluatiefout { error }) }
}

fn besloten(besluit: Evaluatiebesluit) -> Evaluatie {
    Evaluatie { decision: besluit.uitkomst.levert(), context: Evaluatiecontext::Besluit(Box::new(besluit)) }
}

fn nee(besluit: Evaluatiebesluit) -> Evaluatie {
    Evaluatie { decision: false, context: Evaluatiecontext::Besluit(Box::new(besluit)) }
}

/// A refusal that says nothing yet.
fn weigering() -> Evaluatiebesluit {
    Evaluatiebesluit {
        uitkomst: Uitkomst::Weigeren,
        reden: String::new(),
        regels: Vec::new(),
        grondslag: None,
        verplichtingen: Vec::new(),
        alternatieven: Vec::new(),
        beleid: None,
        ontvangers: Vec::new(),
    }
}
