//! What must hold of a story, at the end of each process and at its own.

use super::{End, Teller};
use crate::fake_store::INDEX;
use crate::network::{Exchange, Heard};
use evolink_video::domain::{Charged, ErrorKind};
use std::collections::BTreeMap;

/// The code of an error of the store.
const STORE_FAILED: &str = "store_failed";

impl Teller {
    pub fn ensure(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            let what = what();
            self.wrong.push(what);
        }
    }

    pub fn judge_call(&mut self, step: usize, prompt: usize, end: &End) {
        let creates: Vec<(String, bool)> = self
            .wire
            .journal
            .borrow()
            .iter()
            .filter(|exchange| exchange.request.call == step && exchange.is_create())
            .map(|exchange| {
                let heard = matches!(exchange.end, Some((_, Heard::Answer)));
                let key = exchange.request.key.clone().unwrap_or_default();
                (key, heard && exchange.status() == 200)
            })
            .collect();
        if let End::Error(error) = end
            && error.code == STORE_FAILED
        {
            self.ensure(creates.is_empty(), || {
                format!("step {step} sends, though the store failed")
            });
            self.ensure(error.charged == Charged::No, || {
                "what was not sent may be charged".into()
            });
            return;
        }
        let order = self.open[prompt].unwrap_or(self.orders);
        self.orders = self.orders.max(order + 1);
        self.order_of.insert(step, order);
        let Some((key, _)) = creates.first().cloned() else {
            // It died before it sent anything.
            self.open[prompt] = Some(order);
            return;
        };
        let again = self.used[prompt].as_ref() == Some(&key);
        let is_good = self.story.store.is_good();
        self.ensure(!again || !is_good, || {
            format!("step {step} takes up the key of a call that is over")
        });
        let is_open = match end {
            // Its last words: whoever forgot the key has written down the task, or never had one.
            End::Died | End::Hangs => self.store.has_key(&key) || !creates.iter().any(|(_, heard)| *heard),
            End::Error(error) => error.kind == ErrorKind::OutcomeUnknown,
            _ => false,
        };
        self.open[prompt] = is_open.then_some(order);
        if !is_open {
            self.used[prompt] = Some(key);
        }
    }

    /// A task is listed, unless others wrote over the list as often as the client writes it anew.
    pub fn judge_list(&mut self, step: usize, overwrites: u32, end: &End) {
        let End::Submission(submission) = end else { return };
        let excused = !self.story.store.obeys() || self.store.overwrites.get() - overwrites >= 3;
        let id = &submission.task.id;
        let is_listed = self.store.listed("task:").contains(id);
        self.ensure(is_listed || excused, || {
            format!("step {step}: {id} is not listed")
        });
    }

    pub fn judge_resume(&mut self, step: usize, listed: &[String], end: &End) {
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

    pub fn ensure_one_charge_each(&mut self) {
        let mut charges: BTreeMap<usize, usize> = BTreeMap::new();
        for charge in &self.wire.server.borrow().charges {
            let order = self.order_of.get(&charge.call).copied();
            *charges.entry(order.unwrap_or(usize::MAX)).or_default() += 1;
        }
        let twice: Vec<_> = charges.iter().filter(|(_, count)| **count > 1).collect();
        let what = format!("charges of one order: {twice:?} of {:?}", self.order_of);
        self.ensure(twice.is_empty(), || what);
    }

    pub fn ensure_one_body_for_a_key(&mut self) {
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
            format!("two requests with the key {shared:?}")
        });
    }

    pub fn ensure_nothing_is_left(&mut self) {
        let texts = self.store.values.borrow().clone();
        // A word for a call that is over does no harm, and goes after a day; it stays where a process died, or
        // the store failed, while it was being removed.
        let died = self.story.steps.iter().any(|step| step.dies_after.is_some());
        let holds = match self.story.store.is_good() {
            true => {
                let words = self.store.listed("").len();
                texts.keys().all(|name| name == INDEX)
                    && (words == 0 || died && words == self.store.listed("call:").len())
            }
            false => self.store.listed("task:").is_empty(),
        };
        self.ensure(holds, || format!("the store keeps {texts:?}"));
    }

    /// Whatever was charged, somebody is told of.
    pub fn ensure_nothing_is_lost(&mut self) {
        if !self.story.store.is_good() {
            return;
        }
        let server = self.wire.server.borrow();
        let told = self.told.borrow();
        let charged = server.charges.iter().map(|charge| &server.tasks[charge.task].id);
        let lost: Vec<String> = charged.filter(|id| !told.contains(id)).cloned().collect();
        drop((server, told));
        self.ensure(lost.is_empty(), || format!("nobody is told of {lost:?}"));
    }
}
