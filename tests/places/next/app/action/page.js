"use client";
import { EvolinkError, ValidationError } from "evolink-video";
import { useEffect } from "react";
import { generate } from "./actions";

/** Orders with a file, which the action uploads, and with a mistake. */
async function useAction() {
  const bytes = Uint8Array.from(atob("R0lGODlhgALgAYAAAAAAAP///ywAAAAAgALgAQACAkQBADs="), (letter) =>
    letter.charCodeAt(0),
  );
  const request = {
    model: "seedance-2.0",
    prompt: "@Image1 turns around",
    image_urls: [new Blob([bytes])],
  };
  const { task } = await generate(request);
  const { error } = await generate({ ...request, duration: 99 });
  const restored = EvolinkError.from(error);
  return {
    status: task?.status,
    isValidationError: restored instanceof ValidationError,
    issues: restored.issues?.map(({ code }) => code),
  };
}

export default function Page() {
  useEffect(() => {
    useAction().then(
      (facts) => console.log(JSON.stringify(facts)),
      (error) => console.log(JSON.stringify(String(error))),
    );
  }, []);
  return <h1>A server action</h1>;
}
