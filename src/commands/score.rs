//! How well is an outcome foretold? Deals the rows of a table into parts, and judges each part by what the others teach.

use super::{DataArgs, Out, ScoreAct, operator, runtime, wall};
use crate::{
    engine::intent::learner::{Figures, Judged, Learnt, LeftOut, Lesson, NoOutcome, Outcome, Table, Words, deal, parted},
    formats::plain::Plain,
};
use anyhow::{Context, anyhow, bail, ensure};
use std::{collections::BTreeMap, fs, path::Path, thread};

/// More parts would only take time.
const MOST_FOLDS: usize = 100;

pub(super) fn evaluate(act: ScoreAct, out: Out) -> anyhow::Result<()> {
    let ScoreAct::Evaluate { file, outcome, ignore, folds, data, config } = act;
    match (file, outcome, data) {
        (Some(file), Some(outcome), _) => of_table(&Wish { file: &file, outcome: &outcome, ignore: &ignore, folds }, out),
        (None, _, Some(data)) => runtime()?.block_on(operator::evaluate_score(&DataArgs { data, config }, out)),
        (Some(_), None, _) | (None, _, None) => bail!("name a file and the column that is to be foretold, or a store's folder with --data"),
    }
}

struct Wish<'w> {
    file: &'w Path,
    outcome: &'w str,
    ignore: &'w [String],
    folds: usize,
}

/// A file, ready to be learnt from.
struct Sheet {
    table: Table,
    outcome: Outcome,
    /// Rows that are no rows of the table.
    broken: u64,
    /// Columns to be ignored that are not there.
    lost: Vec<String>,
}

fn of_table(wish: &Wish<'_>, out: Out) -> anyhow::Result<()> {
    ensure!(
        (2..=MOST_FOLDS).contains(&wish.folds),
        "--folds must be 2 to {MOST_FOLDS}: each part of the rows is judged by what the others teach; {} was asked for",
        wish.folds
    );
    let sheet = Sheet::read(wish)?;
    let Sheet { table, outcome, .. } = &sheet;
    let rows: Vec<usize> = (0..table.rows).filter(|row| outcome.came[*row].is_some()).collect();
    let came: Vec<bool> = outcome.came.iter().map(|came| came.unwrap_or(false)).collect();
    let positives = rows.iter().filter(|row| came[**row]).count();
    let rarer = positives.min(rows.len() - positives);
    ensure!(
        rarer >= wish.folds,
        "each of {} parts needs a row of either outcome, and only {rarer} of {} rows are of the rarer one; {}",
        wish.folds,
        rows.len(),
        if rarer >= 2 { format!("--folds {rarer} or fewer would do") } else { "bring a table with more rows".to_owned() }
    );
    let began = wall().now();
    let judged = judge(Lesson { table, came: &came }, &rows, wish.folds, out);
    let seconds = f64::from(u32::try_from(wall().now().since(began)).unwrap_or(u32::MAX)) / 1000.0;
    let figures = Figures::of(&judged).context("nothing was judged")?;
    say(wish, &sheet, &figures, seconds, out);
    Ok(())
}

impl Sheet {
    fn read(wish: &Wish<'_>) -> anyhow::Result<Self> {
        let file = wish.file.display();
        let bytes = fs::read(wish.file).with_context(|| format!("{file} could not be read"))?;
        let plain = Plain::open(&bytes).map_err(|why| anyhow!("{file}: {why}"))?;
        let mut columns: Vec<Words> = plain.header().map(Words::new).collect();
        let broken = plain.each_row(|cells| columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell)));
        let names: Vec<String> = columns.iter().map(|c| c.name().to_owned()).collect();
        let same = |name: &&String, asked: &str| name.eq_ignore_ascii_case(asked.trim());
        let place = names.iter().position(|name| name == wish.outcome.trim()).or_else(|| names.iter().position(|name| same(&name, wish.outcome)));
        let place = place.with_context(|| format!("{file} has no column {}; its columns are {}", wish.outcome, names.join(", ")))?;
        let outcome = columns.remove(place);
        let outcome = Outcome::of(&outcome).map_err(|why| no_outcome(&format!("the column {} of {file}", outcome.name()), &why))?;
        ensure!(!columns.is_empty(), "{file} has no column but {}, from which nothing can be learnt", wish.outcome);
        let lost = wish.ignore.iter().filter(|asked| !asked.trim().is_empty() && !names.iter().any(|name| same(&name, asked))).cloned().collect();
        Ok(Self { table: Table::of(columns, wish.ignore), outcome, broken, lost })
    }
}

