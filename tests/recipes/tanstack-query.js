import { experimental_streamedQuery as streamedQuery } from "@tanstack/query-core";

/** Reads the task once per fetch, at the client's intervals: `useQuery(polled(client, queryClient, taskId))`. */
export const polled = (client, queryClient, taskId) => ({
  queryKey: ["video", taskId],
  queryFn: () => client.poll(queryClient.getQueryData(["video", taskId])?.state ?? taskId),
  refetchInterval: ({ state }) => state.data?.delayMs ?? false,
  staleTime: Infinity,
});

/** Streams every change in one fetch: `useQuery(streamed(client, taskId))`. */
export const streamed = (client, taskId) => ({
  queryKey: ["video", taskId],
  queryFn: streamedQuery({
    streamFn: () => client.watch(taskId),
    reducer: (_, task) => task,
    initialValue: null,
  }),
});

/** The store keeps the key, so that `retry` is charged once: `useMutation(generated(video))`. */
export const generated = (video) => ({ mutationFn: video.generate, retry: 2, retryDelay: 10 });
