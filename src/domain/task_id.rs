//! The ids of tasks.

use crate::text::{parse_digits, split_once};

/// The longest id of the API that this version reads.
const MAX_BYTES: usize = 128;
/// What a proxy adds to an id: a dot and a seal, in `pkg-template/server/task.js`.
const SEAL_BYTES: usize = 23;

/// Whether a string can be a task id. It becomes part of a URL.
pub(crate) fn is_task_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_sealed = bytes.iter().nth_back(SEAL_BYTES - 1) == Some(&b'.');
    let longest = if is_sealed {
        MAX_BYTES + SEAL_BYTES
    } else {
        MAX_BYTES
    };
    (1..=longest).contains(&bytes.len())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
        && !bytes.iter().all(|byte| *byte == b'.')
}

/// When a task was created, by an id of the form `task-unified-<seconds>-<letters>`, in milliseconds since 1970.
pub(crate) fn created_ms_of_id(id: &str) -> Option<i64> {
    let (seconds, _) = split_once(id.strip_prefix("task-unified-")?, b'-')?;
    let seconds = parse_digits(seconds)?;
    (seconds < 1e11).then_some(seconds as i64 * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_a_time_of_at_most_eleven_digits() {
        let created_ms = |seconds: &str| created_ms_of_id(&format!("task-unified-{seconds}-abcd1234"));
        assert_eq!(created_ms("99999999999"), Some(99_999_999_999_000));
        assert_eq!(created_ms("100000000000"), None);
    }
}
