use crate::domain::error::Cause;
use std::future::{Future, ready};

/// A key and its value.
pub type Item = (String, String);

/// Keeps short strings beyond the life of the process: `localStorage`, a file, a database.
pub trait Store {
    /// The value of a key, if there is one.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<String>, Cause>>;

    /// Sets the value of a key.
    fn set(&self, key: &str, value: &str) -> impl Future<Output = Result<(), Cause>>;

    /// Removes a key.
    fn remove(&self, key: &str) -> impl Future<Output = Result<(), Cause>>;

    /// The items whose keys begin with `base`; `None` if the store cannot list its keys, which is the default. Then
    /// [`Client::resume`](super::Client::resume) is not available.
    fn list(&self, base: &str) -> impl Future<Output = Result<Option<Vec<Item>>, Cause>> {
        let _ = base;
        ready(Ok(None))
    }

    /// Performs one access. `Get` returns at most one item, `List` returns `None` if the store cannot list its keys.
    ///
    /// One type for all accesses, so that the code around them is compiled once.
    #[doc(hidden)]
    fn access(&self, access: Access<'_>) -> impl Future<Output = Result<Option<Vec<Item>>, Cause>> {
        async move {
            match access {
                Access::Get(key) => Ok(self.get(key).await?.map(|value| vec![(key.to_owned(), value)])),
                Access::Set(key, value) => self.set(key, value).await.map(|()| None),
                Access::Remove(key) => self.remove(key).await.map(|()| None),
                Access::List(base) => self.list(base).await,
            }
        }
    }

    /// Whether there is a store; `true` by default.
    fn is_present(&self) -> bool {
        true
    }

    /// Identifies the storage: calls of one process over the same storage do not join each other. By default, all
    /// stores of a process count as one.
    fn scope(&self) -> u64 {
        0
    }
}

/// The store of a client without one.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoStore;

impl Store for NoStore {
    async fn get(&self, _: &str) -> Result<Option<String>, Cause> {
        Ok(None)
    }

    async fn set(&self, _: &str, _: &str) -> Result<(), Cause> {
        Ok(())
    }

    async fn remove(&self, _: &str) -> Result<(), Cause> {
        Ok(())
    }

    fn is_present(&self) -> bool {
        false
    }
}

/// A store that may be missing, because it is an option of the user.
impl<S: Store> Store for Option<S> {
    async fn get(&self, key: &str) -> Result<Option<String>, Cause> {
        match self {
            Some(store) => store.get(key).await,
            None => Ok(None),
        }
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), Cause> {
        match self {
            Some(store) => store.set(key, value).await,
            None => Ok(()),
        }
    }

    async fn remove(&self, key: &str) -> Result<(), Cause> {
        match self {
            Some(store) => store.remove(key).await,
            None => Ok(()),
        }
    }

    async fn list(&self, base: &str) -> Result<Option<Vec<Item>>, Cause> {
        match self {
            Some(store) => store.list(base).await,
            None => Ok(None),
        }
    }

    async fn access(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
        match self {
            Some(store) => store.access(access).await,
            None => Ok(None),
        }
    }

    fn is_present(&self) -> bool {
        self.as_ref().is_some_and(Store::is_present)
    }

    fn scope(&self) -> u64 {
        self.as_ref().map_or(0, Store::scope)
    }
}

/// One access to a [`Store`].
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum Access<'a> {
    Get(&'a str),
    Set(&'a str, &'a str),
    Remove(&'a str),
    List(&'a str),
}
