//! What is fuzzed behind the seal: a sender with a real key may seal any bytes, and its recipient is the first that looks at them. Sealed,
//! committed to and signed as the owner does it; only the text is another.

use std::sync::LazyLock;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_adapter::sealing::{Geopend, Openfout, Voor, herwrappen, openen, openen_met_wrap, verzegelen};
use inbreng_domain::{
    Deel, Labels, Randomness, Toegang,
    jwe::Inhoud,
    limits::{SIZE_CLASSES, TOELICHTING_BYTES, TOELICHTING_TEKENS},
    part::{Toegangsverklaring, Toelichting},
    vocabulary::{Doel, Gebruik, JaNee, Toegangswijze},
};
use inbreng_harness::{Brief, Partner, Regio};
use inbreng_proof::{
    deel::{inhoud_digest, sign_deel},
    jws::unverified_payload,
    toegang::sign_toegang,
    toelichting::toelichting_digest,
};
use serde_json::Value;

/// Every byte the same, so that the content key is known here.
#[derive(Debug)]
struct Vast;

const SLEUTEL: [u8; 32] = [9; 32];

impl Randomness for Vast {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(SLEUTEL[0]);
    }
}

/// An owner and a recipient of its part.
struct Eigenaar {
    politie: Partner,
    vt: Partner,
    labels: Labels,
    /// The part, whose text is put in its place each time.
    deel: Deel,
    /// The same for another purpose, with its explanation.
    ander_doel: (Deel, Toegang),
}

static EIGENAAR: LazyLock<Eigenaar> = LazyLock::new(|| {
    let regio = Regio::maken();
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| regio.partner(naam));
    let brief = Brief::incidentmelding(&regio, &politie, &vt, "Er was ruzie.");
    let stuk = brief.delen.first().expect("a part");
    let labels = brief.labels(stuk);
    let dicht = |voor: &[Voor]| verzegelen(labels.clone(), &stuk.inhoud, politie.zegel.jwk(), voor, &politie.sleutel, &Vast);
    let deel = dicht(&stuk.voor).expect("a part is sealed");
    let voor = Voor {
        oin: vt.oin,
        sleutel: vt.zegel.jwk().clone(),
        wijze: Toegangswijze::Inzage,
        doel: Doel::Strafzaak,
        gebruik: vec![Gebruik::Dossier],
        genoemd: JaNee::Nee,
        bewaren_tot: None,
        verzoek: Some(brief.id),
    };
    let alleen_eigen = dicht(&[]).expect("a part is sealed");
    let uitleg = Toelichting { tekst: "Nodig voor de zitting.".to_owned() };
    let eigen = std::slice::from_ref(&politie.zegel);
    let verder =
        herwrappen(&alleen_eigen, &voor, eigen, politie.publiek(), &politie.sleutel, Some((&uitleg, &Vast))).expect("a wrap");
    let mut ander = alleen_eigen;
    ander.inhoud.recipients = vec![verder.wrap];
    let ander_doel = (ander, verder.toegang);
    Eigenaar { politie, vt, labels, deel, ander_doel }
});

/// Texts that are sealed: contents, and what pads them.
pub fn teksten() -> Vec<Vec<u8>> {
    let e = &*EIGENAAR;
    let echt = openen(&e.deel, e.vt.oin, std::slice::from_ref(&e.vt.zegel), e.politie.publiek()).expect("what was sealed opens");
    let echt = echt.inhoud.as_bytes().to_vec();
    let met = |spaties: usize| [echt.as_slice(), vec![b' '; spaties].as_slice()].concat();
    vec![echt.clone(), met(3), met(1024), b"{}".to_vec(), vec![b' '; 4096]]
}

/// Texts of an explanation.
pub fn toelichtingen() -> Vec<Vec<u8>> {
    let tekst = |t: &str| serde_json::to_vec(&Toelichting { tekst: t.to_owned() }).expect("text");
    vec![tekst("Nodig voor de zitting."), tekst(" \u{a0}\u{3000}"), tekst(&"é".repeat(TOELICHTING_TEKENS)), b"{}".to_vec()]
}

/// The size class that holds so many bytes.
fn klasse(lengte: usize) -> Option<usize> {
    SIZE_CLASSES.into_iter().find(|k| *k >= lengte)
}

fn zonder_spaties(bytes: &[u8]) -> &[u8] {
    let einde = bytes.iter().rposition(|b| *b != b' ').map_or(0, |i| i + 1);
    bytes.get(..einde).expect("a place in it")
}

