//! Where do the screens come from? A folder named by `HEADLIGHT_WEB`, embedded by `http::spa`.
use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let web = PathBuf::from(env::var("OUT_DIR")?).join("web");
    fs::create_dir_all(&web)?;
    fs::write(web.join("index.html"), "<!doctype html><title>Headlight</title>\n")?;
    println!("cargo:rustc-env=HEADLIGHT_WEB={}", web.display());
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}
