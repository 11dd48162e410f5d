"use client";
import { useEffect } from "react";
import { travel } from "../app.mjs";

export function Journey({ api }) {
  useEffect(() => {
    travel(api).then((facts) => console.log(JSON.stringify(facts)));
  }, [api]);
  return <h1>Next.js</h1>;
}
