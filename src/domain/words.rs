//! Enums whose values are strings of the API or of JavaScript.

/// Declares an enum with the string of each value.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[doc = $doc:literal])+ $value:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $doc])+ $value,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$value),+];

            /// The documentation of each value, for the declarations of the npm package.
            #[doc(hidden)]
            pub const DOCS: &'static [&'static str] = &[$(concat!($($doc),+)),+];

            /// The value of a string.
            pub fn find(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }

            /// The string.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$value => $word,)+
                }
            }
        }

        impl $crate::domain::json::ToJson for $name {
            fn write(&self, json: &mut $crate::domain::json::Json) {
                self.as_str().write(json);
            }
        }

        impl From<$name> for $crate::domain::Value {
            fn from(value: $name) -> Self {
                value.as_str().into()
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::find(&word).ok_or_else(|| serde::de::Error::custom(concat!("unknown ", stringify!($name))))
            }
        }
    };
}

/// Declares an enum with the string of each value, and a variant for any other string.
macro_rules! open_words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $value,)+
            /// Any other string. It is sent unchanged.
            Other(String),
        }

        impl $name {
            /// The string.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$value => $word,)+
                    $name::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => $name::$value,)+
                    other => $name::Other(other.to_owned()),
                }
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Ok(word.as_ref().into())
            }
        }
    };
}

pub(crate) use {open_words, words};
