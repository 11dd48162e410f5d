//! Nothing is paid twice and no task is lost when the process dies.

use crate::common::{Access, any_key, new_scope, store_by_access, with_key, within};
use crate::script::*;
use crate::time::FakeClock;
use evolink_video::client::{Clock, Either, Event, SubmitOptions, race};
use evolink_video::domain::error::{Cause, cause};
use evolink_video::domain::{Charged, Config, ErrorKind, Task, VideoRequest};
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::Poll;

const WAIT_MS: Option<u32> = Some(900_000);
const DAY_MS: u64 = 86_400_000;

/// A map that outlives its clients.
#[derive(Clone)]
struct FakeStore {
    values: Rc<RefCell<BTreeMap<String, String>>>,
    /// How many accesses succeed before every one fails; `None`: all do.
    good: Rc<Cell<Option<u32>>>,
    /// How many of the next writes another process overwrites.
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

fn client(world: &Rc<World>, store: &FakeStore) -> SimulatedClient<FakeStore> {
    world.client().with_store(store.clone())
}

fn key(world: &World, request: usize) -> String {
    let requests = world.requests();
    let mut headers = requests[request].1.headers.iter();
    headers
        .find(|(name, _)| name == "Idempotency-Key")
        .unwrap()
        .1
        .clone()
}

/// Lets a call go as far as it can go at once: it is under way then.
async fn begin(call: &mut (impl Future + Unpin)) {
    assert!(matches!(race(call, async {}).await, Either::Second(())));
}

fn other_request() -> VideoRequest {
    VideoRequest::new("A dog walks")
}

/// A world in which a call died while it was under way.
fn after_a_crash(store: &FakeStore) -> Rc<World> {
    let world = World::new([Reply::Silent, json(200, task("pending", 0))]);
    let client = client(&world, store);
    assert!(
        world
            .run_for(1_000, client.submit(&request(), any_key()))
            .is_none()
    );
    world
}

#[test]
fn the_key_is_kept_before_the_call_and_the_id_after_it() {
    let store = FakeStore::default();
    let world = World::new([json(200, task("pending", 0))]);
    let at_the_call = Rc::new(RefCell::new(String::new()));
    let (seen, values) = (Rc::clone(&at_the_call), Rc::clone(&store.values));
    world.answerer.replace(Some(Box::new(move |_| {
        seen.replace(format!("{:?}", values.borrow()));
        json(200, task("pending", 0))
    })));
    world
        .run(client(&world, &store).submit(&request(), any_key()))
        .unwrap();
    assert!(at_the_call.borrow().contains(&key(&world, 0)));
    let values = store.values.borrow();
    assert_eq!(values.len(), 1, "{values:?}");
    assert_eq!(
        values["evolink-video"],
        format!("task:{TASK_ID} {}\n", 1_700_000_000_050_u64)
    );
}

#[test]
fn neither_the_prompt_nor_an_address_is_kept() {
    let store = FakeStore::default();
    after_a_crash(&store);
    let kept = format!("{:?}", store.values.borrow());
    assert!(kept.contains("evolink-video:call:"));
    assert!(!kept.contains("cat") && !kept.contains("http"), "{kept}");
}

#[test]
fn the_same_request_after_a_crash_takes_up_the_key_and_a_different_one_does_not() {
    let store = FakeStore::default();
    let world = after_a_crash(&store);
    let client = client(&world, &store);
    world.run(client.submit(&other_request(), any_key())).unwrap();
    let submission = world.run(client.submit(&request(), any_key())).unwrap();
    assert_ne!(key(&world, 1), key(&world, 0));
    assert_eq!(key(&world, 2), key(&world, 0));
    assert_eq!(submission.idempotency_key, key(&world, 0));

    // Answered, it is done with: the next one is another order.
    world.run(client.submit(&request(), any_key())).unwrap();
    assert_ne!(key(&world, 3), key(&world, 0));
}

#[test]
fn another_server_is_another_call() {
    let store = FakeStore::default();
    let world = after_a_crash(&store);
    let config = Config {
        base_url: "https://other.example".into(),
        ..Config::default()
    };
    let client = world.client_with(config).with_store(store);
    world.run(client.submit(&request(), any_key())).unwrap();
    assert_ne!(key(&world, 1), key(&world, 0));
}

#[test]
fn a_key_of_the_callers_goes_before_one_that_is_kept() {
    let store = FakeStore::default();
    let world = after_a_crash(&store);
    let own = "my-own-key-0123456789".to_owned();
    world
        .run(client(&world, &store).submit(&request(), with_key(own.clone())))
        .unwrap();
    assert_eq!(key(&world, 1), own);
}

#[test]
fn two_calls_at_once_are_two_orders() {
    let store = FakeStore::default();
    let world = World::new([json(200, task("pending", 0))]);
    let client = client(&world, &store);
    let (one, other) = (request(), request());
    let both = async {
        let mut first = Box::pin(client.submit(&one, any_key()));
        begin(&mut first).await;
        client.submit(&other, any_key()).await.unwrap();
        first.await.unwrap();
    };
    world.run(both);
    assert_ne!(key(&world, 0), key(&world, 1));
}

#[test]
fn a_call_that_asks_again_with_its_own_key_is_not_joined_by_another() {
    let store = FakeStore::default();
    let own = "my-own-key-0123456789";
    // It was under way when the process died, so that the key is written down already.
    let world = World::new([Reply::Silent, json(200, task("pending", 0))]);
    let first = client(&world, &store);
    let died = world.run_for(1_000, first.submit(&request(), with_key(own)));
    assert!(died.is_none());
    let client = client(&world, &store);
    let (one, other) = (request(), request());
    let both = async {
        let mut again = Box::pin(client.submit(&one, with_key(own)));
        begin(&mut again).await;
        client.submit(&other, any_key()).await.unwrap();
        again.await.unwrap();
    };
    world.run(both);
    assert_eq!(key(&world, 1), own);
    assert_ne!(key(&world, 2), own);
}

#[test]
fn of_two_calls_with_one_key_the_abort_of_the_second_leaves_the_first_under_way() {
    let store = FakeStore::default();
    let own = "my-own-key-0123456789";
    let world = World::new([Reply::Silent, Reply::Silent, json(200, task("pending", 0))]);
    let client = client(&world, &store);
    let (one, two, three) = (request(), request(), request());
    let all = async {
        let mut first = Box::pin(client.submit(&one, with_key(own)));
        let mut second = Box::pin(client.submit(&two, with_key(own)));
        begin(&mut first).await;
        begin(&mut second).await;
        // Aborted, so that the key stays written down.
        drop(second);
        client.submit(&three, any_key()).await.unwrap();
        drop(first);
    };
    world.run(all);
    assert_eq!((key(&world, 0), key(&world, 1)), (own.into(), own.into()));
    assert_ne!(key(&world, 2), own);
}

#[test]
fn many_calls_at_once_over_a_store_that_takes_its_time_all_go_out_and_none_is_lost() {
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
    let world = World::new([]);
    let mut count = 0;
    world.answerer.replace(Some(Box::new(move |_| {
        count += 1;
        let mut task = task("pending", 0);
        task["id"] = json!(format!("task-{count}"));
        json(200, task)
    })));
    let client = world.client().with_store(Slow {
        store: store.clone(),
        host: world.host(),
        scope: store.scope,
    });
    let requests: Vec<VideoRequest> = (0..12).map(|n| VideoRequest::new(format!("Cat {n}"))).collect();
    let mut calls: Vec<_> = requests
        .iter()
        .map(|request| Some(Box::pin(client.submit(request, any_key()))))
        .collect();
    world.run(poll_fn(|context| {
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
fn what_was_refused_is_forgotten_and_what_may_be_charged_is_not() {
    for (reply, charged, kept) in [
        (json(400, refusal("bad")), Charged::No, 0),
        (json(402, refusal("insufficient_quota")), Charged::No, 0),
        (json(500, refusal("oops")), Charged::Unknown, 2),
        (Reply::Broken(5), Charged::Unknown, 2),
        (text(200, "<html>"), Charged::Unknown, 2),
    ] {
        let store = FakeStore::default();
        let world = World::new([reply]);
        let error = world
            .run(client(&world, &store).submit(&request(), any_key()))
            .unwrap_err();
        assert_eq!(error.charged, charged);
        assert_eq!(store.values.borrow().len(), kept, "{}", error.message);
    }
}

#[test]
fn a_refusal_after_an_attempt_without_an_answer_is_no_proof_that_nothing_was_charged() {
    let store = FakeStore::default();
    let world = World::new([Reply::Broken(5), json(402, refusal("insufficient_quota"))]);
    let error = world
        .run(client(&world, &store).submit(&request(), any_key()))
        .unwrap_err();
    assert_eq!(
        (error.kind, error.charged),
        (ErrorKind::OutcomeUnknown, Charged::Unknown)
    );
    assert_eq!(store.values.borrow().len(), 2);
}

#[test]
fn a_refusal_of_a_repeated_call_is_no_proof_that_the_first_one_was_not_charged() {
    for own in [false, true] {
        let store = FakeStore::default();
        // The same world: another would draw the same key again.
        let world = after_a_crash(&store);
        let first = key(&world, 0);
        let mut answers = vec![
            json(200, task("pending", 0)),
            json(402, refusal("insufficient_quota")),
        ];
        let answerer: Answerer = Box::new(move |_| answers.pop().unwrap());
        world.answerer.replace(Some(answerer));
        let client = client(&world, &store);
        let error = world
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
        world.run(client.submit(&request(), any_key())).unwrap();
        assert_eq!((key(&world, 1), key(&world, 2)), (first.clone(), first));
    }
}

#[test]
fn a_repeated_call_that_brings_a_final_task_leaves_it_to_resume_should_the_process_die() {
    let store = FakeStore::default();
    after_a_crash(&store);
    let world = World::new([
        json(200, task("completed", 100)),
        json(200, json!({ "data": [task("completed", 100)] })),
    ]);
    world
        .run(client(&world, &store).submit(&request(), any_key()))
        .unwrap();
    let tasks = world
        .run(client(&world, &store).resume(within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert_eq!(tasks.len(), 1);
    assert!(store.values.borrow().is_empty());
}

#[test]
fn resume_goes_on_with_every_task_and_forgets_those_that_are_final() {
    let store = FakeStore::default();
    let world = World::new([json(200, task("pending", 0))]);
    world
        .run(client(&world, &store).submit(&request(), any_key()))
        .unwrap();

    let next = World::new([
        json(200, json!({ "data": [task("processing", 50)] })),
        json(200, json!({ "data": [task("completed", 100)] })),
    ]);
    let mut told = Vec::new();
    let mut update = |task: &Task, _: &_| told.push(task.status.as_str().to_owned());
    let tasks = next
        .run(client(&next, &store).resume(within(WAIT_MS), &mut update))
        .unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(told, ["processing", "completed"]);
    assert_eq!(store.values.borrow().len(), 0);
    let again = client(&next, &store);
    assert!(
        next.run(again.resume(within(WAIT_MS), |_, _| {}))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn generate_leaves_nothing_behind() {
    let store = FakeStore::default();
    let world = World::new([json(200, task("pending", 0)), json(200, task("completed", 100))]);
    world
        .run(client(&world, &store).generate(&request(), any_key(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert_eq!(store.values.borrow().len(), 0);
}

#[test]
fn a_task_that_nobody_knows_any_more_is_told_once_and_forgotten() {
    let store = FakeStore::default();
    let kept = format!("task:{TASK_ID} {}\n", 1_700_000_000_000_u64);
    store.values.borrow_mut().insert("evolink-video".into(), kept);
    let world = World::new([
        json(200, json!({ "data": [] })),
        json(404, refusal("task_not_found")),
    ]);
    let error = world
        .run(client(&world, &store).resume(within(WAIT_MS), |_, _| {}))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(store.values.borrow().len(), 0);
}

#[test]
fn entries_go_after_24_hours() {
    let store = FakeStore::default();
    let world = after_a_crash(&store);
    world.advance(DAY_MS);
    world
        .run(client(&world, &store).submit(&other_request(), any_key()))
        .unwrap();
    let values = store.values.borrow();
    assert_eq!(values.len(), 1, "{values:?}");
    assert!(values["evolink-video"].starts_with("task:") && values["evolink-video"].lines().count() == 1);
}

#[test]
fn a_store_that_fails_before_the_call_stops_it_and_after_it_does_not() {
    for good in 0..6 {
        let store = FakeStore::default();
        store.good.set(Some(good));
        let world = World::new([json(200, task("pending", 0))]);
        let error = world
            .run(client(&world, &store).submit(&request(), any_key()))
            .unwrap_err();
        assert_eq!(
            (error.kind, error.code.as_str()),
            (ErrorKind::Configuration, "store_failed")
        );
        assert_eq!((error.charged, world.requests().len()), (Charged::No, 0));
        assert!(error.cause.is_some());
    }
    let store = FakeStore::default();
    store.good.set(Some(9));
    let world = World::new([json(200, task("pending", 0))]);
    world
        .run(client(&world, &store).submit(&request(), any_key()))
        .unwrap();
    let events = world.events.borrow();
    let failed = |event: &Event| matches!(event, Event::Failure { code, .. } if code == "store_failed");
    assert!(events.iter().any(failed), "{events:?}");
}

#[test]
fn what_another_process_wrote_over_is_written_again_and_what_it_wrote_is_kept() {
    for (others, fine) in [(4, true), (5, false)] {
        let store = FakeStore::default();
        store.overwrites.set(others);
        let world = World::new([Reply::Silent]);
        let client = client(&world, &store);
        let ended = world.run_for(1_000, client.submit(&request(), any_key()));
        assert_eq!(ended.is_none(), fine);
        let values = store.values.borrow();
        assert_eq!(values["evolink-video"].lines().count(), if fine { 2 } else { 1 });
        assert_eq!(world.requests().len(), usize::from(fine));
    }
}

#[test]
fn a_store_that_never_answers_is_told() {
    let world = World::new([]);
    struct Mute {
        scope: u64,
    }
    impl Mute {
        async fn access(&self, _: Access<'_>) -> Result<Option<String>, Cause> {
            std::future::pending().await
        }
    }
    store_by_access!(Mute);
    let error = world
        .run(
            world
                .client()
                .with_store(Mute { scope: new_scope() })
                .submit(&request(), any_key()),
        )
        .unwrap_err();
    assert_eq!((error.code.as_str(), world.elapsed()), ("store_failed", 60_000));
}

#[test]
fn without_a_store_there_is_nothing_to_resume() {
    let world = World::new([]);
    let error = world
        .run(world.client().resume(within(WAIT_MS), |_, _| {}))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert!(error.message.contains("store"));
}
