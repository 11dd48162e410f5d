//! Nothing is paid twice and no task is lost when the process dies.

use crate::script::*;
use crate::time::Host;
use evolink_video::client::{Access, Accessed, Clock, Either, Event, Store, race};
use evolink_video::domain::error::Cause;
use evolink_video::domain::{Charged, Config, ErrorKind, Task, Value, VideoRequest};
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::Poll;

const WAIT_MS: Option<u32> = Some(900_000);
const DAY_MS: u64 = 86_400_000;

/// A map that outlives its clients.
#[derive(Clone, Default)]
struct Shelf {
    texts: Rc<RefCell<BTreeMap<String, String>>>,
    /// How many accesses succeed before every one fails; `None`: all do.
    good: Rc<Cell<Option<u32>>>,
    /// How many of the writes another process writes over.
    others: Rc<Cell<u32>>,
}

impl Store for Shelf {
    fn access<'a>(&'a self, access: Access<'a>) -> Accessed<'a> {
        Box::pin(async move {
            if let Some(left) = self.good.get() {
                if left == 0 {
                    return Err(Rc::new("the disk is full") as Cause);
                }
                self.good.set(Some(left - 1));
            }
            let mut texts = self.texts.borrow_mut();
            Ok(match access {
                Access::Get(name) => texts.get(name).cloned(),
                Access::Set(name, text) => {
                    let text = match self.others.get() {
                        0 => text.to_owned(),
                        left => {
                            self.others.set(left - 1);
                            format!("call:of-another-{left} 1700000000000\n")
                        }
                    };
                    texts.insert(name.into(), text);
                    None
                }
                Access::Delete(name) => texts.remove(name),
            })
        })
    }
}

