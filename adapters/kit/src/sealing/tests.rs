//! Several recipients, the attacks of the security design on sealing, and other libraries as second readers.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{
    Deel,
    jwe::{Inhoud, Sleutelwrap},
    part::{Toegangsverklaring, Toelichting},
    receipts::Weigeringscode,
    vocabulary::{Doel, Gebruik, JaNee, Toegangswijze},
};
use inbreng_proof::{SigningKey, deel as proof, toegang::sign_toegang};
use serde_json::{Value, json};

use super::{
    verzegelen::{toegang_geven, versleutelen},
    wrap::{Inhoudssleutel, inpakken},
    *,
};
use crate::testsleutels::{GGZ, VEILIG_THUIS, WIJKTEAM, labels, oin, ondertekening, random};

pub(super) struct Proef {
    pub(super) ondertekening: SigningKey,
    pub(super) eigen: Zegelsleutel,
    pub(super) vt: Zegelsleutel,
    pub(super) wijkteam: Zegelsleutel,
}

fn inhoud() -> Value {
    json!({"toelichting": "Testpersoon Appel slaapt slecht.", "aantal": 3})
}

fn voor(wie: &str, sleutel: &Zegelsleutel) -> Voor {
    Voor {
        oin: oin(wie),
        sleutel: sleutel.jwk().clone(),
        wijze: Toegangswijze::Meegeleverd,
        doel: Doel::Beoordelen,
        gebruik: vec![Gebruik::Dossier],
        genoemd: JaNee::Nee,
        bewaren_tot: None,
        verzoek: None,
    }
}

impl Proef {
    pub(super) fn inhoud() -> Value {
        inhoud()
    }

    pub(super) fn voor(wie: &str, sleutel: &Zegelsleutel) -> Voor {
        voor(wie, sleutel)
    }

    pub(super) fn new() -> Self {
        let nieuw = || Zegelsleutel::generate().unwrap();
        Self { ondertekening: ondertekening(), eigen: nieuw(), vt: nieuw(), wijkteam: nieuw() }
    }

    pub(super) fn deel(&self) -> Deel {
        let ontvangers = [voor(VEILIG_THUIS, &self.vt), voor(WIJKTEAM, &self.wijkteam)];
        verzegelen(labels(GGZ), &inhoud(), self.eigen.jwk(), &ontvangers, &self.ondertekening, &random()).unwrap()
    }

    /// What the hub passes on to one recipient.
    fn voor_ontvanger(deel: &Deel, wie: &str, sleutel: &Zegelsleutel) -> Deel {
        let mut deel = deel.clone();
        deel.toegang.retain(|t| t.oin == oin(wie));
        deel.inhoud.recipients.retain(|w| w.header.kid == sleutel.kid());
        deel
    }

    pub(super) fn open(&self, deel: &Deel, wie: &str, sleutel: &Zegelsleutel) -> Result<Geopend, Openfout> {
        openen(deel, oin(wie), std::slice::from_ref(sleutel), self.ondertekening.verifying_key())
    }
}

#[test]
fn each_recipient_opens_and_nobody_else() {
    let p = Proef::new();
    let deel = p.deel();
    assert_eq!(deel.inhoud.recipients.len(), 3);
    for (wie, sleutel) in [(VEILIG_THUIS, &p.vt), (WIJKTEAM, &p.wijkteam)] {
        let geopend = p.open(&Proef::voor_ontvanger(&deel, wie, sleutel), wie, sleutel).unwrap();
        assert_eq!(geopend.inhoud.waarde().unwrap(), inhoud());
        assert_eq!(geopend.toegang.gebruik, [Gebruik::Dossier]);
    }
    let ander = Zegelsleutel::generate().unwrap();
    assert!(matches!(p.open(&deel, VEILIG_THUIS, &ander), Err(Openfout::Wrap)));
    // Another recipient's wrap and statement are of no use to one who has only its own key.
    assert!(matches!(
        p.open(&Proef::voor_ontvanger(&deel, WIJKTEAM, &p.wijkteam), VEILIG_THUIS, &p.vt),
        Err(Openfout::ToegangOntbreekt)
    ));
    assert_eq!(eigen_lezen(&deel, &[p.eigen], p.ondertekening.verifying_key()).unwrap().waarde().unwrap(), inhoud());
}

#[test]
fn a_length_tells_a_size_class_only() {
    let p = Proef::new();
    let lengte = |tekst: &str| {
        let deel = verzegelen(labels(GGZ), &json!(tekst), p.eigen.jwk(), &[], &p.ondertekening, &random()).unwrap();
        URL_SAFE_NO_PAD.decode(&deel.inhoud.ciphertext).unwrap().len()
    };
    assert_eq!((lengte("ja"), lengte(&"x".repeat(1000)), lengte(&"x".repeat(1100))), (1024, 1024, 4096));
}

