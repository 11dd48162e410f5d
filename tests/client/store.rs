//! Calls with a store: after a crash, no call is charged twice and no task is lost.

use crate::common::{Access, any_key, new_scope, store_by_access, value, with_key, within};
use crate::script::*;
use crate::time::{BEGIN_MS, FakeClock};
use evolink_video::client::{
    Clock, Delivery, Either, Event, EventKind, Item, Method, NoStore, Store, Submission, SubmitOptions,
    WaitOptions, race,
};
use evolink_video::domain::{Cause, cause};
use evolink_video::domain::{
    Charged, Config, Error, ErrorKind, IssueCode, LocalFile, PollState, Task, Value, VideoRequest,
};
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
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
    accesses: Rc<RefCell<Vec<&'static str>>>,
    lists_keys: bool,
    scope: u64,
}

impl Default for FakeStore {
    fn default() -> Self {
        Self {
            values: Rc::default(),
            good: Rc::default(),
            accesses: Rc::default(),
            lists_keys: true,
            scope: new_scope(),
        }
    }
}

impl FakeStore {
    fn without_keys() -> Self {
        Self {
            lists_keys: false,
            ..Self::default()
        }
    }

    async fn access(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
        let name = match access {
            Access::Get(_) => "get",
            Access::Set(..) => "set",
            Access::Remove(_) => "remove",
            Access::List(_) if !self.lists_keys => return Ok(None),
            Access::List(_) => "list",
        };
        self.accesses.borrow_mut().push(name);
        if let Some(left) = self.good.get() {
            if left == 0 {
                return Err(cause("the disk is full"));
            }
            self.good.set(Some(left - 1));
        }
        let mut values = self.values.borrow_mut();
        Ok(match access {
            Access::Get(key) => values
                .get(key)
                .cloned()
                .map(|value| vec![(key.to_owned(), value)]),
            Access::Set(key, value) => {
                values.insert(key.into(), value.into());
                None
            }
            Access::Remove(key) => {
                values.remove(key);
                None
            }
            Access::List(base) => {
                let items = values.iter().filter(|(key, _)| key.starts_with(base));
                Some(items.map(|(key, value)| (key.clone(), value.clone())).collect())
            }
        })
    }

