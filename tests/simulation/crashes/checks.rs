//! Invariants of a scenario, checked after each process and at the end.

use super::{End, Runner};
use crate::fake_store::INDEX;
use crate::network::{Exchange, ExchangeEnd};
use evolink_video::domain::{Charged, ErrorKind};
use std::collections::BTreeMap;

const STORE_FAILED: &str = "store_failed";

impl Runner {
    pub fn ensure(&mut self, holds: bool, violation: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(violation());
        }
    }

    pub fn check_call(&mut self, step: usize, prompt: usize, end: &End) {
        let creates: Vec<(String, bool)> = self
            .wire
            .journal
            .borrow()
            .iter()
            .filter(|exchange| exchange.request.call == step && exchange.is_create())
            .map(|exchange| {
                let answered = matches!(exchange.end, Some((_, ExchangeEnd::Answered)));
                let key = exchange.request.key.clone().unwrap_or_default();
                (key, answered && exchange.status() == 200)
            })
            .collect();
        if let End::Error(error) = end
            && error.code == STORE_FAILED
        {
            self.ensure(creates.is_empty(), || {
                format!("step {step} sends a request although the store failed")
            });
            self.ensure(error.charged == Charged::No, || {
                "reports a possible charge without a request".into()
            });
            return;
        }
        let order = self.open[prompt].unwrap_or(self.orders);
        self.orders = self.orders.max(order + 1);
        self.order_of.insert(step, order);
        let Some((key, _)) = creates.first().cloned() else {
            // It crashed before it sent a request.
            self.open[prompt] = Some(order);
            return;
        };
        let reused = self.settled_keys[prompt].as_ref() == Some(&key);
        let is_flawless = self.scenario.store.is_flawless();
        self.ensure(!reused || !is_flawless, || {
            format!("step {step} reuses the key of a settled order")
        });
        let is_open = match end {
            // Without the key in the store, the process had stored the task or received no answer.
            End::Crashed | End::Hangs => {
                self.store.has_key(&key) || !creates.iter().any(|(_, accepted)| *accepted)
            }
            End::Error(error) => error.kind == ErrorKind::OutcomeUnknown,
            _ => false,
        };
        self.open[prompt] = is_open.then_some(order);
        if !is_open {
            self.settled_keys[prompt] = Some(key);
        }
    }

    /// The task is in the index, unless other processes overwrote it as often as the client retries.
    pub fn check_task_is_stored(&mut self, step: usize, overwrites: u32, end: &End) {
        let End::Submission(submission) = end else { return };
        let excused = !self.scenario.store.is_reliable() || self.store.overwrites.get() - overwrites >= 3;
        let id = &submission.task.id;
        let is_listed = self.store.listed("task:").contains(id);
        self.ensure(is_listed || excused, || {
            format!("step {step}: {id} is not in the index")
        });
    }

    pub fn check_resume(&mut self, step: usize, listed: &[String], end: &End) {
        match end {
            End::Tasks(tasks) => {
                let ids: Vec<&String> = tasks.iter().map(|task| &task.id).collect();
                let all = ids == listed.iter().collect::<Vec<_>>();
                self.ensure(all, || format!("step {step} resumes {ids:?} of {listed:?}"));
            }
            End::Error(error) if error.code != STORE_FAILED => {
                let count = error.tasks.as_ref().map_or(0, Vec::len);
                self.ensure(count == listed.len(), || {
                    format!("step {step} resumes {count} of {listed:?}")
                });
            }
            _ => {}
        }
    }

    pub fn check_one_charge_per_order(&mut self) {
        let mut charges: BTreeMap<usize, usize> = BTreeMap::new();
        for charge in &self.wire.server.borrow().charges {
            let order = self.order_of.get(&charge.call).copied();
            *charges.entry(order.unwrap_or(usize::MAX)).or_default() += 1;
        }
        let twice: Vec<_> = charges.iter().filter(|(_, count)| **count > 1).collect();
        let violation = format!("several charges of one order: {twice:?} of {:?}", self.order_of);
        self.ensure(twice.is_empty(), || violation);
    }

    pub fn check_one_body_per_key(&mut self) {
        let mut bodies: BTreeMap<String, String> = BTreeMap::new();
        let mut shared = None;
        let is_create = |exchange: &&Exchange| exchange.is_create();
        for exchange in self.wire.journal.borrow().iter().filter(is_create) {
            let request = &exchange.request;
            let (key, body) = (request.key.clone().unwrap_or_default(), request.body.clone());
            let body = body.unwrap_or_default();
            if *bodies.entry(key.clone()).or_insert_with(|| body.clone()) != body {
                shared = Some(key);
            }
        }
        self.ensure(shared.is_none(), || {
            format!("different requests with the key {shared:?}")
        });
    }

    pub fn check_store_is_empty(&mut self) {
        let values = self.store.values.borrow().clone();
        // An entry of a settled call is harmless and expires after a day. It remains if the process crashed, or the
        // store failed, while it was being removed.
        let crashed = self.scenario.steps.iter().any(|step| step.crash_after.is_some());
        let holds = match self.scenario.store.is_flawless() {
            true => {
                let entries = self.store.listed("").len();
                values.keys().all(|name| name == INDEX)
                    && (entries == 0 || crashed && entries == self.store.listed("call:").len())
            }
            false => self.store.listed("task:").is_empty(),
        };
        self.ensure(holds, || format!("the store still has {values:?}"));
    }

    /// Every charged task was returned to a caller.
    pub fn check_charged_tasks_are_known(&mut self) {
        if !self.scenario.store.is_flawless() {
            return;
        }
        let server = self.wire.server.borrow();
        let known_ids = self.known_ids.borrow();
        let charged = server.charges.iter().map(|charge| &server.tasks[charge.task].id);
        let lost: Vec<String> = charged.filter(|id| !known_ids.contains(id)).cloned().collect();
        drop((server, known_ids));
        self.ensure(lost.is_empty(), || format!("no caller received {lost:?}"));
    }
}
