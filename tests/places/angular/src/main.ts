import { Component } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { runJourney } from "../app.mjs";

@Component({ selector: "app-root", template: "<h1>Angular</h1>" })
class App {
  constructor() {
    // The API has the origin of the page.
    runJourney(location.origin).then((facts) => console.log(JSON.stringify(facts)));
  }
}

bootstrapApplication(App);
