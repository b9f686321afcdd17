//! A collector of traces: it answers everything with 200 and keeps what it got.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

/// A collector that runs until the test ends.
#[derive(Debug)]
pub struct Verzamelaar {
    poort: u16,
    alles: Arc<Mutex<Vec<u8>>>,
}

impl Verzamelaar {
    /// Starts one on a free port.
    pub fn starten() -> Self {
        let luisteraar = TcpListener::bind("127.0.0.1:0").unwrap();
        let (poort, alles) = (luisteraar.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
        let bewaard = Arc::clone(&alles);
        thread::spawn(move || {
            for verbinding in luisteraar.incoming() {
                let (Ok(mut verbinding), bewaard) = (verbinding, Arc::clone(&bewaard)) else { return };
                thread::spawn(move || {
                    let mut buffer = [0; 65_536];
                    while let Ok(gelezen @ 1..) = verbinding.read(&mut buffer) {
                        bewaard.lock().unwrap().extend_from_slice(&buffer[..gelezen]);
                        // Every request of the exporter fits in few reads; an answer too many is read as the next one's.
                        if verbinding.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { poort, alles }
    }

    /// The table of a hub's configuration that names it.
    pub fn tabel(&self) -> String {
        format!("\n[sporen]\notlp = \"http://127.0.0.1:{}/v1/traces\"\n", self.poort)
    }

    /// Everything that it got so far.
    pub fn alles(&self) -> Vec<u8> {
        self.alles.lock().unwrap().clone()
    }
}
