//! Bodies that cannot be read as a message, or are of another kind.

use inbreng_domain::{ProblemCode, envelope::MEDIA_TYPE};
use inbreng_harness::Antwoord;
use reqwest::Method;

use super::{NAAM, Proef, geheel, poging};

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read() {
    use ProblemCode::{GeenJson, TeDiep, TeGroot, VeldOngeldig};
    let p = Proef::new();
    let goed = String::from_utf8(p.brief().bytes()).unwrap();
    let dubbel = |van: &str, naar: &str| {
        assert!(goed.contains(van), "{van}");
        goed.replacen(van, naar, 1).into_bytes()
    };
    let diep = format!(r#"{{"data":{}1{}}}"#, "[".repeat(40), "]".repeat(40));
    let veld = VeldOngeldig;
    p.allemaal_geweigerd(vec![
        geheel("nothing", vec![], GeenJson),
        geheel("text", NAAM.as_bytes().to_vec(), GeenJson),
        geheel("half", goed.as_bytes()[..goed.len() / 2].to_vec(), GeenJson),
        geheel("more behind it", [goed.as_bytes(), b"{}"].concat(), GeenJson),
        geheel("not UTF-8", goed.bytes().map(|b| if b == b'-' { 0xff } else { b }).collect(), GeenJson),
        geheel("key twice, above", dubbel(r#""specversion":"1.0""#, r#""specversion":"1.0","specversion":"1.0""#), GeenJson),
        geheel(
            "key twice, in labels",
            dubbel(r#""categorie":"incident""#, r#""categorie":"kind","categorie":"incident""#),
            GeenJson,
        ),
        geheel(
            "key twice, escaped",
            dubbel(r#""categorie":"incident""#, r#""categorie":"kind","c\u0061tegorie":"incident""#),
            GeenJson,
        ),
        geheel("too deep", diep.into_bytes(), TeDiep),
        geheel("deeper than a stack", "[".repeat(1_000_000).into_bytes(), TeDiep),
        geheel("too large", vec![b' '; 10 * 1024 * 1024 + 1], TeGroot),
        poging("no object", b"[]".to_vec(), veld, ""),
        geheel("a broken number", dubbel(r#""verklaring":{}"#, r#""verklaring":{"aantal":1.5}"#), veld),
        geheel(
            "a number beyond what JSON carries",
            dubbel(r#""verklaring":{}"#, r#""verklaring":{"aantal":9007199254740993}"#),
            veld,
        ),
    ])
    .await;
    // Exactly as much as is allowed is read, and refused for what it is.
    let mut vol = vec![b' '; 10 * 1024 * 1024];
    vol[..2].copy_from_slice(b"{}");
    assert_eq!(p.afzender.sturen(vol).await.met_status(400).probleem().code, veld);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_another_kind() {
    let p = Proef::new();
    let begin = p.hub.tellingen().await;
    let token = p.afzender.token("berichten").await.unwrap();
    let roep = async |methode: Method, pad: &str, mediatype: &str, inhoud: Vec<u8>| {
        let aanroep = p.afzender.client.aanroep(methode, &format!("/v1{pad}")).token(&token).kop("content-type", mediatype);
        Antwoord::lezen(aanroep.lijf(inhoud).sturen().await).await.unwrap()
    };
    for mediatype in [
        "application/json",
        "application/cloudevents-batch+json",
        "application/cloudevents+json; charset=utf-16",
        "text/plain",
        "x",
    ] {
        let antwoord = roep(Method::POST, "/berichten", mediatype, p.brief().bytes()).await;
        assert_eq!(antwoord.met_status(415).probleem().code, ProblemCode::MediatypeOnbekend, "{mediatype}");
    }
    for methode in [Method::PUT, Method::DELETE, Method::PATCH] {
        let antwoord = roep(methode, "/berichten", MEDIA_TYPE, p.brief().bytes()).await;
        assert_eq!(antwoord.koppen.get("allow").unwrap(), "POST");
        assert_eq!(antwoord.met_status(405).probleem().code, ProblemCode::MethodeOnbekend);
    }
    // A person in an address, though none belongs there: it reaches no log.
    for pad in
        ["/berichten/Testpersoon%20Kanarie", "/Testpersoon%20Kanarie?bsn=999990019", "/partners?naam=Testpersoon%20Kanarie"]
    {
        let status = roep(Method::GET, pad, "application/json", vec![]).await;
        assert!((400..500).contains(&status.status), "{pad}");
        let _in_form = status.probleem();
    }
    assert_eq!(p.hub.tellingen().await, begin);
    p.geen_persoon();
}
