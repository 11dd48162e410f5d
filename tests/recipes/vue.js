import { onScopeDispose, shallowRef } from "vue";

/**
 * Use it in `setup`: `const snapshot = useVideo(createVideoStore(client))`.
 * @param {import("evolink-video/store").VideoStore} video
 */
export function useVideo(video) {
  const snapshot = shallowRef(video.getSnapshot());
  onScopeDispose(video.subscribe(() => (snapshot.value = video.getSnapshot())));
  return snapshot;
}
