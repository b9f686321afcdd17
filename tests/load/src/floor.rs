//! The bare chain: what remains of a hub that checks nothing and decides nothing. mTLS, a body that is read, the same bytes
//! written by a group commit with the same settings, and an answer. The hub is measured against it.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, web};
use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::Outcome;

type Write = (web::Bytes, oneshot::Sender<()>);

/// Most bodies in one transaction; the hub's own batch is bounded likewise.
const BATCH: usize = 256;

/// Serves until it is killed; writes the bound address to `address_file`.
pub async fn serve(pki: &Path, database: &Path, address_file: &Path) -> Outcome {
    let (sender, receiver) = mpsc::channel::<Write>(4096);
    let options = SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .page_size(4096)
        .pragma("wal_autocheckpoint", "16384")
        .pragma("cache_size", "-16384");
    let mut connection = options.connect().await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS kaal (id INTEGER PRIMARY KEY, body BLOB NOT NULL)").execute(&mut connection).await?;
    tokio::spawn(write_all(connection, receiver));

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let sender = web::Data::new(sender);
    let server = HttpServer::new(move || {
        App::new().app_data(sender.clone()).app_data(web::PayloadConfig::new(16 << 20)).route("/kaal", web::post().to(accept))
    })
    .keep_alive(std::time::Duration::from_secs(90))
    .tcp_nodelay(true)
    .listen_rustls_0_23(listener, tls(pki, &pki.join("knooppunt"))?)?
    .run();
    // Whole or not at all: whoever waits for the file reads it at once.
    let new = address_file.with_extension("nieuw");
    std::fs::write(&new, address.to_string())?;
    std::fs::rename(new, address_file)?;
    Ok(server.await?)
}

async fn accept(body: web::Bytes, sender: web::Data<mpsc::Sender<Write>>) -> HttpResponse {
    let (done, wait) = oneshot::channel();
    if sender.send((body.clone(), done)).await.is_err() || wait.await.is_err() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    HttpResponse::Accepted().body(body)
}

async fn write_all(mut connection: SqliteConnection, mut receiver: mpsc::Receiver<Write>) {
    let mut batch = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        if commit(&mut connection, &batch).await.is_err() {
            return;
        }
        for (_, done) in batch.drain(..) {
            let _ = done.send(());
        }
    }
}

async fn commit(connection: &mut SqliteConnection, batch: &[Write]) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for (body, _) in batch {
        sqlx::query("INSERT INTO kaal (body) VALUES (?)").bind(body.as_ref()).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// A server with the certificate of this folder, which lets in whoever the region's roots know.
pub fn tls(pki: &Path, own: &Path) -> Outcome<rustls::ServerConfig> {
    let mut roots = RootCertStore::empty();
    for file in ["root.pem", "tussen.pem"] {
        for certificate in CertificateDer::pem_file_iter(pki.join(file))? {
            roots.add(certificate?)?;
        }
    }
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build()?;
    let chain = CertificateDer::pem_file_iter(own.join("tls.pem"))?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(own.join("tls.key"))?;
    Ok(rustls::ServerConfig::builder().with_client_cert_verifier(verifier).with_single_cert(chain, key)?)
}
