//! A page that generates a video, with Yew: a prompt, a button, the progress, the video.

mod generate;

use evolink_video::domain::{PollState, Task, ValidateOptions, VideoRequest, validate};
use generate::generate;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
enum State {
    Idle,
    Running(String),
    Done(String),
    Failed(String),
}

#[component]
fn App() -> Html {
    let prompt = use_state(String::new);
    let state = use_state(|| State::Idle);

    let request = VideoRequest::new((*prompt).clone());
    let report = validate(&request.clone().into(), &ValidateOptions::default());
    let issues = report.errors.iter().chain(&report.warnings);

    let on_input = {
        let prompt = prompt.clone();
        move |event: InputEvent| {
            let text: HtmlTextAreaElement = event.target_unchecked_into();
            prompt.set(text.value());
        }
    };
    let on_click = {
        let state = state.clone();
        move |_| {
            let (state, request) = (state.clone(), request.clone());
            state.set(State::Running("submitted".into()));
            spawn_local(async move {
                let show = |task: &Task, _: &PollState| {
                    let progress = task.progress.unwrap_or(0);
                    state.set(State::Running(format!("{} {progress} %", task.status.as_str())));
                };
                match generate(&request, show).await {
                    Ok(link) => state.set(State::Done(link)),
                    Err(error) => state.set(State::Failed(error.to_string())),
                }
            });
        }
    };
    let is_running = matches!(*state, State::Running(_));

    html! {
        <main>
            <label>{ "Prompt " }<textarea oninput={on_input} /></label>
            <ul>{ for issues.map(|issue| html! { <li>{ &issue.message }</li> }) }</ul>
            <button onclick={on_click} disabled={is_running || !report.errors.is_empty()}>{ "Generate" }</button>
            {
                match &*state {
                    State::Idle => html! {},
                    State::Running(status) => html! { <p role="status">{ status }</p> },
                    State::Done(link) => html! { <video src={link.clone()} controls=true /> },
                    State::Failed(message) => html! { <p role="alert">{ message }</p> },
                }
            }
        </main>
    }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
