//! Calls with a store: after a crash, no call is charged twice and no task is lost.

use crate::common::{Access, any_key, new_scope, store_by_access, with_key, within};
use crate::script::*;
use crate::time::FakeClock;
use evolink_video::client::{Clock, Either, Event, SubmitOptions, race};
use evolink_video::domain::{Cause, cause};
use evolink_video::domain::{Charged, Config, ErrorKind, Task, VideoRequest};
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::Poll;

const WAIT_MS: Option<u32> = Some(900_000);
const DAY_MS: u64 = 86_400_000;

/// A store that several clients share.
#[derive(Clone)]
struct FakeStore {
    values: Rc<RefCell<BTreeMap<String, String>>>,
    /// The number of accesses before all fail, or `None` if none fails.
    good: Rc<Cell<Option<u32>>>,
    /// The number of next writes that another process overwrites.
    overwrites: Rc<Cell<u32>>,
    scope: u64,
}

impl Default for FakeStore {
    fn default() -> Self {
        Self {
            values: Rc::default(),
            good: Rc::default(),
            overwrites: Rc::default(),
            scope: new_scope(),
        }
    }
}

impl FakeStore {
    async fn access(&self, access: Access<'_>) -> Result<Option<String>, Cause> {
        if let Some(left) = self.good.get() {
            if left == 0 {
                return Err(cause("the disk is full"));
            }
            self.good.set(Some(left - 1));
        }
        let mut values = self.values.borrow_mut();
        Ok(match access {
            Access::Get(key) => values.get(key).cloned(),
            Access::Set(key, value) => {
                let value = match self.overwrites.get() {
                    0 => value.to_owned(),
                    left => {
                        self.overwrites.set(left - 1);
                        format!("call:of-another-{left} 1700000000000\n")
                    }
                };
                values.insert(key.into(), value)
            }
            Access::Remove(key) => values.remove(key),
        })
    }
}

store_by_access!(FakeStore);

fn client(simulation: &Rc<Simulation>, store: &FakeStore) -> SimulatedClient<FakeStore> {
    simulation.client().with_store(store.clone())
}

fn key(simulation: &Simulation, request: usize) -> String {
    let requests = simulation.requests();
    let mut headers = requests[request].1.headers.iter();
    headers
        .find(|(name, _)| name == "Idempotency-Key")
        .unwrap()
        .1
        .clone()
}

/// Polls a call once, so that it is pending.
async fn begin(call: &mut (impl Future + Unpin)) {
    assert!(matches!(race(call, async {}).await, Either::Second(())));
}

fn other_request() -> VideoRequest {
    VideoRequest::new("A dog walks")
}

/// A simulation in which a process crashed during a call.
fn after_a_crash(store: &FakeStore) -> Rc<Simulation> {
    let simulation = Simulation::new([Reply::Silent, json(200, task("pending", 0))]);
    let client = client(&simulation, store);
    assert!(
        simulation
            .run_for(1_000, client.submit(&request(), any_key()))
            .is_none()
    );
    simulation
}

#[test]
fn stores_the_key_before_the_call_and_the_id_after_it() {
    let store = FakeStore::default();
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let at_the_call = Rc::new(RefCell::new(String::new()));
    let (seen, values) = (Rc::clone(&at_the_call), Rc::clone(&store.values));
    simulation.answerer.replace(Some(Box::new(move |_| {
        seen.replace(format!("{:?}", values.borrow()));
        json(200, task("pending", 0))
    })));
    simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap();
    assert!(at_the_call.borrow().contains(&key(&simulation, 0)));
    let values = store.values.borrow();
    assert_eq!(values.len(), 1, "{values:?}");
    assert_eq!(
        values["evolink-video"],
        format!("task:{TASK_ID} {}\n", 1_700_000_000_050_u64)
    );
}

#[test]
fn stores_neither_the_prompt_nor_urls() {
    let store = FakeStore::default();
    after_a_crash(&store);
    let kept = format!("{:?}", store.values.borrow());
    assert!(kept.contains("evolink-video:call:"));
    assert!(!kept.contains("cat") && !kept.contains("http"), "{kept}");
}

