//! Tasks that are looked at, as the poll schedule says, until they are final: one or ten thousand.

use super::exchange::Patience;
use super::race::{Either, race};
use super::retrieve::MOST_AT_ONCE;
use super::stopwatch::Stopwatch;
use super::{Client, Clock, Event, Transport};
use crate::domain::retry::Call;
use crate::domain::schedule::SHORTEST_MS;
use crate::domain::{Error, ErrorKind, PollState, Status, Task};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

/// Reads under way at the same time.
const READS_AT_ONCE: usize = 6;
/// How long the looks may take that are taken past the limit, and how far past is asleep and not merely late.
const LAST_LOOK_MS: u32 = 5_000;

/// A task that is watched. Its times are those of the watch, in milliseconds since it began.
pub(super) struct Watched {
    pub state: PollState,
    /// As it was last seen.
    pub seen: Option<Task>,
    /// Why it is not looked at any more, if that concerns it alone.
    pub error: Option<Error>,
    /// Whether it is not looked at any more, because the watch is refused.
    pub is_stopped: bool,
    /// Why the last read of it failed, if it did; others may have been read with it.
    pub failure: Option<Rc<Error>>,
    /// When to look at it; `None` while a read of it is under way, and at its end.
    due_ms: Option<f64>,
    /// When it may be looked at, whatever happens.
    least_ms: f64,
    /// Whether it is read singly, since reads of many leave it out.
    single: bool,
}

impl Watched {
    /// A task of which only the id is known: looked at first thing.
    fn new(state: PollState) -> Self {
        Self {
            state,
            seen: None,
            error: None,
            is_stopped: false,
            failure: None,
            due_ms: Some(0.0),
            least_ms: 0.0,
            single: false,
        }
    }

    /// Whether it came to an end, in whichever way.
    pub fn is_final(&self) -> bool {
        self.seen.as_ref().is_some_and(Task::is_final)
    }

    /// Whether the API itself says that there is no such task, and not a proxy that has lost its way.
    fn is_gone(&self) -> bool {
        let said = |error: &Error| error.kind == ErrorKind::NotFound && error.code != "http_404";
        self.error.as_ref().is_some_and(said)
    }

    fn is_watched(&self) -> bool {
        self.error.is_none() && !self.is_stopped && !self.is_final()
    }

    /// Whether it may be read now if others are: a look a second or a fifth of its delay too early is less
    /// than a call more.
    fn comes_along(&self, now_ms: f64) -> bool {
        let early = |due: f64| SHORTEST_MS + (due - self.least_ms) / 5.0;
        self.least_ms <= now_ms && self.due_ms.is_some_and(|due| due - now_ms <= early(due))
    }

    /// At once, in another way.
    fn read_again(&mut self) {
        // It may have come to its end meanwhile: a key that is refused ends all.
        if self.is_watched() {
            self.due_ms = Some(0.0);
        }
    }

    fn fail(&mut self, error: Error) {
        if self.is_watched() {
            self.error = Some(error);
            self.due_ms = None;
        }
    }
}

/// What a read brought, and which of the watched it was to bring.
struct Read {
    places: Vec<usize>,
    single: bool,
    asked: f64,
    outcome: Result<Vec<Task>, Error>,
}

/// A watch of some tasks.
pub(super) struct Watch<'a, T, C> {
    client: &'a Client<T, C>,
    watched: Vec<Watched>,
    /// Whether many are read with one call; no longer once the server does not know that call.
    batched: bool,
    /// The limit of the whole watch, in milliseconds; `None` for none.
    limit_ms: Option<u32>,
    stopwatch: Stopwatch,
    /// Until when the server asked to be left alone: the caller, and not one of his tasks. In milliseconds.
    quiet_ms: f64,
    /// Why none can be read any more: the key is refused.
    refusal: Option<Error>,
    /// Whether time was up already, and each is looked at once more only.
    last_look: bool,
    on_update: &'a mut dyn FnMut(&Task, &PollState),
}

impl<'a, T: Transport, C: Clock> Watch<'a, T, C> {
    /// A watch of tasks of which only the ids are known, with a limit that counts from the stopwatch's start.
    pub fn new(
        client: &'a Client<T, C>,
        ids: &[String],
        batched: bool,
        limit_ms: Option<u32>,
        stopwatch: Stopwatch,
        on_update: &'a mut dyn FnMut(&Task, &PollState),
    ) -> Self {
        let mut watched = Vec::new();
        for id in ids {
            watched.push(Watched::new(client.poll_state(id)));
        }
        Self {
            client,
            watched,
            batched,
            limit_ms,
            stopwatch,
            quiet_ms: 0.0,
            refusal: None,
            last_look: false,
            on_update,
        }
    }