/// Puts another text in the place of the one that was sealed, with spaces up to a size class.
fn ander_tekst(inhoud: &mut Inhoud, tekst: &[u8]) -> Option<()> {
    let mut dicht = tekst.to_vec();
    dicht.resize(klasse(tekst.len())?, b' ');
    let sleutel = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &SLEUTEL).expect("32 bytes"));
    let iv: [u8; 12] = URL_SAFE_NO_PAD.decode(&inhoud.iv).expect("base64url").try_into().expect("12 bytes");
    let aad = Aad::from(format!("{}.{}", inhoud.protected, inhoud.aad));
    let tag = sleutel.seal_in_place_separate_tag(Nonce::assume_unique_for_key(iv), aad, &mut dicht).expect("it is sealed");
    inhoud.ciphertext = URL_SAFE_NO_PAD.encode(&dicht);
    inhoud.tag = URL_SAFE_NO_PAD.encode(tag.as_ref());
    Some(())
}

/// Signs the owner's statement again, changed like this.
fn opnieuw(verklaring: &str, anders: impl FnOnce(&mut Toegangsverklaring)) -> String {
    let mut gelezen: Toegangsverklaring = unverified_payload(verklaring).expect("a statement");
    anders(&mut gelezen);
    sign_toegang(&EIGENAAR.politie.sleutel, &gelezen).expect("a signature")
}

/// A text that an owner sealed, whatever it is: opened as it was sealed where its padding is that of the smallest size class, and
/// refused otherwise.
pub fn klaretekst(bytes: &[u8]) {
    let e = &*EIGENAAR;
    let mut deel = e.deel.clone();
    let Some(()) = ander_tekst(&mut deel.inhoud, bytes) else { return };
    deel.eigenaarsbewijs = sign_deel(&e.politie.sleutel, &e.labels, &deel.inhoud, &SLEUTEL).expect("a proof");
    let digest = inhoud_digest(&deel.inhoud).expect("a digest");
    for toegang in &mut deel.toegang {
        toegang.verklaring = opnieuw(&toegang.verklaring, |v| v.inhoud = digest);
    }
    let tekst = zonder_spaties(bytes);
    let kleinste = klasse(tekst.len()) == klasse(bytes.len());
    match openen(&deel, e.vt.oin, std::slice::from_ref(&e.vt.zegel), e.politie.publiek()) {
        Ok(geopend) => {
            assert!(kleinste && geopend.inhoud.as_bytes() == tekst, "opened as another text");
            if let Ok(waarde) = geopend.inhoud.waarde() {
                assert_eq!(serde_json::from_slice::<Value>(tekst).expect("strict JSON is JSON"), waarde);
            }
        }
        Err(fout) => assert!(!kleinste && matches!(fout, Openfout::Aanvulling(_)), "{fout}"),
    }
}

/// A text that an owner sealed as its explanation (R28): opened where it says something in the one form, and refused otherwise.
pub fn toelichting(bytes: &[u8]) {
    let e = &*EIGENAAR;
    let (deel, toegang) = &e.ander_doel;
    let mut uitleg = toegang.toelichting.clone().expect("an explanation");
    let Some(()) = ander_tekst(&mut uitleg, bytes) else { return };
    let digest = toelichting_digest(&uitleg).expect("a digest");
    let verklaring = opnieuw(&toegang.verklaring, |v| v.toelichting = Some(digest));
    let wrap = deel.inhoud.recipients.first().expect("a wrap");
    let sleutels = std::slice::from_ref(&e.vt.zegel);
    let geopend = openen_met_wrap(deel, wrap, (&verklaring, Some(&uitleg)), e.vt.oin, sleutels, e.politie.publiek());
    let tekst = zonder_spaties(bytes);
    let gezegd = serde_json::from_slice::<Toelichting>(tekst).ok();
    match geopend {
        Ok(Geopend { toelichting, .. }) => {
            let tekens = toelichting.as_ref().map(|t| t.tekst.chars().count());
            assert!(tekens.is_some_and(|n| (1..=TOELICHTING_TEKENS).contains(&n)) && bytes.len() <= TOELICHTING_BYTES);
            assert_eq!(toelichting, gezegd, "explained in other words");
        }
        Err(Openfout::ToelichtingLeeg | Openfout::Aanvulling(_)) => {
            let goed = gezegd.is_some_and(|t| !t.tekst.trim().is_empty() && t.tekst.chars().count() <= TOELICHTING_TEKENS);
            assert!(!goed || klasse(tekst.len()) != klasse(bytes.len()) || tekst.is_empty(), "what was explained is lost");
        }
        Err(Openfout::ToelichtingAnders(_)) => assert!(bytes.len() > TOELICHTING_BYTES),
        Err(fout) => panic!("{fout}"),
    }
}
