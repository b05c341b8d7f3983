//! Is the API what `schema/api.json` says it is? Run with HEADLIGHT_WRITE=1 to write the file anew after a change that was meant.

use headlight::http::{
    front::{Front, SESSION_COOKIE},
    lan,
    openapi::{About, describe},
    public,
    routes::{Route, Router},
};
use std::path::Path;

fn described(title: &str, routes: Vec<Route<Front>>) -> String {
    let router = Router::new(routes).expect("the table can be served");
    describe(About { title, version: env!("CARGO_PKG_VERSION"), cookie: SESSION_COOKIE }, &router).expect("it can be described")
}

fn check(file: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(file);
    if std::env::var_os("HEADLIGHT_WRITE").is_some() {
        std::fs::write(&path, now).expect("the description can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == now,
        "schema/{file} is not what the routes say; if the change was meant, run the test with HEADLIGHT_WRITE=1 and commit the file"
    );
}

#[test]
fn the_staff_api_is_as_described() {
    check("api.json", &described("Headlight staff API", lan::routes()));
}

#[test]
fn the_public_api_is_as_described() {
    check("public.json", &described("Headlight public API", public::routes()));
}
