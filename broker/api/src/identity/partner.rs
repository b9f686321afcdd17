//! The partner of a request, by its certificate alone. Enough for asking a token, and the first half of every access.

use std::rc::Rc;

use actix_web::HttpRequest;
use inbreng_domain::{Oin, ProblemCode};

use super::{Clientcertificaat, verbinding::Verbinding};
use crate::{Antwoordfout, knooppunt::knooppunt, tls::Hercontrole};

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
        let knooppunt = knooppunt(req)?;
        let Some(Verbinding(certificaat)) = req.conn_data::<Verbinding>() else {
            return Err(ProblemCode::GeenCertificaat.into());
        };
        // Nobody is given a token, and no word is judged, by a clock that is known to be wrong.
        if knooppunt.hub.klok_achter().is_some() {
            return Err(ProblemCode::BeleidVerouderd.into());
        }
        // By a clock that was set back, every certificate, list and statement of the directory is of later.
        let onzeker = |code| if knooppunt.hub.klok_vertrouwd() { code } else { ProblemCode::BeleidVerouderd }.into();
        match knooppunt.vertrouwen.hercontrole(certificaat, knooppunt.clock.now()) {
            Hercontrole::Geldig => {}
            Hercontrole::Ingetrokken => return Err(onzeker(ProblemCode::CertificaatIngetrokken)),
            Hercontrole::LijstVerlopen => return Err(ProblemCode::IntrekkingslijstVerlopen.into()),
        }
        let oin = certificaat.oin().ok_or(ProblemCode::PartnerOnbekend)?;
        if !knooppunt.hub.kent(oin) {
            return Err(onzeker(ProblemCode::PartnerOnbekend));
        }
        Ok(Self { oin, certificaat: Rc::clone(certificaat) })
    }
}
