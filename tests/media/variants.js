// Every container, codec and header that ffmpeg, ImageMagick and exiftool write, as far as an inspector sees a difference.

/** A command, split at spaces if it is a string. @typedef {string | string[]} Step */
/**
 * A file that the steps make in the current folder. With `piped`, it is what the last step prints.
 * @typedef {{ name: string, steps: Step[], piped?: boolean }} Variant
 */

const ffmpeg = "ffmpeg -v error -y -bitexact";
const exiftool = "exiftool -q -overwrite_original -n";

/** @param {number} [seconds] */
const video = (seconds = 2, size = "320x240", rate = "25") =>
  `-f lavfi -i testsrc2=d=${seconds}:s=${size}:r=${rate}`;

/** @param {number} [seconds] */
const sound = (seconds = 2, rate = 44_100) => `-f lavfi -i sine=d=${seconds}:r=${rate}`;

const h264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";
const reordered = "-c:v libx264 -preset fast -bf 2 -pix_fmt yuv420p";
const base = "-i base.mp4";
const copy = `${base} -c copy`;

/** @param {string} name @param {string} options @returns {Variant} */
const av = (name, options) => ({ name, steps: [`${ffmpeg} ${options} ${name}`] });

/** @param {string} name @param {string} options @returns {Variant} */
const streamed = (name, options) => ({ name, steps: [`${ffmpeg} ${options} pipe:1`], piped: true });

/** @param {string} name @param {string} [options] @param {string} [coder] @returns {Variant} */
const image = (name, options = "", coder = "") => ({
  name,
  steps: [`convert base.png ${options} ${coder}${name}`],
});

/** The files that others are made from. Their steps come first. */
export const ingredients = {
  "base.png": ["convert -size 322x241 -seed 14 plasma:red-blue base.png"],
  "cover.png": [`${ffmpeg} -f lavfi -i nullsrc=s=600x600,geq=random(1)*255:128:128 -frames:v 1 cover.png`],
  "base.mp4": [`${ffmpeg} ${video(4)} ${sound(4)} ${reordered} -g 25 -c:a aac base.mp4`],
};

/** Text files that some variants need. */
export const texts = {
  "text.srt": "1\n00:00:00,500 --> 00:00:06,000\nText\n",
  "chapters.txt":
    ";FFMETADATA1\n" +
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=One\n" +
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=4000\ntitle=Two\n",
};

const fragments = {
  "empty-moov": "empty_moov+frag_keyframe",
  "frag-keyframe": "frag_keyframe",
  "frag-delay": "frag_keyframe+delay_moov",
  "frag-default-base": "empty_moov+default_base_moof+frag_keyframe",
  "frag-omit-tfhd": "empty_moov+omit_tfhd_offset+frag_keyframe",
  "frag-separate": "empty_moov+separate_moof+frag_keyframe",
  "frag-every-frame": "empty_moov+frag_every_frame",
  "frag-dash": "dash+frag_keyframe+delay_moov",
  "frag-cmaf": "cmaf",
  "frag-global-sidx": "global_sidx+dash+frag_keyframe+delay_moov",
  "frag-negative-cts": "empty_moov+negative_cts_offsets+frag_keyframe",
  "frag-no-trailer": "frag_keyframe+skip_trailer+empty_moov",
};

