//! Structs that are written as JSON objects, field by field.

/// Declares a struct with the JSON name of each field. A field that is absent is left out.
macro_rules! record {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty = $json:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$doc])*
            #[cfg_attr(feature = "serde", serde(rename = $json))]
            pub $field: $type,)+
        }

        impl $name {
            /// Writes the fields into an object that is open.
            pub(crate) fn write_fields(&self, json: &mut $crate::domain::json::Json) {
                $(json.field($json, &self.$field);)+
            }
        }

        impl $crate::domain::json::ToJson for $name {
            fn write(&self, json: &mut $crate::domain::json::Json) {
                json.open('{');
                self.write_fields(json);
                json.close('}');
            }
        }
    };
}

pub(crate) use record;