    /// How many items are calls, and how many are tasks.
    fn counts(&self) -> (usize, usize) {
        let values = self.values.borrow();
        let count = |part: &str| values.keys().filter(|name| name.contains(part)).count();
        (count(":call:"), count(":task:"))
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
fn stores_the_call_before_it_is_sent_and_the_task_after_it() {
    let store = FakeStore::default();
    let simulation = Simulation::new([]);
    let at_the_call = Rc::new(Cell::new((0, 0)));
    let (seen, at_call) = (Rc::clone(&at_the_call), store.clone());
    simulation.answerer.replace(Some(Box::new(move |_| {
        seen.set(at_call.counts());
        json(200, task("pending", 0))
    })));
    simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap();
    assert_eq!(at_the_call.get(), (1, 0));
    assert_eq!(store.counts(), (0, 1));
    assert_eq!(*store.accesses.borrow(), ["list", "set", "set", "remove"]);
}

#[test]
fn a_submission_needs_four_accesses_whatever_the_store() {
    for (store, key) in [
        (FakeStore::default(), None),
        (FakeStore::default(), Some("my-own-key-0123456789")),
        (FakeStore::without_keys(), None),
    ] {
        let simulation = Simulation::new([json(200, task("pending", 0))]);
        let options = key.map_or_else(any_key, with_key);
        simulation
            .run(client(&simulation, &store).submit(&request(), options))
            .unwrap();
        assert_eq!(store.accesses.borrow().len(), 4, "{:?}", store.accesses);
    }
}

#[test]
fn requests_are_stored_until_the_answer_unless_the_configuration_says_otherwise() {
    for store_requests in [true, false] {
        let store = FakeStore::default();
        let simulation = Simulation::new([Reply::Silent, json(200, task("pending", 0))]);
        let config = Config {
            store_requests,
            ..Config::default()
        };
        let client = simulation.client_with(config).with_store(store.clone());
        assert!(
            simulation
                .run_for(1_000, client.submit(&request(), any_key()))
                .is_none()
        );
        let holds_prompt = |store: &FakeStore| format!("{:?}", store.values.borrow()).contains("cat");
        assert_eq!(holds_prompt(&store), store_requests);
        simulation.run(client.submit(&request(), any_key())).unwrap();
        assert!(!holds_prompt(&store));
    }
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

/// A request with a file: by its digest, or by the URL of an upload.
fn with_file(file: Value) -> Value {
    let mut request = value(&json!({ "model": "seedance-2.0", "prompt": "@Image1 moves" }));
    request.set("image_urls", Value::Array(vec![file]));
    request
}

fn digested(digest: &str) -> Value {
    with_file(Value::File(Box::new(LocalFile::new(digest, "", 1))))
}

fn uploaded(number: u32) -> Value {
    with_file(format!("https://files.example.com/{number}.gif").into())
}

/// In milliseconds since 1970: 72 hours after the clock of the tests begins.
const UPLOAD_EXPIRES_AT: f64 = BEGIN_MS as f64 + 72.0 * 3_600_000.0;

/// What the package does for a request with files: it sends the body of an earlier call, or else uploads the files.
async fn submit_file<S: Store>(
    client: &SimulatedClient<S>,
    key: Option<&str>,
    digest: &str,
    upload: u32,
) -> Result<Submission, Error> {
    let options = key.map_or_else(any_key, with_key);
    let request = digested(digest);
    match client.submit_within(&request, options.clone(), None).await {
        Err(error) if error.code == "not_uploaded" => {}
        outcome => return outcome,
    }
    let identity = Some(client.prepare_value(&request, &options)?.body);
    let options = SubmitOptions {
        identity,
        expires_at: Some(UPLOAD_EXPIRES_AT),
        ..options
    };
    client.submit_within(&uploaded(upload), options, None).await
}

fn body(simulation: &Simulation, request: usize) -> String {
    simulation.requests()[request].1.body.clone().unwrap_or_default()
}

#[test]
fn a_repeated_call_with_a_file_sends_the_key_and_the_url_of_the_first() {
    for (store, own_key) in [
        (FakeStore::default(), None),
        (FakeStore::default(), Some("my-own-key-0123456789")),
        (FakeStore::without_keys(), None),
    ] {
        let simulation = Simulation::new([Reply::Silent, json(200, task("pending", 0))]);
        let first = client(&simulation, &store);
        assert!(
            simulation
                .run_for(1_000, submit_file(&first, own_key, "digest", 1))
                .is_none()
        );
        let again = client(&simulation, &store);
        simulation.run(submit_file(&again, own_key, "digest", 2)).unwrap();
        assert_eq!(key(&simulation, 1), key(&simulation, 0));
        assert!(body(&simulation, 0).contains("/1.gif"));
        assert_eq!(body(&simulation, 1), body(&simulation, 0));
        simulation.run(again.flush());
        assert_eq!(store.counts().0, 0);
    }
}

#[test]
fn a_repeated_call_with_expired_uploads_sends_the_same_and_warns_unless_the_server_knows_it() {
    for (hours, replayed, expected) in [(71, false, 0), (73, false, 1), (73, true, 0)] {
        let headers: &[_] = if replayed {
            &[("idempotency-replayed", "true")]
        } else {
            &[]
        };
        let answer = with_headers(200, headers, task("pending", 0));
        let store = FakeStore::default();
        let simulation = Simulation::new([Reply::Silent, answer]);
        let first = client(&simulation, &store);
        assert!(
            simulation
                .run_for(1_000, submit_file(&first, None, "digest", 1))
                .is_none()
        );
        simulation.advance(hours * 3_600_000);
        let again = client(&simulation, &store);
        let submission = simulation.run(submit_file(&again, None, "digest", 2)).unwrap();
        assert_eq!(key(&simulation, 1), key(&simulation, 0));
        assert_eq!(body(&simulation, 1), body(&simulation, 0));
        let warnings: Vec<_> = submission.warnings.iter().map(|issue| issue.code).collect();
        assert_eq!(warnings, vec![IssueCode::ExpiredUrl; expected], "{hours} hours");
        // The call is finished, so the next one uploads the file again.
        simulation.run(submit_file(&again, None, "digest", 3)).unwrap();
        assert!(body(&simulation, 2).contains("/3.gif"));
    }
}

#[test]
fn only_the_same_file_takes_up_an_earlier_call() {
    let store = FakeStore::default();
    let simulation = Simulation::new([Reply::Silent, json(200, task("pending", 0))]);
    let client = client(&simulation, &store);
    assert!(
        simulation
            .run_for(1_000, submit_file(&client, None, "digest", 1))
            .is_none()
    );
    simulation.run(submit_file(&client, None, "other", 2)).unwrap();
    assert_ne!(key(&simulation, 1), key(&simulation, 0));
    assert!(body(&simulation, 1).contains("/2.gif"));
    // After its answer, a call is a new one.
    simulation.run(submit_file(&client, None, "digest", 3)).unwrap();
    simulation.run(submit_file(&client, None, "digest", 4)).unwrap();
    assert_eq!(key(&simulation, 2), key(&simulation, 0));
    assert_ne!(key(&simulation, 3), key(&simulation, 0));
    assert!(body(&simulation, 3).contains("/4.gif"));
}

#[test]
fn without_its_request_a_repeated_call_with_a_file_sends_its_key_with_the_new_url() {
    let store = FakeStore::default();
    let simulation = Simulation::new([Reply::Silent, json(409, refusal("idempotency_conflict"))]);
    let config = Config {
        store_requests: false,
        ..Config::default()
    };
    let client = simulation.client_with(config).with_store(store.clone());
    assert!(
        simulation
            .run_for(1_000, submit_file(&client, None, "digest", 1))
            .is_none()
    );
    let error = simulation
        .run(submit_file(&client, None, "digest", 2))
        .unwrap_err();
    assert_eq!(key(&simulation, 1), key(&simulation, 0));
    assert!(body(&simulation, 1).contains("/2.gif"));
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert_eq!(error.idempotency_key, Some(key(&simulation, 0)));
    assert_eq!(store.counts(), (1, 0));
}

#[test]
fn a_file_that_was_not_uploaded_is_neither_sent_nor_stored() {
    let simulation = Simulation::new([]);
    let store = FakeStore::default();
    let request = digested("digest");
    for key in [None, Some("my-own-key-0123456789")] {
        let options = || key.map_or_else(any_key, with_key);
        for error in [
            simulation.run(client(&simulation, &store).submit_within(&request, options(), None)),
            simulation.run(simulation.client().submit_within(&request, options(), None)),
        ]
        .map(Result::unwrap_err)
        {
            assert_eq!(
                (error.kind, error.charged),
                (ErrorKind::Configuration, Charged::No)
            );
            assert_eq!(error.code, "not_uploaded");
        }
    }
    assert_eq!((store.counts(), simulation.requests().len()), ((0, 0), 0));
}

#[test]
fn concurrent_calls_with_the_same_file_are_two_orders() {
    let store = FakeStore::default();
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let client = client(&simulation, &store);
    let (mut one, mut other) = (
        Box::pin(submit_file(&client, None, "digest", 1)),
        Box::pin(submit_file(&client, None, "digest", 1)),
    );
    simulation.run(async {
        begin(&mut one).await;
        begin(&mut other).await;
        one.await.unwrap();
        other.await.unwrap();
    });
    assert_ne!(key(&simulation, 1), key(&simulation, 0));
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
        async fn access(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
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
    assert_eq!(store.counts(), (0, 12));
    // Two accesses before the call and two after it, each call on its own.
    assert!(simulation.elapsed() < 1_000, "{}", simulation.elapsed());
}

#[test]
fn removes_rejected_calls_and_keeps_calls_that_may_be_charged() {
    for (reply, charged, kept) in [
        (json(400, refusal("bad")), Charged::No, 0),
        (json(402, refusal("insufficient_quota")), Charged::No, 0),
        (json(500, refusal("oops")), Charged::Unknown, 1),
        (Reply::Broken(5), Charged::Unknown, 1),
        (text(200, "<html>"), Charged::Unknown, 1),
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
fn a_rejected_generation_is_removed_before_it_returns() {
    let store = FakeStore::default();
    let simulation = Simulation::new([json(402, refusal("insufficient_quota"))]);
    let client = client(&simulation, &store);
    let request = request();
    let call = client.generate(&request, any_key(), within(WAIT_MS), |_, _| {});
    assert_eq!(simulation.run(call).unwrap_err().charged, Charged::No);
    assert_eq!(store.counts(), (0, 0));
}

#[test]
fn a_call_that_the_store_delayed_beyond_its_limit_is_removed() {
    struct Slow {
        store: FakeStore,
        host: FakeClock,
        scope: u64,
    }
    impl Slow {
        async fn access(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
            self.host.sleep(500).await;
            self.store.access(access).await
        }
    }
    store_by_access!(Slow);
    let store = FakeStore::default();
    let simulation = Simulation::new([]);
    let client = simulation.client().with_store(Slow {
        store: store.clone(),
        host: simulation.clock(),
        scope: store.scope,
    });
    let request = request();
    let call = client.generate(&request, any_key(), within(Some(800)), |_, _| {});
    let error = simulation.run(call).unwrap_err();
    assert_eq!((error.charged, simulation.requests().len()), (Charged::No, 0));
    // Otherwise a later process would send it.
    assert_eq!(store.counts(), (0, 0));
}

#[test]
fn a_call_whose_write_was_done_although_it_failed_is_removed() {
    struct Doubtful {
        store: FakeStore,
        scope: u64,
    }
    impl Doubtful {
        async fn access(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
            let is_set = matches!(access, Access::Set(..));
            let result = self.store.access(access).await;
            if is_set { Err(cause("no answer")) } else { result }
        }
    }
    store_by_access!(Doubtful);
    for lists_keys in [true, false] {
        let store = FakeStore {
            lists_keys,
            ..FakeStore::default()
        };
        let simulation = Simulation::new([]);
        let client = simulation.client().with_store(Doubtful {
            store: store.clone(),
            scope: store.scope,
        });
        let error = simulation.run(client.submit(&request(), any_key())).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.charged),
            ("store_failed", Charged::No)
        );
        assert_eq!(store.counts(), (0, 0));
    }
}

#[test]
fn a_task_from_a_clock_before_1970_is_resumed() {
    let store = FakeStore::default();
    let simulation = Simulation::new([
        json(200, task("pending", 0)),
        json(200, json!({ "data": [task("completed", 100)] })),
    ]);
    simulation.set_clock_back(0, 1_700_000_060_000);
    simulation.advance(0);
    let client = client(&simulation, &store);
    simulation.run(client.submit(&request(), any_key())).unwrap();
    simulation.set_clock_back(simulation.elapsed(), -1_700_000_060_000);
    let tasks = simulation.run(client.resume(within(WAIT_MS), |_, _| {})).unwrap();
    assert_eq!((tasks.len(), store.counts()), (1, (0, 0)));
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
    assert_eq!(store.counts(), (1, 0));
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
fn keeps_a_task_that_the_api_does_not_know_until_its_links_would_have_expired() {
    let store = FakeStore::default();
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap();
    for (wait_ms, kept) in [(60_000, 1), (DAY_MS, 0)] {
        simulation.advance(wait_ms);
        simulation
            .answerer
            .replace(Some(Box::new(|request| match request.method {
                Method::Post => json(200, json!({ "data": [] })),
                _ => json(404, refusal("task_not_found")),
            })));
        let error = simulation
            .run(client(&simulation, &store).resume(within(WAIT_MS), |_, _| {}))
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
        assert_eq!(store.counts(), (0, kept));
    }
}

#[test]
fn resume_settles_an_open_call_with_its_key_and_body_and_yields_its_task() {
    let store = FakeStore::default();
    let simulation = Simulation::new([Reply::Silent]);
    let first = client(&simulation, &store);
    assert!(
        simulation
            .run_for(1_000, first.submit(&request(), any_key()))
            .is_none()
    );
    let pending = simulation.run(first.pending()).unwrap();
    assert_eq!(
        (pending.len(), pending[0].idempotency_key.as_str()),
        (1, key(&simulation, 0).as_str())
    );
    assert!(
        pending[0]
            .request
            .as_ref()
            .is_some_and(|sent| sent.get("prompt").is_some())
    );
    simulation
        .answerer
        .replace(Some(Box::new(|request| match request.method {
            Method::Post if request.url.ends_with("/batch") => {
                json(200, json!({ "data": [task("completed", 100)] }))
            }
            Method::Post => json(200, task("processing", 10)),
            _ => json(200, task("completed", 100)),
        })));
    let mut statuses = Vec::new();
    let mut update = |task: &Task, _: &_| statuses.push(task.status.as_str().to_owned());
    let tasks = simulation
        .run(client(&simulation, &store).resume(within(WAIT_MS), &mut update))
        .unwrap();
    assert_eq!(
        (tasks.len(), statuses),
        (1, vec!["processing".into(), "completed".into()])
    );
    let requests = simulation.requests();
    assert_eq!(key(&simulation, 1), key(&simulation, 0));
    assert_eq!(requests[1].1.body, requests[0].1.body);
    assert_eq!(store.counts(), (0, 0));
}

#[test]
fn resume_reports_a_call_that_it_cannot_settle_and_keeps_it() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    simulation
        .answerer
        .replace(Some(Box::new(|_| json(402, refusal("insufficient_quota")))));
    let error = simulation
        .run(client(&simulation, &store).resume(within(WAIT_MS), |_, _| {}))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert_eq!(error.idempotency_key, Some(key(&simulation, 0)));
    assert_eq!(store.counts(), (1, 0));
}

#[test]
fn resume_keeps_a_call_whose_key_is_refused() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    simulation
        .answerer
        .replace(Some(Box::new(|_| json(409, refusal("idempotency_conflict")))));
    let error = simulation
        .run(client(&simulation, &store).resume(within(WAIT_MS), |_, _| {}))
        .unwrap_err();
    assert_eq!(error.code, "idempotency_conflict");
    assert_eq!(error.charged, Charged::Unknown);
    assert_eq!(error.idempotency_key, Some(key(&simulation, 0)));
    assert_eq!(store.counts(), (1, 0));
}

#[test]
fn a_task_whose_text_was_cut_off_is_resumed() {
    let store = FakeStore::default();
    let simulation = Simulation::new([
        json(200, task("pending", 0)),
        json(200, json!({ "data": [task("completed", 100)] })),
    ]);
    let client = client(&simulation, &store);
    simulation.run(client.submit(&request(), any_key())).unwrap();
    for text in store.values.borrow_mut().values_mut() {
        text.clear();
    }
    let tasks = simulation.run(client.resume(within(WAIT_MS), |_, _| {})).unwrap();
    assert_eq!((tasks.len(), store.counts()), (1, (0, 0)));
}

#[test]
fn the_same_fields_in_another_order_are_the_same_request() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    let request = crate::common::value(&json!({
        "prompt": request().prompt, "model": "seedance-2.0",
    }));
    simulation
        .run(client(&simulation, &store).submit_within(&request, any_key(), None))
        .unwrap();
    assert_eq!(key(&simulation, 1), key(&simulation, 0));
}

#[test]
fn resume_does_not_send_a_call_of_another_day_and_forget_removes_it() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    simulation.advance(DAY_MS);
    let client = client(&simulation, &store);
    assert_eq!(
        simulation.run(client.resume(within(WAIT_MS), |_, _| {})).unwrap(),
        []
    );
    assert_eq!(simulation.requests().len(), 1);
    let pending = simulation.run(client.pending()).unwrap();
    simulation
        .run(client.forget(&pending[0].idempotency_key))
        .unwrap();
    assert_eq!(store.counts(), (0, 0));
}

#[test]
fn resume_leaves_the_calls_in_flight_of_its_own_process_alone() {
    let store = FakeStore::default();
    let Reply::Answer(_, answer) = json(200, task("pending", 0)) else {
        unreachable!()
    };
    let simulation = Simulation::new([Reply::Answer(5_000, answer)]);
    let client = client(&simulation, &store);
    let request = request();
    simulation.run(async {
        let mut call = Box::pin(client.submit(&request, any_key()));
        begin(&mut call).await;
        assert_eq!(client.resume(within(WAIT_MS), |_, _| {}).await.unwrap(), []);
        call.await.unwrap();
    });
    assert_eq!(simulation.requests().len(), 1);
}

#[test]
fn resume_does_not_send_a_call_from_the_future() {
    // The clock was a day ahead when the call was stored, or it is a day behind now: nobody knows how old the call is.
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    simulation.set_clock_back(simulation.elapsed(), 2 * DAY_MS as i64);
    simulation.advance(0);
    let client = client(&simulation, &store);
    assert_eq!(
        simulation.run(client.resume(within(WAIT_MS), |_, _| {})).unwrap(),
        []
    );
    assert_eq!(simulation.requests().len(), 1);
    assert_eq!(simulation.run(client.pending()).unwrap().len(), 1);
}

#[test]
fn a_wrong_clock_does_not_make_a_call_forgotten() {
    // The clock of the device starts in 1970, and the time of the item is in its future.
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    simulation.set_clock_back(simulation.elapsed(), 1_600_000_000_000);
    simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap();
    assert_eq!(key(&simulation, 1), key(&simulation, 0));
}

#[test]
fn accounts_and_users_do_not_see_each_others_items() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    let config = Config {
        store_namespace: "another user".into(),
        ..Config::default()
    };
    let other = simulation.client_with(config).with_store(store.clone());
    assert_eq!(
        simulation.run(other.resume(within(WAIT_MS), |_, _| {})).unwrap(),
        []
    );
    simulation.run(other.submit(&request(), any_key())).unwrap();
    assert_ne!(key(&simulation, 1), key(&simulation, 0));
}

