//! Builds the house: store, search, hub, wheels, doors. Owns the order in which they start and stop.

use crate::{
    clock::Clock,
    config::Config,
    http::{
        front::Front,
        guard::Names,
        lan,
        limits::Policy,
        public,
        rate::Rates,
        routes::{Route, Router},
        serve::{self, App},
        spa::Screens,
    },
    hub::Hub,
    jobs,
    search::{Opened, Search},
    service::{Rooms, imports, index, presence::Presence, viewers::Viewers},
    store::{
        Store,
        backend::{self, Backend},
        seal::MasterKey,
    },
};
use anyhow::{Context, bail, ensure};
use std::{
    fs,
    io::Write,
    net::SocketAddr,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{
    net::{TcpListener, UnixListener},
    sync::watch,
    task::JoinSet,
};

/// Names inside a data folder.
pub struct Folder(PathBuf);

impl Folder {
    #[must_use]
    pub fn new(data: &Path) -> Self {
        Self(data.to_owned())
    }

    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.0.join("store.redb")
    }

    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.0.join("index")
    }

    /// Where commands reach a running server.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.0.join("headlight.sock")
    }

    /// There only after a clean stop.
    fn clean_stop(&self) -> PathBuf {
        self.0.join("stopped-cleanly")
    }
}

/// The house with its rooms open and its doors still closed.
pub struct House {
    pub rooms: Rooms,
    pub clock: Clock,
    folder: Folder,
}

impl House {
    /// Opens a data folder, making it when there is none.
    ///
    /// # Errors
    /// A sentence on what could not be opened and what to do.
    pub fn open(data: &Path, config: &Config, clock: Clock) -> anyhow::Result<Self> {
        let folder = Folder::new(data);
        make_private(data)?;
        let key = master_key(&config.key_file(data), folder.store().exists())?;
        let policy = Arc::new(config.policy()?);
        let hub = Hub::new();
        let ears = hub.clone();
        let store = Store::open(Backend::File(folder.store()), &key, move |changes| ears.publish(changes))
            .with_context(|| format!("the data in {} could not be opened", data.display()))?;
        let stopped_cleanly = fs::remove_file(folder.clean_stop()).is_ok();
        let head = crate::service::lists::change_head(&store.read()?)?;
        let identity = store.identity().clone();
        let search = match Search::open(Some(&folder.index()), identity.store_id, identity.epoch, head, !stopped_cleanly) {
            Opened::Ready(search, _) => search,
            Opened::MustRebuild(search, why) => {
                tracing::info!(reason = %why, "the search index is built anew in the background");
                search
            }
        };
        let rooms = Rooms {
            store,
            search: Arc::new(search),
            index: Arc::default(),
            soundness: Arc::default(),
            duplicates: Arc::default(),
            score_learning: Arc::default(),
            market: Arc::default(),
            equity: Arc::default(),
            book: Arc::default(),
            hub,
            viewers: Viewers::default(),
            presence: Presence::default(),
            policy,
        };
        Ok(Self { rooms, clock, folder })
    }

    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Gives everything received its effects, as commands do that run without a server.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn drain(&self) -> anyhow::Result<u64> {
        imports::go_on_with_cut(&self.rooms, self.clock.now()).await?;
        Ok(jobs::drain(&self.rooms, &self.clock).await?)
    }

    /// Commits what waits and closes the files.
    pub fn close(self) {
        // An index that is not whole is built by a server, not on the way out of a command.
        if !index::wants_rebuild(&self.rooms)
            && let Err(error) = index::catch_up(&self.rooms)
        {
            tracing::warn!(error = %error, "the search index is behind; it follows at the next start");
        }
        let Self { rooms, folder, .. } = self;
        let store = rooms.store.clone();
        drop(rooms);
        store.close();
        if let Err(error) = fs::write(folder.clean_stop(), b"") {
            tracing::debug!(error = %error, "the mark of a clean stop was not written");
        }
    }
}

/// A folder only this user may enter.
fn make_private(data: &Path) -> anyhow::Result<()> {
    if !data.exists() {
        fs::create_dir_all(data).with_context(|| format!("the data folder {} could not be made", data.display()))?;
        fs::set_permissions(data, fs::Permissions::from_mode(0o700)).with_context(|| format!("{} could not be made private", data.display()))?;
    }
    ensure!(data.is_dir(), "{} is not a folder", data.display());
    Ok(())
}

/// Reads the store's secret.
///
/// # Errors
/// When it is missing, readable by others, or no key.
pub fn read_key(path: &Path) -> anyhow::Result<MasterKey> {
    let bytes = fs::read(path)
        .with_context(|| format!("the key file {} could not be read; data opens only with the key it was sealed with", path.display()))?;
    let mode = fs::metadata(path)?.permissions().mode();
    ensure!(mode.trailing_zeros() >= 6, "the key file {} can be read by others; run: chmod 0400 {}", path.display(), path.display());
    let bytes: [u8; MasterKey::LEN] =
        bytes.try_into().ok().with_context(|| format!("the key file {} is not {} bytes long", path.display(), MasterKey::LEN))?;
    Ok(MasterKey::from_bytes(bytes))
}