#[test]
fn only_the_same_request_reuses_the_key_after_a_crash() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    let client = client(&simulation, &store);
    simulation
        .run(client.submit(&other_request(), any_key()))
        .unwrap();
    let submission = simulation.run(client.submit(&request(), any_key())).unwrap();
    assert_ne!(key(&simulation, 1), key(&simulation, 0));
    assert_eq!(key(&simulation, 2), key(&simulation, 0));
    assert_eq!(submission.idempotency_key, key(&simulation, 0));

    // After a response, the next call is a new one.
    simulation.run(client.submit(&request(), any_key())).unwrap();
    assert_ne!(key(&simulation, 3), key(&simulation, 0));
}

#[test]
fn does_not_reuse_the_key_for_another_server() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    let config = Config {
        base_url: "https://other.example".into(),
        ..Config::default()
    };
    let client = simulation.client_with(config).with_store(store);
    simulation.run(client.submit(&request(), any_key())).unwrap();
    assert_ne!(key(&simulation, 1), key(&simulation, 0));
}

#[test]
fn the_callers_key_takes_precedence_over_a_stored_one() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    let own = "my-own-key-0123456789".to_owned();
    simulation
        .run(client(&simulation, &store).submit(&request(), with_key(own.clone())))
        .unwrap();
    assert_eq!(key(&simulation, 1), own);
}

#[test]
fn concurrent_calls_have_separate_keys() {
    let store = FakeStore::default();
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let client = client(&simulation, &store);
    let (one, other) = (request(), request());
    let both = async {
        let mut first = Box::pin(client.submit(&one, any_key()));
        begin(&mut first).await;
        client.submit(&other, any_key()).await.unwrap();
        first.await.unwrap();
    };
    simulation.run(both);
    assert_ne!(key(&simulation, 0), key(&simulation, 1));
}

#[test]
fn a_call_does_not_reuse_the_key_of_a_pending_retry() {
    let store = FakeStore::default();
    let own = "my-own-key-0123456789";
    // The process crashed during a call with this key, so the key is stored.
    let simulation = Simulation::new([Reply::Silent, json(200, task("pending", 0))]);
    let first = client(&simulation, &store);
    let result = simulation.run_for(1_000, first.submit(&request(), with_key(own)));
    assert!(result.is_none());
    let client = client(&simulation, &store);
    let (one, other) = (request(), request());
    let both = async {
        let mut again = Box::pin(client.submit(&one, with_key(own)));
        begin(&mut again).await;
        client.submit(&other, any_key()).await.unwrap();
        again.await.unwrap();
    };
    simulation.run(both);
    assert_eq!(key(&simulation, 1), own);
    assert_ne!(key(&simulation, 2), own);
}

#[test]
fn aborting_one_of_two_calls_with_the_same_key_keeps_the_other_pending() {
    let store = FakeStore::default();
    let own = "my-own-key-0123456789";
    let simulation = Simulation::new([Reply::Silent, Reply::Silent, json(200, task("pending", 0))]);
    let client = client(&simulation, &store);
    let (one, two, three) = (request(), request(), request());
    let all = async {
        let mut first = Box::pin(client.submit(&one, with_key(own)));
        let mut second = Box::pin(client.submit(&two, with_key(own)));
        begin(&mut first).await;
        begin(&mut second).await;
        // Aborted, so that the key remains stored.
        drop(second);
        client.submit(&three, any_key()).await.unwrap();
        drop(first);
    };
    simulation.run(all);
    assert_eq!(
        (key(&simulation, 0), key(&simulation, 1)),
        (own.into(), own.into())
    );
    assert_ne!(key(&simulation, 2), own);
}

