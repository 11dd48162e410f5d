//! `template!`: `format!` for strings and integers only.
//!
//! `format!` can pad, align and count characters, which adds kilobytes to a WebAssembly module.

use super::digits::push_integer;
use super::scan::{find, slice};
use std::borrow::Cow;

/// A template whose "{}" placeholders are filled in from left to right.
pub struct Template {
    out: String,
    rest: &'static str,
}

// Not inlined: there are a hundred messages, and each would hold a copy.
impl Template {
    #[inline(never)]
    pub fn new(template: &'static str) -> Self {
        Self {
            out: String::new(),
            rest: template,
        }
    }

    /// Copies the template up to the next placeholder, and skips that.
    fn advance(&mut self) -> &mut String {
        let at = find(self.rest, "{}").unwrap_or(self.rest.len());
        self.out.push_str(slice(self.rest, 0..at));
        self.rest = slice(self.rest, at + 2..self.rest.len());
        &mut self.out
    }

    /// Fills the next placeholder with a string.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        self.advance().push_str(text);
    }

    /// The same for a `String`: one argument less at each call.
    #[inline(never)]
    #[allow(clippy::ptr_arg, reason = "a thin pointer is shorter to pass")]
    pub fn string(&mut self, text: &String) {
        self.text(text);
    }

    /// Fills the next placeholder with an integer.
    #[inline(never)]
    pub fn integer(&mut self, number: i64) {
        push_integer(number, self.advance());
    }

    /// The filled template.
    #[inline(never)]
    pub fn finish(mut self) -> String {
        self.out.push_str(self.rest);
        self.out
    }
}

/// A value that [`template!`] can fill in.
pub trait Fill {
    /// Fills the next placeholder.
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

/// `format!` with "{}" only, for strings and integers.
macro_rules! template {
    ($template:literal, $($value:expr),+ $(,)?) => {{
        if false {
            // Lets the compiler check the number of values.
            let _ = format_args!($template, $($value),+);
        }
        let mut template = $crate::text::Template::new($template);
        $($crate::text::Fill::fill(&$value, &mut template);)+
        template.finish()
    }};
}
pub(crate) use template;
