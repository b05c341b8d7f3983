//! Who cares for this car, and must be thought of because something happened to it?

use super::{people, shoppers, think};
use crate::{
    domain::{
        ids::{PartId, VehicleId},
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Browsers that looked at one car, and leads about it. Behind these nobody is told by a card; the car's page shows all.
const WATCHERS_MOST: usize = 500;

/// A car was sold or its price came down: whoever looked at it, and whom we know, or asked about it, is thought of soon.
pub(super) fn tell(tx: &WriteTx<'_>, car: VehicleId, now: At) -> Result<(), StoreError> {
    let mut parts: Vec<PartId> = Vec::new();
    for (_, visitor) in tx.keys(tables::INTEREST, &Span::under(&car), WATCHERS_MOST)? {
        parts.extend(tx.get(tables::VISITORS, &visitor)?.and_then(|v| v.tie).map(|tie| tie.part));
    }
    for lead in shoppers::leads_about(tx, car, WATCHERS_MOST)? {
        parts.extend(tx.get(tables::LEADS, &lead)?.map(|l| l.part));
    }
    parts.sort_unstable();
    parts.dedup();
    for part in parts {
        think::soon(tx, people::root_of(tx, part)?, now)?;
    }
    Ok(())
}