const containers = [
  av("faststart.mp4", `${copy} -movflags faststart`),
  av("video-only.mp4", `${video()} ${h264}`),
  av("baseline.mov", `${video()} ${sound()} ${h264} -c:a aac`),
  av("m4v.m4v", `${video()} ${h264}`),
  av("psp.mp4", `${video(2, "320x240", "29.97")} ${sound()} -f psp ${h264} -c:a aac`),
  av("ipod.mp4", `${video()} ${sound()} -f ipod ${h264} -c:a aac`),
  ...Object.entries(fragments).map(([name, flags]) => av(`${name}.mp4`, `${copy} -movflags ${flags}`)),
  av("frag-duration.mp4", `${copy} -movflags empty_moov -frag_duration 200000`),
  av("frag.mov", `${copy} -movflags empty_moov+frag_keyframe`),
  av("frag-in-order.mp4", `${video()} ${sound()} ${h264} -c:a aac -movflags empty_moov+frag_keyframe`),
  av("frag-video-only.mp4", `${video(5)} ${h264} -g 10 -movflags empty_moov+frag_keyframe`),
  av("frag-long.mp4", `${video(90, "160x120")} ${h264} -g 25 -movflags empty_moov+frag_keyframe`),
  av(
    "frag-long-sidx.mp4",
    `${video(60, "160x120")} ${h264} -g 12 -movflags global_sidx+dash+frag_keyframe+delay_moov`,
  ),
  av("smooth.ismv", copy),
  streamed("frag-streamed.mp4", `${video()} ${sound()} ${h264} -f mp4 -movflags frag_keyframe+empty_moov`),
  av("edit-start.mp4", `-ss 1.37 ${copy}`),
  av("edit-part.mp4", `-ss 1.37 ${base} -t 1.5 -c copy`),
  av("edit-late-sound.mp4", `${base} -itsoffset 0.7 ${base} -map 0:v -map 1:a -c copy`),
  av("edit-late-video.mp4", `${base} -itsoffset 0.7 ${base} -map 1:v -map 0:a -c copy`),
  av("edit-late-both.mp4", `-itsoffset 0.7 ${copy} -avoid_negative_ts disabled`),
  av("edit-none.mp4", `${copy} -use_editlist 0`),
  av("edit-start-frag.mp4", `-ss 1.37 ${copy} -movflags frag_keyframe+delay_moov`),
  av(
    "edit-late-sound-frag.mp4",
    `${base} -itsoffset 0.7 ${base} -map 0:v -map 1:a -c copy -movflags frag_keyframe+delay_moov`,
  ),
  av("two-videos.mp4", `${video()} ${video(3, "640x360", "30")} -map 0 -map 1 ${h264}`),
  av(
    "two-sounds.mp4",
    `${video()} ${sound()} ${sound(3)} -map 0 -map 1 -map 2 ${h264} -c:a:0 aac -c:a:1 ac3`,
  ),
  av("sound-longer.mp4", `${video()} ${sound(5)} ${h264}`),
  av("sound-shorter.mp4", `${video(5)} ${sound()} ${h264}`),
  av("sound-first.mp4", `${sound(3)} ${video(3)} -map 0 -map 1 ${h264}`),
  av("subtitles.mp4", `${base} -i text.srt -c copy -c:s mov_text`),
  av("chapters.mp4", `${base} -i chapters.txt -map_metadata 1 -c copy`),
  av("cover.mp4", `${base} -i cover.png -map 0 -map 1 -c copy -disposition:v:1 attached_pic`),
  av("timecode.mov", `${video()} ${sound()} ${h264} -c:a pcm_s16le -timecode 01:00:00:00`),
  av("timecode.mp4", `${video()} ${h264} -timecode 01:00:00:00`),
  av("one-frame.mp4", `${video(1)} -frames:v 1 ${h264}`),
  av("long-index.mp4", `${video(120, "64x64")} ${sound(120)} ${h264} -c:a aac`),
  av("long-index-first.mp4", "-i long-index.mp4 -c copy -movflags faststart"),
  av("big.mp4", `${video(3, "1280x720")} ${sound(3)} ${h264} -qp 5`),
  av("hints.mp4", `${copy} -movflags rtphint`),
  av(
    "encrypted.mp4",
    `${copy} -encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb ` +
      "-encryption_kid a7e61c373e219033c21091fa607bf3b8",
  ),
  av("3gp.3gp", `${video(2, "352x288")} -c:v h263`),
  av("3g2.3g2", `${video(2, "352x288")} -c:v mpeg4`),
  av("m4a.m4a", `${sound()} -c:a aac`),
  av("sound-only.mp4", `${sound()} -c:a aac`),
  av("sound-only.mov", `${sound()} -c:a aac`),
];

const pictures = [
  ...[45, 90, 180, 270].map((turn) => av(`rotated-${turn}.mp4`, `${copy} -metadata:s:v rotate=${turn}`)),
  av("rotated-90.mov", `${copy} -metadata:s:v rotate=90`),
  av("rotated-90-frag.mp4", `${copy} -metadata:s:v rotate=90 -movflags empty_moov+frag_keyframe`),
  ...["4/3", "16/11", "12/11", "1/2", "40/33", "1/1"].map((aspect) =>
    av(`pixels-${aspect.replace("/", "-")}.mp4`, `${video()} -vf setsar=${aspect} ${h264}`),
  ),
  av("pixels-rotated.mp4", `${video()} -vf setsar=4/3 ${h264} -metadata:s:v rotate=90`),
  av("pixels.mov", `${video()} -vf setsar=4/3 -c:v prores_ks`),
];

