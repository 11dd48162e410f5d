//! The names of codecs that store samples as they are.

/// The codec of samples of so many bits, as ffprobe names it.
pub(in crate::media) fn pcm(bits: u32, float: bool, big_endian: bool, unsigned: bool) -> &'static str {
    match (bits.div_ceil(8), float, big_endian) {
        (3, true, true) => "pcm_f24be",
        (3, true, false) => "pcm_f24le",
        (5.., true, true) => "pcm_f64be",
        (5.., true, false) => "pcm_f64le",
        (_, true, true) => "pcm_f32be",
        (_, true, false) => "pcm_f32le",
        (0 | 1, ..) if unsigned => "pcm_u8",
        (1, ..) => "pcm_s8",
        (3, _, true) => "pcm_s24be",
        (3, _, false) => "pcm_s24le",
        (4, _, true) => "pcm_s32be",
        (4, _, false) => "pcm_s32le",
        (5.., _, true) => "pcm_s64be",
        (5.., _, false) => "pcm_s64le",
        (_, _, true) => "pcm_s16be",
        (_, _, false) => "pcm_s16le",
    }
}