#[test]
fn many_concurrent_calls_over_a_slow_store_are_all_sent_and_stored() {
    struct Slow {
        store: FakeStore,
        host: FakeClock,
        scope: u64,
    }
    impl Slow {
        async fn access(&self, access: Access<'_>) -> Result<Option<String>, Cause> {
            self.host.sleep((self.host.random() * 50.0) as u32).await;
            self.store.access(access).await
        }
    }
    store_by_access!(Slow);
    let store = FakeStore::default();
    let simulation = Simulation::new([]);
    let mut count = 0;
    simulation.answerer.replace(Some(Box::new(move |_| {
        count += 1;
        let mut task = task("pending", 0);
        task["id"] = json!(format!("task-{count}"));
        json(200, task)
    })));
    let client = simulation.client().with_store(Slow {
        store: store.clone(),
        host: simulation.clock(),
        scope: store.scope,
    });
    let requests: Vec<VideoRequest> = (0..12).map(|n| VideoRequest::new(format!("Cat {n}"))).collect();
    let mut calls: Vec<_> = requests
        .iter()
        .map(|request| Some(Box::pin(client.submit(request, any_key()))))
        .collect();
    simulation.run(poll_fn(|context| {
        for call in &mut calls {
            if let Some(running) = call
                && let Poll::Ready(outcome) = running.as_mut().poll(context)
            {
                outcome.unwrap();
                *call = None;
            }
        }
        match calls.iter().all(Option::is_none) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }));
    let values = store.values.borrow();
    assert_eq!(values.len(), 1, "{values:?}");
    assert_eq!(values["evolink-video"].lines().count(), 12);
}

#[test]
fn removes_rejected_calls_and_keeps_calls_that_may_be_charged() {
    for (reply, charged, kept) in [
        (json(400, refusal("bad")), Charged::No, 0),
        (json(402, refusal("insufficient_quota")), Charged::No, 0),
        (json(500, refusal("oops")), Charged::Unknown, 2),
        (Reply::Broken(5), Charged::Unknown, 2),
        (text(200, "<html>"), Charged::Unknown, 2),
    ] {
        let store = FakeStore::default();
        let simulation = Simulation::new([reply]);
        let error = simulation
            .run(client(&simulation, &store).submit(&request(), any_key()))
            .unwrap_err();
        assert_eq!(error.charged, charged);
        assert_eq!(store.values.borrow().len(), kept, "{}", error.message);
    }
}

#[test]
fn a_rejection_after_an_unanswered_attempt_keeps_the_outcome_unknown() {
    let store = FakeStore::default();
    let simulation = Simulation::new([Reply::Broken(5), json(402, refusal("insufficient_quota"))]);
    let error = simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap_err();
    assert_eq!(
        (error.kind, error.charged),
        (ErrorKind::OutcomeUnknown, Charged::Unknown)
    );
    assert_eq!(store.values.borrow().len(), 2);
}

#[test]
fn a_rejected_repetition_keeps_the_outcome_of_the_first_call_unknown() {
    for own in [false, true] {
        let store = FakeStore::default();
        // The same simulation, because another would generate the same key.
        let simulation = after_a_crash(&store);
        let first = key(&simulation, 0);
        let mut answers = vec![
            json(200, task("pending", 0)),
            json(402, refusal("insufficient_quota")),
        ];
        let answerer: Answerer = Box::new(move |_| answers.pop().unwrap());
        simulation.answerer.replace(Some(answerer));
        let client = client(&simulation, &store);
        let error = simulation
            .run(client.submit(
                &request(),
                SubmitOptions {
                    idempotency_key: own.then(|| first.clone()),
                    ..SubmitOptions::default()
                },
            ))
            .unwrap_err();
        assert_eq!(
            (error.kind, error.charged),
            (ErrorKind::OutcomeUnknown, Charged::Unknown)
        );
        simulation.run(client.submit(&request(), any_key())).unwrap();
        assert_eq!((key(&simulation, 1), key(&simulation, 2)), (first.clone(), first));
    }
}

