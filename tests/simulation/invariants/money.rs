//! One call is charged at most once, and charges are reported correctly.

use super::{Case, Check, ensure};
use crate::network::{Exchange, ExchangeEnd};
use crate::run::Outcome;
use evolink_video::domain::{Charged, ErrorKind};

impl Case<'_> {
    pub(super) fn charges_at_most_once(&self) -> Check {
        let charges = self.charges();
        ensure(charges <= 1, || format!("{charges} charges"))
    }

    pub(super) fn reports_charges_correctly(&self) -> Check {
        if !self.call.operation.pays() {
            return Ok(());
        }
        let charges = self.run.server.charges.iter();
        let own = charges.filter(|charge| charge.call == self.number).count();
        match self.outcome() {
            Outcome::Task(task) => self.is_own_task(&task.id),
            Outcome::Submission(submission) => self.is_own_task(&submission.task.id),
            Outcome::Error(error) => {
                ensure(error.idempotency_key.is_some(), || "the error has no key".into())?;
                match error.charged {
                    // Failed tasks are refunded.
                    Charged::No if error.kind == ErrorKind::TaskFailed => Ok(()),
                    Charged::No => ensure(own == 0, || format!("reports `no`, but was charged: {error}")),
                    Charged::Yes => ensure(self.charges() == 1, || {
                        format!("reports `yes`, but was not charged: {error}")
                    }),
                    Charged::Unknown => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn is_own_task(&self, id: &str) -> Check {
        let server = &self.run.server;
        let task = server
            .task_of
            .get(&self.number)
            .map(|task| &server.tasks[*task].id);
        ensure(task.is_some_and(|own| own == id), || {
            format!("returns {id}, but its task is {task:?}")
        })?;
        ensure(self.charges() == 1, || "a task without a charge".into())
    }

    pub(super) fn reuses_key_and_body(&self) -> Check {
        let Some(first) = self.creates().next() else {
            return Ok(());
        };
        ensure(first.request.key.is_some(), || "no key".into())?;
        ensure(
            self.call
                .key
                .is_none_or(|key| first.request.key.as_deref() == Some(key)),
            || "not the caller's key".into(),
        )?;
        let same = |other: &Exchange| {
            other.request.key == first.request.key && other.request.body == first.request.body
        };
        ensure(self.creates().all(same), || "another key or other bytes".into())?;
        let others = self
            .run
            .journal
            .iter()
            .filter(|other| other.is_create() && other.request.call != self.number);
        let shared = others
            .filter(|other| other.request.key == first.request.key)
            .count();
        ensure(self.call.key.is_some() || shared == 0, || {
            "two calls share a random key".into()
        })
    }

    pub(super) fn retries_creates_safely(&self) -> Check {
        let creates: Vec<_> = self.creates().collect();
        for exchange in creates.iter().take(creates.len().saturating_sub(1)) {
            let Some((_, ExchangeEnd::Answered)) = exchange.end else {
                continue;
            };
            let status = exchange.status();
            let safe = matches!(status, 408 | 409 | 429 | 502..=504);
            ensure(safe, || format!("sent again after {status}"))?;
        }
        Ok(())
    }
}