fn client(world: &Rc<World>, shelf: &Shelf) -> SimulatedClient {
    world.client().with_store(shelf.clone())
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

fn other_request() -> Value {
    VideoRequest::new("A dog walks").into()
}

/// A world in which a call died while it was under way.
fn after_a_crash(shelf: &Shelf) -> Rc<World> {
    let world = World::new([Reply::Silent, json(200, task("pending", 0))]);
    let client = client(&world, shelf);
    assert!(world.run_for(1_000, client.submit(&request(), None)).is_none());
    world
}

#[test]
fn the_key_is_kept_before_the_call_and_the_id_after_it() {
    let shelf = Shelf::default();
    let world = World::new([json(200, task("pending", 0))]);
    let at_the_call = Rc::new(RefCell::new(String::new()));
    let (seen, texts) = (Rc::clone(&at_the_call), Rc::clone(&shelf.texts));
    world.answerer.replace(Some(Box::new(move |_| {
        seen.replace(format!("{:?}", texts.borrow()));
        json(200, task("pending", 0))
    })));
    world
        .run(client(&world, &shelf).submit(&request(), None))
        .unwrap();
    assert!(at_the_call.borrow().contains(&key(&world, 0)));
    let texts = shelf.texts.borrow();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(
        texts["evolink-video"],
        format!("task:{TASK_ID} {}\n", 1_700_000_000_050_u64)
    );
}

#[test]
fn neither_the_prompt_nor_an_address_is_kept() {
    let shelf = Shelf::default();
    after_a_crash(&shelf);
    let kept = format!("{:?}", shelf.texts.borrow());
    assert!(kept.contains("evolink-video:call:"));
    assert!(!kept.contains("cat") && !kept.contains("http"), "{kept}");
}

#[test]
fn the_same_request_after_a_crash_takes_up_the_key_and_a_different_one_does_not() {
    let shelf = Shelf::default();
    let world = after_a_crash(&shelf);
    let client = client(&world, &shelf);
    world.run(client.submit(&other_request(), None)).unwrap();
    let submission = world.run(client.submit(&request(), None)).unwrap();
    assert_ne!(key(&world, 1), key(&world, 0));
    assert_eq!(key(&world, 2), key(&world, 0));
    assert_eq!(submission.idempotency_key, key(&world, 0));

    // Answered, it is done with: the next one is another order.
    world.run(client.submit(&request(), None)).unwrap();
    assert_ne!(key(&world, 3), key(&world, 0));
}

#[test]
fn another_server_is_another_call() {
    let shelf = Shelf::default();
    let world = after_a_crash(&shelf);
    let config = Config {
        base_url: "https://other.example".into(),
        ..Config::default()
    };
    let client = world.client_with(config).with_store(shelf);
    world.run(client.submit(&request(), None)).unwrap();
    assert_ne!(key(&world, 1), key(&world, 0));
}

#[test]
fn a_key_of_the_callers_goes_before_one_that_is_kept() {
    let shelf = Shelf::default();
    let world = after_a_crash(&shelf);
    let own = "my-own-key-0123456789".to_owned();
    world
        .run(client(&world, &shelf).submit(&request(), Some(own.clone())))
        .unwrap();
    assert_eq!(key(&world, 1), own);
}

#[test]
fn two_calls_at_once_are_two_orders() {
    let shelf = Shelf::default();
    let world = World::new([json(200, task("pending", 0))]);
    let client = client(&world, &shelf);
    let (one, other) = (request(), request());
    let both = async {
        let mut first = Box::pin(client.submit(&one, None));
        begin(&mut first).await;
        client.submit(&other, None).await.unwrap();
        first.await.unwrap();
    };
    world.run(both);
    assert_ne!(key(&world, 0), key(&world, 1));
}

#[test]
fn a_call_that_asks_again_with_its_own_key_is_not_joined_by_another() {
    let shelf = Shelf::default();
    let own = "my-own-key-0123456789";
    // It was under way when the process died, so that the key is written down already.
    let world = World::new([Reply::Silent, json(200, task("pending", 0))]);
    let first = client(&world, &shelf);
    let died = world.run_for(1_000, first.submit(&request(), Some(own.into())));
    assert!(died.is_none());
    let client = client(&world, &shelf);
    let (one, other) = (request(), request());
    let both = async {
        let mut again = Box::pin(client.submit(&one, Some(own.into())));
        begin(&mut again).await;
        client.submit(&other, None).await.unwrap();
        again.await.unwrap();
    };
    world.run(both);
    assert_eq!(key(&world, 1), own);
    assert_ne!(key(&world, 2), own);
}

#[test]
fn of_two_calls_with_one_key_the_abort_of_the_second_leaves_the_first_under_way() {
    let shelf = Shelf::default();
    let own = "my-own-key-0123456789";
    let world = World::new([Reply::Silent, Reply::Silent, json(200, task("pending", 0))]);
    let client = client(&world, &shelf);
    let (one, two, three) = (request(), request(), request());
    let all = async {
        let mut first = Box::pin(client.submit(&one, Some(own.into())));
        let mut second = Box::pin(client.submit(&two, Some(own.into())));
        begin(&mut first).await;
        begin(&mut second).await;
        // Aborted, so that the key stays written down.
        drop(second);
        client.submit(&three, None).await.unwrap();
        drop(first);
    };
    world.run(all);
    assert_eq!((key(&world, 0), key(&world, 1)), (own.into(), own.into()));
    assert_ne!(key(&world, 2), own);
}

#[test]
fn many_calls_at_once_over_a_store_that_takes_its_time_all_go_out_and_none_is_lost() {
    struct Slow(Shelf, Host);
    impl Store for Slow {
        fn access<'a>(&'a self, access: Access<'a>) -> Accessed<'a> {
            Box::pin(async move {
                self.1.sleep((self.1.random() * 50.0) as u32).await;
                self.0.access(access).await
            })
        }
    }
    let shelf = Shelf::default();
    let world = World::new([]);
    let mut count = 0;
    world.answerer.replace(Some(Box::new(move |_| {
        count += 1;
        let mut task = task("pending", 0);
        task["id"] = json!(format!("task-{count}"));
        json(200, task)
    })));
    let client = world.client().with_store(Slow(shelf.clone(), world.host()));
    let requests: Vec<Value> = (0..12)
        .map(|n| VideoRequest::new(format!("Cat {n}")).into())
        .collect();
    let mut calls: Vec<_> = requests
        .iter()
        .map(|request| Some(Box::pin(client.submit(request, None))))
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
    let texts = shelf.texts.borrow();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(texts["evolink-video"].lines().count(), 12);
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
        let shelf = Shelf::default();
        let world = World::new([reply]);
        let error = world
            .run(client(&world, &shelf).submit(&request(), None))
            .unwrap_err();
        assert_eq!(error.charged, charged);
        assert_eq!(shelf.texts.borrow().len(), kept, "{}", error.message);
    }
}

