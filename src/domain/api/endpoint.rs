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
    /// Lists tasks: `GET`. [`Source::VendorClient`](super::Source::VendorClient)
    Tasks,
    /// The balance: `GET`. [`Source::VendorPages`](super::Source::VendorPages)
    Credits,
    /// The models of a key: `GET`. [`Source::VendorClient`](super::Source::VendorClient)
    Models,
    /// Uploads a file to the files API: `POST`. [`Source::VendorPages`](super::Source::VendorPages)
    Upload,
    /// The receipt of an upload: `GET`, followed by its id. [`Source::VendorClient`](super::Source::VendorClient)
    UploadReceipt,
}

impl Endpoint {
    /// All endpoints, each with its name in the JavaScript of the package.
    pub const ALL: [(&'static str, Endpoint); 8] = [
        ("generations", Endpoint::Generations),
        ("task", Endpoint::Task),
        ("batch", Endpoint::Batch),
        ("tasks", Endpoint::Tasks),
        ("credits", Endpoint::Credits),
        ("models", Endpoint::Models),
        ("upload", Endpoint::Upload),
        ("uploadReceipt", Endpoint::UploadReceipt),
    ];

    /// The path, which begins with a slash.
    pub const fn path(self) -> &'static str {
        match self {
            Endpoint::Generations => "/v1/videos/generations",
            Endpoint::Task => "/v1/tasks/",
            Endpoint::Batch => "/v1/tasks/batch",
            Endpoint::Tasks => "/v1/tasks",
            Endpoint::Credits => "/v1/credits",
            Endpoint::Models => "/v1/models",
            Endpoint::Upload => "/api/v1/files/upload/stream",
            Endpoint::UploadReceipt => "/api/v1/files/upload-receipts/",
        }
    }
}
