//! A task as a JavaScript value.

use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::{Status, Task};

impl ToJson for Task {
    /// The answer, unchanged. Fields that the library reads have one form. A status that it does not know is
    /// `unknown`, so that the type of `status` is closed. `rawStatus` has the API's word if it is another.
    fn write(&self, json: &mut Json) {
        let completed = self.status == Status::Completed;
        let raw_status = self.raw_status();
        json.open('{');
        for (name, value) in self.raw.entries() {
            let is_read = match name.as_ref() {
                "id" | "status" | "progress" => true,
                "results" => completed,
                "expiresAt" => self.expires_at.is_some(),
                "rawStatus" => raw_status.is_some(),
                "error" => self.error.is_some(),
                _ => false,
            };
            if !is_read {
                json.field(name, value);
            }
        }
        json.field("id", &self.id);
        json.field("status", &self.status.known_str());
        json.field("rawStatus", &raw_status);
        json.field("progress", &OrNull(self.progress.map(u32::from)));
        json.field("results", &completed.then_some(&self.results));
        json.field("expiresAt", &self.expires_at);
        json.field("error", &self.error_value());
        json.close('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::{parse, to_json};

    #[test]
    fn json_preserves_an_unknown_status() {
        let task = Task::read(parse(r#"{"id":"task-1","status":"rendering"}"#).unwrap()).unwrap();
        let written = to_json(&task);
        assert_eq!(
            written,
            r#"{"id":"task-1","status":"unknown","rawStatus":"rendering","progress":null}"#
        );
        assert_eq!(
            Task::read(parse(&written).unwrap()),
            Some(Task {
                raw: parse(&written).unwrap(),
                ..task
            })
        );
        assert_eq!(to_json(&Task::read(parse(&written).unwrap()).unwrap()), written);
    }
}
