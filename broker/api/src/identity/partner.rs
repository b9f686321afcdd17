//! The partner of a request, by its certificate alone. Enough for asking a token, and the first half of every access; and who is in
//! nothing yet, and brings its first directory statement.

use std::rc::Rc;

use actix_web::HttpRequest;
use inbreng_domain::{Oin, ProblemCode};

use super::{Clientcertificaat, verbinding::Verbinding};
use crate::{
    Antwoordfout,
    knooppunt::{Knooppunt, knooppunt},
    tls::Hercontrole,
};

/// A partner that is in the directory, on a connection whose certificate is good at this moment.
#[derive(Debug)]
pub(crate) struct Partner {
    pub(crate) oin: Oin,
    pub(crate) certificaat: Rc<Clientcertificaat>,
}

impl Partner {
    /// The partner of this request.
    ///
    /// # Errors
    /// `geen-certificaat`, `certificaat-ingetrokken`, `intrekkingslijst-verlopen`, `partner-onbekend`; `beleid-verouderd` where that
    /// cannot be told, because the clock jumped or is before the log.
    pub(crate) fn van(req: &HttpRequest) -> Result<Self, Antwoordfout> {
        let (oin, certificaat) = verbonden(req)?;
        let knooppunt = knooppunt(req)?;
        if knooppunt.hub.kent(oin) {
            Ok(Self { oin, certificaat })
        } else {
            Err(onzeker(knooppunt, ProblemCode::PartnerOnbekend))
        }
    }
}

/// An organisation that is not in the directory, on a connection whose certificate is good. It can ask no token, since the directory does not
/// show which key it signs with; both signatures on what it brings are what lets it in.
#[derive(Debug)]
pub(crate) struct Nieuwkomer {
    pub(crate) oin: Oin,
}

impl Nieuwkomer {
    /// The newcomer of this request; nothing where it is a partner. It is counted as who asks a token is.
    ///
    /// # Errors
    /// As [`Partner::van`], without `partner-onbekend` of who has an OIN; `te-vaak`.
    pub(crate) fn van(req: &HttpRequest) -> Result<Option<Self>, Antwoordfout> {
        let (oin, _) = verbonden(req)?;
        let knooppunt = knooppunt(req)?;
        if knooppunt.hub.kent(oin) {
            return Ok(None);
        }
        if !knooppunt.hub.klok_vertrouwd() {
            return Err(ProblemCode::BeleidVerouderd.into());
        }
        knooppunt.drempels.token(oin).map_err(Antwoordfout::te_vaak)?;
        Ok(Some(Self { oin }))
    }
}

/// By a clock that was set back, every certificate, list and statement of the directory is of later.
fn onzeker(knooppunt: &Knooppunt, code: ProblemCode) -> Antwoordfout {
    if knooppunt.hub.klok_vertrouwd() { code } else { ProblemCode::BeleidVerouderd }.into()
}

/// Whose connection it is, by a certificate that is good at this moment.
fn verbonden(req: &HttpRequest) -> Result<(Oin, Rc<Clientcertificaat>), Antwoordfout> {
    let knooppunt = knooppunt(req)?;
    let Some(Verbinding(certificaat)) = req.conn_data::<Verbinding>() else {
        return Err(ProblemCode::GeenCertificaat.into());
    };
    // Nobody is given a token, and no word is judged, by a clock that is known to be wrong.
    if knooppunt.hub.klok_achter().is_some() {
        return Err(ProblemCode::BeleidVerouderd.into());
    }
    match knooppunt.vertrouwen.hercontrole(certificaat, knooppunt.clock.now()) {
        Hercontrole::Geldig => {}
        Hercontrole::Ingetrokken => return Err(onzeker(knooppunt, ProblemCode::CertificaatIngetrokken)),
        Hercontrole::LijstVerlopen => return Err(ProblemCode::IntrekkingslijstVerlopen.into()),
    }
    let oin = certificaat.oin().ok_or(ProblemCode::PartnerOnbekend)?;
    Ok((oin, Rc::clone(certificaat)))
}
