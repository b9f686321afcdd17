//! The partner of a request, by its certificate alone. Enough for asking a token, and the first half of every access.

use std::{
    future::{Ready, ready},
    rc::Rc,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use inbreng_domain::{Oin, ProblemCode, antwoorden::Aangeslotene};

use super::{Clientcertificaat, verbinding::Verbinding};
use crate::{Antwoordfout, knooppunt::knooppunt, tls::Hercontrole};

/// A partner that is in the directory, on a connection whose certificate is good at this moment.
#[derive(Debug)]
pub(crate) struct Partner {
    pub(crate) oin: Oin,
    pub(crate) aangesloten: Aangeslotene,
    pub(crate) certificaat: Rc<Clientcertificaat>,
}

impl Partner {
    /// The partner of this request.
    ///
    /// # Errors
    /// `geen-certificaat`, `certificaat-ingetrokken`, `intrekkingslijst-verlopen`, `partner-onbekend`.
    pub(crate) fn van(req: &HttpRequest) -> Result<Self, Antwoordfout> {
        let knooppunt = knooppunt(req)?;
        let Some(Verbinding(certificaat)) = req.conn_data::<Verbinding>() else {
            return Err(ProblemCode::GeenCertificaat.into());
        };
        match knooppunt.vertrouwen.hercontrole(certificaat, knooppunt.clock.now()) {
            Hercontrole::Geldig => {}
            Hercontrole::Ingetrokken => return Err(ProblemCode::CertificaatIngetrokken.into()),
            Hercontrole::LijstVerlopen => return Err(ProblemCode::IntrekkingslijstVerlopen.into()),
        }
        let oin = certificaat.oin().ok_or(ProblemCode::PartnerOnbekend)?;
        let aangesloten = knooppunt.hub.partner(oin).ok_or(ProblemCode::PartnerOnbekend)?;
        Ok(Self { oin, aangesloten, certificaat: Rc::clone(certificaat) })
    }
}

impl FromRequest for Partner {
    type Error = Antwoordfout;
    type Future = Ready<Result<Self, Antwoordfout>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::van(req))
    }
}