const uneven = "-vf select='not(mod(n\\,3))+gt(n\\,40)' -vsync vfr";

const times = [
  av("rate-varies.mp4", `${video(3)} ${uneven} ${h264}`),
  av("rate-varies-frag.mp4", `${video(3)} ${uneven} ${h264} -movflags empty_moov+frag_keyframe`),
  ...["24000/1001", "30000/1001", "60000/1001", "24", "50", "60", "12.5", "1", "120", "15"].map((rate) =>
    av(`rate-${rate.replace("/", "-")}.mp4`, `${video(3, "160x120", rate)} ${reordered}`),
  ),
  ...[600, 1_000, 30, 90_000, 1_000_000, 16_000].map((scale) =>
    av(`scale-${scale}.mp4`, `${video(3, "160x120", "30")} ${h264} -video_track_timescale ${scale}`),
  ),
  av("scale-of-movie.mp4", `${video(3.3, "160x120", "30")} ${h264} -movie_timescale 90000`),
];

/** Size and options of codecs that refuse the usual ones. @type {Record<string, [string, string]>} */
const special = {
  dvvideo: ["720x576", "-pix_fmt yuv420p"],
  dnxhd: ["1920x1080", "-b:v 120M -pix_fmt yuv422p"],
};

const movCodecs =
  "mpeg4 mpeg2video mjpeg png prores prores_ks qtrle rawvideo v210 cinepak ffv1 svq1 cfhd h263 hap dvvideo gif r210 " +
  "v410 v308 libtheora huffyuv jpeg2000 rpza dnxhd zlib msmpeg4v2 flv1 wmv2 tiff libxvid";
const mp4Sounds = "aac libmp3lame ac3 eac3 libopus alac flac mp2 libvorbis dca truehd";
const movSounds =
  "aac libmp3lame ac3 alac pcm_s8 pcm_u8 pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le " +
  "pcm_f32be pcm_f64le pcm_f64be pcm_alaw pcm_mulaw adpcm_ima_qt adpcm_ms adpcm_ima_wav mp2 eac3 libgsm";

const codecs = [
  av("hevc.mp4", `${video(1)} -c:v libx265 -preset ultrafast -x265-params log-level=error`),
  av("hvc1.mov", `${video(1)} -c:v libx265 -preset ultrafast -x265-params log-level=error -tag:v hvc1`),
  av("av1.mp4", `${video(0.4, "64x64")} -c:v libaom-av1 -cpu-used 8`),
  av("vp9.mp4", `${video(1)} -c:v libvpx-vp9 -deadline realtime`),
  ...["mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "png"].map((codec) =>
    av(`codec-${codec}.mp4`, `${video(1, "352x288")} -c:v ${codec}`),
  ),
  ...movCodecs.split(" ").map((codec) => {
    const [size, options] = special[codec] ?? ["352x288", ""];
    return av(`codec-${codec}.mov`, `${video(1, size)} -c:v ${codec} ${options} -strict -2`);
  }),
  ...mp4Sounds
    .split(" ")
    .map((codec) =>
      av(`sound-${codec}.mp4`, `${video(1)} ${sound(1, 48_000)} ${h264} -c:a ${codec} -strict -2`),
    ),
  ...movSounds
    .split(" ")
    .map((codec) =>
      av(`sound-${codec}.mov`, `${video(1)} ${sound(1, 48_000)} ${h264} -c:a ${codec} -strict -2`),
    ),
  av("sound-of-six.mov", `${video(1)} ${sound(1, 96_000)} -ac 6 ${h264} -c:a pcm_s24le`),
];

const withCover = "-i cover.png -map 0 -map 1 -c:v copy";

