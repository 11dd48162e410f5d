"use client";
import { useEffect } from "react";
import { runJourney } from "../app.mjs";

export function Journey({ api }) {
  useEffect(() => {
    runJourney(api).then((facts) => console.log(JSON.stringify(facts)));
  }, [api]);
  return <h1>Next.js</h1>;
}
