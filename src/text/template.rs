//! `template!`: `format!` for strings and integers alone.
//!
//! `format!` pads, aligns and counts characters, and that costs kilobytes in a WebAssembly module.

use super::digits::add_integer;
use super::scan::{find, slice};
use std::borrow::Cow;

/// A template that is being filled in: a piece in the place of each "{}".
pub struct Template {
    out: String,
    rest: &'static str,
}

// Each of these is there once, and not in each of the hundred messages.
impl Template {
    /// Nothing is filled in yet.
    #[inline(never)]
    pub fn new(template: &'static str) -> Self {
        Self {
            out: String::new(),
            rest: template,
        }
    }

    /// The text before the next place.
    fn advance(&mut self) -> &mut String {
        let at = find(self.rest, "{}").unwrap_or(self.rest.len());
        self.out.push_str(slice(self.rest, 0..at));
        self.rest = slice(self.rest, at + 2..self.rest.len());
        &mut self.out
    }

    /// A text in the next place.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        self.advance().push_str(text);
    }

    /// The same, by the address of the text alone, which is shorter to pass.
    #[inline(never)]
    #[allow(clippy::ptr_arg, reason = "its length is not passed along")]
    pub fn string(&mut self, text: &String) {
        self.text(text);
    }

    /// A number in the next place.
    #[inline(never)]
    pub fn integer(&mut self, number: i64) {
        add_integer(number, self.advance());
    }

    /// The whole text.
    #[inline(never)]
    pub fn end(mut self) -> String {
        self.out.push_str(self.rest);
        self.out
    }
}

/// What [`text!`] fills in.
pub trait Fill {
    /// Puts it in the next place.
    fn fill(&self, template: &mut Template);
}

impl<P: Fill + ?Sized> Fill for &P {
    fn fill(&self, template: &mut Template) {
        (**self).fill(template);
    }
}

impl Fill for str {
    fn fill(&self, template: &mut Template) {
        template.text(self);
    }
}

impl Fill for String {
    fn fill(&self, template: &mut Template) {
        template.string(self);
    }
}

impl Fill for Cow<'_, str> {
    fn fill(&self, template: &mut Template) {
        template.text(self);
    }
}

impl Fill for i64 {
    fn fill(&self, template: &mut Template) {
        template.integer(*self);
    }
}

impl Fill for u32 {
    fn fill(&self, template: &mut Template) {
        template.integer(i64::from(*self));
    }
}

impl Fill for u16 {
    fn fill(&self, template: &mut Template) {
        template.integer(i64::from(*self));
    }
}

impl Fill for usize {
    fn fill(&self, template: &mut Template) {
        template.integer(*self as i64);
    }
}

/// `format!` of nothing but "{}", for texts and integers.
macro_rules! template {
    ($template:literal, $($piece:expr),+ $(,)?) => {{
        if false {
            // So that the compiler counts the pieces.
            let _ = format_args!($template, $($piece),+);
        }
        let mut template = $crate::text::Template::new($template);
        $($crate::text::Fill::fill(&$piece, &mut template);)+
        template.end()
    }};
}
pub(crate) use template;
