//! Signing in and out, the first claim, and who I am.

use super::{
    answer::{Answer, Cookie},
    error::Problem,
    front::{Front, SESSION_COOKIE, store_problem},
    rate::{Bucket, RateClass},
    request::{Ctx, Req},
};
use crate::{
    domain::ids::StaffId,
    service::{
        access::{self, Refusal},
        reads,
        shapes::{ClaimStore, SayAvailable, SignIn},
        staff,
    },
};
use hyper::StatusCode;
use std::time::Duration;

const SESSION_S: u64 = 14 * 3600;

pub async fn me(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    let me = ctx.who()?.staff;
    show_me(&ctx, me)
}

fn show_me(ctx: &Ctx<Front>, id: StaffId) -> Result<Answer, Problem> {
    let me = reads::me(&ctx.rooms, id, ctx.clock.now()).map_err(store_problem)?.ok_or_else(Problem::signed_out)?;
    Answer::json(&me)
}

pub async fn sign_in(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: SignIn = req.json()?;
    ctx.charge(RateClass::SignIn, Bucket::key(&staff::login_key(&said.name)))?;
    let now = ctx.clock.now();
    let (held, wait_ms) = access::held(&ctx.rooms, &said.name, now).map_err(store_problem)?;
    if wait_ms > 0 {
        return Err(Problem::too_often(Duration::from_millis(wait_ms.unsigned_abs())));
    }
    let password = said.password;
    let right = slowly(move || access::password_is(&password, held.as_deref())).await?;
    let secret = access::new_secret("").map_err(store_problem)?;
    let (name, session) = (said.name, secret.clone());
    let entered = access::enter(&ctx.rooms, name, right, session, now).await.map_err(store_problem)?;
    let person = entered.map_err(refusal)?;
    with_session(&ctx, show_me(&ctx, person.id)?, &secret)
}

/// Hashing a password takes tens of milliseconds: off the threads that serve others, two at a time.
async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    static AT_ONCE: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);
    let _turn = AT_ONCE.acquire().await.map_err(|_| Problem::broken())?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::broken())
}

fn with_session(ctx: &Ctx<Front>, answer: Answer, secret: &str) -> Result<Answer, Problem> {
    answer.cookie(Cookie { name: SESSION_COOKIE, value: secret, max_age_s: SESSION_S, secure: ctx.secure })
}

fn refusal(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::WrongNameOrPassword => Problem::new(StatusCode::UNAUTHORIZED, "wrong-password", "That name and password do not go together."),
        Refusal::Wait { ms } => Problem::too_often(Duration::from_millis(ms.unsigned_abs())),
        Refusal::PasswordTooShort => {
            Problem::unusable("password-too-short", "A password has at least 12 characters. A few words in a row are easy to remember.")
        }
        Refusal::PasswordTooCommon => {
            Problem::unusable("password-too-common", "That password is too easy to guess. A few unrelated words in a row do better.")
        }
        Refusal::WrongCode => {
            Problem::new(StatusCode::FORBIDDEN, "wrong-code", "That is not the code, or it has run out. Restart the server to see a new one.")
        }
        Refusal::AlreadyClaimed => {
            Problem::conflict("already-claimed", "Somebody has claimed this store already. Sign in, or ask the owner to add you.")
        }
        Refusal::Staff(why) => Problem::unusable("name", why.to_string()),
    }
}

pub async fn claim(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: ClaimStore = req.json()?;
    access::check_password(&said.password, &said.name).map_err(refusal)?;
    let password = said.password;
    let hash = slowly(move || access::hash_password(&password)).await?.ok_or_else(Problem::broken)?;
    let secret = access::new_secret("").map_err(store_problem)?;
    let claimed = access::claim(&ctx.rooms, said.code, said.name, hash, secret.clone(), ctx.clock.now()).await.map_err(store_problem)?;
    let owner = claimed.map_err(refusal)?;
    with_session(&ctx, show_me(&ctx, owner.id)?, &secret)
}

pub async fn sign_out(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    if let Some(secret) = req.cookie(SESSION_COOKIE) {
        access::leave(&ctx.rooms, secret.to_owned()).await.map_err(store_problem)?;
    }
    Answer::nothing().cookie(Cookie { name: SESSION_COOKIE, value: "", max_age_s: 0, secure: ctx.secure })
}

pub async fn say_available(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: SayAvailable = req.json()?;
    let me = ctx.who()?.staff;
    staff::say_available(&ctx.rooms, me, said.available, ctx.clock.now()).await.map_err(store_problem)?;
    show_me(&ctx, me)
}
