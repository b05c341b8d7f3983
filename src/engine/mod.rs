//! Thinking: pure functions that cannot fail. The same picture and the same `now` give the same answer.
//!
//! | room | its question |
//! |---|---|
//! | `cars` | what is a car, by its VIN? |
//! | `equity` | what is it worth, and what is left of that? |
//! | `trade` | what would the store give for their car, and what would raise that? |
//! | `identity` | whose is this, and which of the things said of a person do we show? |
//! | `intent` | how near to buying, and why? |
//! | `matching` | who wants which car, and who is told that it costs less? |
//! | `rules` | what should somebody do about it? |
//! | `desk` | what of that reaches a person, and when does it leave? |
//! | `attention` | whose day is full, and what waits for the next morning? |
//! | `departments` | to whom does a card go that the store sends to certain people? |
//! | `routing` | who should act, by when, and who is next? |
//! | `pipeline` | how far has a sale come? |
//! | `spam` | does a lead come from somebody who may want a car? |
//! | `wording` | what is said: to the rep, and by the rep to the customer |
pub mod attention;
pub mod cars;
pub mod departments;
pub mod desk;
pub mod equity;
pub mod identity;
pub mod intent;
pub mod matching;
pub mod pipeline;
pub mod routing;
pub mod rules;
pub mod spam;
pub mod trade;
pub mod wording;

#[cfg(test)]
pub(crate) mod sample;
