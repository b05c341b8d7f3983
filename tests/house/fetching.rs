//! Does the store fetch its feeds from the host that it names, and from nobody else? A real TLS server, a real house with its wheels.

use crate::support::{Fails, Failure, MORNING};
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    domain::time::{At, HOUR_MS, MINUTE_MS},
    outside::{self, Ask, Got},
    service::reads,
};
use http_body_util::Full;
use hyper::{Request, Response, StatusCode, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{
    convert::Infallible,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

const TUESDAY: &str = include_str!("../fixtures/feeds/lot/1_tuesday.txt");
const WEDNESDAY: &str = include_str!("../fixtures/feeds/lot/2_wednesday.txt");

/// A host of feeds on this computer.
struct Host {
    at: SocketAddr,
    roots: PathBuf,
    lot: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
    unchanged: Arc<AtomicUsize>,
}

impl Host {
    async fn open(folder: &Path) -> Result<Self, Failure> {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
        let roots = folder.join("host.pem");
        std::fs::write(&roots, made.cert.pem())?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)?;
        let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await?);
        let host = Self {
            at: listener.local_addr()?,
            roots,
            lot: Arc::new(Mutex::new(TUESDAY.to_owned())),
            asked: Arc::default(),
            unchanged: Arc::default(),
        };
        let (lot, asked, unchanged) = (Arc::clone(&host.lot), Arc::clone(&host.asked), Arc::clone(&host.unchanged));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, lot, asked, unchanged) = (acceptor.clone(), Arc::clone(&lot), Arc::clone(&asked), Arc::clone(&unchanged));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let answer = service_fn(|request: Request<_>| {
                        asked.fetch_add(1, Ordering::SeqCst);
                        let answered = answer(&request, &lot, &unchanged);
                        async move { Ok::<_, Infallible>(answered) }
                    });
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        Ok(host)
    }

    fn ask(&self, path: &str) -> Ask {
        Ask {
            url: format!("https://localhost:{}{path}", self.at.port()),
            may_be_private: true,
            roots: Some(self.roots.clone()),
            etag: None,
            last_modified: None,
        }
    }
}

