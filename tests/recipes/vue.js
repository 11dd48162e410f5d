import { onScopeDispose, shallowRef } from "vue";

/** Use it in `setup`: `const snapshot = useVideo(createVideoStore(client))`. */
export function useVideo(video) {
  const snapshot = shallowRef(video.getSnapshot());
  onScopeDispose(video.subscribe(() => (snapshot.value = video.getSnapshot())));
  return snapshot;
}
