//! Stories of several processes that use one store at the same time, and crash at any time.

mod invariants;
pub mod log;
mod process;
mod story;
mod telling;
mod world;

pub use invariants::violations;
pub use story::Story;
pub use telling::tell;
