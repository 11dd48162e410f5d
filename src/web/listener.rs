//! Event listeners that are removed when they are dropped.

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Anything with events.
    type Target;

    #[wasm_bindgen(catch, method, js_name = addEventListener)]
    fn add_event_listener(this: &Target, kind: &str, listener: &Function) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, method, js_name = removeEventListener)]
    fn remove_event_listener(this: &Target, kind: &str, listener: &Function) -> Result<(), JsValue>;
}

/// A function that is called on each event of one type, until it is dropped.
pub struct Listener {
    target: Target,
    kind: &'static str,
    function: Closure<dyn FnMut()>,
}

impl Listener {
    /// Starts to listen.
    ///
    /// # Errors
    /// The exception of the target, which has no events.
    pub fn new(
        target: &JsValue,
        kind: &'static str,
        function: impl FnMut() + 'static,
    ) -> Result<Self, JsValue> {
        let target: Target = target.clone().unchecked_into();
        let function = Closure::<dyn FnMut()>::new(function);
        target.add_event_listener(kind, function.as_ref().unchecked_ref())?;
        Ok(Self {
            target,
            kind,
            function,
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.function.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener(self.kind, function);
    }
}
