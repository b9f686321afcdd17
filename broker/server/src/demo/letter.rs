//! A real message of the police, sealed and signed by hand: what the trials then bend.

use inbreng_adapter::sealing::{Voor, verzegelen};
use inbreng_domain::clock::SystemClock;
use inbreng_domain::envelope::{Datacontenttype, NaarPartner, Specversion};
use inbreng_domain::vocabulary::{
    Categorie, Doel, Gebruik, Grondslag, JaNee, Leeftijdsgroep, Noodzaak, Toegangswijze, Urgentie, Zekerheid,
};
use inbreng_domain::{
    Bericht, BerichtId, Berichttype, Betrokkene, Bron, Clock, Code, ConvenantId, Data, Datum, DeelId, Digest, Envelope,
    Geadresseerde, GemeenteCode, Kop, Labels, Opening, PersoonRef,
};
use inbreng_proof::bericht::{bericht_digest, deelverwijzingen, sign_bericht, sign_kop};
use inbreng_proof::{SystemRandomness, casus::casus_ref};
use serde_json::json;

use super::trials::Keys;

/// An incident report with one part, from one partner to another, in a case of its own.
pub fn incident(from: &Keys, to: &Keys, beleid: Digest) -> Result<Envelope, Box<dyn std::error::Error>> {
    with_part_of(from, from, to, beleid)
}

/// The same, around a part that another owns and signed.
pub fn with_part_of(owner: &Keys, from: &Keys, to: &Keys, beleid: Digest) -> Result<Envelope, Box<dyn std::error::Error>> {
    let (now, random) = (SystemClock.now(), SystemRandomness);
    let id = BerichtId::mint(now, &random);
    let opening = Opening::mint(&random);
    let casus = casus_ref(from.oin, opening);
    let kind = Berichttype::parse("nl.inbreng.incidentmelding.v1")?;
    let convenant = ConvenantId::parse("voorbeeldregio")?;
    let persoon = PersoonRef::mint(&random);
    let labels = Labels {
        bericht: id,
        berichttype: kind.clone(),
        variant: None,
        antwoord_op: None,
        urgentie: Urgentie::Normaal,
        convenant: convenant.clone(),
        id: DeelId::mint(now, &random),
        casus: Some(casus),
        eigenaar: owner.oin,
        namens: None,
        functie: Code::parse("agent-noodhulp")?,
        betrokkenen: vec![Betrokkene { persoon, leeftijdsgroep: Leeftijdsgroep::Volwassen }],
        categorie: Categorie::Incident,
        status: Some(Zekerheid::Feit),
        waargenomen_op: Some(Datum::parse("2026-11-21")?),
        doel: Doel::Beoordelen,
        grondslagen: vec![Grondslag::WettelijkeTaak],
        noodbesluit: JaNee::Nee,
        noodzaak: Noodzaak::Toegelicht,
        afgeschermd: JaNee::Nee,
        briefing: JaNee::Nee,
        overlegdeel: None,
    };
    let voor = Voor {
        oin: to.oin,
        sleutel: to.zegel.jwk().clone(),
        wijze: Toegangswijze::Meegeleverd,
        doel: Doel::Beoordelen,
        gebruik: vec![Gebruik::Dossier],
        genoemd: JaNee::Nee,
        bewaren_tot: None,
        verzoek: None,
    };
    let inhoud = json!({
        "soort": "incident",
        "aard": ["bedreiging"],
        "plaatsgevondenOp": "2026-11-21T22:40:00.000Z",
        "kenmerk": "PL1500-2026-339999",
        "rollen": [{"ref": persoon, "rol": "slachtoffer"}],
        "bron": {"zekerheid": "feit", "functie": "agent-noodhulp", "waargenomenOp": "2026-11-21"},
        "toelichting": "Buren hoorden geschreeuw bij Testpersoon Zwartebes.",
    });
    let delen = vec![verzegelen(labels, &inhoud, owner.zegel.jwk(), &[voor], &owner.ondertekening, &random)?];
    let mut bericht = Bericht {
        id,
        berichttype: kind.clone(),
        variant: None,
        casus: Some(casus),
        van: from.oin,
        tijd: now,
        urgentie: Urgentie::Normaal,
        antwoord_op: None,
        verklaring: json!({}),
        checkpoint: None,
        handtekening: String::new(),
    };
    sign_bericht(&from.ondertekening, &mut bericht)?;
    let mut kop = Kop {
        bericht: bericht_digest(&bericht)?,
        convenant,
        beleid,
        opening: Some(opening),
        gemeente: Some(GemeenteCode::parse("0518")?),
        geadresseerden: vec![Geadresseerde::Partner(NaarPartner { oin: to.oin, functie: None })],
        delen: deelverwijzingen(&delen)?,
        handtekening: String::new(),
    };
    sign_kop(&from.ondertekening, &mut kop)?;
    Ok(Envelope {
        specversion: Specversion::V1,
        id,
        source: Bron::new(from.oin, Code::parse("registratie")?),
        berichttype: kind,
        time: now,
        subject: Some(casus),
        datacontenttype: Some(Datacontenttype::Json),
        data: Data { bericht, kop, delen },
    })
}
