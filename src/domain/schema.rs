//! The request as a JSON Schema (2020-12), for forms, tools and agents.

use super::limits::{ChoiceLimits, LIMITS};
use super::model::{Family, Model};
use super::tags::Kind;
use super::value::Value;
use crate::text::one_of;
use Kind::{Audio, Image, Video};

/// White space beyond ASCII, within brackets of a pattern. Spelled out, since engines differ on `\s`.
const WIDE_SPACE: &str = r"\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

/// What a schema can say of a request; the rest only [`validate`](super::validate()) can.
///
/// It accepts whatever `validate` accepts.
pub fn json_schema() -> Value {
    let description = format!(
        "A video to generate. Every @ tag of the prompt needs its file; at most {} files in all.",
        LIMITS.files.max_count
    );
    object([
        ("$schema", "https://json-schema.org/draft/2020-12/schema".into()),
        ("title", "VideoRequest".into()),
        ("description", description.into()),
        ("type", "object".into()),
        ("required", words(&["model", "prompt"])),
        ("properties", properties()),
        // Not `allOf` itself: some APIs refuse an agent's tool that has it at the top.
        (
            "dependentSchemas",
            object([("model", object([("allOf", model_rules())]))]),
        ),
    ])
}

fn properties() -> Value {
    let models = LIMITS.models.iter().map(|model| model.id.into());
    let prompt = format!(
        "What the video shows, at most {} tokens.",
        LIMITS.prompt.max_tokens
    );
    let model = [("examples", models.collect()), ("pattern", not_blank())];
    let seconds = [
        ("minimum", LIMITS.duration.min.into()),
        ("maximum", LIMITS.duration.max.into()),
        ("default", LIMITS.duration.default.into()),
    ];
    let sound = [("default", LIMITS.generate_audio.default.into())];
    let callback = [
        ("pattern", url("[Hh][Tt][Tt][Pp][Ss]")),
        ("maxLength", LIMITS.callback_url.max_length.into()),
    ];
    object([
        ("model", field("string", "Model ID.", model)),
        ("prompt", field("string", &prompt, [("pattern", not_blank())])),
        (Image.field(), files(Image)),
        (Video.field(), files(Video)),
        (Audio.field(), files(Audio)),
        ("duration", field("integer", "Seconds.", seconds)),
        ("quality", choice("Video resolution.", &LIMITS.quality)),
        ("aspect_ratio", choice("Width to height.", &LIMITS.aspect_ratio)),
        (
            "generate_audio",
            field("boolean", "Whether to make sound too.", sound),
        ),
        (
            "callback_url",
            field("string", "Where the finished task is posted; https.", callback),
        ),
    ])
}

fn field<const N: usize>(kind: &str, description: &str, rules: [(&'static str, Value); N]) -> Value {
    let head = [("type", kind.into()), ("description", description.into())];
    let entries = head.into_iter().chain(rules);
    Value::Object(entries.map(|(name, value)| (name.into(), value)).collect())
}

fn files(kind: Kind) -> Value {
    let limits = kind.limits();
    let description = format!(
        "URLs of {}s ({}), reachable from the internet. In the prompt they are @{word}1, @{word}2 and so on.",
        kind.as_str(),
        one_of(limits.formats),
        word = kind.word()
    );
    let item = object([
        ("type", "string".into()),
        ("pattern", url("[Hh][Tt][Tt][Pp][Ss]?")),
    ]);
    let rules = [("items", item), ("maxItems", limits.max_count.into())];
    field("array", &description, rules)
}

fn choice(description: &str, choice: &ChoiceLimits) -> Value {
    let rules = [("enum", words(choice.values)), ("default", choice.default.into())];
    field("string", description, rules)
}

/// The pattern of a text that is not only white space.
fn not_blank() -> Value {
    format!(r"[^\t-\r \x85{WIDE_SPACE}]").into()
}

/// The pattern of an absolute URL without credentials, as far as a pattern can tell what is a host.
fn url(scheme: &str) -> Value {
    let never = format!(r"\x00- \x7f-\x9f{WIDE_SPACE}");
    let host = format!(r"\[[0-9A-Fa-f:.]+\]|[^{never}/?#@:\\\[\]]+");
    format!("^{scheme}://({host})(:[0-9]*)?([/?#][^{never}]*)?$").into()
}

/// What holds for some models only.
fn model_rules() -> Value {
    let families = Family::ALL.iter().filter_map(|&family| {
        let inputs = match family {
            Family::All => return None,
            Family::TextToVideo => inputs(&[], &[(Image, 0), (Video, 0), (Audio, 0)]),
            Family::ImageToVideo => inputs(&[Image], &[(Image, 2), (Video, 0), (Audio, 0)]),
            Family::ReferenceToVideo => {
                let either = [
                    inputs(&[], &[(Audio, 0)]),
                    inputs(&[Image], &[]),
                    inputs(&[Video], &[]),
                ];
                object([("anyOf", either.into_iter().collect())])
            }
        };
        Some(rule(|model| model.family == family, inputs))
    });
    let mut fewer: Vec<_> = LIMITS.models.iter().map(|model| model.qualities).collect();
    fewer.retain(|qualities| *qualities != LIMITS.quality.values);
    fewer.dedup();
    let fewer = fewer.into_iter().map(|qualities| {
        let quality = object([("enum", words(qualities))]);
        rule(
            |model| model.qualities == qualities,
            object([("properties", object([("quality", quality)]))]),
        )
    });
    families.chain(fewer).collect()
}

fn rule(applies: impl Fn(&Model) -> bool, then: Value) -> Value {
    let models = LIMITS.models.iter().filter(|model| applies(model));
    let model = object([("enum", models.map(|model| model.id.into()).collect())]);
    object([
        ("if", object([("properties", object([("model", model)]))])),
        ("then", then),
    ])
}

/// Kinds of which there must be a file, and how many there may be.
fn inputs(needed: &[Kind], most: &[(Kind, u32)]) -> Value {
    let lists = Kind::ALL.iter().filter_map(|kind| {
        let min = needed.contains(kind).then(|| 1_u32.into());
        let max = most
            .iter()
            .find(|(of, _)| of == kind)
            .map(|(_, max)| (*max).into());
        let bounded = min.is_some() || max.is_some();
        let list = Value::object([
            ("type", Some("array".into())),
            ("minItems", min),
            ("maxItems", max),
        ]);
        bounded.then(|| (kind.field().into(), list))
    });
    let required: Vec<_> = needed.iter().map(|kind| kind.field()).collect();
    Value::object([
        ("properties", Some(Value::Object(lists.collect()))),
        ("required", (!required.is_empty()).then(|| words(&required))),
    ])
}

fn words(words: &[&str]) -> Value {
    words.iter().map(|word| Value::from(*word)).collect()
}

fn object<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    Value::object(entries.map(|(name, value)| (name, Some(value))))
}
