//! The inspector on files that are cut off, damaged or malicious.
//!
//! `MEDIA_FILES=target/media-variants cargo test --release --test hostile` adds the files of a folder, up to 256 KB each.

mod files;
mod inspection;
mod mutations;
mod recordings;

use evolink_video::media::{AudioInfo, Media, VideoInfo};
use inspection::inspect;
use mutations::{MUTANTS, mutate, repetitions};

/// Places to cut a file at: all of a short one.
fn cuts(length: usize) -> impl Iterator<Item = usize> {
    (0..length).step_by((length / 1000).max(1))
}

#[test]
fn reads_every_image() {
    for (name, file) in files::all() {
        let Media::Image(image) = inspect(&file, true).media else {
            panic!("{name}: {:?}", inspect(&file, true).media);
        };
        assert!(name.starts_with(image.format), "{name}: {image:?}");
        let size = if image.orientation == 6 {
            (480, 640)
        } else {
            (640, 480)
        };
        assert_eq!((image.width, image.height), size, "{name}");
        assert_eq!(inspect(&file, false).media, Media::Image(image), "{name}");
    }
}

#[test]
fn reads_every_recording() {
    for (name, file) in recordings::all() {
        for known_size in [true, false] {
            match inspect(&file, known_size).media {
                Media::Video(video) => {
                    assert!(name.starts_with(video.format), "{name}: {video:?}");
                    let sizes = (video.width, video.height, video.rotation);
                    assert_eq!(sizes, (640, 480, 90), "{name}");
                    assert_eq!(video.duration_ms, 2_000, "{name}");
                    assert_eq!(video.video_codec.name(), "h264", "{name}");
                    assert_eq!(
                        video.audio_codec.map(|codec| codec.name()).as_deref(),
                        Some("aac"),
                        "{name}"
                    );
                }
                Media::Audio(audio) => {
                    assert!(name.starts_with(audio.format), "{name}: {audio:?}");
                    assert_eq!((audio.sample_rate, audio.channels), (44_100, 2), "{name}");
                    let milliseconds = if audio.format == "mp3" { 1_045 } else { 100 };
                    assert_eq!(audio.duration_ms, milliseconds, "{name}");
                }
                media => panic!("{name}: {media:?}"),
            }
        }
    }
}

fn all() -> impl Iterator<Item = (String, Vec<u8>)> {
    let made = files::all().into_iter().chain(recordings::all());
    made.map(|(name, file)| (name.into(), file)).chain(of_folder())
}

/// Files from elsewhere, if the caller names their folder.
fn of_folder() -> Vec<(String, Vec<u8>)> {
    let Ok(folder) = std::env::var("MEDIA_FILES") else {
        return Vec::new();
    };
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.metadata()
                .is_ok_and(|file| file.is_file() && file.len() <= 256 * 1024)
        })
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "the folder of MEDIA_FILES has no files");
    let read = |path: std::path::PathBuf| (path.display().to_string(), std::fs::read(&path).unwrap());
    paths.into_iter().map(read).collect()
}

/// The whole file as its beginning may show it: a recording is shorter.
fn shortened(whole: &Media, part: &Media) -> Media {
    match (whole, part) {
        (Media::Video(whole), Media::Video(part)) if part.duration_ms <= whole.duration_ms => {
            let (duration_ms, frame_rate) = (part.duration_ms, part.frame_rate);
            Media::Video(VideoInfo {
                duration_ms,
                frame_rate,
                ..*whole
            })
        }
        (Media::Audio(whole), Media::Audio(part)) if part.duration_ms <= whole.duration_ms => {
            let (duration_ms, estimated) = (part.duration_ms, part.estimated);
            Media::Audio(AudioInfo {
                duration_ms,
                estimated,
                ..*whole
            })
        }
        (whole, _) => whole.clone(),
    }
}

#[test]
fn says_the_same_of_a_file_that_is_cut_off_or_that_it_is_broken() {
    for (name, file) in all() {
        let whole = inspect(&file, true).media;
        for length in cuts(file.len()) {
            for known_size in [true, false] {
                match inspect(&file[..length], known_size).media {
                    Media::Broken { .. } | Media::Other { format: None, .. } => {}
                    media => assert_eq!(media, shortened(&whole, &media), "{name}, cut to {length}"),
                }
            }
        }
    }
}

#[test]
fn survives_mutations() {
    let mut random = fastrand::Rng::with_seed(14);
    let mut files = 0;
    for (_, file) in all() {
        for _ in 0..MUTANTS {
            let mut mutant = file.clone();
            for _ in 0..random.u32(1..4) {
                mutate(&mut mutant, &mut random);
            }
            inspect(&mutant, random.bool());
        }
        files += 1;
    }
    println!("{files} files, {MUTANTS} mutants of each");
}

#[test]
fn survives_files_that_repeat_one_block() {
    for file in repetitions() {
        inspect(&file, true);
        inspect(&file, false);
    }
}
