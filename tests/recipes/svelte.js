import { readable } from "svelte/store";

/**
 * In a component: `const video = createVideoStore(client), snapshot = toReadable(video)`, then `$snapshot.status`.
 * @param {import("evolink-video/store").VideoStore} video
 */
export const toReadable = (video) =>
  readable(video.getSnapshot(), (set) => {
    const update = () => set(video.getSnapshot());
    const end = video.subscribe(update);
    update();
    return end;
  });