#[test]
fn a_refusal_after_an_attempt_without_an_answer_is_no_proof_that_nothing_was_charged() {
    let shelf = Shelf::default();
    let world = World::new([Reply::Broken(5), json(402, refusal("insufficient_quota"))]);
    let error = world
        .run(client(&world, &shelf).submit(&request(), None))
        .unwrap_err();
    assert_eq!(
        (error.kind, error.charged),
        (ErrorKind::OutcomeUnknown, Charged::Unknown)
    );
    assert_eq!(shelf.texts.borrow().len(), 2);
}

#[test]
fn a_refusal_of_a_repeated_call_is_no_proof_that_the_first_one_was_not_charged() {
    for own in [false, true] {
        let shelf = Shelf::default();
        // The same world: another would draw the same key again.
        let world = after_a_crash(&shelf);
        let first = key(&world, 0);
        let mut answers = vec![
            json(200, task("pending", 0)),
            json(402, refusal("insufficient_quota")),
        ];
        let answerer: Answerer = Box::new(move |_| answers.pop().unwrap());
        world.answerer.replace(Some(answerer));
        let client = client(&world, &shelf);
        let error = world
            .run(client.submit(&request(), own.then(|| first.clone())))
            .unwrap_err();
        assert_eq!(
            (error.kind, error.charged),
            (ErrorKind::OutcomeUnknown, Charged::Unknown)
        );
        world.run(client.submit(&request(), None)).unwrap();
        assert_eq!((key(&world, 1), key(&world, 2)), (first.clone(), first));
    }
}

#[test]
fn a_repeated_call_that_brings_a_final_task_leaves_it_to_resume_should_the_process_die() {
    let shelf = Shelf::default();
    after_a_crash(&shelf);
    let world = World::new([
        json(200, task("completed", 100)),
        json(200, json!({ "data": [task("completed", 100)] })),
    ]);
    world
        .run(client(&world, &shelf).submit(&request(), None))
        .unwrap();
    let tasks = world
        .run(client(&world, &shelf).resume(WAIT_MS, &mut |_, _| {}))
        .unwrap();
    assert_eq!(tasks.len(), 1);
    assert!(shelf.texts.borrow().is_empty());
}

