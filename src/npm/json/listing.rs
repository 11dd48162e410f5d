use crate::client::Reply;
use crate::domain::json::{Json, ToJson};
use crate::domain::{Credits, TaskPage};

impl ToJson for TaskPage {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("tasks", &self.tasks);
        json.field("total", &self.total);
        json.close('}');
    }
}

impl ToJson for Credits {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("remaining", &self.remaining);
        json.field("used", &self.used);
        json.field("unlimited", &self.unlimited);
        json.field("raw", &self.raw);
        json.close('}');
    }
}

impl ToJson for Reply {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("status", &u32::from(self.status()));
        json.field("headers", &Headers(self.headers()));
        json.field("body", &self.body);
        json.close('}');
    }
}

struct Headers<'a>(&'a [(&'static str, String)]);

impl ToJson for Headers<'_> {
    fn write(&self, json: &mut Json) {
        json.open('{');
        for (name, value) in self.0 {
            json.field(name, value);
        }
        json.close('}');
    }
}
