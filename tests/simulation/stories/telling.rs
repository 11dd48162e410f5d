//! A finished story: its log, and the exchanges.

use super::log::{CallInfo, Entry, Happening};
use super::story::Story;
use super::world::World;
use crate::network::Exchange;
use std::collections::{BTreeMap, BTreeSet};

pub struct Telling {
    pub story: Story,
    pub entries: Vec<Entry>,
    pub calls: Vec<CallInfo>,
    pub journal: Vec<Exchange>,
    /// The account of each task.
    pub accounts: BTreeMap<String, usize>,
    /// The task that the server does not know any more.
    pub lost_task: Option<String>,
    pub hangs: bool,
}

/// Runs a story.
pub fn tell(story: Story) -> Telling {
    crate::marks::take();
    let world = World::new(story);
    let hangs = world.run();
    let tasks = &world.wire.server.borrow().tasks;
    let lost_task = world.story.lost_task.and_then(|number| tasks.get(number));
    Telling {
        lost_task: lost_task.map(|task| task.id.clone()),
        story: world.story.clone(),
        entries: world.log.entries.take(),
        calls: world.log.calls.take(),
        journal: world.wire.journal.take(),
        accounts: tasks.iter().map(|task| (task.id.clone(), task.account)).collect(),
        hangs,
    }
}

impl Telling {
    /// The marks that it reached.
    #[cfg_attr(
        not(feature = "marks"),
        allow(dead_code, reason = "used with the feature only")
    )]
    pub fn marks(&self) -> BTreeSet<&'static str> {
        let marks = self.entries.iter().filter_map(|entry| match entry.happening {
            Happening::Marked(name) => Some(name),
            _ => None,
        });
        marks.collect()
    }

    /// A readable log, for debugging a failing seed.
    pub fn trace(&self) -> String {
        let mut lines = vec![format!("{:#?}", self.story)];
        for (number, call) in self.calls.iter().enumerate() {
            lines.push(format!("call {number}: {call:?}"));
        }
        for entry in &self.entries {
            lines.push(format!("{:>9} ms  {:?}", entry.at, entry.happening));
        }
        for exchange in &self.journal {
            let request = &exchange.request;
            lines.push(format!(
                "{:>9} ms  exchange of call {}: {} {} -> {} {:?}",
                exchange.sent.at,
                request.call,
                request.url,
                request.key.as_deref().unwrap_or(""),
                exchange.status(),
                exchange.end.map(|(moment, end)| (moment.at, end)),
            ));
        }
        lines.join("\n")
    }
}
