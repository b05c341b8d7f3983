//! The trade-in tool for shoppers: its page, the line that puts it into the store's website, and what it asks.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    intake,
    public_file::PublicFile,
    rate::RateClass,
    request::{Ctx, Req},
};
use crate::service::{
    shapes as s,
    trade_tool::{self, Unusable},
};
use hyper::{
    StatusCode,
    header::{CONTENT_SECURITY_POLICY, HeaderValue},
};
use std::sync::LazyLock;

/// All answers of a shopper with their words.
pub const ANSWERS_MOST_BYTES: usize = 16 << 10;

static PAGE: LazyLock<PublicFile> = LazyLock::new(|| PublicFile::page(include_str!("../../web/trade/page.html")));
static TOOL: LazyLock<PublicFile> = LazyLock::new(|| PublicFile::script(include_str!("../../web/trade/tool.js")));
static STYLE: LazyLock<PublicFile> = LazyLock::new(|| PublicFile::style(include_str!("../../web/trade/tool.css")));
static EMBED: LazyLock<PublicFile> = LazyLock::new(|| PublicFile::script(include_str!("../../web/trade/embed.js")));

/// Only its own script, style and questions; any site may frame it, for it holds no session that a click could be stolen from.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

pub async fn page(_: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Ok(PAGE.answer(&req).header(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY)))
}

pub async fn tool(_: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Ok(TOOL.answer(&req))
}

pub async fn style(_: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Ok(STYLE.answer(&req))
}

pub async fn embed(_: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Ok(EMBED.answer(&req))
}

pub async fn form(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Answer::json(&trade_tool::form(&ctx.rooms))
}

pub async fn lines(_: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let year = req.query_as::<u16>("year")?.ok_or_else(|| Problem::unreadable("`year` is a model year."))?;
    Answer::json(&trade_tool::lines(year))
}

fn unusable(refusal: Unusable) -> Problem {
    Problem::unusable("trade", refusal.0)
}

/// Nobody is followed who asked not to be (Global Privacy Control).
fn is_followed(req: &Req) -> bool {
    req.header("sec-gpc") != Some("1")
}

pub async fn answers(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    intake::sender(&ctx, &req, RateClass::CollectKey)?;
    let said: s::TradeAnswers = req.json()?;
    let replied = trade_tool::answer(&ctx.rooms, said.step, &said.told, is_followed(&req), ctx.clock.now()).await.map_err(store_problem)?;
    Answer::json(&replied.map_err(unusable)?)
}

pub async fn contact(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    intake::sender(&ctx, &req, RateClass::LeadKey)?;
    let said: s::TradeContact = req.json()?;
    let raw = req.bytes().to_vec();
    let receipt = trade_tool::send(&ctx.rooms, &said, raw, is_followed(&req), ctx.clock.now()).await.map_err(store_problem)?.map_err(unusable)?;
    let status = if receipt.again { StatusCode::OK } else { StatusCode::CREATED };
    Ok(Answer::json(&receipt)?.status(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::print_stdout, reason = "how near the files are to their limits is for a person to read")]
    fn the_line_costs_the_host_less_than_six_kilobytes_and_the_page_less_than_thirty() {
        let page = PAGE.gzip_bytes() + TOOL.gzip_bytes() + STYLE.gzip_bytes();
        println!("the embed has {} bytes gzipped, the page with its script and style {page}", EMBED.gzip_bytes());
        assert!((300..6_000).contains(&EMBED.gzip_bytes()), "{} bytes gzipped", EMBED.gzip_bytes());
        assert!((1_500..30_000).contains(&page), "{page} bytes gzipped");
    }

    #[test]
    fn the_page_loads_nothing_but_what_its_policy_allows() {
        let page = include_str!("../../web/trade/page.html");
        assert!(!page.contains("style=") && !page.contains("<style") && !page.contains("onclick") && !page.contains("//"), "{page}");
        assert_eq!(page.matches("<script").count(), 1);
        assert!(page.contains("<script type=\"module\" src=\"/trade/tool.js\">"));
    }
}
