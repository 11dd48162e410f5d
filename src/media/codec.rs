//! The names of codecs, the same as in ffprobe.

use super::info::Codec;
use crate::text::slice;

/// The name of each codec behind its length, and the codes of four characters that mean it. Tags of WAV have `ms` in
/// front, as in QuickTime; object types of `esds` have `obi`, those from 128 on `obj`.
///
/// One string: a `match` of so many codes compiles to kilobytes.
pub(super) static CODECS: &str = "\
\x04h264avc1avc2avc3avc4dva1dvavH264h264ai12ai15ai5pai1qobi!\
\x04hevchvc1hev1hvc2hev2dvh1dvheobi#\
\x03vvcvvc1vvi1\
\x03av1av01dav1\
\x03vp8vp08VP80\
\x03vp9vp09VP90obj1\
\x06proresapchapcnapcsapcoap4hap4x\
\x05mjpegjpegmjpaMJPGAVDJmjpgobil\
\x06mjpegbmjpb\
\x03pngpng MPNGobim\
\x04h263s263h263H263\
\x05mpeg4mp4vDIVXXVIDFMP43IV2DX50obi \
\x0Ampeg1videomp1vm1v mpg1m1v1obij\
\x0Ampeg2videomp2vm2v1hdv1hdv2hdv3mpg2obi`obiaobibobicobidobie\
\x05dnxhdAVdnAVdh\
\x04cfhdCFHD\
\x03hapHap1Hap5HapYHapMHapA\
\x07dvvideodvc dvcpdvppdv5pdv5ndvh2dvh3dvh5dvh6dvhpdvhq\
\x04svq1SVQ1\
\x04svq3SVQ3\
\x07cinepakcvid\
\x05qtrlerle \
\x04rpzarpza\
\x04ffv1FFV1\
\x03vc1vc-1WVC1\
\x04wmv3WMV3\
\x08rawvideoraw 2vuy2Vuyyuv2yuvsBGRARGBAARGBABGRI420\
\x04v210v210\
\x04v308v308\
\x04v408v408\
\x04v410v410\
\x03aacmp4am4aeobi@obifobigobihms\x16\0mspm\
\x03ac3ac-3sac3obj%ms \0\
\x04eac3ec-3obj&\
\x03ac4ac-4\
\x03dtsdtscdtshdtsldtseDTS obj)ms \x01\
\x06truehdmlpa\
\x04alacalac\
\x04flacfLaCflac\
\x04opusOpusobj-mspO\
\x06vorbisobj]msVo\
\x05qcelpobja\
\x03mp3.mp3ms\0Uobiiobik\
\x03mp2.mp2ms\0P\
\x06amr_nbsamr\
\x06amr_wbsawb\
\x08pcm_alawalawms\0\x06\
\x09pcm_mulawulawms\0\x07\
\x0Cadpcm_ima_qtima4\
\x08adpcm_msms\0\x02\
\x0Dadpcm_ima_wavms\0\x11ms\0i\
\x0Dadpcm_ima_dk4ms\0a\
\x0Dadpcm_ima_dk3ms\0b\
\x0Aadpcm_g726ms\0Ems\0d\
\x0Cadpcm_yamahams\0 \
\x06g723_1ms\0\x14\
\x0Atruespeechms\0\"\
\x06gsm_msms\x001\
\x05wmav1ms\x01`\
\x05wmav2ms\x01a\
\x06atrac3ms\x02p\
\x05mace3MAC3\
\x05mace6MAC6\
\x04qdm2QDM2\
\x04qdmcQDMC\
\x03gsmagsm\
\x0Empegh_3d_audiomhm1mhm2mha1mha2";

/// The codec of a sample entry. `object` is the type in its `esds`, 0 if there is none.
pub(super) fn codec(kind: u32, object: u8) -> Codec {
    let letters = kind.to_be_bytes();
    let name = match letters {
        [b'm', b'p' | b'4', b'4' | b'a', b'v' | b'a' | b'e'] => {
            find(CODECS, [b'o', b'b', b'i' + (object >> 7), object & 0x7F])
        }
        // XDCAM
        [b'x', b'd', ..] => find(CODECS, *b"mp2v"),
        _ => None,
    };
    match name.or_else(|| find(CODECS, letters)) {
        Some(name) => Codec::Known(name),
        None => Codec::FourCc(letters),
    }
}

/// The name for a code in a table such as that of the codecs.
#[inline(never)]
pub(super) fn find(table: &'static str, code: [u8; 4]) -> Option<&'static str> {
    let mut name = 0..0;
    let mut at = 0;
    loop {
        match table.as_bytes().get(at..)? {
            [length @ ..32, ..] => {
                name = at + 1..at + 1 + usize::from(*length);
                at = name.end;
            }
            [a, b, c, d, ..] => {
                if [*a, *b, *c, *d] == code {
                    return Some(slice(table, name));
                }
                at += 4;
            }
            _ => return None,
        }
    }
}

/// The codec of samples with this many bits, as ffprobe names it.
pub(super) fn pcm(bits: u32, float: bool, big_endian: bool, unsigned: bool) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::{CODECS, find, pcm};

    #[test]
    fn bytes_have_a_sign_in_movies_alone() {
        assert_eq!(pcm(8, false, false, true), "pcm_u8");
        assert_eq!(pcm(8, false, false, false), "pcm_s8");
        assert_eq!(pcm(16, false, false, true), "pcm_s16le");
    }

    #[test]
    fn finds_the_first_and_the_last() {
        assert!(CODECS.is_ascii());
        assert_eq!(find(CODECS, *b"avc1"), Some("h264"));
        assert_eq!(find(CODECS, *b"ms\x001"), Some("gsm_ms"));
        assert_eq!(find(CODECS, *b"mha2"), Some("mpegh_3d_audio"));
        assert_eq!(find(CODECS, *b"none"), None);
    }
}