    /// Takes in a task as it was seen before the watch: it is looked at when the schedule says. What is no
    /// news is not told, unless it is final.
    pub fn know(&mut self, place: usize, task: Task, news: bool) {
        let now = self.client.clock.now();
        if !news {
            self.watched[place].seen = Some(task.clone());
        }
        let random = self.client.clock.random();
        self.see(place, task, now);
        // It may have been seen long ago; its creation remains as the time when it was not completed.
        self.watched[place].state.unfinished_at = None;
        self.schedule(place, 0.0, random);
    }

    /// Watches until each task is final, or has an error, or time is up: those left are unfinished then.
    /// What came to its end, or is not to be found, is not resumed any more. Besides them, why those that are
    /// stopped are.
    pub async fn run(mut self) -> (Vec<Watched>, Option<Error>) {
        self.look_on().await;
        let mut ids = Vec::new();
        for one in &self.watched {
            if one.is_final() || one.is_gone() {
                ids.push(one.state.task_id.as_str());
            }
        }
        self.client.forget_tasks(&ids).await;
        (self.watched, self.refusal)
    }

    async fn look_on(&mut self) {
        let mut reads: Vec<Pin<Box<dyn Future<Output = Read> + 'a>>> = Vec::new();
        loop {
            let clock = &self.client.clock;
            let now_ms = self.stopwatch.read(clock);
            if self.stopwatch.left_ms(self.limit_ms, clock) == Some(0) {
                // A laptop that slept through the limit: the tasks may well be done, so one look more.
                let limit_ms = self.limit_ms.unwrap_or(0);
                let overslept = now_ms - f64::from(limit_ms) > f64::from(LAST_LOOK_MS);
                if !overslept || self.last_look {
                    return;
                }
                self.last_look = true;
                self.limit_ms = Some((now_ms as u32).saturating_add(LAST_LOOK_MS));
                self.hurry(now_ms);
            }
            while reads.len() < READS_AT_ONCE
                && let Some((places, single)) = self.next_read(now_ms)
            {
                reads.push(Box::pin(self.read(places, single)));
            }
            let due = self.watched.iter().filter_map(|one| one.due_ms);
            let mut next_ms = due.fold(f64::INFINITY, f64::min).max(self.quiet_ms);
            if reads.is_empty() && next_ms == f64::INFINITY {
                return;
            }
            if reads.len() == READS_AT_ONCE {
                next_ms = f64::INFINITY;
            }
            let limit_ms = self.limit_ms.map_or(f64::INFINITY, f64::from);
            // At least one, so that a clock that stands still is waited for and not spun on.
            let sleep_ms = (next_ms.min(limit_ms) - now_ms).max(1.0) as u32;
            let rest = race(self.client.clock.wake(), self.client.clock.sleep(sleep_ms));
            match race(first_of(&mut reads), rest).await {
                Either::First(read) => self.take_in(read),
                Either::Second(Either::First(())) => {
                    let now_ms = self.stopwatch.read(&self.client.clock);
                    self.hurry(now_ms);
                }
                Either::Second(Either::Second(())) => {
                    self.stopwatch
                        .slept_until(now_ms + f64::from(sleep_ms), &self.client.clock);
                }
            }
        }
    }

    /// The places of those to read next, with one call, and whether each by itself.
    fn next_read(&mut self, now_ms: f64) -> Option<(Vec<usize>, bool)> {
        if now_ms < self.quiet_ms {
            return None;
        }
        // The one that is due longest, so that none is passed over for ever where reads are slow.
        let mut first = None;
        let mut first_due_ms = now_ms;
        for (place, one) in self.watched.iter().enumerate() {
            if let Some(due_ms) = one.due_ms
                && (due_ms < first_due_ms || first.is_none() && due_ms <= now_ms)
            {
                first = Some(place);
                first_due_ms = due_ms;
            }
        }
        let first = first?;
        let single = self.watched[first].single || !self.batched;
        let mut places = vec![first];
        for (place, one) in self.watched.iter().enumerate() {
            if single || places.len() == MOST_AT_ONCE {
                break;
            }
            if place != first && !one.single && one.comes_along(now_ms) {
                places.push(place);
            }
        }
        for place in &places {
            self.watched[*place].due_ms = None;
        }
        Some((places, single))
    }