const mp3 = [
  ...[32, 64, 96, 128, 192, 320].map((rate) => av(`constant-${rate}.mp3`, `${sound(5)} -ac 2 -b:a ${rate}k`)),
  ...[0, 2, 5, 9].map((quality) => av(`variable-${quality}.mp3`, `${sound(5)} -ac 2 -q:a ${quality}`)),
  av("average.mp3", `${sound(5)} -ac 2 -abr 1 -b:a 128k`),
  av("mono.mp3", `${sound(5)} -ac 1 -b:a 64k`),
  ...[8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 48_000].flatMap((rate) =>
    [1, 2].map((channels) => av(`rate-${rate}-${channels}.mp3`, `${sound(3, rate)} -ac ${channels} -q:a 4`)),
  ),
  av("no-header-constant.mp3", `${sound(20)} -b:a 128k -write_xing 0`),
  av("no-header-variable.mp3", `${sound(20)} -q:a 3 -write_xing 0`),
  av("no-header-8000.mp3", `${sound(9, 8_000)} -q:a 3 -write_xing 0`),
  av("no-header-no-tag.mp3", `${sound(20)} -q:a 3 -write_xing 0 -id3v2_version 0`),
  av("no-header-long.mp3", `${sound(120)} -b:a 320k -write_xing 0`),
  av("no-header-tag-behind.mp3", `${sound(5)} -q:a 3 -write_xing 0 -write_id3v1 1 -metadata title=Title`),
  av("tag-behind.mp3", `${sound(5)} -q:a 3 -write_id3v1 1 -metadata title=Title`),
  av("tag-2-3.mp3", `${sound(5)} -q:a 3 -id3v2_version 3 -metadata title=Title`),
  av("no-reservoir.mp3", `${sound(5)} -b:a 128k -reservoir 0`),
  av("cover.mp3", `${sound(5)} ${withCover} -id3v2_version 3`),
  av("cover-no-header.mp3", `${sound(5)} ${withCover} -write_xing 0`),
  av("layer-2.mp2", `${sound(3)} -c:a mp2`),
  streamed("streamed.mp3", `${sound(3)} -f mp3`),
];

const wavCodecs =
  "pcm_u8 pcm_s16le pcm_s24le pcm_s32le pcm_s64le pcm_f32le pcm_f64le pcm_alaw pcm_mulaw adpcm_ms adpcm_ima_wav " +
  "adpcm_yamaha adpcm_swf libmp3lame mp2 ac3 aac wmav1 wmav2 libvorbis flac dca";

const wav = [
  ...wavCodecs
    .split(" ")
    .flatMap((codec) => [
      av(`${codec}-1.wav`, `${sound(2.5, 22_050)} -ac 1 -c:a ${codec} -strict -2`),
      av(`${codec}-2.wav`, `${sound(2.5, 44_100)} -ac 2 -c:a ${codec} -strict -2`),
    ]),
  ...["libgsm_ms", "g723_1", "adpcm_g726 -b:a 32k"].map((codec) =>
    av(`${codec.split(" ")[0]}.wav`, `${sound(2.5, 8_000)} -ac 1 -c:a ${codec}`),
  ),
  av("rf64.wav", `${sound(2.5)} -rf64 always`),
  av("rf64-24.wav", `${sound(2.5)} -rf64 always -c:a pcm_s24le -ac 2`),
  av("six-channels.wav", `${sound(2.5, 48_000)} -ac 6`),
  av("broadcast.wav", `${sound(2.5)} -write_bext 1 -metadata description=Text`),
  av("peaks.wav", `${sound(2.5)} -write_peak on`),
  av("odd-length.wav", `${sound(0.1234, 11_025)} -c:a pcm_u8 -metadata title=abc`),
  av("tags.wav", `${sound(2.5)} -metadata title=Title -metadata artist=Somebody`),
  av("8000.wav", sound(2.5, 8_000)),
  av("192000.wav", `${sound(2.5, 192_000)} -ac 2 -c:a pcm_s24le`),
  streamed("streamed.wav", `${sound(2.5)} -f wav`),
];

/** @param {string} name @param {string} [order] @returns {Variant[]} */
const orientations = (name, order = "II") =>
  [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => {
    const file = name.replace("*", `${orientation}`);
    const tag = `${exiftool} -ExifByteOrder=${order} -Orientation=${orientation} ${file}`;
    return { name: file, steps: [`convert base.png ${file}`, tag] };
  });

/** @param {string} name @param {string[]} options @returns {Variant} */
const tagged = (name, ...options) => ({
  name,
  steps: [`convert base.png ${name}`, [...exiftool.split(" "), ...options, name]],
});

const clip = "-f lavfi -i testsrc=size=160x120:rate=5:duration=2";
const compressions = ["none", "lzw", "zip", "jpeg", "rle", "group4", "fax", "webp", "zstd", "lzma"];

