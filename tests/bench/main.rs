//! How fast is the house, against its goals? Fills a made-up store, serves it by the real binary, measures over the wire.
//!
//! `cargo bench -- [--scale small|rooftop|large] [--data DIR] [NAME…]`: each line prints the goal and what was got in this run.
//! With `--data` the filled store is kept there and used again.

#![expect(clippy::print_stdout, reason = "a bench speaks to a person")]

mod asked;
mod client;
mod duplicates;
mod equity;
mod feed;
mod figures;
mod import;
mod ingest;
mod lot;
mod matching;
mod queue;
mod reads;
mod road;
mod server;
mod service_drive;
mod start;
mod thinking;
mod vin;

use client::{Client, Fails};
use figures::Line;
use server::Server;
use std::{
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    time::Instant,
};

/// A filled store, served.
struct Bench {
    data: PathBuf,
    scale: String,
    server: Server,
    cookie: String,
    asked: asked::Asked,
}

impl Bench {
    async fn open(data: &Path, scale: &str) -> Fails<Self> {
        let mut server = Server::start(data, scale)?;
        // The truth is read from the store itself, which one process at a time may open.
        server.stop(true)?;
        let asked = asked::Asked::of(&data.join("data")).await?;
        let server = Server::start(data, scale)?;
        let cookie = server.cookie("Priya Nair").await?;
        Ok(Self { data: data.to_owned(), scale: scale.to_owned(), server, cookie, asked })
    }

    async fn client(&self) -> Fails<Client> {
        Client::open(self.server.lan, &self.cookie).await
    }

    fn restart(&mut self, cleanly: bool) -> Fails {
        self.server.stop(cleanly)?;
        self.server = Server::start(&self.data, &self.scale)?;
        Ok(())
    }
}

type Measuring<'b> = Pin<Box<dyn Future<Output = Fails<Vec<Line>>> + 'b>>;
type Measure = fn(&mut Bench) -> Measuring<'_>;

const ALL: &[(&str, Measure)] = &[
    ("memory-start", |b| Box::pin(start::memory(b))),
    ("search", |b| Box::pin(reads::search(b))),
    ("customer", |b| Box::pin(reads::customer_page(b))),
    ("import", |b| Box::pin(import::of_people(b))),
    ("feed", |_| Box::pin(feed::snapshots())),
    ("ingest", |b| Box::pin(ingest::durable(b))),
    ("road", |b| Box::pin(road::view_to_card(b))),
    ("queue", |b| Box::pin(queue::open_now(b))),
    ("lot", |b| Box::pin(lot::pages(b))),
    ("service_drive", |b| Box::pin(service_drive::board(b))),
    ("thinking", |b| Box::pin(thinking::thoughts(b))),
    ("equity", |b| Box::pin(equity::all_cars(b))),
    ("duplicates", |b| Box::pin(duplicates::scan(b))),
    ("rebuild", |b| Box::pin(start::rebuild(b))),
    ("start", |b| Box::pin(start::to_first_search(b))),
    ("vin", |_| Box::pin(async { vin::decode() })),
    ("matching", |_| Box::pin(async { tokio::task::spawn_blocking(matching::arrival).await? })),
    ("sizes", |b| Box::pin(start::sizes(b))),
];

fn main() -> Fails {
    let mut scale = "small".to_owned();
    let mut data: Option<PathBuf> = None;
    let mut wanted: Vec<String> = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--scale" => scale = args.next().unwrap_or(scale),
            "--data" => data = args.next().map(PathBuf::from),
            // cargo says so to every bench.
            "--bench" => {}
            name if ALL.iter().any(|(known, _)| *known == name) => wanted.push(name.to_owned()),
            other => {
                let known: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
                return Err(format!("{other} is not measured; there are {}", known.join(", ")).into());
            }
        }
    }
    let temporary = tempfile::tempdir()?;
    let folder = data.unwrap_or_else(|| temporary.path().to_owned());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(&folder, &scale, &wanted))
}

async fn run(folder: &Path, scale: &str, wanted: &[String]) -> Fails {
    println!("filling a {scale} store, when it is not there yet …");
    let begun = Instant::now();
    let mut bench = Bench::open(folder, scale).await?;
    println!("serving {} after {:.1} s\n", bench.asked.size(), begun.elapsed().as_secs_f64());
    println!("{:<46} {:>26} {:>44}", "what", "goal", "got");
    for (name, measure) in ALL {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            for Line { what, goal, got } in measure(&mut bench).await? {
                println!("{what:<46} {goal:>26} {got:>44}");
            }
        }
    }
    bench.server.stop(true)
}