#[test]
fn without_a_list_of_keys_a_repeated_call_still_takes_up_the_key() {
    let store = FakeStore::without_keys();
    let simulation = after_a_crash(&store);
    let client = client(&simulation, &store);
    simulation.run(client.submit(&request(), any_key())).unwrap();
    assert_eq!(key(&simulation, 1), key(&simulation, 0));
    assert!(store.values.borrow().is_empty());
    for error in [
        simulation
            .run(client.resume(within(WAIT_MS), |_, _| {}))
            .unwrap_err(),
        simulation.run(client.pending()).unwrap_err(),
    ] {
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(error.message.contains("getKeys"), "{}", error.message);
    }
}

#[test]
fn without_a_list_of_keys_each_of_concurrent_calls_has_its_own_item() {
    let store = FakeStore::without_keys();
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let client = client(&simulation, &store);
    let request = request();
    simulation.run(async {
        let mut calls = Vec::new();
        for count in 1..=3 {
            let mut call = Box::pin(client.submit(&request, any_key()));
            begin(&mut call).await;
            calls.push(call);
            assert_eq!(store.counts(), (count, 0));
        }
        for call in calls {
            call.await.unwrap();
        }
    });
    let keys: BTreeSet<_> = (0..3).map(|request| key(&simulation, request)).collect();
    assert_eq!((keys.len(), store.counts()), (3, (0, 0)));
}

