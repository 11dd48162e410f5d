import { useEffect } from "react";
import { runJourney } from "../../app.mjs";

export default function Home() {
  useEffect(() => {
    const api = new URLSearchParams(location.search).get("api");
    runJourney(api).then((facts) => console.log(JSON.stringify(facts)));
  }, []);
  return <h1>React Router</h1>;
}
