import { useSyncExternalStore } from "react";
import type { VideoClient, VideoRequest } from "evolink-video";
import { createVideoStore } from "evolink-video/store";

export const createVideoButton = (client: VideoClient, request: VideoRequest) => {
  const video = createVideoStore(client); // once for the page, outside of components
  return function VideoButton() {
    const { status, task, error } = useSyncExternalStore(
      video.subscribe,
      video.getSnapshot,
      video.getSnapshot,
    );
    if (status === "completed") return <video src={task.results[0]} controls />;
    if (error) return <button onClick={video.retry}>{error.message} Retry</button>;
    return (
      <button disabled={status !== "idle"} onClick={() => video.generate(request)}>
        {status}
      </button>
    );
  };
};
