//! Answers of the endpoints other than tasks: lists, credits, models.

use super::task::Task;
use super::value::Value;

/// A page of the tasks of an account.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TaskPage {
    /// The tasks, newest first. They have no links.
    pub tasks: Vec<Task>,
    /// The number of tasks on all pages; 0 if the server does not report it.
    pub total: u32,
}

impl TaskPage {
    /// Reads `{total, data: [task]}`; `None` if there is no list. \[vendor client, vendor test\]
    pub(crate) fn read(answer: &Value) -> Option<Self> {
        let mut page = Self::default();
        for item in answer.get("data")?.as_array()? {
            page.tasks.extend(Task::read(item.clone()));
        }
        if let Some(total) = answer.get("total").and_then(Value::as_integer) {
            page.total = u32::try_from(total).unwrap_or(0);
        }
        Some(page)
    }
}

/// What an account and its key may still spend, in credits.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Credits {
    /// What can be spent with this key: the balance of the account, or less if the key has a limit.
    pub remaining: Value,
    /// What the account has spent.
    pub used: Value,
    /// Whether the key has no limit of its own.
    pub unlimited: bool,
    /// The answer, unchanged.
    pub raw: Value,
}

impl Credits {
    /// Reads `{data: {token: {remaining_credits, unlimited_credits}, user: {remaining_credits, used_credits}}}`; `None` if
    /// no balance is there. \[vendor doc\]
    pub(crate) fn read(answer: &Value) -> Option<Self> {
        let data = answer.get("data")?;
        let field = |part: &str, name: &str| data.get(part)?.get(name).cloned();
        let unlimited = field("token", "unlimited_credits").and_then(|value| value.as_bool()) == Some(true);
        let balance = field("user", "remaining_credits").filter(|value| value.as_f64().is_some());
        let limit = field("token", "remaining_credits").filter(|value| value.as_f64().is_some());
        let remaining = match (balance, limit) {
            (Some(balance), Some(limit)) if !unlimited && limit.as_f64() < balance.as_f64() => limit,
            (Some(balance), _) => balance,
            (None, limit) => limit?,
        };
        let used = field("user", "used_credits").or_else(|| field("token", "used_credits"));
        Some(Self {
            remaining,
            used: used.unwrap_or(Value::Null),
            unlimited,
            raw: data.clone(),
        })
    }
}

/// Reads `{data: [{id}]}`; `None` if there is no list. \[vendor client\]
pub(crate) fn read_models(answer: &Value) -> Option<Vec<String>> {
    let mut models = Vec::new();
    for item in answer.get("data")?.as_array()? {
        models.extend(item.get("id").and_then(Value::as_str).map(str::to_owned));
    }
    Some(models)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::parse;

    #[test]
    fn the_smaller_of_balance_and_limit_can_be_spent() {
        for (answer, remaining, unlimited) in [
            (
                r#"{"data":{"token":{"remaining_credits":3,"unlimited_credits":false},"user":{"remaining_credits":9.5,"used_credits":1}}}"#,
                Some(3.0),
                false,
            ),
            (
                r#"{"data":{"token":{"remaining_credits":3,"unlimited_credits":true},"user":{"remaining_credits":9.5}}}"#,
                Some(9.5),
                true,
            ),
            (r#"{"data":{"user":{"remaining_credits":9.5}}}"#, Some(9.5), false),
            (r#"{"data":{"token":{"remaining_credits":3}}}"#, Some(3.0), false),
            (r#"{"data":{}}"#, None, false),
            ("{}", None, false),
        ] {
            let credits = Credits::read(&parse(answer).unwrap());
            assert_eq!(
                credits.as_ref().and_then(|credits| credits.remaining.as_f64()),
                remaining,
                "{answer}"
            );
            assert_eq!(
                credits.is_some_and(|credits| credits.unlimited),
                unlimited,
                "{answer}"
            );
        }
    }

    #[test]
    fn reads_pages_and_models() {
        let page =
            r#"{"object":"list","total":2,"data":[{"id":"task-1","status":"completed"},{"broken":1}]}"#;
        let page = TaskPage::read(&parse(page).unwrap()).unwrap();
        assert_eq!((page.tasks.len(), page.total), (1, 2));
        assert_eq!(TaskPage::read(&parse("{}").unwrap()), None);
        let models = parse(r#"{"data":[{"id":"a"},{},{"id":"b"}]}"#).unwrap();
        assert_eq!(read_models(&models), Some(vec!["a".to_owned(), "b".to_owned()]));
    }
}
