//! What a request costs, as far as prices are known.
//!
//! Prices change often, so the table is dated and callers can pass their own. After a submission,
//! `usage.credits_reserved` of the task is the truth.

use super::kind::Kind;
use super::model::{find_model, limits_for};
use super::source::{PRICES_READ_ON, Source};
use crate::domain::decimal::Decimal;
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::value::Value;
use std::borrow::Cow;

/// The price of a second of video for one model, or one line of models, and one quality.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// The id of a model, or of a line such as `seedance-2.0-fast`. The first row that fits counts.
    pub model: Cow<'static, str>,
    /// The quality.
    pub quality: Cow<'static, str>,
    /// Credits for a second of output, without a video among the inputs: the least and the most that a
    /// source states.
    pub credits: (Decimal, Decimal),
    /// Credits for a second of `max(input, output) + output`, with a video among the inputs.
    pub credits_with_video: Option<(Decimal, Decimal)>,
}

/// Prices and where they come from.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceTable {
    /// When the prices were read, as an ISO date.
    pub as_of: Cow<'static, str>,
    /// Where they were read.
    pub source: Cow<'static, str>,
    /// Credits for one US dollar.
    pub credits_per_usd: Decimal,
    /// The prices.
    pub prices: Cow<'static, [Price]>,
}

const fn price(line: &'static str, quality: &'static str, credits: i64, with_video: Option<i64>) -> Price {
    const fn exact(thousandths: i64) -> (Decimal, Decimal) {
        (
            Decimal::thousandths(thousandths),
            Decimal::thousandths(thousandths),
        )
    }
    Price {
        model: Cow::Borrowed(line),
        quality: Cow::Borrowed(quality),
        credits: exact(credits),
        credits_with_video: match with_video {
            Some(credits) => Some(exact(credits)),
            None => None,
        },
    }
}

/// The prices that this version knows.
static PRICES: [Price; 5] = [
    // Source::PriceList.
    price("seedance-2.0", "480p", 6_251, Some(3_807)),
    price("seedance-2.0", "720p", 13_500, Some(8_222)),
    price("seedance-2.0-fast", "480p", 5_063, Some(3_012)),
    price("seedance-2.0-fast", "720p", 10_935, Some(6_506)),
    // Source::LiveAnswer, image-to-video.
    price("seedance-2.0-mini", "720p", 2_700, None),
];

/// `content_filter: false` costs this factor more with a model of version 2.5. [`Source::ModelPages25`]
const UNFILTERED_FACTOR: f64 = 1.1;
const UNFILTERED_LINE: &str = "seedance-2.5";

impl Default for PriceTable {
    /// The prices that this version knows.
    fn default() -> Self {
        Self {
            as_of: PRICES_READ_ON.into(),
            source: Source::PriceList.title().into(),
            // Source::VendorClient; a live answer agrees: 13.5 credits were 0.199 USD.
            credits_per_usd: Decimal::thousandths(68_000),
            prices: Cow::Borrowed(&PRICES),
        }
    }
}

/// What [`estimate_cost`] may know besides the request.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CostOptions {
    /// Seconds of all input videos together. Unknown: any that the model accepts.
    pub input_video_seconds: Option<f64>,
    /// Prices of your own.
    pub prices: PriceTable,
}

/// A range of costs, with the date and the source of the prices.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CostEstimate {
    /// Credits, at least and at most; `None` if no price is known.
    pub credits: Option<(Decimal, Decimal)>,
    /// US dollars, at least and at most; `None` if no price is known.
    pub usd: Option<(Decimal, Decimal)>,
    /// When the prices were read, as an ISO date.
    pub as_of: Cow<'static, str>,
    /// Where they were read.
    pub source: Cow<'static, str>,
}

