//! A partner's own system, as a double: keeps what it is given, answers with the numbers it is told to.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};

#[derive(Debug, Default)]
struct Stand {
    ontvangen: Mutex<Vec<(String, Value)>>,
    gezien: Mutex<HashMap<String, Value>>,
    antwoorden: Mutex<HashMap<String, Value>>,
    personen: Mutex<Option<(String, Vec<String>)>>,
    kapot: AtomicBool,
    weigert: Mutex<Vec<(String, u16)>>,
    geweigerd: Mutex<usize>,
    gelezen: Mutex<HashMap<String, usize>>,
}

#[derive(Debug, Clone)]
pub struct EigenSysteem {
    stand: Arc<Stand>,
    pub adres: SocketAddr,
}

async fn ontvangen(req: HttpRequest, stand: web::Data<Stand>, lichaam: web::Json<Value>) -> HttpResponse {
    if stand.kapot.load(Ordering::SeqCst) {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let getoond = req.headers().get("authorization").unwrap().to_str().unwrap();
    assert_eq!(getoond, format!("Bearer {}", crate::regio::EIGEN_GEHEIM));
    let tekst = lichaam.to_string();
    if let Some((_, status)) = stand.weigert.lock().unwrap().iter().find(|(woord, _)| tekst.contains(woord)) {
        *stand.geweigerd.lock().unwrap() += 1;
        return HttpResponse::build(actix_web::http::StatusCode::from_u16(*status).unwrap()).finish();
    }
    let sleutel = req.headers().get("idempotency-key").unwrap().to_str().unwrap().to_owned();
    let mut gezien = stand.gezien.lock().unwrap();
    if let Some(antwoord) = gezien.get(&sleutel) {
        return HttpResponse::Ok().json(antwoord);
    }
    let mut antwoord = stand.antwoorden.lock().unwrap().get(req.path()).cloned().unwrap_or(json!({}));
    if let Some((veld, nummers)) = stand.personen.lock().unwrap().clone() {
        // Every person comes with a number of its own: the reference, where the own system gave none yet.
        let kenmerken = kenmerken(&lichaam, &veld);
        let personen: Vec<_> = kenmerken.iter().zip(&nummers).map(|(k, n)| json!({"kenmerk": k, veld.as_str(): n})).collect();
        antwoord["personen"] = json!(personen);
    }
    stand.ontvangen.lock().unwrap().push((req.path().to_owned(), lichaam.into_inner()));
    gezien.insert(sleutel, antwoord.clone());
    HttpResponse::Ok().json(antwoord)
}

fn kenmerken(waarde: &Value, veld: &str) -> Vec<String> {
    match waarde {
        Value::Array(lijst) => lijst.iter().flat_map(|v| kenmerken(v, veld)).collect(),
        Value::Object(leden) => {
            let zelf = leden.get(veld).and_then(Value::as_str).map(str::to_owned);
            zelf.into_iter().chain(leden.values().flat_map(|v| kenmerken(v, veld))).collect()
        }
        _ => Vec::new(),
    }
}

impl EigenSysteem {
    pub fn start() -> Self {
        let stand = web::Data::new(Stand::default());
        let gedeeld = stand.clone();
        let server = HttpServer::new(move || App::new().app_data(gedeeld.clone()).default_service(web::to(ontvangen)))
            .workers(1)
            .disable_signals()
            .bind("127.0.0.1:0")
            .unwrap();
        let adres = server.addrs()[0];
        tokio::spawn(server.run());
        Self { stand: stand.into_inner(), adres }
    }

    /// Answers with this on that path.
    pub fn antwoordt(&self, pad: &str, antwoord: Value) {
        self.stand.antwoorden.lock().unwrap().insert(pad.to_owned(), antwoord);
    }

    /// Gives these numbers to the persons it is told of, in the member `veld`.
    pub fn personen(&self, veld: &str, nummers: &[&str]) {
        let nummers = nummers.iter().map(|n| (*n).to_owned()).collect();
        *self.stand.personen.lock().unwrap() = Some((veld.to_owned(), nummers));
    }

    pub fn kapot(&self, kapot: bool) {
        self.stand.kapot.store(kapot, Ordering::SeqCst);
    }

    /// Answers with this status to whatever holds this word; 0: no longer.
    pub fn weigert(&self, woord: &str, status: u16) {
        let mut weigert = self.stand.weigert.lock().unwrap();
        weigert.retain(|(w, _)| w != woord);
        weigert.extend((status != 0).then(|| (woord.to_owned(), status)));
    }

    /// How often it did.
    pub fn geweigerd(&self) -> usize {
        *self.stand.geweigerd.lock().unwrap()
    }

    /// How much came in, in all.
    pub fn aantal(&self) -> usize {
        self.stand.ontvangen.lock().unwrap().len()
    }

    /// The next message on this path.
    pub async fn ontvangt(&self, pad: &str) -> Value {
        let nummer = *self.stand.gelezen.lock().unwrap().entry(pad.to_owned()).and_modify(|n| *n += 1).or_insert(0);
        for _ in 0..3600 {
            let gevonden = self.stand.ontvangen.lock().unwrap().iter().filter(|(p, _)| p == pad).nth(nummer).cloned();
            if let Some((_, lichaam)) = gevonden {
                return lichaam;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "nothing on {pad}; got {:?}",
            self.stand.ontvangen.lock().unwrap().iter().map(|(p, _)| p.clone()).collect::<Vec<_>>()
        );
    }
}
