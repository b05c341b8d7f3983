//! The real binary, started, killed and started again.

use super::client::{Client, Fails};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub(crate) struct Server {
    child: Child,
    pub(crate) lan: SocketAddr,
    pub(crate) public: SocketAddr,
    pub(crate) key: String,
    pub(crate) password: String,
}

pub(crate) fn binary() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_headlight"))
}

impl Server {
    /// `demo` fills an empty folder first; a filled one it serves at once.
    pub(crate) fn start(data: &Path, scale: &str) -> Fails<Self> {
        let mut child = Command::new(binary())
            .args(["demo", "--still", "--json", "--lan", "127.0.0.1:0", "--public", "127.0.0.1:0", "--scale", scale, "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let said: serde_json::Value = serde_json::from_str(&line)?;
        let text = |name: &str| said[name].as_str().map(str::to_owned).ok_or_else(|| format!("the server did not say its {name}"));
        Ok(Self { lan: text("lan")?.parse()?, public: text("public")?.parse()?, key: text("key")?, password: text("password")?, child })
    }

    pub(crate) async fn cookie(&self, name: &str) -> Fails<String> {
        let mut client = Client::open(self.lan, "").await?;
        let body = serde_json::json!({ "name": name, "password": self.password }).to_string();
        let answer = client.begin("POST", "/api/session", body.as_bytes()).await?;
        let cookie = answer.headers().get("set-cookie").and_then(|c| c.to_str().ok()).ok_or("no session")?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// With SIGTERM it stops as the service manager stops it; else it is killed.
    pub(crate) fn stop(&mut self, cleanly: bool) -> Fails {
        if cleanly {
            Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        } else {
            self.child.kill()?;
        }
        self.child.wait()?;
        Ok(())
    }

    /// Memory in use, and how much of it is the process's own: the rest are pages of files that the system may take back.
    pub(crate) fn resident(&self) -> Fails<String> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let mb = |name: &str| -> Fails<f64> {
            let line = status.lines().find_map(|l| l.strip_prefix(name)).ok_or_else(|| format!("no {name}"))?;
            Ok(line.trim().trim_end_matches(" kB").trim().parse::<f64>()? / 1024.0)
        };
        Ok(format!("{:.0} MB ({:.0} its own)", mb("VmRSS:")?, mb("RssAnon:")?))
    }

    /// Share of one processor over some seconds.
    pub(crate) async fn cpu_percent(&self, over: Duration) -> Fails<f64> {
        const TICKS_PER_S: f64 = 100.0;
        let ticks = || -> Fails<f64> {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
            let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
            Ok(fields[11].parse::<f64>()? + fields[12].parse::<f64>()?)
        };
        let (before, begun) = (ticks()?, Instant::now());
        tokio::time::sleep(over).await;
        Ok((ticks()? - before) / TICKS_PER_S / begun.elapsed().as_secs_f64() * 100.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
