//! Reading of records, whose fields borrow from tables that live as long as the program. So do the strings and the
//! limits that are read from JSON: each distinct one is kept once.

use crate::domain::api::{Automatic, FileLimits};
use crate::domain::decimal::Decimal;
use crate::domain::value::Value;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use std::sync::{Mutex, PoisonError};

/// The field of a record.
pub(crate) trait ReadField: Sized {
    /// Reads it; `None` if it is absent or has another type.
    fn read(value: Option<&Value>) -> Option<Self>;
}

impl<T: ReadField> ReadField for Option<T> {
    fn read(value: Option<&Value>) -> Option<Self> {
        match value {
            None | Some(Value::Null) => Some(None),
            present => T::read(present).map(Some),
        }
    }
}

impl ReadField for bool {
    fn read(value: Option<&Value>) -> Option<Self> {
        value?.as_bool()
    }
}

impl ReadField for u32 {
    fn read(value: Option<&Value>) -> Option<Self> {
        value?.as_integer()?.try_into().ok()
    }
}

impl ReadField for Automatic {
    fn read(value: Option<&Value>) -> Option<Self> {
        value?.as_integer().map(Automatic)
    }
}

impl ReadField for Decimal {
    fn read(value: Option<&Value>) -> Option<Self> {
        value?.as_f64().map(Decimal::from_f64)
    }
}

impl ReadField for &'static str {
    fn read(value: Option<&Value>) -> Option<Self> {
        static KEPT: Mutex<Vec<&str>> = Mutex::new(Vec::new());
        Some(keep(&KEPT, value?.as_str()?.into()))
    }
}

impl ReadField for &'static [&'static str] {
    fn read(value: Option<&Value>) -> Option<Self> {
        static KEPT: Mutex<Vec<&[&str]>> = Mutex::new(Vec::new());
        let words = value?.as_array()?.iter();
        let words: Option<Box<[&'static str]>> = words.map(|word| ReadField::read(Some(word))).collect();
        Some(keep(&KEPT, words?))
    }
}

impl ReadField for &'static FileLimits {
    fn read(value: Option<&Value>) -> Option<Self> {
        static KEPT: Mutex<Vec<&FileLimits>> = Mutex::new(Vec::new());
        Some(keep(&KEPT, Box::new(FileLimits::read(value)?)))
    }
}

/// The value as it was kept before, or keeps it for the rest of the program.
fn keep<T: PartialEq + ?Sized>(kept: &Mutex<Vec<&'static T>>, value: Box<T>) -> &'static T {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    match kept.iter().find(|earlier| ***earlier == *value) {
        Some(earlier) => earlier,
        None => {
            let value = Box::leak(value);
            kept.push(value);
            value
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::read(Some(&value)).ok_or_else(|| D::Error::custom("expected a number"))
    }
}
