//! The site tag: one small file, the same for every store, for the pages of others.

use super::{
    answer::Answer,
    error::Problem,
    front::Front,
    public_file::PublicFile,
    request::{Ctx, Req},
};
use std::sync::LazyLock;

static TAG: LazyLock<PublicFile> = LazyLock::new(|| PublicFile::script(include_str!("../../web/tag/tag.js")));

pub async fn tag(_: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Ok(TAG.answer(&req))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::print_stdout, reason = "how near the tag is to its limit is for a person to read")]
    fn the_tag_costs_a_page_less_than_six_kilobytes() {
        println!("the tag has {} bytes, {} gzipped", TAG.plain_bytes(), TAG.gzip_bytes());
        assert!((1_000..6_000).contains(&TAG.gzip_bytes()), "{} bytes gzipped", TAG.gzip_bytes());
    }
}
