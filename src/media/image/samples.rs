//! Builds the containers of images, for the unit tests and for `tests/media/files.rs`.

/// A WebP of these chunks.
pub fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut content = b"WEBP".to_vec();
    for (kind, bytes) in chunks {
        content.extend(*kind);
        content.extend((bytes.len() as u32).to_le_bytes());
        content.extend(*bytes);
        content.resize(content.len().next_multiple_of(2), 0);
    }
    [b"RIFF", &(content.len() as u32).to_le_bytes()[..], &content].concat()
}

/// The chunk `VP8X` of a WebP of 640 by 480 pixels.
pub fn webp_header(flags: u8) -> [u8; 10] {
    [flags, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0]
}

/// A TIFF of one directory, with entries of tag, type and value.
pub fn tiff(little: bool, entries: &[(u16, u16, u32)]) -> Vec<u8> {
    tiff_at(8, little, entries)
}

/// A TIFF whose directory begins at an offset.
pub fn tiff_at(offset: u32, little: bool, entries: &[(u16, u16, u32)]) -> Vec<u8> {
    let number = |value: u32, size: usize| {
        let bytes = value.to_be_bytes();
        let bytes = &bytes[4 - size..];
        if little {
            bytes.iter().rev().copied().collect()
        } else {
            bytes.to_vec()
        }
    };
    let mut file = if little { b"II" } else { b"MM" }.to_vec();
    file.extend(number(42, 2));
    file.extend(number(offset, 4));
    file.resize(offset as usize, 0);
    file.extend(number(entries.len() as u32, 2));
    for (tag, kind, value) in entries {
        file.extend(number((*tag).into(), 2));
        file.extend(number((*kind).into(), 2));
        file.extend(number(1, 4));
        // A value of 16 bits stands at the beginning of its field.
        let size = if *kind == 3 { 2 } else { 4 };
        file.extend(number(*value, size));
        file.resize(file.len() + 4 - size, 0);
    }
    file.extend([0; 4]);
    file
}

/// A BigTIFF of one directory, with entries of tag, type and value.
pub fn big_tiff(entries: &[(u16, u16, u64)]) -> Vec<u8> {
    let mut file = b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0".to_vec();
    file.extend((entries.len() as u64).to_le_bytes());
    for (tag, kind, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(1_u64.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file
}
