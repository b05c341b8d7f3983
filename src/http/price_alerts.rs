//! The price alert of the dealer's website: its form, and what is posted by it.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    intake,
    public_file::PublicFile,
    rate::RateClass,
    request::{Ctx, Req},
};
use crate::{
    domain::{consent::Channel, money::Cents},
    service::price_alerts::{self, FromShopper, Refusal, consent_words},
};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};

/// As somebody reads it.
const SOURCE: &str = include_str!("../../web/tag/price-alert.js");
/// The largest form.
pub const FORM_MOST_BYTES: usize = 4 << 10;

/// The script with this store's words in it. It has a name to put in and two sentences: nothing else differs from store to store.
fn script(store: &str) -> String {
    let words = |channel| serde_json::Value::from(consent_words(channel, store)).to_string().replace('<', "\\u003c");
    SOURCE.replace("'%TEXT_WORDS%'", &words(Channel::Text)).replace("'%EMAIL_WORDS%'", &words(Channel::Email))
}

pub async fn form(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Ok(PublicFile::script(&script(&ctx.rooms.policy.rooftop.name)).answer(&req))
}

/// What the form of the website posts.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedAlert {
    #[serde(default)]
    pub vin: String,
    #[serde(default)]
    pub stock: String,
    /// `text` or `email`.
    pub channel: Channel,
    pub to: String,
    #[serde(default)]
    pub name: String,
    /// Whole dollars; none: any drop.
    #[serde(default)]
    pub below: Option<u32>,
    /// The box beside the words was ticked.
    pub agreed: bool,
    /// They also want to hear of cars like it.
    #[serde(default)]
    pub similar: bool,
    /// The site's id of the browser.
    #[serde(default)]
    pub client: Option<String>,
}

/// What became of it.
#[derive(Serialize, schemars::JsonSchema)]
pub struct AlertReceipt {
    /// Always `set`.
    pub status: &'static str,
}

pub async fn set(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    intake::sender(&ctx, &req, RateClass::LeadKey)?;
    // A form posted from another site as plain text needs no permission round trip.
    let posted: PostedAlert = serde_json::from_slice(req.bytes()).map_err(|_| Problem::unreadable("The form could not be read."))?;
    let said = FromShopper {
        vin: posted.vin,
        stock: posted.stock,
        channel: posted.channel,
        to: posted.to,
        name: posted.name,
        below: posted.below.map(|dollars| Cents(i64::from(dollars) * 100)),
        agreed: posted.agreed,
        similar: posted.similar,
        client: posted.client,
    };
    let _turn = ctx.turns.take(req.bytes().len()).await?;
    match price_alerts::set_by_shopper(&ctx.rooms, said, ctx.clock.now()).await.map_err(store_problem)? {
        Ok(()) => Ok(Answer::json(&AlertReceipt { status: "set" })?.status(StatusCode::CREATED)),
        Err(Refusal::NotThere) => Err(Problem::not_here()),
        Err(Refusal::Unusable(what, sentence)) => Err(Problem::unusable(what, sentence)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::print_stdout, reason = "how near the form is to its limit is for a person to read")]
    fn the_form_costs_a_page_less_than_eight_kilobytes() {
        let file = PublicFile::script(&script("Harbor Point Motors"));
        println!("the price alert has {} bytes, {} gzipped", file.plain_bytes(), file.gzip_bytes());
        assert!((1_000..8_000).contains(&file.gzip_bytes()), "{} bytes gzipped", file.gzip_bytes());
    }

    #[test]
    fn the_form_shows_the_words_that_are_kept_whatever_the_store_is_called() {
        let store = "Bob's \"Best\" </script> Cars";
        // What is sent has no comments.
        let whole = script(store);
        let shown: String = whole.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for channel in [Channel::Text, Channel::Email] {
            let words = serde_json::Value::from(consent_words(channel, store)).to_string().replace('<', "\\u003c");
            assert!(shown.contains(&words), "{words}");
        }
        assert!(!shown.contains("_WORDS%") && !shown.contains("</script>"), "nothing is left to put in, and it ends no page's script");
    }
}