const images = [
  image("baseline.jpg", "-quality 90"),
  image("progressive.jpg", "-interlace JPEG"),
  image("cmyk.jpg", "-colorspace CMYK"),
  image("cmyk-progressive.jpg", "-interlace JPEG -colorspace CMYK"),
  image("gray.jpg", "-colorspace Gray"),
  image("sampling.jpg", "-sampling-factor 4:1:1"),
  { name: "arithmetic.jpg", steps: ["jpegtran -arithmetic -outfile arithmetic.jpg baseline.jpg"] },
  av("ffmpeg.jpg", "-i base.png"),
  av("ffmpeg-444.jpg", "-i base.png -c:v mjpeg -pix_fmt yuvj444p -huffman default"),
  av("lossless.jpg", "-i base.png -c:v ljpeg"),
  av("jpeg-ls.jpg", "-i base.png -c:v jpegls"),
  tagged("long-xmp.jpg", `-XMP-dc:Description=${"Description ".repeat(10_000)}`),
  tagged("long-comment.jpg", `-Comment=${"Comment ".repeat(8_000)}`, "-Orientation=6"),
  ...orientations("little-*.jpg"),
  ...orientations("big-*.jpg", "MM"),
  ...orientations("turned-*.png"),
  ...orientations("turned-*.webp"),
  ...orientations("turned-*.tiff"),
  image("interlaced.png", "-interlace PNG"),
  image("16.png", "-depth 16", "PNG48:"),
  image("palette.png", "-colors 16", "PNG8:"),
  image("alpha.png", "", "PNG32:"),
  image("alpha-16.png", "", "PNG64:"),
  image("black-and-white.png", "-colorspace Gray -depth 1"),
  av("animated.png", `${clip} -f apng`),
  av("animated-forever.png", `${clip} -plays 0 -f apng`),
  image("one.gif"),
  image("interlaced.gif", "-interlace GIF"),
  image("comment.gif", "-transparent red -set comment Comment"),
  image("two.gif", "base.png -loop 0"),
  av("animated.gif", clip),
  av("animated-once.gif", `${clip} -loop -1`),
  av("first-frame.gif", `${clip} -frames:v 1`),
  av("long-frames.gif", "-f lavfi -i mandelbrot=size=1280x720:rate=5 -frames:v 4"),
  image("lossy.webp"),
  image("lossless.webp", "-define webp:lossless=true"),
  image("alpha.webp", "-alpha set -channel A -evaluate set 50%"),
  image("alpha-lossless.webp", "-alpha set -channel A -evaluate set 50% -define webp:lossless=true"),
  av("animated.webp", clip),
  av("animated-lossless.webp", `${clip} -lossless 1`),
  image("version-2.bmp", "", "BMP2:"),
  image("version-3.bmp", "", "BMP3:"),
  image("version-5.bmp"),
  image("runs-4.bmp", "-colors 16 -compress RLE"),
  image("runs-8.bmp", "-colors 200 -compress RLE"),
  image("alpha.bmp", "-alpha set"),
  image("1.bmp", "-monochrome"),
  image("565.bmp", "-define bmp:subtype=RGB565"),
  av("ffmpeg.bmp", "-i base.png"),
  av("ffmpeg-565.bmp", "-i base.png -pix_fmt rgb565le"),
  av("ffmpeg-palette.bmp", "-i base.png -pix_fmt pal8"),
  ...compressions.map((name) => image(`${name}.tiff`, `-compress ${name}`)),
  image("big-endian.tiff", "-endian MSB"),
  image("little-endian.tiff", "-endian LSB"),
  image("64.tiff", "", "TIFF64:"),
  image("64-big-endian.tiff", "-endian MSB", "TIFF64:"),
  image("tiles.tiff", "-define tiff:tile-geometry=64x64"),
  image("pages.tiff", "( base.png -resize 50% )"),
  image("16.tiff", "-depth 16"),
  image("cmyk.tiff", "-colorspace CMYK"),
  image("1.tiff", "-monochrome"),
  image("palette.tiff", "-colors 16"),
  av("ffmpeg.tiff", "-i base.png"),
  av("ffmpeg-deflate.tiff", "-i base.png -compression_algo deflate"),
  av("avif.avif", `${video(0.04, "64x64")} -c:v libaom-av1 -still-picture 1 -f avif`),
];

/** @type {Variant[]} */
export const variants = [
  ...Object.entries(ingredients).map(([name, steps]) => ({ name, steps })),
  ...containers,
  ...pictures,
  ...times,
  ...codecs,
  ...mp3,
  ...wav,
  ...images,
];