#[test]
fn without_a_list_of_keys_a_call_leaves_the_item_of_another_process() {
    let store = FakeStore::without_keys();
    let simulation = Simulation::new([]);
    let values = Rc::clone(&store.values);
    // Another process takes the place while the call is in flight.
    simulation.answerer.replace(Some(Box::new(move |request| {
        let own = &request
            .headers
            .iter()
            .find(|(name, _)| name == "Idempotency-Key")
            .unwrap()
            .1;
        for text in values.borrow_mut().values_mut() {
            *text = text.replace(own, "another-key-0123456789");
        }
        json(200, task("pending", 0))
    })));
    simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap();
    assert_eq!(store.counts(), (1, 0));
}

#[test]
fn retrieve_removes_a_final_task_from_the_store() {
    for (status, kept) in [("processing", 1), ("completed", 0)] {
        let store = FakeStore::default();
        let simulation = Simulation::new([json(200, task("pending", 0)), json(200, task(status, 50))]);
        let client = client(&simulation, &store);
        simulation.run(client.submit(&request(), any_key())).unwrap();
        simulation.run(client.retrieve(TASK_ID)).unwrap();
        assert_eq!(store.counts(), (0, kept), "{status}");
    }
}

#[test]
fn pending_returns_the_oldest_first() {
    let store = FakeStore::default();
    let simulation = Simulation::new([
        Reply::Silent,
        json(200, task("pending", 0)),
        Reply::Silent,
        json(200, task("pending", 0)),
    ]);
    let client = client(&simulation, &store);
    for number in 0..3 {
        let request = VideoRequest::new(format!("Cat {number}"));
        simulation.run_for(1_000, client.submit(&request, any_key()));
        simulation.advance(1_000);
    }
    let pending = simulation.run(client.pending()).unwrap();
    let keys: Vec<_> = pending.iter().map(|one| one.idempotency_key.clone()).collect();
    assert_eq!(
        keys,
        [key(&simulation, 0), key(&simulation, 1), key(&simulation, 2)]
    );
    assert_eq!(
        pending
            .iter()
            .map(|one| one.task_id.as_deref())
            .collect::<Vec<_>>(),
        [None, Some(TASK_ID), None]
    );
}