/// What a request costs, as far as prices are known. After a submission, `usage.credits_reserved` of the task
/// is the truth.
pub fn estimate_cost(request: &Value, options: &CostOptions) -> CostEstimate {
    let table = &options.prices;
    let credits = credits(request, options);
    let usd = credits.map(|(low, high)| {
        let usd = |credits: f64| Decimal::from_f64(credits / table.credits_per_usd.as_f64());
        (usd(low), usd(high))
    });
    CostEstimate {
        credits: credits.map(|(low, high)| (Decimal::from_f64(low), Decimal::from_f64(high))),
        usd,
        as_of: table.as_of.clone(),
        source: table.source.clone(),
    }
}

fn credits(request: &Value, options: &CostOptions) -> Option<(f64, f64)> {
    let id = request.get("model")?.as_str()?;
    let line = find_model(id).map_or(id, |model| model.line);
    let limits = limits_for(id);
    let quality = match request.get("quality") {
        None => limits.quality.default,
        Some(quality) => quality.as_str()?,
    };
    let price = options
        .prices
        .prices
        .iter()
        .find(|price| (price.model == id || price.model == line) && price.quality == quality)?;
    let chosen = match request.get("duration") {
        None => limits.duration.default.map(f64::from),
        Some(seconds) => Some(seconds.as_f64()?),
    };
    let output = match chosen {
        Some(seconds) if seconds > 0.0 => (seconds, seconds),
        _ => (f64::from(limits.duration.min), f64::from(limits.duration.max)),
    };
    let videos = Kind::Video.count(request);
    let (rates, seconds) = if videos == 0 {
        (price.credits, output)
    } else {
        let least = limits.videos.min_seconds.unwrap_or(0) * videos as u32;
        let most = limits.videos.max_total_seconds.or(limits.videos.max_seconds);
        let input = match options.input_video_seconds {
            Some(seconds) => (seconds, seconds),
            None => (f64::from(least), f64::from(most?.max(least))),
        };
        let billed = |input: f64, output: f64| input.max(output) + output;
        (
            price.credits_with_video?,
            (billed(input.0, output.0), billed(input.1, output.1)),
        )
    };
    let unfiltered =
        line == UNFILTERED_LINE && request.get("content_filter").and_then(Value::as_bool) == Some(false);
    let factor = if unfiltered { UNFILTERED_FACTOR } else { 1.0 };
    Some((
        rates.0.as_f64() * seconds.0 * factor,
        rates.1.as_f64() * seconds.1 * factor,
    ))
}

/// A range as an array of two.
struct Pair<'a>(&'a (Decimal, Decimal));

impl ToJson for Pair<'_> {
    fn write(&self, json: &mut Json) {
        json.open('[');
        json.item(&self.0.0);
        json.item(&self.0.1);
        json.close(']');
    }
}

impl ToJson for CostEstimate {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("credits", &OrNull(self.credits.as_ref().map(Pair)));
        json.field("usd", &OrNull(self.usd.as_ref().map(Pair)));
        json.field("asOf", &self.as_of.as_ref());
        json.field("source", &self.source.as_ref());
        json.close('}');
    }
}

impl ToJson for PriceTable {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("asOf", &self.as_of.as_ref());
        json.field("source", &self.source.as_ref());
        json.field("creditsPerUsd", &self.credits_per_usd);
        json.field("prices", &self.prices.as_ref());
        json.close('}');
    }
}

impl ToJson for Price {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("model", &self.model.as_ref());
        json.field("quality", &self.quality.as_ref());
        json.field("credits", &Pair(&self.credits));
        json.field("creditsWithVideo", &self.credits_with_video.as_ref().map(Pair));
        json.close('}');
    }
}

