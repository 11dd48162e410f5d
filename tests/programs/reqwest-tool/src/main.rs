//! Generates a video for each prompt of the command line, all at the same time, and prints the links:
//!
//! ```text
//! EVOLINK_API_KEY=... reqwest-tool "A cat walks through snow" "A dog sleeps"
//! ```
//!
//! `EVOLINK_BASE_URL` names another server, such as an emulator.

mod host;

use evolink_video::client::{Client, SubmitOptions, WaitOptions};
use evolink_video::domain::{Config, PollState, Task, VideoRequest, check_key};
use host::{HttpTransport, TokioClock};
use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let api_key = env::var("EVOLINK_API_KEY").map_err(|_| "EVOLINK_API_KEY must hold the API key")?;
    check_key(&api_key).map_err(|why| format!("EVOLINK_API_KEY {why}"))?;
    let mut config = Config::default();
    if let Ok(base_url) = env::var("EVOLINK_BASE_URL") {
        config.base_url = base_url;
    }
    let client = Client::new(config.checked()?, HttpTransport::new(api_key)?, TokioClock);
    let client = Arc::new(client);
    let mut calls = JoinSet::new();
    for prompt in env::args().skip(1) {
        let client = Arc::clone(&client);
        calls.spawn(async move {
            let request = VideoRequest::new(prompt).duration(5);
            let show = |task: &Task, _: &PollState| {
                eprintln!(
                    "{} {} {}%",
                    task.id,
                    task.status.as_str(),
                    task.progress.unwrap_or(0)
                );
            };
            client
                .generate(&request, SubmitOptions::default(), WaitOptions::default(), show)
                .await
        });
    }
    let mut exit = ExitCode::SUCCESS;
    // A call that fails does not end the others: they may have been charged.
    while let Some(call) = calls.join_next().await {
        match call? {
            Ok(task) => println!("{}", task.results[0]),
            Err(error) => {
                eprintln!("{error}");
                exit = ExitCode::FAILURE;
            }
        }
    }
    Ok(exit)
}
