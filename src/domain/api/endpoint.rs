//! The endpoints that the client calls.

/// An endpoint, by its path below the base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// Creates a task: `POST`. [`Source::Reference`](super::Source::Reference)
    Generations,
    /// Reads a task: `GET`, followed by the id. [`Source::AsyncTasks`](super::Source::AsyncTasks)
    Task,
    /// Reads many tasks: `POST`. [`Source::VendorClient`](super::Source::VendorClient)
    Batch,
}

impl Endpoint {
    /// The path, which begins with a slash.
    pub const fn path(self) -> &'static str {
        match self {
            Endpoint::Generations => "/v1/videos/generations",
            Endpoint::Task => "/v1/tasks/",
            Endpoint::Batch => "/v1/tasks/batch",
        }
    }
}
