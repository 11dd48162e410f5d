//! Single polls, for hosts that cannot wait: cron jobs, queues, alarms.

use super::retrieve::check_task_id;
use super::wait::{Target, first_of};
use super::{Client, Clock, Event, Store, Transport};
use crate::domain::retry::Call;
use crate::domain::watch::{Action, Polled, Watch};
use crate::domain::{Error, PollState};

/// Options of [`Client::poll`]. End a literal with `..Default::default()`: fields may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollOptions {
    /// The longest sleep before a failed read is repeated, in milliseconds. Beyond it, the time is the delay of the
    /// result. Default: 1,000.
    pub max_sleep_ms: u32,
}

impl Default for PollOptions {
    fn default() -> Self {
        Self { max_sleep_ms: 1_000 }
    }
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Reads a task once: by its id at first, then by the state that the last poll returned, after its delay.
    ///
    /// A read that failed for a temporary reason is repeated if that needs a sleep of at most `max_sleep_ms`. Otherwise
    /// the result has the error, the next state and the next delay.
    ///
    /// # Errors
    /// An error that another poll would meet too: the key or the task is not known.
    pub async fn poll(&self, target: impl Into<Target>, options: PollOptions) -> Result<Polled, Error> {
        let mut polled = self.poll_all(vec![target.into()], options).await?;
        polled.swap_remove(0).unless_over()
    }

    /// [`Client::poll`] of many tasks, with batch calls where the server has them. A task that cannot be read has an
    /// error and no delay.
    ///
    /// # Errors
    /// None today.
    pub async fn poll_all(&self, targets: Vec<Target>, options: PollOptions) -> Result<Vec<Polled>, Error> {
        let polled = self.poll_each(targets, options).await;
        self.write_before_return().await;
        polled
    }

    /// [`Client::poll_all`] without the writes.
    #[doc(hidden)]
    pub async fn poll_each(&self, targets: Vec<Target>, options: PollOptions) -> Result<Vec<Polled>, Error> {
        let now = self.clock.now();
        let mut tasks = Vec::new();
        let mut refused = Vec::new();
        for target in targets {
            tasks.push(match target {
                Target::Id(id) => {
                    refused.extend(check_task_id(&id).err().map(|error| (tasks.len(), error)));
                    (PollState::new(id, now), None)
                }
                Target::State(state) => (*state, None),
                Target::Task(mut task) => {
                    let state = PollState::of(&mut task, now);
                    (state, Some(*task))
                }
            });
        }
        let mut watch = Box::new(Watch::polled(tasks, now));
        for (index, error) in refused {
            watch.refuse(index, error);
        }
        let mut reads = Vec::new();
        let mut repeats = 0;
        let max_repeats = self.budget(Call::Read, None).max_retries;
        loop {
            match watch.next_action(self.clock.now()) {
                Action::Read(read) => {
                    reads.push(Box::pin(self.read(read)));
                    continue;
                }
                Action::Update { .. } | Action::Scheduled { .. } => continue,
                Action::Sleep(ms) if reads.is_empty() => {
                    if ms > options.max_sleep_ms || repeats == max_repeats || !watch.is_failing() {
                        break;
                    }
                    repeats += 1;
                    self.clock.sleep(ms).await;
                    watch.handle_sleep_end(self.clock.now());
                    continue;
                }
                Action::Sleep(_) => {}
                Action::Finish => break,
            }
            let (read, result) = first_of(&mut reads).await;
            watch.handle_read(read, result, self.clock.now(), self.clock.random());
        }
        let now = self.clock.now();
        for id in watch.settled_ids(now) {
            self.forget_later(id);
        }
        Ok(watch.into_polled(now))
    }
}
