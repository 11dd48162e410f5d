//! The API as tables: models with their limits, fields, roles, prices. No rule is written here.
//!
//! Every number of the API appears once, in a row that names its [`Source`]. The rules of
//! [`validate`](super::validate()) read these tables; the JSON Schema, the limits and the type unions of
//! the npm package are generated from them, and the tables of the documentation are tested against them.

mod code;
mod endpoint;
mod error_field;
mod family;
mod field;
mod format;
mod kind;
mod limits;
mod link;
mod mode;
mod model;
mod models;
mod numbers;
mod page;
mod pixels;
mod price;
mod role;
mod schema;
mod source;
mod status;

pub use code::{CODES, Code, Meaning, find_code};
#[doc(hidden)]
pub use endpoint::Endpoint;
pub use error_field::{ERROR_FIELDS, ErrorField, ErrorFieldRole};
pub use family::Family;
pub(crate) use field::in_table_order;
pub use field::{FIELDS, Field, Shape, find_field};
pub(crate) use format::{
    CONVERSIONS, MEDIA_TYPES, OTHER_FORMATS, OTHER_JPEG, UNKNOWN_MEDIA_TYPES, UPLOADED_IMAGES,
};
pub use kind::Kind;
pub use limits::{
    Automatic, ChoiceLimits, CountLimits, FileLimits, IntegerLimits, Limits, PromptLimits, SwitchLimits,
};
pub use link::{LINK_PLACES, LinkPlace};
pub use mode::{Mode, detect_mode};
pub use model::{DEFAULT_MODEL, MAX_FILES, Model, find_model, limits_for, resolve_model};
pub(crate) use model::{file_limits, reference_limits, variant};
pub use models::MODELS;
pub use numbers::{
    BATCH_MAX, CALLBACK_URL_MAX_LENGTH, DEFAULT_BASE_URL, DEFAULT_ESTIMATE_SECONDS, DEFAULT_FILES_BASE_URL,
    IDEMPOTENCY_KEY_LENGTH, MAX_BODY_BYTES, MAX_UPLOAD_BYTES, RESULT_LIFETIME_HOURS,
};
pub(crate) use numbers::{MEGABYTE, most_bytes};
pub use page::{FILE_MARKS, FILE_PAGES, FilePage};
pub use pixels::output_pixels;
pub use price::{CostEstimate, CostOptions, Price, PriceTable, estimate_cost};
pub use role::Role;
pub use schema::json_schema;
pub use source::{Confidence, Source};
pub use status::{STATUS_WORDS, StatusWord};
