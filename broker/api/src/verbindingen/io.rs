//! A connection that ends by itself when it lasts without use.

use std::{
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use super::{Bewaking, Plaats, kaders::Kaders};

/// How often it is looked at.
const KIJKEN: Duration = Duration::from_secs(1);

/// What carries a connection, watched. It gives an error when the connection has to end, also to who only waits for it.
#[derive(Debug)]
pub(crate) struct Bewaakt<T> {
    onder: T,
    bewaking: Rc<Bewaking>,
    /// Absent over HTTP/1.1, where actix holds headers to their time.
    kaders: Option<Kaders>,
    kijken: Pin<Box<Sleep>>,
    voorbij: Option<&'static str>,
    _plaats: Plaats,
}

impl<T> Bewaakt<T> {
    /// Watches a connection on which one version of HTTP was agreed.
    pub(crate) fn new(onder: T, bewaking: Bewaking, http2: bool, plaats: Plaats) -> Self {
        let kaders = http2.then(Kaders::new);
        Self { onder, bewaking: Rc::new(bewaking), kaders, kijken: Box::pin(sleep(KIJKEN)), voorbij: None, _plaats: plaats }
    }

    /// What it is doing, for its requests.
    pub(crate) fn bewaking(&self) -> Rc<Bewaking> {
        Rc::clone(&self.bewaking)
    }

    /// What carries it.
    pub(crate) const fn onder(&self) -> &T {
        &self.onder
    }

    fn kijken(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        while self.voorbij.is_none() && self.kijken.as_mut().poll(cx).is_ready() {
            self.voorbij = self.bewaking.voorbij(Instant::now());
            self.kijken.as_mut().reset(tokio::time::Instant::now() + KIJKEN);
            if let Some(reden) = self.voorbij.filter(|reden| *reden != "stil") {
                tracing::info!(gebeurtenis = "verbinding-beeindigd", reden);
            }
        }
        self.voorbij.map_or(Ok(()), |reden| Err(io::Error::new(io::ErrorKind::TimedOut, reden)))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Bewaakt<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.kijken(cx)?;
        let al = buf.filled().len();
        ready!(Pin::new(&mut this.onder).poll_read(cx, buf))?;
        if let Some(kaders) = &mut this.kaders {
            kaders.lezen(buf.filled().get(al..).unwrap_or_default(), Instant::now())?;
            this.bewaking.koppen(kaders.koppen());
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Bewaakt<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.kijken(cx)?;
        Pin::new(&mut this.onder).poll_write(cx, buf)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.kijken(cx)?;
        Pin::new(&mut this.onder).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.onder.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.kijken(cx)?;
        Pin::new(&mut this.onder).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.kijken(cx)?;
        Pin::new(&mut this.onder).poll_shutdown(cx)
    }
}