    /// A read, which holds nothing of the watch, so that others can be begun and taken in meanwhile.
    fn read(&mut self, places: Vec<usize>, single: bool) -> impl Future<Output = Read> + use<'a, T, C> {
        let client = self.client;
        let mut ids = Vec::new();
        for place in &places {
            ids.push(self.watched[*place].state.task_id.clone());
        }
        let patience = Patience {
            call: Call::Read,
            max_retries: 0,
            limit_ms: self.stopwatch.left_ms(self.limit_ms, &client.clock),
            in_doubt: false,
        };
        async move {
            let asked = client.clock.now();
            let outcome = match ids.first() {
                Some(id) if single => client.read_task(id, &patience).await.map(|task| vec![task]),
                _ => client.read_tasks(&ids, &patience).await,
            };
            Read {
                places,
                single,
                asked,
                outcome,
            }
        }
    }

    fn take_in(&mut self, read: Read) {
        // One for all that were read together, so that jitter does not drive them apart.
        let random = self.client.clock.random();
        for place in &read.places {
            self.watched[*place].state.looks += 1;
        }
        let asked_ms = read.outcome.as_ref().err().and_then(|error| error.retry_after_ms);
        let asked_ms = f64::from(asked_ms.unwrap_or(0));
        let quiet_ms = self.stopwatch.read(&self.client.clock) + asked_ms;
        self.quiet_ms = self.quiet_ms.max(quiet_ms);
        match read.outcome {
            Ok(tasks) => {
                for place in read.places {
                    let id = &self.watched[place].state.task_id;
                    // What a single read brings is the task, even if a server in between has ids of its own.
                    // Completed without a link is read singly: its error says what is missing.
                    let usable = |task: &&Task| {
                        read.single || task.id == *id && (task.is_final() || task.status != Status::Completed)
                    };
                    match tasks.iter().find(usable) {
                        Some(task) => {
                            self.see(place, task.clone(), read.asked);
                            self.schedule(place, 0.0, random);
                        }
                        None => {
                            // Left out; a single read brings its task, or an error.
                            self.watched[place].single = true;
                            self.watched[place].read_again();
                        }
                    }
                }
            }
            // A key that could not be got this time may be there the next.
            Err(error) if error.kind == ErrorKind::Authentication && error.code != "api_key_failed" => {
                // Of the key, and so of all.
                for one in &mut self.watched {
                    one.is_stopped |= one.is_watched();
                    one.due_ms = None;
                }
                // Of several reads under way, the first that was refused tells why.
                self.refusal.get_or_insert(error);
            }
            Err(error) if read.single && is_refused(&error) => {
                if let Some(place) = read.places.first() {
                    self.watched[*place].fail(error);
                }
            }
            Err(error) if !read.single && is_unknown_call(&error) => {
                // The server does not know the call, or not so: one by one, from now on.
                self.batched = false;
                for place in read.places {
                    self.watched[place].read_again();
                }
            }
            Err(error) => {
                let error = Rc::new(error);
                for place in read.places {
                    let one = &mut self.watched[place];
                    one.state.fail();
                    // What cannot be read of many, again and again, may be readable of one; and the reverse.
                    one.single = !read.single && (one.state.failures > 1 || error.code == "invalid_answer");
                    one.failure = Some(Rc::clone(&error));
                    self.schedule(place, asked_ms, random);
                }
            }
        }
    }

    /// Takes in what was seen of a task that was asked for then, and tells it if anything changed.
    fn see(&mut self, place: usize, mut task: Task, asked: f64) {
        let one = &mut self.watched[place];
        one.state.observe(&mut task, asked, self.client.clock.now());
        if task.is_final() || one.seen.as_ref().is_none_or(|last| task.differs_from(last)) {
            (self.on_update)(&task, &one.state);
        }
        one.seen = Some(task);
        one.failure = None;
    }

    /// When to look next, and not before `least_ms` have passed.
    fn schedule(&mut self, place: usize, least_ms: f64, random: f64) {
        let client = self.client;
        let now_ms = self.stopwatch.read(&client.clock);
        let one = &mut self.watched[place];
        if self.last_look || !one.is_watched() {
            one.due_ms = None;
            return;
        }
        let delay_ms = one.state.delay_ms(client.clock.now(), random);
        let delay_ms = f64::from(delay_ms).max(least_ms);
        one.least_ms = now_ms + least_ms.max(SHORTEST_MS).min(delay_ms);
        one.due_ms = Some(now_ms + delay_ms);
        (client.observer)(&Event::Poll {
            task_id: one.state.task_id.clone(),
            delay_ms: delay_ms as u32,
        });
    }

    /// There is a reason to look at once: no sooner, though, than the schedule ever looks, nor than the
    /// server asked for.
    fn hurry(&mut self, now_ms: f64) {
        for one in &mut self.watched {
            one.due_ms = one.due_ms.map(|due| due.min(one.least_ms.max(now_ms)));
        }
    }
}

/// The first of some futures to be over; it is taken out of them.
async fn first_of<F: Future + Unpin>(futures: &mut Vec<F>) -> F::Output {
    poll_fn(|context| {
        for place in 0..futures.len() {
            if let Poll::Ready(output) = Pin::new(&mut futures[place]).poll(context) {
                drop(futures.swap_remove(place));
                return Poll::Ready(output);
            }
        }
        Poll::Pending
    })
    .await
}

/// Whether the server does not know how to read many tasks.
fn is_unknown_call(error: &Error) -> bool {
    is_refused(error) || error.kind == ErrorKind::BadRequest || error.status == Some(501)
}

/// Answers that asking again in the same way will not change.
fn is_refused(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::PermissionDenied | ErrorKind::NotFound)
}
