//! Envelope, `bericht`, `kop` and labels must say the same, and the sender must be who is connected.

use inbreng_domain::{
    BerichtId, Berichttype, CasusRef, Code, ConvenantId, Envelope, Labels, Oin, problem::ProblemCode, vocabulary::Urgentie,
};

use crate::Fout;

/// What every part repeats of its message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kenmerken<'a> {
    /// Absent in a check, where no message exists yet.
    pub(crate) bericht: Option<BerichtId>,
    pub(crate) berichttype: &'a Berichttype,
    pub(crate) variant: Option<&'a Code>,
    pub(crate) antwoord_op: Option<BerichtId>,
    pub(crate) urgentie: Urgentie,
    pub(crate) convenant: &'a ConvenantId,
    pub(crate) casus: Option<CasusRef>,
    pub(crate) van: Oin,
}

/// The sender in `source` and in `bericht` is who is connected.
pub(crate) fn afzender(envelop: &Envelope, van: Oin) -> Result<(), Fout> {
    if envelop.source.oin() != van {
        return Err(Fout::new(ProblemCode::BronNietEigen).at("/source"));
    }
    if envelop.data.bericht.van != van {
        return Err(Fout::new(ProblemCode::BronNietEigen).at("/data/bericht/van"));
    }
    Ok(())
}

/// The envelope repeats the signed `bericht`; each part repeats what binds it to its message.
pub(crate) fn gelijk(envelop: &Envelope) -> Result<(), Fout> {
    let bericht = &envelop.data.bericht;
    for (same, pad) in [
        (envelop.id == bericht.id, "/data/bericht/id"),
        (envelop.berichttype == bericht.berichttype, "/data/bericht/type"),
        (envelop.time == bericht.tijd, "/data/bericht/tijd"),
        (envelop.subject == bericht.casus, "/data/bericht/casus"),
    ] {
        if !same {
            return Err(Fout::new(ProblemCode::NietGelijk).at(pad));
        }
    }
    let kenmerken = kenmerken(envelop);
    for (i, deel) in envelop.data.delen.iter().enumerate() {
        labels(&deel.labels, &kenmerken, &format!("/data/delen/{i}/labels"))?;
    }
    Ok(())
}

/// What the parts of this message must repeat.
pub(crate) fn kenmerken(envelop: &Envelope) -> Kenmerken<'_> {
    let bericht = &envelop.data.bericht;
    Kenmerken {
        bericht: Some(bericht.id),
        berichttype: &bericht.berichttype,
        variant: bericht.variant.as_ref(),
        antwoord_op: bericht.antwoord_op,
        urgentie: bericht.urgentie,
        convenant: &envelop.data.kop.convenant,
        casus: bericht.casus,
        van: bericht.van,
    }
}

/// One part's labels; the owner is the sender (R1).
pub(crate) fn labels(labels: &Labels, of: &Kenmerken<'_>, pad: &str) -> Result<(), Fout> {
    if labels.eigenaar != of.van {
        return Err(Fout::new(ProblemCode::EigenaarNietAfzender).at(format!("{pad}/eigenaar")));
    }
    for (same, field) in [
        (of.bericht.is_none_or(|id| labels.bericht == id), "bericht"),
        (labels.berichttype == *of.berichttype, "type"),
        (labels.variant.as_ref() == of.variant, "variant"),
        (labels.antwoord_op == of.antwoord_op, "antwoordOp"),
        (labels.urgentie == of.urgentie, "urgentie"),
        (labels.convenant == *of.convenant, "convenant"),
        (labels.casus == of.casus, "casus"),
    ] {
        if !same {
            return Err(Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/{field}")));
        }
    }
    Ok(())
}
