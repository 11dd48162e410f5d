//! The memory that an inspection holds. One test, because the allocator counts what all threads hold.
#![cfg(not(target_arch = "wasm32"))]

mod files;
mod inspection;
mod mutations;
mod recordings;

use inspection::inspect;
use mutations::{MUTANTS, mutate, repetitions};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The most bytes that were held while this file was inspected.
fn held(file: &[u8], known_size: bool) -> usize {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    inspect(file, known_size);
    ALLOCATOR.peak_usage().saturating_sub(before)
}

#[test]
fn holds_less_than_4_megabytes() {
    let mut random = fastrand::Rng::with_seed(14);
    let mut most = 0;
    for (_, file) in files::all().into_iter().chain(recordings::all()) {
        most = most.max(held(&file, true));
        for _ in 0..MUTANTS / 10 {
            let mut mutant = file.clone();
            mutate(&mut mutant, &mut random);
            most = most.max(held(&mutant, random.bool()));
        }
    }
    for file in repetitions().chain([recordings::long_mp3()]) {
        most = most.max(held(&file, true)).max(held(&file, false));
    }
    assert!(most <= MAX_BYTES, "{most} bytes");
    // The allocator counts.
    assert!(most > 16 * 1024, "{most} bytes");
}