fn no_outcome(column: &str, why: &NoOutcome) -> anyhow::Error {
    match why {
        NoOutcome::Empty => anyhow!("{column} says nothing in any row; it must have two values, such as 1 and 0"),
        NoOutcome::One(value) => anyhow!("{column} says {value} in every row; it must have two values, or there is nothing to tell apart"),
        NoOutcome::Many(named, count) => {
            let more = if *count > named.len() { ", and more" } else { "" };
            anyhow!("{column} has {count} values ({}{more}); it must have two, such as 1 and 0", named.join(", "))
        }
    }
}

/// Every row judged by what the rows of the other parts teach, two parts at a time.
fn judge(lesson: Lesson<'_>, rows: &[usize], folds: usize, out: Out) -> Vec<Judged> {
    let parts = deal(lesson.came, rows, folds);
    let of_part = |part: usize| {
        out.progress(&format!("part {} of {folds}", part + 1));
        let (seen, unseen) = parted(rows, &parts, part);
        let chances = Learnt::of(lesson, &seen).chances(lesson.table, &unseen);
        let judged = |(row, chance): (&usize, f64)| Judged { chance, came: lesson.came[*row] };
        unseen.iter().zip(chances).map(judged).collect::<Vec<_>>()
    };
    let judged = thread::scope(|threads| {
        let odd = threads.spawn(|| (1..folds).step_by(2).flat_map(of_part).collect::<Vec<_>>());
        let mut judged: Vec<Judged> = (0..folds).step_by(2).flat_map(of_part).collect();
        match odd.join() {
            Ok(odd) => judged.extend(odd),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        judged
    });
    out.progress_done();
    judged
}

fn say(wish: &Wish<'_>, sheet: &Sheet, figures: &Figures, seconds: f64, out: Out) {
    let Sheet { table, outcome, broken, lost } = sheet;
    let Figures { n, positives, auc, log_loss, brier, brier_skill, ece, lift10, lift20 } = *figures;
    let blank = outcome.came.iter().filter(|came| came.is_none()).count();
    let learnt_from = table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>();
    out.line(&format!("{n} rows, {positives} of them {} = {} (the others {})", wish.outcome, outcome.positive, outcome.negative));
    out.line(&format!("auc {auc:.4}   log-loss {log_loss:.4}   brier {brier:.4}   skill {brier_skill:.4}   calibration error {ece:.4}"));
    out.line(&format!("lift {lift10:.2} at 10 %, {lift20:.2} at 20 %   {} parts, {} columns, {seconds:.1} s", wish.folds, learnt_from.len()));
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, why) in &table.left_out {
        reasons.entry(why.to_string()).or_default().push(if name.is_empty() { "(no name)" } else { name });
    }
    for (why, names) in &reasons {
        out.line(&format!("not learnt from, {why}: {}", names.join(", ")));
    }
    for (count, what) in [
        (blank as u64, format!("rows without a value in {} were left out", wish.outcome)),
        (*broken, "rows that are not whole were left out".to_owned()),
    ] {
        if count > 0 {
            out.line(&format!("{count} {what}"));
        }
    }
    for name in lost {
        out.line(&format!("there is no column {name} to ignore"));
    }
    let because = |held: LeftOut| table.left_out.iter().filter(|(_, why)| *why == held).map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    out.json(&serde_json::json!({
        "auc": auc, "log_loss": log_loss, "brier": brier, "brier_skill": brier_skill, "ece": ece, "lift10": lift10, "lift20": lift20,
        "n": n, "positives": positives, "positive": outcome.positive, "negative": outcome.negative, "folds": wish.folds, "seconds": seconds,
        "columns": learnt_from, "ignored": because(LeftOut::Asked), "ids": because(LeftOut::Differs), "constant": because(LeftOut::Same),
        "blank_outcomes": blank, "broken_rows": broken, "not_there": lost,
    }));
}
