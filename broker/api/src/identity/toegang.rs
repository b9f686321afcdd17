//! Access, typed by scope: a handler that asks for `Toegang<Berichten>` cannot run without a good certificate, a partner in
//! the directory, and a token of that partner, bound to that certificate, with that scope.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use inbreng_domain::{Oin, ProblemCode};

use super::{Bereik, Partner};
use crate::{
    Antwoordfout,
    knooppunt::{Knooppunt, knooppunt},
    koppen,
};

/// A scope as a type.
pub(crate) trait Bereiksoort: 'static {
    /// The scope.
    const BEREIK: Bereik;
}

macro_rules! scopes {
    ($($name:ident),+) => { $(
        #[doc = concat!("Scope `", stringify!($name), "`.")]
        #[derive(Debug)]
        pub(crate) struct $name;
        impl Bereiksoort for $name { const BEREIK: Bereik = Bereik::$name; }
    )+ };
}
scopes!(Berichten, Postvak, Gids, Logboek, Beheer);

/// A partner whose token carries scope `B`.
#[derive(Debug)]
pub(crate) struct Toegang<B> {
    /// The partner.
    pub(crate) oin: Oin,
    bereik: PhantomData<B>,
}

/// The same, before it is counted: for an endpoint that must read the body to know in which lane the request belongs.
#[derive(Debug)]
pub(crate) struct Ongeteld<B>(Toegang<B>);

impl<B> Ongeteld<B> {
    /// Counts the request, in the acute lane or with the ordinary ones.
    ///
    /// # Errors
    /// `te-vaak`.
    pub(crate) fn tellen(self, req: &HttpRequest, acuut: bool) -> Result<Toegang<B>, Antwoordfout> {
        let drempels = &knooppunt(req)?.drempels;
        let geteld = if acuut { drempels.acuut(self.0.oin) } else { drempels.gewoon(self.0.oin) };
        geteld.map_err(Antwoordfout::te_vaak)?;
        Ok(self.0)
    }
}

impl<B: Bereiksoort> FromRequest for Ongeteld<B> {
    type Error = Antwoordfout;
    type Future = Ready<Result<Self, Antwoordfout>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Toegang::ongeteld(req).map(Self))
    }
}

impl<B: Bereiksoort> Toegang<B> {
    fn van(req: &HttpRequest) -> Result<Self, Antwoordfout> {
        Ongeteld(Self::ongeteld(req)?).tellen(req, false)
    }

    fn ongeteld(req: &HttpRequest) -> Result<Self, Antwoordfout> {
        let partner = Partner::van(req)?;
        let knooppunt = knooppunt(req)?;
        let gemist = knooppunt.drempels.gemist(partner.oin);
        Self::met_token(req, knooppunt, &partner).map_err(|fout| match (fout.code(), gemist) {
            // Who keeps trying tokens hears nothing of them.
            (ProblemCode::TokenOngeldig | ProblemCode::TokenNietGebonden, Err(wachten)) => Antwoordfout::te_vaak(wachten),
            _ => fout,
        })
    }

    fn met_token(req: &HttpRequest, knooppunt: &Knooppunt, partner: &Partner) -> Result<Self, Antwoordfout> {
        let token = koppen::bearer(req.headers())?;
        let geldig = knooppunt
            .tokens
            .controleren(token, knooppunt.clock.now())
            .map_err(|fout| Antwoordfout::van(ProblemCode::TokenOngeldig).door(fout))?;
        if geldig.partner != partner.oin || geldig.vingerafdruk != partner.certificaat.vingerafdruk() {
            return Err(ProblemCode::TokenNietGebonden.into());
        }
        if !geldig.bereiken.bevat(B::BEREIK) {
            return Err(Antwoordfout::van(ProblemCode::BereikOntbreekt).bereik(B::BEREIK));
        }
        Ok(Self { oin: partner.oin, bereik: PhantomData })
    }

    /// The same again, for an answer that was waited for: a certificate is revoked and a token expires while a request hangs.
    ///
    /// # Errors
    /// As at the beginning.
    pub(crate) fn opnieuw(&self, req: &HttpRequest) -> Result<(), Antwoordfout> {
        Self::van(req).map(drop)
    }
}

impl<B: Bereiksoort> FromRequest for Toegang<B> {
    type Error = Antwoordfout;
    type Future = Ready<Result<Self, Antwoordfout>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::van(req))
    }
}
