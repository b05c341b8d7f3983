//! The command line: one file a command. Exit codes: 0 done, 1 could not, 2 wrong usage. With `--json` each prints one JSON line.

mod demo;
mod identity;
mod operator;
mod restore;
mod score;
mod serve;
mod socket;
mod value;
mod vin;

use crate::{clock::Clock, config::Config, domain::staff::Role};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::{ffi::OsString, io::Write, net::SocketAddr, path::PathBuf, process::ExitCode};

/// The proactive CRM for one car store: one program, one folder of data.
#[derive(Debug, Parser)]
#[command(name = "headlight", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print one JSON line instead of text.
    #[arg(long, global = true)]
    json: bool,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
struct DataArgs {
    /// Folder with the store's data.
    #[arg(long, value_name = "DIR", env = "HEADLIGHT_DATA")]
    data: PathBuf,
    /// Configuration file; without one the defaults hold.
    #[arg(long, value_name = "FILE", env = "HEADLIGHT_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a store until told to stop.
    Serve {
        #[command(flatten)]
        data: DataArgs,
        /// Where staff reach the screens, for example 192.168.1.10:8080.
        #[arg(long, value_name = "ADDR:PORT")]
        lan: Option<SocketAddr>,
        /// Where lead senders and the website reach the store.
        #[arg(long, value_name = "ADDR:PORT")]
        public: Option<SocketAddr>,
    },
    /// Fill a made-up rooftop and serve it, with shoppers browsing live.
    Demo {
        /// Folder for the made-up data; without one, a temporary folder that goes away.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
        lan: SocketAddr,
        #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8081")]
        public: SocketAddr,
        /// How large a store: 2,000, 25,000 or 250,000 customers.
        #[arg(long, value_enum, default_value = "small")]
        scale: DemoScale,
        /// The same seed makes the same store.
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// No live shoppers.
        #[arg(long)]
        still: bool,
    },
    /// Bring files in: customers, deals, repair orders, appointments or inventory; `auto` finds out which.
    Import {
        #[arg(value_enum)]
        kind: ImportWord,
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Only say what it would do.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Take in leads: ADF files, or mails that carry them.
    Lead {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        data: DataArgs,
    },
    /// The people who work here.
    User {
        #[command(subcommand)]
        act: UserAct,
    },
    /// Keys of lead senders and websites for the public listener.
    Key {
        #[command(subcommand)]
        act: KeyAct,
    },
    /// Open every record and say whether the store is sound.
    Check {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Build the search index anew.
    Reindex {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Write one verified backup file.
    Backup {
        /// Folder to write it to.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        #[command(flatten)]
        data: DataArgs,
    },
    /// How people are told apart.
    Identity {
        #[command(subcommand)]
        act: IdentityAct,
    },
    /// How near to buying people are told to be.
    Score {
        #[command(subcommand)]
        act: ScoreAct,
    },
    /// What cars are worth.
    Value {
        #[command(subcommand)]
        act: ValueAct,
    },
    /// What vehicle numbers say: year, make, model and more, one line a number.
    ///
    /// Needs no data folder and no network. A number that is not sound is told with the reason and with what was perhaps meant.
    Vin {
        #[arg(value_name = "VIN", required_unless_present = "file")]
        vins: Vec<String>,
        /// A file with one number a line.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Write everything as plain files: tables for spreadsheets and programs, with a page that explains them.
    Export {
        /// Folder to write the new folder to.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Fill a new data folder from a backup file or from the folder of an export.
    Restore {
        #[arg(value_name = "FILE|FOLDER")]
        from: PathBuf,
        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Debug, Subcommand)]
enum UserAct {
    /// Add somebody; a first password is made and shown once.
    Add {
        name: String,
        #[arg(long, value_parser = role)]
        role: Role,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Who works here.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Give somebody a new password, shown once, and sign them out everywhere.
    Reset {
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Make a token for scripts, to be sent as `Authorization: Bearer TOKEN`.
    Token {
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Debug, Subcommand)]
enum KeyAct {
    /// Make a key for a lead sender or a website, shown once.
    Add {
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// The keys, by name.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// End all keys of a name.
    Revoke {
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Debug, Subcommand)]
enum IdentityAct {
    /// Compare everybody of a store with everybody who could be the same. Who surely is one is joined, the rest waits on the review list.
    Scan {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Join the rows of a CSV whose truth is known, as a store would, and count what was right.
    ///
    /// Prints pairwise precision, recall and f1, the number of rows and the seconds taken. Needs no data folder and writes nothing.
    Evaluate {
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
        /// TOML that names the file's column for each of first_name, last_name, phone, email, street_number, street, street2, city,
        /// region, postcode and birth_date, for example first_name = "given_name". Leave out what the file does not have.
        #[arg(long, value_name = "MAP.toml")]
        map: PathBuf,
        /// The column that says which rows are one person: rows with an equal value. A trailing -org or -dup-N is cut first, so that
        /// rec-552-org and rec-552-dup-3 are one.
        #[arg(long, value_name = "COLUMN")]
        truth: String,
        /// Also name the rows of so many pairs joined wrongly, and of so many missed; the first row under the header is 1.
        #[arg(long, value_name = "N", default_value_t = 0)]
        show: usize,
    },
}

#[derive(Debug, Subcommand)]
enum ScoreAct {
    /// Judge what is learnt by what came: of a store by its own past, or of any table.
    ///
    /// With a file, the learner of the store's score learns the outcome from the other columns, each part of the rows judged by what the
    /// others teach. Prints auc, log_loss, brier, brier_skill, ece (calibration error), lift10, lift20 and n. Needs no data folder and
    /// writes nothing.
    Evaluate {
        #[arg(value_name = "FILE.csv", required_unless_present = "data", requires = "outcome")]
        file: Option<PathBuf>,
        /// The column that is to be foretold: it must have two values.
        #[arg(long, value_name = "COLUMN", requires = "file")]
        outcome: Option<String>,
        /// Columns that are not to be learnt from, such as those that are known only afterwards.
        #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "file")]
        ignore: Vec<String>,
        /// Into how many parts the rows are dealt.
        #[arg(long, value_name = "N", default_value_t = 5)]
        folds: usize,
        /// Folder with the store's data.
        #[arg(long, value_name = "DIR", env = "HEADLIGHT_DATA")]
        data: Option<PathBuf>,
        /// Configuration file; without one the defaults hold.
        #[arg(long, value_name = "FILE", env = "HEADLIGHT_CONFIG")]
        config: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum ValueAct {
    /// Fit the prices of one table of sales and judge the values by another.
    ///
    /// Prints the mean and the median of how far off the values were, as a share of the price, and how many prices lay within their 80 %
    /// ranges. Columns are known by their names: a price, and a VIN or a model year, are needed; make, model, trim, body, odometer,
    /// condition, date of sale and others help. Needs no data folder and writes nothing.
    Evaluate {
        /// Sales to learn from.
        #[arg(long, required = true, value_name = "A.csv", num_args = 1..)]
        fit: Vec<PathBuf>,
        /// Sales to judge by.
        #[arg(long, value_name = "B.csv")]
        judge: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DemoScale {
    Small,
    Rooftop,
    Large,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ImportWord {
    Auto,
    Customers,
    Deals,
    RepairOrders,
    Appointments,
    Inventory,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "a role is rep, bdc, advisor, finance, manager or owner".to_owned())
}

/// Runs the command that `args` name.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    log_to_stderr();
    let json = cli.json;
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = format!("{error:#}");
            if json {
                say_json(&serde_json::json!({ "error": text }));
            }
            let _ = writeln!(std::io::stderr(), "headlight: {text}");
            ExitCode::FAILURE
        }
    }
}

/// Warnings by default; RUST_LOG says otherwise. The service manager keeps and rotates.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("headlight=info,warn"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).try_init();
}

fn dispatch(cli: Cli) -> anyhow::Result<()> {
    let out = Out { json: cli.json };
    match cli.command {
        Command::Serve { data, lan, public } => {
            let mut config = Config::read(data.config.as_deref())?;
            config.lan.addr = lan.unwrap_or(config.lan.addr);
            config.public.addr = public.unwrap_or(config.public.addr);
            runtime()?.block_on(serve::serve(&data.data, &config, out))
        }
        Command::Demo { data, lan, public, scale, seed, still } => {
            runtime()?.block_on(demo::demo(demo::Wish { data, lan, public, scale, seed, still }, out))
        }
        Command::Import { kind, files, dry_run, data } => runtime()?.block_on(operator::import(kind, &files, dry_run, &data, out)),
        Command::Lead { files, data } => runtime()?.block_on(operator::leads(&files, &data, out)),
        Command::User { act } => runtime()?.block_on(operator::user(act, out)),
        Command::Key { act } => runtime()?.block_on(operator::key(act, out)),
        Command::Check { data } => runtime()?.block_on(operator::check(&data, out)),
        Command::Reindex { data } => runtime()?.block_on(operator::reindex(&data, out)),
        Command::Backup { to, data } => runtime()?.block_on(operator::backup(&to, &data, out)),
        Command::Identity { act: IdentityAct::Scan { data } } => runtime()?.block_on(operator::scan(&data, out)),
        Command::Identity { act: IdentityAct::Evaluate { file, map, truth, show } } => {
            identity::evaluate(&identity::Wish { file, map, truth, show }, out)
        }
        Command::Score { act } => score::evaluate(act, out),
        Command::Export { to, data } => runtime()?.block_on(operator::export(&to, &data, out)),
        Command::Value { act: ValueAct::Evaluate { fit, judge } } => value::evaluate(&value::Wish { fit, judge }, out),
        Command::Vin { vins, file } => vin::decode(&vin::Wish { vins, file }, out),
        Command::Restore { from, data } => restore::restore(&from, &data, out),
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

/// How a command speaks: lines for a person, or one JSON line for a script.
#[derive(Debug, Clone, Copy)]
struct Out {
    json: bool,
}

impl Out {
    /// A line for a person; nothing with `--json`.
    fn line(self, text: &str) {
        if !self.json {
            let _ = writeln!(std::io::stdout(), "{text}");
        }
    }

    /// The one JSON line.
    fn json(self, value: &impl serde::Serialize) {
        if self.json {
            say_json(value);
        }
    }

    /// Progress on a terminal, over itself; nothing elsewhere.
    fn progress(self, text: &str) {
        use std::io::IsTerminal;
        if !self.json && std::io::stderr().is_terminal() {
            let _ = write!(std::io::stderr(), "\r\x1b[K{text}");
        }
    }

    fn progress_done(self) {
        self.progress("");
    }
}

fn say_json(value: &impl serde::Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        let _ = writeln!(std::io::stdout(), "{text}");
    }
}

fn wall() -> Clock {
    Clock::Wall
}