#[test]
fn resume_goes_on_with_every_task_and_forgets_those_that_are_final() {
    let shelf = Shelf::default();
    let world = World::new([json(200, task("pending", 0))]);
    world
        .run(client(&world, &shelf).submit(&request(), None))
        .unwrap();

    let next = World::new([
        json(200, json!({ "data": [task("processing", 50)] })),
        json(200, json!({ "data": [task("completed", 100)] })),
    ]);
    let mut told = Vec::new();
    let mut update = |task: &Task, _: &_| told.push(task.status.as_str().to_owned());
    let tasks = next
        .run(client(&next, &shelf).resume(WAIT_MS, &mut update))
        .unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(told, ["processing", "completed"]);
    assert_eq!(shelf.texts.borrow().len(), 0);
    let again = client(&next, &shelf);
    assert!(
        next.run(again.resume(WAIT_MS, &mut |_, _| {}))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn generate_leaves_nothing_behind() {
    let shelf = Shelf::default();
    let world = World::new([json(200, task("pending", 0)), json(200, task("completed", 100))]);
    world
        .run(client(&world, &shelf).generate(&request(), None, WAIT_MS, &mut |_, _| {}))
        .unwrap();
    assert_eq!(shelf.texts.borrow().len(), 0);
}

#[test]
fn a_task_that_nobody_knows_any_more_is_told_once_and_forgotten() {
    let shelf = Shelf::default();
    let kept = format!("task:{TASK_ID} {}\n", 1_700_000_000_000_u64);
    shelf.texts.borrow_mut().insert("evolink-video".into(), kept);
    let world = World::new([
        json(200, json!({ "data": [] })),
        json(404, refusal("task_not_found")),
    ]);
    let error = world
        .run(client(&world, &shelf).resume(WAIT_MS, &mut |_, _| {}))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(shelf.texts.borrow().len(), 0);
}

#[test]
fn entries_go_after_24_hours() {
    let shelf = Shelf::default();
    let world = after_a_crash(&shelf);
    world.advance(DAY_MS);
    world
        .run(client(&world, &shelf).submit(&other_request(), None))
        .unwrap();
    let texts = shelf.texts.borrow();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts["evolink-video"].starts_with("task:") && texts["evolink-video"].lines().count() == 1);
}

#[test]
fn a_store_that_fails_before_the_call_stops_it_and_after_it_does_not() {
    for good in 0..6 {
        let shelf = Shelf::default();
        shelf.good.set(Some(good));
        let world = World::new([json(200, task("pending", 0))]);
        let error = world
            .run(client(&world, &shelf).submit(&request(), None))
            .unwrap_err();
        assert_eq!(
            (error.kind, error.code.as_str()),
            (ErrorKind::Configuration, "store_failed")
        );
        assert_eq!((error.charged, world.requests().len()), (Charged::No, 0));
        assert!(error.cause.is_some());
    }
    let shelf = Shelf::default();
    shelf.good.set(Some(9));
    let world = World::new([json(200, task("pending", 0))]);
    world
        .run(client(&world, &shelf).submit(&request(), None))
        .unwrap();
    let events = world.events.borrow();
    let failed = |event: &Event| matches!(event, Event::Failure { code, .. } if code == "store_failed");
    assert!(events.iter().any(failed), "{events:?}");
}

#[test]
fn what_another_process_wrote_over_is_written_again_and_what_it_wrote_is_kept() {
    for (others, fine) in [(4, true), (5, false)] {
        let shelf = Shelf::default();
        shelf.others.set(others);
        let world = World::new([Reply::Silent]);
        let client = client(&world, &shelf);
        let ended = world.run_for(1_000, client.submit(&request(), None));
        assert_eq!(ended.is_none(), fine);
        let texts = shelf.texts.borrow();
        assert_eq!(texts["evolink-video"].lines().count(), if fine { 2 } else { 1 });
        assert_eq!(world.requests().len(), usize::from(fine));
    }
}

#[test]
fn a_store_that_never_answers_is_told() {
    let world = World::new([]);
    struct Mute;
    impl Store for Mute {
        fn access<'a>(&'a self, _: Access<'a>) -> Accessed<'a> {
            Box::pin(std::future::pending())
        }
    }
    let error = world
        .run(world.client().with_store(Mute).submit(&request(), None))
        .unwrap_err();
    assert_eq!((error.code.as_str(), world.elapsed()), ("store_failed", 60_000));
}

#[test]
fn without_a_store_there_is_nothing_to_resume() {
    let world = World::new([]);
    let error = world
        .run(world.client().resume(WAIT_MS, &mut |_, _| {}))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert!(error.message.contains("store"));
}
