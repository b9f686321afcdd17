//! A connection between two machines that can be cut or stand still: every byte between a hub and what it needs goes through
//! here, so that neither notices who is in between.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    sync::watch,
};

/// How a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// As it should be.
    Open,
    /// Connections are ended, and new ones are at once.
    Weg,
    /// Connections stay and new ones are taken; nothing comes through, until it all does.
    Stil,
    /// Nothing comes through any more on the connections that there are, and nobody is told so, also not later: what is in between
    /// has forgotten them.
    Kwijt,
}

/// A line.
#[derive(Debug)]
pub struct Lijn {
    stand: watch::Sender<Stand>,
}

/// Where a line begins.
enum Van {
    Pad(UnixListener),
    Poort(TcpListener),
}

/// Where a line leads.
enum Naar {
    /// A socket in a folder.
    Pad(PathBuf),
    /// The next of these in turn; the others where nobody listens there.
    Beurtelings(Vec<SocketAddr>, AtomicUsize),
}

/// Both directions.
trait Draad: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Draad for T {}

impl Lijn {
    /// A line from a socket at `van` to the one at `naar`.
    pub fn van_pad(van: &Path, naar: PathBuf) -> Self {
        Self::leggen(Van::Pad(UnixListener::bind(van).unwrap()), Naar::Pad(naar))
    }

    /// A line to these addresses in turn, and where it begins.
    pub async fn naar(adressen: Vec<SocketAddr>) -> (Self, SocketAddr) {
        let luisteraar = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let adres = luisteraar.local_addr().unwrap();
        (Self::leggen(Van::Poort(luisteraar), Naar::Beurtelings(adressen, AtomicUsize::default())), adres)
    }

    fn leggen(van: Van, naar: Naar) -> Self {
        let stand = watch::Sender::new(Stand::Open);
        let (kijken, naar) = (stand.subscribe(), Arc::new(naar));
        tokio::spawn(async move {
            while let Ok(draad) = van.nemen().await {
                tokio::spawn(verbinden(draad, Arc::clone(&naar), kijken.clone()));
            }
        });
        Self { stand }
    }

    /// From now on it is so.
    pub fn wordt(&self, stand: Stand) {
        self.stand.send_replace(stand);
    }
}

impl Van {
    async fn nemen(&self) -> std::io::Result<Box<dyn Draad>> {
        Ok(match self {
            Self::Pad(luisteraar) => Box::new(luisteraar.accept().await?.0),
            Self::Poort(luisteraar) => Box::new(vlot(luisteraar.accept().await?.0)),
        })
    }
}

/// Without waiting for more to send at once.
fn vlot(draad: TcpStream) -> TcpStream {
    let _slower = draad.set_nodelay(true);
    draad
}

impl Naar {
    async fn bereiken(&self) -> Option<Box<dyn Draad>> {
        match self {
            Self::Pad(pad) => Some(Box::new(UnixStream::connect(pad).await.ok()?)),
            Self::Beurtelings(adressen, beurt) => {
                let eerste = beurt.fetch_add(1, Ordering::Relaxed);
                for adres in adressen.iter().cycle().skip(eerste % adressen.len()).take(adressen.len()) {
                    if let Ok(draad) = TcpStream::connect(adres).await {
                        return Some(Box::new(vlot(draad)));
                    }
                }
                None
            }
        }
    }
}

/// One connection, until an end of it closes or the line is cut.
async fn verbinden(hier: Box<dyn Draad>, naar: Arc<Naar>, stand: watch::Receiver<Stand>) {
    let mut kijken = stand.clone();
    let doorgaan = async {
        doorlaten(stand.clone()).await;
        let Some(daar) = naar.bereiken().await else { return };
        let ((hier_uit, hier_in), (daar_uit, daar_in)) = (split(hier), split(daar));
        let (heen, terug) = (stroom(hier_uit, daar_in, stand.clone()), stroom(daar_uit, hier_in, stand));
        tokio::select! { _ = heen => {}, _ = terug => {} }
    };
    // As long as it stands here, both ends are open.
    tokio::pin!(doorgaan);
    let kwijt = async { kijken.wait_for(|s| matches!(s, Stand::Weg | Stand::Kwijt)).await.is_ok_and(|s| *s == Stand::Kwijt) };
    tokio::select! {
        biased;
        kwijt = kwijt => if kwijt { std::future::pending().await },
        () = &mut doorgaan => {}
    }
}

/// Carries what comes from one end to the other.
async fn stroom(mut van: impl AsyncRead + Unpin, mut naar: impl AsyncWrite + Unpin, stand: watch::Receiver<Stand>) -> Option<()> {
    let mut deel = vec![0; 1 << 14];
    loop {
        let n = van.read(&mut deel).await.ok().filter(|n| *n > 0)?;
        doorlaten(stand.clone()).await;
        naar.write_all(deel.get(..n)?).await.ok()?;
    }
}

/// Waits as long as the line stands still.
async fn doorlaten(mut stand: watch::Receiver<Stand>) {
    let _gone = stand.wait_for(|s| *s != Stand::Stil).await;
}

#[tokio::test]
async fn a_line_carries_stands_still_forgets_and_is_cut() {
    let luisteraar = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (lijn, adres) = Lijn::naar(vec![luisteraar.local_addr().unwrap()]).await;
    let verbonden =
        async |adres, luisteraar: &TcpListener| (TcpStream::connect(adres).await.unwrap(), luisteraar.accept().await.unwrap().0);
    let (mut hier, mut daar) = verbonden(adres, &luisteraar).await;
    let mut een = [0];
    hier.write_all(b"a").await.unwrap();
    daar.read_exact(&mut een).await.unwrap();
    lijn.wordt(Stand::Stil);
    hier.write_all(b"b").await.unwrap();
    let niets = tokio::time::timeout(std::time::Duration::from_millis(50), daar.read_exact(&mut een)).await;
    assert!(niets.is_err(), "it came through");
    lijn.wordt(Stand::Open);
    daar.read_exact(&mut een).await.unwrap();
    assert_eq!(een, *b"b", "late, and whole");
    lijn.wordt(Stand::Kwijt);
    hier.write_all(b"c").await.unwrap();
    let niets = tokio::time::timeout(std::time::Duration::from_millis(50), daar.read(&mut een)).await;
    assert!(niets.is_err(), "it came through, or was told");
    lijn.wordt(Stand::Open);
    let (mut hier, mut daar) = verbonden(adres, &luisteraar).await;
    hier.write_all(b"d").await.unwrap();
    daar.read_exact(&mut een).await.unwrap();
    assert_eq!(een, *b"d", "a new one goes");
    lijn.wordt(Stand::Weg);
    assert_eq!(hier.read(&mut een).await.unwrap(), 0);
}