#[test]
fn opened_text_is_not_printed() {
    let p = Proef::new();
    let geopend = p.open(&p.deel(), VEILIG_THUIS, &p.vt).unwrap();
    assert!(!format!("{geopend:?}").contains("Appel"));
}

/// Attack test 3: one ciphertext that opens to two texts under two keys. The forger owns the signing key, so every
/// signature holds; it wraps one key for the first recipient and another for the second. Whatever the second key makes of
/// the ciphertext, it is not the committed one.
#[test]
fn attack_3_a_second_key_for_the_same_ciphertext_is_refused() {
    let p = Proef::new();
    let (een, twee) = (Inhoudssleutel::from_bytes([1; 32]), Inhoudssleutel::from_bytes([2; 32]));
    let labels = labels(GGZ);
    let mut inhoud = versleutelen(inbreng_proof::deel::labels_aad(&labels).unwrap(), br#"{"a":1}"#, &een, &random()).unwrap();
    let eigenaarsbewijs = proof::sign_deel(&p.ondertekening, &labels, &inhoud, een.as_bytes()).unwrap();
    let mut toegang = Vec::new();
    for (cek, wie, sleutel) in [(&een, VEILIG_THUIS, &p.vt), (&twee, WIJKTEAM, &p.wijkteam)] {
        let wrap = inpakken(cek, sleutel.jwk()).unwrap();
        toegang.push(toegang_geven(&labels, &inhoud, &voor(wie, sleutel), &wrap, None, &p.ondertekening).unwrap());
        inhoud.recipients.push(wrap);
    }
    let deel = Deel { labels, inhoud, eigenaarsbewijs, toegang };
    assert!(p.open(&deel, VEILIG_THUIS, &p.vt).is_ok());
    let fout = p.open(&deel, WIJKTEAM, &p.wijkteam).unwrap_err();
    assert!(matches!(fout, Openfout::Sleutelbinding));
    assert_eq!(fout.weigeringscode(), Weigeringscode::NietTeOpenen);
}

/// Attack test 4: hub and recipient re-wrap a part to a third. The recipient has the content key; it cannot sign for the
/// owner.
#[test]
fn attack_4_a_recipient_cannot_pass_a_part_on() {
    let p = Proef::new();
    let deel = p.deel();
    let derde = Zegelsleutel::generate().unwrap();
    let derde_oin = "00000001003214345009";
    let bewijs = inbreng_proof::deel::verify_deel(&deel, p.ondertekening.verifying_key()).unwrap();
    let wrap_vt = deel.inhoud.recipients.iter().find(|w| w.header.kid == p.vt.kid()).unwrap();
    let cek = super::openen::gebonden_sleutel(&bewijs, wrap_vt, &p.vt).unwrap();
    let wrap = inpakken(&cek, derde.jwk()).unwrap();
    let ontvanger_tekent = ondertekening();

    let mut gesmokkeld = deel.clone();
    gesmokkeld.inhoud.recipients = vec![wrap.clone()];
    // Without a statement; with one the recipient signed; with its own statement under another name.
    gesmokkeld.toegang = vec![];
    assert!(matches!(p.open(&gesmokkeld, derde_oin, &derde), Err(Openfout::ToegangOntbreekt)));
    gesmokkeld.toegang =
        vec![toegang_geven(&deel.labels, &deel.inhoud, &voor(derde_oin, &derde), &wrap, None, &ontvanger_tekent).unwrap()];
    assert!(matches!(p.open(&gesmokkeld, derde_oin, &derde), Err(Openfout::Toegang(_))));
    gesmokkeld.toegang = deel.toegang.iter().filter(|t| t.oin == oin(VEILIG_THUIS)).cloned().collect();
    gesmokkeld.toegang[0].oin = oin(derde_oin);
    let fout = p.open(&gesmokkeld, derde_oin, &derde).unwrap_err();
    assert!(matches!(fout, Openfout::ToegangAnders(_)));
    assert_eq!(fout.weigeringscode(), Weigeringscode::ToegangOntbreekt);

    // And one that is no owner gets no statement out of the re-wrapping code either.
    assert!(
        herwrappen(&deel, &voor(derde_oin, &derde), &[p.vt], ontvanger_tekent.verifying_key(), &ontvanger_tekent, None).is_err()
    );
}

#[test]
fn the_owner_wraps_again() {
    let p = Proef::new();
    let mut deel = p.deel();
    let (derde, derde_oin) = (Zegelsleutel::generate().unwrap(), "00000001003214345009");
    let eigen = std::slice::from_ref(&p.eigen);
    let sleutel = p.ondertekening.verifying_key();
    let nieuw = herwrappen(&deel, &voor(derde_oin, &derde), eigen, sleutel, &p.ondertekening, None).unwrap();
    deel.inhoud.recipients = vec![];
    deel.toegang = vec![];
    let geopend = openen_met_wrap(
        &deel,
        &nieuw.wrap,
        (&nieuw.toegang.verklaring, None),
        oin(derde_oin),
        std::slice::from_ref(&derde),
        p.ondertekening.verifying_key(),
    )
    .unwrap();
    assert_eq!(geopend.inhoud.waarde().unwrap(), inhoud());
    assert!(geopend.toelichting.is_none());
}

/// R28: why it is needed for another purpose is read by who gets the part for that, and nothing stands in its place.
#[test]
fn an_explanation_is_for_one_recipient_part_and_purpose() {
    let p = Proef::new();
    let eigen = std::slice::from_ref(&p.eigen);
    let sleutel = p.ondertekening.verifying_key();
    let (derde, derde_oin) = (Zegelsleutel::generate().unwrap(), "00000001003214345009");
    let strafzaak =
        |wie: &str, zegel: &Zegelsleutel| Voor { doel: Doel::Strafzaak, verzoek: Some(labels(GGZ).bericht), ..voor(wie, zegel) };
    let geven = |deel: &Deel, voor: &Voor, tekst: &str| {
        let uitleg = Toelichting { tekst: tekst.to_owned() };
        let bron = random();
        let gemaakt = herwrappen(deel, voor, eigen, sleutel, &p.ondertekening, Some((&uitleg, &bron))).unwrap();
        let mut verder = deel.clone();
        verder.inhoud.recipients = vec![gemaakt.wrap];
        verder.toegang = vec![gemaakt.toegang];
        verder
    };
    let tekst = "De officier moet weten wat het kind zag.";
    let deel = p.deel();
    let goed = geven(&deel, &strafzaak(derde_oin, &derde), tekst);
    let geopend = p.open(&goed, derde_oin, &derde).unwrap();
    assert_eq!(geopend.toelichting.unwrap().tekst, tekst);
    assert_eq!(geopend.toegang.doel, Doel::Strafzaak);

    let mut van_ander = goed.clone();
    van_ander.toegang[0].toelichting = geven(&deel, &strafzaak(WIJKTEAM, &p.wijkteam), tekst).toegang[0].toelichting.clone();
    let mut opnieuw = goed.clone();
    opnieuw.toegang[0].toelichting = geven(&deel, &strafzaak(derde_oin, &derde), tekst).toegang[0].toelichting.clone();
    let mut zonder = goed.clone();
    zonder.toegang[0].toelichting = None;
    // The signed one says nothing of it, and one is put beside it.
    let mut erbij = goed.clone();
    let kaal = herwrappen(&deel, &strafzaak(derde_oin, &derde), eigen, sleutel, &p.ondertekening, None).unwrap();
    erbij.inhoud.recipients = vec![kaal.wrap];
    erbij.toegang[0].verklaring = kaal.toegang.verklaring;
    let eigen_doel = geven(&deel, &voor(derde_oin, &derde), tekst);
    for (wat, deel) in [
        ("another's", van_ander),
        ("not the signed one", opnieuw),
        ("none", zonder),
        ("unsigned", erbij),
        ("own purpose", eigen_doel),
    ] {
        let fout = p.open(&deel, derde_oin, &derde).unwrap_err();
        assert!(matches!(fout, Openfout::ToelichtingAnders(_)), "{wat}: {fout:?}");
        assert_eq!(fout.weigeringscode(), Weigeringscode::ToegangOntbreekt, "{wat}");
    }
    for leeg in ["", "  \n", &"x".repeat(1001)] {
        let fout = p.open(&geven(&deel, &strafzaak(derde_oin, &derde), leeg), derde_oin, &derde).unwrap_err();
        assert_eq!(fout.weigeringscode(), Weigeringscode::InhoudOngeldig, "{} characters", leeg.len());
    }
    // Signed, and sealed to nobody: it does not open.
    let mut dicht = goed.clone();
    let uitleg = dicht.toegang[0].toelichting.as_mut().unwrap();
    uitleg.tag = URL_SAFE_NO_PAD.encode([7; 16]);
    let digest = inbreng_proof::toelichting::toelichting_digest(uitleg).unwrap();
    let verklaring = Toegangsverklaring { toelichting: Some(digest), ..p.open(&goed, derde_oin, &derde).unwrap().toegang };
    dicht.toegang[0].verklaring = sign_toegang(&p.ondertekening, &verklaring).unwrap();
    assert_eq!(p.open(&dicht, derde_oin, &derde).unwrap_err().weigeringscode(), Weigeringscode::NietTeOpenen);
}

/// Attack test 8, on this side: nothing that is not exactly our form is opened.
#[test]
fn attack_8_every_other_form_is_refused() {
    let p = Proef::new();
    let goed = Proef::voor_ontvanger(&p.deel(), VEILIG_THUIS, &p.vt);
    assert!(p.open(&goed, VEILIG_THUIS, &p.vt).is_ok());
    let b64 = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let header = |text: &'static str| move |d: &mut Deel| d.inhoud.protected = URL_SAFE_NO_PAD.encode(text);
    type Verandering<'a> = (&'a str, Box<dyn Fn(&mut Deel) + 'a>);
    let kort = |text: &str, lengte: usize| URL_SAFE_NO_PAD.encode(&URL_SAFE_NO_PAD.decode(text).unwrap()[..lengte]);
    let anders: Vec<Verandering<'_>> = vec![
        ("label differs from aad", Box::new(|d| d.labels.functie = inbreng_domain::Code::parse("arts").unwrap())),
        ("aad differs from labels", Box::new(|d| d.inhoud.aad = b64("{}"))),
        ("one-byte tag", Box::new(|d| d.inhoud.tag = kort(&d.inhoud.tag, 1))),
        ("long tag", Box::new(|d| d.inhoud.tag = URL_SAFE_NO_PAD.encode([0; 17]))),
        ("short iv", Box::new(|d| d.inhoud.iv = kort(&d.inhoud.iv, 8))),
        ("padded base64", Box::new(|d| d.inhoud.tag.push_str("=="))),
        ("zip", Box::new(header(r#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","zip":"DEF"}"#))),
        ("dir", Box::new(header(r#"{"alg":"dir","enc":"A256GCM"}"#))),
        ("none", Box::new(header(r#"{"alg":"none","enc":"A256GCM"}"#))),
        ("weaker enc", Box::new(header(r#"{"alg":"ECDH-ES+A256KW","enc":"A128GCM"}"#))),
        ("duplicate key", Box::new(header(r#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","enc":"A256GCM"}"#))),
        ("ciphertext outside a class", Box::new(|d| d.inhoud.ciphertext = kort(&d.inhoud.ciphertext, 1000))),
        ("changed ciphertext", Box::new(|d| d.inhoud.ciphertext = URL_SAFE_NO_PAD.encode([0; 1024]))),
        ("short wrap", Box::new(|d| d.inhoud.recipients[0].encrypted_key = URL_SAFE_NO_PAD.encode([0; 24]))),
        ("other kid", Box::new(|d| d.inhoud.recipients[0].header.kid = p.wijkteam.kid().to_owned())),
        ("epk beside the curve", Box::new(|d| d.inhoud.recipients[0].header.epk.x = URL_SAFE_NO_PAD.encode([7; 32]))),
        ("wrap twice", Box::new(|d| d.inhoud.recipients.push(d.inhoud.recipients[0].clone()))),
        ("statement twice", Box::new(|d| d.toegang.push(d.toegang[0].clone()))),
        ("proof of another typ", Box::new(|d| d.eigenaarsbewijs = d.toegang[0].verklaring.clone())),
        ("statement of another typ", Box::new(|d| d.toegang[0].verklaring = d.eigenaarsbewijs.clone())),
        (
            "unsigned proof",
            Box::new(|d| {
                let payload = d.eigenaarsbewijs.split('.').nth(1).unwrap().to_owned();
                d.eigenaarsbewijs = format!("{}.{payload}.", b64(r#"{"alg":"none"}"#));
            }),
        ),
    ];
    for (wat, verander) in anders {
        let mut deel = goed.clone();
        verander(&mut deel);
        assert!(p.open(&deel, VEILIG_THUIS, &p.vt).is_err(), "{wat}");
    }
}

/// Members that our form does not have are refused when the text is read.
#[test]
fn attack_8_unknown_members_are_refused() {
    let inhoud = serde_json::to_value(Proef::new().deel().inhoud).unwrap();
    assert!(serde_json::from_value::<Inhoud>(inhoud.clone()).is_ok());
    for (pad, naam) in [("", "unprotected"), ("", "header"), ("/recipients/0/header", "enc"), ("/recipients/0/header", "apu")] {
        let mut anders = inhoud.clone();
        anders.pointer_mut(pad).unwrap()[naam] = json!("A256GCM");
        assert!(serde_json::from_value::<Inhoud>(anders).is_err(), "{pad}/{naam}");
    }
    let dubbel = serde_json::to_string(&inhoud).unwrap().replacen("{\"protected\"", "{\"tag\":\"AA\",\"protected\"", 1);
    assert!(inbreng_proof::parse_strict(dubbel.as_bytes(), 32).is_err());
}

/// Padding beyond the smallest class is refused though every signature holds.
#[test]
fn a_covert_length_is_refused() {
    let p = Proef::new();
    let cek = Inhoudssleutel::from_bytes([1; 32]);
    let labels = labels(GGZ);
    // The canonical text is followed by spaces of the forger's own, so that it lands in a larger class.
    let mut tekst = br#"{"a":1}"#.to_vec();
    tekst.resize(2000, b' ');
    let mut inhoud = versleutelen(inbreng_proof::deel::labels_aad(&labels).unwrap(), &tekst, &cek, &random()).unwrap();
    let eigenaarsbewijs = proof::sign_deel(&p.ondertekening, &labels, &inhoud, cek.as_bytes()).unwrap();
    let wrap = inpakken(&cek, p.vt.jwk()).unwrap();
    let toegang = vec![toegang_geven(&labels, &inhoud, &voor(VEILIG_THUIS, &p.vt), &wrap, None, &p.ondertekening).unwrap()];
    inhoud.recipients.push(wrap);
    let fout = p.open(&Deel { labels, inhoud, eigenaarsbewijs, toegang }, VEILIG_THUIS, &p.vt).unwrap_err();
    assert!(matches!(fout, Openfout::Aanvulling(_)));
}

#[test]
fn a_statement_for_another_text_under_the_same_part_is_refused() {
    let p = Proef::new();
    let deel = Proef::voor_ontvanger(&p.deel(), VEILIG_THUIS, &p.vt);
    let mut verklaring =
        inbreng_proof::toegang::verify_toegang(&deel.toegang[0].verklaring, p.ondertekening.verifying_key()).unwrap();
    verklaring.inhoud = inbreng_proof::sha256(b"een andere tekst");
    let mut anders = deel;
    anders.toegang[0].verklaring = sign_toegang(&p.ondertekening, &verklaring).unwrap();
    assert!(matches!(p.open(&anders, VEILIG_THUIS, &p.vt), Err(Openfout::ToegangAnders(_))));
}

/// josekit, an independent reader of JOSE, opens what we seal with each recipient's key.
#[test]
fn josekit_opens_what_we_seal() {
    use josekit::jwe::ECDH_ES_A256KW;
    let p = Proef::new();
    let deel = p.deel();
    let json = serde_json::to_string(&deel.inhoud).unwrap();
    for sleutel in [&p.eigen, &p.vt, &p.wijkteam] {
        let pem = sleutel.prive().private_key_to_pem_pkcs8().unwrap();
        let mut lezer = ECDH_ES_A256KW.decrypter_from_pem(&pem).unwrap();
        lezer.set_key_id(sleutel.kid());
        let (tekst, _) = josekit::jwe::deserialize_json(&json, &lezer).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&tekst).unwrap(), inhoud());
    }
}

/// And we open what josekit wraps.
#[test]
fn we_open_a_key_that_josekit_wrapped() {
    use josekit::jwe::{ECDH_ES_A256KW, JweEncrypter, JweHeader};
    let sleutel = Zegelsleutel::generate().unwrap();
    let jwk = serde_json::to_vec(sleutel.jwk()).unwrap();
    let schrijver = ECDH_ES_A256KW.encrypter_from_jwk(&josekit::jwk::Jwk::from_bytes(jwk).unwrap()).unwrap();
    let mut header = JweHeader::new();
    let gewrapt = schrijver.encrypt(&[5; 32], &JweHeader::new(), &mut header).unwrap().unwrap();
    let epk = serde_json::from_value(header.claim("epk").unwrap().clone()).unwrap();
    let wrap = Sleutelwrap {
        header: inbreng_domain::jwe::Wrapheader { kid: sleutel.kid().to_owned(), epk },
        encrypted_key: URL_SAFE_NO_PAD.encode(gewrapt),
    };
    assert_eq!(super::wrap::uitpakken(&wrap, &sleutel).unwrap().as_bytes(), [5; 32]);
}
