//! How fast is the house, against its goals? Fills a made-up store, serves it by the real binary, measures over the wire.
//!
//! `cargo bench -- [--scale small|rooftop|large] [NAME…]`: each line prints the goal and what was got in this run.

#![expect(clippy::print_stdout, reason = "a bench speaks to a person")]

mod client;
mod measures;
mod server;

use client::Fails;
use measures::{Bench, Line};

fn main() -> Fails {
    let mut scale = "small".to_owned();
    let mut wanted: Vec<String> = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--scale" => scale = args.next().unwrap_or(scale),
            // cargo says so to every bench.
            "--bench" => {}
            name => wanted.push(name.to_owned()),
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(&scale, &wanted))
}

async fn run(scale: &str, wanted: &[String]) -> Fails {
    let folder = tempfile::tempdir()?;
    println!("filling a {scale} store …");
    let begun = std::time::Instant::now();
    let mut bench = Bench::open(folder.path(), scale).await?;
    println!("filled and serving after {:.1} s\n", begun.elapsed().as_secs_f64());
    println!("{:<46} {:>30} {:>34}", "what", "goal", "got");
    for (name, measure) in measures::ALL {
        if wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str())) {
            for Line { what, goal, got } in measure(&mut bench).await? {
                println!("{what:<46} {goal:>30} {got:>34}");
            }
        }
    }
    bench.close();
    Ok(())
}