#[test]
fn the_store_has_the_progress_of_a_task_until_it_is_final() {
    let store = FakeStore::default();
    let simulation = Simulation::new([
        json(200, task("pending", 0)),
        json(200, task("processing", 50)),
        json(200, task("completed", 100)),
    ]);
    let stored = Rc::clone(&store.values);
    let mut seen = Vec::new();
    simulation
        .run(client(&simulation, &store).generate(
            &request(),
            any_key(),
            within(WAIT_MS),
            |task: &Task, _: &_| {
                let texts: Vec<String> = stored.borrow().values().cloned().collect();
                seen.push((task.progress, texts.concat().contains("\"progress\":50")));
            },
        ))
        .unwrap();
    assert_eq!(seen, [(Some(0), false), (Some(50), false), (Some(100), true)]);
    assert_eq!(
        *store.accesses.borrow(),
        [
            "list", "set", // the call
            "set", "remove", // its task
            "get", "set", "get", "set", // two updates
            "remove",
        ]
    );
}

#[test]
fn a_write_that_fails_is_attempted_three_times_with_growing_pauses() {
    struct Flaky {
        store: FakeStore,
        failures: Cell<u32>,
        scope: u64,
    }
    impl Flaky {
        async fn access(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
            let is_of_task = matches!(access, Access::Set(name, _) if name.contains(":task:"));
            if is_of_task && self.failures.get() > 0 {
                self.failures.set(self.failures.get() - 1);
                return Err(cause("busy"));
            }
            self.store.access(access).await
        }
    }
    store_by_access!(Flaky);
    for (failures, elapsed_ms, counts) in [
        (0, 50, (0, 1)),
        (1, 1_150, (0, 1)),
        (2, 3_350, (0, 1)),
        (3, 3_350, (1, 0)),
    ] {
        let store = FakeStore::default();
        let simulation = Simulation::new([json(200, task("pending", 0))]);
        let client = simulation.client().with_store(Flaky {
            store: store.clone(),
            failures: Cell::new(failures),
            scope: store.scope,
        });
        simulation.run(client.submit(&request(), any_key())).unwrap();
        assert_eq!((simulation.elapsed(), store.counts()), (elapsed_ms, counts));
    }
}