#[test]
fn a_final_task_from_a_repeated_call_can_be_resumed_after_a_crash() {
    let store = FakeStore::default();
    after_a_crash(&store);
    let simulation = Simulation::new([
        json(200, task("completed", 100)),
        json(200, json!({ "data": [task("completed", 100)] })),
    ]);
    simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap();
    let tasks = simulation
        .run(client(&simulation, &store).resume(within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert_eq!(tasks.len(), 1);
    assert!(store.values.borrow().is_empty());
}

#[test]
fn resume_continues_every_task_and_removes_final_ones() {
    let store = FakeStore::default();
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap();

    let next = Simulation::new([
        json(200, json!({ "data": [task("processing", 50)] })),
        json(200, json!({ "data": [task("completed", 100)] })),
    ]);
    let mut statuses = Vec::new();
    let mut update = |task: &Task, _: &_| statuses.push(task.status.as_str().to_owned());
    let tasks = next
        .run(client(&next, &store).resume(within(WAIT_MS), &mut update))
        .unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(statuses, ["processing", "completed"]);
    assert_eq!(store.values.borrow().len(), 0);
    let again = client(&next, &store);
    assert!(
        next.run(again.resume(within(WAIT_MS), |_, _| {}))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn generate_leaves_no_entries_in_the_store() {
    let store = FakeStore::default();
    let simulation = Simulation::new([json(200, task("pending", 0)), json(200, task("completed", 100))]);
    simulation
        .run(client(&simulation, &store).generate(&request(), any_key(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert_eq!(store.values.borrow().len(), 0);
}

#[test]
fn reports_an_unknown_task_once_and_removes_it() {
    let store = FakeStore::default();
    let kept = format!("task:{TASK_ID} {}\n", 1_700_000_000_000_u64);
    store.values.borrow_mut().insert("evolink-video".into(), kept);
    let simulation = Simulation::new([
        json(200, json!({ "data": [] })),
        json(404, refusal("task_not_found")),
    ]);
    let error = simulation
        .run(client(&simulation, &store).resume(within(WAIT_MS), |_, _| {}))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(store.values.borrow().len(), 0);
}

#[test]
fn entries_expire_after_24_hours() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    simulation.advance(DAY_MS);
    simulation
        .run(client(&simulation, &store).submit(&other_request(), any_key()))
        .unwrap();
    let values = store.values.borrow();
    assert_eq!(values.len(), 1, "{values:?}");
    assert!(values["evolink-video"].starts_with("task:") && values["evolink-video"].lines().count() == 1);
}

#[test]
fn a_store_failure_before_the_call_prevents_it_and_one_after_it_is_ignored() {
    for good in 0..6 {
        let store = FakeStore::default();
        store.good.set(Some(good));
        let simulation = Simulation::new([json(200, task("pending", 0))]);
        let error = simulation
            .run(client(&simulation, &store).submit(&request(), any_key()))
            .unwrap_err();
        assert_eq!(
            (error.kind, error.code.as_str()),
            (ErrorKind::Configuration, "store_failed")
        );
        assert_eq!((error.charged, simulation.requests().len()), (Charged::No, 0));
        assert!(error.cause.is_some());
    }
    let store = FakeStore::default();
    store.good.set(Some(9));
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap();
    let events = simulation.events.borrow();
    let failed = |event: &Event| matches!(event, Event::Failure { code, .. } if code == "store_failed");
    assert!(events.iter().any(failed), "{events:?}");
}

#[test]
fn rewrites_overwritten_entries_and_keeps_those_of_other_processes() {
    for (others, fine) in [(4, true), (5, false)] {
        let store = FakeStore::default();
        store.overwrites.set(others);
        let simulation = Simulation::new([Reply::Silent]);
        let client = client(&simulation, &store);
        let ended = simulation.run_for(1_000, client.submit(&request(), any_key()));
        assert_eq!(ended.is_none(), fine);
        let values = store.values.borrow();
        assert_eq!(values["evolink-video"].lines().count(), if fine { 2 } else { 1 });
        assert_eq!(simulation.requests().len(), usize::from(fine));
    }
}

#[test]
fn a_hanging_store_is_an_error() {
    let simulation = Simulation::new([]);
    struct Mute {
        scope: u64,
    }
    impl Mute {
        async fn access(&self, _: Access<'_>) -> Result<Option<String>, Cause> {
            std::future::pending().await
        }
    }
    store_by_access!(Mute);
    let error = simulation
        .run(
            simulation
                .client()
                .with_store(Mute { scope: new_scope() })
                .submit(&request(), any_key()),
        )
        .unwrap_err();
    assert_eq!(
        (error.code.as_str(), simulation.elapsed()),
        ("store_failed", 60_000)
    );
}

#[test]
fn resume_without_a_store_returns_no_tasks() {
    let simulation = Simulation::new([]);
    let error = simulation
        .run(simulation.client().resume(within(WAIT_MS), |_, _| {}))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert!(error.message.contains("store"));
}
