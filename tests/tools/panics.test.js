import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isPanic, plainName } from "../../tools/panics.js";

describe("replaces with a trap", () => {
  for (const name of [
    "core[c5930c85a12de822]::panicking::panic_fmt",
    "core[c5930c85a12de822]::panicking::panic_const::panic_const_async_fn_resumed",
    "core[c5930c85a12de822]::slice::index::slice_index_fail",
    "core[c5930c85a12de822]::option::unwrap_failed",
    "core[c5930c85a12de822]::cell::lazy::panic_poisoned",
    "std[a543996e6e7dbf1e]::panicking::panic_with_hook",
    "std[a543996e6e7dbf1e]::panicking::panic_handler::{closure#0}",
    "std[a543996e6e7dbf1e]::thread::local::panic_access_error",
    "<std[a543996e6e7dbf1e]::panicking::begin_panic::Payload<&str> as core[c5930c85a12de822]::panic::PanicPayload>::as_str",
    "alloc[8ad59a2f17d82ad1]::raw_vec::handle_error",
    "alloc[8ad59a2f17d82ad1]::alloc::handle_alloc_error",
    "<alloc[8ad59a2f17d82ad1]::raw_vec::RawVecInner>::handle_error",
    "<core[c5930c85a12de822]::option::Option<evolink_video[0123456789abcdef]::domain::task::Task>>::unwrap_failed",
    "__rustc[b7974e8690430dd9]::rust_begin_unwind",
    "core::panicking::panic::h0123456789abcdef",
  ])
    test(name, () => assert.ok(isPanic(plainName(name))));
});

describe("keeps", () => {
  for (const name of [
    "evolink_video[0123456789abcdef]::client::handle_error",
    "evolink_video[0123456789abcdef]::domain::core::panic_fmt",
    "<evolink_video[0123456789abcdef]::client::Client>::unwrap_failed",
    "<evolink_video[0123456789abcdef]::client::Client as core[c5930c85a12de822]::ops::Drop>::handle_error",
    "<alloc[8ad59a2f17d82ad1]::vec::Vec<u8> as evolink_video[0123456789abcdef]::client::Report>::handle_error",
    "<core[c5930c85a12de822]::option::Option<u8> as evolink_video[0123456789abcdef]::client::Report>::panic_now",
    "serde[0123456789abcdef]::core::panic_fmt",
    "std[a543996e6e7dbf1e]::panicking::panic_count::increase",
    "__rustc[b7974e8690430dd9]::__rust_alloc",
    "<alloc[8ad59a2f17d82ad1]::raw_vec::RawVec<u8>>::grow_one",
    "start",
  ])
    test(name, () => assert.ok(!isPanic(plainName(name))));
});