#[test]
fn a_bar_does_not_fall_after_a_restart() {
    let store = FakeStore::default();
    let simulation = Simulation::new([]);
    simulation
        .answerer
        .replace(Some(Box::new(|request| match request.method {
            Method::Post => json(200, task("processing", 75)),
            _ => json(200, task("processing", 75)),
        })));
    let shown = Rc::new(Cell::new(0.0));
    let first = client(&simulation, &store);
    let (seen, clock) = (Rc::clone(&shown), simulation.clock());
    let update = move |_: &Task, state: &PollState| seen.set(state.progress_estimate(clock.now()));
    let request = request();
    let call = first.generate(&request, any_key(), within(WAIT_MS), update);
    assert!(simulation.run_for(30_000, call).is_none());
    let before = shown.get();
    assert!(before >= 75.0, "{before}");
    // The next process knows only the store.
    simulation.answerer.replace(Some(Box::new(|_| {
        json(200, json!({ "data": [task("processing", 20)] }))
    })));
    let (seen, clock) = (Rc::clone(&shown), simulation.clock());
    let update = move |_: &Task, state: &PollState| seen.set(state.progress_estimate(clock.now()));
    let next = client(&simulation, &store);
    assert!(
        simulation
            .run_for(5_000, next.resume(within(WAIT_MS), update))
            .is_none()
    );
    assert!(shown.get() >= before, "{} after {before}", shown.get());
}

