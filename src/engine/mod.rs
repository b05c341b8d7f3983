//! Thinking: pure functions that cannot fail. The same picture and the same `now` give the same answer.
