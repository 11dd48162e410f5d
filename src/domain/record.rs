//! Structs that are written as JSON objects, field by field.

/// Declares a struct with the JSON name of each field. A field that is absent is left out. `ToJson` is implemented
/// by the macro for `struct`, and by hand for `struct with more`, whose JSON object has more than the fields.
macro_rules! record {
    ($(#[$about:meta])* struct $name:ident $fields:tt) => {
        record! { $(#[$about])* struct with more $name $fields }

        impl $crate::domain::json::ToJson for $name {
            fn write(&self, json: &mut $crate::domain::json::Json) {
                json.open('{');
                self.write_fields(json);
                json.close('}');
            }
        }
    };
    ($(#[$about:meta])* struct with more $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty = $json:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$doc])*
            pub $field: $type,)+
        }

        impl $name {
            /// Writes the fields into an object that is open.
            fn write_fields(&self, json: &mut $crate::domain::json::Json) {
                $(json.field($json, &self.$field);)+
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::domain::serde::serialize(self, serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::Error;
                let value = <$crate::domain::Value as serde::Deserialize>::deserialize(deserializer)?;
                $crate::domain::serde::ReadField::read(Some(&value))
                    .ok_or_else(|| D::Error::custom(concat!("not a valid ", stringify!($name))))
            }
        }

        #[cfg(feature = "serde")]
        impl $crate::domain::serde::ReadField for $name {
            fn read(value: Option<&$crate::domain::Value>) -> Option<Self> {
                let value = value?;
                Some(Self {
                    $($field: $crate::domain::serde::ReadField::read(value.get($json))?,)+
                })
            }
        }
    };
}

pub(crate) use record;