#[test]
fn an_update_delivers_a_final_task_before_the_others_are_final() {
    for delivery in [Delivery::Update, Delivery::Result, Delivery::Acknowledged] {
        let store = FakeStore::default();
        let simulation = Simulation::new([]);
        let mut count = 0;
        simulation.answerer.replace(Some(Box::new(move |request| {
            let named = |id: &str, status: &str| {
                let mut task = task(status, 0);
                task["id"] = json!(id);
                if status == "completed" {
                    task["results"] = json!(["https://example.com/a.mp4"]);
                }
                task
            };
            if request.url.ends_with("/batch") {
                return json(
                    200,
                    json!({ "data": [named("task-1", "completed"), named("task-2", "processing")] }),
                );
            }
            count += 1;
            json(200, named(&format!("task-{count}"), "pending"))
        })));
        let client = client(&simulation, &store);
        simulation.run(client.submit(&request(), any_key())).unwrap();
        simulation
            .run(client.submit(&other_request(), any_key()))
            .unwrap();
        assert_eq!(store.counts(), (0, 2));
        let options = WaitOptions {
            delivery,
            ..within(WAIT_MS)
        };
        assert!(
            simulation
                .run_for(60_000, client.resume(options, |_, _| {}))
                .is_none()
        );
        let left = if delivery == Delivery::Update { 1 } else { 2 };
        assert_eq!(store.counts(), (0, left), "{delivery:?}");
    }
}

