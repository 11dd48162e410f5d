//! What happened in a run, line by line, for whoever looks into a seed that failed.

use crate::run::{Outcome, Run};

pub fn trace(run: &Run) -> String {
    let mut lines: Vec<(u64, String)> = Vec::new();
    for exchange in &run.journal {
        let request = &exchange.request;
        let what = if request.body.is_some() { "POST" } else { "GET" };
        let key = request.key.as_deref().unwrap_or("");
        let fate = &exchange.fate;
        lines.push((
            exchange.sent.at,
            format!("call {}: {what} {} {key} {fate:?}", request.call, request.url),
        ));
        if let Some((moment, heard)) = exchange.end {
            let said = exchange.response.as_ref();
            let said = said.map(|said| format!("{} {:?} {:?}", said.status, said.headers, said.content));
            lines.push((
                moment.at,
                format!(
                    "call {}: {heard:?} of {}, where the server said {}",
                    request.call,
                    exchange.sent.at,
                    said.as_deref().unwrap_or("nothing")
                ),
            ));
        }
    }
    for charge in &run.server.charges {
        lines.push((
            charge.at,
            format!("the server charges call {} for task {}", charge.call, charge.task),
        ));
    }
    for (at, jump) in &run.plan.jumps {
        lines.push((*at, format!("the clocks: {jump:?}")));
    }
    for (at, event) in &run.events {
        lines.push((*at, format!("the client tells {event:?}")));
    }
    for (number, (outcome, moment)) in run.outcomes.iter().enumerate() {
        let outcome = match outcome {
            Outcome::Error(error) => format!(
                "{} (charged: {}): {error}",
                error.kind.as_str(),
                error.charged.as_str()
            ),
            Outcome::Task(task) => format!("the task {}, {}", task.id, task.status.as_str()),
            other => format!("{other:?}"),
        };
        lines.push((moment.at, format!("call {number} ends: {outcome}")));
    }
    lines.sort_by_key(|(at, _)| *at);
    let lines: Vec<String> = lines
        .iter()
        .map(|(at, line)| format!("{at:>9} ms  {line}"))
        .collect();
    format!("{:#?}\n{}", run.plan, lines.join("\n"))
}
