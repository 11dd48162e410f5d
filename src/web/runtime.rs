//! The kind of host that runs this code.

use crate::domain::config::Runtime;
use crate::js_object::property;

/// The kind of host, for [`Config::runtime`](crate::domain::Config::runtime).
pub fn runtime() -> Runtime {
    let global = js_sys::global();
    let has = |name: &&str| property(&global, name).is_object();
    if ["window", "document"].iter().all(has) {
        Runtime::Page
    } else if in_browser() {
        Runtime::BrowserWorker
    } else {
        Runtime::Server
    }
}

/// Whether the host is a browser, in a page or in a worker: only browsers know whether they are online.
pub(super) fn in_browser() -> bool {
    property(&property(&js_sys::global(), "navigator"), "onLine")
        .as_bool()
        .is_some()
}