#[test]
fn a_store_failure_before_the_call_prevents_it_and_one_after_it_is_an_event() {
    for good in 0..2 {
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
    for good in 2..4 {
        let store = FakeStore::default();
        store.good.set(Some(good));
        let simulation = Simulation::new([json(200, task("pending", 0))]);
        simulation
            .run(client(&simulation, &store).submit(&request(), any_key()))
            .unwrap();
        let events = simulation.events.borrow();
        let failed =
            |event: &Event| matches!(&event.kind, EventKind::Failure { code, .. } if code == "store_failed");
        assert!(events.iter().any(failed), "{events:?}");
        // The call stays until its task is stored.
        assert_eq!(store.counts(), (1, good as usize - 2));
    }
}

#[test]
fn a_call_whose_removal_failed_is_not_taken_up_by_the_next_one() {
    let store = FakeStore::default();
    store.good.set(Some(3));
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    simulation
        .run(client(&simulation, &store).submit(&request(), any_key()))
        .unwrap();
    assert_eq!(store.counts(), (1, 1));
    store.good.set(None);
    // As in another process, where nothing is claimed.
    let next = FakeStore {
        scope: new_scope(),
        ..store.clone()
    };
    simulation
        .run(client(&simulation, &next).submit(&request(), any_key()))
        .unwrap();
    assert_ne!(key(&simulation, 1), key(&simulation, 0));
    assert_eq!(store.counts().0, 0);
}

#[test]
fn a_store_that_hangs_after_the_answer_does_not_delay_the_result() {
    struct Mute {
        store: FakeStore,
        good: Cell<u32>,
        scope: u64,
    }
    impl Mute {
        async fn access(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
            if self.good.get() == 0 {
                std::future::pending::<()>().await;
            }
            self.good.set(self.good.get() - 1);
            self.store.access(access).await
        }
    }
    store_by_access!(Mute);
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let mute = Mute {
        store: FakeStore::default(),
        good: Cell::new(2),
        scope: new_scope(),
    };
    let client = simulation.client().with_store(mute).deferring_writes();
    simulation.run(client.submit(&request(), any_key())).unwrap();
    assert!(simulation.elapsed() < 1_000, "{}", simulation.elapsed());
}

#[test]
fn deferred_writes_wait_for_flush() {
    let store = FakeStore::default();
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let client = client(&simulation, &store).deferring_writes();
    simulation.run(client.submit(&request(), any_key())).unwrap();
    assert_eq!(store.counts(), (1, 0));
    simulation.run(client.flush());
    assert_eq!(store.counts(), (0, 1));
}

#[test]
fn an_optional_store_is_used_if_it_is_there() {
    let store = FakeStore::default();
    let simulation = after_a_crash(&store);
    let client = |store: Option<FakeStore>| simulation.client().with_store(store);
    let error = simulation.run(client(None).pending()).unwrap_err();
    assert_eq!(error.message, "`pending` requires the option `store`.");
    simulation
        .run(client(None).submit(&request(), any_key()))
        .unwrap();
    assert_eq!(store.counts(), (1, 0));
    // The open call is continued, and its task replaces it.
    let present = client(Some(store.clone()));
    assert_eq!(simulation.run(present.pending()).unwrap().len(), 1);
    simulation.run(present.submit(&request(), any_key())).unwrap();
    assert_eq!(key(&simulation, 0), key(&simulation, 2));
    assert_eq!(store.counts(), (0, 1));
}

#[test]
fn an_optional_store_passes_each_access_on() {
    let store = FakeStore::default();
    let (present, absent) = (Some(store.clone()), None::<FakeStore>);
    let item = || ("a".to_owned(), "1".to_owned());
    let simulation = Simulation::new([]);
    simulation.run(async {
        present.set("a", "1").await.unwrap();
        assert_eq!(present.get("a").await.unwrap().as_deref(), Some("1"));
        assert_eq!(present.list("a").await.unwrap(), Some(vec![item()]));
        present.remove("a").await.unwrap();
        assert_eq!(present.get("a").await.unwrap(), None);
        absent.set("a", "1").await.unwrap();
        assert_eq!(absent.get("a").await.unwrap(), None);
        assert_eq!(absent.list("a").await.unwrap(), None);
        NoStore.set("a", "1").await.unwrap();
        assert_eq!(NoStore.get("a").await.unwrap(), None);
    });
    assert_eq!((present.scope(), absent.scope()), (store.scope, 0));
    assert!(present.is_present() && !absent.is_present());
    assert!(!NoStore.is_present() && !Some(NoStore).is_present());
}

#[test]
fn a_hanging_store_is_an_error() {
    let simulation = Simulation::new([]);
    struct Mute {
        scope: u64,
    }
    impl Mute {
        async fn access(&self, _: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
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
    assert_eq!(error.message, "`resume` requires the option `store`.");
}
