use crate::domain::error::Cause;
use std::future::Future;
use std::pin::Pin;

/// What is asked of a [`Store`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access<'a> {
    /// The text under a name, if there is one.
    Get(&'a str),
    /// Keeps a text under a name.
    Set(&'a str, &'a str),
    /// Forgets what is under a name.
    Delete(&'a str),
}

/// What a store answers, sooner or later.
pub type Accessed<'a> = Pin<Box<dyn Future<Output = Result<Option<String>, Cause>> + 'a>>;

/// Keeps short texts under names beyond the life of the process: `localStorage`, a file, a database.
pub trait Store {
    /// Does it. Only [`Access::Get`] brings a text.
    fn access<'a>(&'a self, access: Access<'a>) -> Accessed<'a>;
}