fn answer<B>(request: &Request<B>, lot: &Mutex<String>, unchanged: &AtomicUsize) -> Response<Full<Bytes>> {
    let said = |status: StatusCode, header: (&str, &str), body: String| {
        Response::builder().status(status).header(header.0, header.1).body(Full::new(Bytes::from(body))).unwrap_or_default()
    };
    match request.uri().path() {
        "/lot.txt" => {
            let body = lot.lock().map(|lot| lot.clone()).unwrap_or_default();
            let tag = format!("\"{}\"", blake3::hash(body.as_bytes()).to_hex());
            if request.headers().get("if-none-match").is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
                unchanged.fetch_add(1, Ordering::SeqCst);
                return said(StatusCode::NOT_MODIFIED, ("etag", &tag), String::new());
            }
            said(StatusCode::OK, ("etag", &tag), body)
        }
        "/moved" => said(StatusCode::FOUND, ("location", "/lot.txt"), String::new()),
        "/round" => said(StatusCode::FOUND, ("location", "/round"), String::new()),
        "/elsewhere" => said(StatusCode::FOUND, ("location", "https://feeds.example.com/lot.txt"), String::new()),
        "/plain" => said(StatusCode::MOVED_PERMANENTLY, ("location", "http://localhost/lot.txt"), String::new()),
        "/large" => said(StatusCode::OK, ("x-size", "more than is taken"), " ".repeat((64 << 20) + 1)),
        _ => said(StatusCode::NOT_FOUND, ("x-why", "no such file"), String::new()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_fetched_and_not_sent_again_while_it_has_not_changed() -> Fails {
    let folder = tempfile::tempdir()?;
    let host = Host::open(folder.path()).await?;
    let Got::File { name, bytes, etag, .. } = outside::fetch(&host.ask("/moved")).await? else { return Err("a file".into()) };
    assert_eq!((name.as_str(), bytes.as_slice()), ("lot.txt", TUESDAY.as_bytes()));
    assert_eq!(outside::fetch(&Ask { etag, ..host.ask("/lot.txt") }).await?, Got::Same);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_but_the_host_that_is_named_and_it_must_prove_who_it_is() -> Fails {
    let folder = tempfile::tempdir()?;
    let host = Host::open(folder.path()).await?;
    let other = Host::open(&{
        let other = folder.path().join("other");
        std::fs::create_dir(&other)?;
        other
    })
    .await?;
    for (ask, word) in [
        (host.ask("/elsewhere"), "only the host that the configuration names"),
        (host.ask("/plain"), "only the host that the configuration names"),
        (host.ask("/round"), "without an end"),
        (host.ask("/none"), "404"),
        (host.ask("/large"), "more than 64 MiB"),
        (Ask { may_be_private: false, ..host.ask("/lot.txt") }, "network of one's own"),
        (Ask { roots: Some(other.roots.clone()), ..host.ask("/lot.txt") }, "could not prove"),
        (Ask { url: host.ask("/lot.txt").url.replace("localhost", "127.0.0.1"), ..host.ask("") }, "could not prove"),
        (Ask { url: host.ask("/lot.txt").url.replace("https", "http"), ..host.ask("") }, "https only"),
    ] {
        let refused = outside::fetch(&ask).await.err().map(|error| format!("{error:#}")).unwrap_or_default();
        assert!(refused.contains(word), "{}: {refused}", ask.url);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_of_the_configuration_fills_the_lot_and_says_what_is_wrong_when_it_cannot() -> Fails {
    let folder = tempfile::tempdir()?;
    let host = Host::open(folder.path()).await?;
    let toml = format!(
        "[lan]\naddr = \"127.0.0.1:0\"\n[public]\naddr = \"127.0.0.1:0\"\n\
         [[feeds]]\nname = \"Website\"\nurl = \"{}\"\nmay_be_private = true\nroots = \"{}\"\n\
         [[feeds]]\nname = \"Gone\"\nurl = \"{}\"\nmay_be_private = true\nroots = \"{}\"\n",
        host.ask("/lot.txt").url,
        host.roots.display(),
        host.ask("/none").url,
        host.roots.display(),
    );
    let config: Config = toml::from_str(&toml)?;
    let clock = Clock::standing_at(At::parse_rfc3339(MORNING).unwrap_or_default());
    let house = House::open(&folder.path().join("data"), &config, clock.clone())?;
    let (stopper, stop) = watch::channel(false);
    let doors = house.open_doors(&config, stop).await?;
    let until = async |is_so: &dyn Fn(&headlight::service::shapes::FeedList) -> bool| -> Fails {
        let waiting = async {
            while !is_so(&reads::feeds(&house.rooms)?) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Ok::<_, Failure>(())
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await?
    };
    until(&|list| list.items.len() == 2 && list.items.iter().all(|feed| feed.fetch.as_ref().is_some_and(|f| f.asked_ms.is_some()))).await?;
    let list = reads::feeds(&house.rooms)?;
    assert_eq!((list.items[0].listed, list.on_lot), (12, 12));
    let trouble = list.items[1].fetch.as_ref().and_then(|f| f.trouble.clone()).unwrap_or_default();
    assert!(trouble.contains("404"), "{trouble}");
    let wait_ms = |n: usize| list.items[n].fetch.as_ref().and_then(|f| Some(f.next_ms? - f.asked_ms?));
    assert_eq!((wait_ms(0), wait_ms(1)), (Some(HOUR_MS), Some(5 * MINUTE_MS)));
    // An hour later nothing has changed; the hour after, two cars have gone and two have come.
    clock.advance_ms(HOUR_MS);
    until(&|_| host.unchanged.load(Ordering::SeqCst) == 1).await?;
    until(&|list| {
        list.items[1].fetch.as_ref().is_some_and(|f| f.next_ms.zip(f.asked_ms).is_some_and(|(next, asked)| next - asked == 10 * MINUTE_MS))
    })
    .await?;
    if let Ok(mut lot) = host.lot.lock() {
        WEDNESDAY.clone_into(&mut lot);
    }
    clock.advance_ms(HOUR_MS + 1);
    until(&|list| list.items[0].not_listed == 2).await?;
    assert_eq!(reads::feeds(&house.rooms)?.on_lot, 14);
    assert!(host.asked.load(Ordering::SeqCst) < 20, "it was asked {} times", host.asked.load(Ordering::SeqCst));
    stopper.send(true)?;
    doors.closed().await;
    house.close();
    Ok(())
}
