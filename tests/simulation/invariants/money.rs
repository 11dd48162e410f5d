//! One call is charged at most once, and what is said of the money is true.

use super::{Case, Verdict, ensure};
use crate::network::{Exchange, Heard};
use crate::run::Outcome;
use evolink_video::domain::{Charged, ErrorKind};

impl Case<'_> {
    pub(super) fn charged_at_most_once(&self) -> Verdict {
        let charges = self.charges();
        ensure(charges <= 1, || format!("{charges} charges"))
    }

    pub(super) fn tells_the_truth(&self) -> Verdict {
        if !self.call.operation.pays() {
            return Ok(());
        }
        let own = self
            .run
            .server
            .charges
            .iter()
            .filter(|charge| charge.call == self.number);
        let own = own.count();
        match self.outcome() {
            Outcome::Task(task) => self.is_own_task(&task.id),
            Outcome::Submission(submission) => self.is_own_task(&submission.task.id),
            Outcome::Error(error) => {
                ensure(error.idempotency_key.is_some(), || "the error has no key".into())?;
                match error.charged {
                    // A failed task is paid back.
                    Charged::No if error.kind == ErrorKind::TaskFailed => Ok(()),
                    Charged::No => ensure(own == 0, || format!("it says `no`, and was charged: {error}")),
                    Charged::Yes => ensure(self.charges() == 1, || {
                        format!("it says `yes`, and was not: {error}")
                    }),
                    Charged::Unknown => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn is_own_task(&self, id: &str) -> Verdict {
        let server = &self.run.server;
        let task = server
            .task_of
            .get(&self.number)
            .map(|task| &server.tasks[*task].id);
        ensure(task.is_some_and(|own| own == id), || {
            format!("{id} is not its task: {task:?}")
        })?;
        ensure(self.charges() == 1, || "a task without a charge".into())
    }

    pub(super) fn one_key(&self) -> Verdict {
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
        let stolen = others
            .filter(|other| other.request.key == first.request.key)
            .count();
        ensure(self.call.key.is_some() || stolen == 0, || {
            "two calls have one random key".into()
        })
    }

    pub(super) fn creates_safely(&self) -> Verdict {
        let creates: Vec<_> = self.creates().collect();
        for exchange in creates.iter().take(creates.len().saturating_sub(1)) {
            let Some((_, Heard::Answer)) = exchange.end else {
                continue;
            };
            let status = exchange.status();
            let safe = matches!(status, 408 | 429) || (status == 503 && exchange.asked_ms().is_some());
            ensure(safe, || format!("sent again after {status}"))?;
        }
        Ok(())
    }
}
