//! Where do the screens come from? Built here, so that `cargo run` alone makes a whole program and a stale page is impossible.
//!
//! `npm ci` and `vite build` write into OUT_DIR when anything under web/ changed. A packager may name a prebuilt folder in
//! HEADLIGHT_WEB_DIST instead.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=HEADLIGHT_WEB_DIST");
    for watched in ["src", "tag", "index.html", "package.json", "package-lock.json", "vite.config.ts", "svelte.config.js", "tsconfig.json", "public"]
    {
        let path = Path::new("web").join(watched);
        if path.exists() {
            println!("cargo:rerun-if-changed={}", path.display());
        }
    }
    let folder = match env::var_os("HEADLIGHT_WEB_DIST") {
        Some(prebuilt) => {
            let prebuilt = fs::canonicalize(PathBuf::from(prebuilt))?;
            println!("cargo:rerun-if-changed={}", prebuilt.display());
            prebuilt
        }
        None => build()?,
    };
    if !folder.join("index.html").is_file() {
        return Err(format!("{} has no index.html: the screens were not built", folder.display()).into());
    }
    println!("cargo:rustc-env=HEADLIGHT_WEB={}", folder.display());
    Ok(())
}

fn build() -> Result<PathBuf, Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?).join("web");
    let npm = |arguments: &[&str]| -> Result<(), Box<dyn Error>> {
        let mut command = Command::new("npm");
        command.args(arguments).current_dir("web").env("HEADLIGHT_WEB_OUT", &out);
        match command.output() {
            Err(_) => {
                Err("the screens are built with Node.js 20.19 or newer and its npm; install them, or name a built folder in HEADLIGHT_WEB_DIST"
                    .into())
            }
            Ok(done) if done.status.success() => Ok(()),
            Ok(done) => {
                let said = String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
                Err(format!("`npm {}` in web/ failed:\n{said}", arguments.join(" ")).into())
            }
        }
    };
    // The packages are as locked: installed again only when the lock is not the one they came from.
    let lock = fs::read("web/package-lock.json")?;
    let stamp = Path::new("web/node_modules/.locked");
    if fs::read(stamp).ok().as_deref() != Some(lock.as_slice()) {
        npm(&["ci", "--no-audit", "--no-fund"])?;
        fs::write(stamp, &lock)?;
    }
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    npm(&["run", "build"])?;
    Ok(out)
}
