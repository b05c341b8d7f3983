pub struct Crowd;
pub enum Act {}