impl PriceTable {
    /// Reads a table of the caller's; `None` if it has another shape. A price is a number or an array of two.
    pub fn read(value: &Value) -> Option<Self> {
        let text = |value: &Value, name: &str| Some(value.get(name)?.as_str()?.to_owned());
        let positive = |value: &Value| {
            value
                .as_f64()
                .filter(|number| *number >= 0.0 && number.is_finite())
        };
        let range = |value: &Value| {
            let (low, high) = match value.as_array() {
                Some([low, high]) => (positive(low)?, positive(high)?),
                Some(_) => return None,
                None => (positive(value)?, positive(value)?),
            };
            (low <= high).then(|| (Decimal::from_f64(low), Decimal::from_f64(high)))
        };
        let mut prices = Vec::new();
        for price in value.get("prices")?.as_array()? {
            prices.push(Price {
                model: text(price, "model")?.into(),
                quality: text(price, "quality")?.into(),
                credits: range(price.get("credits")?)?,
                credits_with_video: match price.get("creditsWithVideo") {
                    None => None,
                    Some(value) => Some(range(value)?),
                },
            });
        }
        Some(Self {
            as_of: text(value, "asOf")?.into(),
            source: text(value, "source")?.into(),
            credits_per_usd: Decimal::from_f64(
                positive(value.get("creditsPerUsd")?).filter(|rate| *rate > 0.0)?,
            ),
            prices: prices.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::api::MODELS;
    use crate::domain::json::parse;

    fn cost(request: &str) -> Option<(f64, f64)> {
        let estimate = estimate_cost(&parse(request).unwrap(), &CostOptions::default());
        estimate.credits.map(|(low, high)| (low.as_f64(), high.as_f64()))
    }

    #[test]
    fn prices_are_for_known_lines_and_their_qualities() {
        let lines = PRICES.iter().map(|price| (&*price.model, &*price.quality));
        for (line, quality) in lines.chain([(UNFILTERED_LINE, "720p")]) {
            let mut models = MODELS.iter().filter(|model| model.line == line);
            let known = models.any(|model| model.limits.quality.values.contains(&quality));
            assert!(known, "{line}, {quality}");
        }
    }

    #[test]
    fn a_price_is_for_each_second() {
        for (request, credits) in [
            (r#"{"model":"seedance-2.0"}"#, Some((67.5, 67.5))),
            (
                r#"{"model":"seedance-2.0","duration":8,"quality":"480p"}"#,
                Some((50.008, 50.008)),
            ),
            (
                r#"{"model":"seedance-2.0-fast-text-to-video","duration":4}"#,
                Some((43.74, 43.74)),
            ),
            // Input of 2 to 15 seconds: 5 + 5 to 15 + 5.
            (
                r#"{"model":"seedance-2.0","video_urls":["x"]}"#,
                Some((82.22, 164.44)),
            ),
            (r#"{"model":"seedance-2.0","quality":"1080p"}"#, None),
            (r#"{"model":"seedance-2.5-text-to-video"}"#, None),
            (r#"{"model":"kling-3"}"#, None),
            (r#"{"model":"seedance-2.0","duration":"5"}"#, None),
            ("{}", None),
            ("5", None),
        ] {
            assert_eq!(cost(request), credits, "{request}");
        }
    }

    #[test]
    fn known_input_seconds_give_an_exact_price() {
        let options = CostOptions {
            input_video_seconds: Some(10.0),
            ..CostOptions::default()
        };
        let request = parse(r#"{"model":"seedance-2.0","video_urls":["x"]}"#).unwrap();
        let estimate = estimate_cost(&request, &options);
        assert_eq!(estimate.credits.unwrap().0.as_f64(), 15.0 * 8.222);
    }

    #[test]
    fn uses_the_callers_prices() {
        let table = r#"{"asOf":"2027-01-01","source":"contract","creditsPerUsd":100,
            "prices":[{"model":"seedance-2.5","quality":"720p","credits":[10,12]}]}"#;
        let options = CostOptions {
            prices: PriceTable::read(&parse(table).unwrap()).unwrap(),
            ..CostOptions::default()
        };
        let request = r#"{"model":"seedance-2.5-text-to-video","duration":-1,"content_filter":false}"#;
        let estimate = estimate_cost(&parse(request).unwrap(), &options);
        let (low, high) = estimate.usd.unwrap();
        // 4 to 30 seconds.
        assert_eq!((low.as_f64(), high.as_f64()), (0.44, 3.96));
        assert_eq!((&*estimate.as_of, &*estimate.source), ("2027-01-01", "contract"));
        assert_eq!(PriceTable::read(&parse(r#"{"asOf":"x"}"#).unwrap()), None);
    }
}
