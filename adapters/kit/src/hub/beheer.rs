//! The calls about policy versions and parties, for officers.

use std::time::Duration;

use inbreng_domain::{ConvenantId, Digest, Tijdstip, antwoorden::Verklaringverzoek, gids::Medeondertekend, versie::Versietabel};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Bereik, Hubfout, Knooppunt,
    aanroep::{Aanroep, Lichaam},
};

/// Replaying months of decisions takes a while.
const LANG: Duration = Duration::from_secs(600);

/// A draft, as it is handed in.
#[derive(Debug, Serialize)]
pub struct Indiening<'a> {
    /// The bundle.
    pub bundel: &'a Value,
    /// Its tables.
    pub tabellen: &'a [Versietabel],
    /// The author's act: compact JWS.
    pub verklaring: String,
}

/// Which period is replayed.
#[derive(Debug, Serialize)]
pub struct Simulatieverzoek {
    /// From when.
    pub van: Tijdstip,
    /// Until when.
    pub tot: Tijdstip,
    /// The act: compact JWS.
    pub verklaring: String,
}

/// What the covenant manager signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activeringsplan {
    /// The bundle: compact JWS.
    pub bundel: String,
    /// From when, under which number: compact JWS.
    pub activering: String,
}

impl Knooppunt {
    /// All policy versions.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn versies<T: serde::de::DeserializeOwned>(&self) -> Result<T, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Beheer, "/beheer/versies".to_owned())).await
    }

    /// One version with its history.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn versie<T: serde::de::DeserializeOwned>(&self, versie: Digest) -> Result<T, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Beheer, format!("/beheer/versies/{versie}"))).await
    }

    /// The content of one version.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn versie_inhoud<T: serde::de::DeserializeOwned>(&self, versie: Digest) -> Result<T, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Beheer, format!("/beheer/versies/{versie}/inhoud"))).await
    }

    /// What would change of our own messages: the first page.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn versie_wijzigingen(&self, versie: Digest) -> Result<Value, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Beheer, format!("/beheer/versies/{versie}/wijzigingen")).binnen(LANG)).await
    }

    /// Hands in a draft. The same again gives what stands.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn versie_indienen<T: serde::de::DeserializeOwned>(&self, indiening: &Indiening<'_>) -> Result<T, Hubfout> {
        self.lezen(Aanroep::post(Bereik::Beheer, "/beheer/versies".to_owned(), json(indiening)?).binnen(LANG)).await
    }

    /// Hands in a signed act on a version (`toets`, `goedkeuringen`, `intrekking`), having seen this step as its last.
    ///
    /// # Errors
    /// [`Hubfout`]; `versie-gewijzigd` when somebody was first.
    pub async fn versie_daad<T: serde::de::DeserializeOwned>(
        &self,
        versie: Digest,
        wat: &str,
        gezien: u32,
        jws: String,
    ) -> Result<T, Hubfout> {
        self.stap(versie, wat, gezien, &Verklaringverzoek { verklaring: jws }).await
    }

    /// Has a period replayed.
    ///
    /// # Errors
    /// As [`Self::versie_daad`].
    pub async fn versie_simuleren<T: serde::de::DeserializeOwned>(
        &self,
        versie: Digest,
        gezien: u32,
        verzoek: &Simulatieverzoek,
    ) -> Result<T, Hubfout> {
        self.stap(versie, "simulaties", gezien, verzoek).await
    }

    /// Brings what the covenant manager signed.
    ///
    /// # Errors
    /// As [`Self::versie_daad`].
    pub async fn versie_activeren<T: serde::de::DeserializeOwned>(
        &self,
        versie: Digest,
        gezien: u32,
        plan: &Activeringsplan,
    ) -> Result<T, Hubfout> {
        self.stap(versie, "activeringen", gezien, plan).await
    }

    /// All covenants.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn convenantlijst<T: serde::de::DeserializeOwned>(&self) -> Result<T, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Beheer, "/beheer/convenanten".to_owned())).await
    }

    /// One covenant with its texts and the statements of its parties.
    ///
    /// # Errors
    /// [`Hubfout`].
    pub async fn convenant<T: serde::de::DeserializeOwned>(&self, convenant: &ConvenantId) -> Result<T, Hubfout> {
        self.lezen(Aanroep::get(Bereik::Beheer, format!("/beheer/convenanten/{convenant}"))).await
    }

    /// Brings that the own organisation joins, having seen this statement as the last.
    ///
    /// # Errors
    /// [`Hubfout`]; `versie-gewijzigd` when somebody was first.
    pub async fn toetreden<T: serde::de::DeserializeOwned>(
        &self,
        convenant: &ConvenantId,
        gezien: u32,
        verklaring: &Medeondertekend,
    ) -> Result<T, Hubfout> {
        self.wijzigen(format!("/beheer/convenanten/{convenant}/toetredingen"), gezien, verklaring).await
    }

    /// Brings that the own organisation leaves.
    ///
    /// # Errors
    /// As [`Self::toetreden`].
    pub async fn uittreden<T: serde::de::DeserializeOwned>(
        &self,
        convenant: &ConvenantId,
        gezien: u32,
        verklaring: String,
    ) -> Result<T, Hubfout> {
        let pad = format!("/beheer/convenanten/{convenant}/uittredingen");
        self.wijzigen(pad, gezien, &Verklaringverzoek { verklaring }).await
    }

    async fn stap<T: serde::de::DeserializeOwned>(
        &self,
        versie: Digest,
        wat: &str,
        gezien: u32,
        lichaam: &(impl Serialize + Sync),
    ) -> Result<T, Hubfout> {
        self.wijzigen(format!("/beheer/versies/{versie}/{wat}"), gezien, lichaam).await
    }

    /// Never repeated: after an answer that was lost, a human looks how it stands.
    async fn wijzigen<T: serde::de::DeserializeOwned>(
        &self,
        pad: String,
        gezien: u32,
        lichaam: &(impl Serialize + Sync),
    ) -> Result<T, Hubfout> {
        let aanroep = Aanroep::post(Bereik::Beheer, pad, json(lichaam)?);
        self.lezen(aanroep.gezien(gezien).binnen(LANG).eenmaal()).await
    }
}

fn json(lichaam: &impl Serialize) -> Result<Lichaam, Hubfout> {
    serde_json::to_vec(lichaam).map(Lichaam::Json).map_err(|_| Hubfout::Antwoord("request cannot be written"))
}
