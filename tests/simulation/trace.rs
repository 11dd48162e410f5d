//! A readable log of a run, for debugging a failing seed.

use crate::run::{Outcome, Run};

pub fn trace(run: &Run) -> String {
    let mut lines: Vec<(u64, String)> = Vec::new();
    for exchange in &run.journal {
        let request = &exchange.request;
        let what = if request.body.is_some() { "POST" } else { "GET" };
        let key = request.key.as_deref().unwrap_or("");
        let delivery = &exchange.delivery;
        lines.push((
            exchange.sent.at,
            format!("call {}: {what} {} {key} {delivery:?}", request.call, request.url),
        ));
        if let Some((moment, end)) = exchange.end {
            let response = exchange.response.as_ref();
            let response = response.map(|response| {
                format!(
                    "{} {:?} {:?}",
                    response.status, response.headers, response.content
                )
            });
            lines.push((
                moment.at,
                format!(
                    "call {}: the exchange of {} ends: {end:?}; the server responded {}",
                    request.call,
                    exchange.sent.at,
                    response.as_deref().unwrap_or("nothing")
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
        lines.push((*at, format!("clock change: {jump:?}")));
    }
    for (at, event) in &run.events {
        lines.push((*at, format!("event: {event:?}")));
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