/// The key of a data folder; made for a new store only. Data without its key is never opened with a fresh one.
fn master_key(path: &Path, has_data: bool) -> anyhow::Result<MasterKey> {
    if path.exists() {
        read_key(path)
    } else {
        if has_data {
            bail!("there is data, but its key file {} is gone; put the key file back (a new one cannot open old data)", path.display());
        }
        let key = MasterKey::random()?;
        write_key(path, &key)?;
        Ok(key)
    }
}

/// Keeps the secret of a new store, where only this user reads it. One that is there is never written over.
///
/// # Errors
/// When the file is there or cannot be made.
pub fn write_key(path: &Path, key: &MasterKey) -> anyhow::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o400)
        .open(path)
        .with_context(|| format!("the key file {} could not be made", path.display()))?;
    file.write_all(key.bytes())?;
    file.sync_all()?;
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The doors of a running house.
pub struct Doors {
    pub lan: SocketAddr,
    pub public: SocketAddr,
    socket: PathBuf,
    tasks: JoinSet<()>,
}

impl Doors {
    /// Returns when every door is closed and every wheel has stopped.
    pub async fn closed(mut self) {
        while self.tasks.join_next().await.is_some() {}
        // Left behind it does no harm: whoever finds nobody there works alone.
        let _ = fs::remove_file(&self.socket);
    }
}

impl House {
    /// Opens the doors and turns the wheels until `stop` turns true.
    ///
    /// # Errors
    /// Names the address that is taken.
    pub async fn open_doors(&self, config: &Config, stop: watch::Receiver<bool>) -> anyhow::Result<Doors> {
        let bind = async |what: &str, addr: SocketAddr| {
            TcpListener::bind(addr).await.with_context(|| format!("{addr} ({what}) could not be opened; is another server using it?"))
        };
        let lan = bind("the screens", config.lan.addr).await?;
        let public = bind("leads and website", config.public.addr).await?;
        let socket = self.folder.socket();
        let _ = fs::remove_file(&socket);
        let operator = UnixListener::bind(&socket).with_context(|| format!("the socket {} could not be opened", socket.display()))?;
        fs::set_permissions(&socket, fs::Permissions::from_mode(0o600))?;
        let front = Arc::new(Front::new(self.rooms.clone(), self.clock.clone(), false));
        let (lan_addr, public_addr) = (lan.local_addr()?, public.local_addr()?);
        if let Some(drop) = &config.drop_folder
            && let Err(error) = fs::create_dir_all(drop).and_then(|()| fs::read_dir(drop).map(|_| ()))
        {
            tracing::warn!(error = %error, folder = %drop.display(), "the drop folder cannot be opened; what lies there is not imported");
        }
        warm(self.folder.store(), stop.clone())?;
        let mut tasks = JoinSet::new();
        tasks.spawn(until(stop.clone(), Arc::clone(&front).carry_changes()));
        tasks.spawn(jobs::run_all(self.rooms.clone(), self.clock.clone(), stop.clone()));
        tasks.spawn(serve::listen(
            lan,
            Policy::lan(),
            app(&front, lan::routes(), Names::Own(config.lan.names.clone()), Some(Screens::embedded()))?,
            stop.clone(),
        ));
        let outside = Policy { proxies: config.public.proxies.clone(), ..Policy::public() };
        tasks.spawn(serve::listen(public, outside, app(&front, public::routes(), Names::Any, None)?, stop.clone()));
        tasks.spawn(serve::listen_unix(operator, Policy::socket(), app(&front, public::operator_routes(), Names::Any, None)?, stop));
        Ok(Doors { lan: lan_addr, public: public_addr, socket, tasks })
    }
}

/// Brings the store file into memory, on a thread of its own; nobody waits for it, and it ends with the process.
fn warm(file: PathBuf, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    std::thread::Builder::new().name("warm".to_owned()).spawn(move || {
        let begun = std::time::Instant::now();
        match backend::warm(&file, || !*stop.borrow()) {
            Ok(bytes) => tracing::debug!(store.bytes = bytes, duration_ms = begun.elapsed().as_millis(), "the store file was read through"),
            Err(error) => tracing::debug!(error = %error, "the store file was not read through"),
        }
    })?;
    Ok(())
}

async fn until(mut stop: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        _ = stop.wait_for(|s| *s) => {}
    }
}

fn app(front: &Arc<Front>, routes: Vec<Route<Front>>, names: Names, screens: Option<Screens>) -> anyhow::Result<Arc<App<Front>>> {
    Ok(Arc::new(App {
        house: Arc::clone(front),
        router: Router::new(routes)?,
        sign_in: Box::new(Front::sign_in),
        names,
        rates: Arc::new(Rates::usual()),
        metrics: Arc::clone(&front.metrics),
        screens,
    }))
}
