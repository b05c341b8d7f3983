//! A believable rooftop made from a seed, and shoppers who browse it live.
