//! The endpoints under `/v1`, one file each, and the list of them.

mod beheer;
mod berichten;
mod berichttypen;
mod bevriezing;
mod checkpoint;
mod convenanten;
mod gelezen;
mod insluiting;
mod inzage;
mod nazending;
mod ontvangst;
mod openapi;
mod overzicht;
mod partners;
mod plichten;
mod postvak;
mod routering;
mod samenhang;
mod sleutels;
mod status;
mod terugroep;
mod terugroep_lezen;
mod toegang;
mod toets_achteraf;
mod toetsen;
mod token;
mod vermelding;
mod weigering;

use crate::eindpunt::Eindpunt;

/// Every endpoint, in the order of the document. A new endpoint is one file and one line here.
pub(crate) fn eindpunten() -> Vec<Eindpunt> {
    let mut alle = vec![
        token::eindpunt(),
        toetsen::eindpunt(),
        berichten::eindpunt(),
        status::eindpunt(),
        plichten::eindpunt(),
        overzicht::eindpunt(),
        toets_achteraf::eindpunt(),
        postvak::eindpunt(),
        ontvangst::eindpunt(),
        gelezen::eindpunt(),
        weigering::eindpunt(),
        inzage::eindpunt(),
        toegang::eindpunt(),
        berichttypen::eindpunt(),
        convenanten::eindpunt(),
        partners::eindpunt(),
        routering::eindpunt(),
        vermelding::eindpunt(),
        sleutels::eindpunt(),
        bevriezing::eindpunt(),
        terugroep_lezen::eindpunt(),
        terugroep::eindpunt(),
        checkpoint::eindpunt(),
        insluiting::eindpunt(),
        samenhang::eindpunt(),
        nazending::eindpunt(),
        openapi::eindpunt(),
    ];
    alle.extend(beheer::eindpunten());
    alle
}
