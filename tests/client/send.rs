//! The futures of a client are `Send` if those of its parts are.

use crate::common::{any_key, within};
use evolink_video::client::{Client, Clock, Event, Failure, PollOptions, Request, Store, Transport};
use evolink_video::domain::{Answer, Config, Error, ErrorKind, VideoRequest};
use evolink_video::domain::{Cause, cause};
use std::collections::BTreeMap;
use std::error::Error as _;
use std::io;
use std::sync::Mutex;

struct Unreachable;

impl Transport for Unreachable {
    async fn send(&self, _: &Request) -> Result<Answer, Failure> {
        Err(Failure::not_sent(io::Error::from(
            io::ErrorKind::ConnectionRefused,
        )))
    }
}

/// A clock that does not sleep.
struct Instant;

impl Clock for Instant {
    fn now(&self) -> f64 {
        1_700_000_000_000.0
    }

    async fn sleep(&self, ms: u32) {
        // A request timeout is longer than any pause.
        if ms >= 60_000 {
            std::future::pending().await
        }
    }

    fn random(&self) -> f64 {
        0.5
    }
}

#[derive(Default)]
struct Memory(Mutex<BTreeMap<String, String>>);

impl Store for Memory {
    async fn get(&self, key: &str) -> Result<Option<String>, Cause> {
        let values = self.0.lock().map_err(|error| cause(error.to_string()))?;
        Ok(values.get(key).cloned())
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), Cause> {
        let mut values = self.0.lock().map_err(|error| cause(error.to_string()))?;
        values.insert(key.into(), value.into());
        Ok(())
    }

    async fn remove(&self, key: &str) -> Result<(), Cause> {
        let mut values = self.0.lock().map_err(|error| cause(error.to_string()))?;
        values.remove(key);
        Ok(())
    }
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

fn request() -> VideoRequest {
    VideoRequest::new("A cat walks")
}

#[test]
fn futures_are_send_if_the_parts_of_the_client_are() {
    let client = Client::new(Config::default(), Unreachable, Instant)
        .with_store(Memory::default())
        .on_event(|_: &Event| {});
    let client = assert_send(client);
    let request = request();
    drop(assert_send(client.submit(&request, any_key())));
    drop(assert_send(client.generate(
        &request,
        any_key(),
        within(None),
        |_, _| {},
    )));
    drop(assert_send(client.retrieve("task-1")));
    drop(assert_send(client.poll("task-1", PollOptions::default())));
    drop(assert_send(client.wait("task-1", within(None), |_, _| {})));
    drop(assert_send(client.watch("task-1", within(None), |_, _| {})));
    drop(assert_send(client.watch_all(
        &["task-1"],
        within(None),
        |_, _| {},
    )));
    drop(assert_send(client.resume(within(None), |_, _| {})));
}

#[test]
fn errors_are_send_and_sync_and_have_a_source() {
    fn assert_error<E: std::error::Error + Send + Sync + 'static>() {}
    assert_error::<Error>();

    let handle = std::thread::spawn(|| {
        let client = Client::new(Config::default(), Unreachable, Instant);
        let request = request();
        let mut call = std::pin::pin!(client.submit(&request, any_key()));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match call.as_mut().poll(&mut context) {
            std::task::Poll::Ready(outcome) => outcome.unwrap_err(),
            std::task::Poll::Pending => panic!("the transport does not wait"),
        }
    });
    let error = handle.join().unwrap();
    assert_eq!(error.kind, ErrorKind::Connection);
    let source = error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>());
    assert_eq!(source.unwrap().kind(), io::ErrorKind::ConnectionRefused);
}
